//! The server as a program runs it: periodic work, an orderly end, backup while serving.

use domain::staff::Enrolment;
use server::app::Worlds;
use server::serve::{self, Server};
use server::world::WorldConfig;
use server::{Clock, World, WorldName, backup};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::db::Engine;

/// Worlds in a folder, or in the schemas of a database of their own, as the program lays them out.
struct Home {
    folder: tempfile::TempDir,
    database: Option<Database>,
}

/// A fresh database of a server; gone when it is dropped.
struct Database {
    server: String,
    name: String,
}

impl Database {
    fn create(server: String) -> Self {
        let name = format!("home_{:032x}", u128::from_be_bytes(gm::random::bytes()));
        psql(&server, &format!("create database {name}"));
        Self { server, name }
    }

    fn url(&self) -> String {
        let (address, _) = self.server.rsplit_once('/').unwrap();
        format!("{address}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        psql(&self.server, &format!("drop database {} with (force)", self.name));
    }
}

fn psql(server: &str, command: &str) {
    let status = std::process::Command::new("psql").args([server, "-qc", command]).status().unwrap();
    assert!(status.success(), "{command}");
}

impl Home {
    /// Nothing on PostgreSQL when there is no server.
    fn make(engine: Engine) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Database::create(crate::tool::needed("YKT_TEST_POSTGRES")?)),
        };
        Some(Self { folder, database })
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn configs(&self) -> Vec<WorldConfig> {
        [WorldName::Production, WorldName::Sandbox].map(|name| self.config(name)).into()
    }

    fn config(&self, name: WorldName) -> WorldConfig {
        let clock: store::db::Clock = Arc::new(server::clock::micros);
        let database = match &self.database {
            Some(database) => {
                store::Config { schema: Some(name.as_str()), ..store::Config::new(database.url(), clock) }
            }
            None => {
                let path = self.path().join(format!("{}.sqlite", name.as_str()));
                store::Config::new(format!("sqlite:{}", path.display()), clock)
            }
        };
        let database = store::Config { readers: 2, ..database };
        let keys = self.path().join("keys").join(name.as_str());
        let real_person = Arc::new(server::ecard::real_person::Simulator);
        WorldConfig {
            name,
            database,
            keys,
            attachments: server::attachment::Place::Folder(
                self.path().join("attachments").join(name.as_str()),
            ),
            origin: "http://127.0.0.1".into(),
            real_person,
            enrolment: Enrolment::Voluntary,
        }
    }

    fn worlds(&self) -> Worlds {
        let open = |name| World::open(&self.config(name), Clock::new()).unwrap();
        Worlds::new(open(WorldName::Production), open(WorldName::Sandbox))
    }
}

