//! 加签: asking another office for its opinion on a matter, answering, and taking the question back.
//!
//! Invariant: the matter itself does not move: no wait ends, no last day changes, no step is kept from anybody. What was asked
//! and what was said stands on its page for those who decide and for the office that was asked; its owner is no part of it.

use super::assignment::has_turn;
use super::message::tell;
use super::met::Met;
use super::service::{Detail, View, actor, acts_as, sees, view};
use super::step::{about_matter, area};
use crate::auth::{Staff, authorize_role};
use crate::delegation::service::authority;
use crate::{Error, World};
use domain::advice::{self, Asker, Office, Refusal, State};
use domain::attachment;
use domain::audit::{Change, Reference};
use domain::division::DivisionCode;
use domain::id::{AdviceId, AttachmentId, MatterId, MessageId, OrgId, StaffId};
use domain::matter::{By, Message, Party, words as spoken};
use domain::org::{Operation, OrgKind};
use domain::time::Timestamp;
use store::advice::AdviceRow;
use store::attachment::AttachmentRow;
use store::matter::{MatterRow, WaitRow};
use store::org::OrgRow;
use store::{ReadTx, WriteTx};

/// A question with its answer, as whoever looks sees it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The row.
    pub row: AdviceRow,
    /// The organisation that asked.
    pub asked_by: String,
    /// The organisation that answered or took it back.
    pub closed_by: Option<String>,
    /// Whether the asker of this view may answer it now.
    pub may_answer: bool,
    /// Whether the asker of this view may take it back now.
    pub may_withdraw: bool,
}

/// Asks an office for its opinion on a matter that waits for the own one.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `advice.ended`; `advice.asker`;
/// `advice.pending`; `matter.words` at `/words`.
pub async fn ask(
    world: &World,
    staff: &Staff,
    id: MatterId,
    office: Office,
    words: String,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let (now, by) = (world.now(), actor(staff)?);
    let (advice, message) = (world.id(AdviceId::make), world.id(MessageId::make));
    spoken(&words).map_err(|refusal| Error::field("/words", &refusal))?;
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let mut met = Met::default();
            let row = open_in_sight(tx, &mut met, &staff, id)?;
            let waits = store::matter::list_waits(tx, &row.id)?;
            advice::ask(&by, has_turn(&by, &waits))?;
            let (party, division) = (office.party.to_string(), office.area());
            let same = |one: &AdviceRow| {
                (&one.party, &one.division) == (&party, &division) && one.state == State::Asked.as_str()
            };
            if store::advice::list(tx, &row.id)?.iter().any(same) {
                return Err(Refusal::Pending.into());
            }
            let next = AdviceRow {
                id: *advice.as_bytes(),
                matter_id: row.id,
                state: State::Asked.to_string(),
                party,
                division,
                asked_at: now.as_micros(),
                asked_by: *staff.id.as_bytes(),
                asked_org: *staff.org.as_bytes(),
                words: words.clone(),
                closed_at: None,
                closed_by: None,
                closed_org: None,
                answer: None,
                files: String::new(),
            };
            store::advice::insert(tx, &next)?;
            let from = own_name(tx, &mut met, &staff)?;
            let (zh, en) = (
                format!("{from}请贵方加签：{}", row.title),
                format!("{from} asks your opinion: {}", row.title),
            );
            tell(tx, &row, message, to(office, zh, en), now)?;
            record(tx, &row, (&staff, authority), "advice.asked", office, now);
            view(tx, &mut met, &staff, &ring, row, Detail::Whole(now.business_date()))
        })
        .await
}

/// What an office says.
#[derive(Debug, Clone)]
pub struct Answer {
    /// In words.
    pub words: String,
    /// Files of the matter that it has sent.
    pub files: Vec<AttachmentId>,
}

