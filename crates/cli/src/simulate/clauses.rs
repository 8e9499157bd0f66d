//! Which rules of the channel measures the play must reach, and why it cannot reach the others.
//!
//! Invariant: `clauses.tsv` has a line for every clause of the measures that a machine can enforce. A clause whose line
//! says `fires` fires in one of the plays of the test suite, or the suite fails.

use std::collections::BTreeSet;

/// The lines: a clause, and `fires` or the reason why nothing in the play brings it about.
const LINES: &str = include_str!("clauses.tsv");

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    LINES.lines().filter_map(|line| line.split_once('\t'))
}

/// Clauses that must fire and have not.
pub fn silent(fired: &BTreeSet<String>) -> Vec<&'static str> {
    let wanted = lines().filter(|(_, says)| *says == "fires").map(|(clause, _)| clause);
    wanted.filter(|clause| !fired.contains(*clause)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clause::{ALL, Document, Kind};

    #[test]
    fn every_enforceable_clause_of_the_channel_measures_has_its_line() {
        let kinds =
            [Kind::Gate, Kind::State, Kind::Threshold, Kind::Authority, Kind::Consequence, Kind::Notice];
        let wanted: BTreeSet<_> = ALL
            .iter()
            .filter(|clause| clause.document == Document::ChannelMeasures && kinds.contains(&clause.kind))
            .map(|clause| clause.id)
            .collect();
        let listed: Vec<_> = lines().map(|(clause, _)| clause).collect();
        let known: BTreeSet<_> = listed.iter().copied().collect();
        assert_eq!(listed.len(), known.len(), "a clause has two lines");
        assert_eq!(known, wanted);
        assert!(lines().all(|(_, says)| says == "fires" || says.len() > 10), "a reason is a sentence");
    }
}
