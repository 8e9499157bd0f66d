//! Applications: owners who fill in forms well or badly, and four reviewers.

use super::{contact, fresh_keys, opinion, who, words};
use crate::failure::Failure;
use crate::simulate::cast::Who;
use crate::simulate::plan::{Relation, Unit};
use crate::simulate::play::{Event, Play, Seen};
use domain::matter::Kind;
use oracle::Brought;
use serde_json::{Value, json};

/// What can be wrong with a filing: where, and what stands there instead.
pub const FAULTS: [(&str, &str); 22] = [
    ("/one/uscc", "91350100M000100Y44"),
    ("/one/unit", "club"),
    ("/one/contact/email", "nobody"),
    ("/one/parent_number", "0000000000"),
    ("/channel/number", "0000000001"),
    ("/channel/access_mode", "sdk"),
    ("/channel/form", "other"),
    ("/channel/regions/0/division", "330106"),
    ("/channel/regions/0/users", "0"),
    ("/channel/regions/0/running_since", RECENTLY),
    ("/channel/nationwide", ""),
    ("/channel/users", "999999"),
    ("/two/download", ""),
    ("/two/registered_on", RECENTLY),
    ("/two/committed_monthly_active", "0"),
    ("/level_two/brand", ""),
    ("/level_two/liveness", "third_party"),
    ("/level_two/source", "level_one"),
    ("/level_two/basics", ""),
    ("/level_two/reuses/0", "risk_control"),
    ("/level_two/relation", "different_entity"),
    ("/level_two/reuses", ""),
];

/// Stands for a day less than a year ago.
const RECENTLY: &str = "recently";

/// Opens a unit's application.
pub fn apply(play: &mut Play, unit: usize) -> Result<(), Failure> {
    if let Some((head, _)) = play.units[unit].parent
        && play.units[head].phase != Some(oracle::Phase::Live)
    {
        // Level 1 applies for it once it is live itself (CH-4.2, CH-11.2); it may try before.
        if play.units[head].channel.is_some() && play.chance.percent(20) {
            let opening = json!({"purpose": "access", "forms": forms(play, unit)});
            play.open(unit, Kind::Application, Who::Owner, &opening, Brought::default())?;
        }
        let days = play.chance.between(30, 60);
        play.later(days, Event::Apply(unit));
        return Ok(());
    }
    let mut filled = forms(play, unit);
    if play.chance.percent(45) {
        spoil(play, &mut filled);
    }
    let opening = json!({"purpose": "access", "forms": filled});
    third_level(play, unit, &opening)?;
    if let Some(no) = play.open(unit, Kind::Application, Who::Owner, &opening, Brought::default())? {
        play.cases[no].asked = play.units[unit].breadth.1.iter().map(ToString::to_string).collect();
        play.later(1, Event::Visit(no));
    }
    Ok(())
}

/// A level-2 channel is named as the one that a channel belongs to (CH-4.4).
fn third_level(play: &mut Play, unit: usize, opening: &Value) -> Result<(), Failure> {
    let owner = play.units[unit].owner;
    let is_beside = |other: &Unit| other.owner == owner && other.parent.is_some() && other.channel.is_some();
    let Some(beside) = play.units.iter().position(is_beside) else { return Ok(()) };
    let opened =
        play.open_under(unit, Some(beside), Kind::Application, Who::Owner, opening, Brought::default())?;
    if opened.is_some() {
        play.oracle
            .object(format!("CH-4.4: channel {unit} was opened under channel {beside}, which has a level 1"));
    }
    Ok(())
}

/// What a channel is admitted for by a filing that asks for these services: what level 1 has where it is of the same
/// entity, else issuance, what every channel of a general business offers, and what it asked for.
fn scope(play: &Play, no: usize) -> Vec<String> {
    let case = &play.cases[no];
    let unit = &play.units[case.unit];
    if let Some((head, Relation::Same)) = unit.parent {
        return play.units[head].services.clone();
    }
    let own = if unit.breadth.0 == "general" { &oracle::STANDARD[..] } else { &oracle::STANDARD[..1] };
    let mut all: Vec<String> =
        own.iter().map(ToString::to_string).chain(case.asked.iter().cloned()).collect();
    all.sort();
    all.dedup();
    all
}

/// Files a draft.
fn file(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let scope = scope(play, no);
    if play.does(no, seen, Who::Owner, &json!({"action": "file"}))? {
        play.cases[no].scope = scope;
    }
    Ok(())
}

