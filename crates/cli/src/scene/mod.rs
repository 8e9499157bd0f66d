//! The demonstration scene of the sandbox: organisations, accounts, services, a channel, a terminal, cards and test
//! persons, all set through the API as an operator would.
//!
//! Invariant: nothing is written past the API, and only the sandbox world is written. A scene is set once per data
//! folder and kept in a file that its owner alone may read.

mod country;
mod persons;
mod set;

pub use country::{Country, found, seconds_ago};
pub use persons::{PERSONS, Person, bearers, with_check_digit};
pub use set::set;

use crate::failure::{Attempt, Failure};
use crate::folder::Folder;
use crate::{profile, secret};
use data_encoding::HEXLOWER;
use gm::sm2::SigningKey;
use sdk::client::{Channel, Config, KeyPair, Staff, Terminal, platform_keys};
use sdk::types::Private;
use serde::{Deserialize, Serialize};
use server::tryit::{Cast, TestPerson};
use std::path::{Path, PathBuf};

/// Where everything of the scene stands: 杭州.
pub const DIVISION: &str = "330100";
/// A service that is in the channel's scope but that no department has opened.
pub const NOT_OPENED: &str = "query.employment";
/// A service that the department has opened but that is outside the channel's scope.
pub const NOT_IN_SCOPE: &str = "query.talent";
/// A service that takes a stored grant of the holder.
pub const TAKES_GRANT: &str = "query.card";

/// A caller's key pair.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pair {
    /// `chn_…` or `trm_…`
    pub owner_id: String,
    /// `key_…`
    pub key_id: String,
    /// The secret key, hex.
    pub secret_key: Private,
}

/// An account that can sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Account {
    /// Login name.
    pub login: String,
    /// Its role.
    pub role: String,
    /// Its password.
    pub password: Private,
}

/// The scene as it was set.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Scene {
    /// One account of each role that plays.
    pub accounts: Vec<Account>,
    /// The channel.
    pub channel: Pair,
    /// The terminal.
    pub terminal: Pair,
    /// `org_…` that is paid.
    pub payee_id: String,
    /// What the portals show, where it was made.
    #[serde(default)]
    pub country: Option<Country>,
}

impl Pair {
    /// The pair as a client takes it.
    pub fn key_pair(&self) -> Result<KeyPair, Failure> {
        let bytes = HEXLOWER.decode(self.secret_key.expose().as_bytes()).attempt("read a key")?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| Failure::failed("a kept key is damaged"))?;
        let key = SigningKey::from_bytes(&bytes).attempt("read a key")?;
        Ok(KeyPair { key_id: self.key_id.clone(), key })
    }
}

impl Scene {
    /// The scene that was set in this folder before.
    ///
    /// # Errors
    /// Its file cannot be read.
    pub fn kept(folder: &Folder) -> Result<Option<Self>, Failure> {
        Self::read(&Self::path(folder))
    }

    /// The scene in a file, if there is one.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(path: &Path) -> Result<Option<Self>, Failure> {
        match std::fs::read(path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).attempt(format_args!("read {}", path.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::failed(format!("cannot read {}: {error}", path.display()))),
        }
    }

    /// Keeps the scene.
    ///
    /// # Errors
    /// Its file cannot be written.
    pub fn keep(&self, folder: &Folder) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(self).attempt("write the scene")?;
        secret::replace(&Self::path(folder), &bytes)
    }

    /// Where a folder keeps its scene.
    pub fn path(folder: &Folder) -> PathBuf {
        folder.root().join("demo.json")
    }

    /// A client of the account with this role.
    ///
    /// # Errors
    /// There is none, or it cannot sign in.
    pub fn staff(&self, base_url: &str, role: &str) -> Result<Staff, Failure> {
        let account = self.accounts.iter().find(|account| account.role == role);
        let account = account.ok_or_else(|| Failure::failed(format!("the scene has no {role}")))?;
        Ok(Staff::sign_in(&profile::config(base_url), &account.login, account.password.expose())?)
    }

    /// The channel's client.
    ///
    /// # Errors
    /// The platform cannot be reached.
    pub fn channel(&self, base_url: &str) -> Result<Channel, Failure> {
        Ok(Channel::new(&config(base_url)?, self.channel.key_pair()?)?)
    }

    /// The terminal's client.
    ///
    /// # Errors
    /// The platform cannot be reached.
    pub fn terminal(&self, base_url: &str) -> Result<Terminal, Failure> {
        Ok(Terminal::new(&config(base_url)?, self.terminal.key_pair()?)?)
    }

    /// Who plays on the try-it page.
    ///
    /// # Errors
    /// The platform cannot be reached.
    pub fn cast(&self, base_url: &str) -> Result<Cast, Failure> {
        let persons = PERSONS.iter().map(|person| TestPerson {
            name: person.name.into(),
            id_number: person.id_number(),
            real_person_token: person.token.as_str().into(),
            about_zh: person.about_zh.into(),
            about_en: person.about_en.into(),
        });
        Ok(Cast {
            channel: self.channel(base_url)?,
            terminal: self.terminal(base_url)?,
            payee_id: self.payee_id.clone(),
            persons: persons.collect(),
        })
    }
}

/// A client's configuration with the platform's keys as it tells them now; in a demonstration the server is ours.
///
/// # Errors
/// The platform cannot be reached.
pub fn config(base_url: &str) -> Result<Config, Failure> {
    Ok(Config::new(base_url, platform_keys(base_url)?))
}
