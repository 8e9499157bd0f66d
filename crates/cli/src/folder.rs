//! The data folder: one lock, two databases, two key folders.
//!
//! Invariant: who has a [`Folder`] holds its lock, so two programs never open the same databases. On PostgreSQL the
//! folder still holds the keys and the lock.

use crate::config::{Configuration, MailRelay, Peer};
use crate::failure::{Attempt, Exit, Failure};
use domain::staff::Enrolment;
use domain::time::BusinessDate;
use server::attachment::{Bucket, Place};
use server::bank::{self, Bank};
use server::ecard::real_person::{self, RealPerson};
use server::notification::relay::{Configured, Relay};
use server::{Clock, World, WorldName, world::WorldConfig};
use std::fs::{File, TryLockError};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long the real-person check may take.
const REAL_PERSON_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the bank may take to answer one question.
const BANK_TIMEOUT: Duration = Duration::from_secs(10);

/// A locked data folder.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    postgres: Option<String>,
    real_person: Option<Peer>,
    bank: Option<Peer>,
    bucket: Option<Peer>,
    bucket_region: String,
    mail: Option<MailRelay>,
    portal: Option<String>,
    staff_factor: Enrolment,
    rate_limit: Option<NonZeroU32>,
    address_rate_limit: Option<NonZeroU32>,
    trusted_proxies: Vec<IpAddr>,
    grey_days: Vec<BusinessDate>,
    grouped: bool,
    _lock: Option<File>,
}

impl Folder {
    /// Locks the folder, making it if it is not there.
    ///
    /// # Errors
    /// Conflict: another process holds it.
    pub fn lock(configuration: &Configuration) -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt;
        let root = configuration.data.clone();
        let make = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&root);
        make.attempt(format_args!("make {}", root.display()))?;
        let path = root.join("lock");
        let lock = File::options().create(true).truncate(false).write(true).open(&path);
        let lock = lock.attempt(format_args!("open {}", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: Some(lock), ..Self::peek(configuration) }),
            Err(TryLockError::WouldBlock) => Err(Failure::new(
                Exit::Conflict,
                format!("{} is in use by another ykt process", root.display()),
            )
            .hint("stop it first, or use the verbs that speak to the running server")),
            Err(TryLockError::Error(error)) => {
                Err(Failure::failed(format!("cannot lock {}: {error}", path.display())))
            }
        }
    }

    /// The folder without its lock: for reading beside a running server what may be read so.
    pub fn peek(configuration: &Configuration) -> Self {
        Self {
            root: configuration.data.clone(),
            postgres: configuration.postgres.clone(),
            real_person: configuration.real_person.clone(),
            bank: configuration.bank.clone(),
            bucket: configuration.bucket.clone(),
            bucket_region: configuration.bucket_region.clone(),
            mail: configuration.mail.clone(),
            portal: configuration.origin.clone(),
            staff_factor: configuration.staff_factor,
            rate_limit: configuration.rate_limit,
            address_rate_limit: configuration.address_rate_limit,
            trusted_proxies: configuration.trusted_proxies.clone(),
            grey_days: configuration.grey_days.clone(),
            grouped: true,
            _lock: None,
        }
    }

    /// Whether a platform ever started on it: then it has keys, on either database.
    pub fn is_empty(&self) -> bool {
        !self.root.join("keys").is_dir()
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Days on which the portals have no colours.
    pub fn grey_days(&self) -> &[BusinessDate] {
        &self.grey_days
    }

    /// Where a world keeps its device.
    pub fn keys(&self, name: WorldName) -> PathBuf {
        self.root.join("keys").join(name.as_str())
    }

    /// How a world's database is opened.
    pub fn database(&self, name: WorldName) -> store::Config {
        let clock: store::db::Clock = Arc::new(server::clock::micros);
        let config = match &self.postgres {
            Some(url) => store::Config { schema: Some(name.as_str()), ..store::Config::new(url, clock) },
            None => {
                let path = self.root.join(format!("{}.sqlite", name.as_str()));
                store::Config::new(format!("sqlite:{}", path.display()), clock)
            }
        };
        store::Config { grouped: self.grouped, ..config }
    }

    /// How a world is opened.
    ///
    /// # Errors
    /// Usage: a key file cannot be read.
    pub fn world(&self, name: WorldName, origin: &str) -> Result<WorldConfig, Failure> {
        Ok(WorldConfig {
            name,
            database: self.database(name),
            keys: self.keys(name),
            attachments: match self.bucket(name)? {
                Some(bucket) => Place::Bucket(Arc::new(bucket)),
                None => Place::Folder(self.root.join(name.as_str()).join("attachments")),
            },
            origin: origin.to_owned(),
            real_person: self.real_person(name)?,
            enrolment: match name {
                WorldName::Production => self.staff_factor,
                WorldName::Sandbox => Enrolment::Voluntary,
            },
        })
    }

    /// Opens a world.
    ///
    /// # Errors
    /// Its database or its keys cannot be used.
    pub fn open(&self, name: WorldName, origin: &str) -> Result<World, Failure> {
        let world = World::open(&self.world(name, origin)?, Clock::new()).map_err(|error| {
            let failure = Failure::from(error);
            Failure { message: format!("the {} world: {}", name.as_str(), failure.message), ..failure }
        })?;
        if let Some(per_minute) = self.rate_limit {
            world.limit_rate(per_minute);
        }
        world.limit_addresses(self.address_rate_limit, self.trusted_proxies.clone());
        Ok(world)
    }

    /// The bucket in which a world keeps the files of matters, if one is configured.
    ///
    /// # Errors
    /// Usage: its address is none, its key file cannot be read or holds no key.
    pub fn bucket(&self, name: WorldName) -> Result<Option<Bucket>, Failure> {
        let Some(peer) = &self.bucket else { return Ok(None) };
        let key = peer.key()?;
        let wrong = |why| Failure::usage(format!("`bucket` or `bucket_key`: {why}"));
        let text = std::str::from_utf8(key.expose()).map_err(|_| wrong("the key must be text"))?;
        Bucket::new(&peer.url, &self.bucket_region, text, name.as_str()).map(Some).map_err(wrong)
    }

    /// The relay for e-mail, if one is configured. Letters link to the portals when the address is configured by which callers,
    /// and so browsers, reach them.
    ///
    /// # Errors
    /// Usage: an address is none, or a file cannot be read or does not hold what it should.
    pub fn relay(&self) -> Result<Option<Relay>, Failure> {
        let Some(mail) = &self.mail else { return Ok(None) };
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
        };
        let wrong = |why: String| Failure::usage(format!("`mail_relay` or what belongs to it: {why}"));
        let key = mail.key_file.as_ref().map(read).transpose()?.map(gm::Secret::new);
        let key = key.as_ref().map(|key| std::str::from_utf8(key.expose())).transpose();
        let key = key.map_err(|_| wrong("the key must be text".to_owned()))?;
        let authority = mail.authority_file.as_ref().map(read).transpose()?;
        let configured = Configured {
            address: &mail.url,
            from: &mail.from,
            key,
            authorities: authority.as_deref(),
            portal: self.portal.as_deref(),
        };
        Relay::new(&configured).map(Some).map_err(wrong)
    }

    /// The bank of the production world, if one is configured.
    ///
    /// # Errors
    /// Usage: its key file cannot be read.
    pub fn bank(&self) -> Result<Option<Arc<dyn Bank>>, Failure> {
        let Some(peer) = &self.bank else { return Ok(None) };
        Ok(Some(Arc::new(bank::Remote::new(&peer.url, peer.key()?.expose(), BANK_TIMEOUT))))
    }

    /// The sandbox has the simulator and says so; production has a real check or none.
    fn real_person(&self, name: WorldName) -> Result<Arc<dyn RealPerson>, Failure> {
        if name == WorldName::Sandbox {
            return Ok(Arc::new(real_person::Simulator));
        }
        let Some(peer) = &self.real_person else { return Ok(Arc::new(real_person::Unconfigured)) };
        Ok(Arc::new(real_person::Http::new(&peer.url, peer.key()?.expose(), REAL_PERSON_TIMEOUT)))
    }
}

