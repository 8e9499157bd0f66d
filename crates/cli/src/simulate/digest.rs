//! What the bodies of matters say came about: classes, causes, grounds, triggers, liabilities, each with its clause.

use super::play::Play;
use crate::failure::Failure;
use domain::exit::Ground;
use domain::risk_event::Cause;
use serde_json::Value;

/// Where a body has something that is not nothing, and the clause by which it came about.
const MARKS: [(&str, &str, &str); 25] = [
    ("application", "/filed/parent", "CH-4.2"),
    ("application", "/filed/parent", "CH-11.1a"),
    ("application", "/filed/commitment", "CH-F2.10"),
    ("application", "/test/tasks/0/opinion", "CH-8.1b"),
    ("application", "/test/tasks/1/opinion", "CH-F1.15"),
    ("application", "/first/tasks/1/opinion", "CH-F3.3"),
    ("application", "/consultation/tasks/0", "CH-8.1d"),
    ("application", "/consultation/tasks/31/opinion", "CH-8.1e"),
    ("application", "/waived/0", "CH-7.5"),
    ("agreement", "/signatures/0", "CH-25.2"),
    ("agreement", "/past/0", "CH-24.1"),
    ("agreement", "/amendment", "CH-25.1"),
    ("security_report", "/validity", "CH-28.0"),
    ("security_report", "/validity", "CH-9.2"),
    ("risk_event", "/is_late_report", "CH-27.2"),
    ("risk_event", "/jointly_liable", "CH-11.4c"),
    ("risk_event", "/is_mainly_liable", "CH-28.6b"),
    ("risk_event", "/is_secret", "CH-27.4"),
    ("risk_event", "/observation", "CH-24.3"),
    ("exit", "/voluntary/special_reason", "CH-32.1"),
    ("exit", "/voluntary", "CH-32.2"),
    ("exit", "/forced", "CH-35.0"),
    ("exit", "/prompts/0", "CH-34.1"),
    ("monitoring", "/improvement", "CH-23.1e"),
    ("monitoring", "/warned_at", "CH-23.1f"),
];

impl Play {
    /// Counts what the bodies of all matters say.
    ///
    /// # Errors
    /// The world cannot be read.
    pub fn digest(&mut self) -> Result<(), Failure> {
        let mut before = vec![u8::MAX; 16];
        loop {
            let after = before.clone();
            let rows = self.stage.read(move |tx| Ok(store::matter::list(tx, &after, 500)?))?;
            let Some(last) = rows.last() else { return Ok(()) };
            before = last.id.to_vec();
            for row in &rows {
                let body = self.body(row)?;
                self.marks(&row.kind, &body);
            }
        }
    }

    fn marks(&mut self, kind: &str, body: &Value) {
        for (of, pointer, clause) in MARKS {
            let found = body.pointer(pointer);
            if of == kind && found.is_some_and(|value| !value.is_null() && *value != Value::Bool(false)) {
                self.tally.came(clause);
            }
        }
        let each =
            |pointer: &str| body.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
        for ground in each("/filed/grounds").iter().filter(|ground| ground["holds"] == true) {
            self.tally.came(ground["clause"].as_str().unwrap_or_default());
            self.tally.came("CH-3.0");
        }
        let relation = body.pointer("/filed/parent/relation").and_then(Value::as_str);
        match relation {
            Some("same_entity") => self.tally.came("CH-10.1"),
            Some(_) => self.tally.came("CH-10.2"),
            None => {}
        }
        let word = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        if let Ok(cause) = word("/finding/cause").parse::<Cause>() {
            self.tally.came(cause.clause());
            self.tally.came(cause.grade().clause());
        }
        if let Ok(ground) = word("/forced/ground").parse::<Ground>() {
            self.tally.came(ground.clause());
        }
        for test in each("/tests") {
            for trigger in test["triggers"].as_array().into_iter().flatten() {
                self.tally.came(match trigger.as_str() {
                    Some("issuance") => "CH-23.1a",
                    Some("falls") => "CH-23.1b",
                    Some("active_users") => "CH-23.1c",
                    _ => "CH-23.2",
                });
                self.tally.came("CH-23.1d");
            }
        }
    }
}
