//! Counters per day, channel and division (CH-22, CH-23): what one write transaction adds, and how additions
//! fold.
//!
//! **Invariants.** Every transaction stores one [`Delta`] beside its effects, so that counters and rows
//! cannot differ; folding deltas in any order and grouping gives the same counters. Distinct users are not a
//! sum: a month's are counted from the uses of the month, so [`Kind::ActiveUser`] is left out of every
//! roll-up. They are counted anew for each area a division lies in: an area's figure is no sum either.
//!
//! Not here: who may see a counter, and the counting of distinct users.

pub mod coverage;
pub mod usage;

use crate::division::DivisionCode;
use crate::id::ChannelId;
use crate::name::names;
use crate::refusal::refusals;
use crate::service::ServiceCode;
use crate::time::{BusinessDate, Month};
use std::collections::BTreeMap;

refusals! {
    /// Why a delta is not accepted.
    Refusal {
        /// Not the one encoding of any delta.
        Malformed = "statistic.malformed" "统计增量格式不正确" "malformed statistic delta";
        /// A counter would pass its range.
        Overflow = "statistic.overflow" "统计值超出范围" "a counter would overflow";
        /// A figure that cannot be rehearsed.
        Figure { most: i64 } = "statistic.figure" "须为0至{most}" "a figure is between 0 and {most}";
        /// Parts of more than the whole.
        Parts { uses: i64 } = "statistic.parts" "各应用使用量之和不得超过使用量{uses}" "the applications together have at most the {uses} uses";
        /// Its users are counted, or it has not begun.
        Month { month: Month } = "statistic.month" "演练数据须属于当前月份{month}"
            "what is rehearsed belongs to the month that runs, {month}";
    }
}

names! {
    /// What is counted. A kind's place here is its number in a delta and never changes.
    Kind {
        /// 签发量: persons whose e-card was activated in the channel for the first time (R26).
        Issuance = "issuance",
        /// Uses of a code that were answered.
        Use = "use",
        /// Distinct persons who used the channel on the day; written at the day's close.
        ActiveUser = "active_user",
        /// Payments posted.
        PaymentCount = "payment_count",
        /// Their sum in fen.
        PaymentFen = "payment_fen",
        /// Refunds posted.
        RefundCount = "refund_count",
        /// Their sum in fen.
        RefundFen = "refund_fen",
        /// Uses refused because of the code: malformed, forged, early or expired.
        RefusalCode = "refusal_code",
        /// Uses refused because the code was spent.
        RefusalReplay = "refusal_replay",
        /// Uses refused because of the card's or e-card's state.
        RefusalCard = "refusal_card",
        /// Uses the person has not authorized.
        RefusalPerson = "refusal_person",
        /// Uses the department has not opened.
        RefusalDepartment = "refusal_department",
        /// Uses outside the channel's scope or state.
        RefusalChannel = "refusal_channel",
        /// Payments refused or failed.
        RefusalPayment = "refusal_payment",
        /// Distinct persons who used the channel in the month; written on its first day at the month's close.
        ActiveUserMonth = "active_user_month",
        /// The same of a same-entity group as one, a person counted once (CH-23.0b, R3); under its level-1 channel.
        ActiveUserGroupMonth = "active_user_group_month",
        /// Distinct persons of a month that were rehearsed; counted with the others at the month's close.
        ActiveUserRehearsed = "active_user_rehearsed",
    }
}

impl Kind {
    /// Whether a month's figure is the sum of its days'.
    pub const fn is_additive(self) -> bool {
        !matches!(
            self,
            Self::ActiveUser | Self::ActiveUserMonth | Self::ActiveUserGroupMonth | Self::ActiveUserRehearsed
        )
    }
}

/// Which counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The day in Beijing.
    pub day: BusinessDate,
    /// The channel.
    pub channel: ChannelId,
    /// Where the use took place.
    pub division: DivisionCode,
    /// What.
    pub kind: Kind,
}

