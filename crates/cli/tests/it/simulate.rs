//! Years of channels, played by the real binary: the same bytes every time, and nothing that the regulation forbids.

use crate::process::{Home, text};

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

#[test]
fn years_pass_and_nothing_happens_that_the_regulation_forbids() {
    let report = play(2, 20, 1);
    for line in
        ["exit.close", "risk_event.confirm", "monitoring.evaluate", "agreement.sign", "channel.leaving"]
    {
        assert!(report.contains(line), "{line} never happened:\n{report}");
    }
}
