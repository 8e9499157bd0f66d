//! Whom to call about a channel: the one that was told last, masked for others, and an address that was shown to be read.

use crate::desk::{Desk, suggested};
use crate::harness::{CallerHandle, Platform, refusal};
use crate::notification::Post;
use domain::id::OrgId;
use domain::org::{OrgKind, Role};
use sdk::client::Staff;
use sdk::types::Reveal;
use sdk::types::audit::TrailFilter;
use sdk::types::channel::{ChannelOwner, ChannelView, CreateChannel};
use sdk::types::contact::{ChannelContacts, ContactOccasion, HeldContact};
use sdk::types::matter::OpenMatter;
use serde_json::{Value, json};

/// Tells that the contact is another one.
pub fn tell(platform: &Platform, channel: &CallerHandle, name: &str, email: &str) {
    platform.clock().advance(60);
    let contact = json!({"name": name, "phone": "13812341234", "email": email});
    let opening = json!({"purpose": "contact", "forms": {"one": {"contact": contact}}});
    Desk::owner(platform, channel).open("application", channel, &opening);
}

fn owner(platform: &Platform, channel: &CallerHandle) -> Staff {
    of_owner(platform, channel, Role::ChannelAdmin)
}

fn of_owner(platform: &Platform, channel: &CallerHandle, role: Role) -> Staff {
    let id = channel.owner;
    let row = platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap()));
    platform.staff_of(role, OrgId::from_bytes(row.owner_id))
}

fn names(found: &ChannelContacts) -> Vec<&str> {
    found.contacts.iter().map(|one| one.name.expose()).collect()
}

fn current(found: &ChannelContacts) -> &HeldContact {
    found.contacts.first().unwrap()
}

fn why() -> Reveal {
    Reveal { reason: "核实告警".into() }
}

