//! Opening matters, acting on them, reading them, and doing what is due when nobody has.

use super::met::Met;
use super::step::{Course, Desk, New, body, kind};
use crate::auth::{Sight, Staff, authorize_role, require_step_up};
use crate::channel::from_row;
use crate::{Error, World};
use domain::division::{DivisionCode, Level};
use domain::id::{ChannelId, MatterId, MessageId, OrgId};
use domain::matter::{By, Kind, Need, Party, Refusal, Shown, life};
use domain::org::{Operation, OrgKind};
use domain::time::Timestamp;
use std::collections::HashSet;
use store::channel::ChannelRow;
use store::matter::{MatterRow, StepRow, WaitRow};
use store::message::MessageRow;
use store::org::OrgRow;
use store::{ReadTx, StoreError, WriteTx};

/// Rows read at a time while a page is filled with what is in sight.
const CHUNK: i64 = 200;
/// Waits that an inbox shows.
const INBOX: i64 = 500;
/// Deadlines that one call looks at.
const OVERDUE: i64 = 200;

/// A matter with what is shown beside it.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub row: MatterRow,
    /// The body as JSON, when it was asked for.
    pub body: Option<String>,
    /// The channel, once there is one.
    pub channel: Option<ChannelRow>,
    /// The organisation that acts as the owner.
    pub owner: Option<OrgRow>,
    /// For whom it waits.
    pub waits: Vec<WaitRow>,
    /// What happened, when it was asked for.
    pub steps: Vec<StepRow>,
    /// What the asker may do now.
    pub actions: Vec<Shown>,
}

/// Which matters to list.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// About this channel.
    pub channel: Option<ChannelId>,
    /// Ended ones or open ones only.
    pub ended: Option<bool>,
}

/// For which party, and as whom, a member of staff acts; a role that only watches acts for none.
#[must_use]
pub fn acts_as(staff: &Staff) -> Option<By> {
    let kind = match staff.division.level() {
        Level::National => OrgKind::Ministry,
        Level::Province => OrgKind::Province,
        Level::Prefecture | Level::County => OrgKind::Prefecture,
    };
    let party = Party::of(staff.role, kind)?;
    Some(By { party, staff: Some(staff.id), org: Some(staff.org), division: staff.division })
}

fn actor(staff: &Staff) -> Result<By, Error> {
    acts_as(staff).ok_or_else(|| Refusal::Party.into())
}

/// Opens a matter: an owner about itself or its channels (for a level-2 channel its level-1 owner too, CH-11.2), the
/// others about channels in their sight.
///
/// # Errors
/// `staff.role`; `matter.party`; `resource.not_found` for a channel out of sight; those of the kind.
pub async fn open(
    world: &World,
    staff: &Staff,
    of: Kind,
    channel: Option<ChannelId>,
    parent: Option<ChannelId>,
    opening: String,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let by = actor(staff)?;
    let (desk, staff) = (Desk::new(world, by, staff.actor()), staff.clone());
    let ring = world.keys().ring();
    world
        .db()
        .write(move |tx| {
            let mut owner = staff.org;
            for id in channel.iter().chain(parent.iter()) {
                let row = store::channel::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
                if !sees_channel(tx, &staff, &row)? {
                    return Err(Error::not_found());
                }
                if by.party != Party::Owner {
                    owner = OrgId::from_bytes(row.owner_id);
                }
            }
            let new = New { kind: of, channel, parent, owner };
            let row = Course::new(&desk).open(tx, new, &opening)?;
            view(tx, &mut Met::default(), &staff, &ring, row, Detail::Whole)
        })
        .await
}

