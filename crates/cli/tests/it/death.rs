//! Sudden death, again and again: whatever was answered before a `kill -9` is there after the restart, and the books, the
//! evidence and every invariant hold, on both databases.
//!
//! Four callers claim, scan, pay and refund, and top up as fast as they are answered; the server dies at a moment that a
//! seed draws. What it answered in all its lives is asked for after each.

use crate::process::{Home, Players, SCENE, Served, number, until};
use sdk::client::{Acceptance, Config, Error, Staff};
use sdk::types::ecard::{ClaimEcard, EcardClaimed, IdKind, RealPerson, RealPersonMethod};
use sdk::types::import::CardRow;
use sdk::types::payment::{
    CreatePayment, CreateRefund, CreateTopUp, Funding, PaymentSource, PaymentState, PaymentView, RefundState,
    RefundView, TopUpView,
};
use sdk::types::qr::{CodeVerified, Purpose, VerifyCode};
use server::audit::export::{verify_file, write_line};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Lives that end by a kill.
const DEATHS: usize = 4;
/// Draws the moments; another number tries others.
const SEED: u64 = 20_261_126;
/// Answers after which a server dies: at least, and how many more at most.
const ANSWERS: (usize, u64) = (24, 60);
/// Money of the holder at the beginning, more than all payments take.
const FUNDS_FEN: i64 = 10_000;
/// People of the registry who have no e-card yet; more than are claimed.
const PEOPLE: &str = "400";

/// The next number of a row that looks like chance (splitmix64).
fn draw(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Everything that was answered, in all lives.
#[derive(Default)]
struct Answered {
    claims: Mutex<Vec<EcardClaimed>>,
    scans: Mutex<Vec<(VerifyCode, CodeVerified)>>,
    payments: Mutex<Vec<PaymentView>>,
    refunds: Mutex<Vec<RefundView>>,
    top_ups: Mutex<Vec<(CreateTopUp, TopUpView)>>,
    count: AtomicUsize,
    /// A device proves one thing after another.
    hand: Mutex<()>,
}

impl Answered {
    fn note<T>(&self, list: &Mutex<Vec<T>>, answer: T) {
        list.lock().unwrap().push(answer);
        self.count.fetch_add(1, Ordering::SeqCst);
    }
}

/// `None` when the server is gone; whatever it refuses is a fault of this test.
fn answer<T>(outcome: Result<T, Error>) -> Option<T> {
    match outcome {
        Ok(answer) => Some(answer),
        Err(error) => {
            assert!(error.problem().is_none(), "{error}");
            None
        }
    }
}

/// Claims an e-card for a person of the registry.
pub fn claim(players: &Players, person: &CardRow) -> Option<EcardClaimed> {
    answer(players.channel.claim_ecard(&ClaimEcard {
        name: person.aac003.expose().into(),
        id_kind: IdKind::ResidentId,
        id_number: person.aac002.expose().into(),
        card_number: None,
        division: None,
        real_person: RealPerson { method: RealPersonMethod::Face, token: "sim:pass".into() },
        level: 1,
        device_key: None,
    }))
}

/// Shows a code and scans it.
pub fn verify(players: &Players, hand: &Mutex<()>, purpose: Purpose) -> Option<(VerifyCode, CodeVerified)> {
    let proving = hand.lock().unwrap();
    let request = players.device.create_code().unwrap();
    let code = answer(players.channel.create_code(&players.binding, &request))?.code;
    drop(proving);
    let scan = players.scan(code, purpose);
    let verified = answer(players.terminal.verify_code(&scan))?;
    Some((scan, verified))
}

/// Scans for a payment and takes it.
pub fn pay(players: &Players, hand: &Mutex<()>) -> Option<PaymentView> {
    let (_, verified) = verify(players, hand, Purpose::Pay)?;
    let order = CreatePayment {
        order_no: format!("K{}", number()),
        amount_fen: 3,
        description: None,
        payee_id: players.payee_id.clone(),
        source: PaymentSource::Handle(verified.payment_handle.unwrap().into()),
        funding: Funding::Prepaid,
    };
    answer(players.terminal.create_payment(&order))
}

/// Gives a fen of a payment back.
pub fn refund(players: &Players, payment_id: &str) -> Option<RefundView> {
    let request = CreateRefund { refund_no: number(), amount_fen: 1, reason: "退一分".into() };
    answer(players.terminal.create_refund(payment_id, &request))
}

/// Moves money from the holder's bank.
pub fn top_up(players: &Players, hand: &Mutex<()>, amount_fen: i64) -> Option<(CreateTopUp, TopUpView)> {
    let _proving = hand.lock().unwrap();
    let wish = players.device.create_top_up(&format!("T{}", number()), amount_fen).unwrap();
    let view = answer(players.channel.create_top_up(&wish))?;
    Some((wish, view))
}

/// Each caller goes on until the server is gone; the server goes at the moment that was drawn.
fn live_and_die(
    served: &mut Served,
    players: &Players,
    people: &Mutex<Vec<CardRow>>,
    answered: &Answered,
    moment: u64,
) {
    let before = answered.count.load(Ordering::SeqCst);
    let until = before + ANSWERS.0 + usize::try_from(moment % ANSWERS.1).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            while let Some(person) = { people.lock().unwrap().pop() } {
                let Some(claimed) = claim(players, &person) else { break };
                answered.note(&answered.claims, claimed);
            }
        });
        scope.spawn(|| {
            while let Some(scanned) = verify(players, &answered.hand, Purpose::Identity) {
                answered.note(&answered.scans, scanned);
            }
        });
        scope.spawn(|| {
            while let Some(payment) = pay(players, &answered.hand) {
                let id = payment.payment_id.clone();
                answered.note(&answered.payments, payment);
                let Some(refund) = refund(players, &id) else { break };
                answered.note(&answered.refunds, refund);
            }
        });
        scope.spawn(|| {
            while let Some(topped) = top_up(players, &answered.hand, 5) {
                answered.note(&answered.top_ups, topped);
            }
        });
        let begun = Instant::now();
        while answered.count.load(Ordering::SeqCst) < until {
            assert!(begun.elapsed() < Duration::from_secs(60), "too little is answered");
            thread::yield_now();
        }
        let (reached, pause) = (Instant::now(), Duration::from_micros((moment >> 32) & 0x3fff));
        while reached.elapsed() < pause {
            thread::yield_now();
        }
        served.die();
    });
}

