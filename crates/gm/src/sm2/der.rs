//! DER for exchange with others: signatures and ciphertexts of GM/T 0009, keys as SPKI and PKCS #8.
//!
//! Reading is strict: one encoding per value, nothing after it. Keys must say SM2 by their curve's OID.

use super::{DecryptingKey, EncryptingKey, Signature, SigningKey, VerifyingKey};
use crate::{DerError, Secret};
use zeroize::Zeroizing;

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const PUBLIC_KEY_FIELD: u8 = 0xa1;

/// `AlgorithmIdentifier { id-ecPublicKey, 1.2.156.10197.1.301 }`.
const ALGORITHM: [u8; 21] = [
    SEQUENCE, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf,
    0x55, 0x01, 0x82, 0x2d,
];

impl Signature {
    /// `SEQUENCE { r INTEGER, s INTEGER }`.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let (r, s) = self.halves();
        element(SEQUENCE, &[integer(r), integer(s)].concat())
    }

    /// Reads `SEQUENCE { r INTEGER, s INTEGER }`.
    ///
    /// # Errors
    /// [`DerError`] unless it is that, canonical, with non-negative numbers of at most 32 bytes.
    pub fn from_der(der: &[u8]) -> Result<Self, DerError> {
        let mut body = Reader::whole(SEQUENCE, der)?;
        let signature = [body.number()?, body.number()?].concat();
        body.end()?;
        Self::from_slice(&signature).ok_or(DerError)
    }
}

/// A ciphertext `C1 ‖ C3 ‖ C2` as `SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, ct OCTET STRING }`.
///
/// # Errors
/// [`DerError`] when it is too short or C1 is not uncompressed.
pub fn ciphertext_to_der(ciphertext: &[u8]) -> Result<Vec<u8>, DerError> {
    let ([4, point @ ..], rest) = ciphertext.split_first_chunk::<65>().ok_or(DerError)? else {
        return Err(DerError);
    };
    let (hash, masked) = rest.split_first_chunk::<32>().ok_or(DerError)?;
    let ([x, y], []) = point.as_chunks::<32>() else { return Err(DerError) };
    let body = [integer(x), integer(y), element(OCTET_STRING, hash), element(OCTET_STRING, masked)];
    Ok(element(SEQUENCE, &body.concat()))
}

/// The inverse of [`ciphertext_to_der`]. Whether the point is on the curve is for decryption to say.
///
/// # Errors
/// [`DerError`] unless it is that structure, canonical.
pub fn ciphertext_from_der(der: &[u8]) -> Result<Vec<u8>, DerError> {
    let mut body = Reader::whole(SEQUENCE, der)?;
    let (x, y) = (body.number()?, body.number()?);
    let hash: &[u8; 32] = body.element(OCTET_STRING)?.try_into().map_err(|_| DerError)?;
    let masked = body.element(OCTET_STRING)?;
    body.end()?;
    Ok([&[4][..], &x, &y, hash, masked].concat())
}

impl VerifyingKey {
    /// `SubjectPublicKeyInfo` with an uncompressed point.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        spki(&self.to_sec1())
    }

    /// Reads a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`DerError`] unless it is one of an SM2 key whose point is on the curve.
    pub fn from_spki(der: &[u8]) -> Result<Self, DerError> {
        Self::from_sec1(spki_point(der)?).map_err(|_| DerError)
    }
}

impl EncryptingKey {
    /// `SubjectPublicKeyInfo` with an uncompressed point.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        spki(&self.to_sec1())
    }

    /// Reads a `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`DerError`] unless it is one of an SM2 key whose point is on the curve.
    pub fn from_spki(der: &[u8]) -> Result<Self, DerError> {
        Self::from_sec1(spki_point(der)?).map_err(|_| DerError)
    }
}

impl SigningKey {
    /// `PrivateKeyInfo` (PKCS #8, not encrypted) with the public key included.
    #[must_use]
    pub fn to_pkcs8(&self) -> Secret<Vec<u8>> {
        pkcs8(&self.to_bytes(), &self.verifying_key().to_sec1())
    }

    /// Reads a `PrivateKeyInfo` (PKCS #8, not encrypted).
    ///
    /// # Errors
    /// [`DerError`] unless it is one of an SM2 key in range, with its own public key if any.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, DerError> {
        let (secret, public) = pkcs8_parts(der)?;
        let key = Self::from_bytes(secret).map_err(|_| DerError)?;
        belongs(&key.verifying_key().to_sec1(), public).map(|()| key)
    }
}

impl DecryptingKey {
    /// `PrivateKeyInfo` (PKCS #8, not encrypted) with the public key included.
    #[must_use]
    pub fn to_pkcs8(&self) -> Secret<Vec<u8>> {
        pkcs8(&self.to_bytes(), &self.encrypting_key().to_sec1())
    }

    /// Reads a `PrivateKeyInfo` (PKCS #8, not encrypted).
    ///
    /// # Errors
    /// [`DerError`] unless it is one of an SM2 key in range, with its own public key if any.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, DerError> {
        let (secret, public) = pkcs8_parts(der)?;
        let key = Self::from_bytes(secret).map_err(|_| DerError)?;
        belongs(&key.encrypting_key().to_sec1(), public).map(|()| key)
    }
}

