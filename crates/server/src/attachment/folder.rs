//! Where the bytes of attachments are kept: outside the database, behind a small trait.

use domain::attachment::HEAD;
use domain::id::AttachmentId;
use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::PathBuf;

/// Bytes read at a time.
const BLOCK: usize = 256 * 1024;

/// Keeps bytes by id. Every call blocks; none returns before what it wrote is on the disk.
pub trait Shelf: fmt::Debug + Send + Sync {
    /// Writes bytes at an offset. Written twice, the later ones stand. `false`, and nothing is written, once the file was
    /// closed.
    ///
    /// # Errors
    /// The device's.
    fn write(&self, id: AttachmentId, offset: u64, bytes: &[u8]) -> io::Result<bool>;

    /// At most `most` bytes from an offset; fewer at the end only.
    ///
    /// # Errors
    /// The device's; there is no such file.
    fn read(&self, id: AttachmentId, offset: u64, most: usize) -> io::Result<Vec<u8>>;

    /// Closes a file whose first `size` bytes have this SM3 digest, so that nothing writes to it any more: its very first
    /// bytes. `None` for another content, which stays open.
    ///
    /// # Errors
    /// The device's; there are fewer bytes.
    fn close(&self, id: AttachmentId, size: u64, digest: &[u8; 32]) -> io::Result<Option<Vec<u8>>>;

    /// Removes a file; it need not be there.
    ///
    /// # Errors
    /// The device's.
    fn remove(&self, id: AttachmentId) -> io::Result<()>;
}

/// A folder with one file for each attachment, named by its id.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    is_durable: bool,
}

impl Folder {
    /// The folder, made when the first file comes.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self { root, is_durable: true }
    }

    /// One that does not wait for the disk, for a world that ends with its process.
    #[must_use]
    pub fn fleeting(root: PathBuf) -> Self {
        Self { root, is_durable: false }
    }

    fn path(&self, id: AttachmentId) -> PathBuf {
        self.root.join(id.to_string())
    }
}

impl Shelf for Folder {
    fn write(&self, id: AttachmentId, offset: u64, bytes: &[u8]) -> io::Result<bool> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.root)?;
        let path = self.path(id);
        let is_new = !path.exists();
        let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
        let mut file = match opened {
            Err(error) if error.kind() == ErrorKind::PermissionDenied && !is_new => return Ok(false),
            opened => opened?,
        };
        // Whoever opened it before it was closed waits here, and then sees that it is.
        file.lock()?;
        if file.metadata()?.permissions().readonly() {
            return Ok(false);
        }
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        if !self.is_durable {
            return Ok(true);
        }
        file.sync_data()?;
        if is_new {
            File::open(&self.root)?.sync_all()?;
        }
        Ok(true)
    }

    fn read(&self, id: AttachmentId, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut file = File::open(self.path(id))?;
        file.seek(SeekFrom::Start(offset))?;
        let mut bytes = Vec::with_capacity(most.min(BLOCK));
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn close(&self, id: AttachmentId, size: u64, digest: &[u8; 32]) -> io::Result<Option<Vec<u8>>> {
        let locked = File::open(self.path(id))?;
        locked.lock()?;
        let mut file = (&locked).take(size);
        let (mut hasher, mut head, mut counted) = (gm::sm3::Hasher::new(), Vec::new(), 0_u64);
        let mut block = vec![0; BLOCK];
        loop {
            let read = file.read(&mut block)?;
            if read == 0 {
                break;
            }
            hasher.update(&block[..read]);
            counted += read as u64;
            let missing = HEAD.saturating_sub(head.len()).min(read);
            head.extend_from_slice(&block[..missing]);
        }
        if counted != size {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        if hasher.finish() != *digest {
            return Ok(None);
        }
        locked.set_permissions(Permissions::from_mode(0o400))?;
        locked.sync_all()?;
        Ok(Some(head))
    }

    fn remove(&self, id: AttachmentId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_where_they_belong_and_read_again() {
        let home = tempfile::tempdir().unwrap();
        let shelf = Folder::new(home.path().join("attachments"));
        let id = AttachmentId::from_bytes([7; 16]);
        assert_eq!(shelf.read(id, 0, 1).unwrap_err().kind(), ErrorKind::NotFound);
        assert!(shelf.write(id, 0, b"%PDF-1.7 lost").unwrap());
        assert!(shelf.write(id, 8, b" and the rest of it").unwrap());
        assert_eq!(shelf.read(id, 5, 10).unwrap(), b"1.7 and th");
        assert_eq!(shelf.read(id, 20, 100).unwrap(), b"t of it");
        let digest = gm::sm3::digest(b"%PDF-1.7 and the rest of it");
        assert_eq!(shelf.close(id, 28, &digest).unwrap_err().kind(), ErrorKind::UnexpectedEof);
        assert_eq!(shelf.close(id, 26, &digest).unwrap(), None, "another content stays open");
        assert!(shelf.write(id, 0, b"%PDF-1.7").unwrap());
        assert_eq!(shelf.close(id, 27, &digest).unwrap().unwrap(), b"%PDF-1.7 and the");
        assert!(!shelf.write(id, 0, b"%PDF-9.9").unwrap(), "what was verified is not written any more");
        assert_eq!(shelf.read(id, 0, 8).unwrap(), b"%PDF-1.7");
        shelf.remove(id).unwrap();
        shelf.remove(id).unwrap();
        assert_eq!(shelf.read(id, 0, 1).unwrap_err().kind(), ErrorKind::NotFound);
    }
}