on_both! {
    /// CH-16.1, CH-16.3: who was told last is to be called from then on, and those before stay on record.
    fn the_contact_that_was_told_last_holds_and_is_masked_for_all_but_the_owner(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let staff = owner(platform, &channel);
        let none = staff.channel_contacts(&channel.id).unwrap();
        assert!(none.contacts.is_empty() && !none.may_reveal && !none.may_verify && !none.is_mail_sent);
        let operator = platform.staff(Role::OperatorClerk, "000000");
        assert_eq!(refusal(operator.reveal_channel_contact(&channel.id, &why())).1, "contact.missing");
        tell(platform, &channel, "陈晓明", "chen@example.cn");
        tell(platform, &channel, "李蕾", "li@example.cn");

        let own = staff.channel_contacts(&channel.id).unwrap();
        assert_eq!((names(&own), own.may_reveal), (vec!["李蕾", "陈晓明"], false));
        assert_eq!(current(&own).occasion, ContactOccasion::Notice);
        assert_eq!((current(&own).until_at.as_ref(), own.contacts[1].until_at.as_ref()), (None, Some(&current(&own).since_at)));
        assert_eq!(names(&of_owner(platform, &channel, Role::ChannelEngineer).channel_contacts(&channel.id).unwrap()), ["李蕾", "陈晓明"]);
        for (role, division, may_reveal) in [
            (Role::OperatorClerk, "000000", true),
            (Role::MinistryReviewer, "000000", true),
            (Role::RegionAdmin, "330000", false),
            (Role::AuditAdmin, "000000", false),
        ] {
            let seen = platform.staff(role, division).channel_contacts(&channel.id).unwrap();
            assert_eq!((names(&seen), seen.may_reveal, seen.may_verify), (vec!["李*", "陈**"], may_reveal, false), "{role}");
            assert_eq!((current(&seen).phone.expose(), current(&seen).email.expose()), ("138****1234", "***@example.cn"));
        }
        let far = platform.staff(Role::RegionAdmin, "440000");
        assert_eq!(refusal(far.channel_contacts(&channel.id)), (404, "resource.not_found".into()));
        assert_eq!(refusal(far.reveal_channel_contact(&channel.id, &why())).0, 404);
        let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, "330000"));
        assert_eq!(refusal(stranger.channel_contacts(&channel.id)).0, 404);
    }

    /// CH-16.3: whoever has business with the channel gets the contact of now in clear, and the owner learns who asked and why.
    fn the_contact_of_now_is_told_in_clear_on_record(platform) {
        let (channel, _, matter) = suggested(platform);
        tell(platform, &channel, "陈晓明", "chen@example.cn");
        tell(platform, &channel, "李蕾", "li@example.cn");
        let (operator, province) = (Desk::operator(platform), Desk::province(platform, "330000"));
        let path = format!("/api/v1/channels/{}/contacts", channel.id);
        let ask = |desk: &Desk<'_>| desk.send("POST", &format!("{path}/reveal"), 0, &json!({"reason": "核实告警"}));
        let may = |desk: &Desk<'_>| desk.send("GET", &path, 0, &Value::Null).json()["may_reveal"].clone();
        let expected = json!({"name": "李蕾", "phone": "13812341234", "email": "li@example.cn"});
        for desk in [&operator, &Desk::ministry(platform), &Desk::owner(platform, &channel)] {
            let told = ask(desk);
            assert_eq!((told.status, told.json()), (200, expected.clone()));
        }
        assert_eq!((may(&province), ask(&province).code()), (json!(false), "matter.party".into()), "no business yet");
        let advice = json!({"party": "province", "division": "330000", "words": "请浙江提出意见"});
        assert_eq!(operator.send("POST", &format!("/api/v1/matters/{matter}/advice"), 0, &advice).status, 201);
        assert_eq!((may(&province), ask(&province).status), (json!(true), 200));
        operator.act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        assert_eq!((may(&province), ask(&province).code()), (json!(false), "matter.party".into()), "none any more");
        let silent = operator.send("POST", &format!("{path}/reveal"), 0, &json!({"reason": ""}));
        assert_eq!((silent.status, &silent.json()["errors"][0]["pointer"]), (422, &json!("/reason")));

        let staff = owner(platform, &channel);
        let filter = TrailFilter { action: Some("matter.revealed"), ..TrailFilter::default() };
        let current = current(&staff.channel_contacts(&channel.id).unwrap()).clone();
        for thing in [&channel.id, &current.matter_id] {
            let all: Vec<_> = staff.trail(thing, &filter).unwrap().map(Result::unwrap).collect();
            assert_eq!(all.len(), 4, "{thing}");
            assert!(all.iter().all(|entry| entry.reason.as_deref() == Some("核实告警")), "{thing}");
        }
    }

    /// CH-11.4b, CH-16.1: whoever answers for a level-2 channel of another owner is told whom to call about it.
    fn level_one_knows_the_contact_of_its_level_two(platform) {
        let world = platform.sandbox();
        let operator = crate::channel::operator(platform);
        let head = operator.create_channel(&crate::channel::app()).unwrap();
        let below = operator.create_channel(&CreateChannel {
            name: "合作".into(),
            owner: ChannelOwner { name: "合作公司".into(), uscc: "91350100M000100Y43".into() },
            level: 2,
            parent_id: Some(head.channel_id.clone()),
            ..crate::channel::app()
        }).unwrap();
        let of = |channel: &ChannelView| platform.token(world, Role::ChannelAdmin, channel.owner_id.parse().unwrap());
        let contact = json!({"name": "赵敏", "phone": "13812341234", "email": "zhao@example.cn"});
        let opening = json!({"purpose": "contact", "forms": {"one": {"contact": contact}}});
        let request = OpenMatter { kind: "application".into(), channel_id: Some(below.channel_id.clone()), parent_id: None, opening };
        Staff::with_token(&platform.config(world), of(&head)).unwrap().open_matter(&request).unwrap();
        for channel in [&head, &below] {
            let staff = Staff::with_token(&platform.config(world), of(channel)).unwrap();
            assert_eq!(names(&staff.channel_contacts(&below.channel_id).unwrap()), ["赵敏"]);
        }
        // Who was before is no business of level 1.
        let later = json!({"name": "周强", "phone": "13912341234", "email": "zhou@example.cn"});
        let opening = json!({"purpose": "contact", "forms": {"one": {"contact": later}}});
        world.clock().advance(60);
        let request = OpenMatter { opening, ..request };
        Staff::with_token(&platform.config(world), of(&head)).unwrap().open_matter(&request).unwrap();
        for (channel, told) in [(&head, ["周强", "赵*"]), (&below, ["周强", "赵敏"])] {
            let staff = Staff::with_token(&platform.config(world), of(channel)).unwrap();
            let found = staff.channel_contacts(&below.channel_id).unwrap();
            assert_eq!(names(&found), told);
            let is_clear = channel.channel_id == below.channel_id;
            assert_eq!(found.contacts[1].phone.expose() == "13812341234", is_clear, "{}", found.contacts[1].phone.expose());
        }
        let above = Staff::with_token(&platform.config(world), of(&head)).unwrap();
        let own = Staff::with_token(&platform.config(world), of(&below)).unwrap();
        assert!(!above.channel_contacts(&below.channel_id).unwrap().may_verify);
        assert_eq!(refusal(above.mail_contact_code(&below.channel_id)).1, "matter.party", "another owner vouches for nobody");
        assert_eq!(refusal(above.confirm_channel_contact(&below.channel_id, "000000".into())).1, "matter.party");
        assert_eq!(refusal(own.mail_contact_code(&below.channel_id)).1, "notification.no_relay", "the owner itself may");
    }

    /// CH-F1.4, CH-16.1: the address of a contact is verified by a code that was mailed to it, once for all channels of its owner, and
    /// another contact stands unverified.
    fn the_address_of_a_contact_is_verified_by_a_code_that_is_mailed_to_it(platform) {
        let Some(post) = Post::start() else { return };
        let (channel, twin) = (platform.channel(), platform.channel());
        let staff = owner(platform, &channel);
        tell(platform, &channel, "陈晓明", "chen@example.cn");
        assert_eq!(refusal(staff.mail_contact_code(&channel.id)).1, "notification.no_relay");
        post.serve(platform);
        let seen = staff.channel_contacts(&channel.id).unwrap();
        assert_eq!((seen.is_mail_sent, seen.may_verify, &seen.pending_until), (true, true, &None));
        assert_eq!(refusal(staff.mail_contact_code(&twin.id)).1, "contact.missing");
        assert_eq!(refusal(staff.confirm_channel_contact(&channel.id, "000000".into())).1, "notification.no_code");

        let pending = staff.mail_contact_code(&channel.id).unwrap();
        assert_eq!(pending.masked, "c***@example.cn");
        assert_eq!(staff.channel_contacts(&channel.id).unwrap().pending_until, Some(pending.expires_at));
        let letter = post.last();
        let text = letter["text"].as_str().unwrap();
        assert!(letter["to"].to_string().contains("chen@example.cn"), "{letter}");
        assert!(text.contains("浙里办") && text.contains(&post.code()), "{text}");
        assert_eq!(refusal(staff.mail_contact_code(&channel.id)).1, "notification.code_pause");
        assert_eq!(refusal(staff.confirm_channel_contact(&channel.id, wrong(&post).as_str().into())).1, "notification.code_refused");
        let verified = staff.confirm_channel_contact(&channel.id, post.code().as_str().into()).unwrap();
        assert!(current(&verified).verified_at.is_some() && verified.pending_until.is_none());
        assert_eq!(refusal(staff.confirm_channel_contact(&channel.id, post.code().as_str().into())).1, "notification.no_code", "once");
        assert_eq!(refusal(staff.mail_contact_code(&channel.id)).1, "contact.verified");
        let operator = platform.staff(Role::OperatorClerk, "000000");
        assert!(current(&operator.channel_contacts(&channel.id).unwrap()).verified_at.is_some());
        assert_eq!(refusal(operator.mail_contact_code(&channel.id)).1, "matter.party", "only the owner vouches");

        tell(platform, &twin, "陈晓明", "chen@example.cn");
        assert!(current(&staff.channel_contacts(&twin.id).unwrap()).verified_at.is_some(), "the same address of the same owner");
        tell(platform, &channel, "李蕾", "li@example.cn");
        let all = staff.channel_contacts(&channel.id).unwrap().contacts;
        assert_eq!(all.iter().map(|one| one.verified_at.is_some()).collect::<Vec<_>>(), [false, true]);
    }

    /// CH-16.3: whoever is not to be called any more hears so, at the address of before.
    fn a_contact_that_was_replaced_is_written_to(platform) {
        let Some(post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let run = || platform.block_on(server::notification::send_due(platform.world(), platform.world().real_now())).unwrap();
        tell(platform, &channel, "陈晓明", "chen@example.cn");
        tell(platform, &channel, "陈小明", "chen@example.cn");
        run();
        assert!(post.letters().is_empty(), "the address is the same");
        tell(platform, &channel, "李蕾", "li@example.cn");
        run();
        let letter = post.last();
        assert_eq!((post.letters().len(), &letter["to"]), (1, &json!(["chen@example.cn"])));
        let text = letter["text"].as_str().unwrap();
        assert!(text.contains("联系人已变更") && text.contains("was changed") && !text.contains("li@"), "{text}");
    }

    /// CH-16.3: a code confirms the address that it was mailed to: not that of whoever is the contact by then.
    fn a_code_is_of_one_address_and_is_tried_so_often(platform) {
        let Some(mut post) = Post::start() else { return };
        post.serve(platform);
        let channel = platform.channel();
        let staff = owner(platform, &channel);
        tell(platform, &channel, "陈晓明", "chen@example.cn");
        staff.mail_contact_code(&channel.id).unwrap();
        let code = post.code();
        tell(platform, &channel, "李蕾", "li@example.cn");
        assert_eq!(refusal(staff.confirm_channel_contact(&channel.id, code.as_str().into())).1, "notification.no_code");
        assert_eq!(staff.channel_contacts(&channel.id).unwrap().pending_until, None);

        staff.mail_contact_code(&channel.id).unwrap();
        let tries: Vec<_> = (0..5)
            .map(|_| refusal(staff.confirm_channel_contact(&channel.id, wrong(&post).as_str().into())).1)
            .collect();
        assert_eq!(tries[..4], ["notification.code_refused"; 4]);
        assert_eq!(tries[4], "notification.no_code", "the fifth voids it");
        assert_eq!(refusal(staff.confirm_channel_contact(&channel.id, post.code().as_str().into())).1, "notification.no_code");

        tell(platform, &channel, "王芳", "wang@example.cn");
        post.close();
        assert_eq!(refusal(staff.mail_contact_code(&channel.id)).1, "notification.unsent");
        let trail = staff.trail(&channel.id, &TrailFilter::default()).unwrap();
        let told = trail.map(|entry| format!("{:?}", entry.unwrap())).collect::<String>();
        assert!(told.contains("contact.code_mailed") && !told.contains("example.cn"), "no address stands in a record");
    }
}

/// A code that is not the one of the last letter.
fn wrong(post: &Post) -> String {
    let code: u32 = post.code().parse().unwrap();
    format!("{:06}", (code + 1) % 1_000_000)
}
