use crate::harness::{Gate, Place, blocks, find, found, gate, put, record};
use domain::division::DivisionCode;
use domain::id::ChannelId;
use domain::statistic::{Delta, Key, Kind};
use domain::time::BusinessDate;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use store::db::Engine;
use store::{Batch, Db, Run, StoreError, WriteTx, params, sql};

/// A write of one counter on a lane; some commands are special.
struct Put;

#[derive(Clone)]
enum Command {
    Value(String),
    Refused,
    Poison,
    Wait(Gate),
}

impl Batch for Put {
    type Command = Command;
    type Outcome = Result<usize, &'static str>;

    /// The outcome is the number of commands that shared the transaction.
    fn run(tx: &mut WriteTx<'_>, commands: &[Command]) -> Result<Vec<Self::Outcome>, StoreError> {
        let mut outcomes = Vec::new();
        for command in commands {
            tx.audit(&record());
            outcomes.push(match command {
                Command::Value(name) => put(tx, name, 1).map(|()| Ok(commands.len()))?,
                Command::Refused => Err("refused"),
                // A constraint says no: on PostgreSQL nothing else in this transaction can succeed.
                Command::Poison => put(tx, "authority", 1).map(|()| Ok(0))?,
                Command::Wait(gate) => {
                    gate.wait();
                    Ok(0)
                }
            });
        }
        Ok(outcomes)
    }
}

fn value(name: &str) -> Command {
    Command::Value(name.to_owned())
}

/// A write that somebody waits for.
type Waiting<'d> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + 'd>>;

/// Submits every command while the writer is held still, so that they share what comes next.
fn submit_together(db: &Db, commands: Vec<Command>) -> Vec<Result<Result<usize, &'static str>, StoreError>> {
    let (gate, keeper) = gate();
    let blocker = {
        let db = db.clone();
        thread::spawn(move || db.submit_blocking::<Put>(0, Command::Wait(gate)))
    };
    keeper.reached.recv().unwrap();
    let mut waiting: Vec<Pin<Box<_>>> =
        commands.into_iter().map(|command| Box::pin(db.submit::<Put>(0, command))).collect();
    let early: Vec<_> = waiting.iter_mut().map(|one| poll(one.as_mut())).collect();
    keeper.open.send(()).unwrap();
    let late = waiting.into_iter().zip(early).map(|(one, early)| match early {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => wait(one),
    });
    let outcomes = late.collect();
    blocker.join().unwrap().unwrap().unwrap();
    outcomes
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        thread::park();
    }
}

fn audited(name: &'static str) -> impl Fn(&mut WriteTx<'_>) -> Result<(), StoreError> + Send + 'static {
    move |tx| {
        tx.audit(&record());
        put(tx, name, 1)
    }
}

