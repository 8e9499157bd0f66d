//! A private PostgreSQL for one run: a fresh cluster in a temporary folder, on a free port of the loopback.
//!
//! It ends with us, however we end: a supervising shell in its own process group starts the server, waits for
//! the end of its standard input, which is a pipe that only we hold, then stops the server and removes the
//! folder. A normal end, a panic, Ctrl-C and SIGKILL all close that pipe.
//! `fsync` stays on, because tests ask whether acknowledged work survives.

use crate::failure::{Attempt, Failure};
use crate::prerequisites;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The superuser of the cluster.
const SUPERUSER: &str = "ykt";
/// Another process may take the free port before PostgreSQL binds it; a second attempt gets another one.
const ATTEMPTS: u32 = 3;
/// Arguments: the folder of PostgreSQL's programs, our folder, the port, the superuser.
const SUPERVISOR: &str = r#"
bin=$1 home=$2 port=$3 user=$4
cd "$home" || exit 1
finish() { "$bin/pg_ctl" stop -D data -m fast >>log 2>&1; cd /; rm -rf "$home"; exit 0; }
{
    "$bin/initdb" -D data -U "$user" -A trust -E UTF8 --locale=C --no-sync &&
    "$bin/pg_ctl" start -w -D data -l server.log -o \
        "-c listen_addresses=127.0.0.1 -p $port -c unix_socket_directories=$home -c max_connections=200"
} >log 2>&1 || { cat log server.log 2>/dev/null; finish; }
echo ready
while read -r _; do :; done
finish
"#;

/// A running cluster. Dropping it stops the server and removes its folder.
pub struct Cluster {
    port: u16,
    supervisor: Child,
}

impl Cluster {
    /// Makes a new cluster and waits until it answers.
    pub fn start() -> Result<Self, Failure> {
        let binaries = binaries().ok_or_else(|| Failure::task("PostgreSQL is not installed: no initdb"))?;
        let owner = Owner::choose()?;
        let mut said = String::new();
        for _ in 0..ATTEMPTS {
            match Self::attempt(&binaries, owner)? {
                Ok(cluster) => return Ok(cluster),
                Err(log) => said = log,
            }
        }
        Err(Failure::task(format!("PostgreSQL does not start; it says:\n{said}")))
    }

    /// The outer result is our own trouble, the inner one what PostgreSQL said when it did not start.
    fn attempt(binaries: &Path, owner: Option<Owner>) -> Result<Result<Self, String>, Failure> {
        let home = home(owner)?;
        let port = free_port().attempt("find a free port")?;
        let mut command = Command::new("sh");
        command.args(["-c", SUPERVISOR, "postgres-supervisor"]).arg(binaries).arg(&home);
        command.args([&port.to_string(), SUPERUSER]).current_dir("/").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(owner) = owner {
            command.gid(owner.group).uid(owner.user);
        }
        let mut supervisor = command.spawn().attempt("start a shell")?;
        let mut log = String::new();
        let output = supervisor.stdout.take().map(BufReader::new);
        for line in output.into_iter().flat_map(BufRead::lines) {
            match line.attempt("read from the shell")?.as_str() {
                "ready" => return Ok(Ok(Self { port, supervisor })),
                other => log.extend([other, "\n"]),
            }
        }
        supervisor.wait().attempt("wait for the shell")?;
        Ok(Err(log))
    }

    /// The address of its first database; the user in it may make others.
    pub fn address(&self) -> String {
        format!("postgres://{SUPERUSER}@127.0.0.1:{}/postgres", self.port)
    }

    /// What a test or a program needs to find the cluster: our own variable and those of libpq.
    pub fn environment(&self) -> [(&'static str, String); 5] {
        let port = self.port;
        [
            ("YKT_TEST_POSTGRES", self.address()),
            ("PGHOST", "127.0.0.1".to_owned()),
            ("PGPORT", port.to_string()),
            ("PGUSER", SUPERUSER.to_owned()),
            ("PGDATABASE", "postgres".to_owned()),
        ]
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        // Nothing can be done about a shell that cannot be waited for; its pipe is closed and it will end.
        let _ = self.supervisor.wait();
    }
}

/// `postgres -- CMD…`: runs the command beside a fresh cluster and ends with its exit code.
pub fn run_with(program: &str, arguments: &[&str]) -> Result<(), Failure> {
    let cluster = Cluster::start()?;
    let status = Command::new(program)
        .args(arguments)
        .envs(cluster.environment())
        .status()
        .attempt(format_args!("run {program}"))?;
    if status.success() {
        return Ok(());
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    Err(Failure::Reported(code))
}

/// The folder of `initdb` and its like: the newest of Debian's, or the one on the path.
pub fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let folder = entry.path().join("bin");
            folder.join("initdb").is_file().then_some((version, folder))
        })
        .collect();
    versions.sort();
    versions.pop().map(|(_, folder)| folder).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file())
    })
}

/// The account that owns the cluster when we are root, since PostgreSQL refuses to run as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Owner {
    user: u32,
    group: u32,
}

impl Owner {
    /// `None` means ourselves.
    fn choose() -> Result<Option<Self>, Failure> {
        if !prerequisites::is_root() {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").attempt("read /etc/passwd")?;
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Self::find(&accounts, name))
            .map(Some)
            .ok_or_else(|| Failure::task("no account `postgres` or `nobody` to run PostgreSQL as"))
    }

    fn find(accounts: &str, name: &str) -> Option<Self> {
        accounts.lines().find_map(|line| {
            let mut fields = line.split(':');
            if fields.next() != Some(name) {
                return None;
            }
            let user = fields.nth(1)?.parse().ok()?;
            let group = fields.next()?.parse().ok()?;
            Some(Self { user, group })
        })
    }
}

/// A new folder that only the owner may enter.
fn home(owner: Option<Owner>) -> Result<PathBuf, Failure> {
    let base = std::env::temp_dir();
    let home = (0_u32..)
        .map(|number| base.join(format!("ykt-postgres-{}-{number}", std::process::id())))
        .find(|home| !home.exists())
        .ok_or_else(|| Failure::task("no free name for a folder"))?;
    fs::create_dir(&home).attempt(format_args!("create {}", home.display()))?;
    fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).attempt("protect the cluster's folder")?;
    if let Some(owner) = owner {
        chown(&home, Some(owner.user), Some(owner.group)).attempt("hand over the cluster's folder")?;
    }
    Ok(home)
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts =
            "root:x:0:0:root:/root:/bin/sh\npostgres-old:x:7:7::/:\npostgres:x:101:104:a,b:/v:/bin/sh\n";
        assert_eq!(Owner::find(accounts, "postgres"), Some(Owner { user: 101, group: 104 }));
        assert_eq!(Owner::find(accounts, "nobody"), None);
    }
}
