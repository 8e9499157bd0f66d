//! Folding counters, counting distinct users at the close of a day, and reading both.
//!
//! Invariant: what is read is what was committed: folded counters and additions that are not folded yet, of one
//! moment. Days are business days; distinct users are counted by the real time of use, so that in a sandbox whose
//! clock was moved they lie on the real day.

use crate::auth::{self, Caller, Staff, authorize};
use crate::{Error, World};
use domain::division::DivisionCode;
use domain::id::{ChannelId, OrgId};
use domain::org::Operation;
use domain::statistic::{Delta, Key, Kind};
use domain::time::{BusinessDate, Month};
use std::collections::{BTreeMap, BTreeSet};
use store::statistic::{CounterRow, UsersRow};
use store::{ReadTx, StoreError, WriteTx};

/// Additions that one transaction folds.
const FOLD: i64 = 500;
/// Days closed together, at most.
const CLOSE: i64 = 31;
/// How long after its end a day is closed, seconds: a use under way is stored by then.
pub const CLOSE_AFTER_SECONDS: i64 = 300;
/// What the code of a division is divided by to name the area it lies in: itself, prefecture, province, nation.
pub(super) const UNITS: [i64; 4] = [1, 100, 10_000, 1_000_000];

/// Folds what transactions have added, each addition exactly once, whichever process does it.
///
/// # Errors
/// The store's; internal for an addition that cannot be read.
pub async fn fold(world: &World) -> Result<(), Error> {
    while world.db().read(store::statistic::has_deltas).await? {
        let folded = world
            .db()
            .write(|tx| {
                tx.unaudited("counters move from one table to the other");
                fold_some(tx)
            })
            .await?;
        if folded < FOLD {
            break;
        }
    }
    Ok(())
}

fn fold_some(tx: &mut WriteTx<'_>) -> Result<i64, Error> {
    let rows = store::statistic::lock_deltas(tx, FOLD)?;
    let mut whole = Delta::default();
    for row in &rows {
        whole.merge(&Delta::decode(&row.delta)?)?;
    }
    if store::statistic::delete_deltas(tx, &rows)? != rows.len() as u64 {
        return Err(Error::internal("an addition was folded by two"));
    }
    for (key, value) in whole.iter() {
        store::statistic::add(tx, &counter(key, value))?;
    }
    Ok(i64::try_from(rows.len()).unwrap_or(FOLD))
}

pub(super) fn counter(key: &Key, value: i64) -> CounterRow {
    CounterRow {
        day: i64::from(key.day.as_days()),
        channel_id: *key.channel.as_bytes(),
        division: key.division.to_string(),
        kind: key.kind.as_str().to_owned(),
        value,
    }
}

