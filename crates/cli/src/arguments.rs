//! The grammar of the command line: `ykt <noun> <verb>`, and what every verb is given.
//!
//! Deliberately not here: what a verb does. Each noun has a file of its own.

use crate::config::{Configuration, Layers, Resolved};
use crate::failure::{Attempt, Failure};
use crate::output::{Format, Output};
use crate::profile::Target;
use crate::{
    backup, bench, completion, crowd, demo, doctor, explain, key, migrate, output, reference, remote, serve,
    simulate, workflow,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Yikatong (一卡通): the social-security-card platform in one program.
#[derive(Debug, Parser)]
#[command(name = "ykt", version, about, long_about = None, propagate_version = true)]
#[command(
    after_help = "Exit codes: 0 done, 1 failed, 2 asked wrongly, 3 not found, 4 not allowed, 5 conflict, \
                        6 partly done, 130 interrupted."
)]
pub struct Arguments {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    verb: Verb,
}

/// Over the options that every verb has, so that help shows a verb's own ones first and together.
pub const EVERYWHERE: &str = "Options of every verb";

/// What every verb understands.
#[derive(Debug, Args)]
struct Global {
    /// Print JSON instead of a table
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    json: bool,
    /// Configuration file (TOML); by default ykt.toml if it is there
    #[arg(long, global = true, value_name = "FILE", help_heading = EVERYWHERE)]
    config: Option<PathBuf>,
    #[command(flatten)]
    target: Target,
}

