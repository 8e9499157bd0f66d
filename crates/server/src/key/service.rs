//! Keys of callers, which the platform admits, and rotation of the platform's own.

use crate::auth::{Staff, authorize, authorize_role, require_step_up};
use crate::{Error, World, WorldName, parameter};
use domain::audit::{Actor, Change, Record, Reference};
use domain::division::DivisionCode;
use domain::id::{ChannelId, KeyId, TerminalId};
use domain::key::{Held, KeyAction, KeyState, KeyUsage, Refusal};
use domain::org::Operation;
use domain::parameter::Name;
use domain::time::Timestamp;
use gm::sm2::VerifyingKey;
use store::key::KeyRow;
use store::remark::RemarkRow;
use store::{ReadTx, WriteTx};

/// Keys of one usage and owner that may be valid at once: the old and the new one of a rotation.
const MOST_VALID: usize = 2;
/// Keys retired in one transaction.
const MOST_RETIRED: i64 = 100;

/// Whose key it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A channel's.
    Channel(ChannelId),
    /// A terminal's.
    Terminal(TerminalId),
}

impl Owner {
    /// The owner's id.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        match self {
            Owner::Channel(id) => id.as_bytes(),
            Owner::Terminal(id) => id.as_bytes(),
        }
    }

    fn reference(&self) -> Reference {
        match self {
            Owner::Channel(id) => Reference::new(ChannelId::PREFIX, id.as_bytes()),
            Owner::Terminal(id) => Reference::new(TerminalId::PREFIX, id.as_bytes()),
        }
    }
}

/// A public key to register.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its id.
    pub id: KeyId,
    /// [`KeyUsage::Caller`] or [`KeyUsage::Encrypt`].
    pub usage: KeyUsage,
    /// The point, checked to lie on the curve.
    pub key: VerifyingKey,
    /// What its owner calls it.
    pub label: Option<String>,
}

/// A registered key and its owner.
#[derive(Debug, Clone)]
pub struct Owned {
    /// The row.
    pub row: KeyRow,
    /// Whose it is.
    pub owner: Owner,
}

/// Registers a key of a terminal, or of a channel of the sandbox; in production a channel's key comes by a matter
/// ([`domain::key_change`]), which two people of two organisations carry. The key before it keeps working until the overlap ends
/// (`key.overlap_seconds`) or it is revoked.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `key.by_matter`; `resource.not_found`; `channel.terminated`; `key.overlap`;
/// `resource.exists` for a key that is registered for anybody.
pub async fn add(world: &World, staff: &Staff, owner: Owner, new: NewKey) -> Result<Owned, Error> {
    authorize_role(staff, Operation::ChannelRotateKey)?;
    require_step_up(staff)?;
    if matches!(owner, Owner::Channel(_)) && world.name() == WorldName::Production {
        return Err(Refusal::ByMatter.into());
    }
    let (actor, now) = (staff.actor(), world.now());
    let row = world
        .db()
        .write(move |tx| {
            match owner {
                Owner::Channel(id) => {
                    let row = store::channel::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
                    crate::channel::from_row(&row)?.phase.holds_keys()?;
                }
                Owner::Terminal(id) => {
                    store::terminal::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
                }
            }
            insert(tx, owner, &new, now, actor)
        })
        .await?;
    Ok(Owned { row, owner })
}

/// Adds a key inside the transaction that has locked its owner.
pub(crate) fn insert(
    tx: &mut WriteTx<'_>,
    owner: Owner,
    new: &NewKey,
    now: Timestamp,
    actor: Actor,
) -> Result<KeyRow, Error> {
    let point = new.key.to_sec1().to_vec();
    if store::key::has_public_key(tx, &point)? {
        return Err(Error::platform("resource.exists"));
    }
    let mut same = store::key::list_owned(tx, owner.bytes())?;
    same.retain(|row| row.usage == new.usage.as_str());
    let valid: Vec<_> =
        same.iter().filter(|row| matches!(row.state.as_str(), "active" | "retiring")).collect();
    if valid.len() >= MOST_VALID {
        return Err(Refusal::Overlap.into());
    }
    for old in valid.iter().filter(|row| row.state == KeyState::Active.as_str()) {
        let next = KeyState::Active.act(new.usage, KeyAction::Supersede)?;
        let overlap = parameter::service::in_force(tx)?.get(Name::KeyOverlap, now.business_date());
        store::key::update_state(tx, &old.id, next.as_str(), now.plus_seconds(overlap).as_micros())?;
    }
    let row = KeyRow {
        id: *new.id.as_bytes(),
        usage: new.usage.to_string(),
        version: same.iter().map(|row| row.version).max().unwrap_or(0) + 1,
        owner: Some(*owner.bytes()),
        state: KeyState::Active.to_string(),
        wrapped: None,
        public_key: Some(point),
        created_at: now.as_micros(),
        retired_at: None,
        label: new.label.clone(),
    };
    store::key::insert(tx, &row)?;
    changed(tx, owner, now)?;
    let changes = [Change::came("usage", &row.usage), Change::came("state", &row.state)];
    let mut record = Record::done(now, actor, "key.added").changing(changes);
    record.object = Some(Reference::new(KeyId::PREFIX, &row.id));
    record.origin = Some(owner.reference());
    tx.audit(&record);
    Ok(row)
}

