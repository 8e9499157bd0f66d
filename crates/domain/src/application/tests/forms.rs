//! Forms with one thing wrong, and both sides of every number.

use super::{
    decide, draft, fault_lines, faults, file, file_of, final_review, formal, government, opening, preparing,
    registered, review, save_formal, social,
};
use super::{key, words};
use crate::channel::{Class, Phase};
use crate::key::KeyUsage;
use crate::matter::testing::{Play, by};
use crate::matter::{Effect, Kind, Party};
use crate::service::{CATALOGUE, ISSUANCE};
use serde_json::{Value, json};

/// CH-7.3, CH-7.4, CH-F2.3, CH-F2.10: both sides of every number; the form itself lies exactly at each.
#[test]
fn a_form_holds_exactly_at_each_limit_and_not_below() {
    assert_eq!(file_of(&social()), [""; 0]);
    for (pointer, value, code) in [
        ("/channel/regions/0/running_since", "2025-03-03", "application.running_time"),
        ("/channel/regions/0/users", "0", "application.user_base"),
        ("/channel/users", "999999", "application.users"),
        ("/two/registered_on", "2025-03-03", "application.company_age"),
        ("/two/registered_on", "2026-03-03", "application.day"),
        ("/two/committed_issuance", "0", "application.commitment"),
        ("/two/registered_users", "许多", "application.number"),
    ] {
        let mut forms = social();
        *forms.pointer_mut(pointer).unwrap() = json!(value);
        assert_eq!(file_of(&forms), [format!("/forms{pointer} {code}")], "{value}");
    }
    let mut forms = government();
    forms["channel"]["users"] = json!("1");
    assert_eq!(file_of(&forms), [""; 0], "CH-7.4 counts the users of class 社会 only");
    let mut forms = social();
    forms["two"]["committed_monthly_active"] = json!("");
    assert_eq!(file_of(&forms), ["/forms/two/committed_issuance application.commitment"]);
    forms["two"]["committed_monthly_active"] = json!("1");
    forms["two"]["committed_issuance"] = json!("");
    forms["two"]["committed_usage"] = json!("1");
    assert_eq!(file_of(&forms), [""; 0], "usage may be promised in place of issuance");
}

/// CH-F1.2 to CH-F1.13, CH-2.2, CH-7.1, CH-8.1c, CH-8.3b, CH-F1.3, CH-F1.4, CH-F1.5, CH-F1.9, CH-F1.11, CH-F1.12.
#[test]
fn a_wrong_field_is_named_by_its_place() {
    for (pointer, value, expected) in [
        ("/one/uscc", json!("91350100M000100Y44"), "/one/uscc identity.uscc_check"),
        ("/one/owner_name", json!(" "), "/one/owner_name application.text"),
        ("/one/contact/phone", json!("12345"), "/one/contact/phone identity.phone"),
        ("/one/contact/email", json!("nobody@"), "/one/contact/email application.email"),
        ("/one/parent_name", json!("某渠道"), "/one/parent_name application.parent_fields"),
        ("/channel/number", json!("3300000001"), "/channel/number application.number_blank"),
        ("/channel/form", json!("mini_program"), "/channel/access_mode channel.access_mode"),
        ("/channel/form", json!("kiosk"), "/channel/form name.unknown"),
        (
            "/channel/regions/1/division",
            json!("330000"),
            "/channel/regions/1/division application.region_overlap",
        ),
        (
            "/channel/regions/1/division",
            json!("310101"),
            "/channel/regions/1/division application.region_level",
        ),
        ("/channel/regions/1/division", json!("990000"), "/channel/regions/1/division division.unlisted"),
        ("/channel/services/0", json!("login.magic"), "/channel/services/0 service.unknown"),
        ("/channel/test_keys", json!([]), "/channel/test_keys application.keys"),
        ("/channel/test_keys/0/public_key", json!("04ff"), "/channel/test_keys/0 application.keys"),
        ("/two/fit", json!(""), "/two/fit application.form_two"),
    ] {
        let mut forms = social();
        let (parent, field) = pointer.rsplit_once('/').unwrap();
        let parent = forms.pointer_mut(parent).unwrap();
        match parent {
            Value::Array(rows) => rows[field.parse::<usize>().unwrap()] = value,
            other => other[field] = value,
        }
        assert_eq!(file_of(&forms), [format!("/forms{expected}")], "{pointer}");
    }
    let mut forms = social();
    forms["channel"]["form"] = json!("other");
    forms["channel"]["access_mode"] = json!("h5");
    assert_eq!(file_of(&forms), ["/forms/channel/form_name application.form_name"]);
    let mut play = draft(&json!({}));
    assert!(faults(&mut play).len() > 10, "an empty draft may be kept and not filed");
}

