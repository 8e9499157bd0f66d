//! What others may ask of the keys: indexes, sealing, codes, signatures, envelopes, passwords, commitments.

use super::ring::{KeyRing, Ring};
use crate::Error;
use domain::audit::Subject;
use domain::id::{BindingId, KeyId, SessionId};
use domain::identity::{IdDocument, PersonName, Phone, Shard};
use domain::qr;
use domain::time::Timestamp;
use gm::sm2::{EncryptingKey, Signature};
use gm::{Secret, hmac, random};

/// Rounds of PBKDF2-HMAC-SM3 for a holder's six digits. Guessing is limited by rule and by the pepper, not by
/// this number, which only has to make a stolen pepper slow to use.
const PASSWORD_ROUNDS: u32 = 2_000;

/// A person's data as it is stored.
#[derive(Debug, Clone)]
pub struct SealedPerson {
    /// Where the person lives.
    pub shard: Shard,
    /// Index of the document.
    pub document_index: [u8; 32],
    /// Index of the name.
    pub name_index: [u8; 32],
    /// Index of the phone.
    pub phone_index: Option<[u8; 32]>,
    /// Version of the key that sealed.
    pub key_version: i64,
    /// Document number, name and phone, sealed.
    pub sealed: Vec<u8>,
}

/// The MAC key of a caller's or holder's session, ready for use.
#[derive(Clone)]
pub struct SessionKey {
    /// The prepared key.
    pub mac: hmac::Key,
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey")
    }
}

impl Ring {
    /// The shard of a person, by document: never moves.
    #[must_use]
    pub fn shard_of(&self, document: &IdDocument) -> Shard {
        Shard::of(&self.shard.mac(&document.index_bytes()))
    }

    /// The blind index of a document.
    #[must_use]
    pub fn document_index(&self, document: &IdDocument) -> [u8; 32] {
        self.blind_index.mac_parts(&[b"document\n", &document.index_bytes()])
    }

    /// The blind index of a name.
    #[must_use]
    pub fn name_index(&self, name: &PersonName) -> [u8; 32] {
        self.blind_index.mac_parts(&[b"name\n", name.as_str().as_bytes()])
    }

    /// The blind index of a phone number.
    #[must_use]
    pub fn phone_index(&self, phone: &Phone) -> [u8; 32] {
        self.blind_index.mac_parts(&[b"phone\n", phone.as_str().as_bytes()])
    }

    /// Keyed digest of a row of the card registry; equal rows are found, nothing is read back.
    #[must_use]
    pub fn row_digest(&self, canonical: &[u8]) -> [u8; 16] {
        let mac = self.blind_index.mac_parts(&[b"row\n", canonical]);
        let mut out = [0; 16];
        out.copy_from_slice(&mac[..16]);
        out
    }

    /// Seals a person's data and computes every index.
    #[must_use]
    pub fn seal_person(
        &self,
        document: &IdDocument,
        name: &PersonName,
        phone: Option<&Phone>,
    ) -> SealedPerson {
        let number = document.number().as_str();
        let phone_text = phone.map_or("", Phone::as_str);
        let plain = [number, name.as_str(), phone_text].join("\n");
        let document_index = self.document_index(document);
        let (key_version, sealed) = self.seal(&document_index, plain.as_bytes());
        SealedPerson {
            shard: self.shard_of(document),
            document_index,
            name_index: self.name_index(name),
            phone_index: phone.map(|phone| self.phone_index(phone)),
            key_version,
            sealed,
        }
    }

