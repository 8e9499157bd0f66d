//! Running: the months of a channel, its users and ideas, and the notices, tickets, campaigns and reports of every day.

use super::{contact, who, words};
use crate::failure::Failure;
use crate::simulate::cast::Who;
use crate::simulate::play::{Event, Play, Seen};
use domain::matter::Kind;
use oracle::Brought;
use serde_json::{Value, json};

/// A month of a unit.
pub fn month(play: &mut Play, unit: usize) -> Result<(), Failure> {
    if !play.units[unit].is_live() {
        return Ok(());
    }
    play.serve(unit)?;
    if play.units[unit].phase == Some(oracle::Phase::Live) {
        initiatives(play, unit)?;
    }
    play.later(30, Event::Month(unit));
    Ok(())
}

fn initiatives(play: &mut Play, unit: usize) -> Result<(), Failure> {
    match play.chance.below(100) {
        0..14 => open(play, unit, Kind::Ticket, &ticket_of(play.chance.clone().below(5))),
        14..20 => {
            let topic = *play.chance.one_of(&["product", "running", "technical"]);
            let opening = json!({"topic": topic, "subject": "建议", "words": "希望增加功能"});
            open(play, unit, Kind::Suggestion, &opening)
        }
        20..30 => campaign_of(play, unit),
        30..38 => maintenance_of(play, unit),
        38..50 => notice_of(play, unit),
        50..57 => super::security::incident(play, unit),
        57..58 => {
            let order = json!({"occasion": "spot", "due_on": play.on(30), "words": "年度抽测"});
            open_as(play, unit, Kind::SecurityReport, Who::Operator(0), &order)
        }
        58..60 => {
            let mut forms = super::application::forms(play, unit);
            forms["one"]["contact"] = contact();
            open(play, unit, Kind::Application, &json!({"purpose": "contact", "forms": forms}))
        }
        60..62 => super::exit::leave(play, unit),
        62..63 => super::application::change(play, unit),
        63..64 => super::exit::force(play, unit, "reputation", None),
        64..65 => super::exit::force(play, unit, "grade_three", None),
        65..70 => play.ask_figures(unit),
        70..74 => super::office::rotate(play, unit),
        _ => Ok(()),
    }
}

fn open(play: &mut Play, unit: usize, kind: Kind, opening: &Value) -> Result<(), Failure> {
    open_as(play, unit, kind, Who::Owner, opening)
}

fn open_as(play: &mut Play, unit: usize, kind: Kind, by: Who, opening: &Value) -> Result<(), Failure> {
    if let Some(no) = play.open(unit, kind, by, opening, Brought::default())? {
        let days = play.chance.between(1, 3);
        play.later(days, Event::Visit(no));
    }
    Ok(())
}

fn ticket_of(kind: u32) -> Value {
    match kind {
        0 => json!({"category": "user", "subject": "领取失败", "words": "请核查",
            "holder": {"name": "张*", "document": "33**************12"}}),
        1 => json!({"category": "common", "subject": "白屏", "words": "部分机型白屏"}),
        2 => json!({"category": "public_opinion", "subject": "不实信息", "words": "请协助统一口径"}),
        3 => json!({"category": "malicious", "subject": "恶意投诉", "words": "重复投诉"}),
        _ => json!({"category": "user", "subject": "领取失败", "words": "没有脱敏信息"}),
    }
}

fn campaign_of(play: &mut Play, unit: usize) -> Result<(), Failure> {
    let start = play.chance.between(0, 15);
    let mut opening = json!({
        "subject": "优惠月", "words": "线上宣传", "starts_on": play.on(start), "ends_on": play.on(start + 20),
    });
    if play.chance.percent(60) {
        opening["wording"] = json!("电子社保卡免费领取");
    }
    open(play, unit, Kind::Campaign, &opening)
}

fn maintenance_of(play: &mut Play, unit: usize) -> Result<(), Failure> {
    let now = play.stage.world().now();
    let start = now.plus_seconds(i64::from(play.chance.between(-1, 5)) * 86_400 + 3600);
    let topic = *play.chance.one_of(&["maintenance", "pause", "resumption"]);
    let mut opening = json!({
        "topic": topic, "subject": "扩容", "words": "夜间扩容", "prompt": "今晚暂停两小时",
        "starts_at": start.to_string(), "is_major": topic == "maintenance" && play.chance.percent(20),
    });
    if topic != "resumption" {
        opening["ends_at"] = json!(start.plus_seconds(7200).to_string());
    }
    open(play, unit, Kind::Maintenance, &opening)
}

/// The operator tells a channel something.
fn notice_of(play: &mut Play, unit: usize) -> Result<(), Failure> {
    let topic = *play.chance.one_of(&["upgrade", "upgrade", "maintenance", "pause", "resumption"]);
    let mut opening = json!({
        "topic": topic, "subject": "平台通知", "words": "请按期处理", "acknowledge_by": play.on(5),
    });
    if topic == "upgrade" && !play.chance.percent(3) {
        opening["nature"] = json!(*play.chance.one_of(&["functional", "functional", "security"]));
        opening["upgrade_by"] = json!(play.on(play.chance.clone().between(20, 40)));
    }
    open_as(play, unit, Kind::Notice, Who::Operator(1), &opening)
}

