use crate::harness::record;
use domain::division::DivisionCode;
use domain::id::ChannelId;
use domain::statistic::{Delta, Key, Kind};
use domain::time::BusinessDate;
use std::thread;
use store::qr::UseRow;
use store::statistic::{self, CounterRow};
use store::{StoreError, WriteTx};

fn key() -> Key {
    Key {
        day: BusinessDate::from_days(1),
        channel: ChannelId::from_bytes([1; 16]),
        division: DivisionCode::new(330_100).unwrap(),
        kind: Kind::Use,
    }
}

/// Folds as the server does, a few additions at a time.
fn fold(tx: &mut WriteTx<'_>) -> Result<usize, StoreError> {
    tx.unaudited("test");
    let rows = statistic::lock_deltas(tx, 7)?;
    assert_eq!(statistic::delete_deltas(tx, &rows)?, rows.len() as u64);
    for row in &rows {
        let delta = Delta::decode(&row.delta).unwrap();
        let value = delta.get(&key());
        let row =
            CounterRow { day: 1, channel_id: [1; 16], division: "330100".into(), kind: "use".into(), value };
        statistic::add(tx, &row)?;
    }
    Ok(rows.len())
}

fn sum(db: &store::Db) -> i64 {
    let rows = db.read_blocking(|tx| statistic::sum(tx, (0, 2), ("330000", "339999"))).unwrap();
    rows.iter().map(|row| row.value).sum()
}

on_both! {
    fn additions_are_folded_exactly_once_by_many_who_fold(place) {
        let db = place.open();
        let adders = (0..2).map(|_| {
            let db = db.clone();
            thread::spawn(move || for by in 1..=50 {
                db.write_blocking(move |tx| {
                    tx.audit(&record());
                    tx.count(key(), by);
                    Ok::<_, StoreError>(())
                }).unwrap();
            })
        });
        let adders: Vec<_> = adders.collect();
        let folders: Vec<_> = (0..3).map(|_| {
            let db = db.clone();
            thread::spawn(move || for _ in 0..20 {
                db.write_blocking(fold).unwrap();
            })
        }).collect();
        adders.into_iter().chain(folders).for_each(|thread| thread.join().unwrap());
        while db.write_blocking(fold).unwrap() > 0 {}
        assert_eq!(sum(&db), 2 * 50 * 51 / 2);
        assert!(!db.read_blocking(statistic::has_deltas).unwrap());
    }

    fn distinct_users_are_counted_by_channel_and_area(place) {
        const MINUTE: i64 = 60_000_000;
        let db = place.open();
        let uses = |n: u8, ecard: u8, division: &str, outcome: &str, at: i64| UseRow {
            bucket: at / MINUTE,
            shard: 1,
            id: [n; 13],
            ecard_id: [ecard; 16],
            binding_id: [0; 16],
            channel_id: [9; 16],
            caller: [0; 16],
            request_id: String::new(),
            purpose: "identity".into(),
            service: String::new(),
            division: division.into(),
            outcome: outcome.into(),
            at,
        };
        let rows = [
            uses(1, 1, "330106", "ok", 10 * MINUTE),
            uses(2, 1, "330106", "ok", 11 * MINUTE),
            uses(3, 1, "330108", "ok", 12 * MINUTE),
            uses(4, 2, "330106", "ok", 13 * MINUTE),
            uses(5, 3, "330106", "code.expired", 14 * MINUTE),
            uses(6, 4, "110101", "ok", 15 * MINUTE),
            uses(7, 5, "330106", "ok", 30 * MINUTE),
        ];
        db.write_blocking(move |tx| {
            tx.unaudited("test");
            let rows: Vec<_> = rows.iter().collect();
            store::qr::spend(tx, &rows)
        }).unwrap();
        let count = |unit: i64| {
            let rows = db.read_blocking(move |tx| statistic::count_users(tx, (10 * MINUTE, 30 * MINUTE), unit));
            let mut rows: Vec<_> = rows.unwrap().iter().map(|row| (row.area, row.users)).collect();
            rows.sort_unstable();
            rows
        };
        assert_eq!(count(1), [(110_101, 1), (330_106, 2), (330_108, 1)]);
        assert_eq!(count(100), [(1101, 1), (3301, 2)], "who used it in two districts is one person");
        assert_eq!(count(1_000_000), [(0, 3)]);
    }
}