fn spoil(play: &mut Play, forms: &mut Value) {
    let recently = play.today().plus_months(-3).to_string();
    let is_nationwide = forms["channel"]["regions"][0]["division"] == "000000";
    let is_same = forms["level_two"]["relation"] == "same_entity";
    for _ in 0..play.chance.between(2, 7) {
        // Where nothing depends on a field, nothing is wrong about it.
        let fits = |card: usize| match FAULTS[card].0 {
            "/channel/nationwide" => is_nationwide,
            // Of class 社会 alone so many are asked (CH-7.4).
            "/channel/users" => forms.pointer("/two").is_some(),
            "/level_two/source" => !is_same && forms.pointer("/level_two").is_some(),
            "/level_two/brand" | "/level_two/relation" => is_same,
            pointer => forms.pointer(pointer).is_some(),
        };
        let Some(card) = play.decks.faults.draw(&mut play.chance, fits) else { return };
        let (pointer, wrong) = FAULTS[card];
        if let Some(field) = forms.pointer_mut(pointer) {
            *field = match (pointer, wrong) {
                ("/level_two/reuses", _) => json!([]),
                (_, RECENTLY) => json!(recently),
                (_, wrong) => json!(wrong),
            };
        }
    }
}

/// A live unit asks for a further service (CH-15.1), or for what it has already.
pub fn change(play: &mut Play, unit: usize) -> Result<(), Failure> {
    let mut filled = forms(play, unit);
    filled["channel"]["number"] = json!(play.units[unit].number);
    if play.chance.percent(85) {
        filled["channel"]["services"] = json!(["query.talent"]);
    }
    let asked = filled["channel"]["services"].as_array().cloned().unwrap_or_default();
    let asked = asked.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let opening = json!({"purpose": "change", "forms": filled});
    if let Some(no) = play.open(unit, Kind::Application, Who::Owner, &opening, Brought::default())? {
        play.cases[no].asked = asked;
        play.later(1, Event::Visit(no));
    }
    Ok(())
}

/// The forms of a unit, as they should be.
pub fn forms(play: &Play, no: usize) -> Value {
    let unit = &play.units[no];
    let head = unit.parent.map(|(head, _)| &play.units[head]);
    let parent = unit.parent.map(|(head, _)| Unit::name(head)).unwrap_or_default();
    let number = head.map(|head| head.number.clone()).unwrap_or_default();
    let since = play.today().plus_months(-24).to_string();
    let other = if unit.form.0 == "other" { "智能终端" } else { "" };
    let mut forms = json!({
        "one": {
            "filled_on": play.on(0), "unit": unit.unit, "innovation": unit.innovation,
            "owner_name": format!("示例单位{no}"), "uscc": unit.uscc, "contact": contact(),
            "parent_name": parent, "parent_number": number,
        },
        "channel": {
            "name": Unit::name(no), "form": unit.form.0, "form_name": other, "access_mode": unit.form.1,
            "breadth": unit.breadth.0, "business": "民生服务",
            "regions": [{"division": unit.region.to_string(), "running_since": since, "users": "2000000"}],
            "nationwide": "统一服务", "services": unit.breadth.1, "users": "2000000", "test_keys": fresh_keys(),
        },
    });
    if unit.class == oracle::Class::Social {
        forms["two"] = json!({
            "registered_address": "福州市", "registered_on": "2015-01-01", "standing": "高新技术企业",
            "introduction": "生活服务", "download": "https://example.cn/app", "user_groups": "城市居民",
            "registered_users": "2000000", "monthly_active": "300000", "coverage": "全省", "fit": "民生服务",
            "expansion": "图书馆借阅", "committed_issuance": unit.committed.0.to_string(),
            "committed_monthly_active": unit.committed.1.to_string(),
        });
    }
    if let Some((_, relation)) = unit.parent {
        let same = relation == Relation::Same;
        forms["level_two"] = json!({
            "relation": if same { "same_entity" } else { "different_entity" },
            "brand": "同一品牌", "reuses": ["accounts"], "liveness": "level_one",
            "source": if same { "level_one" } else { "own" }, "served": "1000", "basics": "多端",
            "management": "同一单位", "capabilities": "账户体系", "business": "与一级渠道一致",
        });
    }
    forms
}

