//! `ykt notification`: what the own account is told by e-mail, and which messages it does not want to see counted.

use super::sign_in::read_code;
use super::word;
use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::types::notification::{
    CategoryView, MailLanguage, MessageCategory, NotificationView, SetNotification,
};
use std::path::PathBuf;

/// What can be done with what one is told.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Show it, with the address that mail goes to
    Show,
    /// Set it; what is not given stays as it is
    Set {
        /// A category that is not counted: access, running, security or exit; repeat for each, the list is replaced
        #[arg(long = "mute", value_name = "CATEGORY", value_parser = word::<MessageCategory>, conflicts_with = "mute_none")]
        muted: Vec<MessageCategory>,
        /// Every category is counted
        #[arg(long)]
        mute_none: bool,
        /// A category of which no mail is wanted, platform too; repeat for each, the list is replaced
        #[arg(long = "no-mail", value_name = "CATEGORY", value_parser = word::<MessageCategory>, conflicts_with = "mail_all")]
        unmailed: Vec<MessageCategory>,
        /// Every category is mailed
        #[arg(long)]
        mail_all: bool,
        /// The language of the mail: zh-CN or en
        #[arg(long, value_parser = word::<MailLanguage>)]
        language: Option<MailLanguage>,
    },
    /// Have a code mailed to an address
    Address {
        /// name@host
        address: String,
    },
    /// Confirm the address by the code that was mailed to it
    Confirm {
        /// File that holds the code; `-` is stdin. Without it, it is asked for on the terminal
        #[arg(long, value_name = "FILE")]
        code_file: Option<PathBuf>,
    },
    /// Take the address away: no mail is sent any more
    RemoveAddress,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show => context.output.item(&staff.notification()?),
            Self::Set { muted, mute_none, unmailed, mail_all, language } => {
                let before = staff.notification()?;
                let kept = |list: Vec<MessageCategory>, is_emptied: bool, held: fn(&CategoryView) -> bool| {
                    if is_emptied || !list.is_empty() { list } else { those(&before, held) }
                };
                let request = SetNotification {
                    muted: kept(muted, mute_none, |one| one.is_muted),
                    unmailed: kept(unmailed, mail_all, |one| !one.is_mailed),
                    language: language.unwrap_or(before.language),
                };
                context.output.item(&staff.set_notification(before.version, &request)?)
            }
            Self::Address { address } => {
                context.output.item(&staff.begin_mail_address(address.as_str().into())?)
            }
            Self::Confirm { code_file } => {
                context.output.item(&staff.confirm_mail_address(read_code(code_file)?)?)
            }
            Self::RemoveAddress => Ok(staff.remove_mail_address()?),
        }
    }
}

fn those(view: &NotificationView, held: fn(&CategoryView) -> bool) -> Vec<MessageCategory> {
    view.categories.iter().filter(|one| held(one)).map(|one| one.category).collect()
}
