//! The records about one thing, for whoever may see the thing: who did what to it, when, and how it ended.
//!
//! Invariant: what is shown is decoded from the sealed blocks themselves and from nothing else; the store only says where
//! the records are. Who may see a thing is asked of the thing's own service, so nobody sees more by its records.

use super::proof::{hashes, place};
use crate::auth::Staff;
use crate::{Error, World};
use domain::audit::{Actor, Block, LogId, Record, Reference};
use domain::id::{CardId, ChannelId, MatterId, OrgId, StaffId, TerminalId};
use domain::time::Timestamp;
use store::ReadTx;
use store::audit::{BlockRow, TrailRow};

/// A record about a thing.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it is.
    pub row: TrailRow,
    /// What it says.
    pub record: Record,
    /// The organisation of whoever acted, when a member of staff did.
    pub org: Option<String>,
    /// When its block was written, by the writer's clock: a proof of it is found from then on.
    pub written_at: Timestamp,
}

/// A thing whose records can be read by whoever may see it.
#[derive(Debug, Clone, Copy)]
pub enum Thing {
    /// A channel.
    Channel(ChannelId),
    /// A matter.
    Matter(MatterId),
    /// An organisation.
    Org(OrgId),
    /// A terminal.
    Terminal(TerminalId),
    /// A card.
    Card(CardId),
}

impl Thing {
    fn reference(&self) -> Reference {
        match self {
            Self::Channel(id) => Reference::new(ChannelId::PREFIX, id.as_bytes()),
            Self::Matter(id) => Reference::new(MatterId::PREFIX, id.as_bytes()),
            Self::Org(id) => Reference::new(OrgId::PREFIX, id.as_bytes()),
            Self::Terminal(id) => Reference::new(TerminalId::PREFIX, id.as_bytes()),
            Self::Card(id) => Reference::new(CardId::PREFIX, id.as_bytes()),
        }
    }

    /// Refuses whoever may not see it, as its own service does.
    async fn is_seen_by(&self, world: &World, staff: &Staff) -> Result<(), Error> {
        match self {
            Self::Channel(id) => crate::channel::service::get(world, staff, *id).await.map(drop),
            Self::Matter(id) => crate::matter::service::get(world, staff, *id).await.map(drop),
            Self::Org(id) => crate::org::service::get(world, staff, *id).await.map(drop),
            Self::Terminal(id) => crate::terminal::service::get(world, staff, *id).await.map(drop),
            Self::Card(id) => crate::card::service::get(world, staff, *id).await.map(drop),
        }
    }
}

/// The records about a thing in sight, newest first, before `before`.
///
/// # Errors
/// Those of whoever shows the thing: `staff.role`, `resource.not_found`.
pub async fn list(
    world: &World,
    staff: &Staff,
    thing: Thing,
    before: Option<TrailRow>,
    limit: i64,
) -> Result<Vec<Entry>, Error> {
    thing.is_seen_by(world, staff).await?;
    let object = thing.reference().encode();
    let end = TrailRow { at: i64::MAX, log: [u8::MAX; 16], place: i64::MAX };
    let before = before.unwrap_or(end);
    world
        .db()
        .read(move |tx| {
            let rows = store::audit::list_trail(tx, &object, &before, limit)?;
            rows.into_iter().map(|row| entry(tx, row)).collect()
        })
        .await
}

fn entry(tx: &mut ReadTx<'_>, row: TrailRow) -> Result<Entry, Error> {
    let missing = || Error::internal("a trail leads to no record");
    let block = store::audit::find_block_of(tx, &row.log, row.place)?.ok_or_else(missing)?;
    let written_at = Timestamp::from_micros(block.at);
    let record = record_at(block, row.place)?.ok_or_else(missing)?;
    let org = match record.actor {
        Actor::Party(party) if party.prefix() == StaffId::PREFIX => {
            let staff = store::org::find_staff(tx, party.id())?;
            let org = staff.map(|staff| store::org::find(tx, &staff.org_id)).transpose()?;
            org.flatten().map(|org| org.name)
        }
        Actor::Party(_) | Actor::Holder(_) | Actor::System => None,
    };
    Ok(Entry { row, record, org, written_at })
}

fn record_at(row: BlockRow, at: i64) -> Result<Option<Record>, Error> {
    let first = place(row.first)?;
    let (log, leaves) = (LogId(row.log), hashes(&row.leaves));
    let block = Block { log, first, records: row.records, leaves, frontier: Vec::new() };
    let records = block.encoded_records()?;
    let bytes = usize::try_from(place(at)? - first).ok().and_then(|index| records.get(index).copied());
    Ok(bytes.map(Record::decode).transpose()?)
}
