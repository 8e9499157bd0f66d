//! The order that durability rests on, as the kernel saw it: the sync of the log comes before the answer.

use crate::process::{Home, Players, Served, on_path};
use sdk::client::Acceptance;
use sdk::types::qr::Purpose;
use std::path::Path;
use std::time::{Duration, Instant};

/// System calls of interest, in order of their end.
#[derive(Debug, PartialEq, Eq)]
enum Seen {
    Asked,
    Synced,
    Answered,
}

/// Reads a trace; an interrupted call counts where it is resumed, which is when it ended.
fn read(trace: &str) -> Vec<Seen> {
    let mut pending = std::collections::HashMap::new();
    let mut seen = Vec::new();
    for line in trace.lines() {
        let Some((process, call)) = line.split_once(' ') else { continue };
        let call = call.trim_start();
        let whole = if let Some(begun) = call.strip_suffix("<unfinished ...>") {
            pending.insert(process.to_owned(), begun.to_owned());
            // An answer counts from its beginning: nothing may be on its way before the sync has ended.
            if begun.contains("HTTP/1.1 200") {
                seen.push(Seen::Answered);
            }
            continue;
        } else if call.starts_with("<... ") {
            let Some(begun) = pending.remove(process) else { continue };
            if begun.contains("HTTP/1.1 200") {
                continue;
            }
            begun + call
        } else {
            call.to_owned()
        };
        if whole.contains("POST /sandbox/api/v1/verifications") {
            seen.push(Seen::Asked);
        } else if whole.contains("sync(") && whole.contains("sandbox.sqlite-wal") {
            seen.push(Seen::Synced);
        } else if whole.contains("HTTP/1.1 200") {
            seen.push(Seen::Answered);
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
    let mut asked = (0..seen.len()).filter(|at| seen[*at] == Seen::Asked);
    asked
        .all(|at| first(at, &Seen::Synced) < first(at, &Seen::Answered) && first(at, &Seen::Synced).is_some())
}

#[test]
fn an_answer_on_its_way_before_the_end_of_the_sync_is_seen() {
    let asked = "1 recvfrom(9<TCP:[1]>, \"POST /sandbox/api/v1/verifications HTTP/1.1\", 8192) = 700\n";
    let begun = "2 fdatasync(5</d/sandbox.sqlite-wal> <unfinished ...>\n";
    let ended = "2 <... fdatasync resumed>) = 0\n";
    let answered = "1 sendto(9<TCP:[1]>, \"HTTP/1.1 200 OK\", 600) = 600\n";
    assert!(is_durable(&read(&[asked, begun, ended, answered].concat())));
    assert!(!is_durable(&read(&[asked, begun, answered, ended].concat())));
    assert!(!is_durable(&read(&[begun, ended, asked, answered].concat())));
}

#[test]
fn the_log_is_synced_after_the_question_and_before_the_answer() {
    if !on_path("strace") {
        return;
    }
    let home = Home::new();
    home.serve(&["--demo"]).stop();
    let trace = home.folder.path().join("trace");
    let calls = "trace=fsync,fdatasync,read,recvfrom,write,writev,sendto,sendmsg";
    let arguments =
        ["-D", "-f", "-y", "-s", "64", "-e", calls, "-o", trace.to_str().unwrap(), crate::process::YKT];
    let serve = ["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--demo"];
    let served = Served::of(home.command_of(Path::new("strace"), &[&arguments[..], &serve[..]].concat()));
    let players = Players::connect(&home, &served);
    for _ in 0..5 {
        players.terminal.verify_code(&players.scan(players.code(), Purpose::Identity)).unwrap();
    }
    served.stop();
    let seen = read(&finished(&trace));
    let asked = seen.iter().filter(|call| **call == Seen::Asked).count();
    assert!(asked >= 5 && is_durable(&seen), "{seen:?}");
}
