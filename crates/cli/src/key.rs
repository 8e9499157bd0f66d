//! `ykt key`: key pairs of channels and terminals, made where they will be used. The secret key never leaves the
//! machine; the platform is given the public key.

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use crate::remote::caller::CallerKey;
use crate::secret;
use clap::Subcommand;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use gm::sm2::SigningKey;
use sdk::client::{Acceptance, Call};
use sdk::types::key::RotateKey;
use sdk::types::session::{Ping, Pong};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make an SM2 key pair: PREFIX.key (secret, for the owner only) and PREFIX.pub (to register)
    Generate {
        /// Path without extension
        #[arg(value_name = "PREFIX")]
        prefix: PathBuf,
    },
    /// Show the fingerprint of a public key file, to compare by voice
    Fingerprint {
        /// PREFIX.pub
        file: PathBuf,
    },
    /// Prove that a registered key works: a signed request, a signed answer
    Probe(CallerKey),
    /// Rotate a data key of the platform: a new version takes over, older ones still open what they sealed
    Rotate {
        /// personal_data, code_mac, encrypt or sign
        usage: String,
    },
}

/// What is told about a key pair.
#[derive(Debug, Serialize)]
struct PairView {
    secret_file: Option<String>,
    public_file: String,
    public_key: String,
    fingerprint: String,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Generate { prefix } => context.output.item(&generate(&prefix)?),
            Self::Fingerprint { file } => {
                let public_key = read_public(&file)?;
                let fingerprint = fingerprint(&public_key)?;
                let public_file = file.display().to_string();
                context.output.item(&PairView { secret_file: None, public_file, public_key, fingerprint })
            }
            Self::Probe(caller) => {
                let call = Call::post("/api/v1/ping", &Ping { text: "probe".into() })?.repeatable();
                context.output.item(&caller.connect(context)?.client().send::<Pong>(&call)?)
            }
            Self::Rotate { usage } => {
                context.output.item(&context.target.staff()?.rotate_key(&RotateKey { usage })?)
            }
        }
    }
}

fn generate(prefix: &Path) -> Result<PairView, Failure> {
    let with = |extension: &str| {
        let mut path = prefix.as_os_str().to_owned();
        path.push(extension);
        PathBuf::from(path)
    };
    let (secret_file, public_file) = (with(".key"), with(".pub"));
    if public_file.exists() {
        return Err(Failure::failed(format!("{} exists; a key is never overwritten", public_file.display())));
    }
    let key = SigningKey::generate();
    let public_key = HEXLOWER.encode(&key.verifying_key().to_sec1());
    let secret_key = gm::Secret::new(HEXLOWER.encode(key.to_bytes().expose()));
    secret::write_new(&secret_file, secret_key.expose().as_bytes())?;
    std::fs::write(&public_file, format!("{public_key}\n"))
        .attempt(format_args!("write {}", public_file.display()))?;
    let fingerprint = fingerprint(&public_key)?;
    Ok(PairView {
        secret_file: Some(secret_file.display().to_string()),
        public_file: public_file.display().to_string(),
        public_key,
        fingerprint,
    })
}

/// The public key in a file: SEC1, hex.
///
/// # Errors
/// The file cannot be read; usage: it holds no SM2 public key.
pub fn read_public(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file).attempt(format_args!("read {}", file.display()))?;
    let text = text.trim().to_owned();
    fingerprint(&text).map_err(|_| Failure::usage(format!("{} holds no SM2 public key", file.display())))?;
    Ok(text)
}

/// SM3 of the public key, first 16 bytes, as the platform shows it.
fn fingerprint(public_key: &str) -> Result<String, Failure> {
    let key = HEXLOWER_PERMISSIVE
        .decode(public_key.as_bytes())
        .ok()
        .and_then(|point| gm::sm2::VerifyingKey::from_sec1(&point).ok())
        .ok_or_else(|| Failure::usage("not an SM2 public key"))?;
    Ok(HEXLOWER.encode(&gm::sm3::digest(&key.to_sec1())[..16]))
}