/// Somebody comes to a notice.
pub fn notice(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    match seen.state.as_str() {
        "sent" if play.chance.permille(15) => {
            play.does(no, seen, Who::Operator(1), &words("withdraw"))?;
        }
        "sent" | "acknowledged" if !play.is_diligent(no) => return Ok(Some(play.chance.between(8, 45))),
        "sent" => {
            play.does(no, seen, Who::Owner, &json!({"action": "acknowledge"}))?;
        }
        "acknowledged" => {
            play.does(no, seen, Who::Owner, &words("report"))?;
        }
        "reported" => {
            let action = if play.chance.percent(90) { "confirm" } else { "return" };
            play.does(no, seen, Who::Operator(1), &words(action))?;
        }
        _ => {}
    }
    Ok(Some(play.chance.between(1, 6)))
}

/// Somebody comes to a maintenance.
pub fn maintenance(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    let (by, input) = match seen.state.as_str() {
        "filed" if play.chance.percent(80) => (Who::Operator(1), json!({"action": "acknowledge"})),
        _ if play.chance.percent(10) => (Who::Owner, words("cancel")),
        _ => (Who::Owner, words("finish")),
    };
    let ends = by == Who::Owner && input["action"] == "finish";
    if play.does(no, seen, by, &input)? && ends && seen.body["is_major"] == true {
        play.tally.came("CH-28.4b");
        play.oracle.upgraded(play.cases[no].unit);
    }
    Ok(Some(play.chance.between(1, 6)))
}

/// Somebody comes to a campaign.
pub fn campaign(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    match seen.state.as_str() {
        "in_review" => {
            let Some((party, division, _)) = seen.waits.first().cloned() else { return Ok(None) };
            let action = if play.chance.percent(85) { "confirm" } else { "return" };
            play.does(no, seen, who(&party, &division, 0), &words(action))?;
        }
        "returned" => {
            let revised = json!({"action": "revise", "wording": "修改后的口径"});
            play.does(no, seen, Who::Owner, &revised)?;
        }
        "filed" => {
            let action = if play.chance.percent(6) { "cancel" } else { "report" };
            play.does(no, seen, Who::Owner, &words(action))?;
        }
        _ => {}
    }
    Ok(Some(play.chance.between(2, 12)))
}

/// Somebody comes to a ticket.
pub fn ticket(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    match seen.state.as_str() {
        "filed" if play.chance.percent(80) => {
            play.does(no, seen, Who::Operator(1), &words("answer"))?;
        }
        "answered" => match play.chance.below(100) {
            0..20 => {
                play.does(no, seen, Who::Owner, &words("follow_up"))?;
            }
            20..60 => {
                let rated = json!({"action": "close", "satisfaction": play.chance.between(0, 5)});
                play.does(no, seen, Who::Owner, &rated)?;
            }
            _ => {}
        },
        _ => {}
    }
    Ok(Some(play.chance.between(1, 6)))
}

/// Somebody comes to a suggestion.
pub fn suggestion(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    if play.chance.percent(90) {
        play.does(no, seen, Who::Operator(1), &words("answer"))?;
    } else {
        play.does(no, seen, Who::Owner, &json!({"action": "withdraw"}))?;
    }
    Ok(Some(5))
}

/// Somebody comes to the monthly report on level 2.
pub fn filing(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    if seen.state == "reported" {
        let input = if play.chance.percent(92) { json!({"action": "accept"}) } else { words("return") };
        play.does(no, seen, Who::Operator(1), &input)?;
    } else if play.is_diligent(no) {
        let all = seen.body["channels"].as_array().cloned().unwrap_or_default();
        let skipped = usize::from(play.chance.percent(5));
        let rows: Vec<_> = all[skipped.min(all.len())..]
            .iter()
            .map(|channel| json!({"channel": channel, "issuance": 1, "active": 1, "uses": 2}))
            .collect();
        play.does(no, seen, Who::Owner, &json!({"action": "report", "rows": rows}))?;
    }
    Ok(Some(play.chance.between(2, 8)))
}

/// Somebody comes to a monitoring.
pub fn monitoring(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    let unit = play.cases[no].unit;
    if !play.units[unit].is_live() {
        return Ok(None);
    }
    let propose =
        |outcome: &str| json!({"action": "propose_outcome", "outcome": outcome, "words": "人工结论"});
    match seen.state.as_str() {
        "noticed" | "warned" | "plan_filed" | "improving" if play.chance.permille(40) => {
            let outcome = *play.chance.one_of(&["lifted", "warned"]);
            play.does(no, seen, Who::Operator(0), &propose(outcome))?;
        }
        "noticed" => {
            if play.is_diligent(no) {
                let unit = &mut play.units[unit];
                unit.issuance = unit.issuance.max(34);
                unit.active = unit.active.max(4);
            }
            return Ok(Some(30));
        }
        "warned" if play.is_diligent(no) => {
            play.does(no, seen, Who::Owner, &words("file_plan"))?;
        }
        "plan_filed" => {
            let action = if play.chance.percent(80) { "accept_plan" } else { "return_plan" };
            play.does(no, seen, Who::Operator(0), &words(action))?;
        }
        "warned" | "improving" if play.cases[no].visits > 12 => {
            play.does(no, seen, Who::Operator(0), &words("nominate"))?;
        }
        "candidate" => {
            super::exit::force(play, unit, "monitoring", Some(no))?;
            return Ok(Some(60));
        }
        "overriding" => {
            let (by, action) = match play.chance.below(10) {
                0..2 => (Who::Operator(0), "confirm_outcome"),
                2..4 => (Who::Operator(1), "reject_outcome"),
                _ => (Who::Operator(1), "confirm_outcome"),
            };
            play.does(no, seen, by, &words(action))?;
        }
        _ => {}
    }
    Ok(Some(play.chance.between(5, 20)))
}
