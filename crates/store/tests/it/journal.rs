use crate::harness::{blocks, record};
use domain::audit::{Frontier, Record, tree};
use std::thread;
use store::{StoreError, invariant, sql};

on_both! {
    fn every_log_is_the_tree_over_its_records(place) {
        let db = place.open();
        let threads: Vec<_> = (0..8).map(|_| {
            let db = db.clone();
            thread::spawn(move || for n in 0..25 {
                let outcome = db.write_blocking(move |tx| {
                    for _ in 0..=n % 3 {
                        tx.audit(&record());
                    }
                    if n % 5 == 4 { Err(StoreError::Stale) } else { Ok(()) }
                });
                assert_eq!(outcome.is_err(), n % 5 == 4);
            })
        }).collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        // 0,1,2,0,(1),2,0,1,2,(0),1,2,0,1,(2),… : what the writes that stand recorded.
        let stands: i64 = 8 * (0..25).filter(|n| n % 5 != 4).map(|n| n % 3 + 1).sum::<i64>();
        assert_eq!(blocks(&db).1, stands);
        assert_eq!(db.read_blocking(invariant::violations).unwrap(), Vec::<String>::new());
        let edges = db.read_blocking(store::audit::list_edges).unwrap();
        let mut records = 0;
        for edge in edges {
            let log = edge.log;
            let rows = db.read_blocking(move |tx| tx.query(
                sql!("select leaves, records from audit_block where log = $1 order by first"),
                store::params![&log],
            )).unwrap();
            let leaves: Vec<[u8; 32]> = rows.iter()
                .flat_map(|row| row.bytes(0).unwrap().as_chunks().0.to_vec()).collect();
            let frontier = Frontier::decode(&edge.frontier).unwrap();
            assert_eq!((frontier.size(), frontier.root()), (leaves.len() as u64, tree::root(&leaves)));
            records += frontier.size();
        }
        assert_eq!(i64::try_from(records).unwrap(), stands);
    }

    fn a_log_is_never_resumed_by_another_opening(place) {
        let write = |db: &store::Db| db.write_blocking(|tx| {
            tx.audit(&record());
            Ok::<_, StoreError>(())
        }).unwrap();
        for logs in 1..=3 {
            write(&place.open());
            let count = sql!("select count(*) from audit_log");
            let found = place.open().read_blocking(move |tx| tx.query_one(count, &[])?.i64(0)).unwrap();
            assert_eq!(found, logs);
        }
    }

    fn records_read_back_from_their_block(place) {
        let db = place.open();
        db.write_blocking(|tx| {
            tx.audit(&record());
            tx.audit(&record());
            Ok::<_, StoreError>(())
        }).unwrap();
        let row = db.read_blocking(|tx| store::audit::list_blocks(tx, &[], -1, 10)).unwrap().remove(0);
        let block = domain::audit::Block {
            log: domain::audit::LogId(row.log),
            first: 0,
            leaves: row.leaves.as_chunks().0.to_vec(),
            records: row.records,
            frontier: row.frontier,
        };
        for bytes in block.encoded_records().unwrap() {
            assert_eq!(Record::decode(bytes), Ok(record()));
        }
    }

    fn heads_older_than_the_limit_are_thinned_to_one_an_hour(place) {
        const HOUR: i64 = 3_600_000_000;
        let db = place.open();
        let kept = db.write_blocking(|tx| {
            tx.unaudited("test");
            for at in [1, 5, HOUR - 1, HOUR, HOUR + 7, 2 * HOUR, 2 * HOUR + 1] {
                let head = store::audit::HeadRow { at, logs: vec![], root: [0; 32], key_id: [0; 16], signature: [0; 64] };
                store::audit::insert_head(tx, &head)?;
            }
            store::audit::thin_heads(tx, 2 * HOUR)?;
            store::audit::list_heads(tx, i64::MIN, i64::MAX, 100)
        }).unwrap();
        let kept: Vec<_> = kept.iter().map(|head| head.at).collect();
        assert_eq!(kept, [HOUR - 1, HOUR + 7, 2 * HOUR, 2 * HOUR + 1]);
    }
}
