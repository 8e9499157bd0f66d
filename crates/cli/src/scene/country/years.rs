//! Time in the country: whenever it passes, channels enter, are used, and report on their level-2 channels.
//!
//! Invariant: two days of every month count. On the 5th the level-1 channels report the month that has ended, on the
//! 20th channels enter and the month's use is rehearsed; nobody goes past either without what belongs to it, nor past a day for
//! which the agenda has something.

use super::agenda::Agenda;
use super::cast::Cast;
use super::channels::{self, Channels, PLANS};
use super::fortune::{Fortune, STEADY};
use super::holders::Holders;
use crate::failure::{Attempt, Failure};
use domain::division::PROVINCES;
use domain::service::ISSUANCE;
use domain::statistic::share;
use domain::time::{Month, Timestamp};
use sdk::client::Staff;
use sdk::types::channel::ChannelView;
use sdk::types::clock::AdvanceClock;
use sdk::types::statistic::{RehearseStatistics, RehearsedFigures, RehearsedUses};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// When the offices of the country open, in seconds of the day.
pub const MORNING: i64 = 9 * 3600 + 1800;
/// Months before the weeks of business.
pub const HISTORY: i32 = 24;
/// Applications that share the uses of a channel.
const APPLICATIONS: usize = 6;
const REPORTS: i32 = 5;
/// The day of a month on which its use is rehearsed.
pub const FIGURES: i32 = 20;
/// The use of a channel without a plan: the one of the try-it page and those that were admitted.
const USUAL: Fortune = Fortune { base: 2_600, share: 230, turn: STEADY };
/// Which channels have level-2 channels, on which they report.
const REPORTERS: [&str; 7] = ["jiangsu", "guangdong", "lake", "sichuan", "union", "hospital", "life"];

/// The figures of a channel in a month.
#[derive(Debug, Clone, Copy, Default)]
struct Figures {
    issued: i64,
    active: i64,
    uses: i64,
    total: i64,
}

/// The country as time passes.
pub struct Years<'a> {
    pub admin: &'a Staff,
    pub cast: &'a Cast,
    pub channels: Channels,
    holders: Holders,
    agenda: Agenda,
    /// Its first month.
    first: Month,
    /// When it ends; what falls due in the last weeks is left to whoever looks.
    end: Timestamp,
    /// The last figures of each channel.
    figures: BTreeMap<String, Figures>,
}

impl<'a> Years<'a> {
    /// A country that begins now and ends then.
    ///
    /// # Errors
    /// The platform does not tell the time.
    pub fn begin(
        admin: &'a Staff,
        cast: &'a Cast,
        channels: Channels,
        holders: Holders,
        agenda: Agenda,
        end: Timestamp,
    ) -> Result<Self, Failure> {
        let first = now(admin)?.business_date().month();
        Ok(Self { admin, cast, channels, holders, agenda, first, end, figures: BTreeMap::new() })
    }

    /// Lets time pass until `to`; what was due before has its consequences.
    ///
    /// # Errors
    /// The first step that the platform refuses.
    pub fn go(&mut self, to: Timestamp) -> Result<(), Failure> {
        loop {
            let today = now(self.admin)?.business_date();
            let month = today.month();
            let stops = [(month, REPORTS), (month, FIGURES), (month.plus(1), REPORTS)];
            let stops = stops.map(|(month, day)| (month.first_day().plus_days(day - 1), month, day));
            let stop = stops.into_iter().find(|(date, ..)| *date > today);
            let planned = self.agenda.next().map(|date| (date.max(today), month, 0));
            let next = stop.into_iter().chain(planned).min_by_key(|(date, ..)| *date);
            let Some((date, month, day)) = next else { return self.advance(to) };
            let morning = date.start().plus_seconds(MORNING);
            if morning > to {
                return self.advance(to);
            }
            self.advance(morning)?;
            match day {
                REPORTS => self.report(month.plus(-1))?,
                FIGURES => self.live(month)?,
                _ => {}
            }
            self.agenda.go_on(self.cast, &self.channels, &self.holders, date)?;
        }
    }

    /// Lets time pass until the end.
    ///
    /// # Errors
    /// As [`Years::go`].
    pub fn finish(&mut self) -> Result<(), Failure> {
        self.go(self.end)
    }

    fn advance(&self, to: Timestamp) -> Result<(), Failure> {
        let seconds = to.micros_since(now(self.admin)?).div_euclid(1_000_000) + 1;
        if seconds < 1 {
            return Ok(());
        }
        self.admin.advance_clock(&AdvanceClock { seconds }).map(drop).attempt("move the sandbox's clock")
    }

