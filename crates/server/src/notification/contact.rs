//! The letter with which a contact of a channel shows that they read their address.
//!
//! Invariant: it names the channel and holds the code, and nothing of the account that asked for it.

use super::address::give;
use super::letter::{self, Sheet};
use super::relay::{Relay, Untaken};
use super::service::Wish;
use crate::{Error, World};
use domain::export::Language;
use domain::id::StaffId;
use domain::notification::MailAddress;
use gm::Secret;
use std::sync::Arc;
use store::ReadTx;

/// What the letter is about.
#[derive(Debug, Clone)]
pub(crate) struct ContactLetter {
    /// The name of the channel.
    channel: String,
    /// In the language of whoever asked for it.
    language: Language,
}

impl ContactLetter {
    /// About a channel, in the language that an account gets mail in.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn of(tx: &mut ReadTx<'_>, asker: StaffId, channel: &str) -> Result<Self, Error> {
        let wish = Wish::of(&store::notification::get(tx, asker.as_bytes())?)?;
        Ok(Self { channel: channel.to_owned(), language: wish.language })
    }
}

/// Mails a code that holds for some minutes; what the relay said when it did not take the letter.
///
/// # Errors
/// Internal: the letter cannot be made.
pub(crate) async fn mail_contact_code(
    world: &World,
    relay: Arc<Relay>,
    to: &MailAddress,
    about: &ContactLetter,
    (code, minutes): (&Secret<String>, i64),
) -> Result<Result<(), String>, Error> {
    let sheet = Sheet { world: world.name(), language: about.language, portal: relay.portal() };
    let text = sheet.contact_code(&about.channel, code.expose(), minutes);
    let name = data_encoding::HEXLOWER.encode(&gm::random::bytes::<16>());
    let letter = letter::write(&relay, to, &text, &name, world.real_now())?;
    let given = give(relay, to.clone(), letter).await?;
    Ok(given.map_err(|(Untaken::Relay(said) | Untaken::Address(_, said))| said))
}
