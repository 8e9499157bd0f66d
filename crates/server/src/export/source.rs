//! Of which list an export is: reading what was asked, and the pages of the list itself.
//!
//! Invariant: the rows are those that the list's own service gives the owner, by the list's own filter. There is no other
//! query here, and no other right.

use super::cells::{self, Pair};
use crate::audit::http::{TrailQuery, exported};
use crate::audit::service::Exported;
use crate::audit::trail::{self, Thing, Wanted};
use crate::auth::{Staff, authorize_role};
use crate::matter::http::MatterQuery;
use crate::matter::list::{self, Filter};
use crate::terminal;
use crate::{Error, World};
use domain::export::{Language, Refusal};
use domain::id::{MatterId, TerminalId};
use domain::matter::Mine;
use domain::org::Operation;
use sdk::types::audit::ExportedList;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::HashMap;
use store::audit::TrailRow;

/// Rows of a page, as many as the lists themselves give at most.
const PAGE: usize = 200;
/// The filters of each list, as its own operation has them.
const OF_MATTERS: [&str; 7] = ["kind", "state", "channel_id", "ended", "mine", "waits", "due"];
const OF_TRAILS: [&str; 5] = ["actor", "action", "request", "from", "until"];

/// A list with what narrows it.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// Matters.
    Matter(Filter),
    /// Terminals.
    Terminal,
    /// The records about one thing.
    Trail(Thing, Wanted),
}

/// Where the next page begins.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    /// At the beginning.
    Start,
    /// Behind this matter.
    Matter(MatterId),
    /// Behind this terminal.
    Terminal(TerminalId),
    /// Behind this record.
    Record(TrailRow),
}

/// A page of rows as they are written.
#[derive(Debug)]
pub(super) struct Page {
    /// The rows; there may be none on a page that is followed by another.
    pub rows: Vec<Vec<String>>,
    /// Where the next one begins; none at the end.
    pub next: Option<Place>,
}

impl Source {
    /// The list that is asked for.
    ///
    /// # Errors
    /// `request.fields` naming `/list`, `/object_id` or what is wrong below `/filter`.
    pub(super) fn read(
        list: ExportedList,
        object: Option<&str>,
        filter: &Map<String, Value>,
    ) -> Result<(Self, &'static str), Error> {
        let found = match (exported(list, object)?, list) {
            (Exported::Trail { word, of }, _) => {
                let wanted = query::<TrailQuery>(filter, &OF_TRAILS)?.wanted("/filter/")?;
                (Self::Trail(of, Wanted { limit: PAGE, before: None, ..wanted }), word)
            }
            (Exported::List { word, .. }, ExportedList::Terminal) => {
                query::<Map<String, Value>>(filter, &[])?;
                (Self::Terminal, word)
            }
            (Exported::List { word, .. }, ExportedList::Matter) => (Self::matters(filter, None)?, word),
            (Exported::List { word, .. }, ExportedList::MatterActed) => {
                (Self::matters(filter, Some(Mine::Acted))?, word)
            }
            (Exported::List { word, .. }, ExportedList::MatterOpened) => {
                (Self::matters(filter, Some(Mine::Opened))?, word)
            }
            (Exported::List { .. }, _) => return Err(Error::field("/list", &Refusal::List)),
        };
        Ok(found)
    }

    fn matters(filter: &Map<String, Value>, mine: Option<Mine>) -> Result<Self, Error> {
        let asked = query::<MatterQuery>(filter, &OF_MATTERS)?.filter("/filter/")?;
        Ok(Self::Matter(Filter { mine: mine.or(asked.mine), ..asked }))
    }

    /// [`Source::read`] of what is stored.
    pub(super) fn stored(list: &str, object: Option<&str>, filter: &str) -> Result<Self, Error> {
        let unreadable = |error: serde_json::Error| Error::internal(format!("a stored export: {error}"));
        let list = serde_json::from_value(Value::String(list.to_owned())).map_err(unreadable)?;
        let filter = serde_json::from_str(filter).map_err(unreadable)?;
        Self::read(list, object, &filter).map(|(source, _)| source)
    }

