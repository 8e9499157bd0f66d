//! Hashing of staff passwords: argon2id, off the async threads, a few at a time because each takes 19 MiB.
//!
//! The memory is kept for the next one. Given back, it would stay with whichever thread took it, and a server in which
//! staff had signed in on every blocking thread would hold hundreds of megabytes for nothing.

use crate::Error;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use data_encoding::BASE32_NOPAD;
use domain::org::Login;
use gm::Secret;
use std::sync::{Mutex, PoisonError};
use tokio::sync::Semaphore;

/// How many hashes are computed at once.
const SEAT_COUNT: usize = 2;

static SEATS: Semaphore = Semaphore::const_new(SEAT_COUNT);

/// What the hashes are computed in: one for each seat at most.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// What an unknown login is compared with, so that it takes as long as a known one. No password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password on its way to a hash.
pub type Password = Secret<String>;

/// The PHC string of a password.
pub async fn hash(password: &Password) -> Result<String, Error> {
    let password = Secret::new(password.expose().clone());
    let salt = gm::random::bytes::<16>();
    let hashed =
        run(move || derive(&password, &Params::default(), &salt).and_then(|hash| write(hash, &salt)));
    hashed.await?.map_err(|error| Error::internal(format!("argon2: {error}")))
}

/// Whether a password has this hash; with no hash it takes as long and says no.
pub async fn verify(password: &Password, hash: Option<&str>) -> Result<bool, Error> {
    let password = Secret::new(password.expose().clone());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    run(move || {
        let Ok(stored) = PasswordHash::new(&hash) else { return false };
        let (Ok(params), Some(salt)) = (Params::try_from(&stored), &stored.salt) else { return false };
        // The comparison takes the same time wherever they differ.
        derive(&password, &params, salt).is_ok_and(|found| stored.hash == Some(found))
    })
    .await
}

fn derive(password: &Password, params: &Params, salt: &[u8]) -> argon2::password_hash::Result<Output> {
    let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
    memory.resize(params.block_count(), Block::default());
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let outcome =
        argon2.hash_password_into_with_memory(password.expose().as_bytes(), salt, &mut out, &mut memory);
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
    outcome?;
    Ok(Output::new(&out)?)
}

fn write(hash: Output, salt: &[u8]) -> argon2::password_hash::Result<String> {
    let written = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(Params::default())?,
        salt: Some(Salt::new(salt)?),
        hash: Some(hash),
    };
    Ok(written.to_string())
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    let _seat = SEATS.acquire().await.map_err(|_| Error::platform("platform.unavailable"))?;
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::internal("a hashing thread stopped"))
}

/// A secret for the first sign-in: 120 random bits as lower-case letters and digits.
pub fn one_time(login: &Login) -> Password {
    loop {
        let text = BASE32_NOPAD.encode(&gm::random::bytes::<15>()).to_lowercase();
        if login.admits(&text).is_ok() {
            return Secret::new(text);
        }
    }
}
