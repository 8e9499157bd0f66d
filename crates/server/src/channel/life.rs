//! What matters do to channels, inside their transactions: come into being, change phase and scope, be measured.
//!
//! Invariant: every function is called with the matter's step in the same transaction, so a channel never stands
//! where no matter has put it. Whether it may is not asked here: the rule of the matter has decided.

use super::service::{free_number, owner_unit, row, stored};
use crate::Error;
use crate::key::service::{NewKey, Owner};
use domain::audit::Actor;
use domain::channel::{Channel, Phase, Registration, Scope, Withheld};
use domain::id::{ChannelId, KeyId, MatterId, MeasureId, OrgId};
use domain::matter::PublicKey;
use domain::time::Timestamp;
use gm::sm2::VerifyingKey;
use store::WriteTx;
use store::channel::ChannelRow;
use store::measure::MeasureRow;

/// Adds a channel in testing with the first of `numbers` that was never given (CH-9.1d).
///
/// # Errors
/// `channel.access_mode`, `channel.parent_missing`, `channel.parent_unexpected`, `channel.parent_level`.
pub fn register(
    tx: &mut WriteTx<'_>,
    (id, org): (ChannelId, OrgId),
    new: &Registration,
    applicant: OrgId,
    numbers: &[String],
    now: Timestamp,
) -> Result<(), Error> {
    let number = free_number(tx, numbers)?;
    let owner = match &new.owner {
        Some((name, uscc)) => OrgId::from_bytes(owner_unit(tx, name, uscc, org, now)?.id),
        None => applicant,
    };
    let parent_level = match &new.parent {
        Some((parent, _)) => {
            let row = store::channel::find(tx, parent.as_bytes())?;
            row.and_then(|row| domain::channel::Level::new(row.level))
        }
        None => None,
    };
    let channel = Channel {
        id,
        number: number.parse()?,
        name: new.name.clone(),
        owner,
        class: new.class,
        level: new.level,
        parent: new.parent.map(|(parent, _)| parent),
        relation: new.parent.map(|(_, relation)| relation),
        form: new.form,
        access_mode: new.access_mode,
        scope: new.scope.clone(),
        is_platform_level: new.is_platform_level,
        phase: Phase::Testing,
        live_at: None,
        measures: Vec::new(),
    };
    channel.check(parent_level)?;
    store::channel::insert(tx, &row(&channel, new.form_name.clone(), now))?;
    super::testing::leave(tx, new, channel.number, owner, now)
}

/// Moves a channel to a phase; the first time it goes live is remembered.
///
/// # Errors
/// The store's.
pub fn enter(tx: &mut WriteTx<'_>, id: ChannelId, phase: Phase, now: Timestamp) -> Result<(), Error> {
    let mut row = lock(tx, id)?;
    if phase == Phase::Live && row.live_at.is_none() {
        row.live_at = Some(now.as_micros());
    }
    row.phase = phase.to_string();
    Ok(store::channel::update(tx, &row)?)
}

/// Gives a channel another scope.
///
/// # Errors
/// The store's.
pub fn rescope(tx: &mut WriteTx<'_>, id: ChannelId, scope: &Scope) -> Result<(), Error> {
    let mut row = lock(tx, id)?;
    (row.regions, row.services) = stored(scope);
    Ok(store::channel::update(tx, &row)?)
}

/// Registers production keys (CH-9.3f).
///
/// # Errors
/// `key.overlap`; `resource.exists`; `request.fields` for what is no point of the curve.
pub fn activate_keys(
    tx: &mut WriteTx<'_>,
    id: ChannelId,
    keys: &[(KeyId, PublicKey)],
    actor: Actor,
    now: Timestamp,
) -> Result<(), Error> {
    for (key_id, sent) in keys {
        let new = NewKey { id: *key_id, usage: sent.usage, key: point(sent)? };
        crate::key::service::insert(tx, Owner::Channel(id), &new, now, actor)?;
    }
    Ok(())
}

/// Revokes every key of a channel (CH-31.3).
///
/// # Errors
/// The store's.
pub fn revoke_keys(tx: &mut WriteTx<'_>, id: ChannelId, now: Timestamp) -> Result<(), Error> {
    store::key::revoke_owned(tx, id.as_bytes(), now.as_micros())?;
    Ok(())
}

/// Opens a measure of a matter, in place of the one that it had.
///
/// # Errors
/// The store's.
pub fn withhold(
    tx: &mut WriteTx<'_>,
    channel: ChannelId,
    matter: MatterId,
    measure: MeasureId,
    withheld: &Withheld,
    now: Timestamp,
) -> Result<(), Error> {
    restore(tx, channel, matter, now)?;
    let withheld = serde_json::to_string(withheld).map_err(|error| Error::internal(error.to_string()))?;
    store::measure::insert(
        tx,
        &MeasureRow {
            id: *measure.as_bytes(),
            channel_id: *channel.as_bytes(),
            matter_id: Some(*matter.as_bytes()),
            withheld,
            opened_at: now.as_micros(),
            lifted_at: None,
        },
    )?;
    Ok(())
}

/// Lifts the measure of a matter, if it has one.
///
/// # Errors
/// The store's.
pub fn restore(
    tx: &mut WriteTx<'_>,
    channel: ChannelId,
    matter: MatterId,
    now: Timestamp,
) -> Result<(), Error> {
    store::measure::lift_of_matter(tx, channel.as_bytes(), matter.as_bytes(), now.as_micros())?;
    Ok(())
}

/// The key that was sent, if it is a point of the curve.
pub(super) fn point(sent: &PublicKey) -> Result<VerifyingKey, Error> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(sent.public_key.as_bytes()).ok();
    bytes.and_then(|bytes| VerifyingKey::from_sec1(&bytes).ok()).ok_or_else(|| {
        Error::field_text("/keys", "key.point", "公钥不在SM2曲线上 (not a point of the SM2 curve)")
    })
}

fn lock(tx: &mut WriteTx<'_>, id: ChannelId) -> Result<ChannelRow, Error> {
    store::channel::lock(tx, id.as_bytes())?
        .ok_or_else(|| Error::internal("a matter names a channel that is not"))
}
