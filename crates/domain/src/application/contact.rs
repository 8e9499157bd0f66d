//! Who can be reached about an application (CH-F1.4, CH-16.1): the contacts of its forms, in clear and masked.
//!
//! Invariant: whoever does not act for the owner sees them masked, wherever the body is shown; in clear they are told to those
//! who have business with the application, one asking at a time. Opinions name the departments' own officers, who are there
//! to be reached, and stay as they are.

use super::Application;
use super::form::Contact;
use crate::identity::{Phone, mask};

impl Contact {
    /// The same, by which nobody can be reached; what is empty stays empty.
    #[must_use]
    pub fn masked(&self) -> Self {
        let hidden = |text: &str| if text.is_empty() { String::new() } else { "***".to_owned() };
        let phone = self.phone.parse::<Phone>();
        let host = self.email.split_once('@').map(|(_, host)| host);
        Self {
            name: mask(&self.name, 1, 0),
            phone: phone.map_or_else(|_| hidden(&self.phone), |phone| phone.masked()),
            email: host.map_or_else(|| hidden(&self.email), |host| format!("***@{host}")),
        }
    }
}

impl Application {
    fn contacts(&mut self) -> [(&'static str, &mut Contact); 2] {
        [("/forms/one/contact", &mut self.forms.one.contact), ("/formal/contact", &mut self.formal.contact)]
    }
}

/// The body with its contacts masked; nothing where it cannot be read.
pub fn masked(body: &str) -> Option<String> {
    let mut application: Application = serde_json::from_str(body).ok()?;
    for (_, contact) in application.contacts() {
        *contact = contact.masked();
    }
    serde_json::to_string(&application).ok()
}

/// The contacts of a body that were filled in, by where they stand.
pub fn in_clear(body: &str) -> Vec<(&'static str, Contact)> {
    let Ok(mut application) = serde_json::from_str::<Application>(body) else { return Vec::new() };
    let told = application.contacts().map(|(place, contact)| (place, contact.clone()));
    told.into_iter().filter(|(_, contact)| *contact != Contact::default()).collect()
}
