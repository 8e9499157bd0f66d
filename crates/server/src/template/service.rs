//! Reading, writing and deciding on templates, and trying one on a channel.

use super::fill::{Told, Values, operator, purpose};
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::{Error, World};
use domain::audit::{Change, Record, Reference};
use domain::id::{ChannelId, StaffId, TemplateId};
use domain::org::Operation;
use domain::refusal::Refuse;
use domain::template::{Action, Field, Kind, Placeholder, Purpose, Refusal, State, Words, approve, write};
use domain::time::Timestamp;
use store::template::{TemplateRow, TemplateVersionRow};
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
    /// The words, with placeholders.
    pub words: Words,
    /// What is new in it.
    pub news: String,
}

/// The templates behind `after`.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<TemplateId>,
    limit: i64,
) -> Result<Vec<Shown>, Error> {
    authorize_role(staff, Operation::TemplateRead)?;
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let read = move |tx: &mut ReadTx<'_>| {
        let rows = store::template::list(tx, &after, limit)?;
        rows.into_iter().map(|row| shown(tx, row)).collect()
    };
    world.db().read(read).await
}

/// A template.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: TemplateId) -> Result<Shown, Error> {
    authorize_role(staff, Operation::TemplateRead)?;
    let read = move |tx: &mut ReadTx<'_>| {
        let row = store::template::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
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
    id: TemplateId,
    number: i64,
) -> Result<TemplateVersionRow, Error> {
    authorize_role(staff, Operation::TemplateRead)?;
    let read = move |tx: &mut ReadTx<'_>| {
        store::template::find_version(tx, id.as_bytes(), number)?.ok_or_else(Error::not_found)
    };
    world.db().read(read).await
}

/// Makes a template with its first draft.
///
/// # Errors
/// `staff.role`; `template.name`; what is wrong with the words, at `/subject` and `/text`.
pub async fn create(
    world: &World,
    staff: &Staff,
    (name, purpose): (String, Purpose),
    draft: Draft,
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::TemplateWrite)?;
    whole(purpose.kind(), &draft.words)?;
    domain::template::name(&name).map_err(|refusal| Error::field("/name", &refusal))?;
    let (id, now, staff) = (world.id(TemplateId::make), world.now(), staff.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let row = TemplateRow {
            id: *id.as_bytes(),
            name: name.clone(),
            kind: purpose.kind().to_string(),
            topic: purpose.topic().map(|topic| topic.to_string()),
            created_at: now.as_micros(),
            version: 1,
        };
        store::template::insert(tx, &row)
            .map_err(|error| Error::taken(error, || Error::field("/name", &Refusal::Name)))?;
        store::template::insert_version(tx, &drafted(&row.id, 1, &draft, &staff, now))?;
        record(tx, &row, &staff, now, "template.created", [Change::came("state", "draft")]);
        shown(tx, row)
    };
    world.db().write(work).await
}

/// Writes the draft of a template: the next version, or the own draft anew.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `resource.stale`; `template.other_writer`; what is wrong with the words, at `/subject` and
/// `/text`.
pub async fn save(
    world: &World,
    staff: &Staff,
    id: TemplateId,
    version: i64,
    draft: Draft,
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::TemplateWrite)?;
    let (now, staff) = (world.now(), staff.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let row = lock(tx, id, version)?;
        whole(purpose(&row)?.kind(), &draft.words)?;
        let versions = store::template::list_versions(tx, &row.id)?;
        match versions.iter().find(|one| one.state == State::Draft.as_str()) {
            Some(own) => {
                write(StaffId::from_bytes(own.written_by), staff.id)?;
                let next = drafted(&row.id, own.number, &draft, &staff, now);
                store::template::rewrite(tx, &next)?;
            }
            None => {
                let number = versions.last().map_or(1, |one| one.number + 1);
                let next = drafted(&row.id, number, &draft, &staff, now);
                store::template::insert_version(tx, &next)?;
            }
        }
        touch(tx, row, &staff, now, "template.drafted", [Change::came("state", "draft")])
    };
    world.db().write(work).await
}

