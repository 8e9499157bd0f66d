//! 渠道联系人: whom to call about a channel now, and before (CH-16.1, CH-16.3).
//!
//! Invariant: the contact that holds is the one that was told last, whatever application told it, so a change that was filed
//! before a notice and let in after it does not bring the old contact back. Nothing is stored of it but what the applications
//! say. Its e-mail address counts as verified once a code that was mailed there was given back, and never because a form says so.
//!
//! Not here: how a code is made, counted and tried, which is `notification`'s; and who may read a contact in clear.

use crate::application::form::Contact;
use crate::id::MatterId;
use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;

refusals! {
    /// Why an address of a contact is not verified.
    Refusal {
        /// Nobody was named.
        Missing = "contact.missing" ["CH-16.1"] "该渠道尚未登记联系人，请先办理联系人变更" "the channel has no contact: name one first";
        /// It was before.
        Verified = "contact.verified" "该联系人邮箱已验证" "the address of this contact is verified already";
    }
}

names! {
    /// On what occasion a contact was told.
    Occasion {
        /// 附表1 of the first access (CH-F1.4).
        Test = "test",
        /// 附表3 of the first access (CH-16.1).
        Formal = "formal",
        /// 附表3 of a change of regions or services.
        Change = "change",
        /// A notice that the contact is another one (CH-16.3).
        Notice = "notice",
    }
}

/// A contact that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// By which application.
    pub matter: MatterId,
    /// On what occasion.
    pub occasion: Occasion,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub contact: Contact,
}

/// A contact while it held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What told it first.
    pub told: Told,
    /// Until when; the one that holds now has no end.
    pub until: Option<Timestamp>,
}

/// Who held when, newest first. One that is told again goes on.
pub fn course(mut told: Vec<Told>) -> Vec<Held> {
    told.sort_by_key(|one| (one.at, one.matter, one.occasion));
    let mut held: Vec<Held> = Vec::new();
    for one in told {
        match held.last_mut() {
            Some(last) if last.told.contact == one.contact => continue,
            Some(last) => last.until = Some(one.at),
            None => {}
        }
        held.push(Held { told: one, until: None });
    }
    held.reverse();
    held
}

#[cfg(test)]
mod tests;
