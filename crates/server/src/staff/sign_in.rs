//! Signing in and out, confirming who is there, and replacing one's password.
//!
//! Wrong passwords and wrong codes are one count: the last allowed one locks the account for a while, and what is
//! right is then refused in the same words. From where it is not used an account is not entered, which is said to nobody who
//! does not know its password.

use super::factor::{self, Proof};
use super::passkey::service::{Expected, Question};
use super::password::{self, Password};
use crate::auth::{self, Staff};
use crate::key::Ring;
use crate::{Error, World, sign_in_rule};
use domain::audit::{Actor, Change, Record, Reference, Value};
use domain::id::{OrgId, RequestId, StaffId, StaffSessionId};
use domain::org::{self, Attempts, Login};
use domain::parameter::{Name, Parameters};
use domain::passkey::{self, Purpose};
use domain::sign_in_rule::Concurrency;
use domain::staff::{Carrier, Refusal};
use domain::time::Timestamp;
use gm::Secret;
use std::net::IpAddr;
use std::sync::Arc;
use store::org::StaffRow;
use store::staff::{SessionRow, SignInRow};
use store::{ReadTx, WriteTx};

/// What the record calls a sign-in.
const SIGN_IN: &str = "staff.sign_in";
/// What it calls the question for a second factor.
const ASK: &str = "staff.factor_asked";

/// What somebody signs in with.
#[derive(Debug)]
pub struct Claim {
    /// The account's name.
    pub login: String,
    /// Its password.
    pub password: Password,
    /// Of the second factor.
    pub proof: Option<Proof>,
    /// The address that it comes from, if that is known.
    pub address: Option<IpAddr>,
}

/// A sign-in that succeeded.
#[derive(Debug)]
pub struct SignedIn {
    /// The session's token; the platform keeps its digest only.
    pub token: Secret<String>,
    /// The account.
    pub staff: StaffRow,
    /// Real time.
    pub expires_at: Timestamp,
    /// Until when the code that was shown admits to sensitive operations; none = the account has no second factor.
    pub stepped_up_until: Option<Timestamp>,
    /// How the account signed in before.
    pub previous: Previous,
}

/// How an account signed in before a session began: what whoever signs in is told, to notice that somebody else did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// When, real time; none = there is no earlier sign-in on record.
    pub at: Option<Timestamp>,
    /// From where, as long as that is kept.
    pub address: Option<String>,
    /// Sign-ins that failed between the two.
    pub failures: i64,
}

impl Previous {
    fn of(tx: &mut ReadTx<'_>, row: SignInRow) -> Result<Self, Error> {
        let kept = row.request.map(|request| store::audit::find_request(tx, &request)).transpose()?;
        let address = kept.flatten().map(|(address, _)| address);
        Ok(Self { at: row.at.map(Timestamp::from_micros), address, failures: row.failures })
    }
}

/// Signs in.
///
/// # Errors
/// `staff.login_refused` for a wrong password, a wrong code or a locked account; `sign_in_rule.address` when the password
/// is right and the organisation's accounts are not used from there; `staff.code_required` when the password is right and
/// the account has a second factor; those of [`super::passkey::service::Expected::prove`] when a passkey is not right.
pub async fn sign_in(world: &World, claim: Claim, carrier: Carrier) -> Result<SignedIn, Error> {
    let name = claim.login;
    let found = world.db().read(move |tx| store::org::find_staff_by_login(tx, &name)).await?;
    let hash = found.as_ref().map(|row| row.password_hash.as_str());
    let right = password::verify(&claim.password, hash).await?;
    let Some(row) = found else { return refuse_unknown(world, SIGN_IN).await };
    let token =
        format!("{}{}", auth::prefix(carrier), data_encoding::HEXLOWER.encode(&gm::random::bytes::<32>()));
    let token = Secret::new(token);
    let real_now = world.real_now();
    let ttl = world.parameter(Name::StaffSessionTtl);
    let expires_at = real_now.plus_seconds(ttl);
    let session = SessionRow {
        token_hash: gm::sm3::digest(token.expose().as_bytes()),
        id: *world.id(StaffSessionId::make).as_bytes(),
        staff_id: row.id,
        carrier: carrier.to_string(),
        created_at: real_now.as_micros(),
        seen_at: real_now.as_micros(),
        expires_at: expires_at.as_micros(),
        confirmed_at: None,
        previous: None,
    };
    let expected = Expected::of(world, Purpose::SignIn, None);
    let factor = Factor::Asked { given: claim.proof, ring: world.keys().ring(), expected };
    let (now, parameters) = (world.now(), world.parameters());
    let door = Door::Outside(claim.address);
    let check = Check { row, right, factor, door, now, parameters, action: SIGN_IN };
    let seen_after = real_now.plus_seconds(-world.parameter(Name::StaffIdle));
    let opening = Opening { session, now, seen_after };
    let entered = world
        .db()
        .write(move |tx| {
            let settled = check.settle(tx)?;
            enter(tx, settled, &opening)
        })
        .await?;
    let Entered { staff, with_factor, previous } = entered?;
    let ttl = world.parameter(Name::StepUpTtl);
    let stepped_up_until = with_factor.then(|| real_now.plus_seconds(ttl));
    Ok(SignedIn { token, staff, expires_at, stepped_up_until, previous })
}