fn spki(point: &[u8; 65]) -> Vec<u8> {
    element(SEQUENCE, &[&ALGORITHM[..], &bit_string(point)].concat())
}

fn spki_point(der: &[u8]) -> Result<&[u8], DerError> {
    let mut body = Reader::whole(SEQUENCE, der)?;
    body.literal(&ALGORITHM)?;
    let point = body.bit_string()?;
    body.end()?;
    Ok(point)
}

fn pkcs8(secret: &Secret<[u8; 32]>, point: &[u8; 65]) -> Secret<Vec<u8>> {
    let secret = Zeroizing::new(element(OCTET_STRING, secret.expose()));
    let public = element(PUBLIC_KEY_FIELD, &bit_string(point));
    let ec = Zeroizing::new([&integer(&[1])[..], &secret, &public].concat());
    let ec = Zeroizing::new(element(SEQUENCE, &ec));
    let ec = Zeroizing::new(element(OCTET_STRING, &ec));
    let info = Zeroizing::new([&integer(&[0])[..], &ALGORITHM, &ec].concat());
    Secret::new(element(SEQUENCE, &info))
}

/// The secret and, where included, the public key.
fn pkcs8_parts(der: &[u8]) -> Result<(&[u8; 32], Option<&[u8]>), DerError> {
    let mut info = Reader::whole(SEQUENCE, der)?;
    info.literal(&[INTEGER, 1, 0])?;
    info.literal(&ALGORITHM)?;
    let mut ec = Reader::whole(SEQUENCE, info.element(OCTET_STRING)?)?;
    info.end()?;
    ec.literal(&[INTEGER, 1, 1])?;
    let secret = ec.element(OCTET_STRING)?.try_into().map_err(|_| DerError)?;
    let public = if ec.0.is_empty() {
        None
    } else {
        let mut field = Reader(ec.element(PUBLIC_KEY_FIELD)?);
        let point = field.bit_string()?;
        field.end()?;
        Some(point)
    };
    ec.end()?;
    Ok((secret, public))
}

fn belongs(own: &[u8; 65], stated: Option<&[u8]>) -> Result<(), DerError> {
    if stated.is_none_or(|stated| stated == own) { Ok(()) } else { Err(DerError) }
}

fn element(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = body.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|byte| **byte == 0).count()..];
    let mut der = vec![tag];
    match (body.len(), u8::try_from(significant.len())) {
        (0..0x80, _) => der.push(length[length.len() - 1]),
        (_, Ok(bytes)) => {
            der.push(0x80 | bytes);
            der.extend_from_slice(significant);
        }
        (_, Err(_)) => unreachable!("a length has at most eight bytes"),
    }
    der.extend_from_slice(body);
    der
}

/// A non-negative number, big-endian.
fn integer(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count().min(number.len() - 1);
    let number = &number[zeros..];
    let sign: &[u8] = if number[0] >= 0x80 { &[0] } else { &[] };
    element(INTEGER, &[sign, number].concat())
}

fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], bytes].concat())
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// The body of the one element that `der` is.
    fn whole(tag: u8, der: &'a [u8]) -> Result<Self, DerError> {
        let mut outer = Self(der);
        let body = outer.element(tag)?;
        outer.end()?;
        Ok(Self(body))
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DerError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(DerError)?;
        self.0 = rest;
        Ok(taken)
    }

    fn literal(&mut self, expected: &[u8]) -> Result<(), DerError> {
        if self.take(expected.len())? == expected { Ok(()) } else { Err(DerError) }
    }

    fn element(&mut self, tag: u8) -> Result<&'a [u8], DerError> {
        self.literal(&[tag])?;
        let length = match self.take(1)?[0] {
            short @ 0..=0x7f => usize::from(short),
            long @ 0x81..=0x84 => {
                let bytes = self.take(usize::from(long & 0x7f))?;
                let length = bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
                if bytes[0] == 0 || length < 0x80 {
                    return Err(DerError);
                }
                length
            }
            _ => return Err(DerError),
        };
        self.take(length)
    }

    /// A non-negative `INTEGER` of at most 32 significant bytes.
    fn number(&mut self) -> Result<[u8; 32], DerError> {
        let digits = match self.element(INTEGER)? {
            [0] => &[],
            [0, rest @ ..] if rest[0] >= 0x80 => rest,
            digits @ [0x01..0x80, ..] => digits,
            _ => return Err(DerError),
        };
        let mut number = [0; 32];
        let zeros = number.len().checked_sub(digits.len()).ok_or(DerError)?;
        number[zeros..].copy_from_slice(digits);
        Ok(number)
    }

    fn bit_string(&mut self) -> Result<&'a [u8], DerError> {
        match self.element(BIT_STRING)? {
            [0, bytes @ ..] => Ok(bytes),
            _ => Err(DerError),
        }
    }

    fn end(&self) -> Result<(), DerError> {
        if self.0.is_empty() { Ok(()) } else { Err(DerError) }
    }
}
