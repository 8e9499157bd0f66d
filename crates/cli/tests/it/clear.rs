//! Personal data lies nowhere in clear: after a main job the databases of both worlds, the log, the webhooks that were
//! delivered and an export of the audit trail are searched for the holder's name, number and phone.
//!
//! What is searched is shown to be searched: the same words are planted in each place, and found.

use crate::process::{Home, PASSWORD, Players, Served, callers, config, number, seconds, text, until};
use sdk::client::{Acceptance, Staff};
use sdk::types::ecard::{ClaimEcard, IdKind, RealPerson, RealPersonMethod};
use sdk::types::import::CardRow;
use sdk::types::payment::{CreatePayment, CreateRefund, Funding, PaymentSource};
use sdk::types::qr::{Purpose, VerifyCode};
use sdk::types::webhook::CreateWebhook;
use server::audit::export::write_line;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;
use store::Sql;

/// A name and a phone that nobody else in any world has.
const NAME: &str = "欧阳惊鸿雪";
const PHONE: &str = "13987600321";

/// A place that was searched, with what lies there.
type Places = BTreeMap<String, Vec<u8>>;

/// Every way in which a word may lie somewhere: in UTF-8 and GB 18030, as it is and as hexadecimal of either case, and
/// escaped as JSON may escape it.
fn spellings(word: &str) -> Vec<Vec<u8>> {
    let (gb, _, _) = encoding_rs::GB18030.encode(word);
    let raw = [word.as_bytes().to_vec(), gb.into_owned()];
    let lower = raw.iter().map(|bytes| data_encoding::HEXLOWER.encode(bytes).into_bytes());
    let upper = raw.iter().map(|bytes| data_encoding::HEXUPPER.encode(bytes).into_bytes());
    let escaped: String = word.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    raw.iter().cloned().chain(lower).chain(upper).chain([escaped.into_bytes()]).collect()
}

/// Where any of these words lies.
fn found(words: &[&str], places: &Places) -> Vec<String> {
    let holds = |bytes: &[u8], needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let mut told = Vec::new();
    for word in words {
        let needles = spellings(word);
        for (place, bytes) in places {
            if needles.iter().any(|needle| holds(bytes, needle)) {
                told.push(format!("{word} in {place}"));
            }
        }
    }
    told
}

/// Every file below a folder.
fn files(folder: &Path, places: &mut Places) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, places);
        } else {
            // What a server at work has taken away meanwhile is nowhere.
            let Ok(bytes) = std::fs::read(&path) else { continue };
            places.insert(path.display().to_string(), bytes);
        }
    }
}

/// A statement of this test, which looks beneath the store on purpose, in PostgreSQL's words: SQLite is searched as files.
fn server_sql(text: String) -> Sql {
    Sql { postgres: Box::leak(text.into_boxed_str()), sqlite: "" }
}

/// Every row of every table of a world on PostgreSQL, as text; byte strings are hexadecimal there.
fn tables(home: &Home, world: &'static str, places: &mut Places) {
    let db = store::Db::open(&home.database(world)).unwrap();
    let names = server_sql(
        "select cast(tablename as text) from pg_tables where schemaname = current_schema()".into(),
    );
    let names = db.read_blocking(move |tx| tx.query(names, &[])).unwrap();
    assert!(names.len() > 50, "{} tables", names.len());
    for name in names {
        let name = name.text(0).unwrap();
        let all = server_sql(format!("select cast(t as text) from \"{name}\" t"));
        let rows = db.read_blocking(move |tx| tx.query(all, &[])).unwrap();
        let rows: Vec<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
        places.insert(format!("{world}.{name}"), rows.join("\n").into_bytes());
    }
}

/// The data folder, and the tables where they are not in it.
fn kept(home: &Home) -> Places {
    let mut places = Places::new();
    files(&home.data(), &mut places);
    if home.is_on_postgres() {
        for world in ["production", "sandbox"] {
            tables(home, world, &mut places);
        }
    }
    places
}

/// A receiver of webhooks: its address, and whole requests as they come.
fn receiver() -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (sender, received) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut letter = String::new();
            while reader.read_line(&mut letter).unwrap() > 2 {}
            let length = letter.to_ascii_lowercase();
            let length = length.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let mut body = vec![0; length.unwrap().parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
            if sender.send([letter.into_bytes(), body].concat()).is_err() {
                return;
            }
        }
    });
    (url, received)
}

