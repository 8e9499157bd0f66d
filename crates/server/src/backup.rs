//! Backup and restore of worlds: data, sealed keys, and a manifest with a digest of every file.
//!
//! Invariants. A backup is usable only with the unseal keys, which are written apart from it and only when asked for:
//! whoever has both has everything, whoever has lost them has nothing. A restore checks every digest before it writes
//! and refuses a target that holds anything. A world's copy is of one moment; worlds have nothing to do with each
//! other, so theirs may differ. Files in a bucket are not copied: the store that holds them keeps copies of its own, and
//! a restored world looks for them where its configuration says.

use crate::attachment::Place;
use crate::key::{MASTER_FILE, UNSEAL_FILE};
use crate::world::WorldConfig;
use crate::{Clock, Error, World};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Read;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

/// The manifest's file name.
pub const MANIFEST: &str = "manifest.json";
/// The format of a backup.
pub const VERSION: u32 = 1;

/// What a backup consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// 1
    pub version: u32,
    /// When it was made, RFC 3339.
    pub made_at: String,
    /// `sqlite` or `postgres`: a restore needs the same.
    pub engine: String,
    /// Every file.
    pub files: Vec<FileEntry>,
}

/// One file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// Path within the backup.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SM3, hex.
    pub sm3: String,
}

/// Writes a backup of the worlds to `to`, which must not exist; they may be serving. Unseal keys go to the folder
/// `unseal_to`, if one is given. Blocks until all is on the disk.
///
/// # Errors
/// Internal: a file or program failed, or a target exists; the sentence says which.
pub fn backup(worlds: &[WorldConfig], to: &Path, unseal_to: Option<&Path>) -> Result<Manifest, Error> {
    make(to)?;
    let mut files = Vec::new();
    let mut engine = "sqlite";
    for world in worlds {
        let name = world.name.as_str();
        make(&to.join(name))?;
        let data = format!("{name}/{}", data_file(world));
        store::backup::copy(&world.database, &to.join(&data))?;
        let master = format!("{name}/{MASTER_FILE}");
        copy_new(&world.keys.join(MASTER_FILE), &to.join(&master))?;
        if let Some(apart) = unseal_to {
            let folder = apart.join(name);
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&folder)
                .map_err(|e| failed(&folder, &e))?;
            copy_new(&world.keys.join(UNSEAL_FILE), &folder.join(UNSEAL_FILE))?;
        }
        for path in [data, master].into_iter().chain(copy_attachments(world, to)?) {
            files.push(entry(to, path)?);
        }
        if !is_sqlite(world) {
            engine = "postgres";
        }
    }
    let made_at = Clock::new().real_now().to_string();
    let manifest = Manifest { version: VERSION, made_at, engine: engine.to_owned(), files };
    let text = serde_json::to_vec_pretty(&manifest).map_err(|e| Error::internal(e.to_string()))?;
    write_new(&to.join(MANIFEST), &text)?;
    Ok(manifest)
}

/// Puts a backup back into worlds that hold nothing, taking the unseal keys from `unseal_from`, and opens each once to
/// prove that data and keys belong together.
///
/// # Errors
/// Internal: the backup is damaged, incomplete or of another engine, the target is not empty, or the keys do not fit.
pub fn restore(from: &Path, unseal_from: &Path, worlds: &[WorldConfig]) -> Result<Manifest, Error> {
    let manifest = check(from)?;
    for world in worlds {
        let engine = if is_sqlite(world) { "sqlite" } else { "postgres" };
        if manifest.engine != engine {
            let (had, wanted) = (&manifest.engine, engine);
            return Err(Error::internal(format!("the backup is of {had}, the target is {wanted}")));
        }
        for name in [MASTER_FILE, UNSEAL_FILE] {
            let target = world.keys.join(name);
            if target.exists() {
                return Err(Error::internal(format!("{} exists already", target.display())));
            }
        }
        for name in [data_file(world), MASTER_FILE] {
            let path = format!("{}/{name}", world.name.as_str());
            if !manifest.files.iter().any(|file| file.path == path) {
                return Err(Error::internal(format!("the backup has no {path}")));
            }
        }
    }
    for world in worlds {
        let folder = from.join(world.name.as_str());
        store::backup::restore(&folder.join(data_file(world)), &world.database)?;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&world.keys)
            .map_err(|e| failed(&world.keys, &e))?;
        copy_new(&folder.join(MASTER_FILE), &world.keys.join(MASTER_FILE))?;
        let unseal = unseal_from.join(world.name.as_str()).join(UNSEAL_FILE);
        copy_new(&unseal, &world.keys.join(UNSEAL_FILE))?;
        restore_attachments(world, from, &manifest)?;
        World::open(world, Clock::new())?;
    }
    Ok(manifest)
}

