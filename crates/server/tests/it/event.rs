//! What a channel's server is told of the channel's matters.

use crate::desk::{Desk, confirming, day_after, filing, move_to};
use crate::harness::{CallerHandle, Platform};
use gm::sm2::SigningKey;
use serde_json::{Value, json};

fn listen(platform: &Platform, channel: &CallerHandle) -> String {
    crate::webhook::endpoint(platform, &channel.id).0
}

/// What was put on its way to an endpoint since it was asked before, oldest first: type and id.
fn told(platform: &Platform, webhook: &str, seen: &mut usize) -> Vec<(String, String)> {
    let id: domain::id::WebhookId = webhook.parse().unwrap();
    let rows =
        platform.read(move |tx| Ok(store::webhook::list_deliveries(tx, id.as_bytes(), &[0xFF; 16], 100)?));
    let read = |row: &store::webhook::DeliveryRow| {
        let body: Value = serde_json::from_str(&row.payload).unwrap();
        (row.event.clone(), body["data"]["id"].as_str().unwrap().to_owned())
    };
    let mut fresh: Vec<_> = rows.iter().take(rows.len() - *seen).map(read).collect();
    *seen = rows.len();
    fresh.sort();
    fresh
}

fn event(kind: &str, id: &str) -> (String, String) {
    (kind.to_owned(), id.to_owned())
}

on_both! {
    /// CH-17.1, CH-31.2: a server hears that its people have something to do, and that its channel is stopped or goes on.
    fn a_channel_hears_what_waits_for_its_owner_and_what_is_withheld(platform) {
        let (channel, other) = (platform.channel(), platform.channel());
        let (webhook, quiet) = (listen(platform, &channel), listen(platform, &other));
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let (mut seen, mut unseen) = (0, 0);
        let words = json!({"topic": "pause", "subject": "停服", "words": "今晚", "acknowledge_by": day_after(platform, 1, 0)});
        let notice = operator.open("notice", &channel, &words);
        assert_eq!(told(platform, &webhook, &mut seen), [event("notice.issued", &notice)]);
        owner.act(&notice, &json!({"action": "acknowledge"}));

        let question = json!({"category": "common", "subject": "白屏", "words": "部分机型白屏"});
        let ticket = owner.open("ticket", &channel, &question);
        assert_eq!(told(platform, &webhook, &mut seen), [], "what the owner has done itself is no news to it");
        operator.act(&ticket, &json!({"action": "answer", "words": "已修复"}));
        assert_eq!(told(platform, &webhook, &mut seen), [event("matter.waiting", &ticket)]);

        let leak = json!({"incident": "data_leak", "discovered_at": platform.world().now().to_string(), "words": "日志外泄"});
        let incident = owner.open("risk_event", &channel, &leak);
        assert_eq!(told(platform, &webhook, &mut seen), [event("channel.suspended", &channel.id)]);
        operator.act(&incident, &json!({"action": "propose_dismissal", "words": "误报"}));
        Desk::operator(platform).act(&incident, &json!({"action": "confirm", "words": "误报"}));
        assert_eq!(told(platform, &webhook, &mut seen), [event("channel.resumed", &channel.id)]);
        assert_eq!(told(platform, &quiet, &mut unseen), [], "no other channel");
    }

    /// CH-26.2: the server that signs with a key hears that it ends.
    fn a_channel_hears_which_key_ends_when_the_next_one_works(platform) {
        let channel = platform.channel();
        let (webhook, mut seen) = (listen(platform, &channel), 0);
        let (owner, key) = (Desk::owner(platform, &channel), SigningKey::generate());
        let change = owner.open("key_change", &channel, &json!({"usage": "caller", "label": "二号"}));
        let statement = owner.see(&change)["body"]["statement"].as_str().unwrap().to_owned();
        owner.act(&change, &filing(&key, &statement));
        Desk::operator(platform).act(&change, &confirming(&key));
        assert_eq!(told(platform, &webhook, &mut seen), [event("key.expiring", &channel.key_id)]);
    }

    fn what_is_due_within_a_week_is_told_once(platform) {
        let channel = platform.channel();
        let (operator, last) = (Desk::operator(platform), day_after(platform, 0, 20));
        let words = json!({"topic": "pause", "subject": "停服", "words": "下月", "acknowledge_by": last});
        let notice = operator.open("notice", &channel, &words);
        let (webhook, mut seen) = (listen(platform, &channel), 0);
        let look = || platform.block_on(server::matter::event::due_soon(platform.world())).unwrap();
        look();
        let (far, near) = (day_after(platform, 0, 12), day_after(platform, 0, 13));
        move_to(platform, &far);
        look();
        assert_eq!(told(platform, &webhook, &mut seen), [], "eight days");
        move_to(platform, &near);
        assert_eq!((look(), look()), (1, 0));
        assert_eq!(told(platform, &webhook, &mut seen), [event("matter.due_soon", &notice)]);
        let after = day_after(platform, 0, 1);
        move_to(platform, &after);
        assert_eq!(look(), 0);
    }

    /// A server that was down for days tells what has come near meanwhile.
    fn what_came_near_while_nobody_looked_is_told_later(platform) {
        let channel = platform.channel();
        let last = day_after(platform, 0, 15);
        let words = json!({"topic": "pause", "subject": "停服", "words": "下月", "acknowledge_by": last});
        let notice = Desk::operator(platform).open("notice", &channel, &words);
        let (webhook, mut seen) = (listen(platform, &channel), 0);
        let look = || platform.block_on(server::matter::event::due_soon(platform.world())).unwrap();
        look();
        let later = day_after(platform, 0, 11);
        move_to(platform, &later);
        assert_eq!(look(), 1);
        assert_eq!(told(platform, &webhook, &mut seen), [event("matter.due_soon", &notice)]);
    }
}
