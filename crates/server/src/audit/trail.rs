//! The records about one thing, for whoever may see the thing: who did what to it, when, and how it ended.
//!
//! Invariant: what is shown of a record is decoded from the sealed blocks themselves and from nothing else; the store only
//! says where the records are. Beside it stands what no record holds: the words that were said, and, for an auditor, the
//! address, which the record commits to. Who may see a thing is asked of the thing's own service, so nobody sees more by
//! its records; what a matter shows to some of those who see it only, its records show to them only.

use super::proof::{self, Proven, RECORDS};
use super::service::{everywhere, seal};
use crate::auth::{Sight, Staff, authorize, authorize_role};
use crate::{Error, World, attachment};
use domain::audit::{Actor, Record, Reference};
use domain::id::{
    AttachmentId, CardId, ChannelId, MatterId, OpeningId, OrgId, ParameterVersionId, RequestId, StaffId,
    TerminalId,
};
use domain::org::Operation;
use domain::parameter::Name;
use domain::time::Timestamp;
use std::collections::{HashMap, hash_map};
use store::ReadTx;
use store::audit::{BlockRow, TrailRow};
use store::key::KeyRow;
use store::org::OrgRow;
use store::parameter::ParameterVersionRow;

/// Records looked through at once when a filter may leave none of them.
const STRIDE: usize = 200;
/// Records looked through for one page; a page that ends there says where to go on.
const MOST_LOOKED: usize = 2_000;
/// Bytes of blocks read for one page; the record that goes beyond is its last.
const MOST_BYTES: usize = 16 << 20;
/// Leaves read for the proofs of one page, likewise.
const MOST_LEAVES: i64 = 500_000;
/// How far from a request its records are looked for among all.
const NEAR_SECONDS: i64 = 300;
/// People of a team whose records are looked through: as many accounts as an organisation may have and some that are disabled.
const MOST_PEOPLE: i64 = 2_000;
/// Why a record has no proof here, and no fault is in it.
const UNPROVABLE: [&str; 2] = ["resource.not_found", "audit.out_of_range"];

/// A record about a thing.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it is.
    pub row: TrailRow,
    /// What it says.
    pub record: Record,
    /// The organisation of whoever acted, when a member of staff did.
    pub org: Option<String>,
    /// Why, in the words of whoever acted, when they had to say it.
    pub words: Option<String>,
    /// From which address, with what shows that the record means it; for an auditor, as long as it is kept.
    pub address: Option<(String, [u8; 16])>,
    /// When its block was written, by the writer's clock: a proof of it is found from then on.
    pub written_at: Timestamp,
    /// The proof that it is sealed, when that was asked for and there is one here.
    pub proven: Option<Proven>,
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
    /// An account of staff: what was done to it, and what it did.
    Account(StaffId),
    /// The own organisation of whoever administers its accounts: what was done to it, and what its people did.
    Team,
    /// A parameter, whatever its version.
    Parameter(Name),
    /// An opening of a service.
    Opening(OpeningId),
    /// Everything that is on record, for whoever audits the platform.
    Everything,
}

impl Thing {
    /// Its id; the own organisation needs none.
    pub(super) fn id(&self) -> Option<String> {
        Some(match self {
            Self::Channel(id) => id.to_string(),
            Self::Matter(id) => id.to_string(),
            Self::Org(id) => id.to_string(),
            Self::Terminal(id) => id.to_string(),
            Self::Card(id) => id.to_string(),
            Self::Account(id) => id.to_string(),
            Self::Parameter(name) => name.to_string(),
            Self::Opening(id) => id.to_string(),
            Self::Team | Self::Everything => return None,
        })
    }

    /// What its records are filed under; everything is read from the logs themselves.
    fn references(&self, tx: &mut ReadTx<'_>, asker: OrgId) -> Result<Option<Vec<Reference>>, Error> {
        Ok(Some(vec![match self {
            Self::Everything => return Ok(None),
            Self::Channel(id) => Reference::new(ChannelId::PREFIX, id.as_bytes()),
            Self::Matter(id) => Reference::new(MatterId::PREFIX, id.as_bytes()),
            Self::Org(id) => Reference::new(OrgId::PREFIX, id.as_bytes()),
            Self::Terminal(id) => Reference::new(TerminalId::PREFIX, id.as_bytes()),
            Self::Card(id) => Reference::new(CardId::PREFIX, id.as_bytes()),
            Self::Account(id) => Reference::new(StaffId::PREFIX, id.as_bytes()),
            Self::Opening(id) => Reference::new(OpeningId::PREFIX, id.as_bytes()),
            Self::Team => {
                let people = store::org::list_staff_of(tx, asker.as_bytes(), &[], MOST_PEOPLE)?;
                let people = people.iter().map(|row| Reference::new(StaffId::PREFIX, &row.staff.id));
                let own = Reference::new(OrgId::PREFIX, asker.as_bytes());
                return Ok(Some(people.chain([own]).collect()));
            }
            Self::Parameter(name) => {
                let versions = store::parameter::list(tx, name.as_str())?;
                let version = |row: &ParameterVersionRow| Reference::new(ParameterVersionId::PREFIX, &row.id);
                return Ok(Some(versions.iter().map(version).collect()));
            }
        }]))
    }

