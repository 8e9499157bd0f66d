//! Sudden death: what was acknowledged before `kill -9` is there after the restart, on both databases.

use crate::process::{Home, Players, number};
use sdk::client::{Acceptance, Terminal};
use sdk::types::payment::{CreatePayment, Funding, PaymentSource};
use sdk::types::qr::{Purpose, VerifyCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// Requests that are prepared; the server is killed when a third of each kind is acknowledged.
const PREPARED: usize = 90;

struct Load {
    scans: Vec<VerifyCode>,
    payments: Vec<CreatePayment>,
}

/// Fills the holder's prepaid account. The bank is asked by a job, which takes its turn after those of the demonstration.
fn top_up(players: &Players, amount_fen: i64) {
    let wish = players.device.create_top_up(&format!("T{}", number()), amount_fen).unwrap();
    players.channel.create_top_up(&wish).unwrap();
    while players.channel.balance(&players.binding).unwrap().available_fen < amount_fen {
        // tidy: allow sleep — another process asks the bank, in its own time
        thread::sleep(Duration::from_millis(20));
    }
}

fn prepare(players: &Players) -> Load {
    let scans = (0..PREPARED).map(|_| players.scan(players.code(), Purpose::Identity)).collect();
    let payments = (0..PREPARED)
        .map(|_| {
            let verified = players.terminal.verify_code(&players.scan(players.code(), Purpose::Pay)).unwrap();
            CreatePayment {
                order_no: format!("K{}", number()),
                amount_fen: 1,
                description: None,
                payee_id: players.payee_id.clone(),
                source: PaymentSource::Handle(verified.payment_handle.unwrap().into()),
                funding: Funding::Prepaid,
            }
        })
        .collect();
    Load { scans, payments }
}

/// Sends every item on four threads until the server no longer answers; returns what was acknowledged.
fn send<T: Sync, A: Send>(
    items: &[T],
    acknowledged: &AtomicUsize,
    one: impl Fn(&T) -> Option<A> + Sync,
) -> Vec<(usize, A)> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::SeqCst);
                    let Some(answer) = items.get(index).and_then(&one) else { break };
                    answers.lock().unwrap().push((index, answer));
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
    });
    answers.into_inner().unwrap()
}

fn nothing_acknowledged_is_lost(home: &Home) {
    let served = home.serve(&["--demo"]);
    let players = Players::connect(home, &served);
    top_up(&players, 10_000);
    let load = prepare(&players);
    let (scanned, paid) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (scans, payments) = thread::scope(|scope| {
        let scans =
            scope.spawn(|| send(&load.scans, &scanned, |scan| players.terminal.verify_code(scan).ok()));
        let payments = scope
            .spawn(|| send(&load.payments, &paid, |payment| players.terminal.create_payment(payment).ok()));
        while (scanned.load(Ordering::SeqCst) < PREPARED / 3 || paid.load(Ordering::SeqCst) < PREPARED / 3)
            && !(scans.is_finished() && payments.is_finished())
        {
            thread::yield_now();
        }
        served.signal("KILL");
        (scans.join().unwrap(), payments.join().unwrap())
    });
    drop(served);
    assert!(
        scans.len() >= PREPARED / 3 && payments.len() >= PREPARED / 3,
        "{} {}",
        scans.len(),
        payments.len()
    );

    let served = home.serve(&["--demo"]);
    let scene = home.scene();
    let terminal =
        Terminal::new(&crate::process::config(&served), crate::process::pair(&scene["terminal"])).unwrap();
    for (index, before) in &scans {
        let after = terminal.verify_code(&load.scans[*index]).unwrap();
        assert!(after.replayed, "an acknowledged verification was forgotten");
        assert_eq!(after.use_id, before.use_id);
    }
    for (_, before) in &payments {
        let after = terminal.payment(&before.payment_id).unwrap();
        assert_eq!((after.state, after.amount_fen), (before.state, before.amount_fen));
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed_on_sqlite() {
    nothing_acknowledged_is_lost(&Home::new());
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed_on_postgresql() {
    if let Some(home) = Home::on_postgres() {
        nothing_acknowledged_is_lost(&home);
    }
}
