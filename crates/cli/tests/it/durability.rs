//! The order that durability rests on, as the kernel saw it: the sync of the log comes before the answer.

use crate::process::{Home, Players, Served, on_path};
use sdk::client::Acceptance;
use sdk::types::qr::Purpose;
use std::path::Path;

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

#[test]
fn the_log_is_synced_after_the_question_and_before_the_answer() {
    if !on_path("strace") {
        return;
    }
    let home = Home::new();
    home.serve(&["--demo"]).stop();
    let trace = home.folder.path().join("trace");
    let calls = "trace=fsync,fdatasync,read,recvfrom,write,writev,sendto,sendmsg";
    let arguments = ["-f", "-y", "-s", "64", "-e", calls, "-o", trace.to_str().unwrap(), crate::process::YKT];
    let serve = ["serve", "--listen", "127.0.0.1:0", "--log", "warn", "--demo"];
    let served = Served::of(home.command_of(Path::new("strace"), &[&arguments[..], &serve[..]].concat()));
    let players = Players::connect(&home, &served);
    for _ in 0..5 {
        players.terminal.verify_code(&players.scan(players.code(), Purpose::Identity)).unwrap();
    }
    drop(served);
    let seen = read(&std::fs::read_to_string(&trace).unwrap());
    let asked: Vec<usize> = (0..seen.len()).filter(|i| seen[*i] == Seen::Asked).collect();
    assert!(asked.len() >= 5, "{seen:?}");
    for start in asked {
        let answered = seen[start..].iter().position(|call| *call == Seen::Answered).unwrap();
        let synced = seen[start..].iter().position(|call| *call == Seen::Synced).unwrap();
        assert!(synced < answered, "an answer left before its sync: {:?}", &seen[start..]);
    }
}
