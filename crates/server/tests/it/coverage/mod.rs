//! Every operation of the API, taken from its own description: who may call it, what it does with a wrong body, which
//! error codes are reached. An operation, a scheme or a code that is missing from the tables here fails.

mod authorization;
mod cast;
mod codes;
mod examples;
mod fuzz;
mod operations;
mod props;
pub mod scene;
mod shape;
mod targets;
