//! Putting something to many channels, looking how far it has come, and reminding those who have not answered.

use super::Audience;
use super::plan::{self, content, state};
use super::put::{Put, input};
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::delegation::service::authority;
use crate::idempotency::Key;
use crate::key::Ring;
use crate::key_rotation::progress::{Facts, Progress};
use crate::matter::Desk;
use crate::matter::reminder::remind_one;
use crate::matter::service::{acts_as, wants};
use crate::template::fill::Named;
use crate::{Error, World};
use domain::advice::Office;
use domain::id::{ChannelId, MatterId, MessageId, SendingId};
use domain::matter::{Need, Party, Refusal as MatterRefusal};
use domain::org::Operation;
use domain::parameter::Name;
use domain::refusal::Refuse;
use domain::sending::{Content, Reminded, Seen, Standing, State, ahead};
use domain::time::{BusinessDate, Timestamp};
use http::StatusCode;
use store::sending::{EntryRow, LeftOutRow, SendingRow, ToldRow};
use store::{ReadTx, Run, WriteTx};

/// What is put to them.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// A notice, another text or a rotation.
    pub content: Content,
    /// What a notice or a rotation begins with, or what of the agreement changes; a JSON object.
    pub words: String,
    /// To whom, JSON as it was asked.
    pub audience: String,
    /// One line of it.
    pub title: String,
    /// By which a repetition of the request is recognised.
    pub key: Key,
    /// When it begins; at once without it.
    pub send_at: Option<Timestamp>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// Whether it had been done already, under the same key.
    pub is_replayed: bool,
    /// The sending; none when it was only tried.
    pub id: Option<SendingId>,
    /// When it begins, if not at once: until then nobody is told.
    pub send_at: Option<Timestamp>,
    /// The channels that were told, in order, each with its matter.
    pub told: Vec<(ChannelId, MatterId)>,
    /// The channels of the audience that it could not be put to, each with the rule that says why.
    pub left_out: Vec<LeftOutRow>,
}

/// A sending and how far it has come.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub row: SendingRow,
    /// Where it stands.
    pub state: State,
    /// Channel by channel.
    pub entries: Vec<Entry>,
    /// Those it could not be put to.
    pub left_out: Vec<LeftOutRow>,
}

/// One channel of a sending.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The row.
    pub row: EntryRow,
    /// Where it stands.
    pub standing: Standing,
    /// Whether its owner may be reminded today.
    pub may_remind: bool,
    /// How far it has come with its key, of a rotation.
    pub rotation: Option<Progress>,
}

/// Puts something to every channel of an audience, at once or at its moment, or says to which it would be put. A request that
/// comes again is answered by what the first one did; one that only asks is kept under no key. What is planned is tried first,
/// as of its moment: what is wrong with it then is wrong now.
///
/// # Errors
/// `staff.role`; `idempotency.mismatch`, `idempotency.in_flight`; `staff.step_up_required` for another text; `matter.party`;
/// `sending.past`, `sending.far` at `/send_at`; `sending.no_channel`, `sending.gone`, `sending.signs_none`, `sending.filtered` at the
/// place of a channel that is named; `sending.audience` at `/audience`; `delegation.not_in_force`; those of the kind, below `/opening` or
/// `/amendment`.
pub async fn send(
    world: &World,
    staff: &Staff,
    audience: Audience,
    mut wanted: Wanted,
    run: Run,
) -> Result<Sent, Error> {
    authorize_role(staff, Operation::NoticeSend)?;
    if run == Run::Real
        && let Some(sent) = recall(world, staff, &wanted.key).await?
    {
        return Ok(sent);
    }
    let by = acts_as(staff).ok_or(MatterRefusal::Party)?;
    let (content, input) = (wanted.content, input(wanted.content, &wanted.words)?);
    if wants(content.kind(), &input, Need::StepUp)? {
        require_step_up(staff)?;
    }
    let now = world.now();
    if let Some(at) = wanted.send_at {
        let most = world.parameter(Name::SendingAhead);
        ahead(now, at, most).map_err(|refusal| Error::field("/send_at", &refusal))?;
    }
    let moment = wanted.send_at.unwrap_or(now);
    let (words, named) = (input.clone(), Named::of(content.kind(), &input));
    let (found, called) = {
        let named = named.clone();
        let read = move |tx: &mut ReadTx<'_>| {
            let found = audience.of(tx, content, &words)?;
            let called = named.filter(|_| content == Content::Notice).map(|named| named.name(tx));
            let below = |error: Error| error.under("/opening");
            Ok::<_, Error>((found, called.transpose().map_err(below)?))
        };
        world.db().read(read).await?
    };
    // What is filled has a title for each of them: together they go by the name of the template.
    wanted.title = called.unwrap_or(wanted.title);
    let what = (content, input, named);
    let put = Put::new(what, found.whole()?, || Desk::of(world, by, staff).at(moment))?;
    match (run, wanted.send_at) {
        (Run::Real, None) => begin(world, staff, wanted, put, now).await,
        (Run::Real, Some(at)) => {
            attempt(world, staff, put, now).await?;
            plan::keep(world, staff, wanted, at).await
        }
        (Run::Dry, _) => attempt(world, staff, put, now).await,
    }
}

