//! Standing in for a colleague.

use super::call::encode;
use super::{Call, Caller, Client, Config, Error, Items, Staff};
use crate::types::Private;
use crate::types::delegation::{ActOnDelegation, CreateDelegation, DelegationView};

impl Staff {
    /// Goes on with a token from an earlier sign-in, in the place of whoever gave this delegation.
    pub fn standing_in(config: &Config, token: Private, delegation_id: &str) -> Result<Self, Error> {
        Ok(Self::of(Client::new(config, Caller::StandIn(token, delegation_id.to_owned()))?))
    }

    /// Asks a colleague to act in matters in one's place.
    pub fn create_delegation(&self, request: &CreateDelegation) -> Result<DelegationView, Error> {
        self.client().send(&Call::post("/api/v1/delegations", request)?.once())
    }

    /// What one has given and was asked for, newest first.
    pub fn delegations(&self) -> Items<'_, DelegationView> {
        self.client().list("/api/v1/delegations")
    }

    /// Accepts or declines what one was asked for, or ends a delegation.
    pub fn act_on_delegation(
        &self,
        delegation_id: &str,
        request: &ActOnDelegation,
    ) -> Result<DelegationView, Error> {
        let path = format!("/api/v1/delegations/{}/actions", encode(delegation_id));
        self.client().send(&Call::post(path, request)?.once())
    }
}
