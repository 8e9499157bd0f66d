//! Forms of personalised services. Every method fails as [`Client::send`] does.
//!
//! [`Client::send`]: super::Client::send

use super::call::{encode, with_query};
use super::{Call, Error, Items, Staff};
use crate::types::service_form::{ServiceFormView, WithdrawServiceForm};

fn path(service: &str) -> String {
    format!("/api/v1/services/{}/form", encode(service))
}

impl Staff {
    /// Publishes the form of a service in the place of the one before; the same document again changes nothing.
    pub fn publish_service_form(
        &self,
        service: &str,
        file_name: &str,
        content: &[u8],
    ) -> Result<ServiceFormView, Error> {
        let path = with_query(&path(service), &[("file_name", Some(file_name))]);
        self.client().send(&Call::put(path, content).repeatable())
    }

    /// Takes the form of a service down, if it is the current one.
    pub fn withdraw_service_form(
        &self,
        service: &str,
        request: &WithdrawServiceForm,
    ) -> Result<ServiceFormView, Error> {
        self.client().send(&Call::post(format!("{}/withdraw", path(service)), request)?.once())
    }

    /// Every version of a service's form, the newest first.
    pub fn service_forms(&self, service: &str) -> Items<'_, ServiceFormView> {
        self.client().list(format!("/api/v1/services/{}/forms", encode(service)))
    }

    /// The document of a form, current or not.
    pub fn service_form_content(&self, service_form_id: &str) -> Result<Vec<u8>, Error> {
        self.client().bytes(&Call::get(format!("/api/v1/service-forms/{}/content", encode(service_form_id))))
    }
}