/// Settings that verbs on a data folder take as flags.
#[derive(Debug, Clone, Default, Args)]
pub struct Local {
    /// Folder of the databases, the keys and the lock [default: ykt-data]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// PostgreSQL address; prefer YKT_POSTGRES or the file, arguments are visible to other users
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

impl Local {
    /// The flags by the name of their setting.
    pub fn flags(&self) -> Vec<(&'static str, Option<String>)> {
        vec![("data", self.data.clone()), ("postgres", self.postgres.clone())]
    }
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve both worlds, production and sandbox
    Serve(serve::Flags),
    /// Play the whole main job against a server of its own, and prove each step
    Demo(demo::Flags),
    /// Let holders of a demonstration claim e-cards and show codes, so that its sandbox has figures
    Crowd(crowd::Flags),
    /// Measure, always beside something
    Bench(bench::Flags),
    /// Play years of a country of channels, and hold the platform against a second statement of the rules
    Simulate(simulate::Flags),
    /// Say what the configuration is and where it comes from
    #[command(subcommand)]
    Config(explain::Verb),
    /// Bring the schema of both worlds up to date
    Migrate(Local),
    /// Check everything that a server needs
    Doctor(Local),
    /// Save the databases and the sealed keys
    Backup(backup::Backup),
    /// Restore a backup into an empty folder
    Restore(backup::Restore),
    /// Key pairs of channels and terminals, and the platform's data keys
    #[command(subcommand)]
    Key(key::Verb),
    /// Print the description of the API (OpenAPI 3.1)
    Openapi,
    /// Print every error that the platform can answer
    Errors(reference::Form),
    /// Print every number of the rules
    Parameters(reference::Form),
    /// Print the state machines of all business in a channel's life
    Workflows(reference::Form),
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
    #[command(flatten)]
    Remote(remote::Verb),
}

/// What every verb is given.
pub struct Context {
    /// Where results go.
    pub output: Output,
    /// Which server the remote verbs speak to.
    pub target: Target,
    config: Option<PathBuf>,
}

impl Context {
    /// The configuration with these flags on top.
    ///
    /// # Errors
    /// Usage: a value is wrong; says which and where it came from.
    pub fn configuration(&self, flags: &[(&'static str, Option<String>)]) -> Result<Configuration, Failure> {
        Configuration::check(&self.resolve(flags)?)
    }

    /// Every setting with its source.
    ///
    /// # Errors
    /// Usage: the file is wrong.
    pub fn resolve(&self, flags: &[(&'static str, Option<String>)]) -> Result<Vec<Resolved>, Failure> {
        let usual = || Some(PathBuf::from("ykt.toml")).filter(|path| path.exists());
        let named = || std::env::var_os("YKT_CONFIG").map(PathBuf::from);
        let file = self.config.clone().or_else(named).or_else(usual);
        Layers { flags, variable: &|name| std::env::var(name).ok(), file }.resolve()
    }
}

impl Arguments {
    /// Does what was asked; a failure has been told on stderr when this returns.
    pub fn run(self) -> Result<(), Failure> {
        let format = if self.global.json { Format::Json } else { Format::Table };
        let context =
            Context { output: Output::new(format), target: self.global.target, config: self.global.config };
        let reports_it = matches!(self.verb, Verb::Doctor(_));
        let trusted = if reports_it { Ok(()) } else { trust(gm::self_test) };
        let outcome = trusted.and_then(|()| self.verb.run(&context));
        if let Err(failure) = &outcome {
            match format {
                Format::Json => output::note(&failure.json().to_string()),
                Format::Table => output::note(&format!("ykt: {failure}")),
            }
        }
        outcome
    }
}

/// No verb begins, and so none uses a key, before the known answers hold.
fn trust(self_test: fn() -> Result<(), gm::SelfTestError>) -> Result<(), Failure> {
    self_test().attempt("trust the cryptography")
}

impl Verb {
    fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Serve(flags) => serve::run(&flags, context),
            Self::Demo(flags) => demo::run(&flags, context),
            Self::Crowd(flags) => crowd::run(&flags, context),
            Self::Bench(flags) => bench::run(&flags, context),
            Self::Simulate(flags) => simulate::run(&flags, context),
            Self::Config(verb) => verb.run(context),
            Self::Migrate(local) => migrate::run(&local, context),
            Self::Doctor(local) => doctor::run(&local, context),
            Self::Backup(verb) => verb.run(context),
            Self::Restore(verb) => verb.run(context),
            Self::Key(verb) => verb.run(context),
            Self::Openapi => reference::openapi(),
            Self::Errors(form) => reference::errors(&form, context),
            Self::Parameters(form) => reference::parameters(&form, context),
            Self::Workflows(form) => workflow::workflows(&form, context),
            Self::Completions { shell } => completion::script(shell),
            Self::Man => completion::man(),
            Self::Remote(verb) => verb.run(context),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::error::ErrorKind;

    /// The words after `ykt` of every command of a text, and whether it is a line of a block, so a whole one.
    fn commands(text: &str) -> Vec<(Vec<String>, bool)> {
        let (mut found, mut in_block) = (Vec::new(), false);
        for line in text.replace("\\\n", " ").lines() {
            if line.starts_with("```") {
                in_block = !in_block;
                continue;
            }
            let parts = if in_block {
                line.split('#').take(1).collect::<Vec<_>>()
            } else {
                line.split('`').skip(1).step_by(2).filter(|span| !span.contains('<')).collect()
            };
            for part in parts {
                let mut words = part.split_whitespace().skip_while(|word| word.starts_with("YKT_"));
                let named = words.next() == Some("ykt");
                let words: Vec<_> = words.map(str::to_owned).collect();
                if named && !words.is_empty() {
                    found.push((words, in_block));
                }
            }
        }
        found
    }

    #[test]
    fn cryptography_that_gives_a_wrong_answer_is_not_trusted() {
        assert!(trust(|| Ok(())).is_ok());
        let failure = trust(|| Err(gm::SelfTestError("SM4 CMAC"))).unwrap_err();
        assert!(failure.to_string().contains("the cryptographic self-test of SM4 CMAC failed"), "{failure}");
    }

    #[test]
    fn every_command_in_the_guides_is_understood() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
        let guides = std::fs::read_dir(format!("{root}/docs/guide")).unwrap();
        let guides = guides.map(|entry| entry.unwrap().path());
        let readmes = ["README.md", "README.zh-CN.md"].map(|name| format!("{root}/{name}").into());
        let mut count = 0;
        for path in guides.chain(readmes) {
            for (words, is_whole) in commands(&std::fs::read_to_string(&path).unwrap()) {
                let command = words.join(" ");
                let parse =
                    |words: &[String]| Arguments::try_parse_from([&["ykt".to_owned()], words].concat());
                // At the end it may stand for whatever else one wants.
                let outcome = parse(&words).or_else(|error| match words.split_last() {
                    Some((last, rest)) if last == "…" => parse(rest),
                    _ => Err(error),
                });
                let kind = outcome.err().map(|error| error.kind());
                // A sentence may name a verb without all that it takes.
                let understood = match kind {
                    None | Some(ErrorKind::DisplayHelp) => true,
                    Some(ErrorKind::MissingRequiredArgument) => !is_whole,
                    Some(_) => false,
                };
                assert!(understood, "{}: ykt {command}: {kind:?}", path.display());
                count += 1;
            }
        }
        assert!(count > 100, "{count} commands were found");
    }
}