/// Puts it to them.
async fn begin(
    world: &World,
    staff: &Staff,
    wanted: Wanted,
    put: Put,
    now: Timestamp,
) -> Result<Sent, Error> {
    let (id, staff) = (world.id(SendingId::make), staff.clone());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            // The key first: a repetition that comes while this goes on meets it, and not what this has done.
            insert(tx, &row(&staff, (id, &wanted), State::Sent, now))?;
            let done = put.perform(tx)?;
            done.keep(tx, id)?;
            let mut record = done.record(now, staff.actor(), id);
            record.authorization = authority;
            tx.audit(&record);
            Ok(Sent { id: Some(id), told: done.told(), left_out: done.left_out, ..Sent::default() })
        })
        .await
}

/// What would come of it.
async fn attempt(world: &World, staff: &Staff, put: Put, now: Timestamp) -> Result<Sent, Error> {
    let staff = staff.clone();
    world
        .db()
        .perform(Run::Dry, move |tx| {
            authority(tx, &staff, now.business_date())?;
            let done = put.perform(tx)?;
            Ok::<_, Error>(Sent { told: done.told(), left_out: done.left_out, ..Sent::default() })
        })
        .await
}

/// What a request with this key has done already.
async fn recall(world: &World, staff: &Staff, key: &Key) -> Result<Option<Sent>, Error> {
    let (staff_id, key) = (staff.id, key.clone());
    world
        .db()
        .read(move |tx| {
            let Some(row) = store::sending::find_keyed(tx, staff_id.as_bytes(), &key.text)? else {
                return Ok(None);
            };
            if row.digest != Some(key.digest) {
                return Err(Error::platform("idempotency.mismatch"));
            }
            let ids =
                |one: ToldRow| (ChannelId::from_bytes(one.channel_id), MatterId::from_bytes(one.matter_id));
            let told = store::sending::list_told(tx, &row.id)?.into_iter().map(ids).collect();
            let mut left_out = store::sending::list_left_out(tx, &row.id)?;
            left_out.sort_by_key(|one| one.channel_id);
            let id = Some(SendingId::from_bytes(row.id));
            let send_at = row.send_at.map(Timestamp::from_micros);
            Ok(Some(Sent { is_replayed: true, id, send_at, told, left_out }))
        })
        .await
}

/// The row of what is wanted.
pub(super) fn row(
    staff: &Staff,
    (id, wanted): (SendingId, &Wanted),
    state: State,
    now: Timestamp,
) -> SendingRow {
    SendingRow {
        id: *id.as_bytes(),
        kind: wanted.content.to_string(),
        title: wanted.title.clone(),
        audience: wanted.audience.clone(),
        content: wanted.words.clone(),
        staff_id: *staff.id.as_bytes(),
        org_id: *staff.org.as_bytes(),
        at: now.as_micros(),
        idempotency_key: Some(wanted.key.text.clone()),
        digest: Some(wanted.key.digest),
        state: state.to_string(),
        send_at: wanted.send_at.map(Timestamp::as_micros),
        ended_at: None,
        failure_code: None,
        failure_zh: None,
        failure_en: None,
    }
}