    /// Refuses whoever may not see it, as its own service does.
    pub(crate) async fn is_seen_by(&self, world: &World, staff: &Staff) -> Result<(), Error> {
        match self {
            Self::Channel(id) => crate::channel::service::get(world, staff, *id).await.map(drop),
            Self::Matter(id) => crate::matter::service::get(world, staff, *id).await.map(drop),
            Self::Org(id) => crate::org::service::get(world, staff, *id).await.map(drop),
            Self::Terminal(id) => crate::terminal::service::get(world, staff, *id).await.map(drop),
            Self::Card(id) => crate::card::service::get(world, staff, *id).await.map(drop),
            Self::Account(id) => crate::staff::service::get(world, staff, *id).await.map(drop),
            Self::Team => authorize_role(staff, Operation::TeamManage),
            Self::Everything => authorize(staff, Operation::AuditExport, everywhere()?),
            Self::Parameter(name) => crate::parameter::service::get(world, staff, *name).await.map(drop),
            Self::Opening(id) => crate::service::service::get_opening(world, staff, *id).await.map(drop),
        }
    }
}

/// Whether each record comes with its proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proofs {
    /// It does.
    With,
    /// It does not.
    Without,
}

/// Which records are wanted.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// By whom: an id, `system`, `holder`, or a part of the name of an organisation.
    pub actor: Option<String>,
    /// What the action begins with.
    pub action: Option<String>,
    /// Which request brought it about.
    pub request: Option<RequestId>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
    /// Before this place.
    pub before: Option<TrailRow>,
    /// How many; of proven ones [`RECORDS`] at most.
    pub limit: usize,
    /// With proofs or without.
    pub proofs: Proofs,
}

impl Wanted {
    fn start(&self) -> TrailRow {
        let end = TrailRow { at: i64::MAX, log: [u8::MAX; 16], place: i64::MAX };
        let until = self.until.map(|until| TrailRow { at: until.as_micros(), log: [0; 16], place: 0 });
        [self.before, until].into_iter().flatten().fold(end, Ord::min)
    }

    /// What a request brings about is written while it waits for its answer: nothing far from it is looked through.
    fn near(&mut self, made_at: Timestamp) {
        let (first, last) = (made_at.plus_seconds(-NEAR_SECONDS), made_at.plus_seconds(NEAR_SECONDS));
        self.from = Some(self.from.map_or(first, |from| from.max(first)));
        self.until = Some(self.until.map_or(last, |until| until.min(last)));
    }

    fn is_filter(&self) -> bool {
        self.actor.is_some() || self.action.is_some() || self.request.is_some()
    }

    fn admits(&self, entry: &Entry) -> bool {
        let org = entry.org.as_deref().unwrap_or_default();
        let by = |who: &String| entry.record.actor.text() == *who || org.contains(who.as_str());
        let did = |what: &String| entry.record.action.as_str().starts_with(what.as_str());
        let of_request = self.request.is_none() || entry.record.request == self.request;
        of_request && self.actor.as_ref().is_none_or(by) && self.action.as_ref().is_none_or(did)
    }
}

/// A page of records.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// The records, newest first.
    pub entries: Vec<Entry>,
    /// Where to go on, if there may be more.
    pub next: Option<TrailRow>,
}

/// The records about a thing in sight, newest first.
///
/// # Errors
/// Those of whoever shows the thing: `staff.role`, `resource.not_found`.
pub async fn list(world: &World, staff: &Staff, thing: Thing, mut wanted: Wanted) -> Result<Listed, Error> {
    thing.is_seen_by(world, staff).await?;
    if let (Thing::Everything, Some(request)) = (thing, wanted.request) {
        wanted.near(request.made_at());
    }
    if wanted.proofs == Proofs::With {
        // What was done a moment ago is under a head before it is proven.
        seal(world).await?;
        wanted.limit = wanted.limit.min(RECORDS);
    }
    let (asker, ring) = (staff.clone(), world.keys().ring());
    let is_auditor = authorize(staff, Operation::AuditExport, everywhere()?).is_ok();
    world
        .db()
        .read(move |tx| {
            let keys = (wanted.proofs == Proofs::With).then(|| ring.rows());
            let objects = thing.references(tx, asker.org)?;
            let narrows = !is_auditor && matches!(thing, Thing::Matter(_) | Thing::Channel(_));
            let mut reader = Reader { onlooker: narrows.then_some(&asker), ..Reader::new(is_auditor, keys) };
            page(tx, &mut reader, objects.as_deref(), &wanted)
        })
        .await
}