    /// The month's entries and use.
    fn live(&mut self, month: Month) -> Result<(), Failure> {
        let number = month.as_number() - self.first.as_number();
        if number > 0 {
            channels::register(self.admin, number, &[], &mut self.channels)?;
        }
        let mut figures = Vec::new();
        for channel in self.admin.channels() {
            let channel = channel?;
            if channel.state == "live" && matches!(channel.phase.as_str(), "live" | "leaving") {
                self.use_channel(&channel, month, number, &mut figures);
            }
        }
        for part in figures.chunks(500) {
            let request = RehearseStatistics { figures: part.to_vec() };
            self.admin.rehearse_statistics(&request).attempt(format_args!("rehearse the use of {month}"))?;
        }
        self.holders.claim(number)
    }

    fn use_channel(
        &mut self,
        channel: &ChannelView,
        month: Month,
        number: i32,
        to: &mut Vec<RehearsedFigures>,
    ) {
        let plan = PLANS.iter().find(|plan| {
            self.channels.get(plan.key).is_some_and(|known| known.channel_id == channel.channel_id)
        });
        let (fortune, entry) = plan.map_or((USUAL, 0), |plan| (plan.fortune, plan.entry));
        let last = self.figures.entry(channel.channel_id.clone()).or_default();
        let issued = fortune.issued(entry, number);
        let total = last.total + issued;
        let active = fortune.active(number, total);
        *last = Figures { issued, active, uses: active * 3, total };
        let nation: Vec<_> = PROVINCES.iter().map(|province| province.code.to_string()).collect();
        let places =
            if channel.regions.iter().any(|region| region == "000000") { &nation } else { &channel.regions };
        let count = i32::try_from(places.len()).unwrap_or(i32::MAX);
        for (place, division) in (0..).zip(places) {
            to.push(RehearsedFigures {
                channel_id: channel.channel_id.clone(),
                division: division.clone(),
                month: month.to_string(),
                issued: share(last.issued, place, count),
                uses: share(last.uses, place, count),
                active_users: share(last.active, place, count),
                services: by_application(channel, share(last.uses, place, count), number),
            });
        }
    }

    /// The reports on the level-2 channels in the month that has ended, but for the last one.
    fn report(&self, month: Month) -> Result<(), Failure> {
        if month.plus(2).first_day().plus_days(REPORTS - 1).start() > self.end {
            return Ok(());
        }
        for key in REPORTERS {
            let (owner, clerk) = (self.cast.owner(key), self.cast.desk("clerk-one"));
            for filing in owner.staff.matters_of_channel("filing", &self.channels[key].channel_id) {
                let filing = filing?;
                if filing.state != "due" {
                    continue;
                }
                let body = owner.see(&filing.matter_id)?.body.unwrap_or_default();
                let rows: Vec<_> =
                    body["channels"].as_array().into_iter().flatten().map(|one| self.row(one)).collect();
                owner.act(&filing.matter_id, "report", &json!({"rows": rows}))?;
                clerk.act(&filing.matter_id, "accept", &Value::Null)?;
            }
        }
        Ok(())
    }

    /// What is reported on the channel with a number.
    fn row(&self, number: &Value) -> Value {
        let channel = self.channels.values().find(|channel| number.as_str() == Some(&channel.number));
        let figures = channel.and_then(|channel| self.figures.get(&channel.channel_id));
        let figures = figures.copied().unwrap_or_default();
        json!({"channel": number, "issuance": figures.issued, "active": figures.active, "uses": figures.uses})
    }
}

/// How the uses of a channel fall to its applications: the first ones of its list the most, and paying more from month to month.
fn by_application(channel: &ChannelView, uses: i64, month: i32) -> Vec<RehearsedUses> {
    let used: Vec<_> = channel.services.iter().filter(|code| *code != ISSUANCE).take(APPLICATIONS).collect();
    let most = i64::try_from(used.len()).unwrap_or_default();
    let weight = |(place, code): (i64, &&String)| {
        let grown = if code.starts_with("pay.") { i64::from(month) / 6 } else { 0 };
        most - place + grown
    };
    let whole: i64 = (0..).zip(&used).map(weight).sum();
    let part = |at: (i64, &&String)| RehearsedUses {
        service: (*at.1).clone(),
        uses: (uses * weight(at)).checked_div(whole).unwrap_or_default(),
    };
    (0..).zip(&used).map(part).collect()
}

/// The sandbox's business time.
///
/// # Errors
/// The platform does not tell it.
pub fn now(admin: &Staff) -> Result<Timestamp, Failure> {
    admin.whoami()?.now.parse().attempt("read the sandbox's clock")
}
