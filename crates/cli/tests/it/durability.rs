//! The order that durability rests on, as the kernel saw it: the sync of the log comes before the answer.

use crate::death::{claim, pay, people, refund, top_up, verify};
use crate::process::{Home, Players, SCENE, Served, on_path};
use sdk::types::qr::Purpose;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How often each thing is asked.
const TIMES: usize = 4;

/// System calls of interest, in order of their end.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    /// On this connection.
    Asked(String),
    Synced,
    /// On this connection.
    Answered(String),
}

/// Where it is seen that what was written is on the disk.
#[derive(Clone, Copy)]
enum Synced {
    /// The kernel has synced the log of SQLite.
    Log,
    /// PostgreSQL has said that a transaction is committed; the server starts only where that is said after the sync.
    Commit,
}

impl Synced {
    fn is_in(self, call: &str) -> bool {
        match self {
            Self::Log => call.contains("sync(") && call.contains("sandbox.sqlite-wal"),
            Self::Commit => call.contains("COMMIT\\0") && call.contains("recv"),
        }
    }
}

/// Whether a call brings a request that writes.
fn asks(call: &str) -> bool {
    let Some((_, rest)) = call.split_once("POST /sandbox/api/v1/") else { return false };
    let path = rest.split(' ').next().unwrap_or_default();
    let path = path.rsplit('/').next().unwrap_or_default();
    ["ecards", "verifications", "payments", "refunds", "top-ups"].contains(&path)
}

/// The connection that a call is about: `9<TCP:[…]>`.
fn connection(call: &str) -> String {
    let about = call.split_once('(').map_or("", |(_, about)| about);
    about.split(['>', ',']).next().unwrap_or_default().to_owned()
}

/// Reads a trace; an interrupted call counts where it is resumed, which is when it ended.
fn read(trace: &str, synced: Synced) -> Vec<Seen> {
    let answers = |call: &str| call.contains("\"HTTP/1.1 20") && !call.contains("recv");
    let mut pending = HashMap::new();
    let mut seen = Vec::new();
    for line in trace.lines() {
        let Some((process, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        let whole = if let Some(begun) = call.strip_suffix("<unfinished ...>") {
            pending.insert(process.to_owned(), begun.to_owned());
            // An answer counts from its beginning: nothing may be on its way before the sync has ended.
            if answers(begun) {
                seen.push(Seen::Answered(connection(begun)));
            }
            continue;
        } else if call.starts_with("<... ") {
            let Some(begun) = pending.remove(process) else { continue };
            if answers(&begun) {
                continue;
            }
            begun + call
        } else {
            call.to_owned()
        };
        if asks(&whole) {
            seen.push(Seen::Asked(connection(&whole)));
        } else if synced.is_in(&whole) {
            seen.push(Seen::Synced);
        } else if answers(&whole) {
            seen.push(Seen::Answered(connection(&whole)));
        }
    }
    seen
}

/// The trace, once the tracer has written the end of the program.
fn finished(trace: &Path) -> String {
    let begun = Instant::now();
    loop {
        let text = std::fs::read_to_string(trace).unwrap();
        if text.trim_end().ends_with("+++ exited with 0 +++") {
            return text;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "the tracer has not ended");
        std::thread::yield_now();
    }
}

/// Whether every question was followed by a sync before its answer.
fn is_durable(seen: &[Seen]) -> bool {
    let first = |from: usize, what: &Seen| seen[from..].iter().position(|call| call == what);
    seen.iter().enumerate().all(|(at, call)| {
        let Seen::Asked(connection) = call else { return true };
        match (first(at, &Seen::Synced), first(at, &Seen::Answered(connection.clone()))) {
            (Some(synced), Some(answered)) => synced < answered,
            _ => false,
        }
    })
}

#[test]
fn an_answer_on_its_way_before_the_end_of_the_sync_is_seen() {
    let asked = "1 recvfrom(9<TCP:[1]>, \"POST /sandbox/api/v1/verifications HTTP/1.1\", 8192) = 700\n";
    let answered = "1 sendto(9<TCP:[1]>, \"HTTP/1.1 200 OK\", 600) = 600\n";
    let log = ["2 fdatasync(5</d/sandbox.sqlite-wal> <unfinished ...>\n", "2 <... fdatasync resumed>) = 0\n"];
    let commit = [
        "2 recvfrom(7<TCP:[2]>, <unfinished ...>\n",
        "2 <... recvfrom resumed>\"C\\0\\0\\0\\vCOMMIT\\0Z\") = 18\n",
    ];
    for ([begun, ended], synced) in [(log, Synced::Log), (commit, Synced::Commit)] {
        let is_durable = |lines: [&str; 4]| is_durable(&read(&lines.concat(), synced));
        assert!(is_durable([asked, begun, ended, answered]));
        assert!(!is_durable([asked, begun, answered, ended]));
        assert!(!is_durable([begun, ended, asked, answered]));
    }
}

/// Everything that writes in the main job, with a tracer beside the server.
fn what_was_written_is_on_the_disk_before_the_answer(home: &Home, synced: Synced) {
    if !on_path("strace") {
        return;
    }
    let served = home.serve(SCENE);
    let mut people = people(home, &served);
    served.stop();
    let trace = home.folder.path().join("trace");
    let calls = "trace=fsync,fdatasync,read,recvfrom,recvmsg,write,writev,sendto,sendmsg";
    let arguments =
        ["-D", "-f", "-y", "-s", "65536", "-e", calls, "-o", trace.to_str().unwrap(), crate::process::YKT];
    let serve = [&["serve", "--listen", "127.0.0.1:0", "--log", "warn"], SCENE].concat();
    let served = Served::of(home.command_of(Path::new("strace"), &[&arguments[..], &serve[..]].concat()));
    let players = Players::connect(home, &served);
    let hand = Mutex::default();
    top_up(&players, &hand, 1_000).unwrap();
    crate::process::until("the bank does not answer", || {
        players.channel.balance(&players.binding).unwrap().available_fen >= 1_000
    });
    for _ in 0..TIMES {
        claim(&players, &people.pop().unwrap()).unwrap();
        verify(&players, &hand, Purpose::Identity).unwrap();
        let paid = pay(&players, &hand).unwrap();
        refund(&players, &paid.payment_id).unwrap();
        top_up(&players, &hand, 1).unwrap();
    }
    served.stop();
    let seen = read(&finished(&trace), synced);
    let asked = seen.iter().filter(|call| matches!(call, Seen::Asked(_))).count();
    // A payment is scanned for before it is taken, and the holder has claimed and topped up.
    assert!(asked >= 6 * TIMES + 2 && is_durable(&seen), "{seen:?}");
}

#[test]
fn what_was_written_is_on_the_disk_before_the_answer_on_sqlite() {
    what_was_written_is_on_the_disk_before_the_answer(&Home::new(), Synced::Log);
}

#[test]
fn what_was_written_is_on_the_disk_before_the_answer_on_postgresql() {
    if let Some(home) = Home::on_postgres() {
        what_was_written_is_on_the_disk_before_the_answer(&home, Synced::Commit);
    }
}