/// Acts on a matter of the stated version.
///
/// # Errors
/// `staff.role`; `matter.party`; `resource.not_found`; `resource.stale`; `staff.step_up_required`; those of the kind.
pub async fn act(
    world: &World,
    staff: &Staff,
    id: MatterId,
    version: i64,
    input: String,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let by = actor(staff)?;
    let (desk, staff) = (Desk::new(world, by, staff.actor()), staff.clone());
    let ring = world.keys().ring();
    world
        .db()
        .write(move |tx| {
            let row = store::matter::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !sees(tx, &mut Met::default(), &staff, &row)? {
                return Err(Error::not_found());
            }
            if row.version != version {
                return Err(Error::platform("resource.stale"));
            }
            if by.party == Party::Owner && !acts_for(tx, &mut Met::default(), &staff, &row)? {
                return Err(Refusal::Party.into());
            }
            if wants(kind(&row)?, &input, Need::StepUp)? {
                require_step_up(&staff)?;
            }
            let row = Course::new(&desk).act(tx, row, &input)?;
            view(tx, &mut Met::default(), &staff, &ring, row, Detail::Whole)
        })
        .await
}

/// Whether the action that `input` names wants `need`.
fn wants(kind: Kind, input: &str, need: Need) -> Result<bool, Error> {
    let value: serde_json::Value = serde_json::from_str(input).unwrap_or_default();
    let named = value.get("action").and_then(serde_json::Value::as_str).unwrap_or_default();
    let actions = (life(kind).workflow)().actions;
    Ok(actions.iter().any(|shown| shown.action == named && shown.rule.needs(need)))
}

/// A matter in sight, whole.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: MatterId) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .read(move |tx| {
            let row = store::matter::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !sees(tx, &mut Met::default(), &staff, &row)? {
                return Err(Error::not_found());
            }
            view(tx, &mut Met::default(), &staff, &ring, row, Detail::Whole)
        })
        .await
}

/// Matters in sight, newest first.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    filter: Filter,
    before: Option<MatterId>,
    limit: i64,
) -> Result<Vec<View>, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (staff, ring) = (staff.clone(), world.keys().ring());
    let mut before = before.map_or([u8::MAX; 16], |id| *id.as_bytes());
    let wanted = usize::try_from(limit).unwrap_or_default();
    world
        .db()
        .read(move |tx| {
            let (mut found, mut met) = (Vec::new(), Met::default());
            loop {
                let rows = page(tx, &staff, filter, &before)?;
                let Some(last) = rows.last() else { return Ok(found) };
                before = last.id;
                for row in rows {
                    if fits(filter, &row) && sees(tx, &mut met, &staff, &row)? {
                        found.push(view(tx, &mut met, &staff, &ring, row, Detail::Line)?);
                    }
                    if found.len() == wanted {
                        return Ok(found);
                    }
                }
            }
        })
        .await
}

/// The narrowest stored order that holds what the filter and the sight ask for.
fn page(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    filter: Filter,
    before: &[u8; 16],
) -> Result<Vec<MatterRow>, StoreError> {
    match (filter, staff.sight()) {
        (Filter { channel: Some(id), .. }, _) => {
            store::matter::list_of_channel(tx, id.as_bytes(), before, CHUNK)
        }
        (_, Sight::Own(org)) => store::matter::list_of_org(tx, org.as_bytes(), before, CHUNK),
        (Filter { kind: Some(kind), ended: Some(ended), .. }, _) => {
            store::matter::list_of_kind(tx, kind.as_str(), i64::from(ended), before, CHUNK)
        }
        (Filter { kind: Some(kind), ended: None, .. }, _) => {
            let mut rows = store::matter::list_of_kind(tx, kind.as_str(), 0, before, CHUNK)?;
            rows.extend(store::matter::list_of_kind(tx, kind.as_str(), 1, before, CHUNK)?);
            rows.sort_unstable_by_key(|row| std::cmp::Reverse(row.id));
            rows.truncate(usize::try_from(CHUNK).unwrap_or(usize::MAX));
            Ok(rows)
        }
        (_, Sight::Area(area)) if area == DivisionCode::NATIONAL => store::matter::list(tx, before, CHUNK),
        (_, Sight::Area(area)) => store::matter::list_of_regions(tx, &touching(area), before, CHUNK),
    }
}

