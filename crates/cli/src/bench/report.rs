//! What was measured, as a table or JSON.

use super::rounds::Pair;
use crate::failure::Failure;
use crate::output::Output;
use serde::Serialize;

/// One line of the report.
#[derive(Debug, Clone, Serialize)]
struct Line {
    what: String,
    measured: String,
    goal: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached: Option<bool>,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
}

/// Lines in the order they were measured.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    lines: Vec<Line>,
}

impl Report {
    /// A ratio with a goal to reach.
    pub fn ratio(&mut self, what: &str, pair: &Pair, goal: f64) {
        let ratio = pair.ratio();
        let each = |values: &[f64]| values.iter().map(|v| format!("{v:.0}")).collect::<Vec<_>>().join(" ");
        self.push(Line {
            what: what.into(),
            measured: format!("{ratio:.2}"),
            goal: format!("≥ {goal}"),
            reached: Some(ratio >= goal),
            detail: format!(
                "{} /s beside {} /s{}",
                each(&pair.rates),
                each(&pair.ceilings),
                pair.told_processor()
            ),
        });
    }

    /// A figure with a goal in words.
    pub fn line(&mut self, what: &str, value: f64, goal: &str) {
        let limit: f64 = goal.trim_start_matches(['<', '≥', ' ']).parse().unwrap_or(f64::NAN);
        let reached = if goal.starts_with('<') { value < limit } else { value >= limit };
        self.push(Line {
            what: what.into(),
            measured: format!("{value:.2}"),
            goal: goal.into(),
            reached: (!limit.is_nan()).then_some(reached),
            detail: String::new(),
        });
    }

    /// A figure without a goal.
    pub fn text(&mut self, what: &str, measured: &str) {
        self.push(Line {
            what: what.into(),
            measured: measured.into(),
            goal: String::new(),
            reached: None,
            detail: String::new(),
        });
    }

    fn push(&mut self, line: Line) {
        crate::output::note(&format!("  {}: {} {} {}", line.what, line.measured, line.goal, line.detail));
        self.lines.push(line);
    }

    /// Prints everything.
    ///
    /// # Errors
    /// Standard output has gone.
    pub fn print(&self, output: Output) -> Result<(), Failure> {
        output.list(&self.lines, &["what", "measured", "goal", "reached", "detail"])
    }
}