/// Somebody comes to an application.
pub fn turn(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    if !matches!(seen.state.as_str(), "draft" | "final_review") && play.chance.permille(6) {
        play.does(no, seen, Who::Owner, &words("withdraw"))?;
        return Ok(None);
    }
    match seen.state.as_str() {
        "draft" => draft(play, no, seen)?,
        "local_review" | "first_review" => review(play, no, seen)?,
        "ministry_review" => ministry(play, no, seen)?,
        "allocation" => {
            play.does(no, seen, Who::Operator(0), &words("allocate"))?;
        }
        "testing" => {
            // Holders who come too early.
            if seen.body["purpose"] == "access" {
                play.serve(play.cases[no].unit)?;
            }
            play.does(no, seen, Who::Operator(0), &words("verify"))?;
        }
        "preparing" => prepare(play, no)?,
        "final_review" => last_reviews(play, no, seen)?,
        _ => {}
    }
    Ok(Some(play.chance.between(1, 9)))
}

fn draft(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let unit = play.cases[no].unit;
    // Whoever was refused or sent back corrects everything; the first filing may lack files.
    let visits = play.cases[no].visits;
    if visits > 1 || play.is_diligent(no) {
        let mut purposes = vec!["form_one_sealed", "test_collection"];
        if play.units[unit].class == oracle::Class::Social {
            purposes.extend(["licence", "entry_sketch"]);
        }
        if play.units[unit].innovation == "signed" {
            purposes.push("innovation_agreement");
        }
        for purpose in purposes {
            play.bring(no, purpose)?;
        }
    }
    let purpose = seen.body["purpose"].as_str().unwrap_or("access");
    if visits > 3 && purpose != "access" {
        return play.does(no, seen, Who::Owner, &words("withdraw")).map(drop);
    }
    if demanded(play, no, seen)? {
        return Ok(());
    }
    if play.chance.percent(3) {
        let waiver = json!({"action": "waive", "condition": "running_time", "words": "新建渠道，豁免"});
        return play.does(no, seen, Who::Ministry(0), &waiver).map(drop);
    }
    if visits > 1 && purpose == "access" {
        let saved = json!({"action": "save", "forms": forms(play, unit)});
        if play.does(no, seen, Who::Owner, &saved)? {
            let seen = play.see(no)?;
            file(play, no, &seen)?;
        }
        return Ok(());
    }
    file(play, no, seen)
}

/// The ministry sets a further condition, and the owner says how it is met, sooner or later (CH-7.5).
fn demanded(play: &mut Play, no: usize, seen: &Seen) -> Result<bool, Failure> {
    let open = seen.body["demands"].as_array().into_iter().flatten().any(|demand| demand["answer"].is_null());
    if open && play.is_diligent(no) {
        play.does(no, seen, Who::Owner, &words("answer"))?;
        return Ok(true);
    }
    if !open && play.chance.percent(5) {
        play.does(no, seen, Who::Ministry(0), &words("require"))?;
        return Ok(true);
    }
    Ok(false)
}

/// The department whose turn it is agrees, mostly.
fn review(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let Some((party, division, _)) = seen.waits.first().cloned() else { return Ok(()) };
    let region = seen.body["regions"][0].as_str().unwrap_or_default().to_owned();
    let (mut by, input) = (
        who(&party, &division, 0),
        match play.chance.below(100) {
            0..4 => words("return"),
            4..7 => opinion("refuse", &region),
            7..9 => opinion("approve", "110000"),
            _ => opinion("approve", &region),
        },
    );
    if play.chance.permille(15) {
        // Another department than the one whose turn it is.
        by = Who::Department("650000".parse().unwrap_or(play.units[0].region), 0);
    }
    play.does(no, seen, by, &input).map(drop)
}

fn ministry(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let asked: Vec<_> = seen.waits.iter().filter(|wait| wait.2 == "reply").cloned().collect();
    let is_noted = !seen.body["silence"].is_null();
    if asked.is_empty() || (is_noted && play.chance.percent(70)) {
        let unit = &play.units[play.cases[no].unit];
        let is_platform = unit.class == oracle::Class::NationalSigned && unit.parent.is_none();
        let regions = match play.chance.below(100) {
            0..4 => json!(["990000"]),
            4..40 if unit.is_nationwide() => json!(["110000", "310000", "330000"]),
            _ => seen.body["regions"].clone(),
        };
        let is_access = seen.body["purpose"] == "access";
        let decision = match play.chance.below(100) {
            0..3 => words("return"),
            _ => json!({
                "action": "decide", "regions": regions, "words": "同意",
                "is_platform_level": is_platform && is_access,
            }),
        };
        return play.does(no, seen, Who::Ministry(0), &decision).map(drop);
    }
    if play.chance.percent(10) {
        let early = json!({"action": "decide", "regions": seen.body["regions"], "words": "同意"});
        play.does(no, seen, Who::Ministry(0), &early)?;
    }
    for (party, division, _) in asked {
        if is_silent(no, &division) && !is_noted {
            continue;
        }
        let now = play.see(no)?;
        let verdict = *play.chance.one_of(&["agreed", "agreed", "agreed", "conditional", "refused"]);
        let reply = json!({
            "action": "reply", "verdict": verdict, "words": "意见如上", "contact": "审核人", "phone": "010-1",
        });
        play.does(no, &now, who(&party, &division, 0), &reply)?;
    }
    Ok(())
}