fn page(
    tx: &mut ReadTx<'_>,
    reader: &mut Reader<'_>,
    objects: Option<&[Reference]>,
    wanted: &Wanted,
) -> Result<Listed, Error> {
    let stride = if wanted.is_filter() { STRIDE } else { wanted.limit + 1 };
    let from = wanted.from.map_or(i64::MIN, Timestamp::as_micros);
    let (mut listed, mut before, mut looked) = (Listed::default(), wanted.start(), 0);
    loop {
        let rows = match objects {
            Some(objects) => filed(tx, objects, &before, stride)?,
            None => store::audit::list_recent(tx, &before, from, i64::try_from(stride).unwrap_or(i64::MAX))?,
        };
        let is_last = rows.len() < stride;
        for row in rows {
            if row.at < from {
                return Ok(listed);
            }
            if listed.entries.len() == wanted.limit || looked == MOST_LOOKED || reader.is_spent() {
                listed.next = Some(before);
                return Ok(listed);
            }
            (before, looked) = (row, looked + 1);
            let entry = reader.entry(tx, row)?;
            if wanted.admits(&entry) && reader.shows(tx, &entry.record)? {
                listed.entries.push(reader.complete(tx, entry)?);
            }
        }
        if is_last {
            return Ok(listed);
        }
    }
}

/// Where the records about any of `objects` are, newest first, before `before`; one that is about two of them once.
fn filed(
    tx: &mut ReadTx<'_>,
    objects: &[Reference],
    before: &TrailRow,
    stride: usize,
) -> Result<Vec<TrailRow>, Error> {
    let limit = i64::try_from(stride).unwrap_or(i64::MAX);
    let mut rows = Vec::new();
    for object in objects {
        rows.extend(store::audit::list_trail(tx, &object.encode(), before, limit)?);
    }
    rows.sort_unstable_by(|one, other| other.cmp(one));
    rows.dedup();
    rows.truncate(stride);
    Ok(rows)
}

/// What was read for a page: an organisation is read once, and of each log the newest block stays, since rows descend. What
/// is read is counted, so that no page costs more than its budget and one record.
struct Reader<'a> {
    is_auditor: bool,
    /// Who is not shown what is others' own business in a matter.
    onlooker: Option<&'a Staff>,
    keys: Option<&'a [KeyRow]>,
    blocks: HashMap<[u8; 16], BlockRow>,
    orgs: HashMap<[u8; 16], Option<OrgRow>>,
    bytes: usize,
    leaves: i64,
}

fn missing() -> Error {
    Error::internal("a trail leads to no record")
}

impl<'a> Reader<'a> {
    fn new(is_auditor: bool, keys: Option<&'a [KeyRow]>) -> Self {
        let (blocks, orgs) = (HashMap::new(), HashMap::new());
        Self { is_auditor, onlooker: None, keys, blocks, orgs, bytes: 0, leaves: 0 }
    }

    fn is_spent(&self) -> bool {
        self.bytes > MOST_BYTES || self.leaves > MOST_LEAVES
    }

    fn block(&mut self, tx: &mut ReadTx<'_>, row: &TrailRow) -> Result<&BlockRow, Error> {
        let holds = |block: &BlockRow| {
            let count = i64::try_from(block.leaves.len() / 32).unwrap_or_default();
            (block.first..block.first.saturating_add(count)).contains(&row.place)
        };
        if !self.blocks.get(&row.log).is_some_and(holds) {
            let block = store::audit::find_block_of(tx, &row.log, row.place)?.ok_or_else(missing)?;
            self.bytes += block.records.len() + block.leaves.len();
            self.blocks.insert(row.log, block);
        }
        self.blocks.get(&row.log).ok_or_else(missing)
    }

    /// As much of an entry as says whether it is wanted.
    fn entry(&mut self, tx: &mut ReadTx<'_>, row: TrailRow) -> Result<Entry, Error> {
        let block = self.block(tx, &row)?;
        let written_at = Timestamp::from_micros(block.at);
        let record = record_at(block, row.place)?;
        let org = self.org(tx, &record)?.map(|org| org.name.clone());
        Ok(Entry { row, record, org, words: None, address: None, written_at, proven: None })
    }