/// What whoever knows the password of an account may show as its second factor. It opens nothing, and leaves what was counted of
/// an account that has one.
///
/// # Errors
/// `staff.login_refused`; `sign_in_rule.address`.
pub async fn ask(world: &World, claim: Claim) -> Result<Question, Error> {
    let name = claim.login;
    let found = world.db().read(move |tx| store::org::find_staff_by_login(tx, &name)).await?;
    let hash = found.as_ref().map(|row| row.password_hash.as_str());
    let right = password::verify(&claim.password, hash).await?;
    let Some(row) = found else { return refuse_unknown(world, ASK).await };
    let (id, expected) = (row.id, Expected::of(world, Purpose::SignIn, None));
    let factor = Factor::Asked { given: None, ring: world.keys().ring(), expected: expected.clone() };
    let (now, parameters) = (world.now(), world.parameters());
    let door = Door::Outside(claim.address);
    let check = Check { row, right, factor, door, now, parameters, action: ASK };
    let question = expected.question(id);
    world
        .db()
        .write(move |tx| match check.settle(tx)? {
            Settled::FactorRequired => question.put(tx).map(Ok),
            settled => Ok(settled.admit(tx, &id)?.map(|_| Question::none())),
        })
        .await?
}

/// A session that was opened.
struct Entered {
    staff: StaffRow,
    with_factor: bool,
    previous: Previous,
}

/// A session that is to be opened.
struct Opening {
    session: SessionRow,
    /// For the record.
    now: Timestamp,
    /// A session that was last used before this is over, real time.
    seen_after: Timestamp,
}

/// Opens the session of whoever showed what is right, and notes the sign-in or its failure. An account that is used in one place at a time leaves the others,
/// which is on record.
fn enter(tx: &mut WriteTx<'_>, settled: Settled, opening: &Opening) -> Result<Result<Entered, Error>, Error> {
    let session = &opening.session;
    let (staff, with_factor) = match settled.admit(tx, &session.staff_id)? {
        Ok(admitted) => admitted,
        Err(refused) => return Ok(Err(refused)),
    };
    let (at, request) = (session.created_at, tx.request());
    if sign_in_rule::service::concurrency(tx, &staff.org_id)? == Concurrency::Single {
        leave_others(tx, &staff, opening)?;
    }
    let before =
        store::staff::swap_sign_in(tx, &session.staff_id, at, request.as_ref().map(RequestId::as_bytes))?;
    // Who has just shown a factor need not show it again at once.
    let confirmed_at = with_factor.then_some(at);
    let session = SessionRow { confirmed_at, previous: Some(before), ..session.clone() };
    store::staff::insert_session(tx, &session)?;
    let previous = Previous::of(tx, before)?;
    Ok(Ok(Entered { staff, with_factor, previous }))
}

/// Ends what the account was signed in with before. The account's row is locked, so of two who sign in at once the later one
/// ends the earlier.
fn leave_others(tx: &mut WriteTx<'_>, staff: &StaffRow, opening: &Opening) -> Result<(), Error> {
    let (at, seen_after) = (opening.session.created_at, opening.seen_after.as_micros());
    let count = store::staff::supersede_sessions(tx, &staff.id, at, seen_after)?;
    if count > 0 {
        let who = Reference::new(StaffId::PREFIX, &staff.id);
        let ended = Change::of("sessions", Value::word(&count.to_string()), Value::Nothing);
        let mut record =
            Record::done(opening.now, Actor::Party(who), "staff.sessions_superseded").changing([ended]);
        record.object = Some(who);
        record.origin = Some(Reference::new(OrgId::PREFIX, &staff.org_id));
        tx.audit(&record);
    }
    Ok(())
}

