//! Who is signed in where: one file per profile, readable by its owner only.

use crate::failure::{Attempt, Failure};
use crate::secret;
use clap::Args;
use sdk::client::{Config, Staff};
use sdk::types::Private;
use sdk::types::key::PlatformKeys;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The address that is tried when none was given.
const LOCAL: &str = "http://127.0.0.1:8080";

/// Which server a remote verb speaks to, and as whom.
#[derive(Debug, Clone, Args)]
pub struct Target {
    /// Server of the remote verbs; end it with /sandbox for the sandbox world [env: YKT_SERVER]
    #[arg(long, global = true, value_name = "URL", help_heading = crate::arguments::EVERYWHERE)]
    server: Option<String>,
    /// Name of the sign-in to use [env: YKT_PROFILE]
    #[arg(long, global = true, value_name = "NAME", help_heading = crate::arguments::EVERYWHERE)]
    profile: Option<String>,
}

/// A sign-in that was kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct Profile {
    /// Where.
    pub server: String,
    /// Who.
    pub login: String,
    /// Until when, RFC 3339.
    pub expires_at: String,
    /// The bearer token.
    pub token: Private,
}

impl Target {
    /// A client as the signed-in member of staff.
    ///
    /// # Errors
    /// Authentication: nobody is signed in under this profile.
    pub fn staff(&self) -> Result<Staff, Failure> {
        let path = self.path()?;
        let profile = self.kept()?.ok_or_else(|| {
            Failure::new(
                crate::failure::Exit::Authentication,
                format!("nobody is signed in ({})", path.display()),
            )
            .hint("sign in with `ykt login --server URL NAME`")
        })?;
        let server = self.server().unwrap_or_else(|| profile.server.clone());
        if server.trim_end_matches('/') != profile.server.trim_end_matches('/') {
            return Err(Failure::usage(format!(
                "the profile is signed in at {}, not at {server}",
                profile.server
            ))
            .hint("use another --profile, or sign in there"));
        }
        Ok(Staff::with_token(&config(&server), profile.token)?)
    }

    /// The server that was named, the profile's, or the local one.
    pub fn url(&self) -> Result<String, Failure> {
        let kept = self.kept()?.map(|profile| profile.server);
        Ok(self.server().or(kept).unwrap_or_else(|| LOCAL.into()))
    }

    /// Keeps a sign-in.
    pub fn keep(&self, profile: &Profile) -> Result<PathBuf, Failure> {
        let path = self.path()?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).attempt(format_args!("make {}", folder.display()))?;
        }
        let bytes = serde_json::to_vec_pretty(profile).attempt("write the profile")?;
        secret::replace(&path, &bytes)?;
        Ok(path)
    }

    /// Forgets a sign-in, if there is one.
    pub fn forget(&self) -> Result<(), Failure> {
        let path = self.path()?;
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Failure::failed(format!("cannot remove {}: {error}", path.display())))
            }
            _ => Ok(()),
        }
    }

    fn kept(&self) -> Result<Option<Profile>, Failure> {
        let path = self.path()?;
        match std::fs::read(&path) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map(Some).attempt(format_args!("read {}", path.display()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Failure::failed(format!("cannot read {}: {error}", path.display()))),
        }
    }

    fn server(&self) -> Option<String> {
        self.server.clone().or_else(|| std::env::var("YKT_SERVER").ok().filter(|url| !url.is_empty()))
    }

    fn path(&self) -> Result<PathBuf, Failure> {
        let name = self.profile.clone().or_else(|| std::env::var("YKT_PROFILE").ok());
        let name = name.filter(|name| !name.is_empty()).unwrap_or_else(|| "default".into());
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
            return Err(Failure::usage("a profile's name is letters, digits, - and _"));
        }
        let folder = std::env::var_os("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
        let folder = folder
            .ok_or_else(|| Failure::usage("neither XDG_CONFIG_HOME nor HOME says where profiles are"))?;
        Ok(folder.join("ykt").join(format!("{name}.json")))
    }
}

/// A client's configuration for staff, whose answers are not signed.
pub fn config(server: &str) -> Config {
    Config::new(server, PlatformKeys { data: Vec::new() })
}
