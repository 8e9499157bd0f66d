//! The ring: the platform's keys of one world, loaded and prepared.
//!
//! Data keys rotate while serving: a new version becomes active, older ones stay to read what they sealed. The
//! shard key and the blind-index key are never rotated here: rows are found by them.
//!
//! Several servers share one database. Each remembers which epoch of the keys it has read, compares it every second
//! ([`KeyRing::refresh`]), and reads again at once when it meets a version that it does not know
//! ([`KeyRing::ring_with`]): what one server made with a new key, every other one opens.

use super::device::Device;
use crate::Error;
use domain::audit::{Actor, Record, Reference};
use domain::id::KeyId;
use domain::key::{KeyState, KeyUsage, Refusal};
use domain::qr::Keys;
use domain::time::Timestamp;
use gm::sm2::{DecryptingKey, SigningKey};
use gm::{Secret, aead, hmac, random};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use store::key::KeyRow;
use store::{Db, ReadTx, StoreError};

/// The usages of the platform's own keys.
pub const USAGES: [KeyUsage; 10] = [
    KeyUsage::Shard,
    KeyUsage::BlindIndex,
    KeyUsage::AuditCommitment,
    KeyUsage::PasswordPepper,
    KeyUsage::Pseudonym,
    KeyUsage::PersonalData,
    KeyUsage::CodeCipher,
    KeyUsage::CodeMac,
    KeyUsage::Sign,
    KeyUsage::Encrypt,
];

/// The prepared keys of one moment.
#[derive(Debug)]
pub struct Ring {
    pub(super) shard: hmac::Key,
    pub(super) blind_index: hmac::Key,
    pub(super) commitment: hmac::Key,
    pub(super) pepper: hmac::Key,
    pub(super) pseudonym: hmac::Key,
    pub(super) personal: BTreeMap<i64, aead::Key>,
    /// The version that mints, and every version that still opens.
    pub(super) code: u8,
    pub(super) codes: BTreeMap<u8, Keys>,
    pub(super) sign: (KeyId, SigningKey),
    /// The key before it, unless it was revoked, and when it was superseded.
    pub(super) sign_before: Option<(KeyId, SigningKey, Timestamp)>,
    pub(super) encrypt: BTreeMap<i64, DecryptingKey>,
    /// The epoch of the keys that this is.
    epoch: i64,
    rows: Vec<KeyRow>,
}

/// The keys of one world and the device that guards them.
#[derive(Debug)]
pub struct KeyRing {
    pub(super) device: Device,
    ring: RwLock<Arc<Ring>>,
}

impl KeyRing {
    /// Opens the device and loads the world's keys, making them at the first start.
    ///
    /// # Errors
    /// Internal: stored keys exist but their device is missing or another one.
    pub fn open(folder: &std::path::Path, db: &Db, now: i64) -> Result<Self, Error> {
        let rows = db.read_blocking(store::key::list_platform)?;
        let device = Device::open(folder, rows.is_empty())?;
        let missing: Vec<KeyRow> = USAGES
            .iter()
            .filter(|usage| !rows.iter().any(|row| row.usage == usage.as_str()))
            .map(|usage| generate(&device, *usage, 1, now))
            .collect();
        if !missing.is_empty() {
            db.write_blocking(move |tx| {
                for row in &missing {
                    insert(tx, row, Actor::System)?;
                }
                Ok::<_, Error>(())
            })?;
        }
        let (epoch, rows) = db.read_blocking(read)?;
        let ring = RwLock::new(Arc::new(Ring::prepare(&device, epoch, rows)?));
        Ok(Self { device, ring })
    }

