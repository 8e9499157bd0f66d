//! Sendings that begin later: when they begin, who takes them back, and what becomes of one that a rule refuses at its moment.

use super::{agreed, end, got, pause, standings};
use crate::desk::{Desk, day_after};
use crate::harness::{HANGZHOU, Platform, refusal};
use domain::org::{OrgKind, Role};
use domain::time::Timestamp;
use sdk::client::Staff;
use sdk::types::notice::SendNotice;
use sdk::types::sending::Audience;
use sdk::types::staff::DecideOnStaff;
use serde_json::{Value, json};
use server::World;
use server::job::{registered, run_due};
use store::db::Engine;

/// A moment so many seconds from now.
pub fn after(platform: &Platform, seconds: i64) -> Timestamp {
    platform.world().now().plus_seconds(seconds)
}

/// A notice that is to be sent then.
pub fn plan(platform: &Platform, at: Timestamp) -> Value {
    let mut opening = pause(platform);
    opening["acknowledge_by"] = json!(day_after(platform, 0, 20));
    json!({"audience": {}, "opening": opening, "send_at": at.to_string()})
}

/// A notice that is planned: its id.
pub fn planned(by: &Desk<'_>, body: &Value) -> String {
    let answer = by.send("POST", "/api/v1/notices", 0, body);
    assert_eq!(answer.status, 201, "{}", answer.json());
    answer.json()["sending_id"].as_str().unwrap().to_owned()
}

fn work_in(platform: &Platform, world: &World) -> usize {
    platform.block_on(run_due(world, &registered())).unwrap()
}

fn work(platform: &Platform) -> usize {
    work_in(platform, platform.world())
}

fn cancel(by: &Desk<'_>, sending: &str) -> crate::harness::Reply {
    by.send("POST", &format!("/api/v1/sendings/{sending}/cancel"), 0, &Value::Null)
}

/// The actions on record about a sending, in order.
fn recorded(platform: &Platform, sending: &str) -> Vec<String> {
    platform.block_on(server::audit::service::seal(platform.world())).unwrap();
    let proofs = platform.staff(Role::AuditAdmin, "000000").audit_proofs(sending, None).all().unwrap();
    let lines = proofs.iter().map(|proof| serde_json::to_vec(proof).unwrap());
    let records = lines.map(|line| server::audit::proof::verify_line(&line).unwrap().record);
    let mut records: Vec<_> = records.collect();
    records.sort_by_key(|record| record.at);
    records.into_iter().map(|record| record.action.as_str().to_owned()).collect()
}