/// A data folder that goes away with its value, on SQLite.
#[derive(Debug)]
pub struct Scratch {
    /// The folder; dropped before its files go.
    pub folder: Folder,
    root: tempfile::TempDir,
}

impl Scratch {
    /// Makes one in the system's place for temporary files.
    ///
    /// # Errors
    /// There is no such place.
    pub fn make() -> Result<Self, Failure> {
        Self::make_with(None, true)
    }

    /// Makes one whose databases are on this PostgreSQL address, or whose writes do not share commits (only to
    /// measure what that gains).
    ///
    /// # Errors
    /// There is no such place.
    pub fn make_with(postgres: Option<String>, grouped: bool) -> Result<Self, Failure> {
        let root = tempfile::Builder::new().prefix("ykt-").tempdir().attempt("make a temporary folder")?;
        let configuration = Configuration {
            data: root.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            origin: None,
            postgres,
            real_person: None,
            bank: None,
            bucket: None,
            bucket_region: String::new(),
            mail: None,
            staff_factor: Enrolment::Voluntary,
            rate_limit: None,
            address_rate_limit: None,
            trusted_proxies: Vec::new(),
            metrics_listen: None,
            grey_days: Vec::new(),
            log: "warn".into(),
            demo: true,
        };
        let folder = Folder { grouped, ..Folder::lock(&configuration)? };
        Ok(Self { folder, root })
    }

    /// Gives up the lock, so that another process may serve the folder.
    pub fn unlock(self) -> tempfile::TempDir {
        self.root
    }
}

/// Both worlds, in the order in which they are shown.
pub const WORLDS: [WorldName; 2] = [WorldName::Production, WorldName::Sandbox];