/// Patterns of the regions that overlap an area: those that hold it, and those within it.
fn touching(area: DivisionCode) -> [String; 4] {
    let whole = |division: DivisionCode| format!("%,{division},%");
    let code = area.to_string();
    let within = match area.level() {
        Level::National => "",
        Level::Province => &code[..2],
        Level::Prefecture => &code[..4],
        Level::County => &code,
    };
    [whole(DivisionCode::NATIONAL), whole(area.province()), whole(area.prefecture()), format!("%,{within}%")]
}

fn fits(filter: Filter, row: &MatterRow) -> bool {
    filter.kind.is_none_or(|kind| kind.as_str() == row.kind)
        && filter.ended.is_none_or(|ended| i64::from(ended) == row.ended)
}

/// What waits for the asker's party, in the order of last days.
///
/// # Errors
/// `staff.role`
pub async fn inbox(world: &World, staff: &Staff) -> Result<Vec<(View, WaitRow)>, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let Some(by) = acts_as(staff) else { return Ok(Vec::new()) };
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .read(move |tx| {
            let area = staff.division.to_string();
            let waits = match by.party {
                // Of all owners together there would be more than a list takes.
                Party::Owner => store::matter::list_waits_of_org(tx, staff.org.as_bytes(), INBOX)?,
                party if staff.division == DivisionCode::NATIONAL => {
                    store::matter::list_waits_of_party(tx, party.as_str(), "", INBOX)?
                }
                party => store::matter::list_waits_of_party(tx, party.as_str(), &area, INBOX)?,
            };
            let (mut found, mut met) = (Vec::new(), Met::default());
            for wait in waits {
                let row = store::matter::find(tx, &wait.matter_id)?.ok_or_else(Error::not_found)?;
                let mine = by.party != Party::Owner || acts_for(tx, &mut met, &staff, &row)?;
                if mine && sees(tx, &mut met, &staff, &row)? {
                    found.push((view(tx, &mut met, &staff, &ring, row, Detail::Line)?, wait));
                }
            }
            Ok(found)
        })
        .await
}

/// Messages to the asker's party, newest first.
///
/// # Errors
/// `staff.role`
pub async fn messages(
    world: &World,
    staff: &Staff,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<MessageRow>, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let Some(by) = acts_as(staff) else { return Ok(Vec::new()) };
    let staff = staff.clone();
    let mut before = before.map_or([u8::MAX; 16], |id| *id.as_bytes());
    let wanted = usize::try_from(limit).unwrap_or_default();
    world
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            loop {
                let rows = match by.party {
                    Party::Owner => store::message::list_of_org(tx, staff.org.as_bytes(), &before, CHUNK)?,
                    party => store::message::list(tx, party.as_str(), &before, CHUNK)?,
                };
                let Some(last) = rows.last() else { return Ok(found) };
                before = last.id;
                found.extend(rows.into_iter().filter(|row| is_for(&staff, row)));
                if found.len() >= wanted {
                    found.truncate(wanted);
                    return Ok(found);
                }
            }
        })
        .await
}

/// Notes that the asker's party has read a message.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn read_message(world: &World, staff: &Staff, id: MessageId) -> Result<MessageRow, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let by = actor(staff)?;
    let (staff, now) = (staff.clone(), world.now());
    world
        .db()
        .write(move |tx| {
            tx.unaudited("a message was read");
            let row = store::message::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if row.party != by.party.as_str() || !is_for(&staff, &row) {
                return Err(Error::not_found());
            }
            store::message::read(tx, &row.id, now.as_micros())?;
            store::message::find(tx, &row.id)?.ok_or_else(Error::not_found)
        })
        .await
}

fn is_for(staff: &Staff, row: &MessageRow) -> bool {
    let area = row.division.parse::<DivisionCode>().ok();
    match row.org_id {
        Some(org) => org == *staff.org.as_bytes(),
        None => area.is_some_and(|area| area == DivisionCode::NATIONAL || area == staff.division),
    }
}

