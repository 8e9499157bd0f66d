use crate::harness::Place;
use store::{Column, Row, StoreError, params, sql};

/// Ids, a text column that may be null, and two byte and integer columns that may be null.
type Cells = (Vec<u8>, String, i64, Option<Vec<u8>>, Option<Vec<u8>>, Option<i64>);

fn samples() -> Vec<Cells> {
    let text = "价$1 '\"\\;--\n😀";
    vec![
        (vec![0; 16], String::new(), i64::MIN, None, None, None),
        (vec![1; 16], text.into(), i64::MAX, Some(vec![]), Some(vec![0, 255, 0]), Some(i64::MIN)),
        (vec![2; 16], "a".repeat(100_000), 0, Some(vec![7; 70_000]), None, Some(0)),
        (vec![3; 16], "-1".into(), -1, Some(b"text".to_vec()), Some(b"12".to_vec()), Some(i64::MAX)),
    ]
}

fn cells(row: &Row) -> Result<Cells, StoreError> {
    Ok((row.bytes(0)?, row.text(1)?, row.i64(2)?, row.opt_bytes(3)?, row.opt_bytes(4)?, row.opt_i64(5)?))
}

fn read_back(place: &Place, write: fn(&mut store::WriteTx<'_>, &[Cells]) -> Result<(), StoreError>) {
    let db = place.open();
    db.write_blocking(move |tx| {
        tx.unaudited("test");
        write(tx, &samples())
    })
    .unwrap();
    let all = sql!("select id, usage, version, owner, wrapped, retired_at from key order by id");
    let found: Vec<Cells> =
        db.read_blocking(move |tx| tx.query(all, &[])?.iter().map(cells).collect::<Result<_, _>>()).unwrap();
    assert_eq!(found, samples());
}

on_both! {
    fn every_kind_of_value_comes_back_as_it_was_written(place) {
        read_back(place, |tx, samples| {
            for (id, text, number, one, two, end) in samples {
                // The parameters are out of order on purpose: `$n` is a number, not a place.
                tx.execute_one(
                    sql!("insert into key (retired_at, wrapped, owner, version, usage, id, state, created_at)
                          values ($6, $5, $4, $3, $2, $1, 'active', $3)"),
                    params![id, text, *number, one.as_ref(), two.as_ref(), *end],
                )?;
            }
            Ok(())
        });
    }

    fn every_kind_of_column_comes_back_as_it_was_written(place) {
        read_back(place, |tx, samples| {
            let insert = sql!(
                postgres: "insert into key (id, usage, version, owner, wrapped, retired_at, state, created_at)
                    select *, 'active', 0 from unnest($1::bytea[], $2::text[], $3::bigint[], $4::bytea[],
                    $5::bytea[], $6::bigint[]) on conflict do nothing returning id",
                sqlite: "insert into key (id, usage, version, owner, wrapped, retired_at, state, created_at)
                    values ($1, $2, $3, $4, $5, $6, 'active', 0) on conflict do nothing"
            );
            let columns = [
                Column::Bytes(samples.iter().map(|s| s.0.as_slice()).collect()),
                Column::Text(samples.iter().map(|s| s.1.as_str()).collect()),
                Column::I64(samples.iter().map(|s| s.2).collect()),
                Column::OptBytes(samples.iter().map(|s| s.3.as_deref()).collect()),
                Column::OptBytes(samples.iter().map(|s| s.4.as_deref()).collect()),
                Column::OptI64(samples.iter().map(|s| s.5).collect()),
            ];
            assert_eq!(tx.insert_each(insert, 0, &columns)?, [true; 4]);
            assert_eq!(tx.insert_each(insert, 0, &columns)?, [false; 4], "each is there already");
            Ok(())
        });
    }

    fn sets_are_inserted_found_and_changed_row_by_row(place) {
        let db = place.open();
        db.write_blocking(|tx| {
            tx.unaudited("test");
            let insert = sql!(
                postgres: "insert into nonce (bucket, key_id, value) select * from unnest($1::bigint[], $2::bytea[],
                    $3::bytea[]) on conflict do nothing returning value",
                sqlite: "insert into nonce (bucket, key_id, value) values ($1, $2, $3) on conflict do nothing"
            );
            let columns = |values: &[&'static [u8]]| {
                let all = values.len();
                [Column::I64(vec![7; all]), Column::Bytes(vec![b"key"; all]), Column::Bytes(values.to_vec())]
            };
            assert_eq!(tx.insert_each(insert, 2, &columns(&[b"a", b"c"]))?, [true, true]);
            assert_eq!(tx.insert_each(insert, 2, &columns(&[b"a", b"b", b"c"]))?, [false, true, false]);
            let find = sql!(
                postgres: "select k.n, o.bucket, o.value from unnest($1::bigint[], $2::bytea[], $3::bytea[])
                    with ordinality as k(bucket, key_id, value, n) join nonce o
                    on o.bucket = k.bucket and o.key_id = k.key_id and o.value = k.value",
                sqlite: "select bucket, value from nonce where bucket = $1 and key_id = $2 and value = $3"
            );
            let rows = tx.select_each(find, &columns(&[b"c", b"x", b"a"]))?;
            let rows: Vec<_> = rows.iter().map(|row| row.as_ref().map(|row| row.bytes(1).unwrap())).collect();
            assert_eq!(rows, [Some(b"c".to_vec()), None, Some(b"a".to_vec())]);
            let change = sql!(
                postgres: "update nonce o set bucket = 8 from unnest($1::bigint[], $2::bytea[], $3::bytea[])
                    as k(bucket, key_id, value)
                    where o.bucket = k.bucket and o.key_id = k.key_id and o.value = k.value",
                sqlite: "update nonce set bucket = 8 where bucket = $1 and key_id = $2 and value = $3"
            );
            assert_eq!(tx.update_each(change, &columns(&[b"a", b"x", b"b"]))?, 2);
            assert_eq!(tx.update_each(change, &columns(&[]))?, 0);
            Ok::<_, StoreError>(())
        })
        .unwrap();
    }

    fn a_value_of_another_kind_than_asked_for_is_corrupt(place) {
        let row = place.open().read_blocking(|tx| {
            tx.query_one(sql!("select name, value from epoch where name = 'authority'"), &[])
        }).unwrap();
        let corrupt = |error: StoreError| matches!(error, StoreError::Corrupt { .. });
        assert!(corrupt(row.i64(0).unwrap_err()) && corrupt(row.text(1).unwrap_err()));
        assert!(corrupt(row.array::<16>(0).unwrap_err()) && corrupt(row.bytes(9).unwrap_err()));
    }
}