/// A card of the registry whose holder has the name and the phone.
fn holder(home: &Home) -> CardRow {
    let made =
        home.run(&["card", "generate", "--division", "330100", "--count", "60", "--out", "people.csv"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let mut reader = csv::Reader::from_path(home.folder.path().join("people.csv")).unwrap();
    let mut rows = reader.deserialize().map(Result::<CardRow, _>::unwrap);
    let lasts = |row: &CardRow| row.expires_on.is_empty() || row.expires_on.as_str() > "2030";
    let usual = |row: &CardRow| row.aaz502 == "1" && matches!(row.id_kind.as_str(), "" | "resident_id");
    let row = rows.find(|row| lasts(row) && usual(row)).unwrap();
    std::fs::remove_file(home.folder.path().join("people.csv")).unwrap();
    CardRow { aac003: NAME.into(), aac067: PHONE.into(), ..row }
}

/// Claims, shows, verifies, pays, refunds, lists; what the webhook received.
fn main_job(home: &Home, served: &Served, row: &CardRow) -> Vec<u8> {
    crate::card::import_rows(home, served, std::slice::from_ref(row));
    let (channel, terminal) = callers(home, served);
    let (url, received) = receiver();
    channel.create_webhook(&CreateWebhook { channel_id: None, url, events: Vec::new() }).unwrap();
    let mut device = channel.client().new_device().unwrap();
    let claim = ClaimEcard {
        name: NAME.into(),
        id_kind: IdKind::ResidentId,
        id_number: row.aac002.expose().into(),
        card_number: None,
        division: None,
        real_person: RealPerson { method: RealPersonMethod::Face, token: "sim:pass".into() },
        level: 2,
        device_key: None,
    };
    let refused = ClaimEcard { name: "欧阳惊鸿雨".into(), ..claim.clone() };
    assert!(channel.claim_ecard(&refused).is_err(), "another name is not this person");
    let binding = channel.claim_on(&mut device, claim, PASSWORD, seconds()).unwrap().binding_id;
    let payee_id = home.scene()["payee_id"].as_str().unwrap().to_owned();
    let players = Players { channel, terminal, payee_id, device, binding };
    let wish = players.device.create_top_up(&format!("T{}", number()), 1_000).unwrap();
    players.channel.create_top_up(&wish).unwrap();
    until("the bank does not answer", || {
        players.channel.balance(&players.binding).unwrap().available_fen >= 1_000
    });
    let named = players.terminal.verify_code(&players.scan(players.code(), Purpose::Identity)).unwrap();
    assert!(named.holder.name_masked.is_some_and(|masked| masked.contains('*')));
    let scan: VerifyCode = players.scan(players.code(), Purpose::Pay);
    let handle = players.terminal.verify_code(&scan).unwrap().payment_handle.unwrap();
    let order = CreatePayment {
        order_no: number(),
        amount_fen: 300,
        description: None,
        payee_id: players.payee_id.clone(),
        source: PaymentSource::Handle(handle.into()),
        funding: Funding::Prepaid,
    };
    let paid = players.terminal.create_payment(&order).unwrap();
    let back = CreateRefund { refund_no: number(), amount_fen: 100, reason: "退货".into() };
    players.terminal.create_refund(&paid.payment_id, &back).unwrap();
    assert!(!players.channel.uses(&players.binding).all().unwrap().is_empty());
    let mut letters = Vec::new();
    while !text(&letters).contains("payment.refunded") {
        letters.extend(received.recv_timeout(Duration::from_secs(60)).unwrap());
    }
    letters
}

fn export(home: &Home, served: &Served) -> Vec<u8> {
    let scene = home.scene();
    let auditor =
        scene["accounts"].as_array().unwrap().iter().find(|one| one["role"] == "audit_admin").unwrap();
    let of = |name: &str| auditor[name].as_str().unwrap();
    let staff = Staff::sign_in(&config(served), of("login"), of("password")).unwrap();
    let lines: String = staff.export_audit().map(|line| write_line(&line.unwrap()).unwrap()).collect();
    lines.into_bytes()
}

fn nothing_personal_lies_in_clear(home: &Home) {
    let log = home.folder.path().join("log");
    let mut command =
        home.command(&["serve", "--listen", "127.0.0.1:0", "--log", "debug", "--demo", "--scene-only"]);
    command.stderr(std::fs::File::create(&log).unwrap());
    let served = Served::of(command);
    let row = holder(home);
    let words = [NAME, row.aac002.expose(), PHONE];
    let letters = main_job(home, &served, &row);
    let mut places = Places::new();
    if !home.is_on_postgres() {
        // While it serves, the newest pages are in the log of the database.
        files(&home.data(), &mut places);
        assert!(places.keys().any(|place| place.ends_with("sandbox.sqlite-wal")), "{:?}", places.keys());
    }
    places.insert("the export".into(), export(home, &served));
    places.insert("the webhooks".into(), letters);
    served.stop();
    places.extend(kept(home));
    places.insert("the log".into(), std::fs::read(&log).unwrap());
    assert_eq!(found(&words, &places), Vec::<String>::new());
    for place in ["the export", "the webhooks", "the log"] {
        assert!(places[place].len() > 200, "nothing was in {place}");
    }

    // What is planted is found, in every place and in every spelling.
    for word in words {
        for spelling in spellings(word) {
            for place in places.keys().cloned().collect::<Vec<_>>() {
                let planted = Places::from([(place.clone(), [b"...", &spelling[..], b"..."].concat())]);
                assert_eq!(found(&[word], &planted), [format!("{word} in {place}")]);
            }
        }
    }
    let plant = Sql {
        postgres: "insert into epoch (name, value) values ($1, 1)",
        sqlite: "insert into epoch (name, value) values (?1, 1)",
    };
    let planted = store::Db::open(&home.database("sandbox")).unwrap();
    let wrote = planted.write_blocking(move |tx| {
        tx.unaudited("planted");
        tx.execute_one(plant, store::params![NAME])
    });
    wrote.unwrap();
    drop(planted);
    // A database that is let go of copies its pages in its own time.
    let mut told = Vec::new();
    until("what was planted is not found", || {
        told = found(&words, &kept(home));
        !told.is_empty()
    });
    assert!(!told.is_empty() && told.iter().all(|place| place.starts_with(NAME)), "{told:?}");
    assert!(told.iter().any(|place| place.contains("sandbox")), "{told:?}");
}

#[test]
fn nothing_personal_lies_in_clear_on_sqlite() {
    nothing_personal_lies_in_clear(&Home::new());
}

#[test]
fn nothing_personal_lies_in_clear_on_postgresql() {
    if let Some(home) = Home::on_postgres() {
        nothing_personal_lies_in_clear(&home);
    }
}
