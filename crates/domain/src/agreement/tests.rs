//! Agreements: signing, changing, and the ends of a term.

mod paper;

use super::{Agreement, Signed, Term};
use crate::channel::Class;
use crate::matter::testing::{Play, by, workflow};
use crate::matter::{Kind, Party};
use crate::signing_key::testing::register;
use data_encoding::HEXLOWER;
use gm::sm2::SigningKey;
use serde_json::json;

const OFFER: &str = r#"{"version":"2026-01","text":"第一条 ……","from":"2026-03-02","until":"2027-03-01"}"#;
const EXPIRE: &str = r#"{"action":"expire"}"#;
const TAKE_EFFECT: &str = r#"{"action":"take_effect"}"#;

fn body(play: &Play) -> Agreement {
    serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap()
}

fn words(action: &str) -> String {
    format!(r#"{{"action":"{action}","words":"说明"}}"#)
}

/// The owner's signature over what waits for it.
fn signing(play: &Play) -> String {
    let key = SigningKey::from_bytes(&[7; 32]).unwrap();
    let signature = key.sign(body(play).statement.unwrap().as_bytes());
    let public_key = HEXLOWER.encode(&key.verifying_key().to_sec1());
    json!({"action": "sign", "public_key": public_key, "signature": HEXLOWER.encode(signature.as_bytes())})
        .to_string()
}

fn sign(play: &mut Play) {
    if play.others.iter().all(|known| known.kind != Kind::SigningKey) {
        register(play, &SigningKey::from_bytes(&[7; 32]).unwrap());
    }
    let input = signing(play);
    play.act(Party::Owner, &input).unwrap();
}

/// A channel of a class that has an agreement.
fn stage(kind: Kind) -> Play {
    let mut play = Play::channel(kind);
    let channel = play.channel.as_mut().unwrap();
    channel.class = Class::Bank;
    channel.live_at = Some("2020-01-01T00:00:00+08:00".parse().unwrap());
    play
}

fn in_force(play: &mut Play) {
    play.on("2026-03-02").open(Party::Operator, OFFER).unwrap();
    sign(play);
}

/// A warning of 2026-10-02 and then an agreement in force since 2026-03-02.
fn warned() -> Play {
    let mut play = stage(Kind::Monitoring);
    let figures = |last: &str| {
        let last: crate::time::Month = last.parse().unwrap();
        let row = |ago: i32| json!({"month": last.plus(ago).to_string(), "issuance": 0, "active": 0, "cumulative": 0});
        json!({"basis": "months", "months": [row(-3), row(-2), row(-1), row(0)]})
    };
    play.on("2026-07-01");
    play.open(Party::Platform, &json!({"figures": figures("2026-06")}).to_string()).unwrap();
    let test = json!({"action": "evaluate", "figures": figures("2026-09")}).to_string();
    play.on("2026-10-02").act(Party::Platform, &test).unwrap();
    play.put_aside(1, Kind::Monitoring, Kind::Agreement);
    play
}

/// An agreement whose renewal waits for its signature, with a change that was announced before and is not signed.
fn renewing_with_a_change() -> Play {
    let mut play = warned();
    in_force(&mut play);
    play.on("2027-01-02").act(Party::Operator, &amend("2027-03-10")).unwrap();
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    play.act(Party::Owner, &words("file_plan")).unwrap();
    play.act(Party::Operator, &words("accept_plan")).unwrap();
    play
}

/// Puts a risk event of `day` with this cause among the others; rectified on `rectified`, if it is.
fn raise(play: &mut Play, day: &str, cause: &str, rectified: Option<&str>) {
    let mut event = stage(Kind::RiskEvent);
    let opening =
        json!({"incident": "other", "discovered_at": format!("{day}T08:59:00+08:00"), "words": "异常"});
    event.on(day).open(Party::Owner, &opening.to_string()).unwrap();
    let propose = json!({"action": "propose", "cause": cause, "words": "核实"});
    event.act(Party::Operator, &propose.to_string()).unwrap();
    event.act_by(by(Party::Operator, 2, "000000"), &words("confirm")).unwrap();
    if let Some(day) = rectified {
        event.on(day).act(Party::Owner, &words("rectify")).unwrap();
        event.act(Party::Operator, &words("pass")).unwrap();
    }
    event.put_aside(u8::try_from(play.others.len()).unwrap() + 2, Kind::RiskEvent, Kind::Agreement);
    play.others.append(&mut event.others);
}

/// CH-9.3e, R22, R23.
#[test]
fn departments_and_government_sign_no_agreement() {
    for class in Class::ALL {
        let mut play = stage(Kind::Agreement);
        play.channel.as_mut().unwrap().class = *class;
        let outcome = play.open(Party::Operator, OFFER).map_err(|refused| refused.code());
        let due = !matches!(class, Class::Hrss | Class::Government);
        assert_eq!(outcome, if due { Ok(()) } else { Err("agreement.not_due") }, "{class}");
    }
}

/// CH-25.2: nothing is in force before the signature verifies under the key that is registered, and the body alone proves
/// it afterwards.
#[test]
fn an_agreement_is_in_force_once_the_owner_has_signed_its_text() {
    let mut play = stage(Kind::Agreement);
    play.open(Party::Operator, OFFER).unwrap();
    assert_eq!((play.state(), play.waits()), ("offered", vec!["owner:sign".to_owned()]));
    let statement = body(&play).statement.unwrap();
    let digest = HEXLOWER.encode(&gm::sm3::digest("第一条 ……".as_bytes()));
    for part in ["3300000001", "2026-01", &digest, "2026-03-02", "2027-03-01"] {
        assert!(statement.contains(part), "{part} in {statement}");
    }
    let good = signing(&play);
    assert_eq!(play.refused(Party::Operator, &good), "matter.party");
    let mut other = stage(Kind::Agreement);
    other.open(Party::Operator, &OFFER.replace("第一条", "第二条")).unwrap();
    let of_another_text = signing(&other);
    assert_eq!(play.refused(Party::Owner, &of_another_text), "agreement.signature");
    let empty = r#"{"action":"sign","public_key":"04","signature":""}"#;
    assert_eq!(play.refused(Party::Owner, empty), "agreement.signature");
    assert_eq!(play.refused(Party::Owner, &good), "request.fields", "the key is not registered");
    register(&mut play, &SigningKey::from_bytes(&[8; 32]).unwrap());
    assert_eq!(play.refused(Party::Owner, &good), "request.fields", "another one is");
    play.others.clear();
    register(&mut play, &SigningKey::from_bytes(&[7; 32]).unwrap());
    play.act(Party::Owner, &good).unwrap();
    assert_eq!((play.state(), play.waits()), ("in_force", vec!["platform:expire@2027-03-01".to_owned()]));
    let signed: Signed = body(&play).signatures.remove(0);
    assert!(signed.verifies());
    assert_eq!(signed.statement(), statement);
    assert_eq!(play.refused(Party::Owner, &good), "agreement.nothing_to_sign");
}

/// CH-25.2: whoever has the body checks each signature without the platform; one changed byte is found wherever it is.
#[test]
fn a_signature_is_checked_with_the_body_alone() {
    use crate::id::MatterId;
    use crate::matter::{EvidenceFault as Fault, evidence};
    let id = MatterId::from_bytes([7; 16]);
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    let whole: serde_json::Value = serde_json::from_str(&play.matter.as_ref().unwrap().body).unwrap();
    let check = |body: &serde_json::Value, id| {
        let [found] = &evidence(Kind::Agreement, id, &body.to_string()).unwrap()[..] else { panic!() };
        (found.has_text, found.faults.clone())
    };
    assert_eq!(check(&whole, id), (true, vec![]));
    assert_eq!(check(&whole, MatterId::from_bytes([8; 16])), (true, vec![Fault::Matter]));
    // The last digit of the hexadecimal key or signature, a letter of the statement or of the text.
    let other = |text: &str, place: usize| {
        let mut letters: Vec<char> = text.chars().collect();
        letters[place] = if letters[place] == '0' { '1' } else { '0' };
        letters.into_iter().collect::<String>()
    };
    for (pointer, place, faults) in [
        ("/signatures/0/signature", 127, vec![Fault::Signature]),
        ("/signatures/0/signature", 0, vec![Fault::Signature]),
        ("/signatures/0/public_key", 129, vec![Fault::Signature, Fault::Registration]),
        ("/signatures/0/statement", 0, vec![Fault::Signature]),
        ("/text/text", 0, vec![Fault::Text]),
        ("/signatures/0/registration/filed/signature", 0, vec![Fault::Registration]),
        ("/signatures/0/registration/statement", 0, vec![Fault::Registration]),
    ] {
        let mut changed = whole.clone();
        let at = changed.pointer_mut(pointer).unwrap();
        *at = json!(other(at.as_str().unwrap(), place));
        assert_eq!(check(&changed, id), (true, faults), "{pointer}");
    }
    let mut bare = whole.clone();
    bare["signatures"][0]["registration"] = serde_json::Value::Null;
    assert_eq!(check(&bare, id), (true, vec![Fault::Unregistered]));
    let mut replaced = whole.clone();
    replaced["text"]["sm3"] = json!("00");
    assert_eq!(check(&replaced, id), (false, vec![]), "another text has taken its place");
    assert_eq!(evidence(Kind::Agreement, id, "{}"), None);
    assert_eq!(evidence(Kind::Ticket, id, &whole.to_string()), None);
}

/// CH-9.3e: an offer has a text and a term.
#[test]
fn an_offer_has_a_text_and_a_term() {
    for (offer, accepted) in [
        (OFFER.to_owned(), true),
        (OFFER.replace("2027-03-01", "2026-03-03"), true),
        (OFFER.replace("2027-03-01", "2026-03-02"), false),
        (OFFER.replace("第一条 ……", " "), false),
        (OFFER.replace("2026-01", ""), false),
        (OFFER.replace("第一条", &"字".repeat(80_000 - 3)), true),
        (OFFER.replace("第一条", &"字".repeat(80_000 - 2)), false),
    ] {
        let outcome = stage(Kind::Agreement).open(Party::Operator, &offer);
        assert_eq!(outcome.is_ok(), accepted);
    }
    let mut play = stage(Kind::Agreement);
    play.open(Party::Operator, OFFER).unwrap();
    play.put_aside(1, Kind::Agreement, Kind::Agreement);
    assert_eq!(play.open(Party::Operator, OFFER).unwrap_err().code(), "matter.already_open");
    play.others.clear();
    play.open(Party::Operator, OFFER).unwrap();
    play.act(Party::Operator, &words("withdraw")).unwrap();
    assert_eq!((play.state(), play.is_ended()), ("withdrawn", true));
    play.put_aside(1, Kind::Agreement, Kind::Agreement);
    play.open(Party::Operator, OFFER).unwrap();
}

/// CH-24.1, R0: a year, on the same day number; the last day belongs to the term.
#[test]
fn an_agreement_is_extended_by_a_year_when_nothing_stands_against_it() {
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    assert_eq!(play.on("2027-03-01").refused(Party::Platform, EXPIRE), "agreement.early");
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!((play.state(), play.waits()), ("in_force", vec!["platform:expire@2028-03-01".to_owned()]));
    let term = |from: &str, until: &str| Term { from: from.parse().unwrap(), until: until.parse().unwrap() };
    assert_eq!(term("2027-03-01", "2028-02-29").following(1), term("2028-03-01", "2029-02-28"));
    assert_eq!(term("2027-03-01", "2027-02-28").following(1), term("2027-03-01", "2028-02-28"));
}

/// CH-24.1: either side may object, until it takes that back.
#[test]
fn an_objection_of_either_side_ends_the_agreement_with_its_term() {
    for party in [Party::Owner, Party::Operator] {
        let mut play = stage(Kind::Agreement);
        in_force(&mut play);
        assert_eq!(play.refused(party, &words("retract")), "agreement.objection");
        play.act(party, &words("object")).unwrap();
        assert_eq!(play.refused(party, &words("object")), "agreement.objection");
        play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
        assert_eq!((play.state(), play.is_ended()), ("lapsed", true), "{party}");
    }
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    play.act(Party::Owner, &words("object")).unwrap();
    play.act(Party::Owner, &words("retract")).unwrap();
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!(play.state(), "in_force");
}

/// CH-24.2: after a warning a plan has to be filed and accepted, and the owner signs anew.
#[test]
fn a_warned_channel_is_renewed_once_its_plan_is_accepted() {
    let mut play = warned();
    in_force(&mut play);
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!((play.state(), play.waits()), ("plan_required", vec!["owner:file_plan".to_owned()]));
    assert_eq!(play.refused(Party::Operator, &words("accept_plan")), "agreement.plan");
    play.act(Party::Owner, &words("file_plan")).unwrap();
    play.act(Party::Operator, &words("return_plan")).unwrap();
    play.act(Party::Owner, &words("file_plan")).unwrap();
    assert_eq!(play.waits(), ["operator:review_plan"]);
    play.act(Party::Operator, &words("accept_plan")).unwrap();
    assert_eq!((play.state(), play.waits()), ("renewing", vec!["owner:sign".to_owned()]));
    sign(&mut play);
    assert_eq!((play.state(), play.waits()), ("in_force", vec!["platform:expire@2028-03-01".to_owned()]));
    play.on("2028-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!(play.state(), "in_force", "R6: the warning belongs to the term before");
}

/// CH-24.2: the plan may be accepted before the term is over; without a warning there is nothing to file.
#[test]
fn a_plan_may_be_accepted_before_the_term_ends() {
    let mut play = warned();
    in_force(&mut play);
    play.on("2026-11-02").act(Party::Owner, &words("file_plan")).unwrap();
    assert_eq!(play.refused(Party::Owner, &words("file_plan")), "agreement.plan");
    play.act(Party::Operator, &words("accept_plan")).unwrap();
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!(play.state(), "renewing");
    let mut fine = stage(Kind::Agreement);
    in_force(&mut fine);
    assert_eq!(fine.refused(Party::Owner, &words("file_plan")), "agreement.plan");
    assert!(!fine.actions(Party::Platform).contains(&"take_effect"), "nothing is amended");
}

/// CH-24.3, R7: six months from the completed rectification; the ministry consents, earlier if it wants to, on record.
#[test]
fn a_channel_with_a_risk_event_is_observed_and_renewed_by_the_ministry() {
    let mut play = stage(Kind::Agreement);
    raise(&mut play, "2026-12-01", "page_tampering", Some("2026-12-15"));
    in_force(&mut play);
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!((play.state(), play.waits()), ("observation", vec!["ministry:decide@2027-06-15".to_owned()]));
    assert_eq!(play.refused(Party::Operator, &words("renew")), "matter.party");
    for (day, is_early) in [("2027-06-15", true), ("2027-06-16", false)] {
        let mut copy = stage(Kind::Agreement);
        copy.others.clone_from(&play.others);
        copy.matter.clone_from(&play.matter);
        copy.on(day).act(Party::Ministry, &words("renew")).unwrap();
        let early_of = body(&copy).decisions[0].early_of.map(|day| day.to_string());
        assert_eq!(early_of, is_early.then(|| "2027-06-15".to_owned()));
        sign(&mut copy);
        assert_eq!(copy.waits(), ["platform:expire@2028-03-01"]);
    }
    play.act(Party::Ministry, &words("refuse")).unwrap();
    assert_eq!((play.state(), play.is_ended()), ("lapsed", true));
}

/// CH-24.3: nothing is consented to while an event is not rectified; one that comes during the observation prolongs it.
#[test]
fn the_observation_counts_from_the_last_completed_rectification() {
    let mut play = stage(Kind::Agreement);
    raise(&mut play, "2026-12-01", "page_tampering", None);
    in_force(&mut play);
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!(play.waits(), ["ministry:decide"]);
    assert_eq!(play.refused(Party::Ministry, &words("renew")), "agreement.unrectified");
    play.others.clear();
    raise(&mut play, "2026-12-01", "page_tampering", Some("2026-12-31"));
    raise(&mut play, "2027-03-03", "ordinary_leak", Some("2027-03-31"));
    play.on("2027-04-01").act(Party::Platform, r#"{"action":"observe"}"#).unwrap();
    assert_eq!(play.waits(), ["ministry:decide@2027-09-30"], "September has no 31st");
}

/// R6: an event of the term counts, even after it was closed; one of the term before does not. CH-24.2 and CH-24.3 add up.
#[test]
fn what_happened_before_the_term_does_not_stand_against_its_renewal() {
    for (day, state) in [("2026-03-01", "in_force"), ("2026-03-02", "observation")] {
        let mut play = stage(Kind::Agreement);
        raise(&mut play, day, "page_tampering", Some("2026-03-05"));
        in_force(&mut play);
        play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
        assert_eq!(play.state(), state, "{day}");
    }
    let mut both = warned();
    raise(&mut both, "2026-12-01", "page_tampering", Some("2026-12-15"));
    in_force(&mut both);
    both.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!(both.state(), "plan_required");
    both.act(Party::Owner, &words("file_plan")).unwrap();
    both.act(Party::Operator, &words("accept_plan")).unwrap();
    assert_eq!(both.state(), "observation");
}

/// CH-24.1, CH-24.2, CH-24.3: what is told before the term ends is what its end comes to, with all that stands against an
/// extension.
#[test]
fn what_stands_against_an_extension_is_told_before_the_term_ends() {
    use super::{Ground as G, outlook};
    type Stage = fn() -> Play;
    let plain: Stage = || stage(Kind::Agreement);
    let observed: Stage = || {
        let mut play = warned();
        raise(&mut play, "2026-12-01", "page_tampering", Some("2026-12-15"));
        play
    };
    let third: Stage = || {
        let mut play = stage(Kind::Agreement);
        raise(&mut play, "2026-12-01", "data_retained", None);
        play
    };
    let cases: [(Stage, &[G]); 4] = [
        (plain, &[]),
        (warned, &[G::Warning]),
        (observed, &[G::Warning, G::RiskEvent]),
        (third, &[G::GradeThree]),
    ];
    for (stage, grounds) in cases {
        for objects in [false, true] {
            let mut play = stage();
            in_force(&mut play);
            if objects {
                play.act(Party::Operator, &words("object")).unwrap();
            }
            let told = |play: &Play| {
                let body = &play.matter.as_ref().unwrap().body;
                play.on_stage(by(Party::Owner, 1, "000000"), |scene| outlook(body, scene))
            };
            let found = told(play.on("2027-02-01")).unwrap();
            let own = objects.then_some(G::Objection);
            let expected: Vec<G> = own.into_iter().chain(grounds.iter().copied()).collect();
            assert_eq!(found.hindrances.iter().map(|one| one.ground).collect::<Vec<_>>(), expected);
            play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
            assert_eq!(play.state(), found.becomes.as_str(), "{grounds:?} {objects}");
            if play.state() != "in_force" {
                assert_eq!(told(&play), None, "it is over");
            }
        }
    }
}

fn amend(day: &str) -> String {
    json!({"action": "amend", "version": "2026-02", "text": "第一条 新", "effective_on": day, "words": "依办法调整"})
        .to_string()
}

/// CH-25.1, R0: at least two months, to the same day number or the month's last day.
#[test]
fn a_change_is_announced_two_months_ahead() {
    for (today, day, accepted) in [
        ("2026-03-02", "2026-05-01", false),
        ("2026-03-02", "2026-05-02", true),
        ("2026-12-31", "2027-02-27", false),
        ("2026-12-31", "2027-02-28", true),
    ] {
        let mut play = stage(Kind::Agreement);
        in_force(&mut play);
        let outcome = play.on(today).act(Party::Operator, &amend(day)).map_err(|refused| refused.code());
        assert_eq!(outcome, if accepted { Ok(()) } else { Err("request.fields") }, "{today} {day}");
    }
    let mut leap = stage(Kind::Agreement);
    leap.on("2027-12-31").open(Party::Operator, &OFFER.replace("2027-03-01", "2029-01-01")).unwrap();
    sign(&mut leap);
    assert_eq!(leap.refused(Party::Operator, &amend("2028-02-28")), "request.fields");
    leap.act(Party::Operator, &amend("2028-02-29")).unwrap();
}

/// CH-25.1, CH-25.2: signed in time, the new text is the text from its first day on.
#[test]
fn a_signed_change_takes_effect_on_its_day() {
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    play.act(Party::Operator, &amend("2026-05-02")).unwrap();
    assert_eq!(play.waits(), ["platform:expire@2027-03-01", "owner:sign@2026-05-02"]);
    assert_eq!(play.refused(Party::Operator, &amend("2026-05-02")), "agreement.amending");
    sign(&mut play);
    assert_eq!(play.waits(), ["platform:expire@2027-03-01", "platform:take_effect@2026-05-01"]);
    assert_eq!(play.on("2026-05-01").refused(Party::Platform, TAKE_EFFECT), "agreement.early");
    assert_eq!(body(&play).text.version(), "2026-01");
    play.on("2026-05-02").act(Party::Platform, TAKE_EFFECT).unwrap();
    assert_eq!((play.state(), body(&play).text.version()), ("in_force", "2026-02"));
    assert_eq!(play.refused(Party::Platform, TAKE_EFFECT), "matter.transition");
}

/// R14, CH-35.2: the first day of the change is the last to sign; after it the operator may let the agreement lapse.
#[test]
fn a_change_that_is_not_signed_on_its_day_leaves_the_agreement_unsigned() {
    let unsigned = || {
        let mut play = stage(Kind::Agreement);
        in_force(&mut play);
        play.act(Party::Operator, &amend("2026-05-02")).unwrap();
        assert_eq!(play.on("2026-05-02").refused(Party::Platform, TAKE_EFFECT), "agreement.early");
        play.on("2026-05-03").act(Party::Platform, TAKE_EFFECT).unwrap();
        assert_eq!((play.state(), play.waits().len()), ("unsigned", 2));
        play
    };
    let mut late = unsigned();
    sign(&mut late);
    assert_eq!((late.state(), body(&late).text.version()), ("in_force", "2026-02"));
    let mut gone = unsigned();
    gone.act(Party::Operator, &words("lapse")).unwrap();
    assert_eq!((gone.state(), gone.is_ended()), ("lapsed", true));
}

/// CH-24.2, CH-25.1: a renewal is signed for itself; the change that was announced before it is still to be signed, to the end
/// of the new term.
#[test]
fn a_change_can_still_be_signed_after_a_renewal() {
    let mut play = renewing_with_a_change();
    assert_eq!((play.state(), body(&play).amendment.unwrap().signed_at), ("renewing", None));
    sign(&mut play);
    assert_eq!(play.waits(), ["platform:expire@2028-03-01", "owner:sign@2027-03-10"]);
    let statement = body(&play).statement.unwrap();
    for part in ["文本版本：2026-02", "生效日期：2027-03-10", "终止日期：2028-03-01"] {
        assert!(statement.contains(part), "{part} in {statement}");
    }
    sign(&mut play);
    play.on("2027-03-10").act(Party::Platform, TAKE_EFFECT).unwrap();
    assert_eq!((play.state(), body(&play).text.version()), ("in_force", "2026-02"));
}

/// CH-24.1, CH-25.1: a change that takes effect after the term is signed to the end of the term in which it does, also when
/// that is counted differently by the time it begins.
#[test]
fn a_change_of_a_later_term_names_the_end_of_that_term() {
    let until = |play: &Play| {
        let statement = body(play).statement.unwrap();
        statement.lines().last().unwrap().to_owned()
    };
    for (effective_on, end) in
        [("2027-03-01", "2027-03-01"), ("2027-03-02", "2028-03-01"), ("2028-03-02", "2029-03-01")]
    {
        let mut play = stage(Kind::Agreement);
        in_force(&mut play);
        play.act(Party::Operator, &amend(effective_on)).unwrap();
        assert_eq!(until(&play), format!("终止日期：{end}"), "{effective_on}");
    }
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    play.on("2027-01-02").act(Party::Operator, &amend("2027-03-10")).unwrap();
    let from = "2027-03-01".parse().unwrap();
    play.parameters.change(crate::parameter::Name::AutoExtension, 2, 2, from).unwrap();
    play.on("2027-03-02").act(Party::Platform, EXPIRE).unwrap();
    assert_eq!((play.state(), until(&play)), ("in_force", "终止日期：2029-03-01".to_owned()));
    sign(&mut play);
    assert_eq!(play.waits(), ["platform:expire@2029-03-01", "platform:take_effect@2027-03-09"]);
}

/// CH-25.2: a statement has each line once: no version and no name of a channel puts another into it.
#[test]
fn nothing_that_is_called_something_adds_a_line_to_what_is_signed() {
    let version = |version: &str| {
        let mut offer: serde_json::Value = serde_json::from_str(OFFER).unwrap();
        offer["version"] = json!(version);
        offer.to_string()
    };
    for wrong in ["1\n文本SM3：00", "1\r", "1\u{2028}2", "1\t2"] {
        let mut play = stage(Kind::Agreement);
        assert_eq!(
            play.open(Party::Operator, &version(wrong)).unwrap_err().code(),
            "request.fields",
            "{wrong:?}"
        );
    }
    let mut play = stage(Kind::Agreement);
    play.channel.as_mut().unwrap().name = "便民\n文本SM3：00".to_owned();
    in_force(&mut play);
    let own = body(&play);
    assert_eq!(own.signatures[0].statement().lines().filter(|line| line.starts_with("文本SM3")).count(), 1);
    let forged = "协议：甲\n文本SM3：11\n文本SM3：22\n";
    assert_eq!(super::evidence::line(forged, "文本SM3"), Some("11"), "the first alone");
}

/// CH-25.1: everything that is wrong with a change is named at once, the words about it as well.
#[test]
fn every_wrong_field_of_a_change_is_named() {
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    let wrong = amend("2026-03-03").replace("2026-02", "").replace("依办法调整", " ");
    let Err(crate::matter::Refused::Fields(faults)) = play.act(Party::Operator, &wrong) else { panic!() };
    let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(pointers, ["/words", "/text", "/effective_on"]);
}

/// CH-25.1, CH-25.2: the text that another took the place of stays, so that what was signed under it can still be read.
#[test]
fn an_earlier_text_stays_with_what_was_signed_under_it() {
    use crate::id::MatterId;
    let mut play = stage(Kind::Agreement);
    in_force(&mut play);
    play.act(Party::Operator, &amend("2026-05-02")).unwrap();
    sign(&mut play);
    play.on("2026-05-02").act(Party::Platform, TAKE_EFFECT).unwrap();
    let body = &play.matter.as_ref().unwrap().body;
    let signed = crate::matter::evidence(Kind::Agreement, MatterId::from_bytes([7; 16]), body).unwrap();
    assert_eq!(signed.iter().map(|one| (one.has_text, one.faults.len())).collect::<Vec<_>>(), [(true, 0); 2]);
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        (&body["earlier"][0]["version"], &body["text"]["version"]),
        (&json!("2026-01"), &json!("2026-02"))
    );
}

/// CH-24.1 to CH-25.2: the state machine.
#[test]
fn the_workflow_of_an_agreement() {
    expect_test::expect_file!["workflow.txt"].assert_eq(&workflow(Kind::Agreement));
}
