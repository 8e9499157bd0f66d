//! What a device answers, read and verified as Web Authentication Level 3 says (7.1, 7.2).
//!
//! Invariants: what was signed is what is looked at; the user was verified; the pages were the platform's own. Deliberately not
//! here: attestation. None is asked for, so who made the device is not known and whatever it states is passed over; extensions;
//! challenges, which are [`super::service`]'s.

use super::cbor::{Item, Reader};
use data_encoding::BASE64URL_NOPAD;
use domain::passkey::{CREDENTIAL_ID_BYTES, Refusal, RelyingParty};
use ring::agreement;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;

/// The algorithms that are verified, by their COSE numbers, the preferred one first: ES256, EdDSA, RS256.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// Flags of what a device says (6.1): somebody was there, the user was verified, the key may be and is backed up, a new key and
/// extensions follow.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const WITH_KEY: u8 = 1 << 6;
const WITH_EXTENSIONS: u8 = 1 << 7;

/// Most bytes of a COSE key; one of RSA with 4096 bits has about 540.
const KEY_BYTES: usize = 1024;

/// What a browser says it was asked (5.8.1).
#[derive(Debug)]
pub struct ClientSaid {
    /// What is answered.
    pub challenge: [u8; 32],
    kind: String,
    origin: String,
    is_framed: bool,
    digest: [u8; 32],
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    r#type: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
    top_origin: Option<String>,
}

impl ClientSaid {
    /// Reads `clientDataJSON`.
    ///
    /// # Errors
    /// `passkey.malformed`
    pub fn read(bytes: &[u8]) -> Result<Self, Refusal> {
        let said: Said = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
        let challenge = BASE64URL_NOPAD.decode(said.challenge.as_bytes()).map_err(|_| Refusal::Malformed)?;
        Ok(Self {
            challenge: challenge.try_into().map_err(|_| Refusal::Malformed)?,
            kind: said.r#type,
            origin: said.origin,
            is_framed: said.cross_origin || said.top_origin.is_some(),
            digest: sha256(bytes),
        })
    }
}

/// A credential that a device has made.
#[derive(Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// By which the device knows it.
    pub id: Vec<u8>,
    /// The COSE key.
    pub public_key: Vec<u8>,
    /// Whether the key may be copied to other devices of its owner.
    pub backup_eligible: bool,
}

/// What a device says (6.1).
#[derive(Debug)]
pub struct DeviceSaid {
    /// Its counter.
    pub count: i64,
    party: [u8; 32],
    flags: u8,
    made: Option<NewCredential>,
    raw: Vec<u8>,
}

impl DeviceSaid {
    /// Reads `authenticatorData`.
    ///
    /// # Errors
    /// `passkey.malformed`
    pub fn read(raw: Vec<u8>) -> Result<Self, Refusal> {
        Self::parse(raw).ok_or(Refusal::Malformed)
    }

    fn parse(raw: Vec<u8>) -> Option<Self> {
        let (party, rest) = raw.split_first_chunk::<32>()?;
        let (&flags, rest) = rest.split_first()?;
        let (count, mut rest) = rest.split_first_chunk::<4>()?;
        let made = if flags & WITH_KEY == 0 { None } else { Some(credential(flags, &mut rest)?) };
        if flags & WITH_EXTENSIONS != 0 {
            let mut reader = Reader::new(rest);
            reader.map()?;
            rest = reader.rest();
        }
        let is_sound = rest.is_empty() && (flags & BACKED_UP == 0 || flags & BACKUP_ELIGIBLE != 0);
        let (party, count) = (*party, i64::from(u32::from_be_bytes(*count)));
        is_sound.then_some(Self { count, party, flags, made, raw })
    }
}

/// The attested credential data (6.5.1), of which the maker's number of the device is passed over.
fn credential(flags: u8, rest: &mut &[u8]) -> Option<NewCredential> {
    let after = rest.get(16..)?;
    let (length, after) = after.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    let (id, after) = after.split_at_checked(length)?;
    let mut reader = Reader::new(after);
    let public_key = reader.skip()?.to_vec();
    *rest = reader.rest();
    let fits = (1..=CREDENTIAL_ID_BYTES).contains(&length) && public_key.len() <= KEY_BYTES;
    let backup_eligible = flags & BACKUP_ELIGIBLE != 0;
    fits.then(|| NewCredential { id: id.to_vec(), public_key, backup_eligible })
}

/// What a device has answered that was asked to make a passkey.
#[derive(Debug)]
pub struct Attestation {
    /// What its browser was asked.
    pub client: ClientSaid,
    /// What it says.
    pub device: DeviceSaid,
}

impl Attestation {
    /// Reads the device's half from `attestationObject`; what it attests is passed over.
    ///
    /// # Errors
    /// `passkey.malformed`; `passkey.algorithm`.
    pub fn device(object: &[u8]) -> Result<DeviceSaid, Refusal> {
        let mut reader = Reader::new(object);
        let pairs = reader.map().filter(|_| reader.rest().is_empty()).ok_or(Refusal::Malformed)?;
        let mut found = pairs.into_iter().filter(|(key, _)| *key == Item::Text("authData"));
        let Some(Item::Bytes(raw)) = found.next().and_then(|(_, mut value)| value.next()) else {
            return Err(Refusal::Malformed);
        };
        let device = DeviceSaid::read(raw.to_vec())?;
        let made = device.made.as_ref().ok_or(Refusal::Malformed)?;
        PublicKey::read(&made.public_key)?.admit()?;
        Ok(device)
    }

