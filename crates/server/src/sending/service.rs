//! Putting something to many channels, looking how far it has come, and reminding those who have not answered.

use super::Audience;
use crate::auth::{Staff, authorize_role, require_step_up};
use crate::delegation::service::authority;
use crate::matter::reminder::remind_one;
use crate::matter::service::{acts_as, wants};
use crate::matter::{Course, Desk, New};
use crate::{Error, World};
use domain::advice::Office;
use domain::application::class::needs_agreement;
use domain::audit::{Change, Record, Reference};
use domain::channel::Channel;
use domain::id::{ChannelId, MatterId, MessageId, SendingId};
use domain::matter::{Kind, Need, Party, Refusal as MatterRefusal};
use domain::org::Operation;
use domain::refusal::Refuse;
use domain::sending::{Content, Refusal, Reminded, Seen, Standing};
use domain::time::{BusinessDate, Timestamp};
use http::StatusCode;
use store::matter::MatterRow;
use store::sending::{EntryRow, SendingRow};
use store::{ReadTx, Run, WriteTx};

/// Most channels of one sending: they are told in one transaction.
const MOST: usize = 2_000;

/// What is put to them.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// A notice or another text.
    pub content: Content,
    /// What a notice begins with, or what of the agreement changes; a JSON object.
    pub words: String,
    /// To whom, JSON as it was asked.
    pub audience: String,
    /// One line of it.
    pub title: String,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Sent {
    /// The sending; none when it was only tried.
    pub id: Option<SendingId>,
    /// The channels that were told, in order, each with its matter.
    pub told: Vec<(ChannelId, MatterId)>,
    /// The channels of the audience that it could not be put to, each with the code that says why.
    pub left_out: Vec<(ChannelId, String)>,
}

/// A sending and how far it has come.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub row: SendingRow,
    /// Channel by channel.
    pub entries: Vec<Entry>,
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
}

/// Puts something to every channel of an audience, or says to which it would be put.
///
/// # Errors
/// `staff.role`; `staff.step_up_required` for another text; `matter.party`; `delegation.not_in_force`; `sending.audience` at
/// `/audience`; those of the kind, below `/opening` or `/amendment`.
pub async fn send(
    world: &World,
    staff: &Staff,
    audience: Audience,
    wanted: Wanted,
    run: Run,
) -> Result<Sent, Error> {
    authorize_role(staff, Operation::NoticeSend)?;
    let by = acts_as(staff).ok_or(MatterRefusal::Party)?;
    let input = input(&wanted)?;
    if wants(wanted.content.kind(), &input, Need::StepUp)? {
        require_step_up(staff)?;
    }
    let concerns = |channel: &Channel| match wanted.content {
        Content::Notice => true,
        Content::Amendment => needs_agreement(channel.class),
    };
    let mut channels = world.db().read(move |tx| audience.of(tx)).await?;
    channels.retain(concerns);
    reaches(channels.len())?;
    let (id, now) = (world.id(SendingId::make), world.now());
    // Each has ids of its own, made here because the transaction may run twice.
    let desk = |channel: Channel| (Desk::of(world, by, staff), channel);
    let addressed: Vec<_> = channels.into_iter().map(desk).collect();
    let staff = staff.clone();
    let mut sent = world
        .db()
        .perform(run, move |tx| {
            let authority = authority(tx, &staff, now.business_date())?;
            let mut sent = Sent { id: Some(id), ..Sent::default() };
            let mut rows = Vec::with_capacity(addressed.len());
            for (desk, channel) in &addressed {
                match put(tx, desk, channel, wanted.content, &input)? {
                    Ok(row) => {
                        sent.told.push((channel.id, MatterId::from_bytes(row.id)));
                        rows.push(row);
                    }
                    Err(code) => sent.left_out.push((channel.id, code)),
                }
            }
            reaches(rows.len())?;
            keep(tx, &staff, (id, &wanted), &rows, now)?;
            let mut record = Record::done(now, staff.actor(), "sending.sent");
            record.object = Some(Reference::new(SendingId::PREFIX, id.as_bytes()));
            record.authorization = authority;
            let count = rows.len().to_string();
            let came = [Change::came("kind", wanted.content.as_str()), Change::came("channels", &count)];
            tx.audit(&record.changing(came));
            Ok::<_, Error>(sent)
        })
        .await?;
    if run == Run::Dry {
        // What it would have been called was never kept.
        sent.id = None;
    }
    Ok(sent)
}

