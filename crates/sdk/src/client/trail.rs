//! Reading the records about one thing.

use super::call::{encode, with_query};
use super::{Items, Staff};
use crate::types::audit::{TrailEntry, TrailFilter};

/// Which path leads to the records about the thing with this id, if it is one of those that have some: an id by its prefix,
/// a parameter by its name, `team`, or `all`.
fn path_of(id: &str) -> Option<String> {
    const THINGS: [(&str, &str); 7] = [
        ("chn", "channels"),
        ("mat", "matters"),
        ("org", "orgs"),
        ("trm", "terminals"),
        ("card", "cards"),
        ("stf", "staff"),
        ("opn", "openings"),
    ];
    let of = |nouns: &str| format!("/api/v1/{nouns}/{}/trail", encode(id));
    match id {
        "team" => return Some("/api/v1/team/trail".to_owned()),
        "all" => return Some("/api/v1/audit/trail".to_owned()),
        _ => {}
    }
    if id.contains('.') {
        return Some(of("parameters"));
    }
    let (prefix, _) = id.split_once('_')?;
    THINGS.iter().find(|(known, _)| *known == prefix).map(|(_, nouns)| of(nouns))
}

impl Staff {
    /// The records about a channel, matter, organisation, terminal, card, account, opening or parameter, or about the own team
    /// (`team`), or everything on record (`all`), newest first; nothing when the id is of no such thing.
    pub fn trail(&self, id: &str, filter: &TrailFilter<'_>) -> Option<Items<'_, TrailEntry>> {
        let query = [
            ("actor", filter.actor),
            ("action", filter.action),
            ("request", filter.request),
            ("from", filter.from),
            ("until", filter.until),
            ("proven", filter.is_proven.then_some("true")),
        ];
        Some(self.client().list(with_query(&path_of(id)?, &query)))
    }
}