/// Counts the distinct users of every day that is over, and of every month with its last day.
///
/// # Errors
/// The store's.
pub async fn close_days(world: &World) -> Result<(), Error> {
    let over = world.now().plus_seconds(-CLOSE_AFTER_SECONDS).business_date().plus_days(-1);
    while let Some(closing) = world.db().read(move |tx| close_next(tx, over)).await? {
        world
            .db()
            .write(move |tx| {
                tx.unaudited("figures counted from rows that stay");
                // Another process may have closed the days in the meantime.
                if store::statistic::lock_closed_day(tx)? == closing.after {
                    for row in &closing.rows {
                        store::statistic::put(tx, row)?;
                    }
                    store::statistic::set_closed_day(tx, closing.upto)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    Ok(())
}

/// Some days that are closed together.
struct Closing {
    /// The last closed day before.
    after: i64,
    /// The last closed day then.
    upto: i64,
    /// What was counted.
    rows: Vec<CounterRow>,
}

/// The next days to close, none when all that are over are closed. A new database begins with the first day that is
/// over: nothing happened before.
fn close_next(tx: &mut ReadTx<'_>, over: BusinessDate) -> Result<Option<Closing>, Error> {
    let (after, over) = (store::statistic::closed_day(tx)?, i64::from(over.as_days()));
    if after == 0 {
        return Ok(Some(Closing { after, upto: over, rows: Vec::new() }));
    }
    let upto = over.min(after + CLOSE);
    let mut rows = Vec::new();
    for number in after + 1..=upto {
        let day = day(number);
        rows.extend(users(tx, day, day, Kind::ActiveUser)?);
        if day == day.month().last_day() {
            rows.extend(month_users(tx, day.month().first_day(), day)?);
        }
    }
    Ok((upto > after).then_some(Closing { after, upto, rows }))
}

fn month_users(
    tx: &mut ReadTx<'_>,
    first: BusinessDate,
    last: BusinessDate,
) -> Result<Vec<CounterRow>, Error> {
    let mut rows = users(tx, first, last, Kind::ActiveUserMonth)?;
    for found in store::statistic::count_group_users(tx, span(first, last))? {
        rows.push(users_row(&found, UNITS[3], first, Kind::ActiveUserGroupMonth));
    }
    super::rehearsal::count(tx, first, &mut rows)?;
    Ok(rows)
}

pub(super) fn day(days: i64) -> BusinessDate {
    BusinessDate::from_days(i32::try_from(days).unwrap_or(i32::MAX))
}

/// Distinct users from `first` to `last` in every area, as counters of `first`.
fn users(
    tx: &mut ReadTx<'_>,
    first: BusinessDate,
    last: BusinessDate,
    kind: Kind,
) -> Result<Vec<CounterRow>, Error> {
    let mut rows = BTreeMap::new();
    for unit in UNITS {
        // A coarser area has the same code as the division that stands for it, and includes it.
        for found in store::statistic::count_users(tx, span(first, last), unit)? {
            let row = users_row(&found, unit, first, kind);
            rows.insert((row.channel_id, row.division.clone()), row);
        }
    }
    Ok(rows.into_values().collect())
}

pub(super) fn span(first: BusinessDate, last: BusinessDate) -> (i64, i64) {
    (first.start().as_micros(), last.end().as_micros())
}

pub(super) fn users_row(found: &UsersRow, unit: i64, day: BusinessDate, kind: Kind) -> CounterRow {
    CounterRow {
        day: i64::from(day.as_days()),
        channel_id: found.channel_id,
        division: format!("{:06}", found.area * unit),
        kind: kind.as_str().to_owned(),
        value: found.users,
    }
}

/// By what a report sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Business days.
    Day,
    /// Natural months.
    Month,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// First day; the whole month when grouped by month.
    pub from: BusinessDate,
    /// Last day, included.
    pub to: BusinessDate,
    /// By day or month.
    pub group: Group,
    /// Of this channel alone.
    pub channel: Option<ChannelId>,
}

impl Question {
    fn period(&self, day: BusinessDate) -> BusinessDate {
        match self.group {
            Group::Day => day,
            Group::Month => day.month().first_day(),
        }
    }

    /// The text of the period that begins on `first`.
    #[must_use]
    pub fn text(&self, first: BusinessDate) -> String {
        match self.group {
            Group::Day => first.to_string(),
            Group::Month => first.month().to_string(),
        }
    }

    fn whole(self) -> Self {
        let (from, to) = match self.group {
            Group::Day => (self.from, self.to),
            Group::Month => (self.from.month().first_day(), self.to.month().last_day()),
        };
        Self { from, to, ..self }
    }
}

/// What somebody may see.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    pub(super) division: DivisionCode,
    pub(super) channel: Option<ChannelId>,
    pub(super) owner: Option<OrgId>,
}

impl Sight {
    /// What a member of staff may see: the own division and below; staff of a channel's owner see their own channels
    /// and those of level 2 below them, wherever they are used (CH-22.1, CH-11.4d).
    pub(super) fn of(staff: &Staff) -> Result<Self, Error> {
        Ok(match staff.sight() {
            auth::Sight::Own(org) => {
                Self { division: DivisionCode::new(0)?, channel: None, owner: Some(org) }
            }
            auth::Sight::Area(division) => Self { division, channel: None, owner: None },
        })
    }

    /// Those of some channels that are in sight.
    pub(super) fn among(
        &self,
        tx: &mut ReadTx<'_>,
        channels: BTreeSet<ChannelId>,
    ) -> Result<BTreeSet<ChannelId>, Error> {
        let mut seen = BTreeSet::new();
        for channel in channels {
            let is_chosen = self.channel.is_none_or(|only| only == channel);
            if is_chosen && self.owns(tx, channel)? {
                seen.insert(channel);
            }
        }
        Ok(seen)
    }

    fn owns(&self, tx: &mut ReadTx<'_>, channel: ChannelId) -> Result<bool, Error> {
        let Some(owner) = self.owner else { return Ok(true) };
        let Some(row) = store::channel::find(tx, channel.as_bytes())? else { return Ok(false) };
        crate::channel::service::sees(tx, auth::Sight::Own(owner), &row)
    }

    /// The divisions in sight, as a range of their codes: trailing zeros stand for everything below.
    pub(super) fn codes(&self) -> (String, String) {
        let (code, unit) = (i64::from(self.division.get()), self.unit());
        (format!("{code:06}"), format!("{:06}", (code / unit + 1) * unit - 1))
    }

    /// By which unit the code of a division is divided to tell whether it is in sight.
    pub(super) fn unit(&self) -> i64 {
        let code = i64::from(self.division.get());
        UNITS.into_iter().rev().find(|unit| code % unit == 0).unwrap_or(1)
    }
}

/// The figures of one channel in one period.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// 签发量 in the period.
    pub issued: i64,
    /// 累计签发量 at its end.
    pub issued_total: i64,
    /// Distinct users.
    pub active_users: i64,
    /// Uses answered.
    pub uses: i64,
    /// Payments posted.
    pub payments: i64,
    /// Their sum.
    pub paid_fen: i64,
    /// Refunds posted.
    pub refunds: i64,
    /// Their sum.
    pub refunded_fen: i64,
    /// Uses and payments refused, by reason.
    pub refusals: Refusals,
}

/// Uses and payments refused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Refusals {
    /// Because of the code.
    pub code: i64,
    /// The code was spent.
    pub replay: i64,
    /// The card or the e-card.
    pub card: i64,
    /// The person has not authorized it.
    pub person: i64,
    /// The department has not opened it.
    pub department: i64,
    /// Outside the channel's scope or state.
    pub channel: i64,
    /// Payments.
    pub payment: i64,
}

