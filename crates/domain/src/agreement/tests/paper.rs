//! What is signed on paper, what it proves, and what is printed of an agreement.

use super::*;
use crate::agreement::{PURPOSE, Signing};
use crate::id::{AttachmentId, MatterId};
use crate::matter::{EvidenceFault as Fault, File, PaperEvidence, Refused, papers};

const MATTER: MatterId = MatterId::from_bytes([7; 16]);

fn scan(id: u8) -> File {
    File { digest: [id; 32], ..Play::file(id, PURPOSE) }
}

fn filing(files: &[u8]) -> String {
    let files: Vec<_> = files.iter().map(|id| AttachmentId::from_bytes([*id; 16]).to_string()).collect();
    json!({"action": "file_paper", "files": files, "words": "本单位暂无密码设备"}).to_string()
}

fn accepting(seen_on: &str) -> String {
    json!({"action": "accept_paper", "seen_on": seen_on, "words": "原件存档于合同柜"}).to_string()
}

/// An agreement of which a scan waits for the operator.
fn filed() -> Play {
    let mut play = stage(Kind::Agreement);
    play.files = vec![scan(1), scan(2)];
    play.on("2026-03-02").open(Party::Operator, OFFER).unwrap();
    play.act(Party::Owner, &filing(&[1, 2])).unwrap();
    play
}

fn evidence(play: &Play) -> Vec<PaperEvidence> {
    papers(Kind::Agreement, MATTER, &play.matter.as_ref().unwrap().body)
}

/// CH-9.3e: the owner files the stamped paper, the operator sees it, and the agreement is in force; neither does both.
#[test]
fn an_agreement_signed_on_paper_is_in_force_once_the_operator_has_seen_it() {
    let mut play = filed();
    assert_eq!((play.state(), play.waits()), ("offered", vec!["operator:review_paper".to_owned()]));
    assert_eq!(play.effect_words(), ["tell operator"]);
    assert!(evidence(&play).is_empty(), "nobody has seen it");
    assert_eq!(play.refused(Party::Owner, &accepting("2026-03-02")), "matter.party");
    assert_eq!(play.refused(Party::Operator, &filing(&[1])), "matter.party");
    assert_eq!(play.refused(Party::Owner, &filing(&[1])), "agreement.paper", "one waits already");
    play.on("2026-03-04").act(Party::Operator, &accepting("2026-03-03")).unwrap();
    assert_eq!((play.state(), play.waits()), ("in_force", vec!["platform:expire@2027-03-01".to_owned()]));
    assert_eq!(play.refused(Party::Operator, &words("return_paper")), "matter.transition");
    assert!(body(&play).signatures.is_empty(), "paper is no signature");
    let [found] = &evidence(&play)[..] else { panic!() };
    assert_eq!((&found.faults[..], found.has_text), (&[][..], true));
    assert_eq!(found.scans, [HEXLOWER.encode(&[1; 32]), HEXLOWER.encode(&[2; 32])]);
    assert_eq!(found.seen_on, Some("2026-03-03".parse().unwrap()));
    assert!(crate::matter::evidence(Kind::Agreement, MATTER, &play.matter.unwrap().body).unwrap().is_empty());
}

/// CH-9.3e: the paper is seen after the text was offered, today at the latest.
#[test]
fn the_day_on_which_the_paper_was_seen_lies_between_the_offer_and_today() {
    for (seen_on, accepted) in
        [("2026-03-01", false), ("2026-03-02", true), ("2026-03-04", true), ("2026-03-05", false)]
    {
        let mut play = filed();
        let outcome = play.on("2026-03-04").act(Party::Operator, &accepting(seen_on));
        assert_eq!(pointers(outcome), if accepted { vec![] } else { vec!["/seen_on"] }, "{seen_on}");
    }
}

/// An agreement whose renewal waits since 2027-03-02 for the owner.
fn renewing() -> Play {
    let mut play = warned();
    in_force(&mut play);
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    play.act(Party::Owner, &words("file_plan")).unwrap();
    play.act(Party::Operator, &words("accept_plan")).unwrap();
    assert_eq!(play.state(), "renewing");
    play
}

