//! Rotations of keys: asked of many channels as one sending, and answered by what their keys say.

use crate::desk::{Desk, confirming, day_after, filing, move_to, today};
use crate::harness::{CallerHandle, HANGZHOU, Platform, Reply};
use domain::org::Role;
use gm::sm2::SigningKey;
use sdk::types::key::{KeyState, RevokeKey};
use serde_json::{Value, json};
use server::job::{registered, run_due};

const ROTATIONS: &str = "/api/v1/key-rotations";

/// What is asked of everybody: another key to sign with, within ten days.
pub fn wish(platform: &Platform) -> Value {
    let opening = json!({
        "usage": "caller", "subject": "年度密钥轮换", "words": "密钥已使用两年", "rotate_by": day_after(platform, 0, 10),
    });
    json!({"audience": {}, "opening": opening})
}

/// The same, and the keys from before have to end.
fn whole_wish(platform: &Platform) -> Value {
    let mut wish = wish(platform);
    wish["opening"]["ends_old"] = json!(true);
    wish
}

/// Sends it: the sending's id. A second passes, so that what is registered from now on counts.
fn ask(platform: &Platform, by: &Desk<'_>, body: &Value) -> String {
    let sent = by.send("POST", ROTATIONS, 0, body);
    assert_eq!(sent.status, 201, "{}", sent.json());
    platform.clock().advance(1);
    sent.json()["sending_id"].as_str().unwrap().to_owned()
}

fn seen(by: &Desk<'_>, sending: &str) -> Value {
    let reply = by.send("GET", &format!("/api/v1/sendings/{sending}"), 0, &Value::Null);
    assert_eq!(reply.status, 200, "{}", reply.json());
    reply.json()
}

/// How a channel stands, how far it has come, and whether it may be reminded.
fn stands(by: &Desk<'_>, sending: &str, channel: &CallerHandle) -> (String, String, bool) {
    let entry = entry(by, sending, channel);
    let text = |pointer: &str| entry.pointer(pointer).unwrap().as_str().unwrap().to_owned();
    (text("/standing"), text("/rotation/stage"), entry["may_remind"] == true)
}

fn entry(by: &Desk<'_>, sending: &str, channel: &CallerHandle) -> Value {
    let found = seen(by, sending);
    let mut entries = found["entries"].as_array().unwrap().iter();
    entries.find(|one| one["channel_id"] == channel.id.as_str()).unwrap().clone()
}

fn at(standing: &str, stage: &str, may_remind: bool) -> (String, String, bool) {
    (standing.to_owned(), stage.to_owned(), may_remind)
}

/// The owner begins a change of the key of its channel: the matter, and the statement to be signed.
fn begin(owner: &Desk<'_>, channel: &CallerHandle) -> (String, String) {
    let opened = owner.try_open("key_change", channel, &json!({"usage": "caller", "label": "下一把密钥"}));
    assert_eq!(opened.status, 201, "{}", opened.json());
    let text = |pointer: &str| opened.json().pointer(pointer).unwrap().as_str().unwrap().to_owned();
    (text("/matter_id"), text("/body/statement"))
}

/// The channel gets its next key, by the one way there is.
fn change(platform: &Platform, channel: &CallerHandle) {
    let (owner, key) = (Desk::owner(platform, channel), SigningKey::generate());
    let (matter, statement) = begin(&owner, channel);
    owner.act(&matter, &filing(&key, &statement));
    Desk::operator(platform).act(&matter, &confirming(&key));
}

/// Revokes the key of a channel that stands so.
fn revoke(platform: &Platform, channel: &CallerHandle, state: KeyState) {
    let security = platform.staff(Role::SecurityAdmin, "000000");
    let keys = security.channel(&channel.id).unwrap().keys;
    let key = keys.into_iter().find(|key| key.state == state).unwrap();
    security.revoke_key(&key.key_id, &RevokeKey { reason: "私钥泄露".into() }).unwrap();
}

fn states(platform: &Platform, channel: &CallerHandle) -> Vec<KeyState> {
    let keys = platform.staff(Role::SecurityAdmin, "000000").channel(&channel.id).unwrap().keys;
    keys.into_iter().map(|key| key.state).collect()
}

/// The jobs that are due are done: how many.
fn work(platform: &Platform) -> usize {
    platform.block_on(run_due(platform.world(), &registered())).unwrap()
}

/// The keys whose overlap is over are retired.
fn tick(platform: &Platform) {
    platform.block_on(server::key::service::retire_overdue(platform.world())).unwrap();
}