/// Answers what the own office was asked.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `advice.ended`; `advice.not_asked`;
/// `advice.closed`; `matter.words` at `/words`; `advice.file` at `/files/n`.
pub async fn answer(
    world: &World,
    staff: &Staff,
    (matter, advice): (MatterId, AdviceId),
    answer: Answer,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let (now, by, message) = (world.now(), actor(staff)?, world.id(MessageId::make));
    spoken(&answer.words).map_err(|refusal| Error::field("/words", &refusal))?;
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let mut met = Met::default();
            let row = open_in_sight(tx, &mut met, &staff, matter)?;
            let asked = of_matter(tx, advice, &row)?;
            let office = office(&asked)?;
            advice::answer(&by, office, state(&asked)?)?;
            check_files(tx, &staff, &row, &answer.files)?;
            let files: Vec<_> = answer.files.iter().map(ToString::to_string).collect();
            let closed = closing(&asked, &staff, now, (State::Answered, answer.words.clone()));
            store::advice::close(tx, &AdviceRow { files: files.join(","), ..closed })?;
            let from = own_name(tx, &mut met, &staff)?;
            let (zh, en) = (
                format!("{from}已答复加签：{}", row.title),
                format!("{from} has given its opinion: {}", row.title),
            );
            if let Some(asker) = met.org(tx, &asked.asked_org)?.as_ref().and_then(seat) {
                tell(tx, &row, message, to(asker, zh, en), now)?;
            }
            record(tx, &row, (&staff, authority), "advice.answered", office, now);
            view(tx, &mut met, &staff, &ring, row, Detail::Whole(now.business_date()))
        })
        .await
}

/// Takes a question back that was not answered.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `resource.not_found`; `advice.ended`; `advice.withdraw`;
/// `advice.closed`; `matter.words` at `/words`.
pub async fn withdraw(
    world: &World,
    staff: &Staff,
    (matter, advice): (MatterId, AdviceId),
    words: String,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let (now, by) = (world.now(), actor(staff)?);
    spoken(&words).map_err(|refusal| Error::field("/words", &refusal))?;
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let mut met = Met::default();
            let row = open_in_sight(tx, &mut met, &staff, matter)?;
            let asked = of_matter(tx, advice, &row)?;
            may_withdraw(by, &staff, &asked)?;
            store::advice::close(tx, &closing(&asked, &staff, now, (State::Withdrawn, words.clone())))?;
            record(tx, &row, (&staff, authority), "advice.withdrawn", office(&asked)?, now);
            view(tx, &mut met, &staff, &ring, row, Detail::Whole(now.business_date()))
        })
        .await
}

/// What was asked about a matter, oldest first: everything for those who decide, the ministry, the operator and the auditor; for
/// a department for which there is nothing to do, what it was asked and what it has asked.
pub(super) fn shown(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    row: &MatterRow,
    waits: &[WaitRow],
) -> Result<Vec<Shown>, Error> {
    let by = acts_as(staff);
    if staff.role.is_own_org_only() {
        return Ok(Vec::new());
    }
    let (mut asked, mut found) = (store::advice::list(tx, &row.id)?, Vec::new());
    if staff.division != DivisionCode::NATIONAL && !by.is_some_and(|by| has_turn(&by, waits)) {
        let own = staff.division.to_string();
        asked.retain(|one| one.division == own || one.asked_org == *staff.org.as_bytes());
    }
    for asked in asked {
        let (state, office) = (state(&asked)?, office(&asked)?);
        let is_open = row.ended == 0;
        let answers = by.is_some_and(|by| advice::answer(&by, office, state).is_ok());
        let withdraws = by.is_some_and(|by| may_withdraw(by, staff, &asked).is_ok());
        let closed_by = asked.closed_org.map(|id| met.org(tx, &id)).transpose()?.flatten();
        found.push(Shown {
            asked_by: met.org(tx, &asked.asked_org)?.map(|org| org.name).unwrap_or_default(),
            closed_by: closed_by.map(|org| org.name),
            may_answer: is_open && answers,
            may_withdraw: is_open && withdraws,
            row: asked,
        });
    }
    Ok(found)
}

