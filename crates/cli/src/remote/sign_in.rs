//! Signing in and out. The password is read from a file, stdin or the terminal; what is kept is a short-lived token.

use crate::arguments::Context;
use crate::failure::Failure;
use crate::profile::{Profile, config};
use crate::secret;
use clap::{Args, Subcommand};
use sdk::client::{Call, Caller, Client};
use sdk::types::Private;
use sdk::types::staff::{ChangeStaffPassword, CreateStaffSession, StaffSessionOpened};
use std::path::PathBuf;

/// Who signs in.
#[derive(Debug, Args)]
pub struct Login {
    /// Login name
    login: String,
    #[command(flatten)]
    password: secret::Origin,
    /// File that holds the code of the second factor, or a recovery code; `-` is stdin. Without it, it is asked for on
    /// the terminal when the account has one
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

impl Login {
    /// Signs in and keeps the token.
    pub fn run(&self, context: &Context) -> Result<(), Failure> {
        let server = context.target.url()?;
        let password = self.password.read("password")?;
        let request = CreateStaffSession {
            login: self.login.clone(),
            password: password.expose().as_str().into(),
            code: self.code_file.is_some().then(|| read_code(self.code_file.clone())).transpose()?,
            passkey: None,
        };
        let client = Client::new(&config(&server), Caller::Anonymous)?;
        let send = |request: &CreateStaffSession| {
            client.send::<StaffSessionOpened>(&Call::post("/api/v1/staff/sessions", request)?.once())
        };
        let opened = match send(&request) {
            Err(error) if error.code() == Some("staff.code_required") => {
                send(&CreateStaffSession { code: Some(read_code(None)?), ..request })?
            }
            outcome => outcome?,
        };
        let profile = Profile {
            server,
            login: self.login.clone(),
            expires_at: opened.expires_at.clone(),
            token: opened.token,
        };
        let path = context.target.keep(&profile)?;
        context.output.item(&serde_json::json!({
            "staff_id": opened.staff.staff_id, "login": opened.staff.login, "server": profile.server,
            "expires_at": opened.expires_at, "profile": path.display().to_string(),
            "previous": opened.previous,
        }))
    }
}

/// A code of the second factor, from a file or the terminal.
pub fn read_code(file: Option<PathBuf>) -> Result<Private, Failure> {
    Ok(secret::Origin::new(file).read("code of the second factor")?.expose().as_str().into())
}

/// Ends the sign-in and forgets it.
pub fn logout(context: &Context) -> Result<(), Failure> {
    // A token that the server no longer knows is as good as signed out.
    let ended = context.target.staff().map(|staff| staff.sign_out());
    context.target.forget()?;
    match ended {
        Ok(Err(error)) if error.problem().is_none() => Err(error.into()),
        _ => Ok(()),
    }
}

/// What a list of sign-ins shows.
pub const SESSION_FIELDS: [&str; 6] =
    ["session_id", "carrier", "is_current", "created_at", "seen_at", "expires_at"];

/// The own sign-ins.
#[derive(Debug, Subcommand)]
pub enum Sessions {
    /// List those in force
    List,
    /// End one
    End {
        /// sts_…
        session: String,
    },
}

impl Sessions {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::List => context.output.list(&staff.sessions()?.data, &SESSION_FIELDS),
            Self::End { session } => Ok(staff.end_session(&session)?),
        }
    }
}

/// Which passwords.
#[derive(Debug, Args)]
pub struct Password {
    #[command(flatten)]
    current: secret::Origin,
    /// File that holds the new password; without it, it is asked for on the terminal
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,
}

impl Password {
    /// Replaces the own password; every other sign-in of the account ends.
    pub fn run(&self, context: &Context) -> Result<(), Failure> {
        let current = self.current.read("current password")?;
        let new = secret::Origin::new(self.new_password_file.clone()).read("new password")?;
        let request = ChangeStaffPassword {
            current_password: current.expose().as_str().into(),
            new_password: new.expose().as_str().into(),
        };
        Ok(context.target.staff()?.change_password(&request)?)
    }
}
