//! Notices over HTTP: one call, one matter for each channel of the audience, and what a missed upgrade leads to.

use crate::desk::{Desk, day_after, move_to, today};
use crate::harness::{HANGZHOU, Platform};
use serde_json::{Value, json};

fn pause(platform: &Platform) -> Value {
    json!({"topic": "pause", "subject": "今晚停服", "words": "22时至24时", "acknowledge_by": today(platform)})
}

fn upgrade(platform: &Platform, nature: &str) -> Value {
    json!({"topic": "upgrade", "nature": nature, "subject": "SDK 3.2", "words": "请升级",
        "acknowledge_by": today(platform), "upgrade_by": day_after(platform, 1, 0)})
}

on_both! {
    /// CH-17.1: by class, by region, by name, or to all; a channel that is gone hears nothing.
    fn a_notice_reaches_every_channel_of_its_audience(platform) {
        let near = platform.channel_in(platform.world(), &[HANGZHOU]);
        let far = platform.channel_in(platform.world(), &["440300"]);
        let gone = platform.channel_in(platform.world(), &[HANGZHOU]);
        let id = gone.owner;
        platform.write(move |tx| {
            let mut row = store::channel::lock(tx, &id)?.unwrap();
            row.phase = "exited".into();
            tx.unaudited("a stage for a test");
            Ok(store::channel::update(tx, &row)?)
        });
        let operator = Desk::operator(platform);
        for (audience, count) in [
            (json!({}), 2),
            (json!({"regions": ["330000"]}), 1),
            (json!({"regions": ["330106", "440000"]}), 2),
            (json!({"channel_ids": [far.id]}), 1),
            (json!({"regions": ["330000"], "channel_ids": [far.id]}), 0),
        ] {
            let body = json!({"audience": audience, "opening": pause(platform)});
            let sent = operator.send("POST", "/api/v1/notices", 0, &body);
            if count == 0 {
                let said = sent.json();
                let wrong = &said["errors"][0];
                assert_eq!((&wrong["pointer"], &wrong["code"]), (&json!("/audience/channel_ids/0"), &json!("sending.filtered")));
            } else {
                assert_eq!(sent.status, 201, "{}", sent.json());
                assert_eq!(sent.json()["matter_ids"].as_array().unwrap().len(), count, "{audience}");
            }
        }
        let body = json!({"audience": {"channel_ids": [gone.id]}, "opening": pause(platform)});
        let refused = operator.send("POST", "/api/v1/notices", 0, &body).json();
        assert_eq!(refused["errors"][0]["code"], "sending.gone", "a name is no filter");
        let owner = Desk::owner(platform, &near);
        let notice = &owner.list("notice", &near)[0];
        let done = owner.act(notice, &json!({"action": "acknowledge"}));
        assert_eq!((&done["state"], &done["is_ended"]), (&json!("done"), &json!(true)));
        let refused = owner.send("POST", "/api/v1/notices", 0, &json!({"audience": {}, "opening": pause(platform)}));
        assert_eq!(refused.status, 403);
        let wrong = json!({"audience": {"regions": ["33"]}, "opening": []});
        assert_eq!(operator.send("POST", "/api/v1/notices", 0, &wrong).json()["errors"].as_array().unwrap().len(), 2);
    }

    /// CH-17.1, CH-31.1.1, CH-31.2.4: an upgrade that was not done in time becomes a risk event, which withholds.
    fn a_missed_upgrade_becomes_a_risk_event(platform) {
        let (late, good) = (platform.channel(), platform.channel());
        let operator = Desk::operator(platform);
        let (owner, other) = (Desk::owner(platform, &late), Desk::owner(platform, &good));
        let body = json!({"audience": {}, "opening": upgrade(platform, "security")});
        assert_eq!(operator.send("POST", "/api/v1/notices", 0, &body).status, 201);
        let notice = &other.list("notice", &good)[0];
        other.act(notice, &json!({"action": "acknowledge"}));
        other.act(notice, &json!({"action": "report", "words": "已上线"}));
        let last = day_after(platform, 1, 0);
        move_to(platform, &last);
        assert_eq!(owner.list("risk_event", &late), [""; 0], "the last day is in time");
        let after = day_after(platform, 0, 1);
        move_to(platform, &after);
        let [event] = &owner.list("risk_event", &late)[..] else { panic!("no risk event") };
        assert_eq!(owner.see(event)["body"]["suspected"], "security_upgrade_missed");
        assert_eq!(owner.see(&owner.list("notice", &late)[0])["state"], "missed");
        assert_eq!(operator.list("risk_event", &good), [""; 0]);
        let row = platform.read({ let id = late.owner; move |tx| Ok(store::channel::find(tx, &id)?.unwrap()) });
        assert_eq!(row.measures.len(), 1);
    }
}