    /// The credential that was made, if it was made at the platform's pages with its user verified.
    ///
    /// # Errors
    /// `passkey.origin`, `passkey.unverified`, `passkey.malformed`.
    pub fn verify(self, party: &RelyingParty) -> Result<NewCredential, Refusal> {
        check(&self.client, &self.device, "webauthn.create", party)?;
        self.device.made.ok_or(Refusal::Malformed)
    }
}

/// What a passkey has answered.
#[derive(Debug)]
pub struct Assertion {
    /// Which credential.
    pub credential_id: Vec<u8>,
    /// What its browser was asked.
    pub client: ClientSaid,
    /// What it says.
    pub device: DeviceSaid,
    /// Over both.
    pub signature: Vec<u8>,
}

impl Assertion {
    /// Whether it was made by this key, at the platform's pages, with its user verified. Whether a key may be copied to other
    /// devices never changes (7.2), so what says another thing of itself is not what was registered.
    ///
    /// # Errors
    /// `passkey.origin`, `passkey.unverified`, `passkey.signature`.
    pub fn verify(
        &self,
        public_key: &[u8],
        backup_eligible: bool,
        party: &RelyingParty,
    ) -> Result<(), Refusal> {
        check(&self.client, &self.device, "webauthn.get", party)?;
        if backup_eligible != (self.device.flags & BACKUP_ELIGIBLE != 0) {
            return Err(Refusal::Signature);
        }
        let signed = [self.device.raw.as_slice(), &self.client.digest].concat();
        PublicKey::read(public_key)?.verify(&signed, &self.signature)
    }
}

fn check(client: &ClientSaid, device: &DeviceSaid, kind: &str, party: &RelyingParty) -> Result<(), Refusal> {
    let is_ours = client.kind == kind && client.origin == party.origin && !client.is_framed;
    if !is_ours || device.party != sha256(party.id.as_bytes()) {
        return Err(Refusal::Origin);
    }
    if device.flags & (PRESENT | VERIFIED) == PRESENT | VERIFIED { Ok(()) } else { Err(Refusal::Unverified) }
}

/// A key of COSE (RFC 9053) that can be verified with.
enum PublicKey<'a> {
    /// A point, uncompressed.
    Es256([u8; 65]),
    EdDsa(&'a [u8]),
    Rs256(RsaPublicKeyComponents<&'a [u8]>),
}

impl<'a> PublicKey<'a> {
    fn read(cose: &'a [u8]) -> Result<Self, Refusal> {
        let mut reader = Reader::new(cose);
        let pairs = reader.map().filter(|_| reader.rest().is_empty()).ok_or(Refusal::Malformed)?;
        let find = |label: i64| {
            let found = pairs.iter().find(|(key, _)| *key == Item::Int(label));
            found.and_then(|(_, value)| { *value }.next())
        };
        let bytes = |label: i64, lengths: std::ops::RangeInclusive<usize>| match find(label) {
            Some(Item::Bytes(bytes)) if lengths.contains(&bytes.len()) => Ok(bytes),
            _ => Err(Refusal::Malformed),
        };
        let number = |label: i64| if let Some(Item::Int(number)) = find(label) { Some(number) } else { None };
        // Key type, algorithm and curve.
        match (number(1), number(3), number(-1)) {
            (Some(2), Some(-7), Some(1)) => {
                let mut point = [4; 65];
                point[1..33].copy_from_slice(bytes(-2, 32..=32)?);
                point[33..].copy_from_slice(bytes(-3, 32..=32)?);
                Ok(Self::Es256(point))
            }
            (Some(1), Some(-8), Some(6)) => Ok(Self::EdDsa(bytes(-2, 32..=32)?)),
            (Some(3), Some(-257), None) => {
                Ok(Self::Rs256(RsaPublicKeyComponents { n: bytes(-1, 256..=512)?, e: bytes(-2, 1..=4)? }))
            }
            (Some(_), Some(_), _) => Err(Refusal::Algorithm),
            _ => Err(Refusal::Malformed),
        }
    }

    /// Refuses a key that no signature fits: a point that is not on the curve, a modulus or an exponent that RSA cannot have.
    /// Whether 32 bytes are a point of Ed25519 is not looked at: such a key lets nobody in.
    fn admit(&self) -> Result<(), Refusal> {
        let is_usable = match self {
            Self::Es256(point) => is_on_p256(point),
            Self::EdDsa(_) => true,
            Self::Rs256(RsaPublicKeyComponents { n, e }) => {
                let is_odd = |number: &[u8]| number.last().is_some_and(|last| last & 1 == 1);
                n[0] != 0 && e[0] != 0 && is_odd(n) && is_odd(e) && *e != [1]
            }
        };
        if is_usable { Ok(()) } else { Err(Refusal::Malformed) }
    }

    fn verify(&self, signed: &[u8], signature: &[u8]) -> Result<(), Refusal> {
        let verified = match self {
            Self::Es256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point).verify(signed, signature)
            }
            Self::EdDsa(key) => UnparsedPublicKey::new(&ED25519, key).verify(signed, signature),
            Self::Rs256(key) => key.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature),
        };
        verified.map_err(|_| Refusal::Signature)
    }
}

/// Whether a point is on the curve P-256. Nothing but an agreement on a key tells that apart from a wrong signature here; its
/// outcome is thrown away.
fn is_on_p256(point: &[u8; 65]) -> bool {
    let own = agreement::EphemeralPrivateKey::generate(&agreement::ECDH_P256, &SystemRandom::new());
    own.is_ok_and(|own| {
        let peer = agreement::UnparsedPublicKey::new(&agreement::ECDH_P256, point);
        agreement::agree_ephemeral(own, &peer, |_| ()).is_ok()
    })
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, bytes).as_ref());
    out
}
