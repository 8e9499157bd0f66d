//! Two server processes on one database: what may be given once is given once, whichever of them is asked.

use crate::process::{Home, PASSWORD, Players, SCENE, Served, callers, number, seconds, until};
use sdk::client::{Acceptance, Call, Channel, Error, Terminal};
use sdk::types::payment::{CreatePayment, CreateRefund, Funding, PaymentSource, PaymentState, PaymentView};
use sdk::types::qr::{Purpose, VerifyCode};
use std::collections::BTreeMap;
use std::sync::Barrier;
use std::thread;

/// The same callers as clients of each of the two servers.
struct Pair {
    channels: [Channel; 2],
    terminals: [Terminal; 2],
    players: Players,
}

impl Pair {
    fn connect(home: &Home, servers: [&Served; 2]) -> Self {
        let players = Players::connect(home, servers[0]);
        let [one, other] = servers.map(|served| callers(home, served));
        Self { channels: [one.0, other.0], terminals: [one.1, other.1], players }
    }

    /// Does something `times` on each server, all at the same moment: what each was answered.
    fn race<T: Send>(&self, times: usize, what: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
        let (gate, what) = (Barrier::new(2 * times), &what);
        thread::scope(|scope| {
            let started: Vec<_> = (0..2 * times)
                .map(|place| {
                    let gate = &gate;
                    scope.spawn(move || {
                        gate.wait();
                        what(place % 2, place)
                    })
                })
                .collect();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    fn pay(&self, fen: i64) -> CreatePayment {
        let scan = self.players.scan(self.players.code(), Purpose::Pay);
        let handle = self.terminals[0].verify_code(&scan).unwrap().payment_handle.unwrap();
        CreatePayment {
            order_no: format!("P{}", number()),
            amount_fen: fen,
            description: None,
            payee_id: self.players.payee_id.clone(),
            source: PaymentSource::Handle(handle.into()),
            funding: Funding::Prepaid,
        }
    }

    fn balance(&self, server: usize) -> i64 {
        self.channels[server].balance(&self.players.binding).unwrap().available_fen
    }
}

/// How often each was answered; what was done counts as `done`.
fn tally<T>(outcomes: Vec<Result<T, Error>>) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for outcome in outcomes {
        let name =
            outcome.map_or_else(|error| error.code().unwrap_or("no answer").to_owned(), |_| "done".into());
        *counted.entry(name).or_default() += 1;
    }
    counted
}

fn counts(expected: &[(&str, usize)]) -> BTreeMap<String, usize> {
    expected.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect()
}

/// Two terminals show the same code to two servers at the same moment: one is told who it is.
fn one_code(pair: &Pair) {
    for _ in 0..8 {
        let scan = pair.players.scan(pair.players.code(), Purpose::Identity);
        let outcomes = pair.race(2, |server, _| {
            pair.terminals[server].verify_code(&VerifyCode { request_id: number(), ..scan.clone() })
        });
        assert_eq!(tally(outcomes), counts(&[("done", 1), ("code.replayed", 3)]));
    }
}

/// The same order under the same key at both is one payment, and both are told of it.
fn one_order(pair: &Pair) {
    for _ in 0..6 {
        let (order, key, before) = (pair.pay(7), number(), pair.balance(0));
        let call = Call::post("/api/v1/payments", &order).unwrap().keyed(key);
        let outcomes = pair.race(2, |server, _| pair.terminals[server].client().send::<PaymentView>(&call));
        let views: Vec<PaymentView> = outcomes.into_iter().map(Result::unwrap).collect();
        assert!(
            views
                .iter()
                .all(|view| view.payment_id == views[0].payment_id && view.state == PaymentState::Paid)
        );
        assert_eq!(views.iter().filter(|view| !view.replayed).count(), 1, "one of them took it");
        assert_eq!([pair.balance(0), pair.balance(1)], [before - 7; 2]);
    }
}

/// Eight refunds of thirty from a hundred: three fit.
fn no_refund_too_many(pair: &Pair) {
    let paid = pair.terminals[1].create_payment(&pair.pay(100)).unwrap();
    let before = pair.balance(1);
    let outcomes = pair.race(4, |server, place| {
        let part = CreateRefund { refund_no: format!("R{place}"), amount_fen: 30, reason: "退货".into() };
        pair.terminals[server].create_refund(&paid.payment_id, &part)
    });
    assert_eq!(tally(outcomes), counts(&[("done", 3), ("refund.exceeds", 5)]));
    for terminal in &pair.terminals {
        assert_eq!(terminal.payment(&paid.payment_id).unwrap().refunded_fen, 90);
    }
    assert_eq!([pair.balance(0), pair.balance(1)], [before + 90; 2]);
}

/// Every wrong password counts, wherever it was tried: five are wrong, the sixth locks, and the right one is not looked at.
fn every_wrong_password_counts(pair: &Pair) {
    let players = &pair.players;
    let open = |server: usize, password: &str| {
        let request = players.device.open_by_password(&players.binding, password, seconds());
        pair.channels[server].open_holder_session(&request)
    };
    let outcomes = pair.race(4, |server, _| open(server, "864209"));
    assert_eq!(tally(outcomes), counts(&[("password.wrong", 5), ("password.locked", 3)]));
    for server in [0, 1] {
        assert_eq!(open(server, PASSWORD).unwrap_err().code(), Some("password.locked"));
    }
}

#[test]
fn two_processes_on_one_database_give_once_what_may_be_given_once() {
    let Some(home) = Home::on_postgres() else { return };
    let one = home.serve(SCENE);
    let other = home.serve_beside();
    let pair = Pair::connect(&home, [&one, &other]);
    let wish = pair.players.device.create_top_up(&format!("T{}", number()), 1_000).unwrap();
    pair.channels[0].create_top_up(&wish).unwrap();
    until("the bank does not answer", || pair.balance(1) >= 1_000);
    one_code(&pair);
    one_order(&pair);
    no_refund_too_many(&pair);
    every_wrong_password_counts(&pair);
    drop(pair);
    one.stop();
    other.stop();
    assert_eq!(home.violations(), Vec::<String>::new());
}
