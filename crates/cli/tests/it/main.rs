//! The real binary, as an operator meets it: start, signals, sudden death, wrong use, the demonstration.
#![allow(clippy::unwrap_used, reason = "a test ends where its scene cannot be set")]

mod audit;
mod backup;
mod browser;
mod card;
mod clear;
mod command;
mod country;
mod death;
mod durability;
mod example;
mod matter;
mod pair;
mod process;
mod rows;
mod simulate;
mod staff;
mod start;