    /// The keys as they are now.
    #[must_use]
    pub fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes a new version of a data key and uses it from now on; older versions still read. The two keys of codes
    /// rotate together.
    ///
    /// # Errors
    /// `key.state` for a usage whose rows are found by the key; `resource.stale` when another process rotated it
    /// at the same moment.
    pub async fn rotate(&self, db: &Db, usage: KeyUsage, now: Timestamp, actor: Actor) -> Result<i64, Error> {
        let usages: &[KeyUsage] = match usage {
            KeyUsage::PersonalData => &[KeyUsage::PersonalData],
            KeyUsage::CodeCipher | KeyUsage::CodeMac => &[KeyUsage::CodeCipher, KeyUsage::CodeMac],
            KeyUsage::Encrypt => &[KeyUsage::Encrypt],
            KeyUsage::Sign => &[KeyUsage::Sign],
            _ => return Err(Refusal::State.into()),
        };
        self.reload(db).await?;
        let ring = self.ring();
        let latest =
            ring.rows.iter().filter(|row| row.usage == usages[0].as_str()).map(|row| row.version).max();
        let version = latest.unwrap_or(0) + 1;
        let at = now.as_micros();
        let rows: Vec<_> = usages.iter().map(|usage| generate(&self.device, *usage, version, at)).collect();
        let superseded: Vec<[u8; 16]> = ring
            .rows
            .iter()
            .filter(|row| row.state == "active" && usages.iter().any(|usage| row.usage == usage.as_str()))
            .map(|row| row.id)
            .collect();
        db.write(move |tx| {
            for row in &rows {
                insert(tx, row, actor)?;
            }
            for id in &superseded {
                store::key::update_state(tx, id, KeyState::Retiring.as_str(), at)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
        self.reload(db).await?;
        Ok(version)
    }

    /// Loads again what the database holds if another process has changed it since.
    ///
    /// # Errors
    /// As [`KeyRing::open`].
    pub async fn refresh(&self, db: &Db) -> Result<(), Error> {
        let epoch = db.read(store::epoch::platform_key).await?;
        if epoch == self.ring().epoch { Ok(()) } else { self.reload(db).await }
    }

    /// The keys as they are now; read anew if they lack what `has` asks for and the database may hold it.
    ///
    /// # Errors
    /// As [`KeyRing::open`].
    pub async fn ring_with(&self, db: &Db, has: impl Fn(&Ring) -> bool) -> Result<Arc<Ring>, Error> {
        let ring = self.ring();
        if has(&ring) {
            return Ok(ring);
        }
        self.refresh(db).await?;
        Ok(self.ring())
    }

    async fn reload(&self, db: &Db) -> Result<(), Error> {
        let (epoch, rows) = db.read(read).await?;
        let ring = Arc::new(Ring::prepare(&self.device, epoch, rows)?);
        let mut known = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        // Two may have read at once: the later state of the database wins.
        if known.epoch < ring.epoch {
            *known = ring;
        }
        Ok(())
    }
}

/// The platform's keys and their epoch. The epoch is read first: keys that come in between are read once more.
fn read(tx: &mut ReadTx<'_>) -> Result<(i64, Vec<KeyRow>), StoreError> {
    Ok((store::epoch::platform_key(tx)?, store::key::list_platform(tx)?))
}

impl Ring {
    fn prepare(device: &Device, epoch: i64, rows: Vec<KeyRow>) -> Result<Self, Error> {
        let secret = |row: &KeyRow| {
            let wrapped = row.wrapped.as_deref().unwrap_or_default();
            device.unwrap(&label(&row.id, &row.usage, row.version), wrapped)
        };
        let all = |usage: KeyUsage| rows.iter().filter(move |row| row.usage == usage.as_str());
        let latest = |usage: KeyUsage| {
            all(usage).max_by_key(|row| row.version).ok_or_else(|| Error::internal(format!("no {usage} key")))
        };
        let mac = |usage: KeyUsage| Ok::<_, Error>(hmac::Key::new(secret(latest(usage)?)?.expose()));
        let mut personal = BTreeMap::new();
        for row in all(KeyUsage::PersonalData) {
            personal.insert(row.version, aead::Key::new(&Secret::new(exact(secret(row)?.expose())?)));
        }
        let mut codes = BTreeMap::new();
        for (cipher, tag) in all(KeyUsage::CodeCipher).zip(all(KeyUsage::CodeMac)) {
            let version = code_version(cipher.version);
            let (cipher, tag) = (secret(cipher)?, secret(tag)?);
            codes.insert(version, Keys::new(version, &exact(&cipher.expose()[..16])?, &exact(tag.expose())?));
        }
        let mut encrypt = BTreeMap::new();
        for row in all(KeyUsage::Encrypt) {
            let key = DecryptingKey::from_bytes(&exact(secret(row)?.expose())?)
                .map_err(|e| Error::internal(e.to_string()))?;
            encrypt.insert(row.version, key);
        }
        let signing = |row: &KeyRow| {
            SigningKey::from_bytes(&exact(secret(row)?.expose())?).map_err(|e| Error::internal(e.to_string()))
        };
        let sign_row = latest(KeyUsage::Sign)?;
        let before = all(KeyUsage::Sign).find(|row| row.version + 1 == sign_row.version);
        let superseded = before.filter(|row| row.state == KeyState::Retiring.as_str());
        let superseded = superseded.and_then(|row| Some((row, Timestamp::from_micros(row.retired_at?))));
        let sign_before = superseded
            .map(|(row, at)| Ok::<_, Error>((KeyId::from_bytes(row.id), signing(row)?, at)))
            .transpose()?;
        Ok(Self {
            shard: mac(KeyUsage::Shard)?,
            blind_index: mac(KeyUsage::BlindIndex)?,
            commitment: mac(KeyUsage::AuditCommitment)?,
            pepper: mac(KeyUsage::PasswordPepper)?,
            pseudonym: mac(KeyUsage::Pseudonym)?,
            personal,
            code: latest(KeyUsage::CodeCipher).map(|row| code_version(row.version))?,
            codes,
            sign: (KeyId::from_bytes(sign_row.id), signing(sign_row)?),
            sign_before,
            encrypt,
            epoch,
            rows,
        })
    }

    /// The stored rows of the platform's keys, for lists of public keys.
    #[must_use]
    pub fn rows(&self) -> &[KeyRow] {
        &self.rows
    }
}

fn exact<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Error> {
    bytes.try_into().map_err(|_| Error::internal("a stored key has the wrong length"))
}

/// What a wrapped key is bound to.
fn label(id: &[u8; 16], usage: &str, version: i64) -> Vec<u8> {
    [id.as_slice(), usage.as_bytes(), &version.to_be_bytes()].concat()
}

/// The version byte of a code; 256 rotations later an ancient version's number is used again.
fn code_version(version: i64) -> u8 {
    u8::try_from(version.rem_euclid(256)).unwrap_or_default()
}

fn generate(device: &Device, usage: KeyUsage, version: i64, now: i64) -> KeyRow {
    let id = *KeyId::make(Timestamp::from_micros(now), random::bytes()).as_bytes();
    let label = label(&id, usage.as_str(), version);
    let (wrapped, public_key) = match usage {
        KeyUsage::Sign => {
            let key = SigningKey::generate();
            (device.wrap(&label, key.to_bytes().expose()), Some(key.verifying_key().to_sec1().to_vec()))
        }
        KeyUsage::Encrypt => {
            let key = DecryptingKey::generate();
            (device.wrap(&label, key.to_bytes().expose()), Some(key.encrypting_key().to_sec1().to_vec()))
        }
        _ => (device.wrap(&label, &random::bytes::<32>()), None),
    };
    KeyRow {
        id,
        usage: usage.as_str().to_owned(),
        version,
        owner: None,
        state: "active".into(),
        wrapped: Some(wrapped),
        public_key,
        created_at: now,
        retired_at: None,
        label: None,
    }
}

fn insert(tx: &mut store::WriteTx<'_>, row: &KeyRow, actor: Actor) -> Result<(), Error> {
    store::key::insert_platform(tx, row)?;
    let mut record = Record::done(Timestamp::from_micros(row.created_at), actor, "key.created");
    record.object = Some(Reference::new(KeyId::PREFIX, &row.id));
    tx.audit(&record);
    Ok(())
}
