//! A terminal: all it does is [`Acceptance`].

use super::{Acceptance, Caller, Client, Config, Error, KeyPair, SessionSlot};

/// A terminal.
pub struct Terminal {
    client: Client,
}

impl Terminal {
    /// Connects with a registered key, opening a session for high rates.
    ///
    /// # Errors
    /// [`Error::Setup`]
    pub fn new(config: &Config, pair: KeyPair) -> Result<Self, Error> {
        Ok(Self { client: Client::new(config, Caller::Session(pair, SessionSlot::default()))? })
    }

    /// Connects with a registered key, signing every single request.
    ///
    /// # Errors
    /// [`Error::Setup`]
    pub fn signed(config: &Config, pair: KeyPair) -> Result<Self, Error> {
        Ok(Self { client: Client::new(config, Caller::Signed(pair))? })
    }
}

impl Acceptance for Terminal {
    fn client(&self) -> &Client {
        &self.client
    }
}