impl Refusals {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> i64 {
        let Self { code, replay, card, person, department, channel, payment } = *self;
        [code, replay, card, person, department, channel, payment].into_iter().fold(0, i64::saturating_add)
    }

    fn merge(&mut self, other: Self) {
        self.code += other.code;
        self.replay += other.replay;
        self.card += other.card;
        self.person += other.person;
        self.department += other.department;
        self.channel += other.channel;
        self.payment += other.payment;
    }
}

impl Figures {
    /// Adds those of another channel, save what is cumulative.
    pub(super) fn merge(&mut self, other: &Self) {
        self.issued += other.issued;
        self.active_users += other.active_users;
        self.uses += other.uses;
        self.payments += other.payments;
        self.paid_fen += other.paid_fen;
        self.refunds += other.refunds;
        self.refunded_fen += other.refunded_fen;
        self.refusals.merge(other.refusals);
    }

    pub(super) fn add(&mut self, kind: Kind, value: i64) {
        let figure = match kind {
            Kind::Issuance => &mut self.issued,
            Kind::Use => &mut self.uses,
            Kind::ActiveUser
            | Kind::ActiveUserMonth
            | Kind::ActiveUserGroupMonth
            | Kind::ActiveUserRehearsed => return,
            Kind::PaymentCount => &mut self.payments,
            Kind::PaymentFen => &mut self.paid_fen,
            Kind::RefundCount => &mut self.refunds,
            Kind::RefundFen => &mut self.refunded_fen,
            Kind::RefusalCode => &mut self.refusals.code,
            Kind::RefusalReplay => &mut self.refusals.replay,
            Kind::RefusalCard => &mut self.refusals.card,
            Kind::RefusalPerson => &mut self.refusals.person,
            Kind::RefusalDepartment => &mut self.refusals.department,
            Kind::RefusalChannel => &mut self.refusals.channel,
            Kind::RefusalPayment => &mut self.refusals.payment,
        };
        *figure = figure.saturating_add(value);
    }
}

