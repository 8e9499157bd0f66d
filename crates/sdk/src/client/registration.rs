//! What staff do with companies that ask for an account.

use super::call::encode;
use super::{Call, Error, Items, Staff};
use crate::types::Reveal;
use crate::types::registration::{DeclineRegistration, OpenRegistration, RegistrationView};
use crate::types::staff::StaffCreated;

impl Staff {
    /// A company that asks for an account; its contact is masked.
    pub fn registration(&self, registration_id: &str) -> Result<RegistrationView, Error> {
        self.client().send(&Call::get(format!("/api/v1/registrations/{}", encode(registration_id))))
    }

    /// A company that asks for an account, with its contact in clear; that one asked, and why, is on record.
    pub fn reveal_registration(
        &self,
        registration_id: &str,
        request: &Reveal,
    ) -> Result<RegistrationView, Error> {
        let path = format!("/api/v1/registrations/{}/reveal", encode(registration_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// Companies that ask for an account, in the order they did.
    pub fn registrations(&self) -> Items<'_, RegistrationView> {
        self.client().list("/api/v1/registrations")
    }

    /// Confirms that a company is who it says it is, if its registration still has this version.
    pub fn confirm_registration(
        &self,
        registration_id: &str,
        version: i64,
    ) -> Result<RegistrationView, Error> {
        let path = format!("/api/v1/registrations/{}/confirm", encode(registration_id));
        self.client().send(&Call::post(path, &())?.once().if_match(version))
    }

    /// Declines a registration, if it still has this version.
    pub fn decline_registration(
        &self,
        registration_id: &str,
        version: i64,
        request: &DeclineRegistration,
    ) -> Result<RegistrationView, Error> {
        let path = format!("/api/v1/registrations/{}/decline", encode(registration_id));
        self.client().send(&Call::post(path, request)?.once().if_match(version))
    }

    /// Opens a confirmed registration's organisation with its first account, if it still has this version.
    pub fn open_registration(
        &self,
        registration_id: &str,
        version: i64,
        request: &OpenRegistration,
    ) -> Result<StaffCreated, Error> {
        let path = format!("/api/v1/registrations/{}/open", encode(registration_id));
        self.client().send(&Call::post(path, request)?.once().if_match(version))
    }
}
