//! What a channel's server can do beside [`Acceptance`]. Every method fails as [`Client::send`] does.

use super::call::{encode, with_query};
use super::{
    Acceptance, Call, Caller, Client, Config, Device, DeviceError, Error, Items, KeyPair, SessionSlot,
};
use crate::types::Page;
use crate::types::ecard::{
    ChangePassword, ClaimEcard, EcardClaimed, EcardView, ListAllUses, ResetPassword, SetPassword, Unbind,
};
use crate::types::grant::{CreateGrant, GrantView, RevokeGrant};
use crate::types::holder_session::{HolderSessionOpened, OpenHolderSession};
use crate::types::payment::{BalanceView, CreateTopUp, TopUpView};
use crate::types::qr::{CodeCreated, CreateCode};
use crate::types::statistic::StatisticRow;
use crate::types::usage::UseView;
use crate::types::webhook::{DeliveriesReplayed, ReplayDeliveries};

/// A channel's server.
pub struct Channel {
    pub(super) client: Client,
}

impl Channel {
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

    /// Claims the holder's e-card.
    pub fn claim_ecard(&self, request: &ClaimEcard) -> Result<EcardClaimed, Error> {
        self.client.send(&Call::post("/api/v1/ecards", request)?)
    }

    /// Claims the holder's e-card on a device and opens the holder's session there: with `password` where the e-card has
    /// none yet, and by the claim's own real-person evidence where it has one. `now` is the device's clock, in Unix
    /// seconds.
    ///
    /// # Errors
    /// Those of [`Channel::claim_ecard`], [`Channel::set_password`] and [`Channel::open_holder_session`];
    /// [`Error::Unreadable`] for a session that is not encrypted to this device.
    pub fn claim_on(
        &self,
        device: &mut Device,
        claim: ClaimEcard,
        password: &str,
        now: i64,
    ) -> Result<EcardClaimed, Error> {
        let claim = ClaimEcard { device_key: Some(device.device_key()), ..claim };
        let claimed = self.claim_ecard(&claim)?;
        let binding = &claimed.binding_id;
        let unreadable = |error: DeviceError| Error::Unreadable(error.to_string());
        if let Some(opened) = &claimed.holder_session {
            device.take_up(binding, opened).map_err(unreadable)?;
            self.set_password(binding, &device.set_password(password, now).map_err(unreadable)?)?;
        } else {
            let opened = self.open_holder_session(&device.open_by_real_person(binding, claim.real_person))?;
            device.take_up(binding, &opened).map_err(unreadable)?;
        }
        Ok(claimed)
    }

    /// A binding as it is now.
    pub fn ecard(&self, binding_id: &str) -> Result<EcardView, Error> {
        self.client.send(&Call::get(format!("/api/v1/ecards/{}", encode(binding_id))))
    }

    /// Opens a holder session that the device asked for; hand the answer to the device.
    pub fn open_holder_session(&self, request: &OpenHolderSession) -> Result<HolderSessionOpened, Error> {
        self.client.send(&Call::post("/api/v1/holder-sessions", request)?)
    }

    /// Sets the first password.
    pub fn set_password(&self, binding_id: &str, request: &SetPassword) -> Result<EcardView, Error> {
        self.client.send(&Call::post(format!("/api/v1/ecards/{}/password", encode(binding_id)), request)?)
    }

    /// Replaces the password by knowing the current one.
    pub fn change_password(&self, binding_id: &str, request: &ChangePassword) -> Result<EcardView, Error> {
        self.client
            .send(&Call::post(format!("/api/v1/ecards/{}/password/change", encode(binding_id)), request)?)
    }

    /// Replaces a forgotten password.
    pub fn reset_password(&self, binding_id: &str, request: &ResetPassword) -> Result<EcardView, Error> {
        self.client
            .send(&Call::post(format!("/api/v1/ecards/{}/password/reset", encode(binding_id)), request)?)
    }

    /// Ends the binding.
    pub fn unbind(&self, binding_id: &str, request: &Unbind) -> Result<EcardView, Error> {
        self.client.send(&Call::post(format!("/api/v1/ecards/{}/unbind", encode(binding_id)), request)?)
    }

    /// A code for the holder to show.
    pub fn create_code(&self, binding_id: &str, request: &CreateCode) -> Result<CodeCreated, Error> {
        self.client.send(&Call::post(format!("/api/v1/ecards/{}/codes", encode(binding_id)), request)?)
    }

    /// The uses of the e-card that the channel has part in, newest first; the holder sees every one by
    /// [`Channel::all_uses`].
    pub fn uses(&self, binding_id: &str) -> Items<'_, UseView> {
        self.client.list(format!("/api/v1/ecards/{}/uses", encode(binding_id)))
    }

    /// A page of every use of the e-card, in whichever channel, newest first; the holder's device asks.
    pub fn all_uses(
        &self,
        binding_id: &str,
        cursor: Option<&str>,
        request: &ListAllUses,
    ) -> Result<Page<UseView>, Error> {
        let path = format!("/api/v1/ecards/{}/uses/search", encode(binding_id));
        self.client.send(&Call::post(with_query(&path, &[("cursor", cursor)]), request)?.once())
    }

    /// Gives a grant.
    pub fn create_grant(&self, binding_id: &str, request: &CreateGrant) -> Result<GrantView, Error> {
        self.client.send(&Call::post(format!("/api/v1/ecards/{}/grants", encode(binding_id)), request)?)
    }

    /// The grants given in this binding.
    pub fn grants(&self, binding_id: &str) -> Items<'_, GrantView> {
        self.client.list(format!("/api/v1/ecards/{}/grants", encode(binding_id)))
    }

    /// Revokes a grant.
    pub fn revoke_grant(&self, grant_id: &str, request: &RevokeGrant) -> Result<GrantView, Error> {
        self.client.send(&Call::post(format!("/api/v1/grants/{}/revoke", encode(grant_id)), request)?)
    }

    /// The holder's prepaid balance.
    pub fn balance(&self, binding_id: &str) -> Result<BalanceView, Error> {
        self.client.send(&Call::get(format!("/api/v1/ecards/{}/balance", encode(binding_id))))
    }

    /// Moves money from the bank account to the prepaid balance.
    pub fn create_top_up(&self, request: &CreateTopUp) -> Result<TopUpView, Error> {
        self.client.send(&Call::post("/api/v1/top-ups", request)?)
    }

    /// Sends the events of a time to an endpoint again.
    pub fn replay_deliveries(
        &self,
        webhook_id: &str,
        request: &ReplayDeliveries,
    ) -> Result<DeliveriesReplayed, Error> {
        let path = format!("/api/v1/webhooks/{}/replay", encode(webhook_id));
        self.client.send(&Call::post(path, request)?.once())
    }

    /// This channel's own statistics by day.
    pub fn statistics(&self, from_on: &str, to_on: &str) -> Items<'_, StatisticRow> {
        self.client
            .list(with_query("/api/v1/statistics", &[("from_on", Some(from_on)), ("to_on", Some(to_on))]))
    }
}

impl Acceptance for Channel {
    fn client(&self) -> &Client {
        &self.client
    }
}
