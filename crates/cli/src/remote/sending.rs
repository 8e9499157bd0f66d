//! `ykt sending`: what is put to many channels at once.

use super::{Page, first, word};
use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::{Args, Subcommand};
use data_encoding::HEXLOWER;
use sdk::client::Error;
use sdk::types::channel::ChannelClass;
use sdk::types::key_rotation::SendKeyRotation;
use sdk::types::notice::SendNotice;
use sdk::types::sending::{Audience, RotationProgress, SendAmendment, SendingEntry, SendingView, Sent};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};

const FIELDS: [&str; 11] = [
    "sending_id",
    "kind",
    "title",
    "state",
    "send_at",
    "sent_at",
    "channels",
    "answered",
    "late",
    "open",
    "left_out",
];
const ENTRY_FIELDS: [&str; 6] =
    ["channel_number", "channel_name", "standing", "read_at", "answered_at", "reminded_on"];
const ROTATION_FIELDS: [&str; 8] = [
    "channel_number",
    "channel_name",
    "standing",
    "stage",
    "change_matter_id",
    "old_ends_at",
    "answered_at",
    "reminded_on",
];
/// The kind of a sending that asks for another key.
const ROTATION: &str = "key_rotation";
const LEFT_OUT_FIELDS: [&str; 4] = ["channel_number", "channel_name", "code", "en"];
const REMINDER_FIELDS: [&str; 3] = ["channel_id", "matter_id", "outcome"];

/// What can be done with many channels at once.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Send a notice; FILE is what it begins with, as JSON: topic, subject, words, `acknowledge_by`, …
    Notice(Told),
    /// Announce another text of the agreement to every channel that has one in force; FILE is JSON: version, text, `effective_on`, words
    Amendment(Told),
    /// Ask for another key by a day; FILE is JSON: usage (`caller` or `encrypt`), subject, words, `rotate_by`, `ends_old`
    Rotation(Told),
    /// List what was sent or is planned, newest first
    List(Page),
    /// Take back what is planned and has not begun
    Cancel {
        /// snd_…
        sending: String,
    },
    /// Show who has answered and who has not
    Show {
        /// snd_…
        sending: String,
    },
    /// Show to which channels of its audience it could not be put, and why
    LeftOut {
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
    /// Of a rotation: only channels whose key in use was registered before this day, YYYY-MM-DD
    #[arg(long = "registered-before", value_name = "DAY")]
    registered_before: Option<String>,
    /// Only say to which channels it would go
    #[arg(long)]
    dry_run: bool,
    /// The key of an earlier try that was not answered: if that one was done, this does nothing again
    #[arg(long)]
    key: Option<String>,
    /// Send it at this moment instead of now, such as 2026-12-01T09:00:00+08:00
    #[arg(long = "at")]
    send_at: Option<String>,
}

impl Told {
    fn audience(&self) -> Audience {
        let (classes, regions) = (self.classes.clone(), self.regions.clone());
        let registered_before = self.registered_before.clone();
        Audience { classes, regions, channel_ids: self.channel_ids.clone(), registered_before }
    }

    /// Sends it under its key, which is told when no answer comes.
    fn send(&self, put: impl Fn(&str) -> Result<Sent, Error>) -> Result<Sent, Failure> {
        let key = self.key.clone().unwrap_or_else(|| HEXLOWER.encode(&gm::random::bytes::<16>()));
        put(&key).map_err(|error| {
            // A time limit, and whoever is still at it, are answers that say nothing about what is done.
            let is_unanswered = match &error {
                Error::Refused(problem) => {
                    problem.status >= 500
                        || matches!(&*problem.code, "request.timeout" | "idempotency.in_flight")
                }
                Error::Setup(_) => false,
                _ => true,
            };
            let failure = Failure::from(error);
            let repeat = || format!("it may have been sent: repeat it with --key {key}, which sends it once");
            if is_unanswered { failure.hint(repeat()) } else { failure }
        })
    }
}

/// A sending as a line.
#[derive(Serialize)]
struct Line {
    sending_id: String,
    kind: String,
    title: String,
    state: String,
    send_at: Option<String>,
    sent_at: Option<String>,
    channels: i64,
    answered: i64,
    late: i64,
    open: i64,
    left_out: i64,
}

impl From<SendingView> for Line {
    fn from(one: SendingView) -> Self {
        Self {
            sending_id: one.sending_id,
            kind: one.kind,
            title: one.title,
            state: one.state,
            send_at: one.send_at,
            sent_at: one.sent_at,
            channels: one.counts.channels,
            answered: one.counts.answered,
            late: one.counts.late,
            open: one.counts.open,
            left_out: one.counts.left_out,
        }
    }
}

/// One channel of a rotation as a line.
#[derive(Serialize)]
struct RotationLine {
    #[serde(flatten)]
    entry: SendingEntry,
    stage: Option<String>,
    change_matter_id: Option<String>,
    old_ends_at: Option<String>,
}

impl From<SendingEntry> for RotationLine {
    fn from(mut entry: SendingEntry) -> Self {
        let rotation = entry.rotation.take();
        let of = |read: fn(&RotationProgress) -> Option<String>| rotation.as_ref().and_then(read);
        Self {
            stage: of(|found| Some(found.stage.clone())),
            change_matter_id: of(|found| found.change_matter_id.clone()),
            old_ends_at: of(|found| found.old_ends_at.clone()),
            entry,
        }
    }
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Notice(told) => {
                let request = SendNotice {
                    audience: told.audience(),
                    opening: read(&told.file)?,
                    send_at: told.send_at.clone(),
                };
                let sent = if told.dry_run {
                    staff.try_notice(&request)?
                } else {
                    told.send(|key| staff.send_notice_keyed(key, &request))?
                };
                context.output.item(&sent)
            }
            Self::Amendment(told) => {
                let request = SendAmendment {
                    audience: told.audience(),
                    amendment: read(&told.file)?,
                    send_at: told.send_at.clone(),
                };
                let sent = if told.dry_run {
                    staff.try_amendment(&request)?
                } else {
                    told.send(|key| staff.send_amendment_keyed(key, &request))?
                };
                context.output.item(&sent)
            }
            Self::Rotation(told) => {
                let request = SendKeyRotation {
                    audience: told.audience(),
                    opening: read(&told.file)?,
                    send_at: told.send_at.clone(),
                };
                let sent = if told.dry_run {
                    staff.try_key_rotation(&request)?
                } else {
                    told.send(|key| staff.send_key_rotation_keyed(key, &request))?
                };
                context.output.item(&sent)
            }
            Self::List(page) => {
                let lines: Vec<_> =
                    first(staff.sendings(), page.limit)?.into_iter().map(Line::from).collect();
                context.output.list(&lines, &FIELDS)
            }
            Self::Cancel { sending } => {
                let cancelled = Line::from(staff.cancel_sending(&sending)?);
                context.output.list(&[cancelled], &FIELDS)
            }
            Self::Show { sending } => {
                let found = staff.sending(&sending)?;
                if found.kind != ROTATION {
                    return context.output.list(&found.entries, &ENTRY_FIELDS);
                }
                let lines: Vec<_> = found.entries.into_iter().map(RotationLine::from).collect();
                context.output.list(&lines, &ROTATION_FIELDS)
            }
            Self::LeftOut { sending } => {
                context.output.list(&staff.sending(&sending)?.left_out, &LEFT_OUT_FIELDS)
            }
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
