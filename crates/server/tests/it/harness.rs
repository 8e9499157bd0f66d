//! A platform for one test: both worlds on fresh databases, the real router on a free port, a client for everyone.
//!
//! ```text
//! on_both! {
//!     fn a_sentence_about_behaviour(platform) {
//!         let clerk = platform.staff(Role::RegionClerk, "330100");   // sdk::client::Staff, signed in
//!         let channel = platform.channel();                          // .id, .client(), .signed()
//!         platform.clock().advance(86_400);                          // business time
//!         let reply = platform.request("GET", "/api/v1/keys", &[], b"");   // bare HTTP: .status .header() .json()
//!     }
//! }
//! ```
//! After the sentence the worlds are asked for broken invariants ([`store::invariant`]). Accounts, organisations,
//! channels and terminals are put straight into the store here; their way in through HTTP is tested by their nouns.

use crate::tool::needed;
use domain::division::DivisionCode;
use domain::id::{ChannelId, KeyId, MeasureId, OpeningId, OrgId, StaffId, StaffSessionId, TerminalId};
use domain::identity::Uscc;
use domain::org::{OrgKind, Role};
use domain::service::CATALOGUE;
use domain::staff::Enrolment;
use gm::sm2::SigningKey;
use sdk::client::{self, KeyPair};
use sdk::types::Private;
use sdk::types::key::{KeyUsage, PlatformKey, PlatformKeys};
use server::app::{Worlds, router};
use server::listen::{self, Bounds};
use server::world::WorldConfig;
use server::{Clock, Error, World, WorldName, attachment::Place};
use std::cell::Cell;
use std::future::pending;
use std::sync::Arc;
use store::channel::ChannelRow;
use store::db::{Engine, Scratch};
use store::key::KeyRow;
use store::org::{OrgRow, StaffRow};
use store::service::OpeningRow;
use store::staff::SessionRow;
use store::terminal::TerminalRow;
use tempfile::TempDir;

