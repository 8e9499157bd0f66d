//! A `ykt` process on a folder of its own, and what the demonstration left in it.

use gm::sm2::SigningKey;
use sdk::client::{Acceptance, Channel, Config, Device, KeyPair, Terminal, platform_keys};
use sdk::types::ecard::{ClaimEcard, IdKind, RealPerson, RealPersonMethod};
use sdk::types::qr::{Purpose, VerifyCode};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use store::db::Scratch;
use tempfile::TempDir;

/// The program under test.
pub const YKT: &str = env!("CARGO_BIN_EXE_ykt");

/// Flags of a server with the demonstration's scene, which is there in seconds, and without its country.
pub const SCENE: &[&str] = &["--demo", "--scene-only"];

/// A folder, and perhaps a database beside it.
pub struct Home {
    pub folder: TempDir,
    scratch: Option<Scratch>,
}

impl Home {
    /// On SQLite.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), scratch: None }
    }

    /// On PostgreSQL, when `YKT_TEST_POSTGRES` names a server.
    pub fn on_postgres() -> Option<Self> {
        let server = needed("YKT_TEST_POSTGRES")?;
        Some(Self { scratch: Some(Scratch::create(&server).unwrap()), ..Self::new() })
    }

    /// Where its data is.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A command that knows this folder and nothing of the environment's configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        self.command_of(Path::new(YKT), arguments)
    }

    /// [`Home::command`] with another program in front, such as a tracer.
    pub fn command_of(&self, program: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("YKT_")) {
            command.env_remove(name);
        }
        command.env("XDG_CONFIG_HOME", self.folder.path().join("config")).env("YKT_DATA", self.data());
        if let Some(scratch) = &self.scratch {
            command.env("YKT_POSTGRES", scratch.url());
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts a server on a free port and waits until it is ready.
    pub fn serve(&self, flags: &[&str]) -> Served {
        let arguments = [&["serve", "--listen", "127.0.0.1:0", "--log", "warn"], flags].concat();
        Served::of(self.command(&arguments))
    }

    /// Starts a second server on the same database: a folder of its own with a copy of the keys, as the guide has it.
    pub fn serve_beside(&self) -> Served {
        let folder = self.folder.path().join("beside");
        for world in ["production", "sandbox"] {
            let (from, to) = (self.data().join("keys").join(world), folder.join("keys").join(world));
            std::fs::create_dir_all(&to).unwrap();
            for entry in std::fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
        }
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--log", "warn"]);
        command.env("YKT_DATA", folder);
        Served::of(command)
    }

    /// Whether its tables are in a server.
    pub fn is_on_postgres(&self) -> bool {
        self.scratch.is_some()
    }

    /// How a world's database is opened, as the program does it.
    pub fn database(&self, world: &'static str) -> store::Config {
        let clock = Arc::new(server::clock::micros);
        match &self.scratch {
            Some(scratch) => {
                store::Config { schema: Some(world), ..store::Config::new(scratch.url(), clock) }
            }
            None => {
                let path = self.data().join(format!("{world}.sqlite"));
                store::Config::new(format!("sqlite:{}", path.display()), clock)
            }
        }
    }

    /// What is wrong in the databases of both worlds, which nobody serves now.
    pub fn violations(&self) -> Vec<String> {
        let found = ["production", "sandbox"].map(|world| {
            let db = store::Db::open(&self.database(world)).unwrap();
            db.read_blocking(store::invariant::violations).unwrap()
        });
        found.concat()
    }

    /// The scene of the demonstration.
    pub fn scene(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.data().join("demo.json")).unwrap()).unwrap()
    }
}

/// A running server; killed when dropped.
pub struct Served {
    child: Child,
    pub origin: String,
    /// What it printed until it was ready.
    pub said: String,
}

