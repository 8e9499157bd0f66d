//! How days are cut, fees rounded and files written and read.

use super::*;
use crate::money::Amount;
use crate::payment::Number;
use proptest::prelude::*;

const PAYEE: Payee = Payee([0xAB; 16]);

fn day(text: &str) -> BusinessDate {
    text.parse().unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

fn payment(fen: i64, fee: i64) -> Line {
    Line {
        kind: LineKind::Payment,
        payment_no: number("pay_1"),
        order_no: number("A-1"),
        refund_no: None,
        channel_no: number("1000000001"),
        amount: Amount::new(fen).unwrap(),
        fee: Fen::new(fee),
        posted_at: at("2026-01-02T15:04:05+08:00"),
    }
}

fn refund(fen: i64) -> Line {
    Line { kind: LineKind::Refund, refund_no: Some(number("R-1")), ..payment(fen, 0) }
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let text = "[A-Za-z0-9_.-]{1,64}";
    let line =
        (text, text, proptest::option::of(text), 1..=1_000_000_000_i64, 0..100_i64, 0..4_000_000_000_i64);
    let line = line.prop_map(|(payment_no, order_no, refund_no, fen, fee, second)| Line {
        kind: if refund_no.is_some() { LineKind::Refund } else { LineKind::Payment },
        payment_no: number(&payment_no),
        order_no: number(&order_no),
        fee: if refund_no.is_some() { Fen::ZERO } else { Fen::new(fee) },
        refund_no: refund_no.map(|text| number(&text)),
        posted_at: Timestamp::from_seconds(second),
        ..payment(fen, 0)
    });
    proptest::collection::vec(line, 0..12)
}

/// A file whose trailer fits `body` in digest, with this count and sum.
fn sealed(body: &str, count: usize, sum: i64) -> String {
    let digest = data_encoding::HEXLOWER.encode(&gm::sm3::digest(body.as_bytes()));
    format!("{body}#trailer,count={count},sum_fen={sum},sm3={digest}\n")
}

#[test]
fn a_movement_belongs_to_the_beijing_day_of_its_posting() {
    assert_eq!(day_of(at("2026-01-01T23:59:59.999999+08:00")), day("2026-01-01"));
    assert_eq!(day_of(at("2026-01-01T16:00:00Z")), day("2026-01-02"));
}

#[test]
fn a_day_is_cut_when_it_is_over_and_its_file_is_due_at_ten() {
    let date = day("2026-01-01");
    assert_eq!(check_cut(date, at("2026-01-01T23:59:59.999999+08:00")), Err(Refusal::DayOpen { day: date }));
    assert_eq!(check_cut(date, at("2026-01-02T00:00:00+08:00")), Ok(()));
    assert_eq!(file_due_at(date), at("2026-01-02T10:00:00+08:00"));
}

#[test]
fn a_fee_is_rounded_to_the_nearest_fen_and_half_goes_up() {
    let fee = |basis_points, fen| FeeRate::new(basis_points).unwrap().fee(Amount::new(fen).unwrap()).get();
    let table = [
        (38, 10_000, 38),
        (38, 100, 0),
        (50, 100, 1),
        (49, 100, 0),
        (60, 1_250, 8),
        (0, 99, 0),
        (10_000, 7, 7),
    ];
    for (basis_points, fen, expected) in table {
        assert_eq!(fee(basis_points, fen), expected, "{basis_points} of {fen}");
    }
    assert_eq!(fee(10_000, i64::MAX), i64::MAX);
    assert_eq!(FeeRate::new(10_001), Err(Refusal::FeeRate));
}

#[test]
fn a_batch_is_the_sum_of_its_lines() {
    let batch =
        Batch::of(day("2026-01-02"), PAYEE, &[payment(1200, 5), payment(300, 1), refund(200)]).unwrap();
    assert_eq!((batch.payments, batch.refunds, batch.count()), (2, 1, 3));
    assert_eq!((batch.paid, batch.refunded, batch.fee), (Fen::new(1500), Fen::new(200), Fen::new(6)));
    assert_eq!(batch.net(), Ok(Fen::new(1294)));
    let refunds_only = Batch::of(batch.day, PAYEE, &[refund(200)]).unwrap();
    assert_eq!(refunds_only.net(), Ok(Fen::new(-200)));
    assert_eq!(Batch::of(batch.day, PAYEE, &[payment(i64::MAX, 0), payment(1, 0)]), Err(Refusal::Overflow));
}

#[test]
fn the_file_looks_as_documented() {
    expect_test::expect![[r#"
        kind,payment_no,order_no,refund_no,channel_no,amount_fen,fee_fen,posted_at
        payment,pay_1,A-1,,1000000001,1200,5,2026-01-02T15:04:05+08:00
        refund,pay_1,A-1,R-1,1000000001,200,0,2026-01-02T15:04:05+08:00
        #trailer,count=2,sum_fen=1000,sm3=2dba5bdf2412071aa3a0b79acb0db42c47174d7a79e33762265ccb2c97bed85b
    "#]]
    .assert_eq(&write(&[payment(1200, 5), refund(200)]));
}

#[test]
fn columns_are_taken_by_name_and_unknown_ones_passed_over() {
    let body = "posted_at,fee_fen,remark,amount_fen,channel_no,refund_no,order_no,payment_no,kind\n\
                2026-01-02T15:04:05+08:00,5,,1200,1000000001,,A-1,pay_1,payment\n";
    assert_eq!(read(&sealed(body, 1, 1200)), Ok(vec![payment(1200, 5)]));
}

#[test]
fn a_file_that_contradicts_itself_is_refused_by_name() {
    let header = "kind,payment_no,order_no,refund_no,channel_no,amount_fen,fee_fen,posted_at";
    let good = "payment,pay_1,A-1,,1000000001,1200,5,2026-01-02T15:04:05+08:00";
    let body = |header: &str, line: &str| format!("{header}\n{line}\n");
    let whole = body(header, good);
    assert_eq!(read(&sealed(&whole, 1, 1200)).unwrap().len(), 1);
    assert_eq!(read(&sealed(&whole, 2, 1200)), Err(Refusal::Count));
    assert_eq!(read(&sealed(&whole, 1, 1201)), Err(Refusal::Sum));
    assert_eq!(read(&whole), Err(Refusal::Trailer));
    assert_eq!(read(""), Err(Refusal::Trailer));
    let twice = body(&header.replace("fee_fen", "kind"), good);
    assert_eq!(read(&sealed(&twice, 1, 1200)), Err(Refusal::Header { column: "kind" }));
    let without = body(&header.replace("fee_fen", "fee"), good);
    assert_eq!(read(&sealed(&without, 1, 1200)), Err(Refusal::Header { column: "fee_fen" }));
    for (from, to) in [
        ("1200", "-1"),
        ("1200", "0"),
        ("1200", "01200"),
        ("1200", "+1200"),
        ("1200", "12.00"),
        (",5,", ",-5,"),
        (",5,", ","),
        (",,", ",R-1,"),
        ("payment,", "refund,"),
        ("payment,", "gift,"),
        ("A-1", "\"A,1\""),
        ("A-1", "=1+1"),
        ("+08:00", ""),
    ] {
        let bad = body(header, &good.replacen(from, to, 1));
        assert_eq!(read(&sealed(&bad, 1, 1200)), Err(Refusal::Line { line: 2 }), "{from} -> {to}");
    }
    let blank = format!("{whole}\n");
    assert_eq!(read(&sealed(&blank, 1, 1200)), Err(Refusal::Line { line: 3 }));
}

#[test]
fn a_manifest_names_its_file_and_its_sums() {
    let lines = [payment(1200, 5), refund(200)];
    let file = write(&lines);
    let batch = Batch::of(day("2026-01-02"), PAYEE, &lines).unwrap();
    let manifest = Manifest::new(batch, number("2026-01-02.csv"), &file, [0xCD; 32]);
    let text = manifest.text().unwrap();
    expect_test::expect![[r#"
        ykt settlement manifest 1
        business_date=2026-01-02
        payee=abababababababababababababababab
        file=2026-01-02.csv
        sm3=3f94e8e7a46f65e2fb19a88f251ab107fe6f059edf186925ce22fb9bbeefb1f4
        payment_count=1
        payment_fen=1200
        refund_count=1
        refund_fen=200
        fee_fen=5
        net_fen=995
        audit_root=cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
    "#]]
    .assert_eq(&text);
    assert_eq!(Manifest::read(&text), Ok(manifest.clone()));
    assert_eq!(manifest.check(&file), Ok(()));
    let other = write(&lines[..1]);
    assert_eq!(manifest.check(&other), Err(Refusal::ManifestDiffers { field: "sm3" }));
    let wrong = Manifest { batch: Batch { fee: Fen::ZERO, ..batch }, ..manifest };
    assert_eq!(wrong.check(&file), Err(Refusal::ManifestDiffers { field: "sums" }));
    for (from, to) in
        [("net_fen=995", "net_fen=996"), ("fee_fen=5", "fee_fen=05"), ("payee", "payer"), ("sm3=", "sm3")]
    {
        assert_eq!(Manifest::read(&text.replace(from, to)), Err(Refusal::Manifest), "{from}");
    }
    for cut in 0..text.len() {
        assert_eq!(Manifest::read(&text[..cut]), Err(Refusal::Manifest));
    }
}

proptest! {
    #[test]
    fn a_file_reads_back(lines in lines()) {
        prop_assert_eq!(read(&write(&lines)), Ok(lines));
    }

    #[test]
    fn one_changed_byte_is_always_refused(lines in lines(), at: prop::sample::Index, with in 0x20_u8..0x7F) {
        let text = write(&lines);
        let at = at.index(text.len());
        let mut bytes = text.clone().into_bytes();
        prop_assume!(bytes[at] != with);
        bytes[at] = with;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert!(read(&changed).is_err(), "{}", changed);
    }

    #[test]
    fn a_file_cut_short_is_always_refused(lines in lines(), at: prop::sample::Index) {
        let text = write(&lines);
        prop_assert!(read(&text[..at.index(text.len())]).is_err());
    }

    #[test]
    fn reading_never_panics(text in "(#trailer,|count=|[a-z,=\n0-9]|.){0,60}") {
        let _ = (read(&text), Manifest::read(&text));
    }
}
