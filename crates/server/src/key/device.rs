//! The device: the master key, sealed to a file, and the wrapping of every other key under it.
//!
//! In development the master key is sealed to a key file beside it so that a restart needs nobody. Invariant: the
//! two files are written before the first wrapped key is stored, and are never overwritten.

use crate::Error;
use gm::{Secret, aead, random, wrap};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// File that holds the sealed master key.
pub const MASTER_FILE: &str = "master.sealed";
/// File that unseals it; keep a copy apart from the data.
pub const UNSEAL_FILE: &str = "unseal.key";

/// A software cipher device.
pub struct Device {
    master: aead::Key,
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Device(software)")
    }
}

impl Device {
    /// Opens the device of `folder`, creating it when `create` and nothing is there.
    ///
    /// # Errors
    /// Internal: the files are missing, cannot be read, or do not belong together.
    pub fn open(folder: &Path, create: bool) -> Result<Self, Error> {
        let (master, unseal) = (folder.join(MASTER_FILE), folder.join(UNSEAL_FILE));
        if create && !master.exists() && !unseal.exists() {
            let sealing = random::bytes::<32>();
            let sealed =
                aead::Key::new(&Secret::new(sealing)).seal(MASTER_FILE.as_bytes(), &random::bytes::<32>());
            fs::create_dir_all(folder).map_err(|e| missing(folder, &e))?;
            write_new(&unseal, &sealing)?;
            write_new(&master, &sealed)?;
        }
        let sealing: [u8; 32] = fs::read(&unseal)
            .map_err(|e| missing(&unseal, &e))?
            .try_into()
            .map_err(|_| Error::internal(format!("{} is not a key file", unseal.display())))?;
        let sealed = fs::read(&master).map_err(|e| missing(&master, &e))?;
        let bytes: [u8; 32] = aead::Key::new(&Secret::new(sealing))
            .open(MASTER_FILE.as_bytes(), &sealed)
            .ok()
            .and_then(|plain| plain.try_into().ok())
            .ok_or_else(|| Error::internal("the master key does not open under this unseal key"))?;
        Ok(Self { master: aead::Key::new(&Secret::new(bytes)) })
    }

    /// Wraps a key; `label` binds what it is.
    #[must_use]
    pub fn wrap(&self, label: &[u8], key: &[u8]) -> Vec<u8> {
        wrap::wrap(&self.master, label, key)
    }

    /// Unwraps a key.
    ///
    /// # Errors
    /// Internal: the bytes were not wrapped by this device under this label.
    pub fn unwrap(&self, label: &[u8], wrapped: &[u8]) -> Result<Secret<Vec<u8>>, Error> {
        wrap::unwrap(&self.master, label, wrapped)
            .map_err(|_| Error::internal("a stored key does not open under this device's master key"))
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| missing(path, &e))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| missing(path, &e))
}

fn missing(path: &Path, error: &std::io::Error) -> Error {
    Error::internal(format!("{}: {error}", path.display()))
}
