//! Codes at the counter: spent once, answered with as much as is authorized, refused by name, stopped at once.

mod answer;
mod authorization;
mod code;
mod race;
mod record;
mod revocation;
pub mod scene;
mod spending;
mod state;
