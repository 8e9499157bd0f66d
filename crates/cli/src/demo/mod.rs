//! `ykt demo`: the whole main job over real HTTP, against a server of its own in a temporary folder.
//!
//! A play is a list of steps; a step does something and says what was proven by it. Invariant: a step succeeds only
//! if the platform did what it must, refusals included, and the play stops at the first that does not.

mod evidence;
mod holder;
mod money;
mod play;
mod refusals;

use crate::arguments::Context;
use crate::failure::Failure;
use crate::folder::Scratch;
use crate::output;
use crate::running::Running;
use crate::scene;
use clap::Args;
use play::{Play, Step};
use serde::Serialize;
use std::time::Instant;

/// How to demonstrate.
#[derive(Debug, Args)]
pub struct Flags {
    /// Play on this PostgreSQL database, in schemas of its own that go away in the end, and not on SQLite
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

/// Every step, in order.
fn steps() -> impl Iterator<Item = &'static Step> {
    [holder::STEPS, refusals::STEPS, money::STEPS, evidence::STEPS].into_iter().flatten()
}

/// What is told of a step.
#[derive(Debug, Serialize)]
struct Told {
    step: &'static str,
    proof: String,
    milliseconds: u128,
}

/// Plays every step.
pub fn run(flags: &Flags, context: &Context) -> Result<(), Failure> {
    let started = Instant::now();
    // Dropped in the reverse order: the databases close before their schemas go.
    let schemas = flags.postgres.as_deref().map(store::db::Scratch::create).transpose()?;
    let scratch = Scratch::make_with(schemas.as_ref().map(|schemas| schemas.url().to_owned()), true)?;
    let running = Running::start(&scratch.folder, ([127, 0, 0, 1], 0).into(), None)?;
    let outcome = play(&running, context);
    running.stop()?;
    let told = outcome?;
    if context.output.is_json() {
        return context.output.list(&told, &[]);
    }
    let seconds = started.elapsed().as_secs_f64();
    output::text(&format!("\n{} steps, every proof held, {seconds:.1} s\n", told.len()))
}

fn play(running: &Running, context: &Context) -> Result<Vec<Told>, Failure> {
    let (_, first) = running
        .first
        .iter()
        .find(|(world, _)| *world == server::WorldName::Sandbox)
        .ok_or_else(|| Failure::failed("a new sandbox has no first account"))?;
    let base_url = running.sandbox();
    let scene = scene::set(&base_url, first, &|step| output::note(&format!("scene: {step}")))?;
    let mut play = Play::new(&base_url, scene, running)?;
    let mut told = Vec::new();
    for step in steps() {
        let begun = Instant::now();
        let proof = (step.run)(&mut play).map_err(|failure| Failure {
            message: format!("{}: {}", step.name, failure.message),
            ..failure
        })?;
        let milliseconds = begun.elapsed().as_millis();
        if !context.output.is_json() {
            let number = told.len() + 1;
            output::text(&format!("✓ {number:>2}  {}\n       {proof}\n", step.name))?;
        }
        told.push(Told { step: step.name, proof, milliseconds });
    }
    Ok(told)
}
