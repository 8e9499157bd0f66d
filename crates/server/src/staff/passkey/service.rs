//! Registering, listing and removing one's own passkeys, and asking for one.
//!
//! Invariant: a challenge that was answered is gone, whatever the answer was worth.

use super::ceremony::{Assertion, Attestation, NewCredential};
use crate::auth::{Staff, require_step_up};
use crate::staff::factor::{self, ACTIVE, PENDING, lock};
use crate::staff::password::Password;
use crate::staff::sign_in::confirm_password;
use crate::{Error, World};
use domain::audit::{Change, Record, Reference, Value};
use domain::id::PasskeyId;
use domain::passkey::{self, CHALLENGE_SECONDS, CHALLENGES, Purpose, Refusal, RelyingParty};
use domain::time::Timestamp;
use gm::Secret;
use store::passkey::{ChallengeRow, PasskeyRow};
use store::{ReadTx, WriteTx};

/// What an answer has to fit.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Now, real time.
    pub at: Timestamp,
    party: Option<RelyingParty>,
    purpose: Purpose,
    session: Option<[u8; 32]>,
}

impl Expected {
    /// Of this world, for a purpose, in the session with this digest if there is one.
    pub fn of(world: &World, purpose: Purpose, session: Option<[u8; 32]>) -> Self {
        Self { at: world.real_now(), party: RelyingParty::of(world.origin()), purpose, session }
    }

    /// What an account is asked, not yet put to it.
    pub fn question(self, staff: [u8; 16]) -> Asking {
        let challenge = ChallengeRow {
            challenge: gm::random::bytes(),
            staff_id: staff,
            purpose: self.purpose.to_string(),
            session: self.session,
            expires_at: self.at.plus_seconds(CHALLENGE_SECONDS).as_micros(),
        };
        Asking { challenge, party: self.party }
    }

