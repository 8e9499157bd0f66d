//! Years of channels, played by the real binary: the same bytes every time, and nothing that the regulation forbids.

use crate::process::{Home, text};
use std::collections::BTreeSet;

/// Seeds whose plays together reach everything that a play can reach.
const SEEDS: [u64; 3] = [2, 6, 7];

fn play(years: u32, channels: u32, seed: u64) -> String {
    let (years, channels, seed) = (years.to_string(), channels.to_string(), seed.to_string());
    let home = Home::new();
    let arguments = ["simulate", "--years", &years, "--channels", &channels, "--seed", &seed];
    let output = home.run(&arguments);
    assert!(output.status.success(), "seed {seed}: {}", text(&output.stderr));
    assert!(!home.data().exists(), "no data folder is touched");
    text(&output.stdout)
}

#[test]
fn a_seed_gives_the_same_report_byte_for_byte() {
    let first = play(1, 12, 7);
    assert_eq!(first, play(1, 12, 7));
    assert_ne!(first, play(1, 12, 8), "another seed is another country");
}

/// The clauses that a report calls silent.
fn silent(report: &str) -> BTreeSet<String> {
    let line = report.lines().find_map(|line| line.split_once("silent in this one:")).unwrap().1;
    line.split_whitespace().map(str::to_owned).collect()
}

/// The list of clauses that a play can reach is a file of the program; here every one of them fires.
#[test]
fn years_pass_without_anything_forbidden_and_every_reachable_clause_fires() {
    let reports: Vec<_> = std::thread::scope(|scope| {
        let plays: Vec<_> = SEEDS.iter().map(|seed| scope.spawn(|| play(3, 40, *seed))).collect();
        plays.into_iter().map(|play| play.join().unwrap()).collect()
    });
    let mut never = silent(&reports[0]);
    for report in &reports {
        let silent = silent(report);
        never.retain(|clause| silent.contains(clause));
    }
    assert!(never.is_empty(), "fire in none of the plays: {never:?}");
}
