//! Signing in and out, and replacing one's password.

use super::password::{self, Password};
use crate::auth::Staff;
use crate::{Error, World};
use domain::audit::{Actor, Record, Reference};
use domain::id::StaffId;
use domain::org::{Attempts, Login, Refusal};
use domain::parameter::{Name, Parameters};
use domain::time::Timestamp;
use gm::Secret;
use store::WriteTx;
use store::org::StaffRow;

/// A sign-in that succeeded.
#[derive(Debug)]
pub struct SignedIn {
    /// The bearer token; the platform keeps its digest only.
    pub token: Secret<String>,
    /// The account.
    pub staff: StaffRow,
    /// Real time.
    pub expires_at: Timestamp,
}

/// Signs in. Wrong passwords are counted and the last allowed one locks the account for a while; then the right
/// password is refused in the same words.
///
/// # Errors
/// `staff.login_refused`
pub async fn sign_in(world: &World, login: &str, password: &Password) -> Result<SignedIn, Error> {
    let name = login.to_owned();
    let found = world.db().read(move |tx| store::org::find_staff_by_login(tx, &name)).await?;
    let right = password::verify(password, found.as_ref().map(|row| row.password_hash.as_str())).await?;
    let row = found.ok_or(Refusal::LoginRefused)?;
    let token = Secret::new(format!("st_{}", data_encoding::HEXLOWER.encode(&gm::random::bytes::<32>())));
    let token_hash = gm::sm3::digest(token.expose().as_bytes());
    let real_now = world.real_now();
    let ttl = Parameters::standard().get(Name::StaffSessionTtl, real_now.business_date());
    let expires_at = real_now.plus_seconds(ttl);
    let check = Check { row, right, now: world.now(), action: "staff.sign_in" };
    let staff = world
        .db()
        .write(move |tx| {
            let Some(row) = check.settle(tx)? else { return Ok(None) };
            let (created, expires) = (real_now.as_micros(), expires_at.as_micros());
            store::org::insert_staff_session(tx, &token_hash, &row.id, created, expires)?;
            Ok::<_, Error>(Some(row))
        })
        .await?;
    let staff = staff.ok_or(Refusal::LoginRefused)?;
    Ok(SignedIn { token, staff, expires_at })
}

/// Ends the session that this request came with.
///
/// # Errors
/// The store's.
pub async fn sign_out(world: &World, staff: &Staff) -> Result<(), Error> {
    let (session, actor, now) = (staff.session, staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            store::org::delete_staff_session(tx, &session)?;
            tx.audit(&Record::done(now, actor, "staff.signed_out"));
            Ok(())
        })
        .await
}

/// Replaces one's own password; every other session of the account ends. Wrong current passwords count.
///
/// # Errors
/// `staff.password_same`, `staff.password_weak`, `staff.login_refused` for a wrong current password.
pub async fn change_password(
    world: &World,
    staff: &Staff,
    current: &Password,
    new: &Password,
) -> Result<(), Error> {
    let id = *staff.id.as_bytes();
    let row = world.db().read(move |tx| store::org::find_staff(tx, &id)).await?;
    let row = row.ok_or_else(|| Error::platform("staff.unauthenticated"))?;
    if current.expose() == new.expose() {
        return Err(Refusal::PasswordSame.into());
    }
    row.login.parse::<Login>()?.admits(new.expose())?;
    let right = password::verify(current, Some(&row.password_hash)).await?;
    let hash = password::hash(new).await?;
    let (session, actor, now) = (staff.session, staff.actor(), world.now());
    let check = Check { row, right, now, action: "staff.change_password" };
    let changed = world
        .db()
        .write(move |tx| {
            let Some(row) = check.settle(tx)? else { return Ok(false) };
            let row = StaffRow { password_hash: hash.clone(), must_change: 0, ..row };
            store::org::update_staff(tx, &row)?;
            store::org::delete_other_staff_sessions(tx, &row.id, &session)?;
            tx.audit(&Record::done(now, actor, "staff.password_changed"));
            Ok::<_, Error>(true)
        })
        .await?;
    if changed { Ok(()) } else { Err(Refusal::LoginRefused.into()) }
}

/// A password that was compared outside the transaction, to be accounted for inside.
struct Check {
    row: StaffRow,
    right: bool,
    now: Timestamp,
    action: &'static str,
}

impl Check {
    /// The account as it is now if the password was right and the account open to it; else the attempt is counted.
    fn settle(&self, tx: &mut WriteTx<'_>) -> Result<Option<StaffRow>, Error> {
        let Some(row) = store::org::lock_staff_by_login(tx, &self.row.login)? else { return Ok(None) };
        let actor = Actor::Party(Reference::new(StaffId::PREFIX, &row.id));
        let before = Attempts {
            failed: row.failed_attempts,
            locked_until: row.locked_until.map(Timestamp::from_micros),
        };
        let open = row.state == "active" && before.admit(self.now).is_ok();
        // A password that was replaced while this one was compared is no longer the right one.
        if open && self.right && row.password_hash == self.row.password_hash {
            let row = StaffRow { failed_attempts: 0, locked_until: None, ..row };
            store::org::update_staff(tx, &row)?;
            tx.audit(&Record::done(self.now, actor, self.action));
            return Ok(Some(StaffRow { version: row.version + 1, ..row }));
        }
        if open {
            let parameters = Parameters::standard();
            let day = self.now.business_date();
            let most = parameters.get(Name::StaffErrors, day);
            let after = before.wrong(self.now, most, parameters.get(Name::StaffLock, day));
            let locked_until = after.locked_until.map(Timestamp::as_micros);
            store::org::update_staff(tx, &StaffRow { failed_attempts: after.failed, locked_until, ..row })?;
        }
        tx.audit(&Record::refused(self.now, actor, self.action, &Refusal::LoginRefused));
        Ok(None)
    }
}