/// The tasks that a matter waits for.
fn waits(by: &Desk<'_>, matter: &str) -> Vec<(String, String)> {
    let found = by.see(matter);
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    found["waits"].as_array().unwrap().iter().map(|one| (text(one, "party"), text(one, "task"))).collect()
}

fn pair(party: &str, task: &str) -> Vec<(String, String)> {
    vec![(party.to_owned(), task.to_owned())]
}

fn pointers(refused: &Reply) -> Vec<(String, String)> {
    assert_eq!(refused.status, 422, "{}", refused.json());
    let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    refused.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (text(one, "pointer"), text(one, "code")))
        .collect()
}

on_both! {
    /// CH-26.2: how far each channel has come is what its keys and its key change say at that moment, from the first step to the last.
    fn a_rotation_is_followed_by_the_keys_of_each_channel(platform) {
        let [quick, slow, early] = [(); 3].map(|()| platform.channel_in(platform.world(), &[HANGZHOU]));
        platform.clock().advance(1);
        change(platform, &early);
        let operator = Desk::operator(platform);
        let sending = ask(platform, &operator, &wish(platform));
        for channel in [&quick, &slow, &early] {
            assert_eq!(stands(&operator, &sending, channel), at("open", "not_begun", true), "a key of that very moment is from before");
        }
        let (owner, key) = (Desk::owner(platform, &quick), SigningKey::generate());
        let rotation = owner.list("key_rotation", &quick)[0].clone();
        assert_eq!(waits(&owner, &rotation), pair("owner", "rotate"));
        let due = owner.see(&rotation)["waits"][0]["due_on"].clone();
        assert_eq!(due, json!(day_after(platform, 0, 10)), "it stands alone as evidence, with its day");
        let (matter, statement) = begin(&owner, &quick);
        assert_eq!(stands(&operator, &sending, &quick), at("open", "drafted", true));
        assert_eq!(entry(&operator, &sending, &quick)["rotation"]["change_matter_id"], json!(matter));
        owner.act(&matter, &filing(&key, &statement));
        assert_eq!(stands(&operator, &sending, &quick), at("open", "filed", true));
        operator.act(&matter, &confirming(&key));
        assert_eq!(stands(&operator, &sending, &quick), at("answered", "both", false), "it works: no job was needed to know it");
        assert!(entry(&operator, &sending, &quick)["rotation"]["old_ends_at"].is_string(), "when the one before ends");
        assert_eq!((work(platform), waits(&owner, &rotation)), (1, pair("platform", "close")), "nothing waits for the owner");
        assert_eq!(seen(&operator, &sending)["counts"], json!({"channels": 3, "read": 1, "answered": 1, "late": 0, "open": 2, "dropped": 0, "left_out": 0}));

        platform.clock().advance(7 * 86_400);
        tick(platform);
        assert_eq!(stands(&operator, &sending, &quick), at("answered", "rotated", false));
        change(platform, &early);
        assert_eq!(stands(&operator, &sending, &early), at("answered", "both", false));
        assert_eq!(stands(&operator, &sending, &slow), at("open", "not_begun", true));
    }

    /// CH-26.2: a new key that is revoked is no rotation, at once; its owner is told and asked again.
    fn a_new_key_that_is_revoked_does_not_count(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let (operator, owner) = (Desk::operator(platform), Desk::owner(platform, &channel));
        let sending = ask(platform, &operator, &wish(platform));
        let rotation = owner.list("key_rotation", &channel)[0].clone();
        change(platform, &channel);
        assert_eq!(work(platform), 1);
        assert_eq!(owner.see(&rotation)["state"], "rotated");
        revoke(platform, &channel, KeyState::Active);
        assert_eq!(stands(&operator, &sending, &channel), at("open", "not_begun", true));
        assert_eq!(entry(&operator, &sending, &channel)["answered_at"], Value::Null);
        assert_eq!((work(platform), waits(&owner, &rotation)), (1, pair("owner", "rotate")));
        let told = owner.send("GET", "/api/v1/messages", 0, &Value::Null).json()["data"][0].clone();
        assert!(told["zh"].as_str().unwrap().contains("新密钥已失效"), "{told}");
        change(platform, &channel);
        assert_eq!(stands(&operator, &sending, &channel).0, "answered");
    }

    /// CH-26.2: where the keys from before have to end, two that work are not enough; one may be ended by its overlap or revoked.
    fn where_the_old_key_has_to_end_two_that_work_are_not_enough(platform) {
        let [waits_for_it, revokes] = [(); 2].map(|()| platform.channel_in(platform.world(), &[HANGZHOU]));
        let operator = Desk::operator(platform);
        let sending = ask(platform, &operator, &whole_wish(platform));
        for channel in [&waits_for_it, &revokes] {
            change(platform, channel);
            assert_eq!(stands(&operator, &sending, channel), at("open", "both", true));
        }
        revoke(platform, &revokes, KeyState::Retiring);
        assert_eq!(stands(&operator, &sending, &revokes), at("answered", "rotated", false));
        platform.clock().advance(7 * 86_400 - 1);
        tick(platform);
        assert_eq!(stands(&operator, &sending, &waits_for_it), at("open", "both", true), "its overlap goes on");
        platform.clock().advance(1);
        tick(platform);
        assert_eq!(stands(&operator, &sending, &waits_for_it), at("answered", "rotated", false));
        assert_eq!(work(platform), 2, "one job a channel, however many of its keys have changed");
        let rotation = operator.list("key_rotation", &waits_for_it)[0].clone();
        assert_eq!(operator.see(&rotation)["state"], "rotated");
    }

    /// CH-26.2: the last day is in time, the day after is late; nothing is revoked or suspended by it, and whoever rotates then has.
    fn who_is_late_is_shown_as_late_and_nothing_else_happens(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let sending = ask(platform, &operator, &wish(platform));
        let day = seen(&operator, &sending)["content"]["rotate_by"].as_str().unwrap().to_owned();
        move_to(platform, &day);
        assert_eq!(stands(&operator, &sending, &channel), at("open", "not_begun", true));
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(stands(&operator, &sending, &channel), at("late", "not_begun", true));
        assert_eq!(states(platform, &channel), [KeyState::Active]);
        assert_eq!(operator.list("risk_event", &channel), [""; 0], "no clause says so");
        let reminded = operator.send("POST", &format!("/api/v1/sendings/{sending}/reminders"), 0, &Value::Null).json();
        assert_eq!(reminded["rows"][0]["outcome"], "now");
        assert_eq!(stands(&operator, &sending, &channel), at("late", "not_begun", false), "once a day");
        change(platform, &channel);
        assert_eq!(stands(&operator, &sending, &channel), at("answered", "both", false));
        assert_eq!(work(platform), 1);
        let rotation = operator.list("key_rotation", &channel)[0].clone();
        assert_eq!(operator.see(&rotation)["state"], "closed", "late, and over");
    }

    /// CH-26.2: what was reached when the day is over stays, whatever becomes of the key in later years.
    fn what_was_reached_when_the_day_is_over_stays(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let sending = ask(platform, &operator, &wish(platform));
        change(platform, &channel);
        assert_eq!(work(platform), 1);
        let rotation = operator.list("key_rotation", &channel)[0].clone();
        move_to(platform, &day_after(platform, 0, 10));
        assert_eq!(operator.see(&rotation)["state"], "rotated", "its last day");
        move_to(platform, &day_after(platform, 0, 1));
        assert_eq!(operator.see(&rotation)["state"], "closed");
        revoke(platform, &channel, KeyState::Active);
        assert_eq!((work(platform), stands(&operator, &sending, &channel).0), (0, "answered".to_owned()));
    }

    /// CH-26.1, CH-26.2: the audience is narrowed by the age of the key in use; a channel without one is left out, with the reason.
    fn whom_it_goes_to_is_chosen_by_the_age_of_the_key(platform) {
        let [without, old] = [(); 2].map(|()| platform.channel_in(platform.world(), &[HANGZHOU]));
        revoke(platform, &without, KeyState::Active);
        let registered_on = today(platform);
        move_to(platform, &day_after(platform, 0, 1));
        let young = platform.channel_in(platform.world(), &[HANGZHOU]);
        let renewed = platform.channel_in(platform.world(), &[HANGZHOU]);
        platform.clock().advance(60);
        let operator = Desk::operator(platform);
        let tried = |day: &str| {
            let mut body = wish(platform);
            body["audience"]["registered_before"] = json!(day);
            let tried = operator.send("POST", &format!("{ROTATIONS}?dry_run=true"), 0, &body);
            (tried.status, tried.json())
        };
        let (status, refused) = tried(&registered_on);
        assert_eq!((status, &refused["errors"][0]["code"]), (422, &json!("sending.audience")), "registered on that day is not before it");
        let (status, found) = tried(&today(platform));
        assert_eq!((status, &found["channel_ids"]), (200, &json!([old.id])));
        assert_eq!(found["left_out"][0]["channel_id"], json!(without.id));
        assert_eq!(found["left_out"][0]["code"], "key_rotation.no_key");
        assert_eq!(found["left_out"].as_array().unwrap().len(), 1, "a younger key is no reason to be named");
        let (_, all) = tried(&day_after(platform, 0, 1));
        assert_eq!(all["channel_ids"].as_array().unwrap().len(), 3);

        let mut body = wish(platform);
        body["audience"] = json!({"registered_before": today(platform), "channel_ids": [old.id, young.id, renewed.id]});
        let refused = operator.send("POST", ROTATIONS, 0, &body);
        let at = |place: usize| (format!("/audience/channel_ids/{place}"), "sending.filtered".to_owned());
        assert_eq!(pointers(&refused), [at(1), at(2)], "a name is no filter");
        body["audience"] = json!({"registered_before": today(platform)});
        let sending = ask(platform, &operator, &body);
        assert_eq!(seen(&operator, &sending)["left_out"][0]["code"], "key_rotation.no_key", "it is kept with the reason");
        let again = operator.send("POST", ROTATIONS, 0, &wish(platform)).json();
        let left = again["left_out"].as_array().unwrap().iter().map(|one| (&one["channel_id"], &one["code"]));
        let expected = [(&json!(without.id), &json!("key_rotation.no_key")), (&json!(old.id), &json!("key_rotation.asked"))];
        assert_eq!(left.collect::<Vec<_>>(), expected, "nobody is asked twice at once");
        let notice = json!({"topic": "pause", "subject": "停服", "words": "今晚", "acknowledge_by": today(platform)});
        let told = json!({"audience": {"registered_before": today(platform)}, "opening": notice});
        let refused = operator.send("POST", "/api/v1/notices", 0, &told);
        assert_eq!(pointers(&refused), [("/audience/registered_before".to_owned(), "sending.key_age".to_owned())]);
    }

    /// CH-26.2: a rotation that was planned asks from its moment on, so a key from between does not count.
    fn a_planned_rotation_counts_from_its_moment(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let mut body = wish(platform);
        body["send_at"] = json!(platform.world().now().plus_seconds(3600).to_string());
        let sending = ask(platform, &operator, &body);
        change(platform, &channel);
        assert_eq!(seen(&operator, &sending)["entries"], Value::Null, "nobody is asked before");
        platform.clock().advance(3600);
        assert_eq!(work(platform), 1);
        assert_eq!(stands(&operator, &sending, &channel), at("open", "not_begun", true));
    }

    /// CH-5.3, CH-26.2: it is the operator's to ask; an owner sees what is asked of its own channel and nothing of the others.
    fn a_rotation_is_hidden_from_those_who_may_not_see_it(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let sending = ask(platform, &operator, &wish(platform));
        let (owner, stranger) = (Desk::owner(platform, &channel), Desk::stranger(platform));
        let rotation = owner.list("key_rotation", &channel)[0].clone();
        assert_eq!(owner.see(&rotation)["actions"], json!([]), "what answers it is no click");
        let get = |by: &Desk<'_>, path: &str| by.send("GET", path, 0, &Value::Null).status;
        assert_eq!(get(&stranger, &format!("/api/v1/matters/{rotation}")), 404);
        for by in [&owner, &stranger] {
            assert_eq!(get(by, &format!("/api/v1/sendings/{sending}")), 403);
            assert_eq!(by.send("POST", ROTATIONS, 0, &wish(platform)).status, 403);
            let opening = wish(platform)["opening"].clone();
            assert_ne!(by.try_open("key_rotation", &channel, &opening).status, 201);
        }
    }

    /// A channel that has come to its end is asked for no key any more, and is not counted as late.
    fn a_rotation_lapses_with_its_channel(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let operator = Desk::operator(platform);
        let sending = ask(platform, &operator, &wish(platform));
        let rotation = operator.list("key_rotation", &channel)[0].clone();
        let id = channel.owner;
        platform.write(move |tx| {
            let mut row = store::channel::lock(tx, &id)?.unwrap();
            row.phase = "terminated".into();
            Ok(store::channel::update(tx, &row)?)
        });
        revoke(platform, &channel, KeyState::Active);
        assert_eq!(work(platform), 1);
        assert_eq!(operator.see(&rotation)["state"], "lapsed");
        assert_eq!(stands(&operator, &sending, &channel), at("dropped", "not_begun", false));
    }
}