    /// Whether somebody may see the list now.
    ///
    /// # Errors
    /// `staff.role`; `resource.not_found`
    pub(super) async fn admit(&self, world: &World, staff: &Staff) -> Result<(), Error> {
        match self {
            Self::Matter(_) => authorize_role(staff, Operation::MatterRead),
            Self::Terminal => authorize_role(staff, Operation::TerminalList),
            Self::Trail(thing, _) => thing.is_seen_by(world, staff).await,
        }
    }

    /// What it is called.
    pub(super) const fn title(&self) -> Pair {
        match self {
            Self::Matter(_) => ("办件", "Matters"),
            Self::Terminal => ("终端", "Terminals"),
            Self::Trail(..) => ("操作记录", "Records"),
        }
    }

    /// What its columns are called.
    pub(super) fn heads(&self, language: Language) -> Vec<&'static str> {
        let pairs: &[Pair] = match self {
            Self::Matter(_) => &cells::MATTER,
            Self::Terminal => &cells::TERMINAL,
            Self::Trail(..) => &cells::TRAIL,
        };
        pairs.iter().map(|pair| cells::say(*pair, language)).collect()
    }

    /// The page that begins at `from`, as `staff` sees it.
    ///
    /// # Errors
    /// Those of the list.
    pub(super) async fn page(
        &self,
        world: &World,
        staff: &Staff,
        from: Place,
        language: Language,
    ) -> Result<Page, Error> {
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        match self {
            Self::Matter(filter) => {
                let before = if let Place::Matter(id) = from { Some(id) } else { None };
                let found = list::list(world, staff, *filter, before, limit).await?;
                let last = found.last().map(|last| Place::Matter(MatterId::from_bytes(last.row.id)));
                let rows: Vec<_> = found.iter().map(|one| cells::matter(one, language)).collect();
                Ok(Page { next: last.filter(|_| rows.len() == PAGE), rows })
            }
            Self::Terminal => {
                let after = if let Place::Terminal(id) = from { Some(id) } else { None };
                let found = terminal::service::list(world, staff, after, limit).await?;
                let names = names(world, found.iter().map(|one| one.row.org_id).collect()).await?;
                let name = |org: &[u8; 16]| names.get(org).map_or("", String::as_str);
                let rows: Vec<_> =
                    found.iter().map(|one| cells::terminal(one, name(&one.row.org_id), language)).collect();
                let last = found.last().map(|last| Place::Terminal(TerminalId::from_bytes(last.row.id)));
                Ok(Page { next: last.filter(|_| rows.len() == PAGE), rows })
            }
            Self::Trail(thing, wanted) => {
                let before = if let Place::Record(row) = from { Some(row) } else { None };
                let wanted = Wanted { before, ..wanted.clone() };
                let found = trail::list(world, staff, *thing, wanted).await?;
                let rows = found.entries.iter().map(|entry| cells::record(entry, language)).collect();
                Ok(Page { rows, next: found.next.map(Place::Record) })
            }
        }
    }
}

/// The query of a list as an object of a body: its filters, and not which page.
fn query<T: DeserializeOwned>(filter: &Map<String, Value>, known: &[&str]) -> Result<T, Error> {
    if let Some(other) = filter.keys().find(|key| !known.contains(&key.as_str())) {
        let message = format!(
            "该列表没有此条件，可用：{0} (not a filter of this list, which has: {0})",
            known.join(" ")
        );
        return Err(Error::field_text(&format!("/filter/{other}"), "request.fields", &message));
    }
    serde_json::from_value(Value::Object(filter.clone()))
        .map_err(|error| Error::field_text("/filter", "request.fields", &format!("条件类型不正确 ({error})")))
}

/// The names of these organisations.
async fn names(world: &World, mut orgs: Vec<[u8; 16]>) -> Result<HashMap<[u8; 16], String>, Error> {
    orgs.sort_unstable();
    orgs.dedup();
    world
        .db()
        .read(move |tx| {
            let mut names = HashMap::new();
            for id in orgs {
                names.extend(store::org::find(tx, &id)?.map(|org| (id, org.name)));
            }
            Ok(names)
        })
        .await
}
