//! Clauses joined with what cites them: each gets its status, and whatever contradicts itself a complaint.

use super::citation::{Citations, Place, Test};
use super::table::{Clause, Tables};
use crate::prove::Proof;
use std::collections::BTreeSet;

/// Crates whose code can enforce a rule; wire types and the command line only speak of it.
const ENFORCING: [&str; 4] = ["crates/domain/", "crates/store/", "crates/server/", "crates/gm/"];
const MIGRATIONS: &str = "migrations/";
/// Where the numbers are: shown as a place, but a number that no rule reads enforces nothing.
const NUMBERS: [&str; 2] = ["crates/domain/src/parameter.rs", "crates/domain/src/parameter/standard.rs"];

/// How far a clause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Enforced, a test cites it, and tests notice when a number of it is another.
    Proven,
    /// Enforced, and no test cites it, or none notices.
    Unproven,
    /// A test cites it, and no code does.
    Untraced,
    /// A duty of people, of which the platform keeps evidence.
    Evidence,
    /// Out of scope so far, with a reason.
    Later,
    /// Policy text.
    Policy,
    /// Nothing, and nobody said why.
    Open,
}

impl Status {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Proven, Self::Unproven, Self::Untraced, Self::Evidence, Self::Later, Self::Policy, Self::Open];

    /// The word for readers, Chinese first.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proven => "已验证 proven",
            Self::Unproven => "已实现未验证 unproven",
            Self::Untraced => "已测试未标注 untraced",
            Self::Evidence => "仅留证 evidence only",
            Self::Later => "后续 later",
            Self::Policy => "政策 policy",
            Self::Open => "未覆盖 open",
        }
    }
}

/// A clause with all that is known of it.
#[derive(Debug)]
pub struct Row<'a> {
    pub clause: &'a Clause,
    pub status: Status,
    /// Why nothing is enforced, when the table says so.
    pub reason: &'a str,
    pub places: Vec<&'a Place>,
    pub tests: Vec<&'a Test>,
}

impl Row<'_> {
    /// An enforceable rule about channels that no test proves.
    pub fn is_gap(&self) -> bool {
        self.clause.must_be_proven() && self.tests.is_empty()
    }
}

/// The places of enforcing code that cite `id`.
pub fn places<'a>(found: &'a Citations, id: &str) -> Vec<&'a Place> {
    let enforcing =
        |file: &str| ENFORCING.iter().any(|one| file.starts_with(one)) || file.starts_with(MIGRATIONS);
    found.places.iter().filter(|place| place.ids.contains(id) && enforcing(&place.file)).collect()
}

/// The tests that cite `id`.
pub fn tests<'a>(found: &'a Citations, id: &str) -> Vec<&'a Test> {
    found.tests.iter().filter(|test| test.ids.contains(id)).collect()
}

/// Every clause in the order of the documents.
pub fn rows<'a>(tables: &'a Tables, found: &'a Citations, proofs: &[Proof]) -> Vec<Row<'a>> {
    let unnoticed = |id: &str| proofs.iter().any(|proof| proof.parameter.clause == id && !proof.holds());
    let row = |clause: &'a Clause| {
        let (places, tests) = (places(found, &clause.id), tests(found, &clause.id));
        let exemption = tables.exemption(clause);
        let reason = exemption.map_or("", |one| one.reason.as_str());
        let exempt = exemption.map(|one| one.status.as_str());
        let is_unenforced = places.iter().all(|place| NUMBERS.contains(&place.file.as_str()));
        let status = match (is_unenforced, tests.is_empty(), exempt) {
            (false, false, _) if unnoticed(&clause.id) => Status::Unproven,
            (false, false, _) => Status::Proven,
            (true, false, _) => Status::Untraced,
            (_, true, Some("later")) => Status::Later,
            (_, true, Some("policy")) => Status::Policy,
            (false, true, _) => Status::Unproven,
            (true, true, Some(_)) => Status::Evidence,
            (true, true, None) if clause.kind == "P" => Status::Policy,
            (true, true, None) => Status::Open,
        };
        let reason = if tests.is_empty() { reason } else { "" };
        Row { clause, status, reason, places, tests }
    };
    tables.clauses.iter().map(row).collect()
}