/// Whether the asker may ask others about the matter: by the very rule that [`ask`] asks.
pub(super) fn may_ask(staff: &Staff, row: &MatterRow, waits: &[WaitRow]) -> bool {
    let rule = |by: By| advice::ask(&by, has_turn(&by, waits)).is_ok();
    row.ended == 0 && authorize_role(staff, Operation::MatterAct).is_ok() && acts_as(staff).is_some_and(rule)
}

/// What the office of `by` was asked and has not answered, as something that waits for it.
pub(super) fn open_of(tx: &mut ReadTx<'_>, by: &By, limit: i64) -> Result<Vec<WaitRow>, Error> {
    let rows = store::advice::list_open_of(tx, by.party.as_str(), &area(Some(by.division)), limit)?;
    let wait = |asked: AdviceRow| WaitRow {
        matter_id: asked.matter_id,
        slot: -1,
        party: asked.party,
        division: asked.division,
        task: "advise".to_owned(),
        since: asked.asked_at,
        starts_on: None,
        due_on: None,
        provisional: 0,
        clause: None,
        expiry: None,
        overdue_at: None,
    };
    Ok(rows.into_iter().map(wait).collect())
}

/// Whether the office of `by` was asked about the matter and has not answered.
pub(super) fn is_open(tx: &mut ReadTx<'_>, by: &By, matter: &[u8; 16]) -> Result<bool, Error> {
    let own = |one: &AdviceRow| {
        (one.party.as_str(), &one.division) == (by.party.as_str(), &area(Some(by.division)))
            && one.state == State::Asked.as_str()
    };
    Ok(store::advice::list(tx, matter)?.iter().any(own))
}

/// Whether the office of `by` was shown the matter by being asked about it.
pub(super) fn is_shown(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    by: &By,
    matter: &[u8; 16],
) -> Result<bool, Error> {
    Ok(met.shown_to(tx, by.party.as_str(), area(Some(by.division)))?.contains(matter))
}

/// Those of a matter's files that its owner is shown: what came for a question or with an answer, or from an office that has no
/// other part in the matter than having been asked, is advice.
pub(crate) fn without(
    tx: &mut ReadTx<'_>,
    matter: &[u8; 16],
    files: Vec<AttachmentRow>,
) -> Result<Vec<AttachmentRow>, Error> {
    let asked = store::advice::list(tx, matter)?;
    if asked.is_empty() {
        return Ok(files);
    }
    let mut shown = Vec::with_capacity(files.len());
    for file in files {
        let id = AttachmentId::from_bytes(file.id).to_string();
        let is_advice = |one: &AdviceRow| {
            AdviceId::from_bytes(one.id).to_string() == file.purpose
                || one.files.split(',').any(|of| of == id)
        };
        if !asked.iter().any(is_advice) && !is_only_asked(tx, &asked, matter, &file.org_id)? {
            shown.push(file);
        }
    }
    Ok(shown)
}

/// Whether an organisation was asked about the matter, and neither has acted in it nor has its turn.
fn is_only_asked(
    tx: &mut ReadTx<'_>,
    asked: &[AdviceRow],
    matter: &[u8; 16],
    org: &[u8; 16],
) -> Result<bool, Error> {
    let Some(office) = store::org::find(tx, org)?.as_ref().and_then(seat) else { return Ok(false) };
    let (party, division) = (office.party.as_str(), office.area());
    let of_office = |(of, place): (&str, &str)| of == party && (place.is_empty() || place == division);
    Ok(asked.iter().any(|one| of_office((&one.party, &one.division)))
        && !store::matter::has_acted(tx, matter, org)?
        && !store::matter::list_waits(tx, matter)?.iter().any(|one| of_office((&one.party, &one.division))))
}

