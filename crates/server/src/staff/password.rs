//! Hashing of staff passwords: argon2id, off the async threads, a few at a time because each takes 19 MiB.

use crate::Error;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use data_encoding::BASE32_NOPAD;
use domain::org::Login;
use gm::Secret;
use tokio::sync::Semaphore;

/// How many hashes are computed at once.
static SEATS: Semaphore = Semaphore::const_new(4);

/// What an unknown login is compared with, so that it takes as long as a known one. No password has this hash.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// A password on its way to a hash.
pub type Password = Secret<String>;

/// The PHC string of a password.
pub async fn hash(password: &Password) -> Result<String, Error> {
    let password = Secret::new(password.expose().clone());
    let salt = gm::random::bytes::<16>();
    run(move || {
        let hashed = Argon2::default().hash_password_with_salt(password.expose().as_bytes(), &salt);
        hashed.map(|hash: PasswordHash| hash.to_string()).map_err(|e| Error::internal(format!("argon2: {e}")))
    })
    .await?
}

/// Whether a password has this hash; with no hash it takes as long and says no.
pub async fn verify(password: &Password, hash: Option<&str>) -> Result<bool, Error> {
    let password = Secret::new(password.expose().clone());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    run(move || {
        let stored = PasswordHash::new(&hash);
        stored
            .is_ok_and(|hash| Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok())
    })
    .await
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
