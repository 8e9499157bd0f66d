//! Files of matters over HTTP: sent in parts, taken up again, verified, and given out as what they are.

use crate::application::{Actor, open_application};
use crate::desk::{Desk, day_after};
use crate::harness::{Platform, Reply};
use data_encoding::HEXLOWER;
use domain::attachment::PART;
use domain::org::{OrgKind, Role};
use serde_json::{Value, json};

/// Says that a file of a matter will come.
pub fn announce(platform: &Platform, owner: &Actor, matter: &str, purpose: &str, content: &[u8]) -> Reply {
    let digest = HEXLOWER.encode(&gm::sm3::digest(content));
    let body = json!({"purpose": purpose, "file_name": "文件.pdf", "size": content.len(), "sm3": digest});
    owner.send(platform, "POST", &format!("/api/v1/matters/{matter}/attachments"), &body)
}

/// Sends a part of it.
pub fn put(platform: &Platform, owner: &Actor, id: &str, offset: usize, bytes: &[u8]) -> Reply {
    owner.put(platform, &format!("/api/v1/attachments/{id}/content?offset={offset}"), bytes)
}

fn complete(platform: &Platform, owner: &Actor, id: &str) -> Reply {
    owner.send(platform, "POST", &format!("/api/v1/attachments/{id}/complete"), &Value::Null)
}

fn film(length: usize) -> Vec<u8> {
    let mut film = b"\0\0\0\x18ftypisom\0\0\0\0".to_vec();
    film.extend((film.len()..length).map(|place| u8::try_from(place % 251).unwrap()));
    film
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status, reply.json()["code"].as_str().unwrap_or_default().to_owned())
}

/// A part that the shelf cannot take now is not counted as arrived, and whoever sent it is told to try again.
pub fn a_shelf_out_of_reach_is_trouble_that_passes(platform: &Platform) {
    let owner = Actor::owner(platform);
    let matter = open_application(platform, &owner);
    let paper = b"%PDF-1.7 paper".to_vec();
    let announced = announce(platform, &owner, &matter, "licence", &paper).json();
    let id = announced["attachment_id"].as_str().unwrap();
    assert_eq!(code(&put(platform, &owner, id, 0, &paper)), (503, "platform.unavailable".into()));
    let seen = owner.send(platform, "GET", &format!("/api/v1/attachments/{id}"), &Value::Null).json();
    assert_eq!((&seen["received"], &seen["state"]), (&json!(0), &announced["state"]));
}

