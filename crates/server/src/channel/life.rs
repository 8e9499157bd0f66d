//! What matters do to channels, inside their transactions: come into being, change phase and scope, be measured.
//!
//! Invariant: every function is called with the matter's step in the same transaction, so a channel never stands
//! where no matter has put it. Whether it may is not asked here: the rule of the matter has decided. What a function
//! returns is what its record says of the channel.

use super::service::{free_number, owner_unit, row, stored};
use super::{from_row, withheld_by};
use crate::Error;
use crate::key::service::{NewKey, Owner};
use domain::audit::{Actor, Change};
use domain::channel::{Channel, ChannelNumber, Phase, Registration, Scope, Withheld};
use domain::exit;
use domain::id::{ChannelId, KeyId, MatterId, MeasureId, OrgId};
use domain::key::proof::PublicKey;
use domain::matter::Faults;
use domain::time::Timestamp;
use gm::sm2::VerifyingKey;
use store::channel::ChannelRow;
use store::key::KeyRow;
use store::measure::MeasureRow;
use store::{ReadTx, WriteTx};

/// The word for a key that is revoked.
const REVOKED: &str = "revoked";

/// Refuses to guide holders of a channel to where they cannot go (CH-34.2).
///
/// # Errors
/// `exit.successor` for each number of a channel that is not, or that takes none of them today.
pub fn guide(tx: &mut ReadTx<'_>, leaving: ChannelId, to: &[ChannelNumber]) -> Result<(), Error> {
    let leaving = store::channel::find(tx, leaving.as_bytes())?.ok_or_else(Error::not_found)?;
    let leaving = from_row(&leaving)?;
    let mut faults = Faults::default();
    for (place, number) in to.iter().enumerate() {
        let other = store::channel::find_by_number(tx, &number.to_string())?;
        let takes =
            other.map(|row| from_row(&row)).transpose()?.is_some_and(|other| other.succeeds(&leaving));
        if !takes {
            faults.add(format!("/prompt/successors/{place}"), exit::Refusal::Successor);
        }
    }
    Ok(faults.check()?)
}

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
) -> Result<Vec<Change>, Error> {
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
    super::testing::leave(tx, new, channel.number, owner, now)?;
    Ok(coming(&channel))
}

/// What is told of a channel that comes into being.
pub(super) fn coming(channel: &Channel) -> Vec<Change> {
    let mut changes = vec![
        Change::came("phase", &channel.phase.to_string()),
        Change::came("class", &channel.class.to_string()),
        Change::came("level", &channel.level.number().to_string()),
    ];
    changes.extend(Change::of_list("region", &[], channel.scope.regions()));
    changes.extend(Change::of_list("service", &[], channel.scope.services()));
    changes
}

/// Moves a channel to a phase; the first time it goes live is remembered.
///
/// # Errors
/// The store's.
pub fn enter(
    tx: &mut WriteTx<'_>,
    id: ChannelId,
    phase: Phase,
    now: Timestamp,
) -> Result<Vec<Change>, Error> {
    let mut row = lock(tx, id)?;
    let before = row.phase.clone();
    if phase == Phase::Live && row.live_at.is_none() {
        row.live_at = Some(now.as_micros());
    }
    row.phase = phase.to_string();
    store::channel::update(tx, &row)?;
    Ok(vec![Change::turned("phase", &before, &row.phase)])
}

/// Gives a channel another scope.
///
/// # Errors
/// The store's.
pub fn rescope(tx: &mut WriteTx<'_>, id: ChannelId, scope: &Scope) -> Result<Vec<Change>, Error> {
    let mut row = lock(tx, id)?;
    let before = from_row(&row)?.scope;
    (row.regions, row.services) = stored(scope);
    store::channel::update(tx, &row)?;
    let mut changes = Change::of_list("region", before.regions(), scope.regions());
    changes.extend(Change::of_list("service", before.services(), scope.services()));
    Ok(changes)
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
        let new = NewKey { id: *key_id, usage: sent.usage, key: point(sent)?, label: sent.label.clone() };
        crate::key::service::insert(tx, Owner::Channel(id), &new, now, actor)?;
    }
    Ok(())
}

/// Revokes every key of a channel (CH-31.3): what is told is the states that they had.
///
/// # Errors
/// The store's.
pub fn revoke_keys(tx: &mut WriteTx<'_>, id: ChannelId, now: Timestamp) -> Result<Vec<Change>, Error> {
    let mut before = store::key::list_owned(tx, id.as_bytes())?;
    before.retain(|key| key.state != REVOKED);
    store::key::revoke_owned(tx, id.as_bytes(), now.as_micros())?;
    crate::key_rotation::follow::leave(tx, id, now)?;
    let change = |key: &KeyRow| Change::turned("keys", &key.state, REVOKED);
    Ok(before.iter().map(change).collect())
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
) -> Result<Vec<Change>, Error> {
    let changes = lift(tx, channel, matter, &words(withheld), now)?;
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
    Ok(changes)
}

/// What a measure withholds, in words of ours.
fn words(withheld: &Withheld) -> Vec<String> {
    match withheld {
        Withheld::All => vec!["all".into()],
        Withheld::NewHolders => vec!["new_holders".into()],
        Withheld::Services(services) => services.iter().map(ToString::to_string).collect(),
    }
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
) -> Result<Vec<Change>, Error> {
    lift(tx, channel, matter, &[], now)
}

/// Lifts the measures of a matter, in whose place `after` is withheld.
fn lift(
    tx: &mut WriteTx<'_>,
    channel: ChannelId,
    matter: MatterId,
    after: &[String],
    now: Timestamp,
) -> Result<Vec<Change>, Error> {
    let is_lifted = |row: &MeasureRow| row.lifted_at.is_none() && row.matter_id == Some(*matter.as_bytes());
    let mut before = Vec::new();
    for row in store::measure::list(tx, channel.as_bytes())?.iter().filter(|row| is_lifted(row)) {
        before.extend(words(&withheld_by(row)?));
    }
    store::measure::lift_of_matter(tx, channel.as_bytes(), matter.as_bytes(), now.as_micros())?;
    let lifted = (!before.is_empty()).then(|| Change::turned("measure", "in_force", "lifted"));
    Ok(lifted.into_iter().chain(Change::of_list("withheld", &before, after)).collect())
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
