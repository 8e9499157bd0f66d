//! Level-2 channels: who applies for one, and what it may have.

use super::{decide, faults, files, government, opening, opinion, review, words};
use crate::channel::{Channel, Class, Level, Phase, Relation};
use crate::id::{ChannelId, OrgId};
use crate::matter::testing::{Play, by};
use crate::matter::{Effect, Kind, Party};
use serde_json::{Value, json};

fn level_two_forms() -> Value {
    let mut forms = government();
    forms["one"]["parent_name"] = json!("浙里办");
    forms["one"]["parent_number"] = json!("3300000001");
    forms["channel"]["name"] = json!("浙里办小程序");
    forms["channel"]["form"] = json!("mini_program");
    forms["channel"]["access_mode"] = json!("h5");
    forms["level_two"] = json!({
        "relation": "same_entity", "brand": "浙里办", "reuses": ["accounts"], "liveness": "level_one",
        "source": "level_one", "served": "1000", "basics": "多端", "management": "同一单位",
        "capabilities": "账户体系", "business": "与一级渠道一致",
    });
    forms
}

fn level_two(forms: &Value, level_one: Channel) -> Play {
    let mut play = Play::empty(Kind::Application);
    (play.files, play.parent) = (files(), Some(level_one));
    play.open(Party::Owner, &opening("access", forms)).unwrap();
    play
}

fn level_one() -> Channel {
    crate::channel::tests::channel(Phase::Live)
}

/// CH-10.1, CH-11.1a, CH-11.1b, CH-12.1, CH-12.2, CH-14.1, CH-14.2, CH-F1.5, CH-F1.14.
#[test]
fn level_two_of_the_same_entity_shares_accounts_and_has_no_more_than_level_one() {
    let mut play = level_two(&level_two_forms(), level_one());
    assert_eq!(faults(&mut play), [""; 0]);
    for (pointer, value, expected) in [
        ("/one/parent_number", json!(""), "/one/parent_number application.parent_fields"),
        ("/level_two/brand", json!(""), "/level_two/brand application.same_entity"),
        ("/level_two/reuses/0", json!("authentication"), "/level_two/reuses application.shared_accounts"),
        ("/level_two/liveness", json!("own"), "/level_two/liveness application.liveness"),
        ("/level_two/source", json!("own"), "/channel/services application.wider"),
        ("/channel/regions/1/division", json!("320000"), "/channel/regions application.wider"),
        ("/level_two/basics", json!(""), "/level_two/basics application.statement"),
        ("/level_two/management", json!(""), "/level_two/management application.statement"),
        ("/level_two/capabilities", json!(""), "/level_two/capabilities application.statement"),
        ("/level_two/business", json!(""), "/level_two/business application.statement"),
    ] {
        let mut forms = level_two_forms();
        *forms.pointer_mut(pointer).unwrap() = value;
        assert_eq!(faults(&mut level_two(&forms, level_one())), [format!("/forms{expected}")], "{pointer}");
    }
}

/// CH-11.3, CH-4.2: it gets a number of its own, under its level-1 channel.
#[test]
fn level_two_is_registered_under_its_level_one() {
    let mut play = level_two(&level_two_forms(), level_one());
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    review(&mut play);
    play.act(Party::Ministry, &decide(&["330100"])).unwrap();
    play.act(Party::Operator, &words("allocate")).unwrap();
    let Effect::Register(registration) = &play.effects()[0] else { panic!("{:?}", play.effects()) };
    assert_eq!(registration.level, Level::Two);
    assert_eq!(registration.parent, Some((ChannelId::from_bytes([1; 16]), Relation::SameEntity)));
    assert_eq!(registration.scope.services(), level_one().scope.services());
    assert_eq!(registration.owner, None, "the same owner unit");
}

/// CH-10.2, CH-13.1, CH-13.2.
#[test]
fn level_two_of_another_entity_needs_a_platform_and_a_scope_of_its_own() {
    let mut forms = level_two_forms();
    forms["level_two"]["relation"] = json!("different_entity");
    forms["level_two"]["source"] = json!("own");
    forms["channel"]["regions"][1]["division"] = json!("320000");
    let platform = Channel { class: Class::NationalSigned, is_platform_level: true, ..level_one() };
    let small = Channel { is_platform_level: false, ..platform.clone() };
    assert_eq!(faults(&mut level_two(&forms, platform.clone())), [""; 0], "its regions are its own");
    for parent in [small, Channel { class: Class::Bank, ..platform.clone() }] {
        let expected = ["/forms/level_two/relation application.different_entity"];
        assert_eq!(faults(&mut level_two(&forms, parent)), expected);
    }
    let mut play = level_two(&forms, platform.clone());
    play.act(Party::Owner, r#"{"action":"file"}"#).unwrap();
    for (party, person, division, region) in [
        (Party::Prefecture, 1, "330100", "330100"),
        (Party::Province, 2, "330000", "330100"),
        (Party::Province, 3, "320000", "320000"),
    ] {
        play.act_by(by(party, person, division), &opinion("approve", region)).unwrap();
    }
    play.act(Party::Ministry, &decide(&["320000"])).unwrap();
    play.act(Party::Operator, &words("allocate")).unwrap();
    let Effect::Register(registration) = &play.effects()[0] else { panic!("{:?}", play.effects()) };
    assert_eq!(registration.owner.as_ref().unwrap().0, "示例科技有限公司", "its owner is another unit");
    forms["level_two"]["source"] = json!("level_one");
    assert_eq!(faults(&mut level_two(&forms, platform)), ["/forms/level_two/source application.copied"]);
}

/// CH-4.2, CH-4.4, CH-11.2.
#[test]
fn only_the_owner_of_a_live_level_one_opens_its_level_two() {
    let other = OrgId::from_bytes([3; 16]);
    for (parent, code) in [
        (Channel { owner: other, ..level_one() }, "application.initiator"),
        (Channel { level: Level::Two, ..level_one() }, "channel.parent_level"),
        (Channel { phase: Phase::Testing, ..level_one() }, "application.parent_phase"),
        (Channel { phase: Phase::Leaving, ..level_one() }, "application.parent_phase"),
    ] {
        let mut play = Play::empty(Kind::Application);
        play.parent = Some(parent);
        let refused = play.open(Party::Owner, &opening("access", &level_two_forms())).unwrap_err();
        assert_eq!(refused.code(), code);
    }
}
