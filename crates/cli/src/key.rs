//! `ykt key`: key pairs of channels and terminals, made where they will be used. The secret key never leaves the
//! machine; the platform is given the public key.

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use crate::remote::caller::CallerKey;
use crate::secret;
use clap::Subcommand;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use domain::key::{KeyUsage, proof};
use domain::matter::Kind;
use domain::signing_key::State;
use gm::sm2::SigningKey;
use sdk::client::{Acceptance, Call, Staff};
use sdk::types::key::RotateKey;
use sdk::types::matter::{ActOnMatter, MatterView, OpenMatter};
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
    /// Sign a statement that a page gives to download, such as that of an agreement: FILE.sig is given back to the page
    Sign {
        /// The statement, as it was downloaded
        file: PathBuf,
        /// Secret key file (see `ykt key generate`)
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Register a key as the one with which the own organisation signs: files it with its proof; the operator confirms the
    /// fingerprint that you read out
    Register {
        /// Secret key file (see `ykt key generate`); it stays here
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Prove that a registered key works: a signed request, a signed answer
    Probe(CallerKey),
    /// Rotate a data key of the platform: a new version takes over, older ones still open what they sealed
    Rotate {
        /// personal_data, code_mac, encrypt or sign
        usage: String,
    },
}

/// A statement with its signature: what a page takes, and what can be checked without the platform.
#[derive(Debug, Serialize)]
struct SignatureFile {
    document: String,
    sm3: String,
    public_key: String,
    signature: String,
}

/// What is told about a signature.
#[derive(Debug, Serialize)]
struct SignatureView {
    signature_file: String,
    sm3: String,
    fingerprint: String,
}

/// What is told about a key that was filed.
#[derive(Debug, Serialize)]
struct FiledView {
    matter_id: String,
    state: String,
    fingerprint: String,
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
            Self::Sign { file, key } => context.output.item(&sign(&file, &key)?),
            Self::Register { key } => context.output.item(&register(&key, context)?),
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

/// The secret key of a file.
fn signer(file: &Path) -> Result<SigningKey, Failure> {
    let secret =
        gm::Secret::new(std::fs::read_to_string(file).attempt(format_args!("read {}", file.display()))?);
    let bytes = HEXLOWER_PERMISSIVE.decode(secret.expose().trim().as_bytes()).ok();
    let bytes = bytes.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok()).map(gm::Secret::new);
    let signer = bytes.and_then(|bytes| SigningKey::from_bytes(bytes.expose()).ok());
    signer.ok_or_else(|| Failure::usage(format!("{} holds no SM2 secret key", file.display())))
}

/// Files a key as the one with which the organisation of whoever is signed in signs (CH-25.2).
fn register(key: &Path, context: &Context) -> Result<FiledView, Failure> {
    let signer = signer(key)?;
    let staff = context.target.staff()?;
    let kind = Kind::SigningKey.to_string();
    let request = OpenMatter { kind, channel_id: None, parent_id: None, opening: serde_json::json!({}) };
    file(&staff, begun(&staff, &request)?, &signer)
}

/// Files a key as the next production key of a channel (CH-26.2): it works once the operator has confirmed the fingerprint.
///
/// # Errors
/// The file holds no SM2 secret key; the platform refuses it.
pub fn rotate(channel: String, key: &Path, label: &str, context: &Context) -> Result<(), Failure> {
    let signer = signer(key)?;
    let staff = context.target.staff()?;
    let opening = serde_json::json!({"usage": KeyUsage::Caller.as_str(), "label": label});
    let kind = Kind::KeyChange.to_string();
    let request = OpenMatter { kind, channel_id: Some(channel), parent_id: None, opening };
    context.output.item(&file(&staff, begun(&staff, &request)?, &signer)?)
}

/// Signs the statement of a matter that waits for a key, and files the key.
fn file(staff: &Staff, opened: MatterView, signer: &SigningKey) -> Result<FiledView, Failure> {
    let body = opened.body.unwrap_or_default();
    let statement = body["statement"].as_str().unwrap_or_default();
    let public_key = HEXLOWER.encode(&signer.verifying_key().to_sec1());
    let signature = HEXLOWER.encode(signer.sign(statement.as_bytes()).as_bytes());
    let fingerprint = fingerprint(&public_key)?;
    let mut input = serde_json::Map::new();
    input.insert("public_key".into(), public_key.into());
    input.insert("signature".into(), signature.into());
    let file = ActOnMatter { action: "file".into(), input };
    let filed = staff.act_on_matter(&opened.matter_id, opened.version, &file)?;
    Ok(FiledView { matter_id: filed.matter_id, state: filed.state, fingerprint })
}

/// The matter of the same that waits for its key, as after one that was returned or could not be filed; else a new one.
/// One that was opened for another use or under another name is not taken for it: a key would be filed as what it is not.
fn begun(staff: &Staff, request: &OpenMatter) -> Result<MatterView, Failure> {
    for known in staff.open_matters_of(&request.kind) {
        let known = known?;
        if known.state == State::Drafted.as_str() && known.channel_id == request.channel_id {
            let known = staff.matter(&known.matter_id)?;
            let body = known.body.clone().unwrap_or_default();
            let wanted = request.opening.as_object().into_iter().flatten();
            if wanted.into_iter().any(|(field, value)| body[field] != *value) {
                let id = &known.matter_id;
                return Err(Failure::failed(format!(
                    "{id} waits for another key: file that one, or withdraw it"
                )));
            }
            return Ok(known);
        }
    }
    Ok(staff.open_matter(request)?)
}

/// Signs the very bytes of a file of text. A signature that is there already is not overwritten.
fn sign(file: &Path, key: &Path) -> Result<SignatureView, Failure> {
    let document = std::fs::read_to_string(file).attempt(format_args!("read {}", file.display()))?;
    let signer = signer(key)?;
    let public_key = HEXLOWER.encode(&signer.verifying_key().to_sec1());
    let sm3 = HEXLOWER.encode(&gm::sm3::digest(document.as_bytes()));
    let signature = HEXLOWER.encode(signer.sign(document.as_bytes()).as_bytes());
    let fingerprint = fingerprint(&public_key)?;
    let mut path = file.as_os_str().to_owned();
    path.push(".sig");
    let path = PathBuf::from(path);
    let told = SignatureFile { document, sm3: sm3.clone(), public_key, signature };
    let text = serde_json::to_vec_pretty(&told).attempt("write the signature")?;
    secret::write_new(&path, &text)?;
    Ok(SignatureView { signature_file: path.display().to_string(), sm3, fingerprint })
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

/// The fingerprint of a public key in hexadecimal, as the platform shows it.
fn fingerprint(public_key: &str) -> Result<String, Failure> {
    let key = proof::key(public_key).ok_or_else(|| Failure::usage("not an SM2 public key"))?;
    Ok(proof::fingerprint(&key.to_sec1()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CH-25.2: the file that comes out is all that is needed to check the signature.
    #[test]
    fn a_statement_is_signed_word_for_word_and_once() {
        let home = tempfile::tempdir().unwrap();
        let pair = generate(&home.path().join("owner")).unwrap();
        let statement = home.path().join("statement.txt");
        std::fs::write(&statement, "签署声明\n第二行\n").unwrap();
        let key = home.path().join("owner.key");
        let told = sign(&statement, &key).unwrap();
        assert_eq!(told.fingerprint, pair.fingerprint);
        let text = std::fs::read_to_string(&told.signature_file).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(file["document"], "签署声明\n第二行\n");
        let bytes = |name: &str| HEXLOWER.decode(file[name].as_str().unwrap().as_bytes()).unwrap();
        let public = gm::sm2::VerifyingKey::from_sec1(&bytes("public_key")).unwrap();
        let signature = gm::sm2::Signature::from_slice(&bytes("signature")).unwrap();
        assert!(public.verify("签署声明\n第二行\n".as_bytes(), &signature).is_ok());
        assert!(public.verify("签署声明\n".as_bytes(), &signature).is_err());
        assert!(sign(&statement, &key).is_err(), "a signature is not overwritten");
        let wrong = sign(&key, &statement).unwrap_err();
        assert!(wrong.to_string().contains("holds no SM2 secret key"), "{wrong}");
    }
}
