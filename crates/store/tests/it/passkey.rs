//! Passkeys and challenges as rows.

use store::passkey::{self, ChallengeRow, PasskeyRow};
use store::{StoreError, WriteTx};

fn row(id: u8, staff: u8, credential: &[u8]) -> PasskeyRow {
    PasskeyRow {
        id: [id; 16],
        staff_id: [staff; 16],
        credential_id: credential.to_vec(),
        public_key: vec![4; 77],
        sign_count: 0,
        backup_eligible: i64::from(id == 1),
        name: "办公电脑".into(),
        created_at: 10,
        used_at: None,
    }
}

fn challenge(first: u8, expires_at: i64) -> ChallengeRow {
    ChallengeRow {
        challenge: [first; 32],
        staff_id: [1; 16],
        purpose: "step_up".into(),
        session: Some([9; 32]),
        expires_at,
    }
}

/// Runs in a transaction of its own.
fn write<T: Send + 'static>(
    db: &store::Db,
    body: impl Fn(&mut WriteTx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    db.write_blocking(move |tx| {
        tx.unaudited("test");
        body(tx)
    })
}

on_both! {
    fn a_credential_is_of_one_account_and_found_by_it_alone(place) {
        let db = place.open();
        let long = vec![7; domain::passkey::CREDENTIAL_ID_BYTES];
        let rows = [row(1, 1, b"a"), row(2, 1, &long), row(3, 2, b"c")];
        write(&db, {
            let rows = rows.clone();
            move |tx| rows.iter().try_for_each(|row| passkey::insert(tx, row))
        }).unwrap();
        let again = write(&db, |tx| passkey::insert(tx, &row(4, 2, b"a")));
        assert!(matches!(again, Err(StoreError::Unique(_))), "{again:?}");
        let listed = db.read_blocking(|tx| passkey::list(tx, &[1; 16])).unwrap();
        assert_eq!(listed, rows[..2]);
        assert_eq!(db.read_blocking(|tx| passkey::count(tx, &[1; 16])).unwrap(), 2);
        assert!(db.read_blocking(|tx| passkey::is_taken(tx, b"c")).unwrap());
        assert!(!db.read_blocking(|tx| passkey::is_taken(tx, b"d")).unwrap());
        assert_eq!(write(&db, |tx| passkey::lock(tx, &[1; 16], b"a")).unwrap().unwrap(), rows[0]);
        assert_eq!(write(&db, |tx| passkey::lock(tx, &[2; 16], b"a")).unwrap(), None);
        write(&db, |tx| passkey::note_use(tx, &[1; 16], &[1; 16], i64::from(u32::MAX), 20)).unwrap();
        let used = db.read_blocking(|tx| passkey::list(tx, &[1; 16])).unwrap().remove(0);
        assert_eq!((used.sign_count, used.used_at), (4_294_967_295, Some(20)));
        assert_eq!(write(&db, |tx| passkey::delete(tx, &[2; 16], &[1; 16])).unwrap(), 0, "of another account");
        assert_eq!(write(&db, |tx| passkey::delete(tx, &[1; 16], &[1; 16])).unwrap(), 1);
        assert_eq!(write(&db, |tx| passkey::delete_all(tx, &[1; 16])).unwrap(), 1);
        assert!(db.read_blocking(|tx| passkey::is_taken(tx, b"c")).unwrap(), "that of the other one stays");
    }

    fn a_challenge_is_taken_once_and_forgotten_when_it_is_over(place) {
        let db = place.open();
        for row in [challenge(1, 100), challenge(2, 99), challenge(3, 101)] {
            write(&db, move |tx| passkey::insert_challenge(tx, &row)).unwrap();
        }
        assert_eq!(write(&db, |tx| passkey::take_challenge(tx, &[1; 32])).unwrap(), Some(challenge(1, 100)));
        assert_eq!(write(&db, |tx| passkey::take_challenge(tx, &[1; 32])).unwrap(), None);
        assert_eq!(write(&db, |tx| passkey::forget_challenges(tx, 99)).unwrap(), 0);
        assert_eq!(write(&db, |tx| passkey::forget_challenges(tx, 100)).unwrap(), 1);
        assert_eq!(write(&db, |tx| passkey::take_challenge(tx, &[3; 32])).unwrap(), Some(challenge(3, 101)));
        write(&db, |tx| passkey::forget_challenges(tx, 1000)).unwrap();
        for row in [challenge(5, 103), challenge(6, 101), challenge(7, 102)] {
            write(&db, move |tx| passkey::insert_challenge(tx, &row)).unwrap();
        }
        let sign_in = |first| ChallengeRow { purpose: "sign_in".into(), session: None, ..challenge(first, 1) };
        write(&db, move |tx| passkey::insert_challenge(tx, &sign_in(8))).unwrap();
        write(&db, move |tx| passkey::insert_challenge(tx, &sign_in(9))).unwrap();
        let session = Some([9; 32]);
        let trim = move |purpose: &'static str, session: Option<[u8; 32]>, kept| {
            write(&db, move |tx| passkey::trim_challenges(tx, &[1; 16], purpose, session.as_ref(), kept)).unwrap()
        };
        assert_eq!(trim("step_up", Some([8; 32]), 0), 0, "of another session");
        assert_eq!(trim("step_up", None, 0), 0);
        assert_eq!(trim("step_up", session, 3), 0);
        assert_eq!(trim("step_up", session, 2), 1);
        assert_eq!(trim("sign_in", None, 1), 1);
        let db = place.open();
        assert_eq!(write(&db, |tx| passkey::take_challenge(tx, &[6; 32])).unwrap(), None, "the oldest");
        assert_eq!(write(&db, |tx| passkey::take_challenge(tx, &[7; 32])).unwrap(), Some(challenge(7, 102)));
        let bare = ChallengeRow { session: None, ..challenge(4, 100) };
        assert!(write(&db, move |tx| passkey::insert_challenge(tx, &bare)).is_err(), "of no session");
    }
}
