//! 渠道联系人: whom to call about a channel now, who was before, and whether the e-mail address was shown to be read (CH-16).
//!
//! Invariants. Who can be reached is what the applications of the channel say, opened when somebody looks and stored nowhere
//! else. Whoever is not of the owner sees masks, and gets what holds now in clear one asking at a time, with a reason, on
//! record. An address is verified by a code that was mailed to it and given back by the owner, and by nothing else.

mod address;
pub mod http;
pub(crate) mod letters;
pub mod service;