on_both! {
    /// What is planned is put to whom it concerns at its moment, not to whom it concerned when it was planned, and once.
    fn a_planned_notice_is_sent_at_its_moment_and_once(platform) {
        let (early, gone) = (platform.channel_in(platform.world(), &[HANGZHOU]), platform.channel_in(platform.world(), &[HANGZHOU]));
        let operator = Desk::operator(platform);
        let at = after(platform, 2 * 86_400);
        let body = plan(platform, at);
        let tried = operator.send("POST", "/api/v1/notices?dry_run=true", 0, &body).json();
        assert_eq!(tried["channel_ids"].as_array().unwrap().len(), 2, "it says whom it would reach now");
        let answer = operator.send_keyed("K-1", ("POST", "/api/v1/notices"), 0, &body);
        let told = answer.json();
        assert_eq!((answer.status, &told["send_at"], &told["channel_ids"]), (201, &json!(at.to_string()), &json!([])));
        let sending = told["sending_id"].as_str().unwrap().to_owned();
        assert_eq!(operator.send_keyed("K-1", ("POST", "/api/v1/notices"), 0, &body).json(), told);
        let waiting = got(&operator, &format!("sendings/{sending}"));
        assert_eq!((&waiting["state"], &waiting["sent_at"], &waiting["counts"]["channels"]), (&json!("planned"), &Value::Null, &json!(0)));

        let late = platform.channel_in(platform.world(), &[HANGZHOU]);
        end(platform, &gone);
        platform.clock().advance(86_400);
        assert_eq!((work(platform), operator.list("notice", &early).len()), (0, 0), "not before");
        platform.clock().advance(86_400);
        assert_eq!(work(platform), 1);
        let sent = got(&operator, &format!("sendings/{sending}"));
        assert_eq!((&sent["state"], &sent["send_at"]), (&json!("sent"), &json!(at.to_string())));
        assert!(sent["sent_at"].as_str().unwrap().parse::<Timestamp>().unwrap() >= at);
        let mut reached = standings(&sent, "open");
        reached.sort();
        let mut expected = vec![early.id.clone(), late.id.clone()];
        expected.sort();
        assert_eq!(reached, expected);
        assert_eq!((work(platform), operator.list("notice", &early).len()), (0, 1));
        assert_eq!(operator.list("notice", &gone), [""; 0]);
        let again = operator.send_keyed("K-1", ("POST", "/api/v1/notices"), 0, &body);
        assert_eq!((again.status, &again.json()["sending_id"]), (201, &json!(sending)), "its key holds");
        assert_eq!(recorded(platform, &sending), ["sending.planned", "sending.sent"]);
        assert_eq!(cancel(&operator, &sending).code(), "sending.not_planned");
    }

    /// A plan lies ahead and not too far, and what would be wrong with it at its moment is wrong now.
    fn a_plan_that_could_not_be_kept_is_refused_at_once(platform) {
        platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let refused = |body: &Value| {
            let refused = operator.send("POST", "/api/v1/notices", 0, body);
            let fault = refused.json()["errors"][0].clone();
            (refused.status, fault["pointer"].as_str().unwrap().to_owned(), fault["code"].as_str().unwrap().to_owned())
        };
        let now = platform.world().now();
        let at = |pointer: &str, code: &str| (422, pointer.to_owned(), code.to_owned());
        assert_eq!(refused(&plan(platform, now)), at("/send_at", "sending.past"));
        let mut far = plan(platform, now.plus_seconds(91 * 86_400));
        far["opening"]["acknowledge_by"] = json!(day_after(platform, 4, 0));
        assert_eq!(refused(&far), at("/send_at", "sending.far"));
        far["send_at"] = json!("next Monday");
        assert_eq!(refused(&far), at("/send_at", "time.timestamp"));
        let mut over = plan(platform, after(platform, 5 * 86_400));
        over["opening"]["acknowledge_by"] = json!(day_after(platform, 0, 2));
        assert_eq!(refused(&over), at("/opening/acknowledge_by", "notice.past"), "by then the day is over");
        assert_eq!(got(&operator, "sendings")["data"], json!([]));
        assert_eq!(platform.read(|tx| Ok(store::job::list_due(tx, i64::MAX, "", 9)?)), []);
        let owner = Desk::stranger(platform);
        let body = plan(platform, after(platform, 60));
        assert_eq!(owner.send("POST", "/api/v1/notices", 0, &body).code(), "staff.role");
    }

    /// Whoever may send takes it back, with the proof that sending it asks for; it never begins.
    fn what_is_taken_back_is_never_sent(platform) {
        let (channel, _, _) = agreed(platform, "2026-01");
        let (operator, other) = (Desk::operator(platform), Desk::operator(platform));
        let sending = planned(&operator, &plan(platform, after(platform, 3600)));
        assert_eq!(cancel(&Desk::stranger(platform), &sending).code(), "staff.role");
        let cancelled = cancel(&other, &sending);
        assert_eq!((cancelled.status, &cancelled.json()["state"]), (200, &json!("cancelled")));
        assert_eq!((cancel(&operator, &sending).status, cancel(&operator, &sending).code().as_str()), (409, "sending.not_planned"));
        platform.clock().advance(3600);
        assert_eq!((work(platform), operator.list("notice", &channel).len()), (0, 0));
        assert_eq!(recorded(platform, &sending), ["sending.planned", "sending.cancelled"]);

        let text = json!({"version": "2026-02", "text": "新的协议文本", "effective_on": day_after(platform, 3, 0), "words": "调整"});
        let amendment = json!({"audience": {}, "amendment": text, "send_at": after(platform, 3600).to_string()});
        let clerk = platform.token(platform.world(), Role::OperatorClerk, platform.org(OrgKind::Operator, "000000"));
        platform.enrol(platform.world(), &clerk, None);
        let unproven = crate::coverage::scene::Actor::Staff(&clerk);
        let bytes = serde_json::to_vec(&amendment).unwrap();
        let refused = crate::coverage::scene::send(platform, &unproven, "POST", "/api/v1/amendments", &bytes);
        assert_eq!(refused.code(), "staff.step_up_required", "planning is sending");
        let answer = operator.send("POST", "/api/v1/amendments", 0, &amendment);
        let sending = answer.json()["sending_id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/sendings/{sending}/cancel");
        assert_eq!(crate::coverage::scene::send(platform, &unproven, "POST", &path, b"").code(), "staff.step_up_required");
        assert_eq!(cancel(&operator, &sending).status, 200);
    }

    /// CH-25.1: another text is announced at its moment to every agreement that is in force then.
    fn another_text_is_announced_at_its_moment(platform) {
        let (channel, owner, _) = agreed(platform, "2026-01");
        let operator = Desk::operator(platform);
        let text = |months: i32| json!({"version": "2026-02", "text": "新的协议文本", "effective_on": day_after(platform, months, 0), "words": "调整"});
        let body = |months: i32| json!({"audience": {}, "amendment": text(months), "send_at": after(platform, 10 * 86_400).to_string()});
        let early = operator.send("POST", "/api/v1/amendments", 0, &body(2));
        assert_eq!((early.status, &early.json()["errors"][0]["pointer"]), (422, &json!("/amendment/effective_on")), "two months from its moment");
        let answer = operator.send("POST", "/api/v1/amendments", 0, &body(3));
        let sending = answer.json()["sending_id"].as_str().unwrap().to_owned();
        platform.clock().advance(10 * 86_400);
        assert_eq!(work(platform), 1);
        let sent = got(&operator, &format!("sendings/{sending}"));
        assert_eq!((&sent["state"], standings(&sent, "open")), (&json!("sent"), vec![channel.id.clone()]));
        let agreement = owner.list("agreement", &channel)[0].clone();
        assert_eq!(owner.see(&agreement)["body"]["amendment"]["text"]["version"], "2026-02");
    }

    /// What a rule refuses at its moment is kept with the reason, the operator is told, and no channel hears of it.
    fn what_is_refused_at_its_moment_has_failed_with_its_reason(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let org = platform.org(OrgKind::Operator, "000000");
        let clerk = platform.staff_of(Role::OperatorClerk, org);
        let operator = Desk::operator(platform);
        let wish = |platform: &Platform| {
            let opening = plan(platform, after(platform, 60))["opening"].clone();
            let audience = Audience::default();
            SendNotice { audience, opening, send_at: Some(after(platform, 60).to_string()) }
        };
        let of = |clerk: &Staff| clerk.send_notice(&wish(platform)).unwrap().sending_id.unwrap();
        let orphan = of(&clerk);
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let who = clerk.whoami().unwrap().staff.staff_id;
        security.disable_staff(&who, &DecideOnStaff { reason: "离职".into() }).unwrap();
        platform.clock().advance(60);
        assert_eq!(work(platform), 1);
        let failed = got(&operator, &format!("sendings/{orphan}"));
        assert_eq!((&failed["state"], &failed["failure"]["code"]), (&json!("failed"), &json!("sending.planner")));
        assert_eq!((&failed["failure"]["zh"], &failed["sent_at"]), (&json!("安排人已无权发送"), &Value::Null));
        let told = got(&operator, "messages")["data"][0].clone();
        assert!(told["zh"].as_str().unwrap().contains("今晚停服”未能发出"), "{told}");
        assert_eq!(recorded(platform, &orphan), ["sending.planned", "sending.failed"]);

        let lonely = planned(&operator, &plan(platform, after(platform, 60)));
        end(platform, &channel);
        platform.clock().advance(60);
        assert_eq!(work(platform), 1);
        let failed = got(&operator, &format!("sendings/{lonely}"));
        let words = "须至少包含1个、至多2000个可发送的渠道";
        let failure = json!({"code": "sending.audience", "zh": words, "en": "it must reach 1 to 2000 channels"});
        assert_eq!(failed["failure"], failure, "nobody is left to tell");
        assert_eq!((work(platform), operator.list("notice", &channel).len()), (0, 0));
        assert_eq!(refusal(platform.staff(Role::OperatorClerk, "000000").cancel_sending(&lonely)), (409, "sending.not_planned".into()));
    }

    /// A channel that is named and has gone by then holds up nobody else.
    fn a_named_channel_that_has_gone_by_then_is_left_out(platform) {
        let (stays, goes) = (platform.channel_in(platform.world(), &[HANGZHOU]), platform.channel_in(platform.world(), &[HANGZHOU]));
        let operator = Desk::operator(platform);
        let mut body = plan(platform, after(platform, 60));
        body["audience"] = json!({"channel_ids": [stays.id, goes.id, goes.id]});
        let sending = planned(&operator, &body);
        end(platform, &goes);
        platform.clock().advance(60);
        assert_eq!(work(platform), 1);
        let sent = got(&operator, &format!("sendings/{sending}"));
        assert_eq!(standings(&sent, "open"), [stays.id.as_str()]);
        assert_eq!((&sent["left_out"][0]["channel_id"], &sent["left_out"][0]["code"]), (&json!(goes.id), &json!("sending.gone")));
    }

    /// A process that dies with the job in its hands leaves it to whoever comes next, and it is done once.
    fn a_sending_outlives_the_process_that_had_begun_it(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let sending = planned(&operator, &plan(platform, after(platform, 60)));
        platform.clock().advance(60);
        let lease = after(platform, 3600).as_micros();
        platform.write(move |tx| {
            let row = store::job::list_due(tx, i64::MAX, "", 9)?.remove(0);
            assert!(store::job::lease(tx, &row, lease)?);
            Ok(())
        });
        assert_eq!(work(platform), 0, "it is in somebody's hands");
        platform.clock().advance(3600);
        assert_eq!((work(platform), work(platform)), (1, 0));
        assert_eq!(got(&operator, &format!("sendings/{sending}"))["state"], "sent");
        assert_eq!(operator.list("notice", &channel).len(), 1);
    }
}

/// Two servers that come to it at the same instant send it once.
#[test]
fn two_servers_send_it_once() {
    Platform::run(Engine::Postgres, |platform| {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let sending = planned(&operator, &plan(platform, after(platform, 60)));
        let twin = platform.twin_world();
        platform.clock().advance(60);
        let handlers = registered();
        let (own, other) = platform.block_on(async {
            tokio::join!(run_due(platform.world(), &handlers), run_due(&twin, &handlers))
        });
        assert_eq!(own.unwrap() + other.unwrap(), 1);
        assert_eq!(got(&operator, &format!("sendings/{sending}"))["state"], "sent");
        assert_eq!(operator.list("notice", &channel).len(), 1);
    });
}
