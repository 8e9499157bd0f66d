//! What stands on the pages of an agreement.

use super::sheet::{DRAFT, Parties, Printed, Side, pages};
use crate::WorldName;
use crate::form::Typeface;
use crate::form::paper::{Mark, Page};
use domain::agreement::Agreement;
use domain::id::MatterId;
use serde_json::{Value, json};

const ID: MatterId = MatterId::from_bytes([7; 16]);

fn sm3(text: &str) -> String {
    data_encoding::HEXLOWER.encode(&gm::sm3::digest(text.as_bytes()))
}

fn statement(text: &str) -> String {
    format!("签署声明\n协议：{ID}\n文本SM3：{}\n", sm3(text))
}

fn by(party: &str) -> Value {
    json!({"party": party, "staff": null, "org": null, "division": "000000"})
}

fn body(text: &str) -> Value {
    let offered = json!({"words": "2026-01", "by": by("operator"), "at": "2026-03-01T16:30:00Z"});
    json!({
        "state": "offered", "offered": offered, "text": {"version": "2026-01", "text": text, "sm3": sm3(text)},
        "term": {"from": "2026-03-02", "until": "2027-03-01"}, "past": [], "statement": statement(text),
        "signatures": [], "amendment": null, "objections": [], "plan": null, "decisions": [],
    })
}

fn drawn(body: &Value, world: WorldName) -> Vec<Page> {
    let agreement: Agreement = serde_json::from_value(body.clone()).unwrap();
    let document = agreement.document(None).unwrap();
    let side = |name: &str| Side { name: name.to_owned(), uscc: Some("91110000600037341L".to_owned()) };
    let parties = Parties {
        operator: side("平台运营单位"),
        owner: side("便民科技"),
        channel: "便民通（3300000001）".to_owned(),
    };
    let printed = Printed { id: ID, version: 3, world, parties: &parties, document: &document };
    pages(&printed, &Typeface::of_system().unwrap()).unwrap().0
}

