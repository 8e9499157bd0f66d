//! Agreements: offered, signed, extended or renewed, amended, left to lapse.

use super::signing_key::{key_of, signature};
use super::words;
use crate::failure::Failure;
use crate::simulate::cast::Who;
use crate::simulate::play::{Event, Play, Seen};
use domain::matter::Kind;
use oracle::Brought;
use serde_json::json;

/// The operator offers an agreement, unless one is on the way.
pub fn offer(play: &mut Play, unit: usize) -> Result<(), Failure> {
    let open = play.units[unit].open.iter().any(|no| play.cases[*no].kind == Kind::Agreement);
    if open {
        return Ok(());
    }
    let until =
        if play.chance.percent(4) { play.on(-1) } else { play.on(play.chance.clone().between(300, 420)) };
    let opening = json!({"version": "2026-01", "text": "示例协议文本", "from": play.on(0), "until": until});
    let opened = play.open(unit, Kind::Agreement, Who::Operator(2), &opening, Brought::default())?;
    if let Some(no) = opened {
        play.later(1, Event::Visit(no));
    }
    Ok(())
}

/// Somebody comes to an agreement.
pub fn turn(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    match seen.state.as_str() {
        "offered" | "renewing" | "unsigned" => {
            if play.is_diligent(no) || seen.state == "offered" {
                sign(play, no, seen)?;
            } else if play.cases[no].visits > 8 && seen.state != "offered" {
                play.does(no, seen, Who::Operator(0), &words("lapse"))?;
            }
        }
        "in_force" => return in_force(play, no, seen).map(Some),
        "plan_required" => {
            let (by, action) = match seen.waits.first() {
                Some((party, _, _)) if party == "operator" && play.chance.percent(80) => {
                    (Who::Operator(0), "accept_plan")
                }
                Some((party, _, _)) if party == "operator" => (Who::Operator(0), "return_plan"),
                _ => (Who::Own, "file_plan"),
            };
            play.does(no, seen, by, &words(action))?;
        }
        "observation" => {
            let action = if play.chance.percent(92) { "renew" } else { "refuse" };
            play.does(no, seen, Who::Ministry(0), &words(action))?;
            return Ok(Some(play.chance.between(20, 60)));
        }
        _ => {}
    }
    Ok(Some(play.chance.between(2, 20)))
}

fn sign(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let key = key_of(play, play.cases[no].unit, Who::Own)?;
    let statement = seen.body["statement"].as_str().unwrap_or_default();
    let said = if play.chance.percent(3) { "别的文本" } else { statement };
    let (mut input, brought) = signature(&key, said);
    input["action"] = json!("sign");
    play.act(no, seen, Who::Own, &input, brought).map(drop)
}

fn in_force(play: &mut Play, no: usize, seen: &Seen) -> Result<i32, Failure> {
    if seen.waits.iter().any(|wait| wait.2 == "sign") {
        if play.is_diligent(no) {
            sign(play, no, seen)?;
        }
        return Ok(12);
    }
    let until = seen.body["term"]["until"].as_str().and_then(|day| play.days_until(day)).unwrap_or(0);
    match play.chance.below(1000) {
        0..30 => {
            let days = play.chance.between(45, 90);
            let amended = json!({
                "action": "amend", "version": "2027-01", "text": "调整后的文本", "effective_on": play.on(days),
                "words": "协议调整",
            });
            play.does(no, seen, Who::Operator(2), &amended)?;
        }
        30..36 if until < 90 => {
            play.does(no, seen, Who::Own, &words("object"))?;
        }
        36..40 => {
            play.does(no, seen, Who::Operator(0), &words("retract"))?;
        }
        _ => {}
    }
    Ok(play.chance.between(25, 60))
}
