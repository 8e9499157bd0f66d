//! A code presented by many at the same instant is answered to exactly one of them, on one server and on two.

use super::scene::{counter, identity, scanner};
use crate::harness::{CallerHandle, Platform, refusal};
use sdk::client::{Acceptance, Terminal};
use std::sync::Barrier;
use store::db::Engine;

const THREADS: usize = 32;
const ROUNDS: usize = 3;

/// Presents the code through the terminals from [`THREADS`] threads at once; how often it was answered.
fn present(terminals: &[Terminal], code: &str) -> usize {
    let start = Barrier::new(THREADS);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|n| {
                let (start, terminal) = (&start, &terminals[n % terminals.len()]);
                scope.spawn(move || {
                    let request = identity(code, &format!("scan-{n}"));
                    start.wait();
                    refusal(terminal.verify_code(&request))
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let lost = outcomes.iter().filter(|outcome| **outcome == (409, "code.replayed".into())).count();
    let won = outcomes.iter().filter(|outcome| outcome.0 == 200).count();
    assert_eq!(won + lost, THREADS, "{outcomes:?}");
    won
}

/// The same request from every thread is one request: each gets the same answer, one of them first.
fn repeat(terminal: &Terminal, code: &str) {
    let start = Barrier::new(THREADS);
    let answers: Vec<_> = std::thread::scope(|scope| {
        let one = || {
            start.wait();
            terminal.verify_code(&identity(code, "scan")).unwrap()
        };
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
    assert!(answers.iter().all(|answer| answer.use_id == answers[0].use_id));
}

fn race(platform: &Platform, terminals_of: impl Fn(&CallerHandle) -> Vec<Terminal>) {
    let counter = counter(platform);
    let handles: Vec<_> = (0..4).map(|_| scanner(platform)).collect();
    let terminals: Vec<Terminal> = handles.iter().flat_map(&terminals_of).collect();
    for terminal in &terminals {
        terminal.verify_code(&identity(&counter.code(), "warm")).unwrap();
    }
    for _ in 0..ROUNDS {
        assert_eq!(present(&terminals, &counter.code()), 1);
    }
    repeat(&terminals[0], &counter.code());
    let uses = counter.client.uses(&counter.holder.binding_id).count();
    assert_eq!(uses, terminals.len() + ROUNDS + 1, "one use for each code");
}

on_both! {
    fn many_terminals_at_once_get_one_answer(platform) {
        race(platform, |handle| vec![handle.terminal()]);
    }
}

#[test]
fn terminals_at_two_servers_of_one_database_get_one_answer() {
    Platform::run(Engine::Postgres, |platform| {
        let twin = platform.twin();
        race(platform, |handle| vec![handle.terminal(), handle.at(&twin).terminal()]);
    });
}