impl Served {
    /// Starts the command and waits until it says that it is ready.
    pub fn of(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let origin = loop {
            let line =
                lines.next().unwrap_or_else(|| panic!("it ended before it was ready:\n{said}")).unwrap();
            said.push_str(&line);
            said.push('\n');
            if let Some(origin) = line.strip_prefix("ready at ") {
                break origin.to_owned();
            }
        };
        Self { child, origin, said }
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Dies at once, and is gone when this returns.
    pub fn die(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    pub fn wait(mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }

    /// Ends it in order.
    pub fn stop(self) {
        self.signal("TERM");
        assert!(self.wait().success());
    }

    /// The sandbox world's address.
    pub fn sandbox(&self) -> String {
        format!("{}/sandbox", self.origin)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The holder's password.
pub const PASSWORD: &str = "295617";

/// The scene's channel, terminal and holder, connected to a running server.
pub struct Players {
    pub channel: Channel,
    pub terminal: Terminal,
    pub payee_id: String,
    pub device: Device,
    pub binding: String,
}

impl Players {
    /// Connects and claims the e-card of the first test person.
    pub fn connect(home: &Home, served: &Served) -> Self {
        let scene = home.scene();
        let (channel, terminal) = callers(home, served);
        let mut device = channel.client().new_device().unwrap();
        let claim = ClaimEcard {
            name: "王小明".into(),
            id_kind: IdKind::ResidentId,
            id_number: "330106199001010018".into(),
            card_number: None,
            division: None,
            real_person: RealPerson { method: RealPersonMethod::Face, token: "sim:pass".into() },
            level: 2,
            device_key: None,
        };
        let claimed = channel.claim_on(&mut device, claim, PASSWORD, seconds()).unwrap();
        let payee_id = scene["payee_id"].as_str().unwrap().to_owned();
        Self { channel, terminal, payee_id, device, binding: claimed.binding_id }
    }

    /// Goes on with another server of the same folder; the device keeps its session.
    pub fn reconnect(&mut self, home: &Home, served: &Served) {
        (self.channel, self.terminal) = callers(home, served);
    }

    /// A new code.
    pub fn code(&self) -> String {
        let request = self.device.create_code().unwrap();
        self.channel.create_code(&self.binding, &request).unwrap().code
    }

    /// What the terminal asks about a code.
    pub fn scan(&self, code: String, purpose: Purpose) -> VerifyCode {
        let payee_id = (purpose == Purpose::Pay).then(|| self.payee_id.clone());
        VerifyCode { code, purpose, service: None, division: None, payee_id, request_id: number() }
    }
}

/// The scene's channel and terminal.
pub fn callers(home: &Home, served: &Served) -> (Channel, Terminal) {
    let (scene, config) = (home.scene(), config(served));
    let channel = Channel::new(&config, pair(&scene["channel"])).unwrap();
    (channel, Terminal::new(&config, pair(&scene["terminal"])).unwrap())
}

/// Waits for what another process does in its own time, a minute at most.
pub fn until(what: &str, mut is_done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_done() {
        // tidy: allow sleep — another process works in its own time
        thread::sleep(Duration::from_millis(20));
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
    }
}

/// Now, in seconds.
pub fn seconds() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}

/// A client's configuration that makes one attempt, so that every acknowledgement is one of this run.
pub fn config(served: &Served) -> Config {
    let keys = platform_keys(&served.sandbox()).unwrap();
    Config { attempts: 1, ..Config::new(served.sandbox(), keys) }
}

/// A kept key pair.
pub fn pair(kept: &Value) -> KeyPair {
    let bytes = data_encoding::HEXLOWER.decode(kept["secret_key"].as_str().unwrap().as_bytes()).unwrap();
    let key = SigningKey::from_bytes(&bytes.try_into().unwrap()).unwrap();
    KeyPair { key_id: kept["key_id"].as_str().unwrap().to_owned(), key }
}

/// A number that no other call has.
pub fn number() -> String {
    data_encoding::HEXLOWER.encode(&gm::random::bytes::<12>())
}

/// Whether a program is installed. Where it is not, the test is left out and says so, except under `cargo xtask test`, which leaves
/// nothing out: there it fails.
pub fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if !found {
        leave_out(&format!("{program} is not installed"));
    }
    found
}

/// What the environment names for the tests; where it does not, as [`on_path`].
pub fn needed(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok();
    if value.is_none() {
        leave_out(&format!("{variable} is not set"));
    }
    value
}

#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
fn leave_out(reason: &str) {
    assert!(std::env::var_os("YKT_TEST_COMPLETE").is_none(), "{reason}: this test cannot run");
    eprintln!("left out: {reason}; `cargo xtask test` leaves nothing out");
}

/// Runs one test of this program in an environment of its own: whether it passed, and what it said.
fn alone(test: &str, environment: &[(&str, &str)]) -> (bool, String) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads", "1"]);
    command.env("PATH", "").env_remove("YKT_TEST_PYTHON").env_remove("YKT_TEST_POSTGRES");
    command.env_remove("YKT_TEST_COMPLETE").envs(environment.iter().copied());
    let output = command.output().unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(said.contains("running 1 test"), "{said}");
    (output.status.success(), said)
}

#[test]
fn a_test_whose_tool_is_missing_is_left_out_aloud_or_fails_where_nothing_may_be_left_out() {
    for (test, tool) in [
        ("durability::what_was_written_is_on_the_disk_before_the_answer_on_sqlite", "strace"),
        ("browser::without_demonstration_data_the_page_says_so_and_offers_nothing", "chromium"),
        ("example::a_client_written_from_the_guide_works_and_believes_no_changed_answer", "YKT_TEST_PYTHON"),
        ("death::nothing_answered_is_lost_by_one_death_after_another_on_postgresql", "YKT_TEST_POSTGRES"),
    ] {
        let (passed, said) = alone(test, &[]);
        assert!(passed && said.contains(&format!("left out: {tool} is not")), "{said}");
        let (passed, said) = alone(test, &[("YKT_TEST_COMPLETE", "1")]);
        assert!(!passed && said.contains("this test cannot run"), "{said}");
    }
}

/// What a process said, as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