on_both! {
    /// CH-F3.4.
    fn a_file_is_sent_in_parts_taken_up_again_and_verified(platform) {
        let owner = Actor::owner(platform);
        let matter = open_application(platform, &owner);
        let longest = usize::try_from(PART).unwrap();
        let film = film(longest + 1000);
        let announced = announce(platform, &owner, &matter, "recording_ios", &film);
        assert_eq!(announced.status, 201, "{}", announced.json());
        let id = announced.json()["attachment_id"].as_str().unwrap().to_owned();

        assert_eq!(put(platform, &owner, &id, 0, &film[..longest]).status, 200);
        let early = complete(platform, &owner, &id);
        assert_eq!(code(&early), (409, "attachment.incomplete".into()));
        let again = put(platform, &owner, &id, 0, &film[..longest]);
        assert_eq!(code(&again), (409, "attachment.offset".into()), "the answer was lost, the part was not");
        let seen = owner.send(platform, "GET", &format!("/api/v1/attachments/{id}"), &Value::Null).json();
        assert_eq!((&seen["received"], &seen["state"]), (&json!(PART), &json!("receiving")));
        let beyond = put(platform, &owner, &id, longest, &film[longest - 1..]);
        assert_eq!(code(&beyond), (409, "attachment.beyond".into()));
        assert_eq!(put(platform, &owner, &id, longest, &film[longest..]).status, 200);

        let done = complete(platform, &owner, &id);
        assert_eq!((done.status, &done.json()["content_type"]), (200, &json!("video/mp4")));
        assert_eq!(code(&complete(platform, &owner, &id)), (409, "attachment.complete".into()));

        let path = format!("/api/v1/attachments/{id}/content");
        let whole = owner.send(platform, "GET", &path, &Value::Null);
        assert_eq!(whole.body, film);
        assert_eq!((whole.header("content-type"), whole.header("x-content-type-options")), ("video/mp4", "nosniff"));
        assert!(whole.header("content-disposition").starts_with("inline;"));
        let part = owner.with(platform, "GET", &path, ("range", "bytes=10-19"));
        assert_eq!((part.status, part.body.as_slice()), (206, &film[10..20]));
        assert_eq!(part.header("content-range"), format!("bytes 10-19/{}", film.len()));
        let list = owner.send(platform, "GET", &format!("/api/v1/matters/{matter}/attachments"), &Value::Null);
        assert_eq!(list.json()["data"].as_array().unwrap().len(), 1);
        assert_eq!((&list.json()["max_bytes"], &list.json()["max_files"]), (&json!(512 << 20), &json!(100)));
        let kept = owner.send(platform, "DELETE", &format!("/api/v1/attachments/{id}"), &Value::Null);
        assert_eq!(code(&kept), (409, "attachment.complete".into()), "what is whole is evidence");
    }

    fn another_content_or_type_than_announced_is_not_taken(platform) {
        let owner = Actor::owner(platform);
        let matter = open_application(platform, &owner);
        let paper = b"%PDF-1.7 paper".to_vec();
        let id = announce(platform, &owner, &matter, "licence", &paper).json()["attachment_id"].as_str().unwrap().to_owned();
        put(platform, &owner, &id, 0, b"%PDF-1.7 PAPER");
        assert_eq!(code(&complete(platform, &owner, &id)), (409, "attachment.mismatch".into()));
        assert_eq!(put(platform, &owner, &id, 0, &paper).status, 200, "it begins anew");
        assert_eq!(complete(platform, &owner, &id).status, 200);
        let given = owner.send(platform, "GET", &format!("/api/v1/attachments/{id}/content"), &Value::Null);
        assert!(given.header("content-disposition").starts_with("attachment;"), "a document is saved, not shown");

        let page = b"<html><script>alert(1)</script>".to_vec();
        let id = announce(platform, &owner, &matter, "licence", &page).json()["attachment_id"].as_str().unwrap().to_owned();
        put(platform, &owner, &id, 0, &page);
        assert_eq!(code(&complete(platform, &owner, &id)), (409, "attachment.type".into()));
        let path = format!("/api/v1/attachments/{id}");
        let content = owner.send(platform, "GET", &format!("{path}/content"), &Value::Null);
        assert_eq!(code(&content), (409, "attachment.not_complete".into()));
        assert_eq!(owner.send(platform, "DELETE", &path, &Value::Null).status, 204);
        assert_eq!(owner.send(platform, "GET", &path, &Value::Null).status, 404);

        let wrong = json!({"purpose": "../x", "file_name": "a/b", "size": 1, "sm3": "0"});
        let refused = owner.send(platform, "POST", &format!("/api/v1/matters/{matter}/attachments"), &wrong);
        let pointers: Vec<_> = refused.json()["errors"].as_array().unwrap().iter().map(|e| e["pointer"].clone()).collect();
        assert_eq!((refused.status, pointers), (422, vec![json!("/purpose"), json!("/file_name"), json!("/sm3")]));
    }

    /// CH-5.2.
    fn who_does_not_see_the_matter_does_not_see_its_files(platform) {
        let owner = Actor::owner(platform);
        let matter = open_application(platform, &owner);
        let paper = b"%PDF-1.7 paper".to_vec();
        let id = announce(platform, &owner, &matter, "licence", &paper).json()["attachment_id"].as_str().unwrap().to_owned();
        let stranger = Actor::new(platform, Role::ChannelAdmin, OrgKind::ChannelOwner, "320000");
        let region = Actor::new(platform, Role::RegionAdmin, OrgKind::Province, "330000");
        for other in [&stranger, &region] {
            for path in [format!("/api/v1/attachments/{id}"), format!("/api/v1/matters/{matter}/attachments")] {
                assert_eq!(other.send(platform, "GET", &path, &Value::Null).status, 404, "a draft is the owner's");
            }
            assert_eq!(put(platform, other, &id, 0, &paper).status, 404);
        }
        let ministry = Actor::new(platform, Role::MinistryReviewer, OrgKind::Ministry, "000000");
        assert_eq!(code(&put(platform, &ministry, &id, 0, &paper)), (403, "matter.party".into()), "whoever announced it sends it");
    }

    /// CH-5.2: a department for which there is nothing to do in a matter brings nothing into it, though it sees it.
    fn who_has_no_part_in_a_matter_adds_no_file_to_it(platform) {
        let channel = platform.channel_in(platform.world(), &["000000"]);
        let owner = Desk::owner(platform, &channel);
        let exit = json!({"topic": "product", "subject": "长辈版", "words": "字号"});
        let matter = owner.open("suggestion", &channel, &exit);
        let paper = b"%PDF-1.7 paper".to_vec();
        let region = Actor::new(platform, Role::RegionAdmin, OrgKind::Prefecture, "330100");
        assert_eq!(region.send(platform, "GET", &format!("/api/v1/matters/{matter}"), &Value::Null).status, 200);
        assert_eq!(code(&announce(platform, &region, &matter, "remark", &paper)), (403, "matter.party".into()));

        let local = platform.channel_in(platform.world(), &["330100"]);
        let (from, until) = (day_after(platform, 0, 5), day_after(platform, 0, 9));
        let campaign = json!({"subject": "开学季", "words": "宣传", "wording": "补贴", "starts_on": from, "ends_on": until});
        let matter = Desk::owner(platform, &local).open("campaign", &local, &campaign);
        assert_eq!(announce(platform, &region, &matter, "remark", &paper).status, 201, "it is asked here");
        let province = Actor::new(platform, Role::RegionAdmin, OrgKind::Province, "330000");
        assert_eq!(code(&announce(platform, &province, &matter, "remark", &paper)), (403, "matter.party".into()));
    }

    fn nothing_is_added_to_the_evidence_of_what_was_decided(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let suggestion = json!({"topic": "product", "subject": "长辈版", "words": "字号"});
        let matter = Desk::owner(platform, &channel).open("suggestion", &channel, &suggestion);
        let clerk = Actor::new(platform, Role::OperatorClerk, OrgKind::Operator, "000000");
        let paper = b"%PDF-1.7 paper".to_vec();
        let id = announce(platform, &clerk, &matter, "remark", &paper).json()["attachment_id"].as_str().unwrap().to_owned();
        assert_eq!(put(platform, &clerk, &id, 0, &paper).status, 200);
        Desk::operator(platform).act(&matter, &json!({"action": "answer", "words": "已列入计划"}));
        assert_eq!(code(&complete(platform, &clerk, &id)), (409, "attachment.ended".into()));
        assert_eq!(clerk.send(platform, "DELETE", &format!("/api/v1/attachments/{id}"), &Value::Null).status, 204);
    }

    fn what_has_become_whole_is_not_given_up_by_who_saw_it_before(platform) {
        let owner = Actor::owner(platform);
        let matter = open_application(platform, &owner);
        let paper = b"%PDF-1.7 paper".to_vec();
        let id = announce(platform, &owner, &matter, "licence", &paper).json()["attachment_id"].as_str().unwrap().to_owned();
        put(platform, &owner, &id, 0, &paper);
        let key = *id.parse::<domain::id::AttachmentId>().unwrap().as_bytes();
        let before = platform.read(move |tx| Ok(store::attachment::find(tx, &key)?.unwrap()));
        assert_eq!(complete(platform, &owner, &id).status, 200);
        let outcome = platform.write(move |tx| Ok(store::attachment::delete(tx, &before)));
        assert!(matches!(outcome, Err(store::StoreError::Stale)), "{outcome:?}");
        let shelf = platform.world().shelf();
        assert!(!shelf.write(id.parse().unwrap(), 0, b"%PDF-6.6").unwrap(), "a late part does not reach what was verified");
        let path = format!("/api/v1/attachments/{id}/content");
        assert_eq!(owner.send(platform, "GET", &path, &Value::Null).body, paper);
    }

    /// An owner has no part in what other offices were asked about its matter, nor in the files that came of it.
    fn files_of_advice_are_not_the_owners(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let suggestion = json!({"topic": "product", "subject": "长辈版", "words": "字号"});
        let owner = Desk::owner(platform, &channel);
        let matter = owner.open("suggestion", &channel, &suggestion);
        let (operator, ministry) = (Desk::operator(platform), Desk::ministry(platform));
        let shanghai = Desk::province(platform, "310000");
        let own = owner.file(&matter, "sketch");
        let ours = operator.file(&matter, "material");
        let before = ministry.file(&matter, "remark");
        let ask = |office: Value| {
            let asked = operator.send("POST", &format!("/api/v1/matters/{matter}/advice"), 0, &office);
            let all = asked.json()["advice"].as_array().unwrap().clone();
            all.last().unwrap()["advice_id"].as_str().unwrap().to_owned()
        };
        let list = |by: &Desk<'_>| {
            let listed = by.send("GET", &format!("/api/v1/matters/{matter}/attachments"), 0, &Value::Null).json();
            let ids = listed["data"].as_array().unwrap().iter();
            ids.map(|file| file["attachment_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list(&owner), [own.clone(), ours.clone(), before.clone()]);
        ask(json!({"party": "province", "division": "310000", "words": "上海有何经验？"}));
        let advice = ask(json!({"party": "ministry", "words": "是否全国推广？"}));
        let named = ministry.file(&matter, &advice);
        let loose = shanghai.file(&matter, "remark");
        let said = json!({"words": "见附件", "files": [before]});
        let path = format!("/api/v1/matters/{matter}/advice/{advice}/answer");
        assert_eq!(ministry.send("POST", &path, 0, &said).status, 200);
        for by in [&operator, &ministry, &shanghai] {
            assert_eq!(list(by).len(), 5, "those who decide or were asked see all");
        }
        assert_eq!(list(&owner), [own, ours]);
        for hidden in [&before, &named, &loose] {
            for path in [format!("/api/v1/attachments/{hidden}"), format!("/api/v1/attachments/{hidden}/content")] {
                assert_eq!(owner.send("GET", &path, 0, &Value::Null).status, 404);
                assert_eq!(operator.send("GET", &path, 0, &Value::Null).status, 200);
            }
        }
        let trail = owner.send("GET", &format!("/api/v1/matters/{matter}/trail"), 0, &Value::Null).json();
        let told = trail["data"].as_array().unwrap().iter().filter(|entry| entry["action"] == "attachment.completed");
        assert_eq!(told.count(), 2, "{trail}");
    }

    /// What an office brings into a matter by rule is no advice, though it was asked as well.
    fn files_of_whoever_has_to_decide_are_the_owners_too(platform) {
        let local = platform.channel_in(platform.world(), &["330100"]);
        let (from, until) = (day_after(platform, 0, 5), day_after(platform, 0, 9));
        let campaign = json!({"subject": "开学季", "words": "宣传", "wording": "补贴", "starts_on": from, "ends_on": until});
        let owner = Desk::owner(platform, &local);
        let matter = owner.open("campaign", &local, &campaign);
        let region = Desk::of(platform, Role::RegionAdmin, OrgKind::Prefecture, "330100");
        let own = json!({"party": "prefecture", "division": "330100", "words": "请本处室会签"});
        assert_eq!(region.send("POST", &format!("/api/v1/matters/{matter}/advice"), 0, &own).status, 201);
        let path = format!("/api/v1/attachments/{}", region.file(&matter, "remark"));
        assert_eq!(owner.send("GET", &path, 0, &Value::Null).status, 200, "it has its turn");
        region.act(&matter, &json!({"action": "confirm", "words": "口径无误"}));
        assert_eq!(owner.send("GET", &path, 0, &Value::Null).status, 200, "it has acted");
    }
}
