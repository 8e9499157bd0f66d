use store::qr::UseRow;
use store::{StoreError, retention, sql};

on_both! {
    fn uses_are_dropped_by_whole_buckets_an_hour_at_a_time(place) {
        let db = place.open();
        db.write_blocking(|tx| {
            tx.unaudited("test");
            let rows: Vec<UseRow> = [100, 159, 160, 199, 200].into_iter().map(|bucket| UseRow {
                bucket,
                shard: 1,
                id: [0; 13],
                ecard_id: [0; 16],
                binding_id: [0; 16],
                channel_id: [0; 16],
                caller: [0; 16],
                request_id: String::new(),
                purpose: String::new(),
                service: String::new(),
                division: "110000".into(),
                outcome: "ok".into(),
                at: bucket,
            }).collect();
            store::qr::spend(tx, &rows.iter().collect::<Vec<_>>())?;
            while let Some((from, to)) = store::ecard::uses::next_part(tx, 200)? {
                store::ecard::uses::index(tx, from, to)?;
            }
            Ok::<_, StoreError>(())
        }).unwrap();
        let found = || db.read_blocking(|tx| {
            let sql = sql!("select bucket from code_use_holder order by bucket");
            tx.query(sql, &[])?.iter().map(|row| row.i64(0)).collect::<Result<Vec<_>, StoreError>>()
        }).unwrap();
        assert_eq!(found(), [100, 159, 160, 199]);
        let forget = |expected: (Option<i64>, u64)| {
            let oldest = db.read_blocking(retention::oldest_use).unwrap();
            let dropped = db.write_blocking(move |tx| {
                tx.unaudited("test");
                retention::forget_uses(tx, oldest.unwrap_or_default(), 200)
            });
            assert_eq!((oldest, dropped), (expected.0, Ok::<_, StoreError>(expected.1)));
        };
        forget((Some(100), 2));
        assert_eq!(found(), [160, 199], "the holders' index forgets with the uses");
        forget((Some(160), 2));
        forget((Some(200), 0));
    }
}
