//! `ykt matter verify`: what was signed in an agreement or an exit, checked with a file and no server.
//!
//! The file is the matter as the API answers it, with the registration of each key beside what it signed. The file cannot
//! prove that the registration took place: a fingerprint that was obtained elsewhere, from the owner, says whose key it is.

use crate::arguments::Context;
use crate::expected::Expected;
use crate::failure::{Attempt, Failure};
use clap::Subcommand;
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::key::proof::fingerprint;
use domain::matter::{EvidenceFault, evidence};
use sdk::types::matter::MatterView;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What can be done with a matter that was saved.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Check the signatures of an agreement, or the certificates of deletion of an exit, offline
    Verify {
        /// The matter as `GET /api/v1/matters/{id}` answers it
        file: PathBuf,
        /// Signed before keys were registered: a signature without the registration of its key is then no fault
        #[arg(long)]
        before_registration: bool,
        #[command(flatten)]
        expected: Expected,
    },
}

#[derive(Debug, Serialize)]
struct Checked {
    sound: bool,
    matter_id: String,
    signed: Vec<Signed>,
}

#[derive(Debug, Serialize)]
struct Signed {
    document: String,
    key: String,
    has_text: bool,
    /// For which organisation the key was registered, in which matter and when; nothing where the file holds no registration.
    registered: Option<Registered>,
    faults: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Registered {
    org_id: String,
    matter_id: String,
    confirmed_at: String,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let Self::Verify { file, before_registration, expected } = self;
        verify(&file, before_registration, &expected, context)
    }
}

fn verify(path: &Path, is_before: bool, expected: &Expected, context: &Context) -> Result<(), Failure> {
    let text = std::fs::read_to_string(path).attempt(format_args!("read {}", path.display()))?;
    let matter: MatterView = serde_json::from_str(&text).attempt(format_args!("read {}", path.display()))?;
    let body = matter.body.map(|body| body.to_string()).unwrap_or_default();
    let found = match (matter.kind.parse(), matter.matter_id.parse()) {
        (Ok(kind), Ok(id)) => evidence(kind, id, &body),
        _ => None,
    };
    let found = found.ok_or_else(|| Failure::failed("the file is no agreement and no exit"))?;
    let signed: Vec<Signed> = found
        .into_iter()
        .map(|one| {
            let key = HEXLOWER_PERMISSIVE.decode(one.public_key.as_bytes()).unwrap_or_default();
            let key = fingerprint(&key);
            let named =
                one.faults.iter().filter(|fault| !(is_before && **fault == EvidenceFault::Unregistered));
            let mut faults: Vec<String> = named.map(ToString::to_string).collect();
            if !expected.admits(&key) {
                faults.push("key".to_owned());
            }
            let registered = one.registration.map(|found| Registered {
                org_id: found.org.to_string(),
                matter_id: found.matter.to_string(),
                confirmed_at: found.confirmed.at.to_string(),
            });
            Signed { document: one.document, key, has_text: one.has_text, registered, faults }
        })
        .collect();
    let faults: usize = signed.iter().map(|one| one.faults.len()).sum();
    let is_sound = faults == 0 && !signed.is_empty();
    context.output.item(&Checked { sound: is_sound, matter_id: matter.matter_id, signed })?;
    expected.caution(context);
    match (is_sound, faults) {
        (true, _) => Ok(()),
        (false, 0) => Err(Failure::failed("nothing is signed")),
        (false, faults) => Err(Failure::failed(format!("{faults} faults"))),
    }
}