/// Keeps it under its key.
pub(super) fn insert(tx: &mut WriteTx<'_>, row: &SendingRow) -> Result<(), Error> {
    let in_flight = || Error::platform("idempotency.in_flight");
    store::sending::insert(tx, row).map_err(|error| Error::taken(error, in_flight))
}

/// Sendings, newest first.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    before: Option<SendingId>,
    limit: i64,
) -> Result<Vec<View>, Error> {
    authorize_role(staff, Operation::NoticeSend)?;
    let (before, today) = (before.map_or([u8::MAX; 16], |id| *id.as_bytes()), world.now().business_date());
    let ring = world.keys().ring();
    world
        .db()
        .read(move |tx| {
            let rows = store::sending::list(tx, &before, limit)?;
            rows.into_iter().map(|row| seen(tx, &ring, row, today)).collect()
        })
        .await
}

/// A sending, channel by channel.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: SendingId) -> Result<View, Error> {
    authorize_role(staff, Operation::NoticeSend)?;
    let (today, ring) = (world.now().business_date(), world.keys().ring());
    world
        .db()
        .read(move |tx| {
            let row = store::sending::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            seen(tx, &ring, row, today)
        })
        .await
}

fn seen(tx: &mut ReadTx<'_>, ring: &Ring, row: SendingRow, today: BusinessDate) -> Result<View, Error> {
    let today = today.to_string();
    let (content, state) = (content(&row)?, state(&row)?);
    let answer = (content.answer(), content.answered_in());
    let facts = if content == Content::KeyRotation { Some(Facts::of(tx, ring, &row)?) } else { None };
    let entry = |mut row: EntryRow| {
        let mut rotation = None;
        if let Some(facts) = &facts {
            let (progress, since) = facts.of_channel(&row)?;
            (rotation, row.answered_at) = (Some(progress), since.map(Timestamp::as_micros));
        }
        let seen = Seen {
            state: &row.state,
            has_answered: row.answered_at.is_some(),
            has_ended: row.ended != 0,
            is_overdue: row.overdue_at.is_some(),
        };
        let standing = content.standing(seen);
        let may_remind = waits(standing, &row) && row.reminded_on.as_deref() != Some(today.as_str());
        Ok::<_, Error>(Entry { standing, may_remind, rotation, row })
    };
    let entries = store::sending::list_entries(tx, &row.id, answer, row.at)?;
    let entries = entries.into_iter().map(entry).collect::<Result<_, _>>()?;
    let left_out = store::sending::list_left_out(tx, &row.id)?;
    Ok(View { state, entries, left_out, row })
}

/// Whether an answer is still waited for.
fn waits(standing: Standing, row: &EntryRow) -> bool {
    standing != Standing::Answered && row.ended == 0
}

/// Reminds the owners of all channels that have not answered, each once a day: by the very rule of a reminder in one matter.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `resource.not_found`.
pub async fn remind(world: &World, staff: &Staff, id: SendingId) -> Result<Vec<(EntryRow, Reminded)>, Error> {
    let found = get(world, staff, id).await?;
    // Each has ids of its own, made here because the transaction may run twice.
    let ids = |entry: Entry| (entry.row, [world.id(MessageId::make), world.id(MessageId::make)]);
    let asked: Vec<_> =
        found.entries.into_iter().filter(|entry| waits(entry.standing, &entry.row)).map(ids).collect();
    let (now, staff) = (world.now(), staff.clone());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let whom = Office { party: Party::Owner, division: None };
            let mut reminded = Vec::with_capacity(asked.len());
            for (entry, ids) in &asked {
                let row = store::matter::lock(tx, &entry.matter_id)?.ok_or_else(Error::not_found)?;
                let outcome = match remind_one(tx, (&staff, authority), &row, whom, *ids, now) {
                    Ok(()) => Reminded::Now,
                    Err(error) if error.code() == MatterRefusal::Reminded.code() => Reminded::Already,
                    // It has answered in the meantime.
                    Err(error) if error.status() == StatusCode::NOT_FOUND => Reminded::Over,
                    Err(error) => return Err(error),
                };
                reminded.push((entry.clone(), outcome));
            }
            if reminded.iter().all(|(_, outcome)| *outcome != Reminded::Now) {
                tx.unaudited("nobody was left to remind today");
            }
            Ok(reminded)
        })
        .await
}