/// What is added to counters. Invariant: no addition is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta(BTreeMap<Key, i64>);

/// Figures of a month that no use has brought about, for a sandbox in which the rules of CH-23 are tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rehearsal {
    /// The month.
    pub month: Month,
    /// The channel.
    pub channel: ChannelId,
    /// Where.
    pub division: DivisionCode,
    /// 签发量 of the month.
    pub issued: i64,
    /// Uses that were answered.
    pub uses: i64,
    /// Distinct persons; nobody of them is any other channel's, or of another division.
    pub active_users: i64,
    /// How many of the uses fall to which application.
    pub services: Vec<(ServiceCode, i64)>,
}

impl Rehearsal {
    /// No figure is larger.
    pub const MOST: i64 = 1_000_000_000;

    /// Refuses: a figure out of range.
    pub const fn figure(value: i64) -> Result<i64, Refusal> {
        if value < 0 || value > Self::MOST { Err(Refusal::Figure { most: Self::MOST }) } else { Ok(value) }
    }

    /// Refuses: applications that were used more often than was used at all.
    pub fn parts(uses: i64, services: &[(ServiceCode, i64)]) -> Result<(), Refusal> {
        let together = services.iter().fold(0, |sum: i64, (_, uses)| sum.saturating_add(*uses));
        if together > uses { Err(Refusal::Parts { uses }) } else { Ok(()) }
    }

    /// What it adds to counters when `today` is: the sums evenly to the days that have begun, the persons to the first.
    /// Refuses: a month that is not the one that runs.
    pub fn additions(&self, today: BusinessDate) -> Result<Vec<(Key, i64)>, Refusal> {
        let month = today.month();
        if self.month != month {
            return Err(Refusal::Month { month });
        }
        let first = month.first_day();
        let days = today.days_since(first) + 1;
        let key = |day, kind| Key { day, channel: self.channel, division: self.division, kind };
        let mut additions = vec![(key(first, Kind::ActiveUserRehearsed), self.active_users)];
        for (kind, sum) in [(Kind::Issuance, self.issued), (Kind::Use, self.uses)] {
            additions.extend((0..days).map(|day| (key(first.plus_days(day), kind), share(sum, day, days))));
        }
        additions.retain(|(_, by)| *by > 0);
        Ok(additions)
    }
}

/// What falls to one of several places, counted from 0, when a sum is spread evenly: together they are the sum. Nothing
/// falls to one of no places.
pub fn share(sum: i64, place: i32, places: i32) -> i64 {
    let upto = |place: i32| (sum * i64::from(place)).checked_div(i64::from(places)).unwrap_or_default();
    upto(place + 1) - upto(place)
}

const FORMAT: u8 = 1;

impl Delta {
    /// Adds `by` to one counter. Refuses: overflow.
    pub fn add(&mut self, key: Key, by: i64) -> Result<(), Refusal> {
        let sum = self.get(&key).checked_add(by).ok_or(Refusal::Overflow)?;
        if sum == 0 {
            self.0.remove(&key);
        } else {
            self.0.insert(key, sum);
        }
        Ok(())
    }

    /// Adds all of `other`. Refuses: overflow; then some of it may have been added.
    pub fn merge(&mut self, other: &Self) -> Result<(), Refusal> {
        other.0.iter().try_for_each(|(key, by)| self.add(*key, *by))
    }

    /// What is added to one counter.
    pub fn get(&self, key: &Key) -> i64 {
        self.0.get(key).copied().unwrap_or_default()
    }

