//! Reading, writing and deciding on templates of agreements, and trying one on a channel.

use super::fill::{Told, Values, operator, wrong_at};
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::{Error, World};
use domain::agreement_template::{Action, Placeholder, Refusal, State, approve, check, fill, write};
use domain::audit::{Change, Record, Reference};
use domain::id::{AgreementTemplateId, ChannelId, StaffId};
use domain::org::Operation;
use domain::time::Timestamp;
use store::agreement_template::{TemplateRow, TemplateVersionRow};
use store::{ReadTx, WriteTx};

/// A template with its versions, which have no text.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The template.
    pub row: TemplateRow,
    /// Its versions, the oldest first.
    pub versions: Vec<TemplateVersionRow>,
}

/// What somebody writes.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// What is new in it.
    pub words: String,
}

/// The templates behind `after`.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<AgreementTemplateId>,
    limit: i64,
) -> Result<Vec<Shown>, Error> {
    authorize_role(staff, Operation::AgreementTemplateRead)?;
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let read = move |tx: &mut ReadTx<'_>| {
        let rows = store::agreement_template::list(tx, &after, limit)?;
        rows.into_iter().map(|row| shown(tx, row)).collect()
    };
    world.db().read(read).await
}

/// A template.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: AgreementTemplateId) -> Result<Shown, Error> {
    authorize_role(staff, Operation::AgreementTemplateRead)?;
    let read = move |tx: &mut ReadTx<'_>| {
        let row = store::agreement_template::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
        shown(tx, row)
    };
    world.db().read(read).await
}

/// A version with its text.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn version(
    world: &World,
    staff: &Staff,
    id: AgreementTemplateId,
    number: i64,
) -> Result<TemplateVersionRow, Error> {
    authorize_role(staff, Operation::AgreementTemplateRead)?;
    let read = move |tx: &mut ReadTx<'_>| {
        store::agreement_template::find_version(tx, id.as_bytes(), number)?.ok_or_else(Error::not_found)
    };
    world.db().read(read).await
}

/// Makes a template with its first draft.
///
/// # Errors
/// `staff.role`; `agreement_template.name`; what is wrong with the text, at `/text`.
pub async fn create(world: &World, staff: &Staff, name: String, draft: Draft) -> Result<Shown, Error> {
    authorize_role(staff, Operation::AgreementTemplateWrite)?;
    whole(&draft.text)?;
    domain::agreement_template::name(&name).map_err(|refusal| Error::field("/name", &refusal))?;
    let (id, now, staff) = (world.id(AgreementTemplateId::make), world.now(), staff.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let row =
            TemplateRow { id: *id.as_bytes(), name: name.clone(), created_at: now.as_micros(), version: 1 };
        store::agreement_template::insert(tx, &row)
            .map_err(|error| Error::taken(error, || Error::field("/name", &Refusal::Name)))?;
        store::agreement_template::insert_version(tx, &drafted(&row.id, 1, &draft, &staff, now))?;
        record(tx, &row, &staff, now, "agreement_template.created", [Change::came("state", "draft")]);
        shown(tx, row)
    };
    world.db().write(work).await
}

/// Writes the draft of a template: the next version, or the own draft anew.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `resource.stale`; `agreement_template.other_writer`; what is wrong with the text, at `/text`.
pub async fn save(
    world: &World,
    staff: &Staff,
    id: AgreementTemplateId,
    version: i64,
    draft: Draft,
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::AgreementTemplateWrite)?;
    whole(&draft.text)?;
    let (now, staff) = (world.now(), staff.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let row = lock(tx, id, version)?;
        let versions = store::agreement_template::list_versions(tx, &row.id)?;
        match versions.iter().find(|one| one.state == State::Draft.as_str()) {
            Some(own) => {
                write(StaffId::from_bytes(own.written_by), staff.id)?;
                let next = drafted(&row.id, own.number, &draft, &staff, now);
                store::agreement_template::rewrite(tx, &next)?;
            }
            None => {
                let number = versions.last().map_or(1, |one| one.number + 1);
                let next = drafted(&row.id, number, &draft, &staff, now);
                store::agreement_template::insert_version(tx, &next)?;
            }
        }
        touch(tx, row, &staff, now, "agreement_template.drafted", [Change::came("state", "draft")])
    };
    world.db().write(work).await
}

