use crate::harness::record;
use std::thread;
use store::StoreError;
use store::job::{self, JobRow};

on_both! {
    fn a_job_exists_exactly_when_its_cause_does(place) {
        let db = place.open();
        for (subject, stands) in [("kept", true), ("undone", false)] {
            let _ = db.write_blocking(move |tx| {
                tx.audit(&record());
                job::enqueue(tx, "kind", subject, 10, 1)?;
                if stands { Ok(()) } else { Err(StoreError::Stale) }
            });
        }
        let due = db.read_blocking(|tx| job::list_due(tx, 10, "", 9)).unwrap();
        assert_eq!(due.iter().map(|job| job.subject.as_str()).collect::<Vec<_>>(), ["kept"]);
        assert!(db.read_blocking(|tx| job::list_due(tx, 9, "", 9)).unwrap().is_empty(), "not due before its time");
    }

    fn one_job_of_a_kind_and_subject_waits_at_a_time(place) {
        let db = place.open();
        let added = db.write_blocking(|tx| {
            tx.audit(&record());
            let first = job::enqueue(tx, "kind", "subject", 10, 1)?;
            let again = job::enqueue(tx, "kind", "subject", 20, 1)?;
            let other = job::enqueue(tx, "other", "subject", 20, 1)?;
            Ok::<_, StoreError>([first, again, other])
        });
        assert_eq!(added.unwrap(), [true, false, true]);
        assert_eq!(db.read_blocking(job::backlog).unwrap(), (2, Some(10)));
    }

    fn of_many_who_reach_for_a_job_one_gets_it(place) {
        let db = place.open();
        db.write_blocking(|tx| {
            tx.audit(&record());
            job::enqueue(tx, "kind", "subject", 10, 1)
        }).unwrap();
        let due = db.read_blocking(|tx| job::list_due(tx, 10, "", 1)).unwrap().remove(0);
        let threads: Vec<_> = (0..8).map(|_| {
            let (db, due) = (db.clone(), due.clone());
            thread::spawn(move || db.write_blocking(move |tx| {
                tx.unaudited("test");
                job::lease(tx, &due, 100)
            }).unwrap())
        }).collect();
        let got = threads.into_iter().map(|thread| thread.join().unwrap()).filter(|got| *got);
        assert_eq!(got.count(), 1);
    }

    fn whoever_lost_the_lease_settles_nothing(place) {
        let db = place.open();
        let outcome = db.write_blocking(|tx| {
            tx.audit(&record());
            job::enqueue(tx, "kind", "subject", 10, 1)?;
            let due = job::list_due(tx, 10, "", 1)?.remove(0);
            assert!(job::lease(tx, &due, 100)?);
            let late = JobRow { due_at: 100, attempt: 1, ..due };
            assert!(job::list_due(tx, 99, "", 1)?.is_empty(), "held until the lease ends");
            let again = job::list_due(tx, 100, "", 1)?.remove(0);
            assert_eq!(again, late, "the lease ran out: it is due as the first holder left it");
            assert!(job::lease(tx, &again, 200)?);
            let holder = JobRow { due_at: 200, attempt: 2, ..again };
            assert!(!job::finish(tx, &late)? && !job::put_back(tx, &late, 300, "late")?);
            assert!(job::put_back(tx, &holder, 300, "why")?);
            assert!(!job::finish(tx, &holder)?, "put back is not held");
            let back = job::find(tx, "kind", "subject")?.unwrap();
            assert_eq!((back.due_at, back.attempt, back.last_error.as_deref()), (300, 2, Some("why")));
            assert!(job::lease(tx, &back, 400)?);
            job::finish(tx, &JobRow { due_at: 400, attempt: 3, ..back })
        });
        assert_eq!(outcome, Ok(true));
        assert_eq!(db.read_blocking(job::backlog).unwrap(), (0, None));
    }
}