on_both! {
    fn a_dry_run_answers_as_the_real_one_and_leaves_no_trace(place) {
        let db = place.open();
        let put_once = |tx: &mut WriteTx<'_>| put(tx, "tried", 1);
        assert_eq!(wait(Box::pin(db.perform(Run::Dry, put_once))), Ok(()));
        assert_eq!(found(&db, "tried"), None);
        assert_eq!(wait(Box::pin(db.perform(Run::Dry, audited("tried")))), Ok(()));
        let refused = wait(Box::pin(db.perform(Run::Dry, |tx: &mut WriteTx<'_>| put(tx, "authority", 1))));
        assert!(matches!(refused, Err(StoreError::Unique(_))), "{refused:?}");
        assert_eq!((found(&db, "tried"), blocks(&db).1), (None, 0));
        assert_eq!(wait(Box::pin(db.perform(Run::Real, audited("tried")))), Ok(()));
        assert_eq!((found(&db, "tried"), blocks(&db).1), (Some(1), 1));
    }

    fn a_key_that_is_there_is_told_from_another_constraint(place) {
        let db = place.open();
        let org = |id: u8, kind: &str| store::org::OrgRow {
            id: [id; 16],
            kind: kind.to_owned(),
            name: "名称".to_owned(),
            division: "330000".to_owned(),
            uscc: Some("91330100000000001X".to_owned()),
            created_at: 1,
            version: 1,
        };
        let add = |row: store::org::OrgRow| {
            db.write_blocking(move |tx| {
                tx.audit(&record());
                store::org::insert(tx, &row)
            })
        };
        let refused = add(org(1, "nonsense"));
        assert!(matches!(&refused, Err(StoreError::Constraint(name)) if name.contains("org_kind")), "{refused:?}");
        assert_eq!(add(org(1, "lab")), Ok(()));
        for other in [org(1, "lab"), org(2, "lab")] {
            let refused = add(other);
            assert!(matches!(refused, Err(StoreError::Unique(_))), "{refused:?}");
        }
    }

    fn a_failing_write_leaves_no_trace_and_its_neighbours_stand(place) {
        let db = place.open();
        let (gate, keeper) = gate();
        let blocker = { let db = db.clone(); thread::spawn(move || db.write_blocking(move |tx| {
            tx.unaudited("test");
            gate.wait();
            Ok::<_, StoreError>(())
        })) };
        keeper.reached.recv().unwrap();
        let before = db.write(audited("before"));
        let failing = db.write(|tx| {
            put(tx, "failing", 1)?;
            tx.audit(&record());
            Err::<(), _>(StoreError::Stale)
        });
        let refused = db.write(|tx| {
            put(tx, "refused", 1)?;
            tx.audit(&record());
            put(tx, "authority", 1)
        });
        let after = db.write(audited("after"));
        let mut all: Vec<Waiting<'_>> =
            vec![Box::pin(before), Box::pin(failing), Box::pin(refused), Box::pin(after)];
        for one in &mut all {
            assert!(poll(one.as_mut()).is_pending());
        }
        keeper.open.send(()).unwrap();
        let outcomes: Vec<_> = all.into_iter().map(wait).collect();
        blocker.join().unwrap().unwrap();
        assert!(outcomes[0].is_ok() && outcomes[3].is_ok());
        assert_eq!(outcomes[1], Err(StoreError::Stale));
        assert!(matches!(outcomes[2], Err(StoreError::Unique(_))), "{:?}", outcomes[2]);
        assert_eq!((found(&db, "before"), found(&db, "after")), (Some(1), Some(1)));
        assert_eq!((found(&db, "failing"), found(&db, "refused")), (None, None));
        assert_eq!(blocks(&db).1, 2, "no evidence of what did not happen");
    }

    fn a_write_that_panics_is_rolled_back_and_the_writer_goes_on(place) {
        let db = place.open();
        let outcome = db.write_blocking(|tx| -> Result<(), StoreError> {
            put(tx, "broken", 1)?;
            panic!("a broken invariant")
        });
        assert!(matches!(outcome, Err(StoreError::Db { code, .. }) if code == "panic"));
        db.write_blocking(audited("next")).unwrap();
        assert_eq!((found(&db, "broken"), found(&db, "next")), (None, Some(1)));
    }

    fn a_write_without_evidence_is_refused(place) {
        let db = place.open();
        let outcome = db.write_blocking(|tx| put(tx, "silent", 1));
        assert_eq!(outcome, Err(StoreError::Unaudited));
        assert_eq!(found(&db, "silent"), None);
        db.write_blocking(|tx| find(tx, "silent").map(drop)).unwrap();
    }

    fn a_refusal_in_a_batch_is_that_commands_outcome(place) {
        let db = place.open();
        let outcomes = submit_together(&db, vec![value("one"), Command::Refused, value("two")]);
        assert_eq!(outcomes, [Ok(Ok(3)), Ok(Err("refused")), Ok(Ok(3))], "all three in one transaction");
        assert_eq!(blocks(&db), (2, 4), "one block for whoever held the writer, one for the rest");
    }

    fn a_command_that_poisons_its_batch_fails_alone(place) {
        let db = place.open();
        let outcomes = submit_together(&db, vec![value("one"), Command::Poison, value("two")]);
        assert_eq!((&outcomes[0], &outcomes[2]), (&Ok(Ok(1)), &Ok(Ok(1))), "each was run again by itself");
        assert!(matches!(outcomes[1], Err(StoreError::Unique(_))), "{:?}", outcomes[1]);
        assert_eq!((found(&db, "one"), found(&db, "two")), (Some(1), Some(1)));
        assert_eq!(blocks(&db).1, 3);
    }

    fn what_arrives_together_shares_a_commit(place) {
        let db = place.open();
        let outcomes = submit_together(&db, (0..200).map(|n| value(&format!("n{n}"))).collect());
        assert_eq!(outcomes, vec![Ok(Ok(200)); 200]);
        assert_eq!(blocks(&db), (2, 201));
    }

    fn a_full_queue_says_busy(place) {
        let db = place.open();
        let outcomes = submit_together(&db, vec![Command::Refused; 8193]);
        let busy = outcomes.iter().filter(|outcome| **outcome == Err(StoreError::Busy)).count();
        assert_eq!((busy, outcomes.last()), (1, Some(&Err(StoreError::Busy))), "8192 wait, the next one does not");
    }

    fn counters_commit_and_vanish_with_their_write(place) {
        let db = place.open();
        let key = Key {
            day: BusinessDate::from_days(1),
            channel: ChannelId::from_bytes([1; 16]),
            division: DivisionCode::new(330_100).unwrap(),
            kind: Kind::Use,
        };
        for (by, stands) in [(5, true), (7, false), (11, true)] {
            let outcome = db.write_blocking(move |tx| {
                tx.audit(&record());
                tx.count(key, by);
                if stands { Ok(()) } else { Err(StoreError::Stale) }
            });
            assert_eq!(outcome.is_ok(), stands);
        }
        let deltas = db.read_blocking(store::statistic::list_deltas).unwrap();
        let mut sum = Delta::default();
        for row in &deltas {
            sum.merge(&Delta::decode(&row.delta).unwrap()).unwrap();
        }
        assert_eq!((deltas.len(), sum.get(&key)), (2, 16));
    }

    fn an_update_of_one_row_says_when_there_is_none_or_more(place) {
        let db = place.open();
        let update = |text: &'static str| db.write_blocking(move |tx| {
            tx.audit(&record());
            let sql = sql!("update epoch set value = value + 1 where name = $1 or $1 = 'any'");
            tx.execute_one(sql, params![text])
        });
        assert_eq!(update("nothing"), Err(StoreError::Stale));
        assert_eq!(update("authority"), Ok(()));
        assert!(matches!(update("any"), Err(StoreError::RowCount(n)) if n > 1));
        assert_eq!(found(&db, "authority"), Some(2));
    }
}

#[test]
fn writes_share_a_commit_on_sqlite() {
    Place::run(Engine::Sqlite, |place| {
        let db = place.open();
        let (gate, keeper) = gate();
        let blocker = {
            let db = db.clone();
            thread::spawn(move || {
                db.write_blocking(move |tx| {
                    tx.audit(&record());
                    gate.wait();
                    Ok::<_, StoreError>(())
                })
            })
        };
        keeper.reached.recv().unwrap();
        let mut waiting: Vec<_> = (0..100)
            .map(|_| {
                Box::pin(db.write(|tx| {
                    tx.audit(&record());
                    Ok::<_, StoreError>(())
                }))
            })
            .collect();
        assert!(waiting.iter_mut().all(|one| poll(one.as_mut()).is_pending()));
        keeper.open.send(()).unwrap();
        waiting.into_iter().for_each(|one| wait(one).unwrap());
        blocker.join().unwrap().unwrap();
        assert_eq!(blocks(&db), (2, 101));
    });
}

#[test]
fn a_deadlock_on_postgres_is_run_again() {
    Place::run(Engine::Postgres, |place| {
        let db = place.open();
        db.write_blocking(|tx| {
            tx.audit(&record());
            put(tx, "left", 0)?;
            put(tx, "right", 0)
        })
        .unwrap();
        let met = Arc::new(std::sync::Barrier::new(2));
        let runs = Arc::new(AtomicUsize::new(0));
        let threads = [["left", "right"], ["right", "left"]].map(|order| {
            let (db, met, runs) = (db.clone(), met.clone(), runs.clone());
            let waited = AtomicBool::new(false);
            thread::spawn(move || {
                db.write_blocking(move |tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    tx.audit(&record());
                    let sql = sql!("update epoch set value = value + 1 where name = $1");
                    tx.execute_one(sql, params![order[0]])?;
                    // Once, each waits until the other holds its first row.
                    if !waited.swap(true, Ordering::SeqCst) {
                        met.wait();
                    }
                    tx.execute_one(sql, params![order[1]])
                })
            })
        });
        assert!(threads.into_iter().all(|thread| thread.join().unwrap().is_ok()));
        assert_eq!((found(&db, "left"), found(&db, "right")), (Some(2), Some(2)));
        let runs = runs.load(Ordering::SeqCst);
        assert!(runs > 2, "at least one of the two ran again: {runs} runs");
    });
}

on_both! {
    /// Without connections for reads the writer of SQLite answers them, between its commits; a server's pool has one at least.
    fn a_database_without_readers_answers_all_the_same(place) {
        let db = Db::open(&store::Config { readers: 0, ..place.config() }).unwrap();
        assert_eq!(found(&db, "one"), None);
        for (name, value) in [("one", 1), ("two", 2)] {
            db.write_blocking(move |tx| {
                tx.audit(&record());
                put(tx, name, value)
            })
            .unwrap();
            assert_eq!(found(&db, name), Some(value));
        }
        let refused = db.write_blocking(|tx| {
            tx.audit(&record());
            put(tx, "one", 3)
        });
        assert!(refused.is_err());
        assert_eq!(found(&db, "one"), Some(1));
    }
}