/// How the account had signed in before the session of this request; none = that was not noted yet.
///
/// # Errors
/// The store's.
pub async fn previous(world: &World, staff: &Staff) -> Result<Option<Previous>, Error> {
    let (session, now) = (staff.session, world.real_now().as_micros());
    world
        .db()
        .read(move |tx| {
            let found = store::staff::find_signed_in(tx, &session, now)?;
            let row = found.and_then(|found| found.session.previous);
            row.map(|row| Previous::of(tx, row)).transpose()
        })
        .await
}

/// Refuses a login that nobody has: on record like a wrong password, and after a commit as that is, so that neither the
/// answer nor its time says which logins there are.
async fn refuse_unknown<T>(world: &World, action: &'static str) -> Result<T, Error> {
    let now = world.now();
    world
        .db()
        .write(move |tx| {
            tx.audit(&Record::refused(now, Actor::System, action, &org::Refusal::LoginRefused));
            Ok::<_, Error>(())
        })
        .await?;
    Err(org::Refusal::LoginRefused.into())
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
            store::staff::delete_session(tx, &session)?;
            tx.audit(&Record::done(now, actor, "staff.signed_out"));
            Ok(())
        })
        .await
}

/// What somebody who is signed in confirms that with.
#[derive(Debug)]
pub enum Confirmation {
    /// The second factor.
    Factor(Proof),
    /// The password, of an account without a second factor.
    Password(Password),
}

/// What the account may show to [`step_up`].
///
/// # Errors
/// `staff.factor_missing` for an account without a second factor.
pub async fn ask_step_up(world: &World, staff: &Staff) -> Result<Question, Error> {
    if !staff.has_factor {
        return Err(Refusal::FactorMissing.into());
    }
    let question = Expected::of(world, Purpose::StepUp, Some(staff.session)).question(*staff.id.as_bytes());
    world
        .db()
        .write(move |tx| {
            tx.unaudited("a challenge was made");
            question.put(tx)
        })
        .await
}

/// Confirms that the member of staff is still there: sensitive operations go on for some minutes. Answers until when.
///
/// # Errors
/// `staff.code_required` for a password of an account that has a second factor; `staff.factor_missing` for a code or a passkey
/// of one that has none; `staff.code_refused`; those of [`super::passkey::service::Expected::prove`].
pub async fn step_up(world: &World, staff: &Staff, shown: Confirmation) -> Result<Timestamp, Error> {
    let row = own_row(world, staff).await?;
    let at = world.real_now();
    let (right, factor) = match shown {
        Confirmation::Factor(_) if !staff.has_factor => return Err(Refusal::FactorMissing.into()),
        Confirmation::Password(_) if staff.has_factor => return Err(Refusal::CodeRequired.into()),
        Confirmation::Factor(proof) => {
            let expected = Expected::of(world, Purpose::StepUp, Some(staff.session));
            (true, Factor::Asked { given: Some(proof), ring: world.keys().ring(), expected })
        }
        Confirmation::Password(password) => {
            (password::verify(&password, Some(&row.password_hash)).await?, Factor::NotAsked)
        }
    };
    let (now, parameters) = (world.now(), world.parameters());
    let door = Door::Inside;
    let check = Check { row, right, factor, door, now, parameters, action: "staff.stepped_up" };
    let session = staff.session;
    let settled = world
        .db()
        .write(move |tx| {
            let settled = check.settle(tx)?;
            if matches!(settled, Settled::Right { .. }) {
                store::staff::confirm_session(tx, &session, at.as_micros())?;
            }
            Ok::<_, Error>(settled)
        })
        .await?;
    let ttl = world.parameter(Name::StepUpTtl);
    match settled {
        Settled::Right { .. } => Ok(at.plus_seconds(ttl)),
        Settled::Unproven(refusal) => Err(refusal.into()),
        Settled::FactorRequired | Settled::KeptOut(_) | Settled::Wrong => Err(Refusal::CodeRefused.into()),
    }
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
    let row = own_row(world, staff).await?;
    if current.expose() == new.expose() {
        return Err(org::Refusal::PasswordSame.into());
    }
    row.login.parse::<Login>()?.admits(new.expose())?;
    let right = password::verify(current, Some(&row.password_hash)).await?;
    let hash = password::hash(new).await?;
    let (session, actor, now) = (staff.session, staff.actor(), world.now());
    let parameters = world.parameters();
    let (factor, door) = (Factor::NotAsked, Door::Inside);
    let check = Check { row, right, factor, door, now, parameters, action: "staff.change_password" };
    let changed = world
        .db()
        .write(move |tx| {
            let Settled::Right { row, .. } = check.settle(tx)? else { return Ok(false) };
            let row = StaffRow { password_hash: hash.clone(), must_change: 0, ..row };
            store::org::update_staff(tx, &row)?;
            store::staff::delete_other_sessions(tx, &row.id, &session)?;
            tx.audit(&Record::done(now, actor, "staff.password_changed"));
            Ok::<_, Error>(true)
        })
        .await?;
    if changed { Ok(()) } else { Err(org::Refusal::LoginRefused.into()) }
}

