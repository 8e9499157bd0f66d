//! `ykt sending`: what is put to many channels at once.

use super::{Page, first, word};
use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::{Args, Subcommand};
use sdk::types::channel::ChannelClass;
use sdk::types::notice::SendNotice;
use sdk::types::sending::{Audience, SendAmendment, SendingView};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

const FIELDS: [&str; 8] = ["sending_id", "kind", "title", "sent_at", "channels", "answered", "late", "open"];
const ENTRY_FIELDS: [&str; 6] =
    ["channel_number", "channel_name", "standing", "read_at", "answered_at", "reminded_on"];
const REMINDER_FIELDS: [&str; 3] = ["channel_id", "matter_id", "outcome"];

/// What can be done with many channels at once.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Send a notice; FILE is what it begins with, as JSON: topic, subject, words, `acknowledge_by`, …
    Notice(Told),
    /// Announce another text of the agreement to every channel that has one in force; FILE is JSON: version, text, `effective_on`, words
    Amendment(Told),
    /// List what was sent, newest first
    List(Page),
    /// Show who has answered and who has not
    Show {
        /// snd_…
        sending: String,
    },
    /// Remind the owners of all channels that have not answered, each once a day
    Remind {
        /// snd_…
        sending: String,
    },
}

/// What is sent to whom.
#[derive(Debug, Args)]
pub struct Told {
    file: PathBuf,
    /// Only to channels of this class; may be repeated
    #[arg(long = "class", value_parser = word::<ChannelClass>)]
    classes: Vec<ChannelClass>,
    /// Only to channels that serve here, six digits; may be repeated
    #[arg(long = "region")]
    regions: Vec<String>,
    /// Only to this channel, chn_…; may be repeated
    #[arg(long = "channel")]
    channel_ids: Vec<String>,
    /// Only say to which channels it would go
    #[arg(long)]
    dry_run: bool,
}

impl Told {
    fn audience(&self) -> Audience {
        let (classes, regions) = (self.classes.clone(), self.regions.clone());
        Audience { classes, regions, channel_ids: self.channel_ids.clone() }
    }
}

/// A sending as a line.
#[derive(Serialize)]
struct Line {
    sending_id: String,
    kind: String,
    title: String,
    sent_at: String,
    channels: i64,
    answered: i64,
    late: i64,
    open: i64,
}

impl From<SendingView> for Line {
    fn from(one: SendingView) -> Self {
        Self {
            sending_id: one.sending_id,
            kind: one.kind,
            title: one.title,
            sent_at: one.sent_at,
            channels: one.counts.channels,
            answered: one.counts.answered,
            late: one.counts.late,
            open: one.counts.open,
        }
    }
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Notice(told) => {
                let request = SendNotice { audience: told.audience(), opening: read(&told.file)? };
                let sent =
                    if told.dry_run { staff.try_notice(&request) } else { staff.send_notice(&request) };
                context.output.item(&sent?)
            }
            Self::Amendment(told) => {
                let request = SendAmendment { audience: told.audience(), amendment: read(&told.file)? };
                let sent =
                    if told.dry_run { staff.try_amendment(&request) } else { staff.send_amendment(&request) };
                context.output.item(&sent?)
            }
            Self::List(page) => {
                let lines: Vec<_> =
                    first(staff.sendings(), page.limit)?.into_iter().map(Line::from).collect();
                context.output.list(&lines, &FIELDS)
            }
            Self::Show { sending } => context.output.list(&staff.sending(&sending)?.entries, &ENTRY_FIELDS),
            Self::Remind { sending } => {
                context.output.list(&staff.remind_sending(&sending)?.rows, &REMINDER_FIELDS)
            }
        }
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path).attempt(format_args!("read {}", path.display()))?;
    serde_json::from_str(&text).attempt(format_args!("read {}", path.display()))
}
