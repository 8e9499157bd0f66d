//! The second factor of an account: enrolled with the password, confirmed by its first code, replaced only after a
//! fresh proof of the one before.
//!
//! Invariants: a code is used once, in the transaction of what it admits to; recovery codes are shown once and each
//! works once; a factor that was begun and not confirmed asks nothing of anybody.

use super::passkey::ceremony::Assertion;
use super::password::Password;
use super::sign_in::confirm_password;
use crate::auth::{Staff, require_step_up};
use crate::key::Ring;
use crate::key::totp::{self, SealedTotp};
use crate::{Error, World};
use domain::audit::Record;
use domain::staff::{Refusal, steps};
use domain::time::Timestamp;
use gm::Secret;
use store::WriteTx;
use store::staff::FactorRow;

/// The state of a factor that is asked for.
pub(super) const ACTIVE: &str = "active";
/// The state of a factor whose first code was not shown yet.
pub(super) const PENDING: &str = "pending";
/// Recovery codes of an account.
const RECOVERY_CODES: usize = 10;

/// A factor that was begun.
#[derive(Debug)]
pub struct Begun {
    /// In base32, for the authenticator app; shown once.
    pub secret: Secret<String>,
    /// The same as the address that an app scans.
    pub uri: Secret<String>,
}

/// How an account's factor stands.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    /// When it was confirmed; none = the account has none.
    pub enrolled_at: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_codes: i64,
}

/// Begins a second factor; it counts from its first code on. The one before, if any, goes on until then.
///
/// # Errors
/// `staff.step_up_required` when it is to replace one; `staff.login_refused` for a wrong password, which counts.
pub async fn begin(world: &World, staff: &Staff, password: &Password) -> Result<Begun, Error> {
    if staff.has_factor {
        require_step_up(staff)?;
    }
    confirm_password(world, staff, password, "staff.factor_begin").await?;
    let new = world.keys().ring().make_totp(staff.id.as_bytes());
    let (actor, now) = (staff.actor(), world.now());
    let row = FactorRow {
        staff_id: *staff.id.as_bytes(),
        state: PENDING.into(),
        key_version: new.key_version,
        sealed: new.sealed,
        last_step: 0,
        created_at: now.as_micros(),
    };
    let login = world
        .db()
        .write(move |tx| {
            store::staff::replace_factor(tx, &row)?;
            tx.audit(&Record::done(now, actor, "staff.factor_begun"));
            let account = store::org::find_staff(tx, &row.staff_id)?.ok_or_else(Error::not_found)?;
            Ok::<_, Error>(account.login)
        })
        .await?;
    let uri = format!(
        "otpauth://totp/Yikatong:{login}%40{}?secret={}&issuer=Yikatong&algorithm=SHA1&digits=6&period=30",
        world.name().as_str(),
        new.secret.expose(),
    );
    Ok(Begun { secret: new.secret, uri: Secret::new(uri) })
}

/// Confirms a factor that was begun by its first code, and answers the recovery codes, which are shown once. Every
/// other session of the account ends.
///
/// # Errors
/// `staff.unauthenticated` when the session has ended meanwhile; `staff.factor_missing` when none was begun;
/// `staff.step_up_required` of an account that has a factor by now; `staff.code_refused`, which begins nothing anew.
pub async fn confirm(world: &World, staff: &Staff, code: &str) -> Result<Vec<Secret<String>>, Error> {
    let codes = make_codes();
    let ring = world.keys().ring();
    let digests = digests(&ring, staff, &codes);
    let (id, session, actor) = (*staff.id.as_bytes(), staff.session, staff.actor());
    let (now, at, code) = (world.now(), world.real_now(), code.to_owned());
    let is_proven = staff.has_factor && require_step_up(staff).is_ok();
    let outcome = world
        .db()
        .write(move |tx| {
            let held = lock(tx, &id, &session)?;
            let Some(begun) = store::staff::lock_factor(tx, &id, PENDING)? else {
                return Err(Error::from(Refusal::FactorMissing));
            };
            if held.is_any() && !is_proven {
                return Err(Refusal::StepUpRequired.into());
            }
            let Some(step) = ring.step_of(&sealed(&begun), &code, steps(at, begun.last_step))? else {
                tx.audit(&Record::refused(now, actor, "staff.factor_confirm", &Refusal::CodeRefused));
                return Ok(Err(Refusal::CodeRefused));
            };
            store::staff::delete_factor(tx, &id, PENDING)?;
            let row =
                FactorRow { state: ACTIVE.into(), last_step: step, created_at: now.as_micros(), ..begun };
            store::staff::replace_factor(tx, &row)?;
            store::staff::replace_recovery(tx, &id, &digests)?;
            store::staff::delete_other_sessions(tx, &id, &session)?;
            store::staff::confirm_session(tx, &session, at.as_micros())?;
            tx.audit(&Record::done(now, actor, "staff.factor_confirmed"));
            Ok(Ok(()))
        })
        .await?;
    outcome?;
    Ok(codes)
}

