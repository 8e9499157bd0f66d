//! Forms of personalised services over HTTP: published by the operator, downloaded by whoever applies or reviews, and brought
//! filled in with an application.

use crate::application::{Actor, PAPER, forms};
use crate::harness::{HANGZHOU, Platform, refusal};
use domain::attachment::PART;
use domain::org::{OrgKind, Role};
use domain::service_form::MOST;
use sdk::client::Staff;
use sdk::types::service_form::{ServiceFormView, WithdrawServiceForm};
use serde_json::{Value, json};
use server::service_form::service::file;

const SCAN: &str = "login.scan";

/// An Office document, as its first bytes say, of this many bytes.
fn office(length: usize) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.resize(30, 0);
    bytes.extend(b"word/document.xml");
    bytes.extend((bytes.len()..length).map(|place| u8::try_from(place % 251).unwrap()));
    bytes
}

fn withdraw(form: &ServiceFormView) -> WithdrawServiceForm {
    WithdrawServiceForm {
        service_form_id: form.service_form_id.clone(), reason: "不再需要申请表".into()
    }
}

/// The form that the catalogue shows with a service.
fn shown(staff: &Staff, service: &str) -> Option<(String, u32)> {
    let found = staff.services().map(Result::unwrap).find(|one| one.code == service).unwrap();
    found.form.map(|form| (form.service_form_id, form.number))
}

/// The codes and pointers of what is wrong with a filing.
fn wrong(reply: &crate::harness::Reply) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let errors = reply.json()["errors"].as_array().cloned().unwrap_or_default();
    errors.iter().map(|one| (text(&one["pointer"]), text(&one["code"]))).collect()
}

/// A draft that asks for services, with the papers that every such application has: its owner and id.
fn draft(platform: &Platform, services: &[&str]) -> (Actor, String, Value) {
    let owner = Actor::owner(platform);
    let mut forms = forms();
    forms["channel"]["services"] = json!(services);
    let opening = json!({"kind": "application", "opening": {"purpose": "access", "forms": forms}});
    let opened = owner.send(platform, "POST", "/api/v1/matters", &opening);
    assert_eq!(opened.status, 201, "{}", opened.json());
    let matter = opened.json()["matter_id"].as_str().unwrap().to_owned();
    for purpose in ["form_one_sealed", "test_collection", "licence", "entry_sketch"] {
        owner.upload(platform, &matter, purpose, PAPER);
    }
    (owner, matter, forms)
}

