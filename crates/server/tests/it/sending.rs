//! Sendings: what is put to many channels at once, who has answered, and who is reminded.

pub mod plan;

use crate::desk::{Desk, day_after, move_to, today};
use crate::harness::{CallerHandle, HANGZHOU, Platform, Reply, refusal};
use data_encoding::HEXLOWER;
use domain::org::Role;
use domain::time::BusinessDate;
use gm::sm2::SigningKey;
use sdk::types::notice::SendNotice;
use sdk::types::sending::Audience;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Barrier;

fn pause(platform: &Platform) -> Value {
    json!({"topic": "pause", "subject": "今晚停服", "words": "22时至24时", "acknowledge_by": today(platform)})
}

fn got(by: &Desk<'_>, path: &str) -> Value {
    let reply = by.send("GET", &format!("/api/v1/{path}"), 0, &Value::Null);
    assert_eq!(reply.status, 200, "{}", reply.json());
    reply.json()
}

fn remind(by: &Desk<'_>, sending: &str) -> Reply {
    by.send("POST", &format!("/api/v1/sendings/{sending}/reminders"), 0, &Value::Null)
}

/// The channels of a sending that stand there.
fn standings(sending: &Value, standing: &str) -> Vec<String> {
    let entries = sending["entries"].as_array().unwrap().iter().filter(|one| one["standing"] == standing);
    entries.map(|one| one["channel_id"].as_str().unwrap().to_owned()).collect()
}

/// A live channel of class 社会, which signs agreements, of an owner of its own.
fn social(platform: &Platform) -> CallerHandle {
    of_class(platform, "social")
}

/// Ends a channel at once.
fn end(platform: &Platform, channel: &CallerHandle) {
    let id = channel.owner;
    platform.write(move |tx| {
        let mut row = store::channel::lock(tx, &id)?.unwrap();
        row.phase = "terminated".into();
        Ok(store::channel::update(tx, &row)?)
    });
}

/// A live channel of a class, of an owner of its own.
fn of_class(platform: &Platform, class: &str) -> CallerHandle {
    let org = platform.new_org(domain::org::OrgKind::ChannelOwner, "330000");
    owned_by(platform, class, org)
}

/// A live channel of a class, of this owner.
pub fn owned_by(platform: &Platform, class: &str, org: domain::id::OrgId) -> CallerHandle {
    let model = platform.channel_in(platform.world(), &["310000"]).owner;
    let id = platform.world().id(domain::id::ChannelId::make);
    let mut row = platform.read(move |tx| Ok(store::channel::find(tx, &model)?.unwrap()));
    (row.id, row.number, row.class) = (*id.as_bytes(), format!("{:010}", platform.unique()), class.into());
    (row.owner_id, row.regions) = (*org.as_bytes(), HANGZHOU.to_owned());
    platform.write(move |tx| Ok(store::channel::insert(tx, &row)?));
    platform.caller(platform.world(), id.to_string(), *id.as_bytes())
}

/// Such a channel with an agreement in force; the owner's desk and key.
pub fn agreed<'a>(platform: &'a Platform, version: &str) -> (CallerHandle, Desk<'a>, SigningKey) {
    agreed_for(platform, version, 24)
}

/// The same for so many months.
fn agreed_for<'a>(
    platform: &'a Platform,
    version: &str,
    months: i32,
) -> (CallerHandle, Desk<'a>, SigningKey) {
    let channel = social(platform);
    let (owner, key) = agree(platform, &channel, version, months);
    (channel, owner, key)
}

/// Brings an agreement of so many months with a channel in force; the owner's desk and key.
pub fn agree<'a>(
    platform: &'a Platform,
    channel: &CallerHandle,
    version: &str,
    months: i32,
) -> (Desk<'a>, SigningKey) {
    let (owner, key) = (Desk::owner(platform, channel), SigningKey::generate());
    owner.register_key(&key);
    let text = json!({"version": version, "text": "协议文本", "from": today(platform), "until": day_after(platform, months, 0)});
    let matter = Desk::operator(platform).open("agreement", channel, &text);
    sign(&owner, &matter, &key);
    (owner, key)
}

