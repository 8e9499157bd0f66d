//! What is mailed, to whom, and what becomes of it when something breaks.

use super::{LATER, Post, id_of, owner, owner_of, running, send, set, tell, verify, wish};
use crate::desk::Desk;
use crate::harness::{CallerHandle, Platform, refusal};
use domain::org::Role;
use sdk::client::Staff;
use sdk::types::notification::{MailAddressState, MailLanguage, MessageCategory, SetNotification};
use serde_json::json;
use server::notification::relay::{Configured, Relay};
use server::notification::send_due;
use std::fs;
use std::process::Command;
use std::sync::Arc;

/// Leaves a letter to an address: that of an account which takes it away.
fn leave(platform: &Platform, post: &Post, address: &str) {
    let staff = owner(platform, &platform.channel());
    verify(post, &staff, "somebody@example.cn");
    moved(platform, &staff, address);
    staff.remove_mail_address().unwrap();
}

/// A notice, which waits for the owner until a last day.
fn notice(platform: &Platform, channel: &CallerHandle) -> String {
    let opening = json!({"topic": "pause", "subject": "今晚停服", "words": "22时至24时",
        "acknowledge_by": crate::desk::today(platform)});
    let body = json!({"audience": {"channel_ids": [channel.id]}, "opening": opening});
    let sent = Desk::operator(platform).send("POST", "/api/v1/notices", 0, &body);
    assert_eq!(sent.status, 201, "{}", sent.json());
    sent.json()["matter_ids"][0].as_str().unwrap().to_owned()
}