    /// Document number, name and phone of a stored person.
    ///
    /// # Errors
    /// Internal: the row was not sealed by this world for this person.
    pub fn open_person(
        &self,
        key_version: i64,
        document_index: &[u8],
        sealed: &[u8],
    ) -> Result<[String; 3], Error> {
        let plain = self.open(key_version, document_index, sealed)?;
        let text = String::from_utf8(plain).map_err(|_| Error::internal("sealed data is not text"))?;
        let mut parts = text.splitn(3, '\n').map(str::to_owned);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(number), Some(name), Some(phone)) => Ok([number, name, phone]),
            _ => Err(Error::internal("sealed data has another shape")),
        }
    }

    /// Seals personal data under the newest key: its version and the sealed bytes.
    #[must_use]
    pub fn seal(&self, associated: &[u8], plain: &[u8]) -> (i64, Vec<u8>) {
        // A ring without a personal-data key is never built (see `Ring::prepare` and `KeyRing::open`).
        self.personal
            .last_key_value()
            .map_or_else(Default::default, |(version, key)| (*version, key.seal(associated, plain)))
    }

    /// Whether [`Ring::open`] knows the version that sealed.
    #[must_use]
    pub fn opens(&self, key_version: i64) -> bool {
        self.personal.contains_key(&key_version)
    }

    /// Opens what [`Ring::seal`] sealed.
    ///
    /// # Errors
    /// `platform.unavailable` for a version that another server has just made: it is read within a second. Internal:
    /// another key, other associated data, or changed bytes.
    pub fn open(&self, key_version: i64, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let Some(key) = self.personal.get(&key_version) else {
            let newest = self.personal.last_key_value().map_or(0, |(version, _)| *version);
            return Err(if key_version > newest {
                Error::platform("platform.unavailable")
            } else {
                Error::internal("an unknown personal-data key")
            });
        };
        key.open(associated, sealed).map_err(|_| Error::internal("sealed personal data does not open"))
    }

    /// The audit trail's commitment to a person.
    #[must_use]
    pub fn commit(&self, person: &[u8; 16]) -> Subject {
        let mac = self.commitment.mac(person);
        let mut out = [0; 16];
        out.copy_from_slice(&mac[..16]);
        Subject(out)
    }

    /// A person's token for one party; two parties cannot join theirs.
    #[must_use]
    pub fn pseudonym(&self, person: &[u8; 16], party: &[u8; 16]) -> [u8; 16] {
        let mac = self.pseudonym.mac_parts(&[person, party]);
        let mut out = [0; 16];
        out.copy_from_slice(&mac[..16]);
        out
    }

    /// Mints a code for a binding.
    #[must_use]
    pub fn mint_code(&self, issue_second: u32, shard: u16, binding: BindingId) -> Option<String> {
        let keys = self.codes.get(&self.code)?;
        Some(qr::mint(keys, issue_second, shard, random::bytes(), binding))
    }

    /// Whether [`Ring::open_code`] knows the version that minted.
    #[must_use]
    pub fn opens_code(&self, sealed: &qr::Sealed) -> bool {
        self.codes.contains_key(&sealed.version())
    }

    /// Authenticates and opens a code minted under any key version still held.
    ///
    /// # Errors
    /// `code.forged`.
    pub fn open_code(&self, sealed: &qr::Sealed) -> Result<qr::Code, qr::Refusal> {
        let keys = self.codes.get(&sealed.version()).ok_or(qr::Refusal::Forged)?;
        qr::open(keys, sealed)
    }

    /// Signs for the platform.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> (KeyId, Signature) {
        (self.sign.0, self.sign.1.sign(message))
    }

    /// The platform's signatures for receivers who fetch its keys seldom: by the newest key, and until `overlap` seconds
    /// after a rotation by the one before it.
    #[must_use]
    pub fn sign_in_overlap(&self, message: &[u8], now: Timestamp, overlap: i64) -> Vec<(KeyId, Signature)> {
        let before = self.sign_before.as_ref().filter(|(_, _, at)| now < at.plus_seconds(overlap));
        let before = before.map(|(id, key, _)| (*id, key.sign(message)));
        std::iter::once(self.sign(message)).chain(before).collect()
    }

    /// The platform's signing key, for the response signature.
    #[must_use]
    pub fn signing_key(&self) -> (&KeyId, &gm::sm2::SigningKey) {
        (&self.sign.0, &self.sign.1)
    }

    /// Opens an envelope encrypted to the platform under any version of its key.
    #[must_use]
    pub fn open_envelope(&self, envelope: &[u8]) -> Option<Secret<Vec<u8>>> {
        self.encrypt.values().rev().find_map(|key| key.decrypt(envelope).ok())
    }

    /// The stored form of a holder's password: PBKDF2-HMAC-SM3, then HMAC-SM3 under the pepper key.
    #[must_use]
    pub fn password_hash(&self, digits: &str, salt: &[u8]) -> [u8; 32] {
        self.pepper.mac(&gm::pbkdf2::derive(digits.as_bytes(), salt, PASSWORD_ROUNDS))
    }
}

impl KeyRing {
    /// Makes a session secret: its wrapped form to store and its envelope for the receiver's public key.
    #[must_use]
    pub fn make_session(&self, id: &[u8; 16], receiver: &EncryptingKey) -> (Vec<u8>, Vec<u8>) {
        let secret = Secret::new(random::bytes::<32>());
        (self.device.wrap(&session_label(id), secret.expose()), receiver.encrypt(secret.expose()))
    }

    /// The MAC key of a stored session.
    ///
    /// # Errors
    /// Internal: wrapped by another device or for another session.
    pub fn open_session(&self, id: &[u8; 16], wrapped: &[u8]) -> Result<SessionKey, Error> {
        let secret = self.device.unwrap(&session_label(id), wrapped)?;
        Ok(SessionKey { mac: hmac::Key::new(secret.expose()) })
    }
}

fn session_label(id: &[u8; 16]) -> Vec<u8> {
    [SessionId::PREFIX.as_bytes(), id].concat()
}
