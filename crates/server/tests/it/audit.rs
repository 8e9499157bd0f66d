use crate::desk::Desk;
use crate::harness::{HANGZHOU, Platform, refusal};
use crate::qr::scene::{counter, scanner};
use domain::org::{OrgKind, Role};
use sdk::client::Acceptance;
use sdk::types::audit::{ExportLine, HeadView, ProofView};
use serde_json::{Value, json};
use server::audit::{export, proof, service};

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
    /// ND-2.4b: who did what to a thing and when is read by whoever may see the thing, and each line can be proven.
    fn the_records_about_a_thing_are_read_by_whoever_may_see_it(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let matter = owner.open("suggestion", &channel, &opening);
        operator.act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        let page = |desk: &Desk<'_>, path: &str| desk.send("GET", path, 0, &Value::Null);
        let actions = |body: &Value| -> Vec<String> {
            let rows = body["data"].as_array().unwrap();
            rows.iter().map(|row| row["action"].as_str().unwrap().to_owned()).collect()
        };

        let of_matter = format!("/api/v1/matters/{matter}/trail");
        let seen = page(&owner, &of_matter).json();
        assert_eq!(actions(&seen), ["suggestion.answer", "suggestion.open"]);
        let newest = &seen["data"][0];
        assert!(newest["actor"].as_str().unwrap().starts_with("stf_") && newest["actor_org"].is_string());
        assert_eq!((&newest["object"], &newest["outcome"]), (&json!(matter), &json!("done")));
        let of_channel = page(&operator, &format!("/api/v1/channels/{}/trail", channel.id)).json();
        assert_eq!(actions(&of_channel)[..2], ["suggestion.answer", "suggestion.open"]);

        let first = page(&owner, &format!("{of_matter}?limit=1")).json();
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = page(&owner, &format!("{of_matter}?limit=1&cursor={cursor}")).json();
        assert_eq!((actions(&first), actions(&rest)), (vec!["suggestion.answer".into()], vec!["suggestion.open".into()]));
        assert_eq!((&rest["has_more"], &rest["data"][0]), (&json!(false), &seen["data"][1]));

        let proof = newest["proof"].as_str().unwrap();
        let proofs: Vec<ProofView> = auditor(platform).client().list(proof).collect::<Result<_, _>>().unwrap();
        let is_it = |proof: &&ProofView| proof.log == newest["log"] && proof.place == newest["place"];
        let line = serde_json::to_string(proofs.iter().find(is_it).unwrap()).unwrap();
        assert_eq!(proof::verify_line(line.as_bytes()).unwrap().record.action.as_str(), "suggestion.answer");

        let elsewhere = platform.new_org(OrgKind::ChannelOwner, HANGZHOU);
        let stranger = platform.token(platform.world(), Role::ChannelAdmin, elsewhere);
        let bearer = format!("Bearer {}", stranger.expose());
        for path in [&of_matter, &format!("/api/v1/channels/{}/trail", channel.id)] {
            assert_eq!(platform.request("GET", path, &[("authorization", &bearer)], &[]).status, 404);
        }
        assert_eq!(page(&Desk::province(platform, "440000"), &of_matter).status, 404);
        assert_eq!(page(&Desk::province(platform, "330000"), &of_matter).status, 200);
    }

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

    /// ND-2.4b: whoever scanned a code, and the channel that showed it, can prove what the platform recorded.
    fn who_took_part_proves_a_single_record_without_the_platform(platform) {
        let counter = counter(platform);
        let scanned = counter.scan().unwrap();
        let proofs = counter.terminal.proofs(&scanned.use_id, None).all().unwrap();
        assert_eq!(proofs.len(), 1);
        let line = serde_json::to_vec(&proofs[0]).unwrap();
        let checked = proof::verify_line(&line).unwrap();
        assert_eq!(checked.record.action.as_str(), "code.verify");
        let terminal: domain::id::TerminalId = counter.handle.id.parse().unwrap();
        let actor = domain::audit::Reference::new("trm", terminal.as_bytes());
        assert_eq!(checked.record.actor, domain::audit::Actor::Party(actor));
        let known = platform.config(platform.world()).platform_keys.data;
        let point = &known.iter().find(|key| key.key_id == checked.key_id).unwrap().public_key;
        assert_eq!(&proofs[0].key.public_key, point, "the platform's published key");
        // More is recorded; what is proven stays where it is.
        platform.channel();
        seal(platform);
        let at = Some(scanned.verified_at.as_str());
        assert_eq!(counter.client.proofs(&scanned.use_id, at).all().unwrap(), proofs, "the channel that showed it");
        assert_eq!(auditor(platform).audit_proofs(&scanned.use_id, at).all().unwrap(), proofs);
        let elsewhere = scanner(platform).terminal();
        let nothing = (404, "resource.not_found".into());
        assert_eq!(refusal(elsewhere.proofs(&scanned.use_id, at).all()), nothing, "another terminal");
        let late = Some("2100-01-01T00:00:00+08:00");
        assert_eq!(refusal(counter.terminal.proofs(&scanned.use_id, late).all()), nothing);
        for bad in ["use_1", "nothing"] {
            assert_eq!(refusal(counter.terminal.proofs(bad, None).all()), (422, "request.fields".into()));
        }
        assert_eq!(refusal(counter.terminal.proofs(&scanned.use_id, Some("today")).all()).0, 422);
    }

    fn one_changed_byte_of_a_proof_is_found(platform) {
        let counter = counter(platform);
        let scanned = counter.scan().unwrap();
        let proofs = counter.terminal.proofs(&scanned.use_id, None).all().unwrap();
        let whole = serde_json::to_vec(&proofs[0]).unwrap();
        assert!(proof::verify_line(&whole).is_ok());
        for at in 0..whole.len() {
            // Another letter or digit, and the same letter in upper case.
            for flip in [1, 0x20].into_iter().filter(|flip| *flip == 1 || whole[at].is_ascii_alphabetic()) {
                let mut changed = whole.clone();
                changed[at] ^= flip;
                let around = String::from_utf8_lossy(&whole[at.saturating_sub(20)..=at]).into_owned();
                assert!(proof::verify_line(&changed).is_err(), "byte {at}, after {around}");
            }
        }
    }

    /// A record far back in its log, in a block with others, under a head that covers many more.
    fn a_record_is_proven_wherever_it_stands_in_its_log(platform) {
        let write = |count: u8| {
            platform.world().db().write_blocking(move |tx| {
                for n in 0..count {
                    let at = domain::time::Timestamp::EPOCH;
                    let mut record = domain::audit::Record::done(at, domain::audit::Actor::System, "test.done");
                    record.object = Some(domain::audit::Reference::new("chn", &[n; 16]));
                    tx.audit(&record);
                }
                Ok::<_, server::Error>(())
            }).unwrap();
        };
        let now = platform.world().real_now().to_string();
        for count in [3, 1, 7, 2] {
            write(count);
        }
        seal(platform);
        write(5);
        let staff = auditor(platform);
        for n in 0..7 {
            let id = domain::id::ChannelId::from_bytes([n; 16]).to_string();
            let proofs = staff.audit_proofs(&id, Some(&now)).all().unwrap();
            let expected = [3, 1, 7, 2, 5].into_iter().filter(|count| *count > n).count();
            assert_eq!(proofs.len(), expected, "{n}");
            for proof in proofs {
                proof::verify_line(&serde_json::to_vec(&proof).unwrap()).unwrap();
            }
        }
    }

    /// A caller who keeps what answers carry is a witness of the trail.
    fn answers_to_callers_carry_the_newest_head(platform) {
        let reply = || platform.request("POST", "/api/v1/ping", &[], b"{}");
        platform.channel();
        seal(platform);
        let head = auditor(platform).audit_head().unwrap();
        let line = reply().header("ykt-audit-head").to_owned();
        assert!(line.contains(&format!("at={};", head.at)) && line.contains(&format!("root={};", head.root)));
        assert!(line.ends_with(&format!("keyid={};sig={}", head.key_id, head.signature)), "{line}");
        let attempt = br#"{"login":"nobody","password":"not the password"}"#;
        let headers = [("content-type", "application/json")];
        assert_eq!(platform.request("POST", "/api/v1/staff/sessions", &headers, attempt).status, 401);
        seal(platform);
        assert_ne!(reply().header("ykt-audit-head"), line);
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