/// Retires the callers' keys whose overlap is over: from the next request on they authenticate nothing, and the
/// sessions that they opened end with them. Done every second while serving.
///
/// # Errors
/// The store's.
pub async fn retire_overdue(world: &World) -> Result<(), Error> {
    let now = world.now();
    let overdue =
        world.db().read(move |tx| store::key::list_overdue(tx, now.as_micros(), MOST_RETIRED)).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    world
        .db()
        .write(move |tx| {
            for row in &overdue {
                let owner = owner_of(tx, row)?;
                owner.map_or(Ok(()), |owner| hold(tx, owner))?;
                if !store::key::retire(tx, &row.id, now.as_micros())? {
                    // Another server was faster, or it was revoked meanwhile.
                    continue;
                }
                let change = Change::turned("state", &row.state, "retired");
                let mut record = Record::done(now, Actor::System, "key.retired").changing([change]);
                record.object = Some(Reference::new(KeyId::PREFIX, &row.id));
                record.origin = owner.map(|owner| owner.reference());
                tx.audit(&record);
                if let Some(owner) = owner {
                    changed(tx, owner, now)?;
                }
            }
            tx.unaudited("every key that was overdue had been retired by another server");
            Ok(())
        })
        .await
}

/// Revokes a caller's key: from the next request on it authenticates nothing, sessions it opened included.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found` for a key that is no caller's; `key.state` when it is revoked already.
pub async fn revoke(world: &World, staff: &Staff, id: KeyId, reason: String) -> Result<Owned, Error> {
    authorize_role(staff, Operation::ChannelRotateKey)?;
    require_step_up(staff)?;
    let (actor, now) = (staff.actor(), world.now());
    let remark = RemarkRow {
        object_id: *id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: "revoke".into(),
        words: reason,
    };
    world
        .db()
        .write(move |tx| {
            let mut row = store::key::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            let owner = owner_of(tx, &row)?.ok_or_else(Error::not_found)?;
            hold(tx, owner)?;
            let state: KeyState =
                row.state.parse().map_err(|_| Error::internal("a stored key state is unknown"))?;
            let next = state.act(KeyUsage::Caller, KeyAction::Revoke)?;
            store::key::update_state(tx, &row.id, next.as_str(), now.as_micros())?;
            changed(tx, owner, now)?;
            store::remark::insert(tx, &remark)?;
            let change = Change::turned("state", state.as_str(), next.as_str());
            let mut record = Record::done(now, actor, "key.revoked").changing([change]);
            record.object = Some(Reference::new(KeyId::PREFIX, &row.id));
            record.origin = Some(owner.reference());
            tx.audit(&record);
            row.state = next.to_string();
            row.retired_at = Some(now.as_micros());
            Ok(Owned { row, owner })
        })
        .await
}

/// The channel is locked before its keys are, as where one is registered.
fn hold(tx: &mut WriteTx<'_>, owner: Owner) -> Result<(), Error> {
    if let Owner::Channel(id) = owner {
        store::channel::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    }
    Ok(())
}

/// What hangs on the keys of a channel is looked at once they have changed.
fn changed(tx: &mut WriteTx<'_>, owner: Owner, now: Timestamp) -> Result<(), Error> {
    match owner {
        Owner::Channel(id) => crate::key_rotation::follow::leave(tx, id, now),
        Owner::Terminal(_) => Ok(()),
    }
}

/// A key of a caller as a rule looks at it.
pub(crate) fn held(row: &KeyRow) -> Result<Held, Error> {
    let unknown = |what: &str| Error::internal(format!("a stored key {what} is unknown"));
    Ok(Held {
        id: KeyId::from_bytes(row.id),
        usage: row.usage.parse().map_err(|_| unknown("usage"))?,
        state: row.state.parse().map_err(|_| unknown("state"))?,
        registered_at: Timestamp::from_micros(row.created_at),
        ends_at: row.retired_at.map(Timestamp::from_micros),
    })
}

/// The keys of a channel, those that have ended too.
pub(crate) fn held_by(tx: &mut ReadTx<'_>, channel: &[u8; 16]) -> Result<Vec<Held>, Error> {
    store::key::list_owned(tx, channel)?.iter().map(held).collect()
}

fn owner_of(tx: &mut ReadTx<'_>, row: &KeyRow) -> Result<Option<Owner>, Error> {
    let Some(owner) = row.owner else { return Ok(None) };
    let is_channel = store::channel::phase(tx, &owner)?.is_some();
    Ok(Some(if is_channel {
        Owner::Channel(ChannelId::from_bytes(owner))
    } else {
        Owner::Terminal(TerminalId::from_bytes(owner))
    }))
}

/// Rotates a data key of the platform; what older versions sealed still opens.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `key.state` for a usage whose rows are found by the key, which therefore never rotates.
pub async fn rotate(world: &World, staff: &Staff, usage: KeyUsage) -> Result<i64, Error> {
    authorize(staff, Operation::KeyRotate, DivisionCode::NATIONAL)?;
    require_step_up(staff)?;
    world.keys().rotate(world.db(), usage, world.now(), staff.actor()).await
}
