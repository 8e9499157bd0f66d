//! What parties were told: the list, what nobody of a party has read yet, and reading it.

use super::list::CHUNK;
use super::met::Met;
use super::service::{actor, acts_as};
use crate::auth::{Staff, authorize_role};
use crate::{Error, World};
use domain::division::DivisionCode;
use domain::id::MessageId;
use domain::matter::{By, Kind, Message, Party};
use domain::notification::{Category, Preferences, Turn};
use domain::org::Operation;
use domain::time::Timestamp;
use store::matter::MatterRow;
use store::message::{MessageRow, UnreadRow};
use store::{ReadTx, WriteTx};

/// A message, with the names of what it is about.
#[derive(Debug, Clone)]
pub struct Told {
    /// The row.
    pub row: MessageRow,
    /// The name of its channel.
    pub channel_name: Option<String>,
    /// The title of its matter.
    pub matter_title: Option<String>,
    /// What it is about.
    pub category: Category,
}

/// Which messages to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Those that the asker has not muted.
    Shown,
    /// All of them.
    All,
    /// Those of one category, muted or not.
    Of(Category),
}

/// Tells a party of a matter what it is to know: a message to an owner is to the owner of the channel that it names, or
/// else of the matter.
///
/// # Errors
/// The store's.
pub(super) fn tell(
    tx: &mut WriteTx<'_>,
    row: &MatterRow,
    id: MessageId,
    message: Message,
    at: Timestamp,
) -> Result<(), Error> {
    let org_id = match (message.party, message.channel) {
        (Party::Owner, Some(id)) => store::channel::find(tx, id.as_bytes())?.map(|row| row.owner_id),
        (Party::Owner, None) => Some(row.owner_id),
        _ => None,
    };
    let told = MessageRow {
        id: *id.as_bytes(),
        party: message.party.to_string(),
        org_id,
        division: message.division.unwrap_or(DivisionCode::NATIONAL).to_string(),
        channel_id: message.channel.map(|id| *id.as_bytes()).or(row.channel_id),
        matter_id: Some(row.id),
        zh: message.zh,
        en: message.en,
        at: at.as_micros(),
        read_at: None,
    };
    Ok(store::message::insert(tx, &told)?)
}

/// Tells a party, wherever it is, something that is about no matter.
///
/// # Errors
/// The store's.
pub(crate) fn tell_all(
    tx: &mut WriteTx<'_>,
    id: MessageId,
    party: Party,
    [zh, en]: [String; 2],
    at: Timestamp,
) -> Result<(), Error> {
    let told = MessageRow {
        id: *id.as_bytes(),
        party: party.to_string(),
        org_id: None,
        division: DivisionCode::NATIONAL.to_string(),
        channel_id: None,
        matter_id: None,
        zh,
        en,
        at: at.as_micros(),
        read_at: None,
    };
    Ok(store::message::insert(tx, &told)?)
}

/// Messages that one request looks through; a page that ends there says where to go on.
const MOST_LOOKED: usize = 5_000;

/// Messages to an office.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// Those that are wanted.
    pub told: Vec<Told>,
    /// The last one that was looked at, when so many were looked through that the rest is left to another request.
    pub looked: Option<MessageId>,
}

/// Messages to the asker's party, newest first.
///
/// # Errors
/// `staff.role`
pub async fn messages(
    world: &World,
    staff: &Staff,
    which: Wanted,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Listed, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let Some(by) = acts_as(staff) else { return Ok(Listed::default()) };
    let staff = staff.clone();
    let mut before = before.map_or([u8::MAX; 16], |id| *id.as_bytes());
    let wanted = usize::try_from(limit).unwrap_or_default();
    world
        .db()
        .read(move |tx| {
            let (mut found, mut met, mut looked) = (Vec::new(), Met::default(), 0);
            let preferences = preferences(tx, &staff)?;
            loop {
                let rows = page(tx, &staff, &by, &before)?;
                let Some(last) = rows.last() else { return Ok(Listed { told: found, looked: None }) };
                if looked >= MOST_LOOKED {
                    return Ok(Listed { told: found, looked: Some(MessageId::from_bytes(before)) });
                }
                (before, looked) = (last.id, looked + rows.len());
                for row in rows.into_iter().filter(|row| is_for(&staff, row)) {
                    let told = told(tx, &mut met, row)?;
                    let is_wanted = match which {
                        Wanted::All => true,
                        Wanted::Of(category) => told.category == category,
                        Wanted::Shown if preferences.shows(told.category, Turn::Told) => true,
                        Wanted::Shown => is_due(tx, &by, &told.row)?,
                    };
                    found.extend(is_wanted.then_some(told));
                    if found.len() == wanted {
                        return Ok(Listed { told: found, looked: None });
                    }
                }
            }
        })
        .await
}

