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

/// Keeps bytes by id. Every call blocks; none returns before what it wrote stays.
pub trait Shelf: fmt::Debug + Send + Sync {
    /// Writes bytes at an offset, where those before them end. Written twice, the later ones stand. `false`, and nothing is written, once the file was
    /// closed.
    ///
    /// # Errors
    /// The device's.
    fn write(&self, id: AttachmentId, offset: u64, bytes: &[u8]) -> io::Result<bool>;

    /// At most `most` bytes of a closed file from an offset; fewer at the end only.
    ///
    /// # Errors
    /// The device's; there is no such file.
    fn read(&self, id: AttachmentId, offset: u64, most: usize) -> io::Result<Vec<u8>>;

    /// Closes a file whose first `size` bytes have this SM3 digest, so that nothing writes to it any more: its very first
    /// bytes. `None` for another content, which is sent again from its beginning. Closed again it is what it was.
    ///
    /// # Errors
    /// The device's; there are fewer bytes.
    fn close(&self, id: AttachmentId, size: u64, digest: &[u8; 32]) -> io::Result<Option<Vec<u8>>>;

    /// Forgets what was needed only until a closed file was known to be closed.
    ///
    /// # Errors
    /// The device's; nothing is lost by it.
    fn settle(&self, id: AttachmentId) -> io::Result<()>;

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

    fn settle(&self, _: AttachmentId) -> io::Result<()> {
        Ok(())
    }

    fn remove(&self, id: AttachmentId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