fn sign(owner: &Desk<'_>, matter: &str, key: &SigningKey) {
    let statement = owner.see(matter)["body"]["statement"].as_str().unwrap().to_owned();
    owner.act(
        matter,
        &json!({
            "action": "sign", "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
            "signature": HEXLOWER.encode(key.sign(statement.as_bytes()).as_bytes()),
        }),
    );
}

on_both! {
    /// CH-17.1: what is sent to many is one sending; it knows who has acknowledged, and reminds the others once a day.
    fn a_notice_to_many_is_one_sending_that_knows_who_has_not_acknowledged(platform) {
        let channels = [(); 3].map(|()| platform.channel_in(platform.world(), &[HANGZHOU]));
        let operator = Desk::operator(platform);
        let sent = operator.send("POST", "/api/v1/notices", 0, &json!({"audience": {}, "opening": pause(platform)}));
        assert_eq!(sent.status, 201, "{}", sent.json());
        let sending = sent.json()["sending_id"].as_str().unwrap().to_owned();
        assert_eq!(sent.json()["channel_ids"].as_array().unwrap().len(), 3);
        let owner = Desk::owner(platform, &channels[1]);
        let notice = owner.list("notice", &channels[1])[0].clone();
        owner.act(&notice, &json!({"action": "acknowledge"}));
        let taken_back = operator.list("notice", &channels[2])[0].clone();
        operator.act(&taken_back, &json!({"action": "withdraw", "words": "误发"}));

        let listed = got(&operator, "sendings")["data"][0].clone();
        assert_eq!((&listed["sending_id"], &listed["title"]), (&json!(sending), &json!("今晚停服")));
        let counts = |open, late| json!({"channels": 3, "read": 1, "answered": 1, "late": late, "open": open, "dropped": 1, "left_out": 0});
        assert_eq!(listed["counts"], counts(1, 0));
        let whole = got(&operator, &format!("sendings/{sending}"));
        assert_eq!(whole["content"]["words"], "22时至24时", "the words are kept with it");
        assert_eq!(standings(&whole, "open"), [channels[0].id.as_str()]);

        let row = |outcome: &str| json!({"rows": [{"channel_id": channels[0].id, "outcome": outcome}]});
        let reminded = || {
            let mut reply = remind(&operator, &sending).json();
            reply["rows"][0].as_object_mut().unwrap().remove("matter_id");
            reply
        };
        assert_eq!(reminded(), row("now"));
        assert_eq!(reminded(), row("already"), "once a day");
        let slow = Desk::owner(platform, &channels[0]);
        let told = got(&slow, "messages")["data"][0].clone();
        assert!(told["zh"].as_str().unwrap().contains("催办"), "{told}");
        let read = format!("/api/v1/messages/{}/read", told["message_id"].as_str().unwrap());
        assert_eq!(slow.send("POST", &read, 0, &Value::Null).status, 200);
        // A last day that is no working day is the next one that is.
        let unanswered = slow.list("notice", &channels[0])[0].clone();
        let due_on = got(&slow, &format!("matters/{unanswered}"))["waits"][0]["due_on"].clone();
        let due_on: BusinessDate = due_on.as_str().unwrap().parse().unwrap();
        move_to(platform, &due_on.plus_days(1).to_string());
        let whole = got(&operator, &format!("sendings/{sending}"));
        assert_eq!(standings(&whole, "late"), [channels[0].id.as_str()], "the day to acknowledge it is over");
        assert_eq!(whole["counts"]["read"], 2, "read and not acknowledged");
        assert_eq!(reminded(), row("now"), "the next day again");
        assert_eq!(owner.send("GET", &format!("/api/v1/sendings/{sending}"), 0, &Value::Null).status, 403);
    }

    /// What a dry run says is what the sending does: the same channels, the same faults, and nothing is left of it.
    fn a_dry_run_names_the_channels_and_leaves_nothing(platform) {
        let near = platform.channel_in(platform.world(), &[HANGZHOU]);
        platform.channel_in(platform.world(), &["440300"]);
        let operator = Desk::operator(platform);
        let body = json!({"audience": {"regions": ["330000"]}, "opening": pause(platform)});
        let tried = operator.send("POST", "/api/v1/notices?dry_run=true", 0, &body);
        assert_eq!((tried.status, &tried.json()["sending_id"]), (200, &Value::Null));
        assert_eq!((&tried.json()["channel_ids"], &tried.json()["matter_ids"]), (&json!([near.id]), &json!([])));
        assert_eq!(operator.list("notice", &near), [""; 0]);
        assert_eq!(got(&operator, "sendings")["data"], json!([]));
        let wrong = json!({"audience": {}, "opening": {"topic": "pause", "subject": "", "words": "x", "acknowledge_by": today(platform)}});
        for path in ["/api/v1/notices", "/api/v1/notices?dry_run=true"] {
            let refused = operator.send("POST", path, 0, &wrong);
            assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!("/opening/subject")));
        }
    }

    /// Whoever repeats a request because its answer was lost has the answer of the first, and nobody is told twice.
    fn a_repeated_request_is_one_sending(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let (operator, other) = (Desk::operator(platform), Desk::operator(platform));
        let body = json!({"audience": {}, "opening": pause(platform)});
        let post = |by: &Desk<'_>, query: &str, body: &Value| {
            by.send_keyed("K-1", ("POST", &format!("/api/v1/notices{query}")), 0, body)
        };
        assert_eq!(post(&operator, "?dry_run=true", &body).status, 200);
        let first = post(&operator, "", &body);
        assert_eq!((first.status, first.headers.get("idempotency-replayed")), (201, None), "a dry run is kept under no key");
        let again = post(&operator, "", &body);
        assert_eq!((again.status, again.json()), (201, first.json()));
        assert_eq!(again.headers["idempotency-replayed"], "true");
        platform.clock().advance(3 * 86_400);
        assert_eq!(post(&operator, "", &body).json(), first.json(), "however late, and whatever the days in it are by now");
        assert_eq!(operator.list("notice", &channel).len(), 1);
        let mut another = body.clone();
        another["opening"]["words"] = json!("改为23时至24时");
        let refused = post(&operator, "", &another);
        assert_eq!((refused.status, refused.code().as_str()), (422, "idempotency.mismatch"));
        assert_eq!(got(&operator, "sendings")["data"].as_array().unwrap().len(), 1);
        another["opening"]["acknowledge_by"] = json!(today(platform));
        assert_eq!(post(&other, "", &another).status, 201, "a key is its account's own");
        let missing = operator.send_keyed("", ("POST", "/api/v1/notices"), 0, &body);
        assert_eq!((missing.status, missing.code().as_str()), (400, "idempotency.missing"));
    }

    /// CH-25.1: a repeated announcement of another text is answered as the first was, with who was left out, though the
    /// agreements stand otherwise by now.
    fn a_repeated_announcement_of_another_text_is_one(platform) {
        let (_, _, _) = agreed(platform, "2026-01");
        social(platform);
        let operator = Desk::operator(platform);
        let text = json!({"version": "2026-02", "text": "新的协议文本", "effective_on": day_after(platform, 2, 0), "words": "服务条款调整"});
        let body = json!({"audience": {}, "amendment": text});
        let post = || operator.send_keyed("K-1", ("POST", "/api/v1/amendments"), 0, &body);
        let (first, again) = (post(), post());
        assert_eq!((first.status, again.status, again.json()), (201, 201, first.json()));
        assert_eq!(first.json()["left_out"].as_array().unwrap().len(), 1);
        assert_eq!(got(&operator, "sendings")["data"].as_array().unwrap().len(), 1);
    }

    /// Requests with one key that meet are one sending: the slower ones have its answer, or are told that it is under way.
    fn requests_that_meet_are_one_sending(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let clerk = platform.staff(Role::OperatorClerk, "000000");
        let request = SendNotice { audience: Audience::default(), opening: pause(platform), send_at: None };
        let start = Barrier::new(4);
        let one = || {
            start.wait();
            clerk.send_notice_keyed("K-1", &request)
        };
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(one)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let (sent, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        let sent: BTreeSet<_> = sent.into_iter().map(|one| one.unwrap().sending_id).collect();
        assert_eq!(sent.len(), 1);
        for one in refused {
            assert_eq!(refusal(one), (409, "idempotency.in_flight".into()));
        }
        assert_eq!(Desk::operator(platform).list("notice", &channel).len(), 1);
    }

    /// CH-9.3e: a channel that is named and cannot be told is an error at its place, and nobody is told anything.
    fn a_named_channel_that_cannot_be_told_is_refused_at_its_place(platform) {
        let live = platform.channel_in(platform.world(), &[HANGZHOU]);
        let gone = platform.channel_in(platform.world(), &[HANGZHOU]);
        end(platform, &gone);
        let nobody = platform.world().id(domain::id::ChannelId::make).to_string();
        let operator = Desk::operator(platform);
        let faults = |path: &str, body: &Value| -> Vec<(String, String)> {
            let refused = operator.send("POST", path, 0, body);
            assert_eq!(refused.status, 422, "{}", refused.json());
            let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
            refused.json()["errors"].as_array().unwrap().iter().map(|one| (text(one, "pointer"), text(one, "code"))).collect()
        };
        let at = |place: usize, code: &str| (format!("/audience/channel_ids/{place}"), code.to_owned());
        let notice = json!({"audience": {"channel_ids": [live.id, nobody, live.id, gone.id]}, "opening": pause(platform)});
        let expected = [at(1, "sending.no_channel"), at(3, "sending.gone")];
        assert_eq!(faults("/api/v1/notices", &notice), expected);
        assert_eq!(faults("/api/v1/notices?dry_run=true", &notice), expected, "a dry run says the same");
        let text = json!({"version": "2", "text": "新的协议文本", "effective_on": day_after(platform, 2, 0), "words": "调整"});
        let government = of_class(platform, "government");
        let named = json!({"audience": {"channel_ids": [government.id]}, "amendment": text});
        assert_eq!(faults("/api/v1/amendments", &named), [at(0, "sending.signs_none")]);
        let elsewhere = json!({"audience": {"regions": ["440000"], "channel_ids": [live.id]}, "opening": pause(platform)});
        assert_eq!(faults("/api/v1/notices", &elsewhere), [at(0, "sending.filtered")], "a name is no filter");
        assert_eq!(operator.list("notice", &live), [""; 0], "the others are told nothing either");
        assert_eq!(got(&operator, "sendings")["data"], json!([]));
        let right = json!({"audience": {"channel_ids": [live.id]}, "opening": pause(platform)});
        assert_eq!(operator.send("POST", "/api/v1/notices", 0, &right).status, 201);
    }

    /// CH-25.1, CH-25.2, CH-35.2: another text is announced to every channel with an agreement in force, whatever their number;
    /// it is known who has signed, and who has not when the day is over is a candidate of a forced exit.
    fn another_text_goes_to_every_agreement_in_force(platform) {
        let (signs, owner, key) = agreed(platform, "2026-01");
        let (late, _, _) = agreed(platform, "2026-01");
        let without = social(platform);
        let operator = Desk::operator(platform);
        let amendment = |effective_on: &str| {
            let text = json!({"version": "2026-02", "text": "新的协议文本", "effective_on": effective_on, "words": "服务条款调整"});
            json!({"audience": {}, "amendment": text})
        };
        let early = operator.send("POST", "/api/v1/amendments", 0, &amendment(&day_after(platform, 1, 0)));
        assert_eq!((early.status, &early.json()["errors"][0]["pointer"]), (422, &json!("/amendment/effective_on")), "two months ahead");
        let day = day_after(platform, 2, 0);
        let tried = operator.send("POST", "/api/v1/amendments?dry_run=true", 0, &amendment(&day));
        assert_eq!(tried.status, 200, "{}", tried.json());
        let sent = operator.send("POST", "/api/v1/amendments", 0, &amendment(&day));
        assert_eq!(sent.status, 201, "{}", sent.json());
        assert_eq!(sent.json()["channel_ids"], tried.json()["channel_ids"]);
        let mut told: Vec<_> = sent.json()["channel_ids"].as_array().unwrap().clone();
        told.sort_by_key(ToString::to_string);
        let mut both = vec![json!(signs.id), json!(late.id)];
        both.sort_by_key(ToString::to_string);
        assert_eq!(told, both);
        let left = |answer: &Value| {
            let named = answer["left_out"].as_array().unwrap().iter().map(|one| (one["channel_id"].clone(), one["code"].clone()));
            named.collect::<Vec<_>>()
        };
        let only = vec![(json!(without.id), json!("sending.no_agreement"))];
        assert_eq!((left(&tried.json()), left(&sent.json())), (only.clone(), only.clone()), "and those of a class that signs none are not spoken of");
        let sending = sent.json()["sending_id"].as_str().unwrap().to_owned();
        let kept = got(&operator, &format!("sendings/{sending}"));
        assert_eq!((&kept["counts"]["left_out"], left(&kept)), (&json!(1), only.clone()), "who was left out is kept with its reason");
        assert_eq!(kept["left_out"][0]["zh"], "该渠道没有生效中的合作协议");
        assert_eq!(got(&operator, "sendings")["data"][0]["counts"]["left_out"], 1);
        Desk::operator(platform).open("agreement", &without, &json!({"version": "2026-02", "text": "协议文本", "from": today(platform), "until": day_after(platform, 24, 0)}));
        assert_eq!(left(&got(&operator, &format!("sendings/{sending}"))), only, "whatever becomes of the channel");
        assert_eq!(operator.send("POST", "/api/v1/amendments", 0, &amendment(&day)).json()["errors"][0]["pointer"], "/audience", "nobody is left to tell");

        let agreement = owner.list("agreement", &signs)[0].clone();
        sign(&owner, &agreement, &key);
        let whole = got(&operator, &format!("sendings/{sending}"));
        assert_eq!((&whole["kind"], &whole["content"]["version"]), (&json!("amendment"), &json!("2026-02")));
        assert_eq!((standings(&whole, "answered"), standings(&whole, "open")), (vec![signs.id.clone()], vec![late.id.clone()]));
        let after: domain::time::BusinessDate = day.parse().unwrap();
        move_to(platform, &after.plus_days(1).to_string());
        let whole = got(&operator, &format!("sendings/{sending}"));
        assert_eq!(standings(&whole, "late"), [late.id.as_str()]);
        let candidates = got(&operator, "matters?kind=agreement&state=unsigned");
        assert_eq!(candidates["data"][0]["channel_id"], json!(late.id));
        assert_eq!(remind(&operator, &sending).json()["rows"][0]["outcome"], "now");
        let body = owner.see(&agreement)["body"].clone();
        assert_eq!((&body["earlier"][0]["version"], &body["text"]["version"]), (&json!("2026-01"), &json!("2026-02")));
    }

    /// CH-24.3, CH-25.1: whoever signs the renewal has not signed the other text that was announced before it.
    fn signing_a_renewal_does_not_answer_another_text(platform) {
        let (channel, owner, key) = agreed_for(platform, "2026-01", 3);
        let (operator, term_ends) = (Desk::operator(platform), day_after(platform, 3, 0));
        let words = |action: &str| json!({"action": action, "words": "说明"});
        let incident = json!({"incident": "other", "discovered_at": platform.world().now().to_string(), "words": "异常"});
        let event = owner.open("risk_event", &channel, &incident);
        operator.act(&event, &json!({"action": "propose", "cause": "page_tampering", "words": "核实"}));
        Desk::operator(platform).act(&event, &words("confirm"));
        owner.act(&event, &words("rectify"));
        operator.act(&event, &words("pass"));
        let text = json!({"version": "2026-02", "text": "新的协议文本", "effective_on": day_after(platform, 4, 0), "words": "服务条款调整"});
        let sent = operator.send("POST", "/api/v1/amendments", 0, &json!({"audience": {}, "amendment": text}));
        let sending = sent.json()["sending_id"].as_str().unwrap().to_owned();
        let agreement = owner.list("agreement", &channel)[0].clone();

        let after: domain::time::BusinessDate = term_ends.parse().unwrap();
        move_to(platform, &after.plus_days(1).to_string());
        let renewing = Desk::ministry(platform).act(&agreement, &words("renew"));
        assert_eq!(renewing["state"], "renewing");
        sign(&owner, &agreement, &key);
        let stands = |standing: &str| standings(&got(&operator, &format!("sendings/{sending}")), standing);
        assert_eq!((stands("open"), stands("answered")), (vec![channel.id.clone()], Vec::new()));
        sign(&owner, &agreement, &key);
        assert_eq!((stands("open"), stands("answered")), (Vec::new(), vec![channel.id.clone()]));
    }
}