    /// What else is shown of it.
    fn complete(&mut self, tx: &mut ReadTx<'_>, mut entry: Entry) -> Result<Entry, Error> {
        let record = &entry.record;
        if let (Actor::Party(party), Some(object)) = (record.actor, record.object.filter(has_words))
            && party.prefix() == StaffId::PREFIX
        {
            entry.words = store::remark::find_of(tx, object.id(), record.at.as_micros(), party.id())?;
        }
        if let Some(request) = record.request.filter(|_| self.is_auditor && record.whence.is_some()) {
            entry.address = store::audit::find_request(tx, request.as_bytes())?;
        }
        if let Some(keys) = self.keys {
            let (at, bytes) = (proof::place(entry.row.place)?, record.encode());
            let block = self.block(tx, &entry.row)?;
            let (first, of) = (block.first, proof::of_record(tx, keys, block, at, bytes));
            entry.proven = if_provable(of)?;
            self.leaves += entry.proven.as_ref().map_or(0, |proven| proven.size.saturating_sub(first));
        }
        Ok(entry)
    }

    /// Whether the asker is shown a record about a matter: an owner has no part in advice, and in whose hands an office has put
    /// a matter is its own business.
    fn shows(&mut self, tx: &mut ReadTx<'_>, record: &Record) -> Result<bool, Error> {
        let Some(asker) = self.onlooker else { return Ok(true) };
        let action = record.action.as_str();
        let is_own = self.org(tx, record)?.is_some_and(|org| org.id == *asker.org.as_bytes());
        let is_owner = matches!(asker.sight(), Sight::Own(_));
        Ok(match record.object {
            _ if action == "matter.assigned" => is_own,
            _ if action.starts_with("advice.") => !is_owner,
            Some(file) if is_owner && !is_own && file.prefix() == AttachmentId::PREFIX => {
                let row = store::attachment::find(tx, file.id())?;
                let matter = row.as_ref().map(|row| row.matter_id).unwrap_or_default();
                !attachment::service::shown(tx, asker, &matter, row.into_iter().collect())?.is_empty()
            }
            _ => true,
        })
    }

    /// The organisation of whoever acted, when a member of staff did.
    fn org(&mut self, tx: &mut ReadTx<'_>, record: &Record) -> Result<Option<&OrgRow>, Error> {
        let Actor::Party(party) = record.actor else { return Ok(None) };
        if party.prefix() != StaffId::PREFIX {
            return Ok(None);
        }
        let known = match self.orgs.entry(*party.id()) {
            hash_map::Entry::Occupied(known) => known.into_mut(),
            hash_map::Entry::Vacant(unknown) => {
                let staff = store::org::find_staff(tx, party.id())?;
                let org = staff.map(|staff| store::org::find(tx, &staff.org_id)).transpose()?;
                unknown.insert(org.flatten())
            }
        };
        Ok(known.as_ref())
    }
}

/// No proof where there is none yet, since no head covers the record, or none here, since only an export can prove it: the
/// other records of the page are shown all the same.
fn if_provable(made: Result<Proven, Error>) -> Result<Option<Proven>, Error> {
    match made {
        Ok(proven) => Ok(Some(proven)),
        Err(error) if UNPROVABLE.contains(&error.code()) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whose reasons are shown to whoever sees it anyhow.
fn has_words(object: &Reference) -> bool {
    const TOLD: [&str; 6] = [
        ChannelId::PREFIX,
        MatterId::PREFIX,
        TerminalId::PREFIX,
        StaffId::PREFIX,
        OpeningId::PREFIX,
        ParameterVersionId::PREFIX,
    ];
    TOLD.contains(&object.prefix())
}

fn record_at(block: &BlockRow, at: i64) -> Result<Record, Error> {
    let index = usize::try_from(at - block.first).map_err(|_| missing())?;
    let bytes = domain::audit::packed(&block.records).nth(index).ok_or_else(missing)??;
    Ok(Record::decode(bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_without_a_proof_is_shown_and_a_failure_is_not_hidden() {
        let of = |error: Error| if_provable(Err(error)).map(|proven| proven.is_none());
        assert_eq!(of(Error::not_found()).ok(), Some(true), "not sealed yet");
        assert_eq!(
            of(domain::audit::Refusal::OutOfRange.into()).ok(),
            Some(true),
            "only an export proves it"
        );
        for error in [Error::internal("the key of a head is gone"), domain::audit::Refusal::Unproven.into()] {
            assert!(of(error).is_err());
        }
    }

    #[test]
    fn a_page_ends_when_it_has_read_enough() {
        let mut reader = Reader::new(false, None);
        assert!(!reader.is_spent());
        reader.bytes = MOST_BYTES + 1;
        assert!(reader.is_spent());
        let reader = Reader { leaves: MOST_LEAVES + 1, ..Reader::new(false, None) };
        assert!(reader.is_spent());
    }
}
