//! Who may move the last day of what a matter waits for (C21): one table of every wait that has one.
//!
//! Invariant: what stands here is what the rules of the kind can do. Whoever may only end the matter, or begin it anew, does not
//! move its day. The calendar moves days that were provisional, for every kind alike; that is no extension.

use super::{Kind, Party};

/// Whether, and by whom, a last day is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// By nobody: 不可延长.
    Never,
    /// By these, by a clause.
    By {
        /// Each of them has a part in it.
        parties: &'static [Party],
        /// The clause.
        clause: &'static str,
    },
}

/// What a kind waits for until a last day, and who may move that.
type Row = (&'static str, Extension);

/// The waits of a kind that have a last day.
pub const fn extensions(kind: Kind) -> &'static [Row] {
    use Extension::{By, Never};
    match kind {
        Kind::Application => &[("reply", Never), ("note_silence", Never)],
        Kind::Agreement => &[("expire", Never), ("take_effect", Never), ("sign", Never), ("decide", Never)],
        Kind::SigningKey | Kind::KeyChange | Kind::CallbackChange | Kind::Suggestion => &[],
        Kind::KeyRotation => &[("rotate", Never), ("close", Never)],
        Kind::SecurityReport => &[("submit", Never), ("lapse", Never), ("remind", Never), ("renew", Never)],
        // R8: a month that has passed in vain is over, and the ministry may agree to another: that one begins anew, this is not moved.
        Kind::RiskEvent => &[("rectify", Never), ("retest", Never), ("observe", Never)],
        Kind::Monitoring => &[("improve", Never)],
        Kind::Exit => &[
            ("reply", Never),
            ("decide", Never),
            ("prompt", Never),
            ("announce", Never),
            ("close", Never),
            ("certify", Never),
        ],
        Kind::Notice => &[("acknowledge", Never), ("upgrade", Never)],
        Kind::Maintenance => &[("acknowledge", Never), ("finish", Never)],
        Kind::Campaign => &[("review", Never), ("revise", Never), ("report", Never)],
        Kind::Ticket => &[("answer", Never), ("close", Never)],
        Kind::Filing => &[("report", Never)],
        // ND-3.5e: the region that has ordered it gives more time when it is asked for.
        Kind::Rectification => {
            &[("answer", By { parties: &[Party::Prefecture, Party::Province], clause: "ND-3.5e" })]
        }
    }
}

/// R18, CH-34.3: the last day of a voluntary exit is not before its announcement has run, and its owner may announce it anew.
pub const ANNOUNCED: Extension = Extension::By { parties: &[Party::Owner], clause: "CH-34.3" };

/// Who may move the last day of what is waited for by a clause; none of what has no last day.
pub fn extension(kind: Kind, task: &str, clause: &str) -> Option<Extension> {
    // The day of a forced exit is set by those who decided it.
    if kind == Kind::Exit && task == "close" && clause == "CH-34.3" {
        return Some(ANNOUNCED);
    }
    extensions(kind).iter().find(|(known, _)| *known == task).map(|(_, extension)| *extension)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write;

    /// R8, R18, ND-3.5e: every wait with a last day, and who may move that. That the table is whole is asserted wherever a
    /// step leaves a wait.
    #[test]
    fn who_may_move_a_last_day() {
        let mut table = String::new();
        for kind in Kind::ALL {
            for (task, extension) in extensions(*kind) {
                let told = match extension {
                    Extension::Never => "never".to_owned(),
                    Extension::By { parties, clause } => {
                        let parties: Vec<_> = parties.iter().map(|party| party.as_str()).collect();
                        format!("{}, {clause}", parties.join(" "))
                    }
                };
                _ = writeln!(table, "{kind} {task}: {told}");
            }
        }
        assert_eq!(extension(Kind::Exit, "close", "CH-34.3"), Some(ANNOUNCED));
        assert_eq!(extension(Kind::Exit, "close", "CH-33.3"), Some(Extension::Never));
        expect_test::expect_file!["extensions.txt"].assert_eq(&table);
    }
}
