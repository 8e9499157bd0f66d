//! Signing in and out. The password is read from a file, stdin or the terminal; what is kept is a short-lived token.

use crate::arguments::Context;
use crate::failure::Failure;
use crate::profile::{Profile, config};
use crate::secret;
use clap::Args;
use sdk::client::{Call, Caller, Client};
use sdk::types::staff::{CreateStaffSession, StaffSessionOpened};

/// Who signs in.
#[derive(Debug, Args)]
pub struct Login {
    /// Login name
    login: String,
    #[command(flatten)]
    password: secret::Origin,
}

impl Login {
    /// Signs in and keeps the token.
    pub fn run(&self, context: &Context) -> Result<(), Failure> {
        let server = context.target.url()?;
        let password = self.password.read("password")?;
        let request =
            CreateStaffSession { login: self.login.clone(), password: password.expose().as_str().into() };
        let client = Client::new(&config(&server), Caller::Anonymous)?;
        let opened: StaffSessionOpened =
            client.send(&Call::post("/api/v1/staff/sessions", &request)?.once())?;
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
        }))
    }
}

/// Forgets the sign-in.
pub fn logout(context: &Context) -> Result<(), Failure> {
    context.target.forget()
}
