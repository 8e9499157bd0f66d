//! Exits: wanted, forced, consulted on, announced, closed, and certified.

use super::signing_key::{key_of, signature};
use super::{who, words};
use crate::failure::Failure;
use crate::simulate::cast::Who;
use crate::simulate::play::{Event, Play, Seen};
use domain::division::DivisionCode;
use domain::matter::Kind;
use oracle::{Brought, Day};
use serde_json::{Value, json};
use server::directory::service as directory;

const CATEGORIES: [&str; 6] = ["identity", "contact", "biometric", "credential", "usage", "backup"];

/// An owner wants to leave.
pub fn leave(play: &mut Play, unit: usize) -> Result<(), Failure> {
    if play.units[unit].own.is_some() && play.chance.percent(50) {
        // The entity of a level-2 channel itself, which may not (CH-11.2).
        let voluntary =
            json!({"planned_on": play.on(100), "reason": "自行退出", "special_reason": "企业停业"});
        let opened =
            play.open(unit, Kind::Exit, Who::Own, &json!({"voluntary": voluntary}), Brought::default())?;
        if opened.is_some() {
            play.oracle.object(format!("CH-11.2: channel {unit} of level 2 began its exit itself"));
        }
    }
    let ahead = if play.chance.percent(15) { 40 } else { play.chance.between(62, 110) };
    let planned = play.today().plus_days(ahead);
    let mut voluntary = json!({"planned_on": planned.to_string(), "reason": "业务并入其他渠道"});
    if play.chance.percent(80) {
        voluntary["special_reason"] = json!("企业停业");
    }
    let brought = Brought { day: Some(Day(planned.as_days())), ..Brought::default() };
    let opened = play.open(unit, Kind::Exit, Who::Owner, &json!({"voluntary": voluntary}), brought)?;
    if let Some(no) = opened {
        play.later(1, Event::Visit(no));
    }
    Ok(())
}

/// The operator wants a channel out.
pub fn force(play: &mut Play, unit: usize, ground: &str, evidence: Option<usize>) -> Result<(), Failure> {
    if !play.units[unit].is_live() && play.chance.percent(90) {
        return Ok(());
    }
    let evidence = evidence.map(|no| play.cases[no].id.to_string());
    let until = play.chance.percent(30).then(|| play.on(play.chance.clone().between(5, 40)));
    let forced = json!({"forced": {
        "ground": ground, "words": "法定情形", "evidence": evidence, "transition_until": until,
    }});
    let brought = Brought { day: until.as_deref().and_then(Day::parse), ..Brought::default() };
    if let Some(no) = play.open(unit, Kind::Exit, Who::Operator(0), &forced, brought)? {
        play.later(1, Event::Visit(no));
    }
    Ok(())
}

/// Somebody comes to an exit.
pub fn turn(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    match seen.state.as_str() {
        "filed" => {
            let input = match play.chance.below(100) {
                0..4 => words("refuse"),
                4..8 => json!({"action": "consult", "due_on": play.on(0)}),
                _ => json!({"action": "consult", "due_on": play.on(10)}),
            };
            play.does(no, seen, Who::Ministry(0), &input)?;
        }
        "consulting" => consult(play, no, seen)?,
        "approved" => {
            if play.chance.percent(4) {
                play.does(no, seen, Who::Owner, &json!({"action": "withdraw"}))?;
            } else {
                play.does(no, seen, Who::Operator(0), &json!({"action": "notify"}))?;
            }
        }
        "proposed" => {
            let (by, action) = match play.chance.below(100) {
                0..10 => (Who::Operator(0), "confirm"),
                10..18 => (Who::Operator(1), "reject"),
                18..50 => (Who::Ministry(0), "confirm"),
                _ => (Who::Operator(1), "confirm"),
            };
            play.does(no, seen, by, &words(action))?;
        }
        "transition" => transition(play, no, seen)?,
        "deleting" => certify(play, no, seen)?,
        "certified" => {
            let action = if play.chance.percent(90) { "accept" } else { "return" };
            play.does(no, seen, Who::Operator(0), &words(action))?;
        }
        _ => {}
    }
    Ok(Some(play.chance.between(1, 7)))
}

