//! `ykt factor`: the own second factor, and confirming it again before something sensitive.

use super::sign_in::read_code;
use crate::arguments::Context;
use crate::failure::Failure;
use crate::secret;
use clap::Subcommand;
use sdk::types::staff::{BeginFactor, ConfirmFactor, StepUp};
use std::path::PathBuf;

/// What can be done with the own second factor.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// How it stands
    Show,
    /// Begin one: prints the secret for an authenticator app, once
    Begin {
        #[command(flatten)]
        password: secret::Origin,
    },
    /// Confirm it by its first code: prints ten recovery codes, once
    Confirm(Code),
    /// Make new recovery codes; those of before are void
    Renew,
    /// Confirm again who is there; sensitive operations go on for five minutes
    StepUp {
        #[command(flatten)]
        code: Code,
        /// By the password in this file, for an account without a second factor; `-` is stdin
        #[arg(long, value_name = "FILE", conflicts_with = "code_file")]
        password_file: Option<PathBuf>,
    },
}

/// Where a code is read from.
#[derive(Debug, clap::Args)]
pub struct Code {
    /// File that holds the code; `-` is stdin. Without it, it is asked for on the terminal
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Show => context.output.item(&staff.factor()?),
            Self::Begin { password } => {
                let password = password.read("password")?.expose().as_str().into();
                context.output.item(&staff.begin_factor(&BeginFactor { password })?)
            }
            Self::Confirm(code) => {
                let code = read_code(code.code_file)?;
                context.output.item(&staff.confirm_factor(&ConfirmFactor { code })?)
            }
            Self::Renew => context.output.item(&staff.renew_recovery_codes()?),
            Self::StepUp { password_file: Some(file), .. } => {
                let password = secret::Origin::new(Some(file)).read("password")?;
                let password = Some(password.expose().as_str().into());
                context.output.item(&staff.step_up(&StepUp { password, ..StepUp::default() })?)
            }
            Self::StepUp { code, password_file: None } => {
                let code = Some(read_code(code.code_file)?);
                context.output.item(&staff.step_up(&StepUp { code, ..StepUp::default() })?)
            }
        }
    }
}