/// Reads the manifest of a backup and checks every file against it.
///
/// # Errors
/// Internal: the first file that is not as it was written.
pub fn check(from: &Path) -> Result<Manifest, Error> {
    let path = from.join(MANIFEST);
    let text = fs::read(&path).map_err(|e| failed(&path, &e))?;
    let manifest: Manifest = serde_json::from_slice(&text)
        .map_err(|e| Error::internal(format!("{} is not a manifest: {e}", path.display())))?;
    if manifest.version != VERSION {
        return Err(Error::internal(format!("a backup of format {} cannot be read", manifest.version)));
    }
    for file in &manifest.files {
        if entry(from, file.path.clone())? != *file {
            return Err(Error::internal(format!("{} is not as it was backed up", file.path)));
        }
    }
    Ok(manifest)
}

/// Copies the files of matters, after the data: a file that a row calls whole is whole on the disk by then. Answers
/// their paths within the backup.
fn copy_attachments(world: &WorldConfig, to: &Path) -> Result<Vec<String>, Error> {
    let within = attachments(world);
    let mut paths = Vec::new();
    let Place::Folder(root) = &world.attachments else { return Ok(paths) };
    let folder = match fs::read_dir(root) {
        Ok(folder) => folder,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(paths),
        Err(error) => return Err(failed(root, &error)),
    };
    make(&to.join(&within))?;
    for file in folder {
        let file = file.map_err(|e| failed(root, &e))?;
        let Ok(name) = file.file_name().into_string() else { continue };
        let path = format!("{within}/{name}");
        copy_streaming(&file.path(), &to.join(&path))?;
        paths.push(path);
    }
    Ok(paths)
}

/// Puts the files of matters back where the world looks for them.
fn restore_attachments(world: &WorldConfig, from: &Path, manifest: &Manifest) -> Result<(), Error> {
    let within = format!("{}/", attachments(world));
    for file in &manifest.files {
        let Some(name) = file.path.strip_prefix(&within).filter(|name| !name.contains('/')) else { continue };
        let Place::Folder(folder) = &world.attachments else {
            return Err(Error::internal(
                "the backup holds files of matters, and the target keeps them in a bucket",
            ));
        };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|e| failed(folder, &e))?;
        copy_streaming(&from.join(&file.path), &folder.join(name))?;
    }
    Ok(())
}

fn attachments(world: &WorldConfig) -> String {
    format!("{}/attachments", world.name.as_str())
}

/// [`copy_new`] of what may be too long for the memory.
fn copy_streaming(from: &Path, to: &Path) -> Result<(), Error> {
    let mut reader = fs::File::open(from).map_err(|e| failed(from, &e))?;
    let options = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let mut file = options.map_err(|e| failed(to, &e))?;
    std::io::copy(&mut reader, &mut file).and_then(|_| file.sync_all()).map_err(|e| failed(to, &e))
}

fn is_sqlite(world: &WorldConfig) -> bool {
    world.database.url.starts_with("sqlite:")
}

fn data_file(world: &WorldConfig) -> &'static str {
    if is_sqlite(world) { "data.sqlite" } else { "data.dump" }
}

fn entry(root: &Path, path: String) -> Result<FileEntry, Error> {
    let file = root.join(&path);
    let mut reader = fs::File::open(&file).map_err(|e| failed(&file, &e))?;
    let (mut hasher, mut bytes, mut part) = (gm::sm3::Hasher::new(), 0, vec![0; 1 << 20]);
    loop {
        let count = reader.read(&mut part).map_err(|e| failed(&file, &e))?;
        if count == 0 {
            break;
        }
        hasher.update(&part[..count]);
        bytes += count as u64;
    }
    Ok(FileEntry { path, bytes, sm3: HEXLOWER.encode(&hasher.finish()) })
}

fn make(folder: &Path) -> Result<(), Error> {
    fs::DirBuilder::new().mode(0o700).create(folder).map_err(|e| failed(folder, &e))
}

fn copy_new(from: &Path, to: &Path) -> Result<(), Error> {
    let bytes = fs::read(from).map_err(|e| failed(from, &e))?;
    write_new(to, &bytes)
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    use std::io::Write;
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| failed(path, &e))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| failed(path, &e))
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::internal(format!("{}: {error}", path.display()))
}