/// Puts the draft of a template in force in the place of the version before, or drops it.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found`; `resource.stale`; `agreement_template.decided`,
/// `agreement_template.own_draft`.
pub async fn decide(
    world: &World,
    staff: &Staff,
    id: AgreementTemplateId,
    version: i64,
    (action, words): (Action, String),
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::AgreementTemplateReview)?;
    require_step_up(staff)?;
    let (now, staff) = (world.now(), staff.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let row = lock(tx, id, version)?;
        let versions = store::agreement_template::list_versions(tx, &row.id)?;
        let draft = versions.iter().find(|one| one.state == State::Draft.as_str());
        let draft = draft.ok_or(Refusal::Decided)?;
        if action == Action::Approve {
            approve(StaffId::from_bytes(draft.written_by), staff.id)?;
            for before in versions.iter().filter(|one| one.state == State::InForce.as_str()) {
                let state = State::InForce.next(Action::Supersede)?.to_string();
                store::agreement_template::decide(tx, &TemplateVersionRow { state, ..before.clone() })?;
            }
        }
        let becomes = State::Draft.next(action)?;
        let decided = TemplateVersionRow {
            state: becomes.to_string(),
            decision: Some(words.clone()),
            decided_by: Some(*staff.id.as_bytes()),
            decided_at: Some(now.as_micros()),
            ..draft.clone()
        };
        store::agreement_template::decide(tx, &decided)?;
        let name = match becomes {
            State::InForce => "agreement_template.approved",
            _ => "agreement_template.dropped",
        };
        touch(tx, row, &staff, now, name, [Change::turned("state", "draft", becomes.as_str())])
    };
    world.db().write(work).await
}

/// What a text is for a channel, with what cannot be filled left as it stands.
///
/// # Errors
/// `staff.role`; `resource.not_found`; what is wrong with the text, at `/text`.
pub async fn preview(
    world: &World,
    staff: &Staff,
    text: String,
    channel: ChannelId,
    told: Told,
) -> Result<(String, Vec<Placeholder>), Error> {
    authorize_role(staff, Operation::AgreementTemplateRead)?;
    whole(&text)?;
    let org = staff.org;
    let read = move |tx: &mut ReadTx<'_>| {
        let operator = operator(tx, Some(org))?;
        Values::of(tx, channel.as_bytes(), operator, told.clone())
    };
    let values = world.db().read(read).await?;
    let work = move || tried(&text, &values);
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}

/// A text with what is known filled in, and what is not left as it stands.
fn tried(text: &str, values: &Values) -> Result<(String, Vec<Placeholder>), Error> {
    let absent: Vec<Placeholder> = match fill(text, |name| values.get(name)) {
        Ok(filled) => return Ok((filled, Vec::new())),
        Err(refusals) => refusals
            .into_iter()
            .filter_map(|refusal| match refusal {
                Refusal::Absent { name } => Some(name),
                _ => None,
            })
            .collect(),
    };
    let shown = |name: Placeholder| values.get(name).or_else(|| Some(format!("{{{{{name}}}}}")));
    let filled = fill(text, shown).map_err(|refusals| wrong_at("/text", &refusals))?;
    Ok((filled, absent))
}

fn whole(text: &str) -> Result<(), Error> {
    let refusals = check(text);
    if refusals.is_empty() { Ok(()) } else { Err(wrong_at("/text", &refusals)) }
}

fn drafted(id: &[u8; 16], number: i64, draft: &Draft, staff: &Staff, now: Timestamp) -> TemplateVersionRow {
    TemplateVersionRow {
        template_id: *id,
        number,
        text: draft.text.clone(),
        state: State::Draft.to_string(),
        words: draft.words.clone(),
        written_by: *staff.id.as_bytes(),
        written_at: now.as_micros(),
        decision: None,
        decided_by: None,
        decided_at: None,
    }
}

/// A template of the version that was seen, locked.
fn lock(tx: &mut WriteTx<'_>, id: AgreementTemplateId, version: i64) -> Result<TemplateRow, Error> {
    let row = store::agreement_template::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    if row.version == version { Ok(row) } else { Err(Error::platform("resource.stale")) }
}

fn touch(
    tx: &mut WriteTx<'_>,
    row: TemplateRow,
    staff: &Staff,
    now: Timestamp,
    action: &'static str,
    changes: [Change; 1],
) -> Result<Shown, Error> {
    store::agreement_template::touch(tx, &row)?;
    record(tx, &row, staff, now, action, changes);
    shown(tx, TemplateRow { version: row.version + 1, ..row })
}

fn record(
    tx: &mut WriteTx<'_>,
    row: &TemplateRow,
    staff: &Staff,
    now: Timestamp,
    action: &'static str,
    changes: [Change; 1],
) {
    let mut record = Record::done(now, staff.actor(), action).changing(changes);
    record.object = Some(Reference::new(AgreementTemplateId::PREFIX, &row.id));
    tx.audit(&record);
}

fn shown(tx: &mut ReadTx<'_>, row: TemplateRow) -> Result<Shown, Error> {
    let versions = store::agreement_template::list_versions(tx, &row.id)?;
    Ok(Shown { row, versions })
}