fn open_in_sight(
    tx: &mut WriteTx<'_>,
    met: &mut Met,
    staff: &Staff,
    id: MatterId,
) -> Result<MatterRow, Error> {
    let row = store::matter::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    if !sees(tx, met, staff, &row)? {
        return Err(Error::not_found());
    }
    if row.ended == 0 { Ok(row) } else { Err(Refusal::Ended.into()) }
}

fn of_matter(tx: &mut WriteTx<'_>, id: AdviceId, row: &MatterRow) -> Result<AdviceRow, Error> {
    let asked = store::advice::lock(tx, id.as_bytes())?.filter(|asked| asked.matter_id == row.id);
    asked.ok_or_else(Error::not_found)
}

fn check_files(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    row: &MatterRow,
    files: &[AttachmentId],
) -> Result<(), Error> {
    let there = store::attachment::list(tx, &row.id)?;
    for (place, id) in files.iter().enumerate() {
        let own = there.iter().any(|file| {
            file.id == *id.as_bytes()
                && file.org_id == *staff.org.as_bytes()
                && file.state == attachment::State::Complete.as_str()
        });
        if !own {
            return Err(Error::field(&format!("/files/{place}"), &Refusal::File));
        }
    }
    Ok(())
}

fn closing(asked: &AdviceRow, staff: &Staff, now: Timestamp, (state, words): (State, String)) -> AdviceRow {
    AdviceRow {
        state: state.to_string(),
        closed_at: Some(now.as_micros()),
        closed_by: Some(*staff.id.as_bytes()),
        closed_org: Some(*staff.org.as_bytes()),
        answer: Some(words),
        ..asked.clone()
    }
}

/// Refuses whoever may not take a question back. Who stands in for whoever asked does so as that person.
fn may_withdraw(by: By, staff: &Staff, asked: &AdviceRow) -> Result<(), Error> {
    let is_own_org = OrgId::from_bytes(asked.asked_org) == staff.org;
    let asker = Asker { staff: StaffId::from_bytes(asked.asked_by), is_own_org };
    let by = By { staff: by.in_place_of.filter(|giver| *giver == asker.staff).or(by.staff), ..by };
    Ok(advice::withdraw(&by, staff.role_for(Operation::MatterAct), asker, state(asked)?)?)
}

fn state(asked: &AdviceRow) -> Result<State, Error> {
    asked.state.parse().map_err(|_| Error::internal("advice in an unknown state"))
}

fn office(asked: &AdviceRow) -> Result<Office, Error> {
    let office = Office::stored(&asked.party, &asked.division);
    office.ok_or_else(|| Error::internal("advice of an unknown office"))
}

/// The office that an organisation is.
fn seat(org: &OrgRow) -> Option<Office> {
    let party = match org.kind.parse().ok()? {
        OrgKind::Ministry => Party::Ministry,
        OrgKind::Operator => Party::Operator,
        OrgKind::Province => Party::Province,
        OrgKind::Prefecture => Party::Prefecture,
        OrgKind::ChannelOwner | OrgKind::Department | OrgKind::Lab => return None,
    };
    let division = org.division.parse().ok().filter(|division| *division != DivisionCode::NATIONAL);
    Some(Office { party, division })
}

fn own_name(tx: &mut ReadTx<'_>, met: &mut Met, staff: &Staff) -> Result<String, Error> {
    let org = met.org(tx, staff.org.as_bytes())?;
    Ok(org.ok_or_else(|| Error::internal("staff without organisation"))?.name)
}

fn to(office: Office, zh: String, en: String) -> Message {
    Message { party: office.party, division: office.division, channel: None, zh, en }
}

fn record(
    tx: &mut WriteTx<'_>,
    row: &MatterRow,
    (staff, authority): (&Staff, Option<Reference>),
    action: &'static str,
    office: Office,
    now: Timestamp,
) {
    let mut record = about_matter(row, staff.actor(), action, now);
    record.authorization = authority;
    let area = office.division.map(|division| Change::came("division", &division.to_string()));
    tx.audit(&record.changing([Change::came("party", office.party.as_str())]).changing(area));
}