on_both! {
    fn what_was_told_is_mailed_once_in_one_letter_without_what_a_person_wrote(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        let matter = running(platform, &channel);
        tell(platform, &channel, Some(&matter), 0);
        verify(&post, &staff, "lilei@example.cn");
        assert_eq!((send(platform, LATER).unwrap(), post.letters().len()), (0, 1), "what was told before is not mailed");
        tell(platform, &channel, Some(&matter), LATER);
        tell(platform, &channel, Some(&matter), LATER);
        tell(platform, &channel, None, LATER);
        assert_eq!(send(platform, LATER + 1).unwrap(), 0, "at most one letter in the interval, and it was just looked at");
        assert_eq!((send(platform, 2 * LATER).unwrap(), post.letters().len()), (1, 2));
        let letter = post.last();
        assert_eq!(letter["subject"], "【一卡通平台】3条新消息");
        let text = letter["text"].as_str().unwrap();
        for part in ["〔运行〕", "，2条", "〔平台〕平台消息", "https://ykt.example.cn/portal/messages"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("王老师"), "{text}");
        assert_eq!(send(platform, 3 * LATER).unwrap(), 0, "once");
        assert!(staff.notification().unwrap().address.unwrap().mailed_at.is_some());
    }

    /// An id is made before its transaction, which may end after a letter that told later ones: it is told by the next letter.
    fn what_is_committed_after_a_letter_is_mailed_whatever_id_it_made_before(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        verify(&post, &staff, "lilei@example.cn");
        tell(platform, &channel, None, LATER - 1);
        assert_eq!(send(platform, LATER).unwrap(), 1);
        tell(platform, &channel, None, 1);
        assert_eq!((send(platform, 2 * LATER).unwrap(), post.last()["subject"].clone()), (1, json!("【一卡通平台】1条新消息")));
        tell(platform, &channel, None, -LATER);
        assert_eq!(send(platform, 3 * LATER).unwrap(), 0, "what was told before the address was verified is not mailed");
        tell(platform, &channel, None, 3 * LATER);
        tell(platform, &channel, None, 2);
        assert_eq!((send(platform, 4 * LATER).unwrap(), post.last()["subject"].clone()), (1, json!("【一卡通平台】2条新消息")));
    }

    /// Whoever got hold of an account changes its address or takes it away, and the address before hears of it.
    fn the_address_before_is_told_that_it_was_left(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        let run = || send(platform, 0).unwrap();
        let to = |letter: &serde_json::Value| letter["to"][0].as_str().unwrap().to_owned();
        verify(&post, &staff, "lilei@example.cn");
        run();
        let before = post.letters().len();
        let id = *id_of(&staff).as_bytes();
        platform.write(move |tx| Ok(store::notification::forget_codes(tx, i64::MAX)?));
        verify(&post, &staff, "lilei@example.cn");
        run();
        assert_eq!(post.letters().len(), before + 1, "the same address is not left");
        platform.write(move |tx| Ok(store::notification::forget_codes(tx, i64::MAX)?));
        verify(&post, &staff, "hanmei@example.cn");
        run();
        let letter = post.last();
        assert_eq!(to(&letter), "lilei@example.cn");
        assert!(!letter["text"].as_str().unwrap().contains("hanmei"), "where it goes now is no business of the address before");
        staff.remove_mail_address().unwrap();
        run();
        assert_eq!(to(&post.last()), "hanmei@example.cn");
        assert!(platform.read(move |tx| Ok(store::notification::find_address(tx, &id)?)).is_none());
        let letters = post.letters().len();
        run();
        assert_eq!(post.letters().len(), letters, "once");
    }

    /// A letter that is written once goes out under a lease that is longer than a relay may think about it: not from two servers, and
    /// not again while it is under way.
    fn a_letter_that_somebody_has_in_hand_is_left_to_them(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        leave(platform, &post, "lilei@example.cn");
        let before = post.letters().len();
        let lease_until = platform.world().real_now().plus_seconds(420);
        platform.write(move |tx| {
            let row = store::letter::list_due(tx, i64::MAX, 10)?.remove(0);
            assert!(store::letter::put_off(tx, &row, lease_until.as_micros())?);
            assert!(!store::letter::put_off(tx, &row, lease_until.as_micros())?, "another one was faster");
            assert!(!store::letter::delete(tx, &row)?);
            Ok(())
        });
        send(platform, 400).unwrap();
        assert_eq!(post.letters().len(), before);
        assert_eq!((send(platform, 420).unwrap(), post.letters().len()), (1, before + 1));
        assert_eq!((send(platform, 2000).unwrap(), post.letters().len()), (0, before + 1), "once");
    }

    /// Whoever does not take it, the relay or the address: after three days the sealed address is nowhere.
    fn a_letter_that_is_not_taken_is_given_up_by_its_age_alone(platform) {
        let Some(mut post) = Post::start() else { return };
        post.serve(platform);
        let left = || platform.read(|tx| Ok(store::letter::list_due(tx, i64::MAX, 10)?.len()));
        leave(platform, &post, "gone@example.cn");
        send(platform, 0).unwrap();
        assert_eq!(left(), 0, "there is no such address");
        leave(platform, &post, "later@example.cn");
        leave(platform, &post, "denied@example.cn");
        for attempt in 1..=12 {
            let outcome = send(platform, attempt * 1800);
            assert_eq!((outcome.is_ok(), left()), (false, 2), "of {attempt} attempts none is the last");
        }
        let channel = platform.channel();
        let good = owner(platform, &channel);
        verify(&post, &good, "lilei@example.cn");
        tell(platform, &channel, None, 10);
        let before = post.letters().len();
        send(platform, 86_400).unwrap_err();
        assert_eq!(post.letters().len(), before + 1, "a letter that is not wanted keeps no account from its own");
        post.close();
        platform.clock().advance(3 * 86_400 - 600);
        send(platform, 2 * 86_400).unwrap_err();
        assert_eq!(left(), 2, "nor is it given up for the relay that is away");
        post.open(&[]);
        platform.clock().advance(1200);
        send(platform, 3 * 86_400).unwrap();
        assert_eq!((left(), post.letters().len()), (0, before + 1), "what is older is not sent");
    }

    fn messages_are_placed_in_portions_whether_mail_is_sent_or_not(platform) {
        let channel = platform.channel();
        for _ in 0..3 {
            tell(platform, &channel, None, 0);
        }
        let last = || platform.read(|tx| Ok(store::message::last_batch(tx)?));
        send(platform, 0).unwrap();
        assert!(!platform.read(|tx| Ok(store::message::is_unplaced(tx)?)), "without a relay and without an address");
        let before = last();
        for _ in 0..3 {
            tell(platform, &channel, None, 0);
        }
        for (placed, batches) in [(2, 1), (1, 2), (0, 2)] {
            assert_eq!(platform.write(|tx| Ok(store::message::place(tx, 2)?)), placed);
            assert_eq!(last(), before + batches);
        }
        let org = *owner_of(platform, &channel).as_bytes();
        let rows = |after, from| {
            let until = (before + 2, [u8::MAX; 16]);
            platform.read(move |tx| Ok(store::message::list_placed_of_org(tx, &org, (after, from), until, 10)?))
        };
        assert_eq!(rows(before, [0; 16]).len(), 3);
        assert_eq!(rows(before + 1, [0; 16]).len(), 1);
        let from = rows(before, [0; 16])[1].1.id;
        assert_eq!(rows(before, from).len(), 2, "from an id on");
    }

    fn what_waits_is_mailed_when_it_comes_and_of_a_category_without_mail_if_it_has_a_last_day(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        verify(&post, &staff, "lilei@example.cn");
        set(&staff, &SetNotification { language: MailLanguage::En, ..wish(&[], &[MessageCategory::Platform, MessageCategory::Running]) }).unwrap();
        let matter = running(platform, &channel);
        tell(platform, &channel, Some(&matter), 10);
        assert_eq!(send(platform, LATER).unwrap(), 0, "no mail is wanted of that");
        notice(platform, &channel);
        assert_eq!(send(platform, 2 * LATER).unwrap(), 1);
        let letter = post.last();
        assert_eq!(letter["subject"], "[Yikatong] 1 thing to do");
        let text = letter["text"].as_str().unwrap();
        // A last day that is no working day is the next one that is.
        let waits = staff.inbox().unwrap().items;
        let due_on = waits.iter().find_map(|item| item.wait.due_on.clone()).unwrap();
        assert!(text.contains("今晚停服") && text.contains(&format!("due soon, {due_on}")), "{text}");
        assert!(text.contains("/portal/inbox"), "{text}");
        assert_eq!(send(platform, 3 * LATER).unwrap(), 0, "it waits still, and was told");
        while crate::desk::today(platform) <= due_on {
            platform.clock().advance(86_400);
        }
        assert_eq!(send(platform, 4 * LATER).unwrap(), 1, "its last day has passed");
        assert!(post.last()["text"].as_str().unwrap().contains("was due"));
        set(&staff, &wish(&[], &[])).unwrap();
        assert_eq!(send(platform, 5 * LATER).unwrap(), 0, "what was not wanted does not come later");
    }

    fn a_relay_that_is_away_loses_nothing(platform) {
        let Some(mut post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        verify(&post, &staff, "lilei@example.cn");
        tell(platform, &channel, None, 10);
        post.close();
        let failed = send(platform, LATER).unwrap_err();
        let said = failed.source_for_log().unwrap();
        assert!(said.contains("took no mail") && !said.contains('@'), "{said}");
        assert_eq!(refusal(owner(platform, &channel).begin_mail_address("hanmei@example.cn".into())).1, "notification.unsent");
        tell(platform, &channel, None, 20);
        post.open(&[]);
        assert_eq!(send(platform, 2 * LATER).unwrap(), 1);
        assert_eq!(post.last()["subject"], "【一卡通平台】2条新消息");
        assert_eq!(staff.notification().unwrap().address.unwrap().state, MailAddressState::Active);
    }

    fn an_address_that_is_not_taken_for_good_fails_and_one_that_is_not_taken_now_after_days(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let [gone, later, good] = ["gone@example.cn", "later@example.cn", "lilei@example.cn"].map(|address| {
            let staff = owner(platform, &channel);
            verify(&post, &staff, "somebody@example.cn");
            moved(platform, &staff, address);
            staff
        });
        tell(platform, &channel, None, 10);
        assert_eq!(send(platform, LATER).unwrap(), 1, "what is held against one address is held against no other");
        let state = |staff: &Staff| staff.notification().unwrap().address.unwrap().state;
        use MailAddressState::{Active, Failing};
        assert_eq!([&gone, &later, &good].map(state), [Failing, Active, Active]);
        assert!(gone.notification().unwrap().address.unwrap().refused_since.is_some());
        send(platform, 3 * 86_400 - LATER).unwrap();
        assert_eq!(state(&later), Active);
        send(platform, LATER + 3 * 86_400 + 60).unwrap();
        assert_eq!([&gone, &later, &good].map(state), [Failing, Failing, Active]);
        // Verified anew, it is written to again.
        let id = *id_of(&gone).as_bytes();
        platform.write(move |tx| Ok(store::notification::forget_codes(tx, i64::MAX)?));
        verify(&post, &gone, "hanmei@example.cn");
        tell(platform, &channel, None, 20);
        assert_eq!(state(&gone), Active);
        let before = post.letters().len();
        send(platform, LATER + 4 * 86_400).unwrap();
        assert!(post.letters()[before..].iter().any(|letter| letter["to"] == json!(["hanmei@example.cn"])));
        assert!(platform.read(move |tx| Ok(store::notification::find_address(tx, &id)?)).is_some());
    }

    fn nothing_is_sent_to_an_account_that_is_disabled_acts_for_nobody_or_wants_no_mail(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let org = owner_of(platform, &channel);
        let [disabled, engineer, tester, removed] =
            [Role::ChannelAdmin, Role::ChannelEngineer, Role::LabTester, Role::ChannelAdmin].map(|role| {
                let staff = platform.staff_of(role, org);
                verify(&post, &staff, "lilei@example.cn");
                staff
            });
        assert!(refusal(tester.messages().all()).0 == 403 && engineer.messages().all().unwrap().is_empty());
        let put = |state: &str| {
            let (id, state) = (*id_of(&disabled).as_bytes(), state.to_owned());
            move |tx: &mut store::WriteTx<'_>| {
                let mut row = store::org::find_staff(tx, &id)?.unwrap();
                row.state.clone_from(&state);
                Ok::<_, server::Error>(store::org::update_staff(tx, &row)?)
            }
        };
        let (off, on) = (put("disabled"), put("active"));
        platform.write(off);
        removed.remove_mail_address().unwrap();
        assert_eq!(send(platform, 0).unwrap(), 1, "the address that was left hears that");
        tell(platform, &channel, None, 10);
        assert_eq!((send(platform, LATER).unwrap(), post.letters().len()), (0, 5));
        platform.write(on);
        assert_eq!(send(platform, 2 * LATER).unwrap(), 0, "nothing is owed for the time in which it was disabled");
        tell(platform, &channel, None, 2 * LATER);
        assert_eq!(send(platform, 3 * LATER).unwrap(), 1);
    }

    fn a_letter_whose_end_was_not_written_is_sent_again_as_the_same_and_what_came_since_as_another(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        verify(&post, &staff, "lilei@example.cn");
        let id = *id_of(&staff).as_bytes();
        let before = platform.read(move |tx| Ok(store::notification::find_address(tx, &id)?.unwrap()));
        tell(platform, &channel, None, 10);
        // The process ends after the relay has taken the letter: nothing of what followed was written.
        let crash = || {
            let before = before.clone();
            platform.write(move |tx| Ok(store::notification::replace_address(tx, &before)?));
        };
        assert_eq!(send(platform, LATER).unwrap(), 1);
        crash();
        assert_eq!(send(platform, 2 * LATER).unwrap(), 1);
        crash();
        tell(platform, &channel, None, 20);
        assert_eq!(send(platform, 3 * LATER).unwrap(), 1);
        let ids: Vec<_> = post.letters()[1..].iter().map(|letter| letter["message_id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids[0], ids[1]);
        assert_ne!(ids[1], ids[2], "another letter, or the second message would be taken for a copy");
        assert!(ids[0].ends_with("@example.cn>"), "{}", ids[0]);
        tell(platform, &channel, None, 3 * LATER);
        assert_eq!(send(platform, 4 * LATER).unwrap(), 1);
        assert_ne!(post.last()["message_id"], *ids[2], "the same words about something else");
    }

    fn of_several_servers_one_sends(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        verify(&post, &staff, "lilei@example.cn");
        tell(platform, &channel, None, 10);
        let twin = platform.twin_world();
        twin.set_relay(Arc::new(post.relay("smtp://127.0.0.1").unwrap()));
        let at = platform.world().real_now().plus_seconds(LATER);
        let taken = platform.block_on(async {
            let (one, other) = tokio::join!(send_due(platform.world(), at), send_due(&twin, at));
            one.unwrap() + other.unwrap()
        });
        assert_eq!((taken, post.letters().len()), (1, 2));
    }
}

/// Moves an account's mail to an address that could not be verified, as if it had been good once.
fn moved(platform: &Platform, staff: &Staff, address: &str) {
    let id = *id_of(staff).as_bytes();
    let associated = [b"mail_address\n".as_slice(), &id].concat();
    let (key_version, sealed) = platform.world().keys().ring().seal(&associated, address.as_bytes());
    platform.write(move |tx| {
        let row = store::notification::find_address(tx, &id)?.unwrap();
        let row = store::notification::AddressRow { key_version, sealed: sealed.clone(), ..row };
        Ok(store::notification::replace_address(tx, &row)?)
    });
}

#[test]
fn a_relay_elsewhere_is_spoken_to_under_tls_with_a_name_and_a_certificate_that_is_known() {
    let Some(mut post) = Post::start() else { return };
    post.close();
    let home = tempfile::tempdir().unwrap();
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| home.path().join(name));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    post.open(&[certificate.clone(), key]);
    let authority = fs::read(&certificate).unwrap();
    // A name is no loopback address: what stands behind it may change, so it is spoken to as another machine.
    let address = format!("smtp://localhost:{}", post.port);
    let known = Configured {
        address: &address,
        from: "ykt@example.cn",
        key: Some("ykt\nsecret"),
        authorities: Some(&authority),
        portal: None,
    };
    Relay::new(&known).unwrap().look_at().unwrap();
    for (other, part) in [
        (Configured { authorities: None, ..known.clone() }, "certificate"),
        (Configured { key: Some("ykt\nwrong"), ..known.clone() }, "535"),
    ] {
        let said = Relay::new(&other).unwrap().look_at().unwrap_err();
        assert!(said.contains(part), "{said}");
    }
    Platform::run(store::db::Engine::Sqlite, |platform| {
        platform.world().set_relay(Arc::new(Relay::new(&known).unwrap()));
        verify(&post, &platform.operator(), "lilei@example.cn");
        assert_eq!(post.last()["is_encrypted"], true);
    });
}