fn on_both(behaviour: impl Fn(Engine)) {
    [Engine::Sqlite, Engine::Postgres].into_iter().for_each(behaviour);
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn start(home: &Home, runtime: &tokio::runtime::Runtime) -> Server {
    let worlds = home.worlds();
    runtime.block_on(async {
        let listener = serve::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        Server::start(listener, worlds).unwrap()
    })
}

fn record(world: &World) {
    world
        .db()
        .write_blocking(|tx| {
            let at = domain::time::Timestamp::EPOCH;
            tx.audit(&domain::audit::Record::done(at, domain::audit::Actor::System, "test.done"));
            Ok::<_, server::Error>(())
        })
        .unwrap();
}

/// Records, and how many of them the newest head covers.
fn sealed(world: &World) -> (u64, u64) {
    world
        .db()
        .read_blocking(|tx| {
            let head = store::audit::find_head(tx)?;
            let at = domain::time::Timestamp::EPOCH;
            let covered =
                head.map_or(0, |head| domain::audit::TreeHead::decode(at, &head.logs).unwrap().records());
            let edges = store::audit::list_edges(tx)?;
            let sizes = edges.iter().map(|e| domain::audit::Frontier::decode(&e.frontier).unwrap().size());
            Ok::<_, server::Error>((sizes.sum(), covered))
        })
        .unwrap()
}

/// Waits until something holds.
fn eventually(otherwise: &str, holds: impl Fn() -> bool) {
    let since = Instant::now();
    while !holds() {
        assert!(since.elapsed() < Duration::from_secs(30), "{otherwise}");
        std::thread::yield_now();
    }
}

#[test]
fn the_portals_have_no_colours_on_a_day_of_mourning_and_have_them_on_every_other() {
    let home = Home::make(Engine::Sqlite).unwrap();
    let runtime = runtime();
    let agent = ureq::Agent::config_builder().http_status_as_error(false).proxy(None).build().new_agent();
    // Two days each: the first may end while this runs.
    let looks = |days_from_now: [i32; 2]| {
        let worlds = home.worlds();
        let today = worlds.production.now().business_date();
        let worlds = Worlds { grey_days: days_from_now.map(|days| today.plus_days(days)).into(), ..worlds };
        let server = runtime.block_on(async {
            let listener = serve::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
            Server::start(listener, worlds).unwrap()
        });
        let shown =
            ["/portal/", "/portal/matters", "/sandbox/portal/", "/sandbox/portal/matters"].map(|path| {
                let page = agent.get(format!("http://{}{path}", server.addr())).call().unwrap();
                let page = page.into_body().read_to_string().unwrap();
                let look = page
                    .split_once("data-look=\"")
                    .expect("pages that were built before: build them again")
                    .1;
                look.split_once('"').unwrap().0.to_owned()
            });
        runtime.block_on(server.stop()).unwrap();
        shown
    };
    assert_eq!(looks([0, 1]), ["grey"; 4]);
    assert_eq!(looks([2, 3]), [""; 4]);
}

#[test]
fn a_server_seals_what_is_recorded_without_being_asked() {
    on_both(|engine| {
        let Some(home) = Home::make(engine) else { return };
        let runtime = runtime();
        let server = start(&home, &runtime);
        let world = server.worlds().production.clone();
        record(&world);
        eventually("nothing was sealed", || {
            let (records, covered) = sealed(&world);
            records == covered
        });
        // It is told when the work is over, which is a moment after its effect.
        eventually("whoever runs the platform does not see it", || {
            let duties = world.duties().list();
            let (_, sealing) = duties.iter().find(|(name, _)| *name == "audit").unwrap();
            sealing.last.is_some() && sealing.failures.is_empty()
        });
        runtime.block_on(server.stop()).unwrap();
    });
}

#[test]
fn a_server_that_stops_refuses_callers_and_leaves_nothing_unsealed() {
    on_both(|engine| {
        let Some(home) = Home::make(engine) else { return };
        let runtime = runtime();
        let server = start(&home, &runtime);
        let (addr, world) = (server.addr(), server.worlds().production.clone());
        let url = format!("http://{addr}/livez");
        assert_eq!(ureq::get(&url).call().unwrap().status(), 204);
        record(&world);
        runtime.block_on(server.run_until(async {})).unwrap();
        assert!(std::net::TcpStream::connect(addr).is_err(), "nobody listens any more");
        let (records, covered) = sealed(&world);
        assert_eq!(records, covered);
        assert!(covered > 0);
    });
}

#[test]
fn a_backup_made_while_serving_is_restored_elsewhere() {
    on_both(|engine| {
        let (Some(home), Some(elsewhere)) = (Home::make(engine), Home::make(engine)) else { return };
        let runtime = runtime();
        let server = start(&home, &runtime);
        let world = server.worlds().production.clone();
        record(&world);
        let sealed_name = world.keys().ring().seal(b"row", "张三".as_bytes());
        let (to, unseal) = (home.path().join("backup"), home.path().join("unseal"));
        let manifest = backup::backup(&home.configs(), &to, Some(&unseal)).unwrap();
        assert_eq!(manifest.files.len(), 4);
        record(&world);
        let restored = backup::restore(&to, &unseal, &elsewhere.configs()).unwrap();
        assert_eq!(restored, manifest);
        let copy = elsewhere.worlds().production;
        let opened = copy.keys().ring().open(sealed_name.0, b"row", &sealed_name.1).unwrap();
        assert_eq!(opened, "张三".as_bytes(), "data and keys belong together");
        let (before, after) = (sealed(&copy).0, sealed(&world).0);
        assert!(before > 0 && before < after, "of the moment it was made: {before} and {after}");
        runtime.block_on(server::audit::service::seal(&copy)).unwrap();
        assert!(copy.db().read_blocking(store::invariant::violations).unwrap().is_empty());
        runtime.block_on(server.stop()).unwrap();
    });
}

#[test]
fn a_backup_that_was_changed_is_not_restored() {
    let (home, elsewhere) = (Home::make(Engine::Sqlite).unwrap(), Home::make(Engine::Sqlite).unwrap());
    home.worlds();
    let (to, unseal) = (home.path().join("backup"), home.path().join("unseal"));
    backup::backup(&home.configs(), &to, Some(&unseal)).unwrap();
    assert!(backup::backup(&home.configs(), &to, None).is_err(), "a backup is not overwritten");
    let file = to.join("production/data.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    let outcome = backup::restore(&to, &unseal, &elsewhere.configs());
    assert!(outcome.unwrap_err().source_for_log().unwrap().contains("data.sqlite"));
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    std::fs::remove_file(unseal.join("production").join(server::key::UNSEAL_FILE)).unwrap();
    assert!(backup::restore(&to, &unseal, &elsewhere.configs()).is_err(), "data without its keys is loss");
}

#[test]
fn a_restore_overwrites_nothing() {
    on_both(|engine| {
        let (Some(home), Some(elsewhere)) = (Home::make(engine), Home::make(engine)) else { return };
        home.worlds();
        let (to, unseal) = (home.path().join("backup"), home.path().join("unseal"));
        backup::backup(&home.configs(), &to, Some(&unseal)).unwrap();
        let kept = elsewhere.worlds();
        record(&kept.production);
        let before = sealed(&kept.production);
        assert!(backup::restore(&to, &unseal, &elsewhere.configs()).is_err());
        std::fs::remove_dir_all(elsewhere.path().join("keys")).unwrap();
        assert!(backup::restore(&to, &unseal, &elsewhere.configs()).is_err(), "the data are there still");
        assert_eq!(sealed(&kept.production), before);
    });
}