on_both! {
    /// CH-F1.12: a personalised service is listed with a form that everybody who applies or reviews downloads.
    fn a_form_is_published_listed_with_its_service_and_downloaded(platform) {
        let operator = platform.operator();
        assert_eq!(shown(&operator, SCAN), None);
        let document = office(usize::try_from(PART).unwrap() + 1000);
        let form = operator.publish_service_form(SCAN, "扫码登录申请表.docx", &document).unwrap();
        assert_eq!((form.number, form.state.as_str(), form.service.as_str()), (1, "current", SCAN));
        assert_eq!(form.from_on, platform.world().now().business_date().to_string());
        assert_eq!((form.size, form.content_type.as_str()), (i64::try_from(document.len()).unwrap(), "application/zip"));
        for (role, division) in [
            (Role::ChannelAdmin, HANGZHOU), (Role::ChannelEngineer, HANGZHOU), (Role::RegionAdmin, HANGZHOU),
            (Role::RegionClerk, HANGZHOU), (Role::MinistryReviewer, "000000"), (Role::OperatorClerk, "000000"),
        ] {
            let staff = platform.staff(role, division);
            assert_eq!(shown(&staff, SCAN), Some((form.service_form_id.clone(), 1)), "{role}");
            assert!(staff.service_form_content(&form.service_form_id).unwrap() == document, "{role}");
        }
        let path = format!("/api/v1/service-forms/{}/content", form.service_form_id);
        let reply = Actor::owner(platform).send(platform, "GET", &path, &Value::Null);
        assert!(reply.header("content-disposition").starts_with("attachment; filename*=UTF-8''%E6%89%AB"));
        assert_eq!((reply.header("content-type"), reply.header("x-content-type-options")), ("application/zip", "nosniff"));
        assert_eq!(shown(&operator, "query.talent"), None, "only its own service has it");
    }

    /// CH-F1.12: one is current, and what was replaced or withdrawn stays for the record.
    fn a_form_is_replaced_and_withdrawn_and_stays_on_record(platform) {
        let operator = platform.staff(Role::OperatorClerk, "000000");
        let first = operator.publish_service_form(SCAN, "a.pdf", PAPER).unwrap();
        let again = operator.publish_service_form(SCAN, "a.pdf", PAPER).unwrap();
        assert_eq!(again, first, "the answer was lost, and nothing is published twice");
        platform.clock().advance(86_400);
        let second = operator.publish_service_form(SCAN, "b.pdf", PAPER).unwrap();
        assert_eq!((second.number, shown(&operator, SCAN)), (2, Some((second.service_form_id.clone(), 2))));
        assert!(second.from_on > first.from_on);
        let all: Vec<_> = operator.service_forms(SCAN).map(Result::unwrap).collect();
        let states: Vec<_> = all.iter().map(|one| (one.number, one.state.as_str())).collect();
        assert_eq!(states, [(2, "current"), (1, "replaced")]);
        assert!(all[1].ended_at.is_some() && all[0].ended_at.is_none());
        assert_eq!(operator.service_form_content(&first.service_form_id).unwrap(), PAPER);

        let late = operator.withdraw_service_form(SCAN, &withdraw(&first));
        assert_eq!(refusal(late), (409, "service_form.ended".into()), "it was the first that was meant");
        assert_eq!(shown(&operator, SCAN), Some((second.service_form_id.clone(), 2)));
        let unnamed = WithdrawServiceForm { service_form_id: "sfm_nonsense".into(), ..withdraw(&second) };
        assert_eq!(refusal(operator.withdraw_service_form(SCAN, &unnamed)), (422, "request.fields".into()));
        let gone = operator.withdraw_service_form(SCAN, &withdraw(&second)).unwrap();
        assert_eq!(gone.service_form_id, second.service_form_id);
        assert_eq!((gone.state.as_str(), gone.reason.as_deref()), ("withdrawn", Some("不再需要申请表")));
        assert_eq!(shown(&operator, SCAN), None);
        let none = operator.withdraw_service_form(SCAN, &withdraw(&second));
        assert_eq!(refusal(none), (409, "service_form.absent".into()));
        assert_eq!(operator.service_form_content(&gone.service_form_id).unwrap(), PAPER);
        let third = operator.publish_service_form(SCAN, "b.pdf", PAPER).unwrap();
        assert_eq!((third.number, third.state.as_str()), (3, "current"), "a number is not used again");

        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let proofs = auditor.audit_proofs(&gone.service_form_id, None).map(Result::unwrap).count();
        assert_eq!(proofs, 2, "published and withdrawn");
    }

    /// The same document is the version that is there, as long as the shelf holds it.
    fn a_form_whose_document_is_lost_is_published_again(platform) {
        let operator = platform.operator();
        let first = operator.publish_service_form(SCAN, "a.pdf", PAPER).unwrap();
        platform.world().shelf().remove(file(first.service_form_id.parse().unwrap())).unwrap();
        let second = operator.publish_service_form(SCAN, "a.pdf", PAPER).unwrap();
        assert_eq!((second.number, second.state.as_str()), (2, "current"));
        assert_eq!(operator.service_form_content(&second.service_form_id).unwrap(), PAPER);
        assert_eq!(operator.publish_service_form(SCAN, "a.pdf", PAPER).unwrap(), second);
        assert_eq!(operator.service_form_content(&second.service_form_id).unwrap(), PAPER);
    }

    /// CH-F1.12: a standard service is mandatory; a form is a document and no program, picture or film.
    fn what_is_no_form_of_a_personalised_service_is_refused(platform) {
        let operator = platform.operator();
        let publish = |service: &str, name: &str, content: &[u8]| {
            refusal(operator.publish_service_form(service, name, content))
        };
        assert_eq!(publish("pay.code", "a.pdf", PAPER), (409, "service_form.standard".into()));
        assert_eq!(publish("magic.wand", "a.pdf", PAPER), (404, "resource.not_found".into()));
        assert_eq!(publish(SCAN, "a.pdf", b"<html>"), (409, "service_form.type".into()));
        assert_eq!(publish(SCAN, "a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), (409, "service_form.type".into()));
        assert_eq!(publish(SCAN, "a.pdf", b""), (409, "service_form.size".into()));
        let most = usize::try_from(MOST).unwrap();
        assert_eq!(publish(SCAN, "a.docx", &office(most + 1)), (409, "service_form.size".into()));
        assert_eq!(publish(SCAN, "a.docx", &office(most + 2)), (413, "request.too_large".into()));
        assert_eq!(publish(SCAN, "../a.pdf", PAPER), (422, "request.fields".into()));
        assert_eq!(shown(&operator, SCAN), None);
        assert_eq!(operator.publish_service_form(SCAN, "a.docx", &office(most)).unwrap().number, 1);
        for (role, division) in [(Role::MinistryReviewer, "000000"), (Role::ChannelAdmin, HANGZHOU), (Role::RegionAdmin, HANGZHOU)] {
            let other = platform.staff(role, division);
            assert_eq!(refusal(other.publish_service_form(SCAN, "a.pdf", PAPER)), (403, "staff.role".into()), "{role}");
        }
        assert_eq!(refusal(operator.service_form_content("sfm_nonsense")), (404, "resource.not_found".into()));
    }

    /// CH-F1.12: who asks for a service that has a form brings it filled in; reviewers read it, and which blank it was stays.
    fn an_application_for_a_service_with_a_form_brings_it_filled_in(platform) {
        let operator = platform.operator();
        let (owner, matter, mut forms) = draft(platform, &[SCAN, "query.talent"]);
        let blank = operator.publish_service_form(SCAN, "扫码登录申请表.pdf", PAPER).unwrap();
        let file = json!({"action": "file"});
        let refused = owner.act(platform, &matter, &file);
        let missing = ("/forms/channel/service_forms/login.scan".to_owned(), "application.service_form".to_owned());
        assert_eq!((refused.status, wrong(&refused)), (422, vec![missing]));

        let filled = owner.upload(platform, &matter, "service_form_login_scan", b"%PDF-1.7 filled in");
        forms["channel"]["service_forms"] = json!({SCAN: filled, "query.training": filled});
        owner.acts(platform, &matter, &json!({"action": "save", "forms": forms}));
        let unasked = ("/forms/channel/service_forms/query.training".to_owned(), "application.service_form_unasked".to_owned());
        assert_eq!(wrong(&owner.act(platform, &matter, &file)), [unasked]);
        forms["channel"]["service_forms"] = json!({SCAN: filled});
        owner.acts(platform, &matter, &json!({"action": "save", "forms": forms}));
        let filed = owner.acts(platform, &matter, &file);
        let kept = json!([{"service": SCAN, "file": filled, "blank": {"form": blank.service_form_id, "number": 1}}]);
        assert_eq!(filed["body"]["filed"]["service_forms"], kept);

        operator.publish_service_form(SCAN, "扫码登录申请表.pdf", b"%PDF-1.7 another").unwrap();
        let reviewer = Actor::new(platform, Role::RegionAdmin, OrgKind::Prefecture, "330100");
        let seen = reviewer.send(platform, "GET", &format!("/api/v1/matters/{matter}"), &Value::Null).json();
        assert_eq!(seen["body"]["filed"]["service_forms"], kept, "a later blank changes nothing");
        let content = reviewer.send(platform, "GET", &format!("/api/v1/attachments/{filled}/content"), &Value::Null);
        assert_eq!(content.body, b"%PDF-1.7 filled in");
        let path = format!("/api/v1/service-forms/{}/content", blank.service_form_id);
        assert_eq!(reviewer.send(platform, "GET", &path, &Value::Null).body, PAPER, "as it was then");
    }

    /// CH-F1.12: the file of another matter is no form of this one.
    fn a_filled_form_is_a_file_of_the_application_itself(platform) {
        platform.operator().publish_service_form(SCAN, "a.pdf", PAPER).unwrap();
        let (owner, matter, mut forms) = draft(platform, &[SCAN]);
        let (_, other, _) = draft(platform, &[]);
        let foreign = owner.upload(platform, &other, "service_form_login_scan", PAPER);
        forms["channel"]["service_forms"] = json!({SCAN: foreign});
        owner.acts(platform, &matter, &json!({"action": "save", "forms": forms}));
        let refused = wrong(&owner.act(platform, &matter, &json!({"action": "file"})));
        assert_eq!(refused[0].1, "application.service_form");
        assert_eq!(refused.len(), 1);
    }
}
