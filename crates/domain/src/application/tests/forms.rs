//! Forms with one thing wrong, and both sides of every number.

use super::{draft, faults, file_of, government, social};
use crate::matter::Party;
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
