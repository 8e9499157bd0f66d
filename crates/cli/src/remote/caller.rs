//! Acting as a channel or terminal with its own key, for what only they may see and do.

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use crate::scene;
use clap::Args;
use data_encoding::HEXLOWER_PERMISSIVE;
use gm::Secret;
use gm::sm2::SigningKey;
use sdk::client::{Channel, KeyPair};
use std::path::PathBuf;

/// A registered key.
#[derive(Debug, Args)]
pub struct CallerKey {
    /// Secret key file of the channel or terminal (see `ykt key generate`)
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// key_… that it was registered as
    #[arg(long, value_name = "ID")]
    key_id: String,
}

impl CallerKey {
    /// A client that signs every request with the key and checks every answer.
    ///
    /// # Errors
    /// The file cannot be read; usage: it holds no SM2 secret key.
    pub fn connect(&self, context: &Context) -> Result<Channel, Failure> {
        let file = self.key.display();
        let text = Secret::new(std::fs::read_to_string(&self.key).attempt(format_args!("read {file}"))?);
        let bytes = HEXLOWER_PERMISSIVE.decode(text.expose().trim().as_bytes()).unwrap_or_default();
        let key = <[u8; 32]>::try_from(bytes).ok().and_then(|bytes| SigningKey::from_bytes(&bytes).ok());
        let key = key.ok_or_else(|| Failure::usage(format!("{file} holds no SM2 secret key")))?;
        let pair = KeyPair { key_id: self.key_id.clone(), key };
        Ok(Channel::signed(&scene::config(&context.target.url()?)?, pair)?)
    }
}