/// The figures of each period, of all channels together: a person counts once in each channel, and no cumulative figure is
/// told, since a channel without a figure in the period has one too.
#[must_use]
pub fn together(figured: &Figured) -> BTreeMap<BusinessDate, Figures> {
    let mut periods: BTreeMap<BusinessDate, Figures> = BTreeMap::new();
    for ((period, _), figures) in figured {
        periods.entry(*period).or_default().merge(figures);
    }
    periods
}

/// A period, by its first day, and a channel.
pub type Place = (BusinessDate, ChannelId);
/// The figures of each place.
pub type Figured = BTreeMap<Place, Figures>;

/// The figures a member of staff may see (CH-22.1).
///
/// # Errors
/// `staff.role`; the store's.
pub async fn for_staff(world: &World, staff: &Staff, question: Question) -> Result<Figured, Error> {
    authorize(staff, Operation::StatisticRead, staff.division)?;
    let sight = Sight { channel: question.channel, ..Sight::of(staff)? };
    world.db().read(move |tx| report(tx, question.whole(), sight)).await
}

/// The figures of the calling channel (CH-22.1).
///
/// # Errors
/// `caller.forbidden` for a terminal; as [`Caller::read`].
pub async fn for_channel(world: &World, caller: Caller, question: Question) -> Result<Figured, Error> {
    let sight = Sight { division: DivisionCode::new(0)?, channel: Some(caller.channel()?), owner: None };
    let asks_of_another = question.channel.is_some_and(|asked| sight.channel != Some(asked));
    caller
        .read(world, move |tx| match asks_of_another {
            true => Ok(Figured::new()),
            false => report(tx, question.whole(), sight),
        })
        .await
}

/// The sums of one channel over some days in an area; distinct users are those of each day, added up.
///
/// # Errors
/// The store's.
pub fn of_channel(
    tx: &mut ReadTx<'_>,
    channel: ChannelId,
    division: DivisionCode,
    (from, to): (BusinessDate, BusinessDate),
) -> Result<Figures, Error> {
    let question = Question { from, to, group: Group::Day, channel: None };
    let figured = report(tx, question, Sight { division, channel: Some(channel), owner: None })?;
    let mut sums = Figures::default();
    figured.values().for_each(|day| sums.merge(day));
    Ok(sums)
}

fn report(tx: &mut ReadTx<'_>, question: Question, sight: Sight) -> Result<Figured, Error> {
    let mut figured = Figured::new();
    let mut before: BTreeMap<ChannelId, i64> = BTreeMap::new();
    let (low, high) = sight.codes();
    let codes = (low.as_str(), high.as_str());
    let days = (i64::from(question.from.as_days()), i64::from(question.to.as_days()));
    for row in counted(tx, question, codes)? {
        let kind = row.kind.parse().map_err(|_| Error::internal("a stored kind of counter is unknown"))?;
        let place = (question.period(day(row.day)), ChannelId::from_bytes(row.channel_id));
        figured.entry(place).or_default().add(kind, row.value);
    }
    for (channel, value) in store::statistic::sum_before(tx, days.0, codes, Kind::Issuance.as_str())? {
        before.insert(ChannelId::from_bytes(channel), value);
    }
    for row in store::statistic::list_deltas(tx)? {
        for (key, value) in
            Delta::decode(&row.delta)?.iter().filter(|(key, _)| sight.division.covers(key.division))
        {
            if key.day < question.from && key.kind == Kind::Issuance {
                *before.entry(key.channel).or_default() += value;
            } else if (question.from..=question.to).contains(&key.day) {
                figured.entry((question.period(key.day), key.channel)).or_default().add(key.kind, value);
            }
        }
    }
    for (place, users) in active(tx, question, sight)? {
        figured.entry(place).or_default().active_users = users;
    }
    for ((_, channel), figures) in &mut figured {
        let total = before.entry(*channel).or_default();
        *total += figures.issued;
        figures.issued_total = *total;
    }
    keep_in_sight(tx, figured, sight)
}