    /// Every addition, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, i64)> {
        self.0.iter().map(|(key, by)| (key, *by))
    }

    /// Whether nothing is added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Its bytes: one group for each day, channel and division (4 + 16 + 3 bytes and a count), in it one byte
    /// and a zigzag varint for each counter. A batch of one channel takes about 30 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORMAT];
        let entries: Vec<_> = self.0.iter().collect();
        for group in entries.chunk_by(|left, right| place(left.0) == place(right.0)) {
            let (day, channel, division) = place(group[0].0);
            out.extend(day.as_days().to_be_bytes());
            out.extend(channel.as_bytes());
            out.extend(&division.get().to_be_bytes()[1..]);
            out.push(u8::try_from(group.len()).unwrap_or(u8::MAX));
            for (key, by) in group {
                out.push(number(key.kind));
                push_varint(&mut out, **by);
            }
        }
        out
    }

    /// Reads a delta and accepts only bytes that [`Delta::encode`] makes. Refuses: malformed.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut rest = bytes.strip_prefix(&[FORMAT]).ok_or(Refusal::Malformed)?;
        let mut delta = Self::default();
        while !rest.is_empty() {
            rest = delta.decode_group(rest).ok_or(Refusal::Malformed)?;
        }
        // Order, minimal varints and distinct groups all follow from this one comparison.
        if delta.encode() == bytes { Ok(delta) } else { Err(Refusal::Malformed) }
    }

    fn decode_group<'a>(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let (day, rest) = bytes.split_first_chunk()?;
        let (channel, rest) = rest.split_first_chunk()?;
        let ([high, middle, low, count], mut rest) = rest.split_first_chunk()?;
        let day = BusinessDate::from_days(i32::from_be_bytes(*day));
        let channel = ChannelId::from_bytes(*channel);
        let division = DivisionCode::new(u32::from_be_bytes([0, *high, *middle, *low])).ok()?;
        for _ in 0..*count {
            let (kind, tail) = rest.split_first()?;
            let (by, tail) = take_varint(tail)?;
            let key = Key { day, channel, division, kind: *Kind::ALL.get(usize::from(*kind))? };
            self.0.insert(key, by);
            rest = tail;
        }
        Some(rest)
    }

    /// The sums of each natural month (R0), without what is not additive. Refuses: overflow.
    pub fn by_month(&self) -> Result<BTreeMap<(Month, ChannelId, Kind), i64>, Refusal> {
        self.roll_up(BusinessDate::month)
    }

    /// The sums of each natural quarter, without what is not additive. Refuses: overflow.
    pub fn by_quarter(&self) -> Result<BTreeMap<(Quarter, ChannelId, Kind), i64>, Refusal> {
        self.roll_up(|day| Quarter::of(day.month()))
    }

    fn roll_up<P: Ord>(
        &self,
        period: impl Fn(BusinessDate) -> P,
    ) -> Result<BTreeMap<(P, ChannelId, Kind), i64>, Refusal> {
        let mut sums = BTreeMap::new();
        for (key, by) in self.iter().filter(|(key, _)| key.kind.is_additive()) {
            let sum: &mut i64 = sums.entry((period(key.day), key.channel, key.kind)).or_default();
            *sum = sum.checked_add(by).ok_or(Refusal::Overflow)?;
        }
        Ok(sums)
    }
}

/// A natural quarter, counted from the first of 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Quarter(i32);

impl Quarter {
    /// The quarter `month` lies in.
    pub const fn of(month: Month) -> Self {
        Self(month.as_number().div_euclid(3))
    }

    /// Its months.
    pub fn months(self) -> [Month; 3] {
        [0, 1, 2].map(|place| Month::from_number(self.0.saturating_mul(3).saturating_add(place)))
    }