/// Asks for everything that was answered, in all lives so far.
fn assert_all_is_there(players: &Players, answered: &Answered) {
    let uses = players.channel.uses(&players.binding).all().unwrap();
    let uses: BTreeSet<_> = uses.iter().map(|used| used.use_id.as_str()).collect();
    for (scan, before) in &*answered.scans.lock().unwrap() {
        assert!(uses.contains(before.use_id.as_str()), "the use {} was forgotten", before.use_id);
        match players.terminal.verify_code(scan) {
            Ok(again) => assert_eq!((again.replayed, &again.use_id), (true, &before.use_id)),
            Err(error) => assert_eq!(error.code(), Some("code.expired"), "{error}"),
        }
    }
    for before in &*answered.claims.lock().unwrap() {
        let after = players.channel.ecard(&before.binding_id).unwrap();
        assert_eq!((&after.ecard_no, &after.pseudonym), (&before.ecard_no, &before.pseudonym));
    }
    let mut refunds: BTreeMap<String, i64> = BTreeMap::new();
    for before in &*answered.refunds.lock().unwrap() {
        assert_eq!(before.state, RefundState::Refunded);
        *refunds.entry(before.payment_id.clone()).or_default() += before.amount_fen;
    }
    for before in &*answered.payments.lock().unwrap() {
        let after = players.terminal.payment(&before.payment_id).unwrap();
        assert_eq!((before.state, after.state), (PaymentState::Paid, PaymentState::Paid));
        assert_eq!((&after.order_no, after.amount_fen), (&before.order_no, before.amount_fen));
        let answered = refunds.get(&before.payment_id).copied().unwrap_or_default();
        assert!(after.refunded_fen >= answered, "a refund of {} was forgotten", before.payment_id);
    }
    for (wish, before) in &*answered.top_ups.lock().unwrap() {
        let after = players.channel.create_top_up(wish).unwrap();
        assert_eq!((after.replayed, &after.top_up_id, after.amount_fen), (true, &before.top_up_id, 5));
        assert!(before.state != PaymentState::Paid || after.state == PaymentState::Paid);
    }
}

