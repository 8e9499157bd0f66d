//! Security reports and risk events: laboratories with and without their qualifications, tests that fail, causes of every
//! grade, people who rectify in time or do not.

use super::words;
use crate::failure::Failure;
use crate::simulate::cast::Who;
use crate::simulate::play::{Event, Play, Seen};
use domain::matter::Kind;
use oracle::{Brought, Withheld};
use serde_json::{Value, json};

const SPECIFICATION: &str = "电子社会保障卡服务渠道接入安全技术规范";
const QUALIFICATIONS: [&str; 4] = ["cnas", "cma", "risk_assessment", "cryptography"];

/// Ways in which a report may be wrong, or not.
pub const FLAWS: usize = 13;

/// Causes, each as often as it is found before it is another's turn.
pub const CAUSES: [&str; 20] = [
    "page_tampering",
    "page_tampering",
    "page_tampering",
    "interface_overstepped",
    "interface_overstepped",
    "interface_to_related",
    "identity_to_related",
    "ordinary_leak",
    "ordinary_leak",
    "ordinary_leak",
    "functional_upgrade_missed",
    "security_upgrade_missed",
    "interface_to_third",
    "identity_to_third",
    "credentials_handed_over",
    "data_retained",
    "credential_stuffing",
    "key_loss_or_major_leak",
    "law_broken",
    "page_tampering",
];

impl Play {
    /// Whether a unit has a report on the way or accepted.
    pub fn has_report(&self, unit: usize) -> bool {
        self.units[unit].open.iter().any(|no| self.cases[*no].kind == Kind::SecurityReport)
    }

    /// A report as its laboratory wrote it, with a flaw now and then.
    fn laboratory_report(&mut self, no: usize, round: usize) -> Result<Value, Failure> {
        let file = self.bring(no, &format!("security_report#{round}"))?;
        let flaw = if self.is_diligent(no) {
            99
        } else {
            self.decks
                .flaws
                .draw(&mut self.chance, |_| true)
                .and_then(|card| u32::try_from(card).ok())
                .unwrap_or(99)
        };
        let tested_on = match flaw {
            0 => self.on(1),
            1 => self.today().plus_months(-13).to_string(),
            2 => self.today().plus_months(-11).to_string(),
            _ => self.on(-self.chance.clone().between(0, 2)),
        };
        let is_reused = flaw == 3 || flaw == 4 || (flaw == 99 && self.chance.percent(10));
        let scope =
            if flaw == 4 { "渠道接入".to_owned() } else { format!("《{SPECIFICATION}》全部条款") };
        let qualifications: Vec<_> = QUALIFICATIONS
            .iter()
            .enumerate()
            .filter(|(place, _)| flaw != 5 + u32::try_from(*place).unwrap_or(0))
            .map(|(place, kind)| {
                let until = if flaw == 9 && place == 0 { "2021-01-01" } else { "2099-01-01" };
                json!({"kind": kind, "number": "示例", "valid_from": "2020-01-01", "valid_to": until})
            })
            .collect();
        Ok(json!({
            "number": "示例-1", "lab": {"name": "示例检测机构", "qualifications": qualifications},
            "specification": if flaw == 10 { "别的规范" } else { SPECIFICATION }, "specification_version": "1.0",
            "tested_on": tested_on, "scope": scope, "is_reused": is_reused,
            "outcome": if self.chance.percent(6) { "failed" } else { "passed" }, "file": file,
        }))
    }
}

/// Somebody comes to a security report.
pub fn report(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    let unit = play.cases[no].unit;
    let visits = usize::try_from(play.cases[no].visits).unwrap_or(0);
    match seen.state.as_str() {
        "draft" | "ordered" | "returned" | "rectifying" | "dangerous" => {
            if play.chance.permille(20) && seen.state == "draft" {
                play.does(no, seen, Who::Owner, &json!({"action": "withdraw"}))?;
                return Ok(None);
            }
            if seen.state == "ordered" && !play.is_diligent(no) {
                return Ok(Some(play.chance.between(10, 40)));
            }
            let report = play.laboratory_report(no, visits)?;
            let now = play.see(no)?;
            play.does(no, &now, Who::Owner, &json!({"action": "submit", "report": report}))?;
        }
        "filed" | "retested" => {
            let action = match play.chance.below(100) {
                0..6 => "return",
                6..14 => "fail",
                _ => "accept",
            };
            if !play.does(no, seen, Who::Operator(0), &words(action))? {
                play.does(no, seen, Who::Operator(0), &words("fail"))?;
            }
        }
        "accepted" | "overdue" => {
            let until = seen.body["validity"]["valid_until"].as_str();
            let days = until.and_then(|day| play.days_until(day)).unwrap_or(0);
            if days > 25 {
                return Ok(Some(days - 20));
            }
            if !play.units[unit].is_live() {
                return Ok(None);
            }
            if seen.state == "overdue" && play.chance.percent(35) {
                super::exit::force(play, unit, "security_report", Some(no))?;
                return Ok(Some(15));
            }
            if play.units[unit].is_live() && play.is_diligent(no) {
                let opening = json!({"occasion": "annual"});
                let opened =
                    play.open(unit, Kind::SecurityReport, Who::Owner, &opening, Brought::default())?;
                if let Some(report) = opened {
                    play.later(1, Event::Visit(report));
                }
                return Ok(Some(40));
            }
            return Ok(Some(15));
        }
        _ => {}
    }
    Ok(Some(play.chance.between(1, 8)))
}

