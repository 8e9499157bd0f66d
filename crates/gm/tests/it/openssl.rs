//! Agreement with OpenSSL 3, in both directions. It must be installed: a machine without it fails here.

use crate::hex;
use gm::{
    hmac, pbkdf2, random,
    sm2::{self, DecryptingKey, Signature, SigningKey, VerifyingKey},
    sm3, sm4,
};
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Runs `openssl` with an input; its output, or what it complained of.
fn try_openssl(arguments: &str, input: &[u8]) -> Result<Vec<u8>, String> {
    let mut child = Command::new("openssl")
        .args(arguments.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("these tests compare with the `openssl` command line 3.0 or later: install it");
    // A command that reads no input may close it before all is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn openssl(arguments: &str, input: &[u8]) -> Vec<u8> {
    try_openssl(arguments, input).unwrap_or_else(|complaint| panic!("openssl {arguments}: {complaint}"))
}

/// An empty directory of the test's own.
struct Files(PathBuf);

impl Files {
    fn new(test: &str) -> Self {
        let directory =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("gm-{test}-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        Self(directory)
    }

    fn write(&self, name: &str, content: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, content).unwrap();
        path
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn messages() -> impl Iterator<Item = Vec<u8>> {
    [0, 1, 15, 16, 17, 55, 56, 63, 64, 65, 200].into_iter().map(|length| {
        let mut message = vec![0; length];
        random::fill(&mut message);
        message
    })
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

const SM2_OPTIONS: &str = "-rawin -digest sm3 -pkeyopt distid:1234567812345678";

#[test]
fn sm3_agrees() {
    for message in messages() {
        assert_eq!(openssl("dgst -sm3 -binary", &message), sm3::digest(&message));
    }
}

#[test]
fn hmac_agrees() {
    for (message, length) in messages().zip([1, 16, 32, 64, 65, 100, 1, 16, 32, 64, 65]) {
        let key = vec![0xa5; length];
        let arguments = format!("dgst -sm3 -binary -mac HMAC -macopt hexkey:{}", digits(&key));
        assert_eq!(openssl(&arguments, &message), hmac::Key::new(&key).mac(&message));
    }
}

#[test]
fn pbkdf2_agrees() {
    for (password, salt, iterations) in [("123456", "0123456789abcdef", 1), ("password", "NaCl", 1000)] {
        let arguments = format!(
            "kdf -keylen 32 -binary -kdfopt digest:SM3 -kdfopt pass:{password} -kdfopt salt:{salt} \
             -kdfopt iter:{iterations} PBKDF2"
        );
        assert_eq!(
            openssl(&arguments, b""),
            pbkdf2::derive(password.as_bytes(), salt.as_bytes(), iterations)
        );
    }
}

#[test]
fn sm4_counter_mode_agrees() {
    for message in messages().filter(|message| !message.is_empty()) {
        let (key, mut iv) = (random::bytes(), random::bytes());
        iv[12..].fill(0xff);
        let arguments = format!("enc -sm4-ctr -K {} -iv {}", digits(&key), digits(&iv));
        let mut data = message.clone();
        sm4::Key::new(&key).ctr(&iv, &mut data);
        assert_eq!(openssl(&arguments, &message), data);
    }
}

#[test]
fn sm4_macs_agree() {
    for message in messages() {
        let (key, iv) = (random::bytes(), random::bytes());
        let cipher = sm4::Key::new(&key);
        let cmac = format!("mac -cipher SM4-CBC -macopt hexkey:{} -binary CMAC", digits(&key));
        assert_eq!(openssl(&cmac, &message), cipher.cmac(&message));
        let mut padded = message.clone();
        padded.push(0x80);
        padded.resize(padded.len().next_multiple_of(16), 0);
        let cbc = format!("enc -sm4-cbc -nopad -K {} -iv {}", digits(&key), digits(&iv));
        assert_eq!(openssl(&cbc, &padded)[padded.len() - 16..], cipher.cbc_mac(&iv, &message));
    }
}

#[test]
fn it_verifies_what_we_sign() {
    let files = Files::new("verify");
    let key = SigningKey::generate();
    let public = files.write("public.der", &key.verifying_key().to_spki());
    for text in messages() {
        let message = files.write("message", &text);
        let signature = files.write("signature", &key.sign(&text).to_der());
        let arguments = format!(
            "pkeyutl -verify -pubin -keyform DER -inkey {public} -in {message} -sigfile {signature} {SM2_OPTIONS}"
        );
        openssl(&arguments, b"");
        files.write("message", &[&text[..], b"."].concat());
        assert!(try_openssl(&arguments, b"").is_err(), "it must refuse another message");
    }
}

#[test]
fn we_verify_what_it_signs() {
    let files = Files::new("sign");
    let key = SigningKey::generate();
    let secret = files.write("secret.der", key.to_pkcs8().expose());
    for text in messages() {
        let message = files.write("message", &text);
        let arguments = format!("pkeyutl -sign -keyform DER -inkey {secret} -in {message} {SM2_OPTIONS}");
        let signature = Signature::from_der(&openssl(&arguments, b"")).unwrap();
        assert_eq!(key.verifying_key().verify(&text, &signature), Ok(()));
    }
}

#[test]
fn we_read_the_keys_it_makes() {
    let files = Files::new("keys");
    let secret = files.path("secret.pem");
    openssl(&format!("genpkey -algorithm SM2 -out {secret}"), b"");
    let private = openssl(&format!("pkcs8 -topk8 -nocrypt -in {secret} -outform DER"), b"");
    let public = openssl(&format!("pkey -in {secret} -pubout -outform DER"), b"");
    let key = SigningKey::from_pkcs8(&private).unwrap();
    assert_eq!(VerifyingKey::from_spki(&public).unwrap(), *key.verifying_key());
    assert_eq!(key.to_pkcs8().expose(), &private);
    assert_eq!(key.verifying_key().to_spki(), public);
}

#[test]
fn encryption_agrees_both_ways() {
    let files = Files::new("encrypt");
    let key = DecryptingKey::generate();
    let secret = files.write("secret.der", key.to_pkcs8().expose());
    let public = files.write("public.der", &key.encrypting_key().to_spki());
    for text in messages().filter(|text| text.len() > 1) {
        let encrypt = format!("pkeyutl -encrypt -pubin -keyform DER -inkey {public} -pkeyopt digest:sm3");
        let theirs = sm2::ciphertext_from_der(&openssl(&encrypt, &text)).unwrap();
        assert_eq!(key.decrypt(&theirs).unwrap().expose(), &text);
        let ours = sm2::ciphertext_to_der(&key.encrypting_key().encrypt(&text)).unwrap();
        let decrypt = format!("pkeyutl -decrypt -keyform DER -inkey {secret} -pkeyopt digest:sm3");
        assert_eq!(openssl(&decrypt, &ours), text);
    }
}

#[test]
fn the_answer_of_the_self_test_for_hmac_is_agreed() {
    let tag = openssl("dgst -sm3 -binary -mac HMAC -macopt key:1234567812345678", b"abc");
    assert_eq!(tag, hex("0a69401a75c5d471f5166465eec89e6a65198ae885c1fdc061556254d91c1080"));
}
