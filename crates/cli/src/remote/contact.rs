//! `ykt channel contact`.

use super::sign_in::read_code;
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::Reveal;
use std::path::PathBuf;

/// What can be done about whom to call.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show whom to call now and who was before; masked, save for the owner
    Show {
        /// chn_…
        channel: String,
    },
    /// Show whom to call now in clear; that you asked, and why, is on record
    Reveal {
        /// chn_…
        channel: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Have a code mailed to the contact of an own channel
    MailCode {
        /// chn_…
        channel: String,
    },
    /// Confirm the contact's address by the code that was mailed to it
    Confirm {
        /// chn_…
        channel: String,
        /// File that holds the code; `-` is stdin. Without it, it is asked for on the terminal
        #[arg(long, value_name = "FILE")]
        code_file: Option<PathBuf>,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show { channel } => context.output.item(&staff.channel_contacts(&channel)?),
            Self::Reveal { channel, reason } => {
                context.output.item(&staff.reveal_channel_contact(&channel, &Reveal { reason })?)
            }
            Self::MailCode { channel } => context.output.item(&staff.mail_contact_code(&channel)?),
            Self::Confirm { channel, code_file } => {
                context.output.item(&staff.confirm_channel_contact(&channel, read_code(code_file)?)?)
            }
        }
    }
}