/// Whether `password` is one's own; a wrong one counts.
///
/// # Errors
/// `staff.login_refused`
pub(super) async fn confirm_password(
    world: &World,
    staff: &Staff,
    password: &Password,
    action: &'static str,
) -> Result<(), Error> {
    let row = own_row(world, staff).await?;
    let right = password::verify(password, Some(&row.password_hash)).await?;
    let (now, parameters) = (world.now(), world.parameters());
    let (factor, door) = (Factor::NotAsked, Door::Inside);
    let check = Check { row, right, factor, door, now, parameters, action };
    match world.db().write(move |tx| check.settle(tx)).await? {
        Settled::Right { .. } => Ok(()),
        _ => Err(org::Refusal::LoginRefused.into()),
    }
}

async fn own_row(world: &World, staff: &Staff) -> Result<StaffRow, Error> {
    let id = *staff.id.as_bytes();
    let row = world.db().read(move |tx| store::org::find_staff(tx, &id)).await?;
    row.ok_or_else(|| Error::platform("staff.unauthenticated"))
}

/// Whether a second factor belongs to what is checked.
enum Factor {
    /// The session or the password alone is enough here.
    NotAsked,
    /// It does, if the account has one.
    Asked { given: Option<Proof>, ring: Arc<Ring>, expected: Expected },
}

/// Whether somebody is in already.
enum Door {
    /// The request came with a session and was let in with it.
    Inside,
    /// Somebody signs in, from this address if it is known.
    Outside(Option<IpAddr>),
}

/// A password that was compared outside the transaction, to be accounted for inside, and a second factor to compare there.
struct Check {
    row: StaffRow,
    right: bool,
    factor: Factor,
    door: Door,
    now: Timestamp,
    parameters: Arc<Parameters>,
    action: &'static str,
}

/// How a check went.
enum Settled {
    /// Everything was right; the account as it is now, and whether a second factor was among it.
    Right { row: StaffRow, with_factor: bool },
    /// The password was right and a second factor is missing; nothing is counted.
    FactorRequired,
    /// The password was right and the organisation's accounts are not used from there. No factor was looked at or spent.
    KeptOut(Error),
    /// The password was right and the passkey was not, which is counted.
    Unproven(passkey::Refusal),
    /// Something was wrong, which is counted, or the account is closed or locked.
    Wrong,
}

impl Settled {
    /// The account that somebody comes in to, and whether they showed a second factor; or why not, which is noted as a sign-in
    /// that failed. A factor that is missing is no failure: the password was right, and it is asked for.
    fn admit(self, tx: &mut WriteTx<'_>, staff: &[u8; 16]) -> Result<Result<(StaffRow, bool), Error>, Error> {
        let refused = match self {
            Self::Right { row, with_factor } => return Ok(Ok((row, with_factor))),
            Self::FactorRequired => return Ok(Err(Refusal::CodeRequired.into())),
            Self::KeptOut(refused) => refused,
            Self::Unproven(refusal) => refusal.into(),
            Self::Wrong => org::Refusal::LoginRefused.into(),
        };
        store::staff::count_failed_sign_in(tx, staff)?;
        Ok(Err(refused))
    }
}