/// Does what follows from every last day that has passed: the platform's own action, or the recorded default. An action
/// that a rule refuses is recorded as a default, so nothing is tried for ever. What the store or a broken matter keeps from
/// happening is no default of anybody: the others go on, and it is tried again by the next call.
///
/// # Errors
/// The last failure of the store, or of a matter, when nothing else is left to do.
pub async fn expire(world: &World) -> Result<usize, Error> {
    let mut done = 0;
    loop {
        let today = world.now().business_date().to_string();
        let waits = world.db().read(move |tx| store::matter::list_overdue(tx, &today, OVERDUE)).await?;
        let (mut moved, mut failed) = (false, None);
        for wait in waits {
            match expire_one(world, wait).await {
                Ok(acted) => {
                    moved = true;
                    done += usize::from(acted);
                }
                Err(error) => failed = Some(error),
            }
        }
        if !moved {
            return failed.map_or(Ok(done), Err);
        }
    }
}

async fn expire_one(world: &World, wait: WaitRow) -> Result<bool, Error> {
    let platform = Desk::platform(world);
    let action = wait.expiry.clone().filter(|word| word != "recorded");
    if let Some(action) = action {
        let (desk, wait) = (platform.clone(), wait.clone());
        let input = serde_json::json!({ "action": action }).to_string();
        let acted = world
            .db()
            .write(move |tx| match still(tx, &wait)? {
                Some(row) => Course::new(&desk).act(tx, row, &input).map(|_| true),
                None => {
                    tx.unaudited("somebody acted in the meantime");
                    Ok(false)
                }
            })
            .await;
        match acted {
            Ok(acted) => return Ok(acted),
            Err(error) if error.status().is_server_error() => return Err(error),
            Err(error) => tracing::warn!(code = error.code(), action, "a default action was refused"),
        }
    }
    world
        .db()
        .write(move |tx| match still(tx, &wait)? {
            Some(row) => Course::new(&platform).default(tx, row, &wait).map(|()| true),
            None => {
                tx.unaudited("somebody acted in the meantime");
                Ok(false)
            }
        })
        .await
}

/// The matter, locked, if it still waits for the same thing until the same day.
fn still(tx: &mut WriteTx<'_>, wait: &WaitRow) -> Result<Option<MatterRow>, Error> {
    let Some(row) = store::matter::lock(tx, &wait.matter_id)? else { return Ok(None) };
    let waits = store::matter::list_waits(tx, &wait.matter_id)?;
    Ok(waits.contains(wait).then_some(row))
}

/// How much of a matter is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    /// A line of a list.
    Line,
    /// Everything.
    Whole,
}

fn view(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    ring: &crate::key::Ring,
    row: MatterRow,
    detail: Detail,
) -> Result<View, Error> {
    let whole = detail == Detail::Whole;
    let text = if whole { Some(body(ring, &row)?) } else { None };
    let mut actions = Vec::new();
    if let (Some(text), Some(by)) = (&text, acts_as(staff))
        && (by.party != Party::Owner || acts_for(tx, met, staff, &row)?)
    {
        actions = (life(kind(&row)?).actions)(text, &by);
    }
    Ok(View {
        channel: row.channel_id.map(|id| met.channel(tx, &id)).transpose()?.flatten(),
        owner: met.org(tx, &row.owner_id)?,
        waits: store::matter::list_waits(tx, &row.id)?,
        steps: if whole { store::matter::list_steps(tx, &row.id)? } else { Vec::new() },
        actions,
        body: text,
        row,
    })
}

/// Whether the asker's organisation is an owner in the matter: it opened it, or owns its channel, or the level-1
/// channel of that. A level-2 channel's access and exit are its level-1 owner's alone (CH-11.2), and what is signed for it
/// binds whoever owns it (CH-9.3e).
fn acts_for(tx: &mut ReadTx<'_>, met: &mut Met, staff: &Staff, row: &MatterRow) -> Result<bool, Error> {
    let own = *staff.org.as_bytes();
    if row.owner_id == own {
        return Ok(true);
    }
    if matches!(kind(row)?, Kind::Application | Kind::Exit | Kind::Agreement) {
        return Ok(false);
    }
    let Some(id) = row.channel_id else { return Ok(false) };
    let channel = met.channel(tx, &id)?.ok_or_else(Error::not_found)?;
    owns(tx, met, staff, &channel)
}

