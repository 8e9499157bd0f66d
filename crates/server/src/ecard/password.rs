//! The holder's password on its way in: opened, judged, hashed away from the async threads, compared in a transaction.
//!
//! Invariant: a wrong password is counted in the transaction that refuses it, so closures answer `Ok(Err(refusal))`
//! for it and the refusal is raised after the commit. One password serves every channel (see `domain::ecard`).

use crate::key::Ring;
use crate::wire::hex;
use crate::{Error, World};
use domain::ecard::{AttemptRule, Attempts, Refusal, check_password};
use domain::time::Timestamp;
use gm::random;
use sdk::holder::Envelope;
use std::sync::Arc;
use store::WriteTx;
use store::ecard::{EcardRow, PasswordRow};

/// How [`PasswordRow::hash`] is made today: PBKDF2-HMAC-SM3, then HMAC-SM3 under the pepper key.
const ALGORITHM: i64 = 1;

/// A password as it came, sealed on the device for one context.
#[derive(Debug, Clone)]
pub struct SealedPassword {
    /// SM2 ciphertext, hex.
    pub envelope: String,
    /// What it must have been made for.
    pub context: String,
}

/// A password that claims to be the holder's, hashed with the salt that was read before.
#[derive(Debug, Clone)]
pub struct Candidate {
    salt: Vec<u8>,
    hash: [u8; 32],
    rule: AttemptRule,
}

impl SealedPassword {
    /// The keys that open it, as far as can be told: a device may know a key that another server has just made.
    async fn ring(&self, world: &World) -> Result<Arc<Ring>, Error> {
        let bytes = hex::decode("/password_envelope", &self.envelope)?;
        world.keys().ring_with(world.db(), |ring| ring.open_envelope(&bytes).is_some()).await
    }

    fn open(&self, ring: &Ring, real_now: Timestamp) -> Result<String, Error> {
        let wrong = |why: &str| Error::detailed("password.envelope", why);
        let bytes = hex::decode("/password_envelope", &self.envelope)?;
        let plain = ring.open_envelope(&bytes).ok_or_else(|| wrong("it does not decrypt"))?;
        let envelope: Envelope =
            serde_json::from_slice(plain.expose()).map_err(|_| wrong("it is not an envelope"))?;
        if envelope.context != self.context {
            return Err(wrong("it was made for something else"));
        }
        let age = envelope.at.abs_diff(real_now.as_seconds());
        if age > sdk::signature::TOLERANCE_SECONDS.unsigned_abs() {
            return Err(wrong("it is not of this moment"));
        }
        Ok(envelope.password.expose().to_owned())
    }
}

/// Opens a password and hashes it as the e-card's was.
///
/// # Errors
/// `ecard.password_unset`, `password.envelope`, `password.shape`.
pub async fn candidate(world: &World, ecard: &EcardRow, sealed: SealedPassword) -> Result<Candidate, Error> {
    let salt = ecard.password.as_ref().ok_or(Refusal::PasswordUnset)?.salt.clone();
    let (ring, now) = (sealed.ring(world).await?, world.real_now());
    let rule = AttemptRule::of(&world.parameters(), world.now().business_date());
    blocking(move || {
        let password = sealed.open(&ring, now)?;
        Ok(Candidate { hash: ring.password_hash(&password, &salt), salt, rule })
    })
    .await
}

/// Opens a new password, checks that it is allowed for the holder of document `number`, and hashes it.
///
/// # Errors
/// `password.envelope`, then the rules' in their order.
pub async fn fresh(world: &World, number: String, sealed: SealedPassword) -> Result<PasswordRow, Error> {
    let (ring, now) = (sealed.ring(world).await?, world.real_now());
    blocking(move || {
        let password = sealed.open(&ring, now)?;
        check_password(&password, &number)?;
        let salt = random::bytes::<16>().to_vec();
        let hash = ring.password_hash(&password, &salt).to_vec();
        Ok(PasswordRow { algorithm: ALGORITHM, salt, hash })
    })
    .await
}

/// Tries a password in a transaction that holds the e-card, counting it when it is wrong. The row is kept in step.
///
/// # Errors
/// `platform.busy` when the password was changed since the candidate was made; the store's. The inner refusal,
/// `password.locked` or `password.wrong`, must be committed.
pub fn attempt(
    tx: &mut WriteTx<'_>,
    ecard: &mut EcardRow,
    candidate: &Candidate,
    now: Timestamp,
) -> Result<Result<(), Refusal>, Error> {
    let mut attempts = Attempts::from_parts(&ecard.failed_at, ecard.locked_until.map(Timestamp::from_micros));
    if let Err(refusal) = attempts.open(now) {
        return Ok(Err(refusal));
    }
    let stored = ecard.password.as_ref().filter(|stored| stored.salt == candidate.salt);
    let stored = stored.ok_or_else(|| Error::platform("platform.busy"))?;
    let outcome = if same(&stored.hash, &candidate.hash) {
        if attempts == Attempts::default() {
            return Ok(Ok(()));
        }
        attempts.clear();
        Ok(())
    } else {
        Err(attempts.fail(&candidate.rule, now))
    };
    let (failed_at, locked_until) = (attempts.failed_at(), attempts.locked_until().map(Timestamp::as_micros));
    store::ecard::update_attempts(tx, ecard, &failed_at, locked_until)?;
    (ecard.failed_at, ecard.locked_until, ecard.version) = (failed_at, locked_until, ecard.version + 1);
    Ok(outcome)
}

/// Equality in a time that depends on the length alone.
fn same(left: &[u8], right: &[u8]) -> bool {
    left.len() == right.len() && left.iter().zip(right).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

async fn blocking<T: Send + 'static>(
    body: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = tokio::task::spawn_blocking(body).await;
    done.map_err(|_| Error::internal("hashing a password broke an invariant"))?
}