    /// The quarter before it.
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

/// A quarter's monthly active users: the mean of its three months' (R5), rounded down, so that rounding alone
/// never reaches a threshold.
pub fn quarter_active_users(months: [u64; 3]) -> u64 {
    let sum: u128 = months.into_iter().map(u128::from).sum();
    u64::try_from(sum / 3).unwrap_or(u64::MAX)
}

fn place(key: &Key) -> (BusinessDate, ChannelId, DivisionCode) {
    (key.day, key.channel, key.division)
}

fn number(kind: Kind) -> u8 {
    Kind::ALL.iter().position(|other| *other == kind).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

/// Seven bits a byte, lowest first; the sign in the lowest bit, so that small negatives stay short.
fn push_varint(out: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while rest >= 0x80 {
        out.push(0x80 | (rest & 0x7F).to_le_bytes()[0]);
        rest >>= 7;
    }
    out.push(rest.to_le_bytes()[0]);
}

fn take_varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut value: u64 = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            let signed = (value >> 1).cast_signed() ^ -(value & 1).cast_signed();
            return Some((signed, &bytes[at + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(day: i32, channel: u8, division: u32, kind: Kind) -> Key {
        Key {
            day: BusinessDate::from_days(day),
            channel: ChannelId::from_bytes([channel; 16]),
            division: DivisionCode::new(division).unwrap(),
            kind,
        }
    }

    #[test]
    fn rehearsed_figures_are_spread_over_the_days_that_have_begun_and_lose_nothing() {
        let rehearsal = Rehearsal {
            month: "2028-02".parse().unwrap(),
            channel: ChannelId::from_bytes([7; 16]),
            division: DivisionCode::new(330_106).unwrap(),
            issued: 100,
            uses: 3,
            active_users: 40,
            services: Vec::new(),
        };
        for (today, days) in [("2028-02-01", 1), ("2028-02-10", 10), ("2028-02-29", 29)] {
            let today: BusinessDate = today.parse().unwrap();
            let additions = rehearsal.additions(today).unwrap();
            let of = |kind| additions.iter().filter(move |(key, _)| key.kind == kind);
            assert_eq!(of(Kind::Issuance).map(|(_, by)| by).sum::<i64>(), 100);
            assert_eq!(of(Kind::Issuance).count(), days);
            assert_eq!(of(Kind::Use).map(|(_, by)| by).sum::<i64>(), 3);
            assert!(additions.iter().all(|(key, _)| key.day <= today && key.day.month() == rehearsal.month));
            let users: Vec<_> = of(Kind::ActiveUserRehearsed).collect();
            assert_eq!((users.len(), users[0].1, users[0].0.day), (1, 40, rehearsal.month.first_day()));
        }
        for today in ["2028-01-31", "2028-03-01"] {
            let today: BusinessDate = today.parse().unwrap();
            assert_eq!(rehearsal.additions(today), Err(Refusal::Month { month: today.month() }));
        }
        for (value, outcome) in
            [(-1, false), (0, true), (Rehearsal::MOST, true), (Rehearsal::MOST + 1, false)]
        {
            assert_eq!(Rehearsal::figure(value).is_ok(), outcome, "{value}");
        }
    }

    #[test]
    fn the_applications_of_a_rehearsal_have_no_more_than_all_its_uses() {
        let parts = |one, other| {
            let code = |text: &str| text.parse::<ServiceCode>().unwrap();
            Rehearsal::parts(100, &[(code("query.card"), one), (code("pay.code"), other)])
        };
        for (one, other, outcome) in [
            (40, 60, Ok(())),
            (40, 61, Err(Refusal::Parts { uses: 100 })),
            (i64::MAX, 1, Err(Refusal::Parts { uses: 100 })),
        ] {
            assert_eq!(parts(one, other), outcome, "{one} {other}");
        }
    }

    fn delta() -> impl Strategy<Value = Delta> {
        let entry = (0..400_i32, 0..4_u8, 0..3_usize, 0..Kind::ALL.len(), any::<i32>());
        proptest::collection::vec(entry, 0..40).prop_map(|entries| {
            let mut delta = Delta::default();
            for (day, channel, division, kind, by) in entries {
                let division = [110_000, 440_300, 650_000][division];
                delta.add(key(day, channel, division, Kind::ALL[kind]), i64::from(by)).unwrap();
            }
            delta
        })
    }

    fn merged(parts: &[&Delta]) -> Delta {
        let mut whole = Delta::default();
        parts.iter().for_each(|part| whole.merge(part).unwrap());
        whole
    }

    #[test]
    fn a_batch_of_one_channel_is_short() {
        let mut delta = Delta::default();
        delta.add(key(20_000, 1, 440_300, Kind::Use), 63).unwrap();
        delta.add(key(20_000, 1, 440_300, Kind::RefusalReplay), 1).unwrap();
        assert_eq!(delta.encode().len(), 1 + 24 + 2 * 2);
        assert_eq!(Delta::default().encode(), [FORMAT]);
    }

    #[test]
    fn an_addition_that_cancels_out_leaves_nothing() {
        let mut delta = Delta::default();
        delta.add(key(1, 1, 110_000, Kind::Use), 5).unwrap();
        delta.add(key(1, 1, 110_000, Kind::Use), -5).unwrap();
        assert!(delta.is_empty());
    }

    #[test]
    fn a_counter_never_wraps() {
        let mut delta = Delta::default();
        let key = key(1, 1, 110_000, Kind::PaymentFen);
        delta.add(key, i64::MAX).unwrap();
        assert_eq!(delta.add(key, 1), Err(Refusal::Overflow));
        assert_eq!(Delta::decode(&delta.encode()), Ok(delta));
    }

    #[test]
    fn months_and_quarters_sum_days_but_not_distinct_users() {
        let day = |month, day| BusinessDate::from_civil(2026, month, day).unwrap().as_days();
        let mut delta = Delta::default();
        for (month, date, kind, by) in [
            (1, 1, Kind::Use, 1),
            (1, 31, Kind::Use, 2),
            (2, 1, Kind::Use, 4),
            (3, 31, Kind::Use, 8),
            (4, 1, Kind::Use, 16),
            (1, 1, Kind::ActiveUser, 32),
        ] {
            delta.add(key(day(month, date), 1, 110_000, kind), by).unwrap();
        }
        let months: Vec<_> = delta.by_month().unwrap().into_values().collect();
        assert_eq!(months, [3, 4, 8, 16]);
        let quarters = delta.by_quarter().unwrap();
        assert_eq!(quarters.values().copied().collect::<Vec<_>>(), [15, 16]);
        let first = quarters.into_keys().next().unwrap().0;
        assert_eq!(first.months().map(|month| month.to_string()), ["2026-01", "2026-02", "2026-03"]);
        assert_eq!(first.previous().months()[2].to_string(), "2025-12");
    }

    #[test]
    fn the_mean_of_a_quarter_is_not_rounded_up() {
        assert_eq!(quarter_active_users([2, 3, 3]), 2);
        assert_eq!(quarter_active_users([u64::MAX; 3]), u64::MAX);
    }

    proptest! {
        #[test]
        fn a_delta_reads_back(delta in delta()) {
            prop_assert_eq!(Delta::decode(&delta.encode()), Ok(delta));
        }

        #[test]
        fn other_bytes_are_refused_or_are_another_delta(delta in delta(), at: prop::sample::Index, with: u8) {
            let mut bytes = delta.encode();
            let at = at.index(bytes.len());
            bytes[at] = with;
            if let Ok(other) = Delta::decode(&bytes) {
                prop_assert_eq!(other.encode(), bytes);
            }
        }

        #[test]
        fn decoding_never_panics(bytes: Vec<u8>) {
            let _ = Delta::decode(&[&[FORMAT], bytes.as_slice()].concat());
        }

        #[test]
        fn folding_does_not_depend_on_order_or_grouping(a in delta(), b in delta(), c in delta()) {
            let left = merged(&[&merged(&[&a, &b]), &c]);
            prop_assert_eq!(&left, &merged(&[&c, &b, &a]));
            prop_assert_eq!(&left, &merged(&[&a, &merged(&[&b, &c])]));
        }
    }
}