fn lines(pages: &[Page]) -> Vec<&str> {
    pages
        .iter()
        .flatten()
        .filter_map(|mark| match mark {
            Mark::Text { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

fn is_across(page: &Page) -> bool {
    page.iter().any(|mark| matches!(mark, Mark::Across { text, .. } if text == DRAFT))
}

/// CH-9.3e: what nobody has signed says so across every page, and has room for both seals.
#[test]
fn a_draft_says_so_on_every_page_and_leaves_room_for_the_seals() {
    let text = "第一条 甲乙双方遵守办法。\n".repeat(120);
    let pages = drawn(&body(&text), WorldName::Production);
    assert!(pages.len() > 2 && pages.iter().all(is_across), "{} pages", pages.len());
    let seals = pages.iter().flatten().filter(|mark| matches!(mark, Mark::Seal { .. })).count();
    assert_eq!(seals, 2);
    let said = lines(&pages).concat();
    for part in
        ["平台运营单位", "便民科技", "便民通（3300000001）", "91110000600037341L", "2026-03-02 至 2027-03-01"]
    {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(
        said.contains(&sm3(&text)) && said.contains("2026-03-02 00:30:00"),
        "the time in Beijing: {said}"
    );
    assert!(
        said.contains("非密钥签名") && said.contains(&format!("第 1 页，共 {} 页", pages.len())),
        "{said}"
    );
    assert_eq!(said.matches("甲乙双方遵守办法。").count(), 120, "nothing is lost");
    assert!(pages[0].iter().any(|mark| matches!(mark, Mark::Square { .. })), "the code");
    assert!(lines(&drawn(&body(&text), WorldName::Sandbox)).concat().contains("沙盒·无效力"));
}

/// CH-25.2: a signature is told with the fingerprint of its key; a paper is told as no signature.
#[test]
fn a_signature_and_a_paper_are_told_apart() {
    let mut signed = body("第一条");
    signed["state"] = json!("in_force");
    signed["statement"] = Value::Null;
    let key = gm::sm2::SigningKey::from_bytes(&[7; 32]).unwrap();
    let public_key = key.verifying_key().to_sec1();
    let mut paper = signed.clone();
    signed["signatures"] = json!([{
        "statement": statement("第一条"), "public_key": data_encoding::HEXLOWER.encode(&public_key),
        "signature": "ab".repeat(64), "by": by("owner"), "at": "2026-03-03T01:00:00Z", "registration": null,
    }]);
    let pages = drawn(&signed, WorldName::Production);
    let said = lines(&pages).concat();
    assert!(!pages.iter().any(is_across) && said.contains("2026-03-03 09:00:00"), "{said}");
    assert!(said.contains(&domain::key::proof::fingerprint(&public_key)), "{said}");
    assert!(said.contains("生效中") && !said.contains("查验纸质原件，"), "{said}");
    paper["papers"] = json!([{
        "statement": statement("第一条"),
        "scans": [{"file": domain::id::AttachmentId::from_bytes([1; 16]).to_string(), "sm3": "cd".repeat(32),
            "content_type": "application/pdf", "size": 9}],
        "filed": {"words": "暂无密码设备", "by": by("owner"), "at": "2026-03-03T01:00:00Z"},
        "decided": {"verdict": "accepted", "seen_on": "2026-03-04", "words": "原件存档", "by": by("operator"),
            "at": "2026-03-05T01:00:00Z"},
    }]);
    let said = lines(&drawn(&paper, WorldName::Production)).concat();
    assert!(said.contains("（非电子签名）") && said.contains(&"cd".repeat(32)), "{said}");
    assert!(said.contains("运营机构于 2026-03-04 查验纸质原件，2026-03-05 09:00:00 确认"), "{said}");
    assert!(!said.contains("公钥指纹"), "{said}");
    paper["papers"][0]["decided"]["verdict"] = json!("returned");
    assert!(drawn(&paper, WorldName::Production).iter().all(is_across), "what was returned signs nothing");
}

/// CH-24.2, CH-25.1: a renewal that waits says so across every page, names its own term and no signature of the one before as its own; a
/// change is dated by its announcement.
#[test]
fn a_renewal_that_waits_and_a_change_in_force_are_told_as_such() {
    let mut waiting = body("第一条");
    let renewal = format!("{}生效日期：2027-03-02\n终止日期：2028-03-01\n", statement("第一条"));
    (waiting["state"], waiting["statement"]) = (json!("renewing"), json!(renewal));
    let key = gm::sm2::SigningKey::from_bytes(&[7; 32]).unwrap();
    waiting["signatures"] = json!([{
        "statement": statement("第一条"), "public_key": data_encoding::HEXLOWER.encode(&key.verifying_key().to_sec1()),
        "signature": "ab".repeat(64), "by": by("owner"), "at": "2026-03-03T01:00:00Z", "registration": null,
    }]);
    let pages = drawn(&waiting, WorldName::Production);
    let said = lines(&pages).concat();
    assert!(pages.iter().all(is_across) && said.contains("2027-03-02 至 2028-03-01"), "{said}");
    assert!(!said.contains("2026-03-02 至 2027-03-01") && said.contains("（此前期限）"), "{said}");

    let mut changed = body("第二条");
    (changed["state"], changed["statement"]) = (json!("in_force"), Value::Null);
    changed["announced"] = json!({"words": "调整", "by": by("operator"), "at": "2026-07-01T01:00:00Z"});
    let said = lines(&drawn(&changed, WorldName::Production)).concat();
    assert!(said.contains("2026-07-01 09:00:00 在平台通知调整") && !said.contains("发出协议"), "{said}");
}

/// No line begins with what closes a phrase.
#[test]
fn a_line_begins_with_no_closing_punctuation() {
    let text = "甲方、乙方（以下称双方）：".repeat(200);
    for line in lines(&drawn(&body(&text), WorldName::Production)) {
        assert!(!line.starts_with(['、', '）', '：', '，', '。']), "{line}");
        assert!(!line.ends_with('（'), "{line}");
    }
}