impl Check {
    /// Accounts for what was shown. A wrong attempt is counted in this transaction, so it must be committed.
    fn settle(&self, tx: &mut WriteTx<'_>) -> Result<Settled, Error> {
        let Some(row) = store::org::lock_staff_by_login(tx, &self.row.login)? else {
            return Ok(Settled::Wrong);
        };
        let actor = Actor::Party(Reference::new(StaffId::PREFIX, &row.id));
        let open = row.state == "active" && attempts(&row).admit(self.now).is_ok();
        // A password that was replaced while this one was compared is no longer the right one.
        if open && self.right && row.password_hash == self.row.password_hash {
            if let Err(refusal) = self.come_in(tx, &row.org_id)? {
                tx.audit(&Record::refused(self.now, actor, self.action, &refusal));
                return Ok(Settled::KeptOut(refusal.into()));
            }
            match self.show(tx, &row)? {
                Shown::Missing => {
                    tx.audit(&Record::refused(self.now, actor, self.action, &Refusal::CodeRequired));
                    return Ok(Settled::FactorRequired);
                }
                Shown::Nothing => return self.let_in(tx, row, false),
                Shown::Right => return self.let_in(tx, row, true),
                Shown::Refused(refusal) => {
                    self.count(tx, row)?;
                    tx.audit(&Record::refused(self.now, actor, self.action, &refusal));
                    return Ok(Settled::Unproven(refusal));
                }
                Shown::Wrong => (),
            }
        }
        if open {
            self.count(tx, row)?;
        }
        tx.audit(&Record::refused(self.now, actor, self.action, &org::Refusal::LoginRefused));
        Ok(Settled::Wrong)
    }

    /// Forgets what was counted before.
    fn let_in(&self, tx: &mut WriteTx<'_>, row: StaffRow, with_factor: bool) -> Result<Settled, Error> {
        let row = StaffRow { failed_attempts: 0, locked_until: None, ..row };
        store::org::update_staff(tx, &row)?;
        let actor = Actor::Party(Reference::new(StaffId::PREFIX, &row.id));
        tx.audit(&Record::done(self.now, actor, self.action));
        Ok(Settled::Right { row: StaffRow { version: row.version + 1, ..row }, with_factor })
    }

    /// Counts what was wrong; the last allowed one locks.
    fn count(&self, tx: &mut WriteTx<'_>, row: StaffRow) -> Result<(), Error> {
        let (parameters, day) = (&self.parameters, self.now.business_date());
        let most = parameters.get(Name::StaffErrors, day);
        let after = attempts(&row).wrong(self.now, most, parameters.get(Name::StaffLock, day));
        let locked_until = after.locked_until.map(Timestamp::as_micros);
        store::org::update_staff(tx, &StaffRow { failed_attempts: after.failed, locked_until, ..row })?;
        Ok(())
    }

    fn come_in(
        &self,
        tx: &mut ReadTx<'_>,
        org: &[u8; 16],
    ) -> Result<Result<(), domain::sign_in_rule::Refusal>, Error> {
        let Door::Outside(address) = self.door else { return Ok(Ok(())) };
        let rule = store::sign_in_rule::get(tx, org)?;
        Ok(sign_in_rule::service::networks(&rule.networks)?.admit(address))
    }

    fn show(&self, tx: &mut WriteTx<'_>, row: &StaffRow) -> Result<Shown, Error> {
        let Factor::Asked { given, ring, expected } = &self.factor else { return Ok(Shown::Nothing) };
        let app = store::staff::lock_factor(tx, &row.id, factor::ACTIVE)?;
        if app.is_none() && store::passkey::count(tx, &row.id)? == 0 {
            return Ok(Shown::Nothing);
        }
        Ok(match given {
            None => Shown::Missing,
            Some(Proof::Code(code)) => {
                let right = factor::prove(tx, ring, &row.id, app.as_ref(), code, expected.at)?;
                if right { Shown::Right } else { Shown::Wrong }
            }
            Some(Proof::Passkey(shown)) => match expected.prove(tx, &row.id, shown)? {
                Ok(()) => Shown::Right,
                Err(refusal) => Shown::Refused(refusal),
            },
        })
    }
}

fn attempts(row: &StaffRow) -> Attempts {
    Attempts { failed: row.failed_attempts, locked_until: row.locked_until.map(Timestamp::from_micros) }
}

/// What was shown of a second factor.
enum Shown {
    /// None was needed.
    Nothing,
    Missing,
    Right,
    /// The passkey was not right.
    Refused(passkey::Refusal),
    Wrong,
}