fn reaches(channels: usize) -> Result<(), Error> {
    if (1..=MOST).contains(&channels) {
        return Ok(());
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    Err(Error::field("/audience", &Refusal::Audience { most }))
}

/// What opens or amends the matter of each channel.
fn input(wanted: &Wanted) -> Result<String, Error> {
    match wanted.content {
        Content::Notice => Ok(wanted.words.clone()),
        Content::Amendment => {
            let mut input: serde_json::Value =
                serde_json::from_str(&wanted.words).map_err(|error| Error::internal(error.to_string()))?;
            input["action"] = "amend".into();
            Ok(input.to_string())
        }
    }
}

/// Puts it to one channel: its matter, or the code of the rule by which this channel is left out. What is wrong with what is
/// sent is wrong for all of them.
fn put(
    tx: &mut WriteTx<'_>,
    desk: &Desk,
    channel: &Channel,
    content: Content,
    input: &str,
) -> Result<Result<MatterRow, String>, Error> {
    match content {
        Content::Notice => {
            let (kind, id, owner) = (Kind::Notice, Some(channel.id), channel.owner);
            let new = New { kind, channel: id, parent: None, owner };
            let opened = Course::new(desk).open(tx, new, input);
            opened.map(Ok).map_err(|error| error.under("/opening"))
        }
        Content::Amendment => {
            let kind = Kind::Agreement.as_str();
            let open = store::matter::list_open_of_channel(tx, channel.id.as_bytes(), kind)?;
            let Some(found) = open.first() else {
                return Ok(Err(Refusal::NoAgreement.code().to_owned()));
            };
            let row = store::matter::lock(tx, &found.id)?.ok_or_else(Error::not_found)?;
            match Course::new(desk).act(tx, row, input) {
                Ok(row) => Ok(Ok(row)),
                // Where the agreement stands is the channel's own affair; its rule has spoken before anything was written.
                Err(error) if error.status() == StatusCode::CONFLICT => Ok(Err(error.code().to_owned())),
                Err(error) => Err(error.under("/amendment")),
            }
        }
    }
}

fn keep(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    (id, wanted): (SendingId, &Wanted),
    rows: &[MatterRow],
    now: Timestamp,
) -> Result<(), Error> {
    let row = SendingRow {
        id: *id.as_bytes(),
        kind: wanted.content.to_string(),
        title: wanted.title.clone(),
        audience: wanted.audience.clone(),
        content: wanted.words.clone(),
        staff_id: *staff.id.as_bytes(),
        org_id: *staff.org.as_bytes(),
        at: now.as_micros(),
    };
    store::sending::insert(tx, &row)?;
    for matter in rows {
        store::sending::insert_matter(tx, id.as_bytes(), &matter.id, matter.version)?;
    }
    Ok(())
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
    world
        .db()
        .read(move |tx| {
            let rows = store::sending::list(tx, &before, limit)?;
            rows.into_iter().map(|row| seen(tx, row, today)).collect()
        })
        .await
}

/// A sending, channel by channel.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: SendingId) -> Result<View, Error> {
    authorize_role(staff, Operation::NoticeSend)?;
    let today = world.now().business_date();
    world
        .db()
        .read(move |tx| {
            let row = store::sending::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            seen(tx, row, today)
        })
        .await
}

fn seen(tx: &mut ReadTx<'_>, row: SendingRow, today: BusinessDate) -> Result<View, Error> {
    let today = today.to_string();
    let content: Content = row.kind.parse().map_err(|_| Error::internal("a sending of an unknown kind"))?;
    let answer = (content.answer(), content.answered_in());
    let entries = store::sending::list_entries(tx, &row.id, answer, row.at)?;
    let entry = |row: EntryRow| {
        let seen = Seen {
            state: &row.state,
            has_answered: row.answered_at.is_some(),
            has_ended: row.ended != 0,
            is_overdue: row.overdue_at.is_some(),
        };
        let standing = content.standing(seen);
        let may_remind = waits(standing, &row) && row.reminded_on.as_deref() != Some(today.as_str());
        Entry { standing, may_remind, row }
    };
    Ok(View { entries: entries.into_iter().map(entry).collect(), row })
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
