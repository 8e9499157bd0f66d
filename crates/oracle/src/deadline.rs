//! Last days: each is met by an action, or by a default that is written down (CH-17.1, CH-24.1, CH-28.4a, CH-31.1 and
//! every other clause with a period).

use crate::{CaseNo, Day, Oracle};

/// For whom a matter waits.
#[derive(Debug, Clone)]
pub struct Wait {
    /// What for.
    pub task: String,
    /// The last day.
    pub due_on: Option<Day>,
    /// Whether its passing was written down.
    pub is_recorded: bool,
}

impl Oracle {
    /// For whom a matter waits now.
    pub fn waits(&mut self, case: CaseNo, waits: Vec<Wait>) {
        if let Some(case) = self.cases.get_mut(&case) {
            case.waits = waits;
        }
    }

    /// After the platform's own work of a day: no last day lies behind it without a consequence.
    pub fn deadlines(&mut self) {
        let today = self.today;
        let mut missed = Vec::new();
        let mut looked = 0;
        for (no, case) in self.open.iter().filter_map(|no| Some((no, self.cases.get(no)?))) {
            for wait in &case.waits {
                looked += 1;
                if wait.due_on.is_some_and(|due| due < today) && !wait.is_recorded {
                    missed
                        .push(format!("{} {no}: `{}` has passed and nothing followed", case.kind, wait.task));
                }
            }
        }
        for (channel, day) in std::mem::take(&mut self.upgraded) {
            looked += 1;
            let is_asked = self.cases_of(channel).any(|(_, case)| {
                let first = case.steps.first();
                case.kind == "security_report"
                    && first.is_some_and(|step| step.party == "platform" && step.day == day)
            });
            if !is_asked {
                missed.push(format!("CH-28.4b: channel {channel} was upgraded and is asked for no test"));
            }
        }
        self.checks += looked;
        self.found.extend(missed.into_iter().map(|wrong| format!("{today}: {wrong}")));
    }
}