/// What contradicts itself: unknown ids, groups where a clause is wanted, exemptions that have no ground any more.
pub fn complaints(tables: &Tables, found: &Citations) -> Vec<String> {
    let mut complaints = Vec::new();
    for test in &found.tests {
        for id in test.ids.iter().filter(|id| !tables.knows(id)) {
            let why = if tables.knows_group(id) {
                "a test cites a clause, not an article"
            } else {
                "no such clause"
            };
            complaints.push(format!("{}: `{}` cites {id}: {why}", test.file, test.path));
        }
    }
    for place in &found.places {
        for id in place.ids.iter().filter(|id| !tables.knows(id) && !tables.knows_group(id)) {
            complaints.push(format!("{}: `{}` cites {id}: no such clause", place.file, place.symbol));
        }
    }
    for exemption in &tables.exemptions {
        let covered: Vec<_> =
            tables.clauses.iter().filter(|clause| clause.belongs_to(&exemption.id)).collect();
        if !["later", "policy", "evidence"].contains(&exemption.status.as_str())
            || exemption.reason.is_empty()
        {
            complaints
                .push(format!("scope: {} needs `later`, `policy` or `evidence` and a reason", exemption.id));
        } else if covered.is_empty() {
            complaints.push(format!("scope: {} is no clause", exemption.id));
        } else if exemption.status == "later" && covered.iter().all(|one| !tests(found, &one.id).is_empty()) {
            complaints.push(format!("scope: {} is proven; remove its row", exemption.id));
        }
    }
    complaints
}

