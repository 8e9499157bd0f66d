//! `ykt matter verify`: what was signed in an agreement or an exit, checked with a file and no server.
//!
//! The file is the matter as the API answers it, with the registration of each key beside what it signed. The file cannot
//! prove that the registration took place: a fingerprint that was obtained elsewhere, from the owner, says whose key it is.
//! An agreement that was signed on paper has no signature to check: what is checked is that the files of the scan, which are given
//! beside it, are those that were accepted. By whom and when is the platform's word, and the output says so. Whoever expects a
//! key is told when nothing in the file is signed with it.

use crate::arguments::Context;
use crate::expected::Expected;
use crate::failure::{Attempt, Failure};
use crate::output;
use clap::Subcommand;
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::key::proof::fingerprint;
use domain::matter::{Evidence, EvidenceFault, PaperEvidence, evidence, papers};
use sdk::types::matter::MatterView;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The fault of a file in which nothing is signed with the key that is expected.
const UNSIGNED: &str = "unsigned_by_key";

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
        /// A file of the scan of an agreement that was signed on paper; give each of them
        #[arg(long)]
        scan: Vec<PathBuf>,
        #[command(flatten)]
        expected: Expected,
    },
}

#[derive(Debug, Serialize)]
struct Checked {
    sound: bool,
    /// Whether anything in the file is signed; what was accepted on paper is not.
    is_signed: bool,
    matter_id: String,
    /// What is wrong with the file as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
    signed: Vec<Signed>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    on_paper: Vec<OnPaper>,
}

/// What was accepted on paper: no signature.
#[derive(Debug, Serialize)]
struct OnPaper {
    document: String,
    /// SM3 of each file of the scan.
    scans: Vec<String>,
    has_text: bool,
    /// By the platform's word alone.
    told: Told,
    faults: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Told {
    filed_at: String,
    filed_by_org: Option<String>,
    accepted_at: String,
    accepted_by_staff: Option<String>,
    paper_seen_on: Option<String>,
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
        let Self::Verify { file, before_registration, scan, expected } = self;
        verify(&file, before_registration, &scan, &expected, context)
    }
}

fn verify(
    path: &Path,
    is_before: bool,
    scans: &[PathBuf],
    expected: &Expected,
    context: &Context,
) -> Result<(), Failure> {
    let text = std::fs::read_to_string(path).attempt(format_args!("read {}", path.display()))?;
    let matter: MatterView = serde_json::from_str(&text).attempt(format_args!("read {}", path.display()))?;
    let body = matter.body.map(|body| body.to_string()).unwrap_or_default();
    let found = match (matter.kind.parse(), matter.matter_id.parse()) {
        (Ok(kind), Ok(id)) => evidence(kind, id, &body),
        _ => None,
    };
    let found = found.ok_or_else(|| Failure::failed("the file is no agreement and no exit"))?;
    let given = scans.iter().map(|path| digest(path)).collect::<Result<Vec<_>, _>>()?;
    let on_paper: Vec<OnPaper> = match (matter.kind.parse(), matter.matter_id.parse()) {
        (Ok(kind), Ok(id)) => papers(kind, id, &body).into_iter().map(|one| told(one, &given)).collect(),
        _ => Vec::new(),
    };
    let signed = signed(found, is_before, expected);
    let missing = is_missing(&signed, expected);
    let faults = usize::from(missing)
        + signed.iter().map(|one| one.faults.len()).sum::<usize>()
        + on_paper.iter().map(|one| one.faults.len()).sum::<usize>();
    let is_any = !signed.is_empty() || !on_paper.is_empty();
    let (is_sound, is_paper) = (faults == 0 && is_any, !on_paper.is_empty());
    let is_signed = !signed.is_empty();
    let whole = missing.then(|| UNSIGNED.to_owned()).into_iter().collect();
    let matter_id = matter.matter_id;
    context.output.item(&Checked {
        sound: is_sound,
        is_signed,
        matter_id,
        faults: whole,
        signed,
        on_paper,
    })?;
    if is_signed || !is_paper {
        expected.caution(context);
    }
    if !is_signed && is_paper && !context.output.is_json() {
        output::note("nothing in this file is signed: it holds papers alone");
    }
    if is_paper && !context.output.is_json() {
        output::note(
            "what was accepted on paper is no signature: the scan is the one that was accepted, by whom and when is the platform's word",
        );
    }
    match (is_sound, faults) {
        (true, _) => Ok(()),
        (false, 0) => Err(Failure::failed("nothing is signed")),
        (false, faults) => Err(Failure::failed(format!("{faults} faults"))),
    }
}

/// Whether a key is expected with which nothing in the file is signed.
fn is_missing(signed: &[Signed], expected: &Expected) -> bool {
    expected.is_any() && !signed.iter().any(|one| expected.admits(&one.key))
}

fn digest(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path).attempt(format_args!("read {}", path.display()))?;
    Ok(HEXLOWER_PERMISSIVE.encode(&gm::sm3::digest(&bytes)))
}

/// A paper whose scan was not shown proves nothing.
fn told(paper: PaperEvidence, given: &[String]) -> OnPaper {
    let mut faults: Vec<String> = paper.faults.iter().map(ToString::to_string).collect();
    if !paper.scans.iter().all(|scan| given.contains(scan)) {
        faults.push(EvidenceFault::Scan.to_string());
    }
    let told = Told {
        filed_at: paper.filed.1.to_string(),
        filed_by_org: paper.filed.0.org.map(|org| org.to_string()),
        accepted_at: paper.accepted.1.to_string(),
        accepted_by_staff: paper.accepted.0.staff.map(|staff| staff.to_string()),
        paper_seen_on: paper.seen_on.map(|day| day.to_string()),
    };
    OnPaper { document: paper.document, scans: paper.scans, has_text: paper.has_text, told, faults }
}

fn signed(found: Vec<Evidence>, is_before: bool, expected: &Expected) -> Vec<Signed> {
    found
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
        .collect()
}