/// The books balance, and the exported trail is sound.
fn assert_books_and_trail(home: &Home, served: &Served) {
    let scene = home.scene();
    let auditor =
        scene["accounts"].as_array().unwrap().iter().find(|one| one["role"] == "audit_admin").unwrap();
    let of = |name: &str| auditor[name].as_str().unwrap();
    let config: Config = crate::process::config(served);
    let staff = Staff::sign_in(&config, of("login"), of("password")).unwrap();
    let verified = staff.verify_ledger().unwrap();
    assert!(verified.balanced && verified.differing.is_empty() && verified.posted_fen > 0, "{verified:?}");
    let lines: String = staff.export_audit().map(|line| write_line(&line.unwrap()).unwrap()).collect();
    let report = verify_file(lines.trim_end().as_bytes()).unwrap();
    assert!(report.is_sound() && report.heads > 0 && report.evidence.records > 0, "{:?}", report.faults());
}

/// People whose cards are in the registry and who have no e-card.
pub fn people(home: &Home, served: &Served) -> Vec<CardRow> {
    let made =
        home.run(&["card", "generate", "--division", "330100", "--count", PEOPLE, "--out", "people.csv"]);
    assert!(made.status.success(), "{}", crate::process::text(&made.stderr));
    let mut reader = csv::Reader::from_path(home.folder.path().join("people.csv")).unwrap();
    let rows: Vec<CardRow> = reader.deserialize().map(Result::unwrap).collect();
    crate::card::import_rows(home, served, &rows);
    let lasts = |row: &CardRow| row.expires_on.is_empty() || row.expires_on.as_str() > "2030";
    let known = |row: &CardRow| matches!(row.id_kind.as_str(), "" | "resident_id");
    rows.into_iter().filter(|row| row.aaz502 == "1" && lasts(row) && known(row)).collect()
}

fn nothing_answered_is_lost(home: &Home) {
    let mut served = home.serve(SCENE);
    let people = Mutex::new(people(home, &served));
    let mut players = Players::connect(home, &served);
    top_up(&players, &Mutex::default(), FUNDS_FEN).unwrap();
    until("the bank does not answer", || {
        players.channel.balance(&players.binding).unwrap().available_fen >= FUNDS_FEN
    });
    let (answered, mut state) = (Answered::default(), SEED);
    for _ in 0..DEATHS {
        live_and_die(&mut served, &players, &people, &answered, draw(&mut state));
        assert_eq!(home.violations(), Vec::<String>::new(), "after a death");
        served = home.serve(SCENE);
        players.reconnect(home, &served);
        assert_all_is_there(&players, &answered);
        assert_books_and_trail(home, &served);
    }
    served.stop();
    assert_eq!(home.violations(), Vec::<String>::new(), "after an orderly end");
    let counts = [
        answered.claims.lock().unwrap().len(),
        answered.scans.lock().unwrap().len(),
        answered.payments.lock().unwrap().len(),
        answered.refunds.lock().unwrap().len(),
        answered.top_ups.lock().unwrap().len(),
    ];
    assert!(counts.iter().all(|count| *count >= DEATHS), "{counts:?}");
}

#[test]
fn nothing_answered_is_lost_by_one_death_after_another_on_sqlite() {
    nothing_answered_is_lost(&Home::new());
}

#[test]
fn nothing_answered_is_lost_by_one_death_after_another_on_postgresql() {
    if let Some(home) = Home::on_postgres() {
        nothing_answered_is_lost(&home);
    }
}