/// Something happens to a unit.
pub fn incident(play: &mut Play, unit: usize) -> Result<(), Failure> {
    let kinds = ["key_loss", "data_leak", "tampering", "misuse", "other"];
    let incident = *play.chance.one_of(&kinds);
    let by = match play.chance.below(10) {
        0..5 => Who::Owner,
        5..9 => Who::Operator(0),
        _ => Who::Ministry(0),
    };
    let narrow = play.chance.percent(30);
    let seconds = if play.chance.percent(60) { 1800 } else { 7200 };
    let discovered =
        play.stage.world().now().plus_seconds(if play.chance.percent(3) { 60 } else { -seconds });
    let mut opening = json!({
        "incident": incident, "discovered_at": discovered.to_string(), "words": "巡检发现异常",
        "involves": if incident == "key_loss" { json!(["key_material"]) } else { json!([]) },
    });
    let mut brought = Brought::default();
    if narrow {
        opening["suspected"] = json!("page_tampering");
        opening["containment"] = json!("new_holders");
        brought.withheld = Some(Withheld::NewHolders);
    }
    if let Some(no) = play.open(unit, Kind::RiskEvent, by, &opening, brought)? {
        play.later(1, Event::Visit(no));
    }
    Ok(())
}

fn cause(play: &mut Play) -> &'static str {
    play.decks.causes.draw(&mut play.chance, |_| true).map_or("law_broken", |card| CAUSES[card])
}

/// Somebody comes to a risk event.
pub fn event(play: &mut Play, no: usize, seen: &Seen) -> Result<Option<i32>, Failure> {
    if seen.body["root_cause"].is_null() && play.chance.percent(40) {
        let by = if play.chance.percent(70) { Who::Owner } else { Who::Operator(1) };
        play.does(no, seen, by, &words("record_cause"))?;
        return Ok(Some(1));
    }
    if play.chance.permille(25) {
        play.does(no, seen, Who::Operator(1), &words("escalate"))?;
        return Ok(Some(1));
    }
    match seen.state.as_str() {
        "contained" => contained(play, no, seen)?,
        "proposed" => {
            let (by, action) = match play.chance.below(100) {
                0..6 => (Who::Operator(0), "confirm"),
                6..12 => (Who::Operator(1), "reject"),
                12..30 => (Who::Ministry(0), "confirm"),
                _ => (Who::Operator(1), "confirm"),
            };
            play.does(no, seen, by, &words(action))?;
        }
        "rectifying" => {
            if play.is_diligent(no) {
                play.does(no, seen, Who::Owner, &words("rectify"))?;
            } else {
                return Ok(Some(play.chance.between(10, 40)));
            }
        }
        "retesting" => {
            let action = if play.chance.percent(80) { "pass" } else { "fail" };
            play.does(no, seen, Who::Operator(0), &words(action))?;
        }
        "overdue" => decide(play, no, seen)?,
        "deciding" => {
            let action = if play.chance.percent(85) { "agree" } else { "disagree" };
            play.does(no, seen, Who::Ministry(0), &words(action))?;
        }
        "exiting" => {
            let unit = play.cases[no].unit;
            if play.chance.percent(50) {
                super::exit::force(play, unit, "reputation", None)?;
            } else {
                decide(play, no, seen)?;
            }
            return Ok(Some(20));
        }
        "observing" => {
            if play.chance.percent(3) {
                play.does(no, seen, Who::Operator(0), &json!({"action": "close"}))?;
            }
            return Ok(Some(play.chance.between(20, 60)));
        }
        "terminated" => {
            play.does(no, seen, Who::Operator(0), &json!({"action": "close"}))?;
            return Ok(Some(30));
        }
        _ => {}
    }
    Ok(Some(play.chance.between(1, 6)))
}

fn contained(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    if play.chance.percent(6) {
        play.does(no, seen, Who::Operator(0), &words("propose_dismissal"))?;
        return Ok(());
    }
    if play.chance.percent(6) {
        let withheld = json!({"action": "contain", "withheld": "new_holders", "words": "缩小范围"});
        let brought = Brought { withheld: Some(Withheld::NewHolders), ..Brought::default() };
        play.act(no, seen, Who::Operator(0), &withheld, brought)?;
        return Ok(());
    }
    let found = match seen.body["notice"].as_str() {
        Some(_) => seen.body["suspected"].as_str().unwrap_or("functional_upgrade_missed").to_owned(),
        None => cause(play).to_owned(),
    };
    let mut proposed = json!({"action": "propose", "cause": found, "words": "已核实"});
    let mut brought = Brought { cause: Some(found.clone()), ..Brought::default() };
    if ["interface", "identity", "credentials"].iter().any(|start| found.starts_with(start))
        && found != "interface_overstepped"
        && play.chance.percent(90)
    {
        let number = play.chance.percent(15).then(|| play.units[0].number.clone());
        let number = number.filter(|number| !number.is_empty());
        proposed["recipient"] = json!({"name": "示例第三方", "number": number});
    }
    if play.chance.percent(15) {
        proposed["withheld"] = json!({"services": ["query.card"]});
        brought.withheld = Some(Withheld::Services(vec!["query.card".into()]));
    }
    play.act(no, seen, Who::Operator(0), &proposed, brought).map(drop)
}

fn decide(play: &mut Play, no: usize, seen: &Seen) -> Result<(), Failure> {
    let decision = *play.chance.one_of(&["renew", "renew", "raise", "force_exit"]);
    let proposed = json!({"action": "propose_decision", "decision": decision, "words": "逾期未达标"});
    let brought = Brought { decision: Some(decision.to_owned()), ..Brought::default() };
    play.act(no, seen, Who::Operator(0), &proposed, brought).map(drop)
}
