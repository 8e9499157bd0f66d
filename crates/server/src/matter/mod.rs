//! Matters: every piece of business in a channel's life, opened, acted on, listed and defaulted by one piece of code.
//!
//! Invariants. A step, its effects on channels and other matters, the waits it leaves, its line in the matter's history
//! and its audit record are one transaction. What a button shows is what the step would allow. A deadline that passes
//! is followed by the platform's own action or by a recorded default, once. Bodies are sealed: they hold names and
//! phones of contacts. The rules are in `domain::matter` and its kinds; nothing here knows a kind.

pub mod advice;
pub mod ahead;
pub mod assignment;
mod callback;
pub mod contact;
pub mod description;
pub mod event;
pub mod http;
pub mod leave;
pub mod list;
pub mod message;
mod met;
mod office_http;
pub mod reminder;
pub mod service;
mod settle;
mod step;
mod surroundings;

pub(crate) use step::about_matter;
pub use step::{Course, Desk, New, body, neighbour};
