use crate::harness::{Platform, refusal};
use domain::org::Role;
use sdk::types::audit::{ExportLine, HeadView};
use server::audit::{export, service};

fn auditor(platform: &Platform) -> sdk::client::Staff {
    platform.staff(Role::AuditAdmin, "000000")
}

fn seal(platform: &Platform) {
    platform.block_on(service::seal(platform.world())).unwrap();
}

/// The export as the file it makes.
fn file(lines: &[ExportLine]) -> String {
    lines.iter().map(|line| export::write_line(line).unwrap()).collect()
}

fn heads(lines: &[ExportLine]) -> Vec<&HeadView> {
    lines
        .iter()
        .filter_map(|line| if let ExportLine::Head(head) = line { Some(head) } else { None })
        .collect()
}

on_both! {
    fn an_export_is_a_file_that_proves_itself(platform) {
        for _ in 0..3 {
            let channel = platform.channel();
            channel.client();
            seal(platform);
        }
        let lines = auditor(platform).export_audit().all().unwrap();
        let report = export::verify_file(file(&lines).as_bytes()).unwrap();
        assert_eq!(report.faults(), Vec::<String>::new());
        assert_eq!((report.keys.len(), report.heads), (1, heads(&lines).len() as u64));
        assert_eq!(report.evidence.records, report.evidence.sealed, "the export itself is on record, and sealed");
        let signer = report.keys[0].0.clone();
        let known = platform.config(platform.world()).platform_keys.data;
        assert!(known.iter().any(|key| key.key_id == signer));
    }

    fn an_export_comes_in_pages_that_make_the_same_file(platform) {
        for _ in 0..4 {
            platform.world().db().write_blocking(|tx| {
                let at = domain::time::Timestamp::EPOCH;
                tx.audit(&domain::audit::Record::done(at, domain::audit::Actor::System, "test.done"));
                Ok::<_, server::Error>(())
            }).unwrap();
            seal(platform);
        }
        let staff = auditor(platform);
        let pages: Vec<ExportLine> =
            staff.client().list("/api/v1/audit/export?limit=2").collect::<Result<_, _>>().unwrap();
        assert!(heads(&pages).len() > 2, "more than a page of heads");
        let report = export::verify_file(file(&pages).as_bytes()).unwrap();
        assert!(report.is_sound(), "{:?}", report.faults());
        assert_eq!(report.evidence.records, report.evidence.sealed);
    }

    fn a_head_is_made_when_something_was_recorded_and_only_then(platform) {
        let staff = auditor(platform);
        seal(platform);
        let first = staff.audit_head().unwrap();
        seal(platform);
        assert_eq!(staff.audit_head().unwrap(), first);
        platform.channel();
        staff.export_audit().all().unwrap();
        let later = staff.audit_head().unwrap();
        assert!(later.size > first.size && later.at > first.at);
    }

    fn heads_that_many_make_at_once_follow_each_other(platform) {
        let world = platform.world().clone();
        let writers = (0..4).map(|_| {
            let world = world.clone();
            std::thread::spawn(move || for _ in 0..15 {
                world.db().write_blocking(|tx| {
                    let at = domain::time::Timestamp::EPOCH;
                    tx.audit(&domain::audit::Record::done(at, domain::audit::Actor::System, "test.done"));
                    Ok::<_, server::Error>(())
                }).unwrap();
            })
        });
        let writers: Vec<_> = writers.collect();
        platform.block_on(async {
            let mut tasks = tokio::task::JoinSet::new();
            for _ in 0..3 {
                let world = world.clone();
                tasks.spawn(async move {
                    for _ in 0..15 {
                        service::seal(&world).await.unwrap();
                    }
                });
            }
            while let Some(done) = tasks.join_next().await {
                done.unwrap();
            }
        });
        writers.into_iter().for_each(|thread| thread.join().unwrap());
        let lines = auditor(platform).export_audit().all().unwrap();
        let report = export::verify_file(file(&lines).as_bytes()).unwrap();
        assert!(report.is_sound(), "{:?}", report.faults());
        assert!(report.heads > 1);
    }

    fn the_trail_is_for_those_who_see_the_whole_country(platform) {
        let early = platform.staff(Role::SecurityAdmin, "000000");
        assert_eq!(refusal(early.audit_head()), (404, "resource.not_found".into()), "nothing is sealed yet");
        seal(platform);
        let forbidden = |role, division: &str| {
            let staff = platform.staff(role, division);
            (refusal(staff.audit_head()), refusal(staff.export_audit().all()))
        };
        let (head, whole) = forbidden(Role::OperatorClerk, "000000");
        assert_eq!((head, whole), ((403, "staff.role".into()), (403, "staff.role".into())));
        let (head, whole) = forbidden(Role::SecurityAdmin, "000000");
        assert_eq!((head.0, whole), (200, (403, "staff.role".into())), "the head is not the trail");
    }
}