/// The gaps there are, clauses and parameters, and complaints about those that the list does not allow. A listed gap
/// that was closed is simply not among them, so that the list shrinks when it is written.
pub fn gaps(tables: &Tables, rows: &[Row<'_>], proofs: &[Proof]) -> (BTreeSet<String>, Vec<String>) {
    let clauses = rows.iter().filter(|row| row.is_gap()).map(|row| row.clause.id.clone());
    let parameters = proofs.iter().filter(|proof| !proof.holds()).map(|proof| proof.parameter.name.clone());
    let gaps: BTreeSet<String> = clauses.chain(parameters).collect();
    let complaints = gaps.difference(&tables.gaps).map(|id| {
        let why = if id.starts_with("CH-") {
            "no test cites it"
        } else {
            "no test of `domain` that cites its clause notices when it is another number (`cargo xtask prove`)"
        };
        format!("{id}: {why}, and `{}` does not allow that", super::table::GAPS)
    });
    let complaints = complaints.collect();
    (gaps, complaints)
}

#[cfg(test)]
mod tests {
    use super::super::citation;
    use super::super::table::{Exemption, Reading};
    use super::*;
    use crate::prove::{Parameter, Shift};

    fn tables() -> Tables {
        let clause = |id: &str, kind: &str| Clause {
            id: id.into(),
            kind: kind.into(),
            zh: "文".into(),
            en: "text".into(),
        };
        let exemption = |id: &str, status: &str| Exemption {
            id: id.into(),
            status: status.into(),
            reason: "为何".into(),
        };
        Tables {
            clauses: vec![
                clause("CH-1.1", "P"),
                clause("CH-8.3a", "G"),
                clause("CH-8.3b", "G"),
                clause("CH-8.4a", "O"),
                clause("CM-27.1", "G"),
                clause("CM-27.2", "G"),
            ],
            readings: vec![Reading {
                id: "R1".into(),
                clauses: String::new(),
                zh: "读".into(),
                en: "so".into(),
            }],
            exemptions: vec![exemption("CM-27", "later"), exemption("CH-8.4a", "evidence")],
            gaps: BTreeSet::from(["CH-8.3b".to_owned()]),
        }
    }

    const PROVES_ONE: &str =
        "/// CH-8.3a, CH-8.3b\nfn check() {}\nmod tests { /// CH-8.3a\n#[test]\nfn only_apps() {} }";

    #[test]
    fn every_clause_has_one_status_and_the_reviewed_table_gives_the_reason() {
        let (tables, found) = (tables(), citation::read("crates/domain/src/channel.rs", PROVES_ONE));
        let statuses: Vec<_> = rows(&tables, &found, &[]).iter().map(|row| row.status).collect();
        use Status::{Evidence, Later, Policy, Proven, Unproven};
        assert_eq!(statuses, [Policy, Proven, Unproven, Evidence, Later, Later]);
        assert_eq!(complaints(&tables, &found), [""; 0]);
    }

    #[test]
    fn a_number_that_no_test_notices_leaves_its_clause_unproven_and_is_a_gap() {
        let parameter = Parameter {
            name: "channel.modes".into(),
            meaning: "方式".into(),
            value: 2,
            unit: "count".into(),
            least: 1,
            most: 9,
            clause: "CH-8.3a".into(),
        };
        let shift =
            |by: Option<&str>| Shift { units: 1, noticed_by: by.map(str::to_owned).into_iter().collect() };
        let (tables, found) = (tables(), citation::read("crates/domain/src/channel.rs", PROVES_ONE));
        for (by, status, gaps_found) in [(Some("only_apps"), Status::Proven, 1), (None, Status::Unproven, 2)]
        {
            let proofs = [Proof { parameter: parameter.clone(), shifts: vec![shift(by)] }];
            let rows = rows(&tables, &found, &proofs);
            assert_eq!(rows[1].status, status);
            assert_eq!(gaps(&tables, &rows, &proofs).0.len(), gaps_found);
        }
    }

    #[test]
    fn wire_types_enforce_nothing() {
        let found = citation::read("crates/sdk/src/types/channel.rs", "/// CH-8.3a\nfn check() {}");
        assert_eq!(rows(&tables(), &found, &[])[1].status, Status::Open);
    }

    #[test]
    fn a_number_alone_enforces_nothing() {
        let row = "const fn standard(name: Name) { match name { Name::Modes => (1, Some(\"CH-8.3a\")), } }";
        for file in NUMBERS {
            let (tables, found) = (tables(), citation::read(file, row));
            let rows = rows(&tables, &found, &[]);
            assert_eq!((rows[1].places.len(), rows[1].status), (1, Status::Open), "{file}");
        }
    }

    #[test]
    fn a_gap_that_is_not_listed_is_a_complaint_and_a_closed_one_leaves_the_list() {
        let tables = tables();
        let none = Citations::default();
        let (found, complaints) = gaps(&tables, &rows(&tables, &none, &[]), &[]);
        assert_eq!(found.len(), 2);
        assert!(complaints.len() == 1 && complaints[0].starts_with("CH-8.3a: no test cites it"));
        let both = PROVES_ONE.replace("/// CH-8.3a\n", "/// CH-8.3a, CH-8.3b\n");
        let found = citation::read("crates/domain/src/channel.rs", &both);
        assert_eq!(gaps(&tables, &rows(&tables, &found, &[]), &[]), (BTreeSet::new(), vec![]));
    }

    #[test]
    fn an_unknown_id_an_article_in_a_test_and_a_stale_exemption_are_complaints() {
        let text = "/// CH-99.1, CH-8\nfn check() {}\nmod tests { /// CH-8, CM-27.1, CM-27.2, R1\n#[test]\nfn only_apps() {} }";
        let found = citation::read("crates/domain/src/channel.rs", text);
        assert_eq!(
            complaints(&tables(), &found),
            [
                "crates/domain/src/channel.rs: `channel::tests::only_apps` cites CH-8: a test cites a clause, not an article",
                "crates/domain/src/channel.rs: `check` cites CH-99.1: no such clause",
                "scope: CM-27 is proven; remove its row",
            ]
        );
    }
}