/// Counters of the days asked about: of one channel each day by its place in the table, some in one statement.
fn counted(
    tx: &mut ReadTx<'_>,
    question: Question,
    codes: (&str, &str),
) -> Result<Vec<CounterRow>, StoreError> {
    let days = (i64::from(question.from.as_days()), i64::from(question.to.as_days()));
    let Some(channel) = question.channel else { return store::statistic::sum(tx, days, codes) };
    let mut rows = Vec::new();
    for some in (days.0..=days.1).collect::<Vec<_>>().chunks(store::statistic::DAYS) {
        // The last stands for those that are not there.
        let last = some[some.len() - 1];
        let some = std::array::from_fn(|place| some.get(place).copied().unwrap_or(last));
        rows.extend(store::statistic::sum_of_channel(tx, some, channel.as_bytes(), codes)?);
    }
    Ok(rows)
}

/// Distinct users: of closed periods as they were counted then, of open ones as they are now.
fn active(tx: &mut ReadTx<'_>, question: Question, sight: Sight) -> Result<Vec<(Place, i64)>, Error> {
    let (kind, periods) = match question.group {
        Group::Day => {
            let days = question.to.days_since(question.from).max(0);
            let days = (0..=days).map(|n| question.from.plus_days(n));
            (Kind::ActiveUser, days.map(|day| (day, day)).collect::<Vec<_>>())
        }
        Group::Month => {
            let months =
                std::iter::successors(Some(question.from.month()), |month: &Month| Some(month.plus(1)));
            let months = months.map(|month| (month.first_day(), month.last_day()));
            let months = months.take_while(|(first, _)| *first <= question.to);
            (Kind::ActiveUserMonth, months.collect())
        }
    };
    let days = (i64::from(question.from.as_days()), i64::from(question.to.as_days()));
    let division = sight.division.to_string();
    let counted = store::statistic::list(tx, days, &division, kind.as_str())?;
    let mut found: Vec<_> = counted
        .iter()
        .map(|row| ((day(row.day), ChannelId::from_bytes(row.channel_id)), row.value))
        .collect();
    let closed = day(store::statistic::closed_day(tx)?);
    let (area, unit) = (i64::from(sight.division.get()) / sight.unit(), sight.unit());
    for (first, last) in periods.into_iter().filter(|(_, last)| *last > closed) {
        let rows = store::statistic::count_users(tx, span(first, last), unit)?;
        let rows = rows.iter().filter(|row| row.area == area);
        found.extend(rows.map(|row| ((first, ChannelId::from_bytes(row.channel_id)), row.users)));
    }
    Ok(found)
}

fn keep_in_sight(tx: &mut ReadTx<'_>, mut figured: Figured, sight: Sight) -> Result<Figured, Error> {
    let channels = figured.keys().map(|(_, channel)| *channel).collect();
    let seen = sight.among(tx, channels)?;
    figured.retain(|(_, channel), _| seen.contains(channel));
    Ok(figured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_sees_itself_and_what_lies_below() {
        for (code, low, high, unit) in [
            (0, "000000", "999999", 1_000_000),
            (330_000, "330000", "339999", 10_000),
            (330_100, "330100", "330199", 100),
            (330_106, "330106", "330106", 1),
        ] {
            let division = DivisionCode::new(code).unwrap();
            let sight = Sight { division, channel: None, owner: None };
            assert_eq!((sight.codes(), sight.unit()), ((low.to_owned(), high.to_owned()), unit));
        }
    }
}