/// CH-24.2: the paper of a renewal is seen after the renewal was offered, not after the first offer; and who reads the file finds it.
#[test]
fn the_paper_of_a_renewal_is_seen_after_the_renewal_was_offered() {
    for (seen_on, accepted) in [("2026-03-02", false), ("2027-03-01", false), ("2027-03-02", true)] {
        let mut play = renewing();
        play.files = vec![scan(1)];
        play.on("2027-03-03").act(Party::Owner, &filing(&[1])).unwrap();
        let outcome = play.on("2027-03-04").act(Party::Operator, &accepting(seen_on));
        assert_eq!(pointers(outcome), if accepted { vec![] } else { vec!["/seen_on"] }, "{seen_on}");
        if accepted {
            let body = &play.matter.as_ref().unwrap().body;
            let mut body: serde_json::Value = serde_json::from_str(body).unwrap();
            assert_eq!(papers(Kind::Agreement, MATTER, &body.to_string())[0].faults, []);
            body["papers"][0]["decided"]["seen_on"] = json!("2027-03-01");
            assert_eq!(papers(Kind::Agreement, MATTER, &body.to_string())[0].faults, [Fault::Paper]);
        }
    }
}

fn pointers(outcome: Result<(), Refused>) -> Vec<String> {
    match outcome {
        Ok(()) => Vec::new(),
        Err(Refused::Fields(faults)) => faults.into_iter().map(|fault| fault.pointer).collect(),
        Err(other) => panic!("{}", other.code()),
    }
}

#[test]
fn a_scan_is_files_of_the_matter_that_show_a_page() {
    let cases: [(&str, &[u8], bool); 6] = [
        ("application/pdf", &[1], true),
        ("image/png", &[1, 2], true),
        ("image/jpeg", &[1], true),
        ("video/mp4", &[1], false),
        ("application/pdf", &[], false),
        ("application/pdf", &[1, 1], false),
    ];
    for (content_type, files, accepted) in cases {
        let mut play = stage(Kind::Agreement);
        play.files = [1, 2].map(|id| File { content_type: content_type.to_owned(), ..scan(id) }).to_vec();
        play.open(Party::Operator, OFFER).unwrap();
        let found = pointers(play.act(Party::Owner, &filing(files)));
        assert_eq!(found, if accepted { vec![] } else { vec!["/files"] }, "{content_type} {files:?}");
    }
    let mut play = stage(Kind::Agreement);
    play.files = vec![Play::file(1, "other")];
    play.open(Party::Operator, OFFER).unwrap();
    assert_eq!(pointers(play.act(Party::Owner, &filing(&[1]))), ["/files"], "of another purpose");
    assert_eq!(pointers(play.act(Party::Owner, &filing(&[9]))), ["/files"], "of another matter");
    let operators = File { org: crate::id::OrgId::from_bytes([9; 16]), ..scan(2) };
    play.files = vec![scan(1), operators];
    assert_eq!(pointers(play.act(Party::Owner, &filing(&[1, 2]))), ["/files"], "sent by somebody else");
    let wordless = filing(&[9]).replace("本单位暂无密码设备", " ");
    assert_eq!(pointers(play.act(Party::Owner, &wordless)), ["/words", "/files"]);
}