/// Whether a province lets the last day of a consultation go by.
fn is_silent(no: usize, division: &str) -> bool {
    division == "650000" && no.is_multiple_of(3)
}

fn steps() -> impl Iterator<Item = (&'static str, &'static str)> {
    let steps = ["enter", "issue", "change_password", "reset_password", "unbind", "exit"];
    ["ios", "android"].into_iter().flat_map(move |system| steps.into_iter().map(move |step| (system, step)))
}

/// The formal filing: a report of a laboratory, films, and 附表3.
fn prepare(play: &mut Play, no: usize) -> Result<(), Failure> {
    let unit = play.cases[no].unit;
    let has_report = play.has_report(unit);
    if !has_report {
        let opening = json!({"occasion": "first"});
        let opened = play.open(unit, Kind::SecurityReport, Who::Owner, &opening, Brought::default())?;
        if let Some(report) = opened {
            play.later(1, Event::Visit(report));
        }
        if play.is_diligent(no) {
            return Ok(());
        }
    }
    if play.is_diligent(no) {
        play.bring(no, "recording_ios")?;
        play.bring(no, "recording_android")?;
    }
    let skipped = usize::from(!play.is_diligent(no));
    let marks: Vec<_> = steps()
        .skip(skipped)
        .map(|(system, step)| json!({"system": system, "step": step, "at_seconds": 1}))
        .collect();
    let number = if play.chance.percent(3) { String::new() } else { play.units[unit].number.clone() };
    let mut asked = contact();
    if play.chance.percent(4) {
        asked["email"] = json!("");
    }
    let form = json!({
        "filled_on": play.on(0), "number": number, "contact": asked, "marks": marks, "keys": fresh_keys(),
    });
    let is_tested = play.units[unit].open.iter().map(|no| &play.cases[*no]);
    let is_tested =
        is_tested.into_iter().any(|case| case.kind == Kind::SecurityReport && case.state == "accepted");
    if !is_tested && play.chance.percent(85) {
        // Whoever knows the rules waits for the report.
        return Ok(());
    }
    let now = play.see(no)?;
    if play.does(no, &now, Who::Owner, &json!({"action": "save_formal", "form": form}))? {
        let now = play.see(no)?;
        play.does(no, &now, Who::Owner, &json!({"action": "file_formal"}))?;
    }
    Ok(())
}

/// Ministry and operator beside each other, the agreement, and the key.
fn last_reviews(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let unit = play.cases[no].unit;
    if play.chance.percent(5) {
        // Too early, or by whoever confirmed it.
        return play.does(no, seen, Who::Operator(0), &words("activate")).map(drop);
    }
    if play.chance.percent(2) {
        return play.does(no, seen, Who::Ministry(1), &words("return")).map(drop);
    }
    let head = play.units[unit].parent.and_then(|(head, _)| play.units[head].phase);
    if head.is_some_and(|phase| phase != oracle::Phase::Live) && play.chance.percent(50) {
        // Level 1 is gone or going.
        return play.does(no, seen, Who::Owner, &words("withdraw")).map(drop);
    }
    let Some((_, _, task)) = seen.waits.first().cloned() else { return Ok(()) };
    let all: Vec<_> = steps().map(|(system, step)| json!({"system": system, "step": step})).collect();
    match task.as_str() {
        "audit" => play.does(no, seen, Who::Ministry(0), &words("audit")),
        "confirm_recordings" => {
            let missing = usize::from(play.chance.percent(4));
            let confirmed = json!({"action": "confirm_recordings", "words": "齐全", "seen": all[missing..]});
            play.does(no, seen, Who::Operator(0), &confirmed)
        }
        "confirm_report" => play.does(no, seen, Who::Operator(0), &words("confirm_report")),
        "offer_agreement" => super::agreement::offer(play, unit).map(|()| true),
        // The owner signs in the agreement itself.
        "agreement" => Ok(true),
        _ => {
            let done = play.does(no, seen, Who::Operator(2), &words("activate"))?;
            if done && seen.body["purpose"] == "access" {
                let days = play.chance.between(1, 28);
                play.later(days, Event::Month(unit));
            }
            Ok(done)
        }
    }?;
    Ok(())
}