/// The second factors that an account has.
pub(super) struct Held {
    /// Whether it has an authenticator app.
    pub has_app: bool,
    /// How many passkeys.
    pub passkeys: i64,
}

impl Held {
    /// Whether it has a second factor.
    pub(super) const fn is_any(&self) -> bool {
        self.has_app || self.passkeys > 0
    }
}

/// Makes whoever changes the factors of an account wait for each other, and holds the session in which that is done: what was
/// let in before somebody ended it changes nothing any more.
///
/// # Errors
/// `staff.unauthenticated`
pub(super) fn lock(tx: &mut WriteTx<'_>, staff: &[u8; 16], session: &[u8; 32]) -> Result<Held, Error> {
    let gone = || Error::platform("staff.unauthenticated");
    let account = store::org::find_staff(tx, staff)?.ok_or_else(gone)?;
    store::org::lock_staff_by_login(tx, &account.login)?.ok_or_else(gone)?;
    if !store::staff::lock_session(tx, session)? {
        return Err(gone());
    }
    let has_app = store::staff::find_factor(tx, staff, ACTIVE)?.is_some();
    Ok(Held { has_app, passkeys: store::passkey::count(tx, staff)? })
}

/// Makes new recovery codes; those of before are void.
///
/// # Errors
/// `staff.factor_missing`; `staff.step_up_required`.
pub async fn renew_codes(world: &World, staff: &Staff) -> Result<Vec<Secret<String>>, Error> {
    if !staff.has_factor {
        return Err(Refusal::FactorMissing.into());
    }
    require_step_up(staff)?;
    let codes = make_codes();
    let digests = digests(&world.keys().ring(), staff, &codes);
    let (id, actor, now) = (*staff.id.as_bytes(), staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            store::staff::replace_recovery(tx, &id, &digests)?;
            tx.audit(&Record::done(now, actor, "staff.recovery_renewed"));
            Ok::<_, Error>(())
        })
        .await?;
    Ok(codes)
}

/// How the account's own factor stands.
///
/// # Errors
/// The store's.
pub async fn standing(world: &World, staff: &Staff) -> Result<Standing, Error> {
    let id = *staff.id.as_bytes();
    let (factor, recovery_codes) = world
        .db()
        .read(move |tx| {
            let factor = store::staff::find_factor(tx, &id, ACTIVE)?;
            Ok::<_, Error>((factor, store::staff::count_recovery(tx, &id)?))
        })
        .await?;
    let enrolled_at = factor.map(|row| Timestamp::from_micros(row.created_at));
    Ok(Standing { enrolled_at, recovery_codes })
}

/// What is shown of a second factor.
#[derive(Debug)]
pub enum Proof {
    /// A code of the authenticator app, or a recovery code.
    Code(String),
    /// What a passkey answered.
    Passkey(Box<Assertion>),
}

/// Whether `code` proves the factor of an account, and its being used up: a step of time of its authenticator app, if it has
/// one, or a recovery code.
///
/// # Errors
/// The store's; as [`Ring::open`].
pub(super) fn prove(
    tx: &mut WriteTx<'_>,
    ring: &Ring,
    staff: &[u8; 16],
    app: Option<&FactorRow>,
    code: &str,
    at: Timestamp,
) -> Result<bool, Error> {
    if let Some(app) = app
        && let Some(step) = ring.step_of(&sealed(app), code, steps(at, app.last_step))?
    {
        store::staff::update_last_step(tx, staff, step)?;
        return Ok(true);
    }
    Ok(store::staff::spend_recovery(tx, staff, &ring.recovery_digest(staff, code))?)
}

/// Takes an account's factors and recovery codes away: the authenticator app and every passkey.
///
/// # Errors
/// `staff.factor_missing`; the store's.
pub(super) fn remove(tx: &mut WriteTx<'_>, staff: &[u8; 16]) -> Result<(), Error> {
    store::staff::delete_factor(tx, staff, PENDING)?;
    store::staff::replace_recovery(tx, staff, &[])?;
    let passkeys = store::passkey::delete_all(tx, staff)?;
    if store::staff::delete_factor(tx, staff, ACTIVE)? + passkeys == 0 {
        return Err(Refusal::FactorMissing.into());
    }
    Ok(())
}

fn sealed(row: &FactorRow) -> SealedTotp<'_> {
    SealedTotp { staff: &row.staff_id, key_version: row.key_version, sealed: &row.sealed }
}

/// New recovery codes.
pub(super) fn make_codes() -> Vec<Secret<String>> {
    (0..RECOVERY_CODES).map(|_| totp::make_recovery_code()).collect()
}

/// What is kept of recovery codes.
pub(super) fn digests(ring: &Ring, staff: &Staff, codes: &[Secret<String>]) -> Vec<[u8; 32]> {
    codes.iter().map(|code| ring.recovery_digest(staff.id.as_bytes(), code.expose())).collect()
}