/// CH-9.3e: what does not fit goes back with its reason; the owner files anew or signs electronically after all.
#[test]
fn a_returned_scan_leaves_every_way_of_signing_open() {
    let mut play = filed();
    assert_eq!(play.refused(Party::Operator, r#"{"action":"return_paper","words":""}"#), "matter.words");
    play.act(Party::Operator, &words("return_paper")).unwrap();
    assert_eq!(
        (play.waits(), play.effect_words()),
        (vec!["owner:sign".to_owned()], vec!["tell owner".into()])
    );
    play.act(Party::Owner, &filing(&[2])).unwrap();
    sign(&mut play);
    assert_eq!((play.state(), evidence(&play).len()), ("in_force", 0), "nobody had seen the second one");
    let verdicts: Vec<_> =
        body(&play).papers.iter().map(|paper| json!(paper)["decided"]["verdict"].clone()).collect();
    assert_eq!(verdicts, ["returned", "overtaken"]);
    let mut gone = filed();
    gone.act(Party::Operator, &words("withdraw")).unwrap();
    assert_eq!(json!(body(&gone).papers)[0]["decided"]["verdict"], "overtaken");
}

/// CH-25.2: a change is signed electronically: on no day and in no state is paper taken for it.
#[test]
fn no_paper_stands_for_the_signature_of_a_change() {
    let mut play = filed();
    play.act(Party::Operator, &accepting("2026-03-02")).unwrap();
    play.act(Party::Operator, &amend("2026-05-02")).unwrap();
    assert!(
        !play.actions(Party::Owner).contains(&"file_paper") && play.actions(Party::Owner).contains(&"sign")
    );
    assert_eq!(play.refused(Party::Owner, &filing(&[1])), "matter.transition");
    play.on("2026-05-03").act(Party::Platform, TAKE_EFFECT).unwrap();
    assert_eq!(play.state(), "unsigned");
    assert_eq!(play.refused(Party::Owner, &filing(&[1])), "matter.transition");
    sign(&mut play);
    assert_eq!((play.state(), body(&play).text.version()), ("in_force", "2026-02"));
}

/// CH-24.2, CH-25.2: a renewal may be signed on paper; the change that was announced before it is still signed electronically.
#[test]
fn a_renewal_on_paper_signs_no_change_with_it() {
    let mut play = renewing_with_a_change();
    play.files = vec![scan(1)];
    play.act(Party::Owner, &filing(&[1])).unwrap();
    play.act(Party::Operator, &accepting("2027-03-02")).unwrap();
    assert_eq!(play.waits(), ["platform:expire@2028-03-01", "owner:sign@2027-03-10"]);
    assert_eq!(body(&play).amendment.unwrap().signed_at, None);
    let [found] = &evidence(&play)[..] else { panic!() };
    assert!(found.document.contains("文本版本：2026-01") && found.document.contains("终止日期：2028-03-01"));
}

/// CH-9.3e: what was written into the file of a paper that does not hold together is found.
#[test]
fn a_paper_that_does_not_hold_together_is_found() {
    let mut play = filed();
    play.on("2026-03-04").act(Party::Operator, &accepting("2026-03-03")).unwrap();
    let whole: serde_json::Value = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    let with = |at: &str, value: serde_json::Value| {
        let mut body = whole.clone();
        *body.pointer_mut(at).unwrap() = value;
        papers(Kind::Agreement, MATTER, &body.to_string()).remove(0).faults
    };
    assert_eq!(with("/text/text", json!("第二条")), [Fault::Text]);
    assert_eq!(with("/text/sm3", json!("0".repeat(64))), [Fault::Text], "its text is not in the file");
    assert_eq!(with("/papers/0/decided/seen_on", json!("2026-03-01")), [Fault::Paper], "before the offer");
    assert_eq!(with("/papers/0/filed/by/party", json!("operator")), [Fault::Paper]);
    assert_eq!(with("/papers/0/decided/by/party", json!("owner")), [Fault::Paper]);
    assert_eq!(with("/papers/0/decided/at", json!("2026-03-01T09:00:00+08:00")), [Fault::Paper]);
    assert_eq!(with("/papers/0/decided/seen_on", json!("2026-03-05")), [Fault::Paper]);
    assert_eq!(with("/papers/0/scans", json!([])), [Fault::Paper]);
    let other = papers(Kind::Agreement, MatterId::from_bytes([8; 16]), &whole.to_string());
    assert_eq!(other[0].faults, [Fault::Matter]);
}

/// CH-25.1, CH-25.2: a document is of one text, and shows as signed what was signed under that text alone.
#[test]
fn a_document_shows_what_was_signed_under_its_text() {
    let mut play = filed();
    let own = body(&play);
    let draft = own.document(None).unwrap();
    assert!(draft.is_draft() && draft.to_sign.is_some());
    play.act(Party::Operator, &accepting("2026-03-02")).unwrap();
    play.act(Party::Operator, &amend("2026-05-02")).unwrap();
    let own = body(&play);
    let first = own.document(None).unwrap();
    assert!(matches!(first.signings[..], [Signing::Paper(_)]) && first.to_sign.is_none());
    assert_eq!((first.text.version(), first.effective_on), ("2026-01", None));
    let announced = json!(own)["amendment"]["text"]["sm3"].as_str().unwrap().to_owned();
    let changed = own.document(Some(&announced)).unwrap();
    assert!(changed.is_draft() && changed.to_sign.is_some());
    assert_eq!(changed.effective_on, Some("2026-05-02".parse().unwrap()));
    assert!(own.document(Some("00")).is_none());
    sign(&mut play);
    play.on("2026-05-02").act(Party::Platform, TAKE_EFFECT).unwrap();
    let own = body(&play);
    let now = own.document(None).unwrap();
    assert!(matches!(now.signings[..], [Signing::Key(_)]) && now.effective_on.is_none());
    assert_eq!(now.text.sm3(), announced);
    let before = json!(own)["earlier"][0]["sm3"].as_str().unwrap().to_owned();
    assert!(matches!(own.document(Some(&before)).unwrap().signings[..], [Signing::Paper(_)]));
}

/// CH-25.1, CH-25.2: words that were signed once are not signed when they are announced anew.
#[test]
fn words_that_come_back_are_signed_anew() {
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    play.act(Party::Operator, &amend("2026-05-02")).unwrap();
    play.on("2026-03-03");
    sign(&mut play);
    play.on("2026-05-02").act(Party::Platform, TAKE_EFFECT).unwrap();
    let back = json!({"action": "amend", "version": "2026-01", "text": "第一条 ……",
        "effective_on": "2026-07-02", "words": "恢复"});
    play.on("2026-05-02").act(Party::Operator, &back.to_string()).unwrap();
    let sm3 = HEXLOWER.encode(&gm::sm3::digest("第一条 ……".as_bytes()));
    let own = body(&play);
    let announced = own.document(Some(&sm3)).unwrap();
    assert!(announced.is_draft() && announced.signings.is_empty() && announced.to_sign.is_some());
    assert_eq!(
        announced.term.map(|term| (term.from.to_string(), term.until.to_string())),
        Some(("2026-07-02".to_owned(), "2027-03-01".to_owned()))
    );
    play.on("2026-05-04");
    sign(&mut play);
    let own = body(&play);
    let signed = own.document(Some(&sm3)).unwrap();
    assert_eq!((signed.is_draft(), signed.signings.len()), (false, 1));
    assert_eq!(signed.signings[0].at().business_date().to_string(), "2026-05-04");
    play.on("2026-07-02").act(Party::Platform, TAKE_EFFECT).unwrap();
    let own = body(&play);
    let today = own.document(None).unwrap();
    assert_eq!((today.signings.len(), today.is_change), (1, true));
    assert_eq!(today.offered.1.business_date().to_string(), "2026-05-02", "when it was announced");
}

/// CH-24.2: while a renewal waits, nothing is signed for the term that it names.
#[test]
fn a_renewal_that_waits_is_unsigned_and_names_its_own_term() {
    let mut play = renewing();
    let until = |play: &Play| body(play).document(None).unwrap().term.unwrap().until.to_string();
    let own = body(&play);
    let waiting = own.document(None).unwrap();
    assert!(waiting.is_draft() && waiting.to_sign.is_some());
    assert_eq!((waiting.signings.len(), until(&play)), (1, "2028-03-01".to_owned()));
    sign(&mut play);
    let own = body(&play);
    let signed = own.document(None).unwrap();
    assert_eq!((signed.is_draft(), signed.signings.len(), until(&play)), (false, 2, "2028-03-01".to_owned()));
}

/// CH-24.1, CH-25.1: an earlier text keeps the term in which another took its place.
#[test]
fn an_earlier_text_is_printed_with_its_own_term() {
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    play.act(Party::Operator, &amend("2026-05-02")).unwrap();
    sign(&mut play);
    play.on("2026-05-02").act(Party::Platform, TAKE_EFFECT).unwrap();
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    let own = body(&play);
    let sm3 = json!(own)["earlier"][0]["sm3"].as_str().unwrap().to_owned();
    let until = |sm3: Option<&str>| own.document(sm3).unwrap().term.unwrap().until.to_string();
    assert_eq!((until(Some(&sm3)), until(None)), ("2027-03-01".to_owned(), "2028-03-01".to_owned()));
    assert!(own.document(Some(&sm3)).unwrap().replaced_at.is_some());
}
