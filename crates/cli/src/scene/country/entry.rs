//! How channels of several companies enter: not the sandbox's short way but the whole access, with its four reviewers, a
//! laboratory's report, the films, an agreement and a production key (CH-9), at the pace of each.
//!
//! Invariant: whoever comes does what the application waits for and nothing else, so that one that was sent back goes the way
//! again. One that stays in a state is not visited any more.

use super::admission;
use super::agreements;
use super::applications::{self, Filing};
use super::cast::Cast;
use crate::chance::Chance;
use crate::failure::Failure;
use domain::time::BusinessDate;
use sdk::types::matter::MatterView;
use serde_json::{Value, json};

/// An access from the draft to its end.
pub struct Entry {
    filing: Filing<'static>,
    /// In hundredths of the usual pace.
    pace: i32,
    /// Where it stays.
    until: &'static str,
    /// Who sends it back once.
    returned_by: Option<&'static str>,
    matter: String,
    report: Option<String>,
}

impl Entry {
    /// What will be filed, so slow, and stays in a state.
    pub const fn new(filing: Filing<'static>, pace: i32, until: &'static str) -> Self {
        Self { filing, pace, until, returned_by: None, matter: String::new(), report: None }
    }

    /// Somebody sends it back once.
    pub const fn returned_by(mut self, login: &'static str) -> Self {
        self.returned_by = Some(login);
        self
    }

    /// Somebody comes to it: in how many days somebody comes again.
    ///
    /// # Errors
    /// The step that the platform refuses.
    pub fn turn(
        &mut self,
        cast: &Cast,
        chance: &mut Chance,
        today: BusinessDate,
    ) -> Result<Option<i32>, Failure> {
        if self.matter.is_empty() {
            self.matter = applications::filed(cast.desk(self.filing.company.login), &self.filing, today)?;
        } else {
            let seen = cast.desk("clerk-one").see(&self.matter)?;
            self.visit(cast, &seen, today)?;
        }
        let state = cast.desk("clerk-one").see(&self.matter)?.state;
        if state == self.until {
            return Ok(None);
        }
        let (least, most) = match state.as_str() {
            "ministry_review" => (2, 14),
            "allocation" | "draft" => (1, 4),
            "testing" => (5, 26),
            "preparing" => (3, 12),
            "final_review" => (0, 5),
            _ => (1, 7),
        };
        Ok(Some(chance.between(least, most) * self.pace / 100))
    }

    fn visit(&mut self, cast: &Cast, seen: &MatterView, today: BusinessDate) -> Result<(), Failure> {
        let (clerk, matter) = (cast.desk("clerk-one"), self.matter.clone());
        if let Some(login) = self.returned_by.filter(|login| self.is_turn_of(login, seen)) {
            self.returned_by = None;
            let comments =
                json!([{"pointer": "/forms/channel/business", "words": "请说明与社会保障卡业务的契合之处"}]);
            let brings = json!({"words": "业务说明过于简略，请补充", "comments": comments});
            return cast.desk(login).act(&matter, "return", &brings);
        }
        match seen.state.as_str() {
            "draft" => cast.desk(self.filing.company.login).act(&matter, "file", &Value::Null),
            "local_review" | "first_review" => self.review(cast, seen),
            "ministry_review" => {
                let decision = json!({"regions": [self.filing.place.region], "words": "同意接入"});
                cast.desk("ministry-one").act(&matter, "decide", &decision)
            }
            "allocation" => clerk.say(&matter, "allocate", "已分配渠道编号，请按规范开展测试"),
            "testing" => clerk.say(&matter, "verify", "测试通过"),
            "preparing" => self.prepare(cast, seen, today),
            _ => self.finish(cast, seen, today),
        }
    }

    fn is_turn_of(&self, login: &str, seen: &MatterView) -> bool {
        let state = if login.starts_with("ministry") { "ministry_review" } else { "local_review" };
        seen.state == state
    }

    /// The department whose turn it is agrees.
    fn review(&self, cast: &Cast, seen: &MatterView) -> Result<(), Failure> {
        let place = self.filing.place;
        let is_prefecture = seen.waits.first().is_some_and(|wait| wait.party == "prefecture");
        let (login, phone) = if is_prefecture {
            (place.prefecture, "0571-00000001")
        } else {
            (place.province, "0571-00000002")
        };
        let opinion =
            json!({"region": place.region, "words": "材料齐全，同意", "contact": "信息科", "phone": phone});
        cast.desk(login).act(&self.matter, "approve", &opinion)
    }

    /// A laboratory's report first, then the films and 附表3.
    fn prepare(&mut self, cast: &Cast, seen: &MatterView, today: BusinessDate) -> Result<(), Failure> {
        let owner = cast.desk(self.filing.company.login);
        let channel = seen.channel_id.clone().unwrap_or_default();
        let Some(report) = self.report.take() else {
            let report = owner.open("security_report", &channel, &json!({"occasion": "first"}))?;
            admission::submit(owner, &report, today)?;
            self.report = Some(report);
            return Ok(());
        };
        cast.desk("clerk-two").say(&report, "accept", "四项资质在检测日有效，报告符合要求")?;
        admission::file_formally(owner, seen, today)
    }

    /// Ministry and operator beside each other, the agreement, and the key.
    fn finish(&self, cast: &Cast, seen: &MatterView, today: BusinessDate) -> Result<(), Failure> {
        let (clerk, matter) = (cast.desk("clerk-one"), self.matter.as_str());
        match seen.waits.first().map(|wait| wait.task.as_str()) {
            Some("audit") => cast.desk("ministry-one").say(matter, "audit", "材料齐全，同意正式入网"),
            Some("confirm_recordings") => {
                let confirmed = json!({"words": "两个系统六个环节齐全", "seen": admission::seen()});
                clerk.act(matter, "confirm_recordings", &confirmed)
            }
            Some("confirm_report") => clerk.say(matter, "confirm_report", "检测报告符合要求"),
            Some("offer_agreement") => {
                let channel = seen.channel_id.clone().unwrap_or_default();
                let term = (today, today.plus_months(24));
                let owner = cast.desk(self.filing.company.login);
                let offered = agreements::offer(cast.desk("clerk-two"), &channel, agreements::FIRST, term)?;
                agreements::sign(owner, &offered, &cast.signing_key(owner)?)
            }
            _ => cast.desk("clerk-two").say(matter, "activate", "四方审核通过，协议已签署，开通生产密钥"),
        }
    }
}