/// Puts the draft of a template in force in the place of the version before, or drops it.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found`; `resource.stale`; `template.decided`,
/// `template.own_draft`.
pub async fn decide(
    world: &World,
    staff: &Staff,
    id: TemplateId,
    version: i64,
    (action, words): (Action, String),
) -> Result<Shown, Error> {
    authorize_role(staff, Operation::TemplateReview)?;
    require_step_up(staff)?;
    let (now, staff) = (world.now(), staff.clone());
    let work = move |tx: &mut WriteTx<'_>| {
        let row = lock(tx, id, version)?;
        let versions = store::template::list_versions(tx, &row.id)?;
        let draft = versions.iter().find(|one| one.state == State::Draft.as_str());
        let draft = draft.ok_or(Refusal::Decided)?;
        if action == Action::Approve {
            approve(StaffId::from_bytes(draft.written_by), staff.id)?;
            for before in versions.iter().filter(|one| one.state == State::InForce.as_str()) {
                let state = State::InForce.next(Action::Supersede)?.to_string();
                store::template::decide(tx, &TemplateVersionRow { state, ..before.clone() })?;
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
        store::template::decide(tx, &decided)?;
        let name = match becomes {
            State::InForce => "template.approved",
            _ => "template.dropped",
        };
        touch(tx, row, &staff, now, name, [Change::turned("state", "draft", becomes.as_str())])
    };
    world.db().write(work).await
}

/// What words are for a channel, with what cannot be filled left as it stands.
///
/// # Errors
/// `staff.role`; `resource.not_found`; what is wrong with the words, at `/subject` and `/text`.
pub async fn preview(
    world: &World,
    staff: &Staff,
    (kind, words): (Kind, Words),
    channel: ChannelId,
    told: Told,
) -> Result<(Words, Vec<Placeholder>), Error> {
    authorize_role(staff, Operation::TemplateRead)?;
    whole(kind, &words)?;
    let org = staff.org;
    let read = move |tx: &mut ReadTx<'_>| {
        let operator = operator(tx, Some(org))?;
        Values::of(tx, channel.as_bytes(), operator, told.clone())
    };
    let values = world.db().read(read).await?;
    aside(kind, words, values).await
}

/// Fills on a thread that may be held up: eighty thousand letters are work, and who asks for it holds nobody else up.
async fn aside(kind: Kind, words: Words, values: Values) -> Result<(Words, Vec<Placeholder>), Error> {
    let work = move || tried(kind, &words, &values);
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}

/// Words with what is known filled in, and what is not left as it stands.
fn tried(kind: Kind, words: &Words, values: &Values) -> Result<(Words, Vec<Placeholder>), Error> {
    let mut absent = Vec::new();
    match words.fill(kind, |name| values.get(name)) {
        Ok(filled) => return Ok((filled, absent)),
        Err(refusals) => {
            for (_, refusal) in refusals {
                if let Refusal::Absent { name } = refusal
                    && !absent.contains(&name)
                {
                    absent.push(name);
                }
            }
        }
    }
    let known = |name: Placeholder| values.get(name).filter(|value| !value.is_empty());
    let shown = |name: Placeholder| known(name).or_else(|| Some(format!("{{{{{name}}}}}")));
    let filled = words.fill(kind, shown).map_err(|refusals| wrong_fields(&refusals))?;
    Ok((filled, absent))
}

fn whole(kind: Kind, words: &Words) -> Result<(), Error> {
    let refusals = words.check(kind);
    if refusals.is_empty() { Ok(()) } else { Err(wrong_fields(&refusals)) }
}

/// Everything that is wrong with what was written, field by field.
fn wrong_fields(refusals: &[(Field, Refusal)]) -> Error {
    let field = |(field, refusal): &(Field, Refusal)| {
        crate::error::field(&format!("/{field}"), refusal.code(), &refusal.zh(), &refusal.en())
    };
    Error::fields(refusals.iter().map(field).collect())
}

fn drafted(id: &[u8; 16], number: i64, draft: &Draft, staff: &Staff, now: Timestamp) -> TemplateVersionRow {
    TemplateVersionRow {
        template_id: *id,
        number,
        subject: draft.words.subject.clone(),
        text: draft.words.text.clone(),
        state: State::Draft.to_string(),
        words: draft.news.clone(),
        written_by: *staff.id.as_bytes(),
        written_at: now.as_micros(),
        decision: None,
        decided_by: None,
        decided_at: None,
    }
}

/// A template of the version that was seen, locked.
fn lock(tx: &mut WriteTx<'_>, id: TemplateId, version: i64) -> Result<TemplateRow, Error> {
    let row = store::template::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
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
    store::template::touch(tx, &row)?;
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
    record.object = Some(Reference::new(TemplateId::PREFIX, &row.id));
    tx.audit(&record);
}

fn shown(tx: &mut ReadTx<'_>, row: TemplateRow) -> Result<Shown, Error> {
    let versions = store::template::list_versions(tx, &row.id)?;
    Ok(Shown { row, versions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::pin::pin;
    use std::task::Poll;

    /// CH-9.3e, CH-17.1: what a preview fills is filled on a thread that may be held up, and the runtime's own goes on meanwhile.
    #[test]
    fn a_preview_holds_no_thread_of_the_runtime_up() {
        let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build();
        let (let_go, held) = std::sync::mpsc::channel::<()>();
        runtime.unwrap().block_on(async {
            let holder = tokio::task::spawn_blocking(move || held.recv());
            let words = Words { subject: None, text: "{{渠道名称}}至{{终止日期}}".into() };
            let mut filled = pin!(aside(Kind::Agreement, words, Values::default()));
            let first = poll_fn(|context| Poll::Ready(filled.as_mut().poll(context))).await;
            assert!(first.is_pending(), "filled by the thread that asked");
            let_go.send(()).unwrap();
            holder.await.unwrap().unwrap();
            let (words, absent) = filled.await.unwrap();
            assert_eq!(absent, [Placeholder::ChannelName, Placeholder::Until]);
            assert_eq!(words.text, "{{渠道名称}}至{{终止日期}}");
        });
    }
}
