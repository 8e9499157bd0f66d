//! Letters to whoever is, and until lately was, to be called about a channel.
//!
//! Invariant: whoever was replaced lately is written to as well, so that nobody who got hold of an account can take a contact's
//! place first and change something in silence then. An address in a form that is none is written to by nobody.

use super::service::held;
use crate::Error;
use crate::key::Ring;
use crate::notification::{Letter, leave};
use domain::contact::Held;
use domain::id::{ChannelId, LetterId};
use domain::notification::{MailAddress, Occasion};
use domain::parameter::Name;
use domain::time::Timestamp;
use store::{ReadTx, WriteTx};

/// Most letters of one occasion.
pub(crate) const MOST: usize = 10;

/// The addresses of whoever is to be called about a channel, the one that holds now first, and those that were replaced after `since`.
fn addresses(held: &[Held], since: Timestamp) -> Vec<MailAddress> {
    let mut found: Vec<MailAddress> = Vec::new();
    let lately = held.iter().filter(|one| one.until.is_none_or(|until| until >= since));
    for address in lately.filter_map(|one| one.told.contact.email.parse().ok()) {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    found.truncate(MOST);
    found
}

/// Writes to all of them about the channel, each under one of these ids.
///
/// # Errors
/// The store's.
pub(crate) fn write(
    tx: &mut WriteTx<'_>,
    ring: &Ring,
    (channel, occasion): (ChannelId, Occasion),
    ids: &[LetterId; MOST],
    at: Timestamp,
) -> Result<(), Error> {
    let days = crate::parameter::service::in_force(tx)?.get(Name::ContactPast, at.business_date());
    let row = store::channel::find(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
    let since = at.plus_seconds(-days * 86_400);
    for (id, to) in ids.iter().zip(addresses(&held(tx, ring, &row)?, since)) {
        leave(tx, ring, &Letter { id: *id, occasion, channel: Some(channel), to: &to }, at)?;
    }
    Ok(())
}

/// The address of whoever is to be called about a channel now.
///
/// # Errors
/// The store's.
pub(crate) fn current(
    tx: &mut ReadTx<'_>,
    ring: &Ring,
    channel: ChannelId,
) -> Result<Option<MailAddress>, Error> {
    let row = store::channel::find(tx, channel.as_bytes())?.ok_or_else(Error::not_found)?;
    let now = held(tx, ring, &row)?.into_iter().next();
    Ok(now.and_then(|one| one.told.contact.email.parse().ok()))
}