/// Names of a behaviour that runs on both databases.
macro_rules! on_both {
    ($($(#[$meta:meta])* fn $name:ident($platform:ident) $body:block)+) => { $(
        $(#[$meta])*
        pub mod $name {
            #[allow(unused_imports, reason = "a behaviour uses what its file uses")]
            use super::*;

            pub fn behaviour($platform: &$crate::harness::Platform) $body

            #[test]
            fn on_sqlite() {
                $crate::harness::Platform::run(store::db::Engine::Sqlite, behaviour);
            }

            #[test]
            fn on_postgres() {
                $crate::harness::Platform::run(store::db::Engine::Postgres, behaviour);
            }
        }
    )+ };
}

/// The division most things stand in: 杭州.
pub const HANGZHOU: &str = "330100";

/// A running platform.
pub struct Platform {
    pub worlds: Worlds,
    configs: [WorldConfig; 2],
    origin: String,
    next: Cell<u32>,
    // Dropped in this order: the server stops, the databases close, the scratch schemas and the folder go.
    runtime: tokio::runtime::Runtime,
    scratch: Vec<Scratch>,
    _folder: TempDir,
}

impl Platform {
    /// Runs a behaviour on a new platform, on PostgreSQL where there is one, and asks whether the worlds are sound.
    pub fn run(engine: Engine, behaviour: impl FnOnce(&Self)) {
        let server = if engine == Engine::Postgres { needed("YKT_TEST_POSTGRES") } else { None };
        if engine == Engine::Postgres && server.is_none() {
            return;
        }
        let platform = Self::open(engine, server.as_deref(), None);
        behaviour(&platform);
        platform.assert_sound();
    }

    /// [`run`](Self::run) on SQLite with the files of matters in another place.
    pub fn run_beside(place: impl Fn(WorldName) -> Place, behaviour: impl FnOnce(&Self)) {
        let platform = Self::open(Engine::Sqlite, None, Some(&place));
        behaviour(&platform);
        platform.assert_sound();
    }

    fn open(engine: Engine, server: Option<&str>, place: Option<&dyn Fn(WorldName) -> Place>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let mut scratch = Vec::new();
        let mut config = |name: WorldName| {
            let home = folder.path().join(name.as_str());
            std::fs::create_dir_all(&home).unwrap();
            let url = match engine {
                Engine::Sqlite => format!("sqlite:{}", home.join("ykt.sqlite").display()),
                Engine::Postgres => {
                    scratch.push(Scratch::lent(server.unwrap()).unwrap());
                    scratch.last().unwrap().url().to_owned()
                }
            };
            let database = store::Config::new(url, Arc::new(server::clock::micros));
            WorldConfig {
                name,
                database: store::Config { readers: 2, ..database },
                keys: home.join("keys"),
                attachments: place
                    .map_or_else(|| Place::Folder(home.join("attachments")), |place| place(name)),
                origin: origin.clone(),
                real_person: Arc::new(server::ecard::real_person::Simulator),
                enrolment: Enrolment::Voluntary,
            }
        };
        let configs = [config(WorldName::Production), config(WorldName::Sandbox)];
        let [production, sandbox] =
            configs.each_ref().map(|config| World::open(config, Clock::new()).unwrap());
        let worlds = Worlds::new(production, sandbox);
        runtime.spawn(listen::serve(listener, router(&worlds), Bounds::default(), pending()));
        Self { worlds, configs, origin, next: Cell::new(1), runtime, scratch, _folder: folder }
    }

    /// Another server on the same databases and keys, as a second process would be; only the clock is shared in memory.
    pub fn twin(&self) -> client::Config {
        self.serve_beside(Enrolment::Voluntary).0
    }

    /// [`Platform::twin`] with its production world, whose memory is its own.
    pub fn twin_and_world(&self) -> (client::Config, World) {
        self.serve_beside(Enrolment::Voluntary)
    }

    fn serve_beside(&self, enrolment: Enrolment) -> (client::Config, World) {
        let listener = self.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let [production, sandbox] = self.configs.each_ref().map(|config| {
            let config = WorldConfig { origin: origin.clone(), enrolment, ..config.clone() };
            World::open(&config, self.clock().clone()).unwrap()
        });
        let worlds = Worlds::new(production, sandbox);
        self.runtime.spawn(listen::serve(listener, router(&worlds), Bounds::default(), pending()));
        (client::Config { base_url: origin, ..self.config(self.world()) }, worlds.production)
    }

    /// Another server on the same databases whose production world makes a second factor compulsory; nothing on SQLite,
    /// where one process serves.
    pub fn strict(&self) -> Option<client::Config> {
        (!self.scratch.is_empty()).then(|| self.serve_beside(Enrolment::Compulsory).0)
    }

    /// The production world as a second process opens it, without a server before it.
    pub fn twin_world(&self) -> World {
        World::open(&self.configs[0], self.clock().clone()).unwrap()
    }

    /// The sandbox as a second process opens it, with a clock of its own and without a server before it.
    pub fn sandbox_reopened(&self) -> World {
        World::open(&self.configs[1], Clock::new()).unwrap()
    }

    /// The production world, where behaviour is tested unless it is about the sandbox.
    pub fn world(&self) -> &World {
        &self.worlds.production
    }

    /// The sandbox world.
    pub fn sandbox(&self) -> &World {
        &self.worlds.sandbox
    }

    /// The production world's clock; `advance` moves business time, never real time.
    pub fn clock(&self) -> &Clock {
        self.world().clock()
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Waits for a future: a service called directly, a job run once.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Writes straight into the production world's database.
    pub fn write<T, F>(&self, body: F) -> T
    where
        F: Fn(&mut store::WriteTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.write_in(self.world(), body)
    }

    pub fn write_in<T, F>(&self, world: &World, body: F) -> T
    where
        F: Fn(&mut store::WriteTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        let written = world.db().write_blocking(move |tx| {
            tx.unaudited("a test sets the scene");
            body(tx)
        });
        written.unwrap()
    }

    /// Reads straight from the production world's database.
    pub fn read<T, F>(&self, body: F) -> T
    where
        F: FnOnce(&mut store::ReadTx<'_>) -> Result<T, Error> + Send + 'static,
        T: Send + 'static,
    {
        self.world().db().read_blocking(body).unwrap()
    }

    /// A small number that no other call has given.
    pub fn unique(&self) -> u32 {
        self.next.replace(self.next.get() + 1)
    }

    /// A client's configuration with the world's keys pinned.
    pub fn config(&self, world: &World) -> client::Config {
        let keys = world.keys().ring();
        let data = keys.rows().iter().filter_map(|row| {
            let usage = match row.usage.as_str() {
                "sign" => KeyUsage::Sign,
                "encrypt" => KeyUsage::Encrypt,
                _ => return None,
            };
            Some(PlatformKey {
                key_id: KeyId::from_bytes(row.id).to_string(),
                usage,
                algorithm: String::new(),
                public_key: hex(row.public_key.as_deref()?),
                fingerprint: String::new(),
                valid_from: String::new(),
                valid_until: None,
            })
        });
        let base_url = format!("{}{}", self.origin, world.name().prefix());
        client::Config { attempts: 1, ..client::Config::new(base_url, PlatformKeys { data: data.collect() }) }
    }

    /// An organisation of this kind in this division, made at the first call.
    pub fn org(&self, kind: OrgKind, division: &str) -> OrgId {
        self.org_in(self.world(), kind, division)
    }

    pub fn org_in(&self, world: &World, kind: OrgKind, division: &str) -> OrgId {
        let name = format!("{kind} {division}");
        let all =
            world.db().read_blocking(|tx| store::org::list(tx, DivisionCode::NATIONAL, &[], 10_000)).unwrap();
        if let Some(org) = all.iter().find(|org| org.name == name) {
            return OrgId::from_bytes(org.id);
        }
        self.insert_org(world, kind, division, name)
    }

    /// Another organisation of this kind in this division.
    pub fn new_org(&self, kind: OrgKind, division: &str) -> OrgId {
        let name = format!("{kind} {division} {}", self.unique());
        self.insert_org(self.world(), kind, division, name)
    }

    fn insert_org(&self, world: &World, kind: OrgKind, division: &str, name: String) -> OrgId {
        let id = world.id(OrgId::make);
        let row = OrgRow {
            id: *id.as_bytes(),
            kind: kind.to_string(),
            name,
            division: division.to_owned(),
            uscc: (kind == OrgKind::ChannelOwner).then(|| code_of(self.unique())),
            created_at: world.now().as_micros(),
            version: 1,
        };
        self.write_in(world, move |tx| Ok(store::org::insert(tx, &row)?));
        id
    }

    /// A member of staff of this role, signed in; the organisation is the fitting one of the division.
    pub fn staff(&self, role: Role, division: &str) -> client::Staff {
        self.staff_in(self.world(), role, division)
    }

    /// [`Platform::staff`] in either world.
    pub fn staff_in(&self, world: &World, role: Role, division: &str) -> client::Staff {
        let org = self.org_in(world, kind_of(role, division), division);
        client::Staff::with_token(&self.config(world), self.token(world, role, org)).unwrap()
    }

    /// A member of staff of this organisation, signed in.
    pub fn staff_of(&self, role: Role, org: OrgId) -> client::Staff {
        let token = self.token(self.world(), role, org);
        client::Staff::with_token(&self.config(self.world()), token).unwrap()
    }

    /// The operator's system administrator.
    pub fn operator(&self) -> client::Staff {
        self.staff(Role::OperatorAdmin, "000000")
    }

    /// A new account's bearer token.
    pub fn token(&self, world: &World, role: Role, org: OrgId) -> Private {
        let id = world.id(StaffId::make);
        let now = world.real_now();
        let row = StaffRow {
            id: *id.as_bytes(),
            org_id: *org.as_bytes(),
            login: format!("{role}-{}", self.unique()),
            role: role.to_string(),
            password_hash: "nobody signs in with this".into(),
            must_change: 0,
            state: "active".into(),
            failed_attempts: 0,
            locked_until: None,
            created_at: now.as_micros(),
            version: 1,
        };
        let token = format!("st_{}", hex(&gm::random::bytes::<32>()));
        let hash = gm::sm3::digest(token.as_bytes());
        let session = world.id(StaffSessionId::make);
        self.write_in(world, move |tx| {
            store::org::insert_staff(tx, &row)?;
            let session = SessionRow {
                token_hash: hash,
                id: *session.as_bytes(),
                staff_id: row.id,
                carrier: "bearer".into(),
                created_at: now.as_micros(),
                seen_at: now.as_micros(),
                expires_at: now.plus_seconds(3600).as_micros(),
                confirmed_at: None,
                previous: None,
            };
            Ok(store::staff::insert_session(tx, &session)?)
        });
        Private::new(token)
    }

    /// A live nationwide app with every service of the catalogue in its scope, in the production world.
    pub fn channel(&self) -> CallerHandle {
        self.channel_in(self.world(), &["000000"])
    }

    /// A live app for these regions.
    pub fn channel_in(&self, world: &World, regions: &[&str]) -> CallerHandle {
        let mut services: Vec<_> = CATALOGUE.iter().map(|service| service.code).collect();
        services.sort_unstable();
        self.channel_of(world, regions, &services)
    }

    /// A live app for these regions and services, both in order.
    pub fn channel_of(&self, world: &World, regions: &[&str], services: &[&str]) -> CallerHandle {
        let id = world.id(ChannelId::make);
        let row = ChannelRow {
            id: *id.as_bytes(),
            number: format!("{:010}", self.unique()),
            name: "浙里办".into(),
            owner_id: *self.org_in(world, OrgKind::ChannelOwner, HANGZHOU).as_bytes(),
            class: "government".into(),
            level: 1,
            parent_id: None,
            form: "app".into(),
            form_name: None,
            relation: None,
            access_mode: "sdk".into(),
            regions: regions.join(","),
            services: services.join(","),
            platform_level: 0,
            phase: "live".into(),
            live_at: Some(world.now().as_micros()),
            measures: Vec::new(),
            created_at: world.now().as_micros(),
            version: 1,
        };
        self.write_in(world, move |tx| Ok(store::channel::insert(tx, &row)?));
        self.caller(world, id.to_string(), *id.as_bytes())
    }

    /// Withholds everything from a channel (`suspended`), restores it (`live`) or ends it (`terminated`).
    pub fn put(&self, channel: &CallerHandle, state: &str) {
        let (id, measure, now) = (channel.owner, self.world().id(MeasureId::make), self.world().now());
        let state = state.to_owned();
        self.write(move |tx| {
            match state.as_str() {
                "suspended" => {
                    store::measure::insert(tx, &server::channel::service::stop(measure, &id, now)?)?;
                }
                "live" => assert_eq!(store::measure::lift_unowned(tx, &id, now.as_micros())?, 1),
                phase => {
                    let mut row = store::channel::find(tx, &id)?.unwrap();
                    row.phase = phase.into();
                    store::channel::update(tx, &row)?;
                    store::key::revoke_owned(tx, &id, now.as_micros())?;
                }
            }
            Ok(())
        });
    }

    /// An active terminal of the department of this division.
    pub fn terminal(&self, division: &str) -> CallerHandle {
        self.terminal_of(self.org(OrgKind::Department, division), division)
    }

    /// An active terminal of this organisation.
    pub fn terminal_of(&self, org: OrgId, division: &str) -> CallerHandle {
        let id = self.world().id(TerminalId::make);
        let row = TerminalRow {
            id: *id.as_bytes(),
            serial: format!("SN-{}", self.unique()),
            psam: None,
            org_id: *org.as_bytes(),
            division: division.to_owned(),
            state: "active".into(),
            created_at: self.world().now().as_micros(),
            version: 1,
        };
        self.write(move |tx| Ok(store::terminal::insert_each(tx, std::slice::from_ref(&row))?));
        self.caller(self.world(), id.to_string(), *id.as_bytes())
    }

    pub fn caller(&self, world: &World, id: String, owner: [u8; 16]) -> CallerHandle {
        let key_id = world.id(KeyId::make);
        let key = SigningKey::generate();
        let row = KeyRow {
            id: *key_id.as_bytes(),
            usage: "caller".into(),
            version: 1,
            owner: Some(owner),
            state: "active".into(),
            wrapped: None,
            public_key: Some(key.verifying_key().to_sec1().to_vec()),
            created_at: world.now().as_micros(),
            retired_at: None,
            label: None,
        };
        self.write_in(world, move |tx| Ok(store::key::insert(tx, &row)?));
        CallerHandle { id, owner, key_id: key_id.to_string(), key, config: self.config(world) }
    }

    /// Opens a service to a channel or terminal in a division (the department's authorization, ND-3.5d).
    pub fn open_service(&self, target: &CallerHandle, service: &str, division: &str) {
        let row = OpeningRow {
            id: *self.world().id(OpeningId::make).as_bytes(),
            target_id: target.owner,
            service: service.to_owned(),
            division: division.to_owned(),
            opened_by: [0; 16],
            opened_at: self.world().now().as_micros(),
            closed_at: None,
            version: 1,
            rectification_id: None,
            suspended_at: None,
        };
        self.write(move |tx| Ok(store::service::open_each(tx, std::slice::from_ref(&row))?));
    }

    /// A bare request: what no well-behaved client sends, or headers that it does not show.
    pub fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let config = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build();
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.origin));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = config.new_agent().run(request.body(body).unwrap()).unwrap();
        let body = answer.body_mut().read_to_vec().unwrap();
        Reply { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
    }

    /// A bare request of a member of staff.
    pub fn request_as(&self, token: &Private, method: &str, path: &str, body: &serde_json::Value) -> Reply {
        let authorization = format!("Bearer {}", token.expose());
        let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
        let bytes = if body.is_null() { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        self.request(method, path, &headers, &bytes)
    }

    fn assert_sound(&self) {
        for world in [&self.worlds.production, &self.worlds.sandbox] {
            let found = world.db().read_blocking(store::invariant::violations).unwrap();
            assert!(found.is_empty(), "{} is not sound: {found:#?}", world.name().as_str());
        }
    }
}

/// A channel or terminal with its key.
pub struct CallerHandle {
    /// `chn_…` or `trm_…`
    pub id: String,
    /// Its bytes.
    pub owner: [u8; 16],
    /// `key_…`
    pub key_id: String,
    /// The secret key.
    pub key: SigningKey,
    config: client::Config,
}

impl CallerHandle {
    /// The key as the SDK takes it.
    pub fn pair(&self) -> KeyPair {
        let key = SigningKey::from_bytes(self.key.to_bytes().expose()).unwrap();
        KeyPair { key_id: self.key_id.clone(), key }
    }

    /// The same caller at another server.
    pub fn at(&self, config: &client::Config) -> Self {
        let KeyPair { key_id, key } = self.pair();
        Self { id: self.id.clone(), owner: self.owner, key_id, key, config: config.clone() }
    }

    /// A channel's client that opens a session.
    pub fn client(&self) -> client::Channel {
        client::Channel::new(&self.config, self.pair()).unwrap()
    }

    /// A channel's client that signs every request.
    pub fn signed(&self) -> client::Channel {
        client::Channel::signed(&self.config, self.pair()).unwrap()
    }

    /// A terminal's client that opens a session.
    pub fn terminal(&self) -> client::Terminal {
        client::Terminal::new(&self.config, self.pair()).unwrap()
    }

    /// Its channel id.
    pub fn channel_id(&self) -> ChannelId {
        self.id.parse().unwrap()
    }
}

/// An answer as it came.
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: http::HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header's text, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The problem's code.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The code of a refusal, and its status.
pub fn refusal<T>(outcome: Result<T, client::Error>) -> (u16, String) {
    match outcome {
        Ok(_) => (200, String::new()),
        Err(error) => {
            let problem = error.problem().unwrap_or_else(|| panic!("{error}"));
            (problem.status, problem.code.clone())
        }
    }
}

/// A credit code of nobody.
fn code_of(number: u32) -> String {
    Uscc::numbered("91330100", number).unwrap().as_str().to_owned()
}

fn kind_of(role: Role, division: &str) -> OrgKind {
    let division: DivisionCode = division.parse().unwrap();
    let fits = |kind: &&OrgKind| kind.admit(role).is_ok() && kind.stand_at(division).is_ok();
    let found = OrgKind::ALL.iter().find(fits);
    *found.unwrap_or_else(|| panic!("no organisation of {role} stands at {division}"))
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
