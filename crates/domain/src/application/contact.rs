//! Who can be reached about an application (CH-F1.4, CH-16.1): the contacts of its forms, in clear and masked.
//!
//! Invariant: whoever does not act for the owner sees them masked, wherever the body is shown; in clear they are told to those
//! who have business with the application, one asking at a time. Opinions name the departments' own officers, who are there
//! to be reached, and stay as they are. Which contact of a channel holds is for `contact`.

use super::form::Contact;
use super::{Application, Purpose, State};
use crate::contact::Occasion;
use crate::identity::{Phone, mask};
use crate::time::Timestamp;

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

/// What an application did that tells a contact, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// When it was opened.
    pub opened_at: Option<Timestamp>,
    /// When it was filed for the test last.
    pub filed_at: Option<Timestamp>,
    /// When it was filed for formal access last.
    pub filed_formally_at: Option<Timestamp>,
}

/// The contacts that a body has told, by what it has done (CH-16.1, CH-16.3): a notice when it was opened; a first access when
/// it was filed, for the test and then formally; a change only once it is in force, and as of when it was filed. What stands in
/// a form that is being corrected was told to nobody.
pub fn told(body: &str, done: &Done) -> Vec<(Occasion, Timestamp, Contact)> {
    let Ok(application) = serde_json::from_str::<Application>(body) else { return Vec::new() };
    let Application { state, purpose, forms, formal, .. } = application;
    let is_with_reviewers = !matches!(state, State::Draft);
    let is_formal = matches!(state, State::FirstReview | State::FinalReview | State::Live);
    let all = match purpose {
        Purpose::Contact => vec![(Occasion::Notice, done.opened_at, forms.one.contact)],
        Purpose::Access => vec![
            (Occasion::Test, done.filed_at.filter(|_| is_with_reviewers), forms.one.contact),
            (Occasion::Formal, done.filed_formally_at.filter(|_| is_formal), formal.contact),
        ],
        Purpose::Change => {
            let in_force = state == State::Live;
            vec![(Occasion::Change, done.filed_formally_at.filter(|_| in_force), formal.contact)]
        }
    };
    let filled = all.into_iter().filter(|(_, _, contact)| *contact != Contact::default());
    filled.filter_map(|(occasion, at, contact)| Some((occasion, at?, contact))).collect()
}