/// CH-F1.2, CH-F1.13, CH-F2.1, CH-9.1b, CH-3.3: files that come with the forms.
#[test]
fn the_files_come_with_the_forms() {
    let mut play = draft(&social());
    play.files.clear();
    let missing = [
        "/files/entry_sketch application.entry_sketch",
        "/files/form_one_sealed application.sealed_form",
        "/files/licence application.licence",
        "/files/test_collection application.test_collection",
    ];
    assert_eq!(faults(&mut play), missing);
    let mut forms = social();
    forms["one"]["innovation"] = json!("signed");
    assert_eq!(file_of(&forms), ["/files/innovation_agreement application.innovation_agreement"]);
}

/// CH-7.5, R21: the ministry waives a condition of one application, and nobody else does.
#[test]
fn the_ministry_may_waive_a_condition() {
    let mut forms = social();
    forms["channel"]["users"] = json!("999999");
    let mut play = draft(&forms);
    let waive = json!({ "action": "waive", "condition": "users", "words": "试点" }).to_string();
    assert_eq!(play.refused(Party::Operator, &waive), "matter.party");
    play.act(Party::Ministry, &waive).unwrap();
    assert_eq!(faults(&mut play), [""; 0]);
}

/// An owner of each class: what it is, and whether it has signed the innovation agreement.
const OWNERS: [(&str, &str); 6] = [
    ("hrss", "unsigned"),
    ("government", "unsigned"),
    ("company", "signed"),
    ("bank", "unsigned"),
    ("hospital", "unsigned"),
    ("company", "unsigned"),
];

/// CH-7.0, CH-7.1, CH-7.2, CH-7.3, CH-7.4, CH-7.5: every condition stands before every class, the number of users before
/// class 社会 alone.
#[test]
fn every_condition_of_access_binds_every_class() {
    for (place, (unit, innovation)) in OWNERS.into_iter().enumerate() {
        let mut forms = social();
        (forms["one"]["unit"], forms["one"]["innovation"]) = (json!(unit), json!(innovation));
        let is_social = place == 5;
        let draft = |forms: &Value| {
            let mut play = draft(forms);
            play.files.push(file("innovation_agreement", "application/pdf"));
            play
        };
        assert_eq!(faults(&mut draft(&forms)), [""; 0], "{unit} {innovation}");
        for (pointer, value, code, is_due) in [
            ("/one/uscc", "91350100M000100Y44", "identity.uscc_check", true),
            ("/one/owner_name", "", "application.text", true),
            ("/channel/business", "", "application.text", true),
            ("/channel/regions/0/running_since", "2025-03-03", "application.running_time", true),
            ("/channel/regions/1/users", "0", "application.user_base", true),
            ("/channel/users", "999999", "application.users", is_social),
        ] {
            let mut wrong = forms.clone();
            *wrong.pointer_mut(pointer).unwrap() = json!(value);
            let expected = Vec::from_iter(is_due.then(|| format!("/forms{pointer} {code}")));
            assert_eq!(faults(&mut draft(&wrong)), expected, "{unit} {innovation}");
        }
        let mut play = draft(&forms);
        play.act(Party::Ministry, &words("require")).unwrap();
        assert_eq!(faults(&mut play), ["/demands/0 application.further_condition"], "{unit} {innovation}");
    }
}