    /// Whether what a passkey of the account answered is right, and its being used up: the challenge, and the counter.
    ///
    /// # Errors
    /// Inside: `passkey.no_name`, `passkey.challenge`, `passkey.unknown`, `passkey.origin`, `passkey.unverified`,
    /// `passkey.signature`, which a key that became or ceased to be one for several devices has too, `passkey.counter`. The store's.
    pub fn prove(
        &self,
        tx: &mut WriteTx<'_>,
        staff: &[u8; 16],
        shown: &Assertion,
    ) -> Result<Result<(), Refusal>, Error> {
        let party = match self.take(tx, staff, &shown.client.challenge)? {
            Ok(party) => party,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(row) = store::passkey::lock(tx, staff, &shown.credential_id)? else {
            return Ok(Err(Refusal::Unknown));
        };
        let right = shown.verify(&row.public_key, row.backup_eligible == 1, party);
        if let Err(refusal) = right.and_then(|()| passkey::count(row.sign_count, shown.device.count)) {
            return Ok(Err(refusal));
        }
        store::passkey::note_use(tx, staff, &row.id, shown.device.count, self.at.as_micros())?;
        Ok(Ok(()))
    }

    /// Takes the challenge that is answered away; the party for which it was made.
    fn take(
        &self,
        tx: &mut WriteTx<'_>,
        staff: &[u8; 16],
        challenge: &[u8; 32],
    ) -> Result<Result<&RelyingParty, Refusal>, Error> {
        let Some(party) = &self.party else { return Ok(Err(Refusal::NoName)) };
        let fits = store::passkey::take_challenge(tx, challenge)?.is_some_and(|row| {
            row.staff_id == *staff
                && row.purpose == self.purpose.to_string()
                && row.session == self.session
                && self.at.as_micros() < row.expires_at
        });
        Ok(if fits { Ok(party) } else { Err(Refusal::Challenge) })
    }
}

/// A question to an account for its second factor.
#[derive(Debug, Clone)]
pub struct Asking {
    challenge: ChallengeRow,
    party: Option<RelyingParty>,
}

impl Asking {
    /// Puts the question; a passkey is asked for where the account has one.
    ///
    /// # Errors
    /// The store's.
    pub fn put(&self, tx: &mut WriteTx<'_>) -> Result<Question, Error> {
        let staff = &self.challenge.staff_id;
        let has_app = store::staff::find_factor(tx, staff, ACTIVE)?.is_some();
        let takes_code = has_app || store::staff::count_recovery(tx, staff)? > 0;
        let credential_ids = credential_ids(tx, staff)?;
        let passkey = match &self.party {
            Some(party) if !credential_ids.is_empty() => {
                put_challenge(tx, &self.challenge)?;
                Some(Wanted { challenge: self.challenge.challenge, party: party.clone(), credential_ids })
            }
            _ => None,
        };
        Ok(Question { takes_code, passkey })
    }
}

/// What may be shown as a second factor.
#[derive(Debug)]
pub struct Question {
    /// Whether a code is taken.
    pub takes_code: bool,
    /// What a passkey has to answer, if the account has one.
    pub passkey: Option<Wanted>,
}

impl Question {
    /// Nothing is asked of an account without a second factor.
    pub const fn none() -> Self {
        Self { takes_code: false, passkey: None }
    }
}

/// What a passkey has to answer.
#[derive(Debug)]
pub struct Wanted {
    /// Random bytes.
    pub challenge: [u8; 32],
    /// The name that passkeys are bound to, and the origin at which they are shown.
    pub party: RelyingParty,
    /// The account's credentials.
    pub credential_ids: Vec<Vec<u8>>,
}

/// A passkey that was begun.
#[derive(Debug)]
pub struct Begun {
    /// What the device has to answer, and the credentials that it must not make again.
    pub wanted: Wanted,
    /// What the device calls the account.
    pub user_name: String,
}

/// Begins a passkey.
///
/// # Errors
/// `passkey.no_name`; `staff.step_up_required` of an account that has a second factor; `staff.login_refused` for a wrong
/// password, which counts; `passkey.too_many`.
pub async fn begin(world: &World, staff: &Staff, password: &Password) -> Result<Begun, Error> {
    let expected = Expected::of(world, Purpose::Register, Some(staff.session));
    let party = expected.party.clone().ok_or(Refusal::NoName)?;
    if staff.has_factor {
        require_step_up(staff)?;
    }
    confirm_password(world, staff, password, "staff.passkey_begin").await?;
    let (id, asking) = (*staff.id.as_bytes(), expected.question(*staff.id.as_bytes()));
    let (actor, now, world_name) = (staff.actor(), world.now(), world.name().as_str());
    world
        .db()
        .write(move |tx| {
            let account = store::org::find_staff(tx, &id)?.ok_or_else(Error::not_found)?;
            let credential_ids = credential_ids(tx, &id)?;
            passkey::admit(i64::try_from(credential_ids.len()).unwrap_or(i64::MAX))?;
            put_challenge(tx, &asking.challenge)?;
            tx.audit(&Record::done(now, actor, "staff.passkey_begun"));
            let challenge = asking.challenge.challenge;
            let wanted = Wanted { challenge, party: party.clone(), credential_ids };
            Ok(Begun { wanted, user_name: format!("{}@{world_name}", account.login) })
        })
        .await
}

/// What was made of a passkey that was begun.
#[derive(Debug)]
pub struct Registered {
    /// The passkey.
    pub row: PasskeyRow,
    /// Recovery codes, shown once, when it is the account's first second factor.
    pub recovery_codes: Vec<Secret<String>>,
}

/// Registers a passkey under a name of 1 to 40 characters. When it is the account's first second factor, recovery codes are made
/// and every other session of the account ends, as with an authenticator app.
///
/// # Errors
/// `passkey.no_name`, `passkey.challenge`, `passkey.origin`, `passkey.unverified`, `staff.unauthenticated` when the session has
/// ended meanwhile, `passkey.too_many`, `passkey.taken`.
pub async fn register(
    world: &World,
    staff: &Staff,
    name: String,
    shown: Attestation,
) -> Result<Registered, Error> {
    let expected = Expected::of(world, Purpose::Register, Some(staff.session));
    let party = expected.party.clone().ok_or(Refusal::NoName)?;
    let codes = factor::make_codes();
    let new = New {
        id: world.id(PasskeyId::make),
        staff: *staff.id.as_bytes(),
        session: staff.session,
        name,
        challenge: shown.client.challenge,
        sign_count: shown.device.count,
        made: shown.verify(&party),
        recovery: factor::digests(&world.keys().ring(), staff, &codes),
        expected,
    };
    let (actor, now) = (staff.actor(), world.now());
    let outcome = world
        .db()
        .write(move |tx| {
            let outcome = new.write(tx)?;
            let mut record = match &outcome {
                Ok(_) => Record::done(now, actor, "staff.passkey_registered"),
                Err(refusal) => Record::refused(now, actor, "staff.passkey_register", refusal),
            };
            record.object = outcome.is_ok().then(|| Reference::new(PasskeyId::PREFIX, new.id.as_bytes()));
            tx.audit(&record);
            Ok::<_, Error>(outcome)
        })
        .await?;
    let (row, is_first) = outcome?;
    Ok(Registered { row, recovery_codes: if is_first { codes } else { Vec::new() } })
}

/// A passkey that is to be registered.
struct New {
    id: PasskeyId,
    staff: [u8; 16],
    session: [u8; 32],
    name: String,
    challenge: [u8; 32],
    sign_count: i64,
    made: Result<NewCredential, Refusal>,
    /// Digests of recovery codes, for the first factor of the account.
    recovery: Vec<[u8; 32]>,
    expected: Expected,
}

impl New {
    /// The passkey as it was written, and whether it is the account's first second factor. A challenge is taken whatever comes of
    /// it, so a refusal is committed.
    fn write(&self, tx: &mut WriteTx<'_>) -> Result<Result<(PasskeyRow, bool), Refusal>, Error> {
        if let Err(refusal) = self.expected.take(tx, &self.staff, &self.challenge)? {
            return Ok(Err(refusal));
        }
        let made = match &self.made {
            Ok(made) => made,
            Err(refusal) => return Ok(Err(*refusal)),
        };
        let held = lock(tx, &self.staff, &self.session)?;
        if let Err(refusal) = passkey::admit(held.passkeys) {
            return Ok(Err(refusal));
        }
        if store::passkey::is_taken(tx, &made.id)? {
            return Ok(Err(Refusal::Taken));
        }
        let at = self.expected.at.as_micros();
        let row = PasskeyRow {
            id: *self.id.as_bytes(),
            staff_id: self.staff,
            credential_id: made.id.clone(),
            public_key: made.public_key.clone(),
            sign_count: self.sign_count,
            backup_eligible: made.backup_eligible.into(),
            name: self.name.clone(),
            created_at: at,
            used_at: None,
        };
        // Of two who register it at once, one was not seen by the other.
        let inserted = store::passkey::insert(tx, &row);
        inserted.map_err(|error| Error::taken(error, || Refusal::Taken.into()))?;
        let is_first = !held.is_any();
        if is_first {
            // An app that somebody began without a factor is not confirmed beside this one, whose recovery codes it would void.
            store::staff::delete_factor(tx, &self.staff, PENDING)?;
            store::staff::replace_recovery(tx, &self.staff, &self.recovery)?;
            store::staff::delete_other_sessions(tx, &self.staff, &self.session)?;
            store::staff::confirm_session(tx, &self.session, at)?;
        }
        Ok(Ok((row, is_first)))
    }
}

/// One's own passkeys.
#[derive(Debug)]
pub struct Standing {
    /// Oldest first.
    pub rows: Vec<PasskeyRow>,
    /// The one origin at which they are made and shown; none = the platform is not reached by a name.
    pub origin: Option<String>,
}

/// One's own passkeys.
///
/// # Errors
/// The store's.
pub async fn list(world: &World, staff: &Staff) -> Result<Standing, Error> {
    let id = *staff.id.as_bytes();
    let rows = world.db().read(move |tx| store::passkey::list(tx, &id)).await?;
    Ok(Standing { rows, origin: RelyingParty::of(world.origin()).map(|party| party.origin) })
}

/// Removes one of one's own passkeys. The last second factor of an account is not removed by its owner, whose authenticator app
/// is not either.
///
/// # Errors
/// `staff.step_up_required`, `staff.unauthenticated`, `resource.not_found`, `passkey.last`.
pub async fn remove(world: &World, staff: &Staff, passkey: PasskeyId) -> Result<(), Error> {
    require_step_up(staff)?;
    let (id, session, actor, now) = (*staff.id.as_bytes(), staff.session, staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            let held = lock(tx, &id, &session)?;
            if store::passkey::delete(tx, &id, passkey.as_bytes())? == 0 {
                return Err(Error::not_found());
            }
            passkey::keep_a_factor(store::passkey::count(tx, &id)?, held.has_app)?;
            let gone = Change::of("passkey", Value::word("registered"), Value::Nothing);
            let mut record = Record::done(now, actor, "staff.passkey_removed").changing([gone]);
            record.object = Some(Reference::new(PasskeyId::PREFIX, passkey.as_bytes()));
            tx.audit(&record);
            Ok(())
        })
        .await
}

/// Adds a challenge; of more than [`CHALLENGES`] that wait for the same, the oldest are over.
fn put_challenge(tx: &mut WriteTx<'_>, row: &ChallengeRow) -> Result<(), Error> {
    store::passkey::insert_challenge(tx, row)?;
    store::passkey::trim_challenges(tx, &row.staff_id, &row.purpose, row.session.as_ref(), CHALLENGES)?;
    Ok(())
}

fn credential_ids(tx: &mut ReadTx<'_>, staff: &[u8; 16]) -> Result<Vec<Vec<u8>>, Error> {
    Ok(store::passkey::list(tx, staff)?.into_iter().map(|row| row.credential_id).collect())
}