/// Whether the asker's organisation owns the channel, or the level-1 channel that manages it directly (CH-4.3).
fn owns(tx: &mut ReadTx<'_>, met: &mut Met, staff: &Staff, channel: &ChannelRow) -> Result<bool, Error> {
    let own = *staff.org.as_bytes();
    let parent = match &channel.parent_id {
        Some(id) => met.channel(tx, id)?,
        None => None,
    };
    Ok(channel.owner_id == own || parent.is_some_and(|parent| parent.owner_id == own))
}

/// A matter in sight, for what hangs on it.
///
/// # Errors
/// `resource.not_found`; the store's.
pub(crate) fn in_sight(tx: &mut ReadTx<'_>, staff: &Staff, id: &[u8; 16]) -> Result<MatterRow, Error> {
    let row = store::matter::find(tx, id)?.ok_or_else(Error::not_found)?;
    if sees(tx, &mut Met::default(), staff, &row)? { Ok(row) } else { Err(Error::not_found()) }
}

/// [`in_sight`], locked, of a party that acts in it. A channel of the whole country is in the sight of every department: one
/// acts in a matter while there is something for it to do there.
///
/// # Errors
/// `resource.not_found`; `matter.party`; the store's.
pub(crate) fn acted_on(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    ring: &crate::key::Ring,
    id: &[u8; 16],
) -> Result<MatterRow, Error> {
    let row = store::matter::lock(tx, id)?.ok_or_else(Error::not_found)?;
    if !sees(tx, &mut Met::default(), staff, &row)? {
        return Err(Error::not_found());
    }
    let by = actor(staff)?;
    let acts = match by.party {
        Party::Owner => acts_for(tx, &mut Met::default(), staff, &row)?,
        Party::Prefecture | Party::Province => {
            !(life(kind(&row)?).actions)(&body(ring, &row)?, &by).is_empty()
        }
        Party::Ministry | Party::Operator | Party::Platform => true,
    };
    if acts { Ok(row) } else { Err(Refusal::Party.into()) }
}

/// Whether a matter is in sight: an owner sees its own and those of its channels, a department what concerns its area
/// (CH-5.2), the ministry and the operator everything.
fn sees(tx: &mut ReadTx<'_>, met: &mut Met, staff: &Staff, row: &MatterRow) -> Result<bool, Error> {
    let channel = row.channel_id.map(|id| met.channel(tx, &id)).transpose()?.flatten();
    Ok(match staff.sight() {
        Sight::Own(org) => {
            row.owner_id == *org.as_bytes()
                || channel.map(|channel| owns(tx, met, staff, &channel)).transpose()?.unwrap_or(false)
        }
        Sight::Area(area) if area == DivisionCode::NATIONAL => true,
        Sight::Area(area) => {
            let own = row.regions.split(',').filter_map(|text| text.parse::<DivisionCode>().ok());
            let served = channel.as_ref().map(from_row).transpose()?;
            let mut served = served.iter().flat_map(|channel| channel.scope.regions().iter().copied());
            own.into_iter().any(|region| region.overlaps(area)) || served.any(|region| region.overlaps(area))
        }
    })
}

pub(crate) fn sees_channel(tx: &mut ReadTx<'_>, staff: &Staff, row: &ChannelRow) -> Result<bool, Error> {
    Ok(match staff.sight() {
        Sight::Own(_) => owns(tx, &mut Met::default(), staff, row)?,
        Sight::Area(area) => from_row(row)?.scope.regions().iter().any(|region| region.overlaps(area)),
    })
}

/// The names of the people and organisations in a history, by their ids.
///
/// # Errors
/// The store's.
pub async fn names(world: &World, steps: &[StepRow]) -> Result<Vec<([u8; 16], String)>, Error> {
    let ids: HashSet<[u8; 16]> = steps.iter().filter_map(|step| step.org_id).collect();
    world
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for id in ids {
                if let Some(org) = store::org::find(tx, &id)? {
                    found.push((id, org.name));
                }
            }
            Ok(found)
        })
        .await
}

/// The moment as it is shown.
#[must_use]
pub fn shown_at(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}