/// What the asker's office was told in batches after `after` and up to `until`, with ids from `from` on, oldest first; the newest
/// `most` of it.
///
/// # Errors
/// The store's.
pub(crate) fn told_in(
    tx: &mut ReadTx<'_>,
    (staff, by): (&Staff, &By),
    (after, until): (i64, i64),
    from: &[u8; 16],
    most: usize,
) -> Result<Vec<Told>, Error> {
    let (mut found, mut met, mut before) = (Vec::new(), Met::default(), (until, [u8::MAX; 16]));
    loop {
        let rows = match by.party {
            Party::Owner => {
                store::message::list_placed_of_org(tx, staff.org.as_bytes(), (after, *from), before, CHUNK)
            }
            party => store::message::list_placed(tx, party.as_str(), (after, *from), before, CHUNK),
        }?;
        let end = rows.last().map(|(batch, row)| (*batch, row.id));
        for (_, row) in rows.into_iter().filter(|(_, row)| is_for(staff, row)) {
            found.push(told(tx, &mut met, row)?);
        }
        match end {
            Some(end) if found.len() < most => before = end,
            _ => break,
        }
    }
    found.truncate(most);
    found.reverse();
    Ok(found)
}

/// What an account wants to see.
fn preferences(tx: &mut ReadTx<'_>, staff: &Staff) -> Result<Preferences, Error> {
    let row = store::notification::get(tx, staff.id.as_bytes())?;
    let stored = Preferences::stored(&row.muted, &row.unmailed);
    stored.map_err(|_| Error::internal("a stored category is unknown"))
}

/// Messages to an office and to others of its party, newest first, before an id.
fn page(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    by: &By,
    before: &[u8; 16],
) -> Result<Vec<MessageRow>, store::StoreError> {
    match by.party {
        Party::Owner => store::message::list_of_org(tx, staff.org.as_bytes(), before, CHUNK),
        party => store::message::list(tx, party.as_str(), before, CHUNK),
    }
}

/// Whether the matter of a message waits for the office until a last day.
fn is_due(tx: &mut ReadTx<'_>, by: &By, row: &MessageRow) -> Result<bool, Error> {
    let Some(matter) = row.matter_id else { return Ok(false) };
    let area = by.division.to_string();
    let is_own = |one: &str| by.party == Party::Owner || one.is_empty() || one == area;
    let waits = store::matter::list_waits(tx, &matter)?;
    let is_due = |wait: &store::matter::WaitRow| {
        wait.party == by.party.as_str() && is_own(&wait.division) && wait.due_on.is_some()
    };
    Ok(waits.iter().any(is_due))
}

/// Notes that the asker's party has read a message.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn read_message(world: &World, staff: &Staff, id: MessageId) -> Result<Told, Error> {
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
            let row = store::message::find(tx, &row.id)?.ok_or_else(Error::not_found)?;
            told(tx, &mut Met::default(), row)
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

fn told(tx: &mut ReadTx<'_>, met: &mut Met, row: MessageRow) -> Result<Told, Error> {
    let channel = row.channel_id.map(|id| met.channel(tx, &id)).transpose()?.flatten();
    let matter = row.matter_id.map(|id| store::matter::find(tx, &id)).transpose()?.flatten();
    let kind = matter.as_ref().map(super::step::kind).transpose()?;
    Ok(Told {
        channel_name: channel.map(|channel| channel.name),
        matter_title: matter.map(|matter| matter.title),
        category: Category::of(kind),
        row,
    })
}

/// How many messages to the asker's party nobody of it has read, but for those that the asker has muted.
///
/// # Errors
/// `staff.role`
pub async fn count_unread(world: &World, staff: &Staff) -> Result<i64, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let Some(by) = acts_as(staff) else { return Ok(0) };
    let (staff, division) = (staff.clone(), staff.division.to_string());
    world
        .db()
        .read(move |tx| {
            let preferences = preferences(tx, &staff)?;
            let is_muting = !preferences.muted().as_slice().is_empty();
            Ok(match by.party {
                Party::Owner if is_muting => {
                    shown(&preferences, &store::message::unread_of_org(tx, staff.org.as_bytes())?)?
                }
                party if is_muting => {
                    shown(&preferences, &store::message::unread_of_party(tx, party.as_str(), &division)?)?
                }
                Party::Owner => store::message::count_unread_of_org(tx, staff.org.as_bytes())?,
                party => store::message::count_unread(tx, party.as_str(), &division)?,
            })
        })
        .await
}

/// How many of these an account wants counted.
fn shown(preferences: &Preferences, unread: &[UnreadRow]) -> Result<i64, Error> {
    let mut count = 0;
    for row in unread {
        let kind: Option<Kind> = row.kind.as_deref().map(str::parse).transpose()?;
        let turn = if row.awaited > 0 { Turn::Due } else { Turn::Told };
        count += if preferences.shows(Category::of(kind), turn) { row.count } else { 0 };
    }
    Ok(count)
}

/// Notes that the asker's party has read everything.
///
/// # Errors
/// `staff.role`; `matter.party` for whoever acts for none.
pub async fn read_all(world: &World, staff: &Staff) -> Result<(), Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (by, org, division) = (actor(staff)?, staff.org, staff.division.to_string());
    let now = world.now().as_micros();
    world
        .db()
        .write(move |tx| {
            tx.unaudited("messages were read");
            match by.party {
                Party::Owner => store::message::read_all_of_org(tx, org.as_bytes(), now)?,
                party => store::message::read_all(tx, party.as_str(), &division, now)?,
            };
            Ok(())
        })
        .await
}