fn consult(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let asked: Vec<_> = seen.waits.iter().filter(|wait| wait.2 == "reply").cloned().collect();
    if asked.is_empty() || play.chance.percent(10) {
        return play.does(no, seen, Who::Ministry(0), &words("approve")).map(drop);
    }
    for (party, division, _) in asked {
        if play.chance.percent(5) {
            continue;
        }
        let now = play.see(no)?;
        let stance = *play.chance.one_of(&["agree", "agree", "conditional", "disagree"]);
        let reply = json!({"action": "reply", "stance": stance, "words": "意见如上"});
        play.does(no, &now, who(&party, &division, 0), &reply)?;
    }
    if play.chance.percent(10) {
        let now = play.see(no)?;
        let reply = json!({"action": "reply", "stance": "agree", "words": "意见如上"});
        play.does(no, &now, who("province", "650000", 0), &reply)?;
    }
    Ok(())
}

/// Who leaves: level 1 for its level 2 where it began the exit (CH-11.2), and else whoever the channel belongs to.
fn leaver(seen: &Seen) -> Who {
    if seen.body["voluntary"].is_null() { Who::Own } else { Who::Owner }
}

fn transition(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    if play.chance.percent(10) {
        return play.does(no, seen, Who::Operator(0), &json!({"action": "close"})).map(drop);
    }
    let tasks: Vec<_> = seen.waits.iter().map(|wait| wait.2.as_str()).collect();
    if tasks.contains(&"announce") {
        let days = if play.chance.percent(15) { 14 } else { 40 };
        let announcement = json!({"action": "announce", "announcement": {
            "url": "https://example.cn/exit", "from_on": play.on(0), "until_on": play.on(days),
        }});
        let brought = Brought { day: Some(Day(play.today().as_days())), ..Brought::default() };
        play.act(no, seen, leaver(seen), &announcement, brought)?;
    } else if tasks.contains(&"prompt") && play.is_diligent(no) {
        let files: Vec<Value> =
            if play.chance.percent(90) { vec![json!(play.bring(no, "prompt")?)] } else { Vec::new() };
        let own = play.units[play.cases[no].unit].number.parse().map_err(server::Error::from)?;
        let world = play.stage.world();
        let takes = directory::list(world, DivisionCode::NATIONAL, Some(own), String::new(), 2);
        let takes = play.stage.wait(takes)?;
        let successors: Vec<_> = takes.iter().map(|one| one.channel.number.to_string()).collect();
        if successors.is_empty() {
            // Nobody to guide them to: the last day of the prompt passes.
            return Ok(());
        }
        let prompt = json!({"action": "prompt", "prompt": {
            "prompted_on": play.on(0), "reached": 1000, "words": "已推送提示", "successors": successors,
            "files": files,
        }});
        let now = play.see(no)?;
        play.does(no, &now, leaver(seen), &prompt)?;
    }
    Ok(())
}

fn certify(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let unit = play.cases[no].unit;
    let flaw = if play.is_diligent(no) { 9 } else { play.chance.below(4) };
    let deletion = json!({
        "channel": play.units[unit].number, "exit": play.cases[no].id.to_string(),
        "deleted_on": if flaw == 0 { play.on(1) } else { play.on(0) },
        "categories": CATEGORIES[usize::from(flaw == 1)..], "statement": "全部原始信息已删除", "signed_by": "法定代表人",
    });
    let document = deletion.to_string();
    let key = key_of(play, unit, leaver(seen))?;
    let said = if flaw == 2 { "别的文本" } else { document.as_str() };
    let (mut certificate, brought) = signature(&key, said);
    certificate["document"] = json!(document);
    let certify = json!({"action": "certify", "certificate": certificate});
    play.act(no, seen, leaver(seen), &certify, brought).map(drop)
}
