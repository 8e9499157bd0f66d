//! The filled-in forms of personalised services.

use super::*;
use crate::id::{AttachmentId, ServiceFormId};
use crate::service_form::Blank;

const FORM: &str = "application.service_form";
const UNASKED: &str = "application.service_form_unasked";

fn blank(service: &str, number: u32) -> Blank {
    Blank { service: service.parse().unwrap(), form: ServiceFormId::from_bytes([9; 16]), number }
}

fn id(byte: u8) -> String {
    AttachmentId::from_bytes([byte; 16]).to_string()
}

/// Forms that ask for services, with filled forms by service.
fn asking(services: &[&str], given: &Value) -> Value {
    let mut forms = social();
    forms["channel"]["services"] = json!(services);
    forms["channel"]["service_forms"] = given.clone();
    forms
}

/// The stage of a draft whose matter has one document of its own, `att_` of fives, and a film, of sixes.
fn stage(forms: &Value, blanks: &[(&str, u32)]) -> Play {
    let mut play = draft(forms);
    play.files.push(Play::file(5, "service_form_login_scan"));
    play.files.push(File { content_type: "video/mp4".to_owned(), ..Play::file(6, "material") });
    play.blanks = blanks.iter().map(|(service, number)| blank(service, *number)).collect();
    play
}

fn at(code: &str, service: &str) -> String {
    format!("/forms/channel/service_forms/{service} {code}")
}

/// CH-F1.12: a personalised service that has a form is asked for with it filled in; one that has none needs none.
#[test]
fn a_personalised_service_that_has_a_form_is_asked_for_with_it() {
    let both = ["login.scan", "query.talent"];
    for (services, given, blanks, found) in [
        (&both[..1], json!({}), &[][..], vec![]),
        (&both[..1], json!({}), &[("query.talent", 1)][..], vec![]),
        (&both[..1], json!({}), &[("login.scan", 1)][..], vec![at(FORM, "login.scan")]),
        (&both[..1], json!({ "login.scan": "" }), &[("login.scan", 1)][..], vec![at(FORM, "login.scan")]),
        (&both[..1], json!({ "login.scan": id(5) }), &[("login.scan", 1)][..], vec![]),
        (&both[..1], json!({ "login.scan": id(7) }), &[("login.scan", 1)][..], vec![at(FORM, "login.scan")]),
        (&both[..1], json!({ "login.scan": id(6) }), &[("login.scan", 1)][..], vec![at(FORM, "login.scan")]),
        (&both[..1], json!({ "login.scan": "x" }), &[("login.scan", 1)][..], vec![at(FORM, "login.scan")]),
        (&both[..1], json!({ "login.scan": "x" }), &[][..], vec![at(FORM, "login.scan")]),
        (
            &both[..],
            json!({ "login.scan": id(5) }),
            &[("login.scan", 1), ("query.talent", 1)][..],
            vec![at(FORM, "query.talent")],
        ),
    ] {
        let forms = asking(services, &given);
        assert_eq!(faults(&mut stage(&forms, blanks)), found, "{services:?} {given} {blanks:?}");
    }
}

/// CH-F1.12: what is not asked for has no form, nor has the standard service, which nobody asks for.
#[test]
fn a_form_of_a_service_that_is_not_asked_for_is_refused() {
    for (service, empty) in
        [("query.talent", false), ("pay.code", false), ("no.such", false), ("query.talent", true)]
    {
        let given = json!({ service: if empty { String::new() } else { id(5) } });
        let forms = asking(&["login.scan"], &given);
        let expected = if empty { vec![] } else { vec![at(UNASKED, service)] };
        assert_eq!(faults(&mut stage(&forms, &[("query.talent", 1)])), expected, "{service}");
    }
}

/// CH-F1.12: a draft may lack it; what was current on the day of the filing stays with the application.
#[test]
fn what_was_filed_says_which_version_of_the_blank_was_current() {
    let mut play = stage(&asking(&["login.scan", "query.talent"], &json!({})), &[("login.scan", 3)]);
    assert_eq!(faults(&mut play), [at(FORM, "login.scan")]);
    let given = json!({ "login.scan": id(5), "query.talent": id(5) });
    let forms = asking(&["login.scan", "query.talent"], &given);
    play.act(Party::Owner, &json!({ "action": "save", "forms": forms }).to_string()).unwrap();
    assert_eq!(faults(&mut play), Vec::<String>::new());
    play.blanks = vec![blank("login.scan", 4)];
    review(&mut play);
    let body: Value = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    let expected = json!([
        {
            "service": "login.scan", "file": id(5),
            "blank": { "form": ServiceFormId::from_bytes([9; 16]).to_string(), "number": 3 },
        },
        { "service": "query.talent", "file": id(5) },
    ]);
    assert_eq!(body["filed"]["service_forms"], expected);
}

/// CH-F1.12, CH-15.1: a change brings the form of what it adds, and of nothing that the channel has.
#[test]
fn a_change_brings_the_forms_of_what_it_adds() {
    let changed = |given: Value| {
        let mut play = Play::channel(Kind::Application);
        play.files = files();
        play.files.push(Play::file(5, "service_form_query_talent"));
        let has = play.channel.as_ref().unwrap().scope.services().iter();
        let mut services: Vec<_> = has.map(|code| code.as_str().to_owned()).collect();
        let had = services.iter().find(|code| !crate::service::find(code).unwrap().standard).cloned();
        services.push("query.talent".into());
        play.blanks = vec![blank("query.talent", 1)];
        play.blanks.extend(had.iter().map(|code| blank(code, 1)));
        let mut forms = government();
        forms["channel"]["number"] = json!("3300000001");
        forms["channel"]["services"] = json!(services);
        forms["channel"]["service_forms"] = given;
        play.open(Party::Owner, &opening("change", &forms)).unwrap();
        let mut found = faults(&mut play);
        found.retain(|line| line.contains("service_form"));
        found
    };
    assert_eq!(changed(json!({})), [at(FORM, "query.talent")]);
    assert_eq!(changed(json!({ "query.talent": id(5) })), Vec::<String>::new());
    let twice = json!({ "query.talent": id(5), "login.scan": id(5) });
    assert_eq!(changed(twice), [at(UNASKED, "login.scan")]);
}

/// CH-F1.12: what was filed before there were such forms is still read.
#[test]
fn an_application_without_filled_forms_is_read() {
    let mut play = draft(&social());
    assert_eq!(faults(&mut play), Vec::<String>::new());
    let stored = play.matter.as_mut().unwrap();
    let mut body: Value = serde_json::from_str(&stored.body).unwrap();
    assert!(body["filed"].get("service_forms").is_none(), "nothing is said where there is nothing");
    body["forms"]["channel"].as_object_mut().unwrap().remove("service_forms").unwrap();
    stored.body = body.to_string();
    review(&mut play);
    assert_eq!(play.state(), "ministry_review");
}
