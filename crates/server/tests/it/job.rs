use crate::harness::{Platform, refusal};
use domain::id::JobId;
use domain::org::Role;
use server::job::{self, Handlers, Job, Runner};
use server::{Error, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::job::JobRow;

fn enqueue(platform: &Platform, subject: &'static str) {
    let now = platform.world().now();
    platform.write(move |tx| job::enqueue(tx, "test", subject, now));
}

fn run(platform: &Platform, handlers: &Handlers) -> usize {
    platform.block_on(job::run_due(platform.world(), handlers)).unwrap()
}

fn waiting(platform: &Platform) -> Vec<JobRow> {
    platform.read(|tx| Ok(store::job::list_due(tx, i64::MAX, "", 100)?))
}

/// Counts its attempts and fails the first `fails` of them.
fn failing(fails: usize) -> (Handlers, Arc<AtomicUsize>) {
    let attempts = Arc::new(AtomicUsize::new(0));
    let seen = attempts.clone();
    let handlers = Handlers::default().on("test", move |_: World, _: Job| {
        let attempt = seen.fetch_add(1, Ordering::SeqCst);
        async move { if attempt < fails { Err(Error::internal("not yet")) } else { Ok(()) } }
    });
    (handlers, attempts)
}

/// A job that has failed once: its id.
pub fn failed(platform: &Platform, subject: &'static str) -> String {
    enqueue(platform, subject);
    run(platform, &failing(1).0);
    let found = platform.read(move |tx| Ok(store::job::find(tx, "test", subject)?)).unwrap();
    JobId::from_bytes(found.id).to_string()
}

on_both! {
    /// Whoever runs the platform sees what waits and what failed, and has it tried without waiting.
    fn a_failed_job_is_seen_and_tried_at_once(platform) {
        let id = failed(platform, "two");
        enqueue(platform, "one");
        let operator = platform.operator();
        let queues = operator.jobs().unwrap().queues;
        let [queue] = &queues[..] else { panic!("{queues:?}") };
        assert_eq!((queue.kind.as_str(), queue.waiting, queue.failed), ("test", 2, 1));
        let [job] = &operator.failed_jobs().all().unwrap()[..] else { panic!() };
        let told = (job.job_id.as_str(), job.subject.as_deref(), job.attempts, job.last_error.as_str());
        assert_eq!(told, (id.as_str(), Some("two"), 1, "not yet"));
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        assert_eq!(auditor.failed_jobs().all().unwrap().len(), 1);
        assert_eq!(refusal(auditor.rerun_job(&id)), (403, "staff.role".into()));
        assert_eq!(refusal(platform.staff(Role::OperatorClerk, "000000").jobs()), (403, "staff.role".into()));

        let (handlers, attempts) = failing(0);
        assert_eq!(run(platform, &handlers), 1, "the other one; this one waits five seconds");
        operator.rerun_job(&id).unwrap();
        assert_eq!((run(platform, &handlers), attempts.load(Ordering::SeqCst)), (1, 2));
        assert_eq!(refusal(operator.rerun_job(&id)), (404, "resource.not_found".into()), "it is done");
    }

    fn a_job_that_has_not_failed_is_not_tried_out_of_its_turn(platform) {
        let later = platform.world().now().plus_seconds(3600);
        platform.write(move |tx| job::enqueue(tx, "test", "later", later));
        let found = platform.read(|tx| Ok(store::job::find(tx, "test", "later")?)).unwrap();
        let id = JobId::from_bytes(found.id).to_string();
        assert_eq!(refusal(platform.operator().rerun_job(&id)), (404, "resource.not_found".into()));
    }

    /// What an attempt under way would have written is not written twice.
    fn an_attempt_that_lost_its_lease_to_a_rerun_settles_nothing(platform) {
        let id = failed(platform, "one");
        platform.clock().advance(5);
        let operator = platform.operator();
        let asked = Arc::new(AtomicUsize::new(0));
        let seen = asked.clone();
        let handlers = Handlers::default().on("test", move |world: World, job: Job| {
            let first = seen.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                if first {
                    let row = world.db().read(|tx| store::job::list_due(tx, i64::MAX, "", 9)).await?.remove(0);
                    let now = world.now().as_micros();
                    world.db().write(move |tx| {
                        tx.unaudited("as a rerun does");
                        Ok::<_, Error>(store::job::move_due(tx, &row, now)?)
                    }).await?;
                }
                world.db().write(move |tx| { tx.unaudited("test"); job.finish(tx) }).await
            }
        });
        assert_eq!((run(platform, &handlers), asked.load(Ordering::SeqCst)), (2, 2));
        assert!(waiting(platform).is_empty());
        assert_eq!(refusal(operator.rerun_job(&id)).0, 404);
    }

    fn a_job_is_done_once_and_gone(platform) {
        let (handlers, attempts) = failing(0);
        enqueue(platform, "one");
        enqueue(platform, "two");
        assert_eq!((run(platform, &handlers), run(platform, &handlers)), (2, 0));
        assert_eq!((attempts.load(Ordering::SeqCst), waiting(platform).len()), (2, 0));
    }

    fn a_job_that_fails_waits_longer_each_time_and_says_why(platform) {
        let (handlers, attempts) = failing(2);
        enqueue(platform, "one");
        assert_eq!((run(platform, &handlers), run(platform, &handlers)), (1, 0));
        assert_eq!(waiting(platform)[0].last_error.as_deref(), Some("not yet"));
        platform.clock().advance(5);
        assert_eq!(run(platform, &handlers), 1);
        platform.clock().advance(5);
        assert_eq!(run(platform, &handlers), 0, "ten seconds now");
        platform.clock().advance(5);
        assert_eq!((run(platform, &handlers), attempts.load(Ordering::SeqCst)), (1, 3));
        assert!(waiting(platform).is_empty());
    }

    fn a_job_of_a_kind_nobody_knows_stays_and_says_so(platform) {
        enqueue(platform, "one");
        assert_eq!(run(platform, &Handlers::default()), 1);
        assert!(waiting(platform)[0].last_error.as_deref().unwrap().contains("no handler"));
    }

    fn an_effect_and_the_end_of_its_job_are_one(platform) {
        enqueue(platform, "one");
        let handlers = Handlers::default().on("test", |world: World, job: Job| async move {
            // The first attempt fails after its effect, in the same transaction: neither may stand.
            let fails = job.attempt() == 1;
            world.db().write(move |tx| {
                tx.unaudited("test");
                store::job::enqueue(tx, "effect", "of the job", i64::MAX, 0)?;
                job.finish(tx)?;
                if fails { Err(Error::internal("too late")) } else { Ok(()) }
            }).await
        });
        run(platform, &handlers);
        let kinds = |platform: &Platform| waiting(platform).into_iter().map(|job| job.kind).collect::<Vec<_>>();
        assert_eq!(kinds(platform), ["test"]);
        platform.clock().advance(5);
        run(platform, &handlers);
        assert_eq!(kinds(platform), ["effect"]);
    }

    fn a_process_that_dies_lets_its_lease_run_out_and_another_goes_on(platform) {
        enqueue(platform, "one");
        let stuck = Handlers::default().on("test", |_: World, _: Job| std::future::pending());
        platform.block_on(async {
            let mut runner = Runner::new(platform.world().clone(), stuck);
            runner.tick().await.unwrap();
            // Dropped with what it was doing, as a process that is killed.
        });
        let (handlers, attempts) = failing(0);
        assert_eq!(run(platform, &handlers), 0, "held");
        platform.clock().advance(61);
        assert_eq!((run(platform, &handlers), attempts.load(Ordering::SeqCst)), (1, 1));
    }

    fn whoever_comes_back_after_the_lease_ran_out_changes_nothing(platform) {
        enqueue(platform, "one");
        let clock = platform.clock().clone();
        let slow = Handlers::default().on("test", move |world: World, job: Job| {
            let clock = clock.clone();
            async move {
                clock.advance(61);
                // Meanwhile another process takes the job and does it.
                let (handlers, _) = failing(0);
                assert_eq!(Box::pin(job::run_due(&world, &handlers)).await.unwrap(), 1);
                let outcome = world.db().write(move |tx| {
                    tx.unaudited("test");
                    store::job::enqueue(tx, "effect", "of a slow one", i64::MAX, 0)?;
                    job.finish(tx)
                }).await;
                assert_eq!(outcome.unwrap_err().code(), "resource.stale");
                Ok(())
            }
        });
        assert_eq!(run(platform, &slow), 1);
        assert!(waiting(platform).is_empty());
    }

    fn two_processes_share_the_work_and_repeat_none(platform) {
        let subjects: Vec<&'static str> = (0..40).map(|n| &*Box::leak(format!("n{n}").into_boxed_str())).collect();
        subjects.iter().for_each(|subject| enqueue(platform, subject));
        let (handlers, attempts) = failing(0);
        platform.block_on(async {
            let both = [0, 1].map(|_| {
                let (world, handlers) = (platform.world().clone(), handlers.clone());
                tokio::spawn(async move { job::run_due(&world, &handlers).await.unwrap() })
            });
            let mut taken = 0;
            for one in both {
                taken += tokio::time::timeout(Duration::from_secs(60), one).await.unwrap().unwrap();
            }
            assert_eq!(taken, 40);
        });
        assert_eq!((attempts.load(Ordering::SeqCst), waiting(platform).len()), (40, 0));
    }

    /// A server does one of the long kind at a time, and the others meanwhile.
    fn a_long_job_keeps_no_other_waiting(platform) {
        let (now, world) = (platform.world().now(), platform.world().clone());
        for subject in ["first", "second"] {
            platform.write(move |tx| job::enqueue(tx, "long", subject, now));
        }
        enqueue(platform, "short");
        let (begun, go) = (Arc::new(AtomicUsize::new(0)), Arc::new(tokio::sync::Semaphore::new(0)));
        let (seen, may) = (begun.clone(), go.clone());
        let (handlers, short) = failing(0);
        let handlers = handlers.on_long("long", move |world: World, job: Job| {
            seen.fetch_add(1, Ordering::SeqCst);
            let may = may.clone();
            async move {
                may.acquire().await.unwrap().forget();
                let renewed = job.renewed(world.now());
                let held = renewed.clone();
                world.db().write(move |tx| { tx.unaudited("test"); job.renew(tx, &held) }).await?;
                world.db().write(move |tx| { tx.unaudited("test"); renewed.finish(tx) }).await
            }
        });
        platform.block_on(async {
            let mut runner = Runner::new(world.clone(), handlers.clone());
            let left = async || {
                let rows = world.db().read(|tx| store::job::list_due(tx, i64::MAX, "", 9)).await.unwrap();
                rows.into_iter().map(|row| row.subject).collect::<Vec<_>>()
            };
            while left().await.contains(&"short".to_owned()) {
                runner.tick().await.unwrap();
            }
            while begun.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
            runner.tick().await.unwrap();
            assert_eq!((begun.load(Ordering::SeqCst), short.load(Ordering::SeqCst)), (1, 1));
            go.add_permits(1);
            while left().await.len() == 2 {
                tokio::task::yield_now().await;
            }
            while begun.load(Ordering::SeqCst) == 1 {
                runner.tick().await.unwrap();
            }
            // What is under way when a server stops is left to its lease.
            runner.drain().await;
            assert_eq!((left().await.len(), begun.load(Ordering::SeqCst)), (1, 2));
        });
        platform.clock().advance(61);
        go.add_permits(1);
        assert_eq!((run(platform, &handlers), waiting(platform).len()), (1, 0));
    }

    fn a_long_job_that_lost_its_lease_cannot_renew_it(platform) {
        let now = platform.world().now();
        platform.write(move |tx| job::enqueue(tx, "long", "one", now));
        let clock = platform.clock().clone();
        let handlers = Handlers::default().on_long("long", move |world: World, job: Job| {
            let clock = clock.clone();
            async move {
                if job.attempt() == 1 {
                    clock.advance(61);
                    let row = world.db().read(|tx| store::job::list_due(tx, i64::MAX, "", 9)).await?.remove(0);
                    let until = world.now().as_micros();
                    let taken = world.db().write(move |tx| {
                        tx.unaudited("as another server does");
                        store::job::lease(tx, &row, until)
                    });
                    assert!(taken.await?);
                    let renewed = job.renewed(world.now());
                    let held = world.db().write(move |tx| { tx.unaudited("test"); job.renew(tx, &renewed) }).await;
                    assert_eq!(held.unwrap_err().code(), "resource.stale");
                    return Ok(());
                }
                world.db().write(move |tx| { tx.unaudited("test"); job.finish(tx) }).await
            }
        });
        assert_eq!((run(platform, &handlers), waiting(platform).len()), (2, 0));
    }
}