/// CH-7.2: what the channel does for people is said by the owner and judged by a reviewer, in words that are kept.
#[test]
fn what_a_channel_does_for_people_is_judged_in_words() {
    let mut play = draft(&social());
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    let opinion = |words: &str| {
        json!({"action": "approve", "region": "330100", "words": words, "contact": "审核人", "phone": "1"})
            .to_string()
    };
    let reviewer = by(Party::Prefecture, 1, "330100");
    let silent = play.act_by(reviewer, &opinion(" ")).unwrap_err();
    assert_eq!(fault_lines(&silent), ["/words matter.words"]);
    play.act_by(reviewer, &opinion("服务民生，具备能力")).unwrap();
    assert!(play.matter.as_ref().unwrap().body.contains("服务民生，具备能力"));
}

/// CH-7.5: the ministry sets what else it needs in words, the owner answers each, and only then it is filed.
#[test]
fn a_further_condition_is_answered_before_it_is_filed() {
    let mut play = draft(&social());
    let answer = |text: &str| json!({"action": "answer", "words": text}).to_string();
    assert_eq!(play.refused(Party::Owner, &answer("无")), "matter.transition");
    assert_eq!(play.refused(Party::Operator, &words("require")), "matter.party");
    assert_eq!(play.refused(Party::Ministry, r#"{"action":"require","words":" "}"#), "matter.words");
    for condition in ["适老化改造", "无障碍访问"] {
        let require = json!({"action": "require", "words": condition}).to_string();
        play.act(Party::Ministry, &require).unwrap();
        assert_eq!(play.effect_words(), ["tell owner"]);
    }
    play.act(Party::Owner, &answer("已完成")).unwrap();
    assert_eq!(faults(&mut play), ["/demands/1 application.further_condition"]);
    play.act(Party::Owner, &answer("已支持")).unwrap();
    assert_eq!(play.refused(Party::Owner, &answer("再答")), "matter.transition", "each once");
    assert_eq!(faults(&mut play), [""; 0]);
}

/// The services that an application asks the platform to register, with what its form lists.
fn registered_services(breadth: &str, services: &[&str]) -> Vec<String> {
    let mut forms = government();
    (forms["channel"]["breadth"], forms["channel"]["services"]) = (json!(breadth), json!(services));
    let mut play = draft(&forms);
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    review(&mut play);
    play.act(Party::Ministry, &decide(&["330100"])).unwrap();
    play.act(Party::Operator, &words("allocate")).unwrap();
    let Effect::Register(registration) = &play.effects()[0] else { panic!("{:?}", play.effects()) };
    registration.scope.services().iter().map(ToString::to_string).collect()
}

/// CH-8.2a, CH-8.2b, CH-F1.12: a general channel gets the whole standard set and what it asks for, a specialised one
/// issuance and what its business needs, and nothing else.
#[test]
fn a_specialised_channel_gets_what_its_business_needs_and_a_general_one_the_standard_set() {
    let standard = CATALOGUE.iter().filter(|service| service.standard);
    let mut general: Vec<_> = standard.map(|service| service.code.to_owned()).collect();
    general.push("login.scan".to_owned());
    general.sort();
    general.dedup();
    assert_eq!(registered_services("general", &["login.scan"]), general);
    assert_eq!(registered_services("specialised", &["pay.code"]), [ISSUANCE, "pay.code"]);
    assert_eq!(registered_services("specialised", &[]), [ISSUANCE]);
}

/// CH-8.4b: a change may add a service, and takes no standard one away.
#[test]
fn a_change_takes_no_standard_service_away() {
    let mut forms = government();
    (forms["channel"]["number"], forms["channel"]["test_keys"]) = (json!("3300000001"), json!([]));
    forms["channel"]["breadth"] = json!("specialised");
    let held = crate::channel::tests::channel(Phase::Live).scope;
    let held: Vec<_> = held.services().iter().map(ToString::to_string).collect();
    assert!(held.contains(&"identity.verify".to_owned()), "{held:?}");
    for (dropped, expected) in [
        (None, vec![]),
        (Some("identity.verify"), vec!["/forms/channel/services application.standard_service"]),
    ] {
        let services: Vec<_> = held.iter().filter(|code| Some(code.as_str()) != dropped).collect();
        forms["channel"]["services"] = json!(services);
        let mut play = Play::empty(Kind::Application);
        registered(&mut play, Phase::Live);
        play.files = super::files();
        play.open(Party::Owner, &opening("change", &forms)).unwrap();
        assert_eq!(faults(&mut play), expected);
    }
}

/// CH-15.1, CH-9.3e: a change leaves the channel of its class, which decides what is asked of it, and its relation to level 1.
#[test]
fn a_change_makes_no_other_channel_of_it() {
    let mut forms = government();
    (forms["channel"]["number"], forms["channel"]["test_keys"]) = (json!("3300000001"), json!([]));
    let line = "/forms/one/unit application.other_class";
    for (unit, expected) in [("government", vec![]), ("hrss", vec![line]), ("bank", vec![line])] {
        forms["one"]["unit"] = json!(unit);
        let mut play = Play::empty(Kind::Application);
        registered(&mut play, Phase::Live);
        play.files = super::files();
        play.open(Party::Owner, &opening("change", &forms)).unwrap();
        assert_eq!(faults(&mut play), expected, "{unit}");
    }
}

/// CH-3.3, CH-3.4: an owner that has signed with the ministry since is told where and why its change is not of that class.
#[test]
fn a_change_does_not_bring_the_innovation_agreement() {
    let mut forms = government();
    (forms["channel"]["number"], forms["channel"]["test_keys"]) = (json!("3300000001"), json!([]));
    forms["one"]["unit"] = json!("bank");
    for (innovation, class, expected) in [
        ("unsigned", Class::Bank, vec![]),
        ("signed", Class::Bank, vec!["/forms/one/innovation application.newly_signed"]),
        ("signed", Class::NationalSigned, vec![]),
        ("signed", Class::Government, vec!["/forms/one/unit application.other_class"]),
        ("unsigned", Class::NationalSigned, vec!["/forms/one/unit application.other_class"]),
    ] {
        forms["one"]["innovation"] = json!(innovation);
        let mut play = Play::empty(Kind::Application);
        registered(&mut play, Phase::Live);
        play.channel.as_mut().unwrap().class = class;
        play.files = super::files();
        play.files.push(file("innovation_agreement", "application/pdf"));
        play.open(Party::Owner, &opening("change", &forms)).unwrap();
        assert_eq!(faults(&mut play), expected, "{innovation} {class}");
    }
}

/// CH-26.1: what a channel brings identifies it or is encrypted to. No key of an e-card, of a code or of the platform is
/// ever a channel's.
#[test]
fn a_channel_brings_no_key_of_the_national_key_system() {
    for usage in KeyUsage::ALL {
        let brought = json!({ "usage": usage, "public_key": key() });
        let mut forms = social();
        forms["channel"]["test_keys"] = json!([{ "usage": "caller", "public_key": key() }, brought]);
        let is_own = matches!(usage, KeyUsage::Caller | KeyUsage::Encrypt);
        let expected = Vec::from_iter((!is_own).then_some("/forms/channel/test_keys/1 application.keys"));
        assert_eq!(file_of(&forms), expected, "{usage}");
    }
}

/// CH-F1.1, CH-F1.7, CH-F1.8, CH-F1.10: the head of form 1 and the row of a channel say all that is asked.
#[test]
fn form_one_is_complete() {
    for (pointer, value, code) in [
        ("/one/filled_on", "", "application.day"),
        ("/one/filled_on", "2026-03-03", "application.day"),
        ("/channel/name", "", "application.text"),
        ("/channel/form", "", "name.unknown"),
        ("/channel/access_mode", "", "name.unknown"),
    ] {
        let mut forms = government();
        *forms.pointer_mut(pointer).unwrap() = json!(value);
        assert_eq!(file_of(&forms), [format!("/forms{pointer} {code}")], "{value}");
    }
}

/// CH-F2.2, CH-F2.4, CH-F2.5, CH-F2.6, CH-F2.7, CH-F2.8, CH-F2.9: every part of form 2, of class 社会 and of no other.
#[test]
fn form_two_is_complete() {
    for (field, code) in [
        ("registered_address", "application.form_two"),
        ("standing", "application.form_two"),
        ("introduction", "application.form_two"),
        ("download", "application.form_two"),
        ("user_groups", "application.form_two"),
        ("registered_users", "application.number"),
        ("monthly_active", "application.number"),
        ("coverage", "application.form_two"),
        ("fit", "application.form_two"),
        ("expansion", "application.form_two"),
    ] {
        let mut forms = social();
        forms["two"][field] = json!("");
        assert_eq!(file_of(&forms), [format!("/forms/two/{field} {code}")]);
        forms["one"]["unit"] = json!("bank");
        assert_eq!(file_of(&forms), [""; 0], "{field}");
    }
}

/// CH-16.1, CH-16.3: a contact is told by what is filed; a change tells its own once it is in force, and a form that is being
/// corrected tells nobody.
#[test]
fn a_contact_is_told_when_it_is_filed() {
    use crate::application::contact::{Done, told};
    use crate::contact::Occasion;
    let at = |seconds| Some(crate::time::Timestamp::from_seconds(seconds));
    let done = Done { opened_at: at(1), filed_at: at(2), filed_formally_at: at(3) };
    let said = |body: &str| -> Vec<_> {
        told(body, &done)
            .into_iter()
            .map(|(occasion, at, who)| (occasion, at.as_seconds(), who.name))
            .collect()
    };
    let one = |occasion, at| (occasion, at, "测试联系人".to_owned());
    let body = |play: &Play| play.matter.as_ref().unwrap().body.clone();

    let mut play = draft(&social());
    assert_eq!(said(&body(&play)), [], "a draft tells nobody");
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    assert_eq!(said(&body(&play)), [one(Occasion::Test, 2)]);
    let mut play = preparing(&social());
    play.act(Party::Owner, &save_formal(&formal())).unwrap();
    assert_eq!(said(&body(&play)), [one(Occasion::Test, 2)], "nor does one that is prepared");
    let mut play = final_review(&social());
    assert_eq!(said(&body(&play)), [one(Occasion::Test, 2), one(Occasion::Formal, 3)]);
    play.act(Party::Operator, &words("return")).unwrap();
    assert_eq!(said(&body(&play)), [one(Occasion::Test, 2)], "nor one that is corrected");

    let under = |state: &str| {
        let mut body: Value = serde_json::from_str(&body(&final_review(&social()))).unwrap();
        (body["purpose"], body["state"]) = (json!("change"), json!(state));
        body.to_string()
    };
    assert_eq!(said(&under("final_review")), []);
    assert_eq!(said(&under("live")), [one(Occasion::Change, 3)]);

    let mut play = Play::channel(Kind::Application);
    play.open(Party::Owner, &opening("contact", &social())).unwrap();
    assert_eq!(said(&body(&play)), [one(Occasion::Notice, 1)]);
    assert_eq!(told(&body(&play), &Done::default()), [], "what was never done told nobody");
}

/// CH-F1.4, CH-16.1: whom to ask is masked for others and told by its place; nothing else of the body changes.
#[test]
fn a_contact_is_masked_and_told_by_its_place() {
    use crate::application::{Application, contact, form::Contact};
    let mut play = draft(&social());
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    let body = play.matter.unwrap().body;
    let masked: Value = serde_json::from_str(&contact::masked(&body).unwrap()).unwrap();
    let hidden = json!({ "name": "测****", "phone": "138****1234", "email": "***@example.cn" });
    assert_eq!(masked["forms"]["one"]["contact"], hidden);
    let mut back = masked;
    back["forms"]["one"]["contact"] =
        json!({ "name": "测试联系人", "phone": "13812341234", "email": "channel@example.cn" });
    let back: Application = serde_json::from_value(back).unwrap();
    assert_eq!(back, serde_json::from_str(&body).unwrap());
    let told = contact::in_clear(&body);
    assert_eq!(told.iter().map(|(place, _)| *place).collect::<Vec<_>>(), ["/forms/one/contact"]);
    assert_eq!(told[0].1.phone, "13812341234");
    assert!(contact::masked("{}").is_none() && contact::in_clear("{}").is_empty());
    let odd = Contact { name: String::new(), phone: "0571-88880000".into(), email: "nobody".into() };
    let odd = odd.masked();
    assert_eq!((odd.name.as_str(), odd.phone.as_str(), odd.email.as_str()), ("", "***", "***"));
}
