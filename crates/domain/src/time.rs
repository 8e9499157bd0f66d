//! Instants, business days and natural months.
//!
//! A [`Timestamp`] counts microseconds since 1970-01-01T00:00:00Z; a [`BusinessDate`] is a day in Beijing, whose
//! offset is fixed at +08:00; a [`Month`] is a natural month there. Invariant: nothing here reads a clock, and
//! everything is total: arithmetic at the far ends saturates instead of wrapping.
//!
//! Periods follow reading R0 (Civil Code 200–204, 1259): a period starts the day after the event; a period of
//! months ends on the same day number, or on the month's last day where that number does not exist. Working days
//! are not here: they are a loaded table.

use crate::refusal::refusals;
use std::fmt;
use std::str::FromStr;

const MICROS_PER_SECOND: i64 = 1_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
const MICROS_PER_DAY: i64 = SECONDS_PER_DAY * MICROS_PER_SECOND;
/// Beijing is eight hours ahead of UTC, all year.
const OFFSET_SECONDS: i64 = 8 * 3600;

refusals! {
    /// Why a text is not a time.
    Refusal {
        /// Not RFC 3339 with an offset.
        Timestamp = "time.timestamp" "时间须为带时区偏移的RFC 3339格式"
            "a time must be RFC 3339 with an offset, such as 2026-01-02T15:04:05+08:00";
        /// Not `YYYY-MM-DD`, or not a day of the calendar.
        Date = "time.date" "日期须为YYYY-MM-DD格式的有效日期" "a date must be a real day written YYYY-MM-DD";
        /// Not `YYYY-MM`.
        Month = "time.month" "月份须为YYYY-MM格式" "a month must be written YYYY-MM";
    }
}

/// An instant, in microseconds since the epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// This many microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// This many seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// This many seconds later, or earlier when negative.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(MICROS_PER_SECOND)))
    }

    /// Microseconds from `earlier` to this.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Whether `seconds` have passed since `earlier`: exactly that many counts as passed.
    pub const fn is_at_least_after(self, earlier: Self, seconds: i64) -> bool {
        self.micros_since(earlier) >= seconds.saturating_mul(MICROS_PER_SECOND)
    }

    /// The day in Beijing.
    pub fn business_date(self) -> BusinessDate {
        let shifted = self.0.saturating_add(OFFSET_SECONDS * MICROS_PER_SECOND);
        // An i64 of microseconds spans 107 million days to either side: it fits.
        BusinessDate(i32::try_from(shifted.div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX))
    }
}

/// Writes RFC 3339 in Beijing time; microseconds only when there are any.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.business_date();
        let shifted = self.0.saturating_add(OFFSET_SECONDS * MICROS_PER_SECOND);
        let within = shifted.rem_euclid(MICROS_PER_DAY);
        let (seconds, micros) = (within / MICROS_PER_SECOND, within % MICROS_PER_SECOND);
        write!(f, "{day}T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)?;
        if micros != 0 {
            write!(f, ".{micros:06}")?;
        }
        f.write_str("+08:00")
    }
}

/// Reads RFC 3339 with `Z` or a numeric offset; digits past the microsecond are cut.
impl FromStr for Timestamp {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        parse_timestamp(text).ok_or(Refusal::Timestamp)
    }
}

fn parse_timestamp(text: &str) -> Option<Timestamp> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let days = parse_date(date)?;
    let clock = rest.strip_prefix('T')?;
    let [hour, minute, second] = numbers(clock.get(..8)?, ':')?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let (micros, zone) = parse_fraction(clock.get(8..)?)?;
    let offset = parse_offset(zone)?;
    let seconds = days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset;
    Some(Timestamp(seconds * MICROS_PER_SECOND + micros))
}

fn parse_fraction(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else {
        return Some((0, text));
    };
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 || length > 9 {
        return None;
    }
    let micros = rest.bytes().take(length).chain(std::iter::repeat(b'0')).take(6);
    Some((micros.fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')), &rest[length..]))
}

fn parse_offset(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let [hours, minutes] = numbers(zone.get(1..).filter(|rest| rest.len() == 5)?, ':')?;
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Reads `N` numbers of digits only, divided by `separator`, each but the first two digits wide.
fn numbers<const N: usize>(text: &str, separator: char) -> Option<[i64; N]> {
    let mut found = [0; N];
    let mut parts = text.split(separator);
    for (place, slot) in found.iter_mut().enumerate() {
        let part = parts.next()?;
        let width = if place == 0 { text.len() + 1 - 3 * N + 2 } else { 2 };
        if part.len() != width || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        *slot = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

fn parse_date(text: &str) -> Option<i64> {
    let [year, month, day] = numbers(Some(text).filter(|text| text.len() == 10)?, '-')?;
    let days = days_from_civil(year, month, day);
    ((1..=12).contains(&month) && civil_from_days(days) == (year, month, day)).then_some(days)
}

/// A day in Beijing, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BusinessDate(i32);

impl BusinessDate {
    /// The day this many days after 1970-01-01.
    pub const fn from_days(days: i32) -> Self {
        Self(days)
    }

    /// The day `year`-`month`-`day`, if the calendar has it.
    pub fn from_civil(year: i32, month: u8, day: u8) -> Option<Self> {
        let civil = (i64::from(year), i64::from(month), i64::from(day));
        let days = days_from_civil(civil.0, civil.1, civil.2);
        let real = (1..=12).contains(&month) && civil_from_days(days) == civil;
        i32::try_from(days).ok().filter(|_| real).map(Self)
    }

    /// Days since 1970-01-01.
    pub const fn as_days(self) -> i32 {
        self.0
    }

    /// Year, month and day of the month.
    pub fn civil(self) -> (i64, i64, i64) {
        civil_from_days(i64::from(self.0))
    }

    /// The natural month it lies in.
    pub fn month(self) -> Month {
        let (year, month, _) = self.civil();
        Month::of(year, month)
    }

    /// This many days later, or earlier when negative.
    #[must_use]
    pub const fn plus_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The last day of a period of `months` that starts after this day (R0): the same day number, or the last day
    /// of a month that is shorter.
    #[must_use]
    pub fn plus_months(self, months: i32) -> Self {
        let (year, month, day) = self.civil();
        let target = Month::of(year, month).plus(months);
        Self(target.first_day().0.saturating_add(i32::try_from(day).unwrap_or(1) - 1)).min(target.last_day())
    }

    /// Days from `earlier` to this.
    pub const fn days_since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }

    /// Its first instant.
    pub const fn start(self) -> Timestamp {
        Timestamp((self.0 as i64 * SECONDS_PER_DAY - OFFSET_SECONDS) * MICROS_PER_SECOND)
    }

    /// The first instant after it: a period whose last day is this one is over from here on.
    pub const fn end(self) -> Timestamp {
        self.plus_days(1).start()
    }
}

/// Writes `YYYY-MM-DD`.
impl fmt::Display for BusinessDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.civil();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for BusinessDate {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let days = parse_date(text).ok_or(Refusal::Date)?;
        i32::try_from(days).map(Self).map_err(|_| Refusal::Date)
    }
}

/// A natural month, counted from January 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Month(i32);

impl Month {
    /// The month this many months after January 1970.
    pub const fn from_number(months: i32) -> Self {
        Self(months)
    }

    /// Months since January 1970.
    pub const fn as_number(self) -> i32 {
        self.0
    }

    fn of(year: i64, month: i64) -> Self {
        Self(i32::try_from((year - 1970) * 12 + month - 1).unwrap_or(i32::MAX))
    }

    /// This many months later, or earlier when negative.
    #[must_use]
    pub const fn plus(self, months: i32) -> Self {
        Self(self.0.saturating_add(months))
    }

    /// Its first day.
    pub fn first_day(self) -> BusinessDate {
        let (year, month) = self.civil();
        BusinessDate(i32::try_from(days_from_civil(year, month, 1)).unwrap_or(i32::MAX))
    }

    /// Its last day.
    pub fn last_day(self) -> BusinessDate {
        self.plus(1).first_day().plus_days(-1)
    }

    fn civil(self) -> (i64, i64) {
        let months = i64::from(self.0);
        (1970 + months.div_euclid(12), months.rem_euclid(12) + 1)
    }
}

/// Writes `YYYY-MM`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = self.civil();
        write!(f, "{year:04}-{month:02}")
    }
}

impl FromStr for Month {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = Some(text).filter(|text| text.len() == 7).ok_or(Refusal::Month)?;
        let [year, month] = numbers(text, '-').ok_or(Refusal::Month)?;
        (1..=12).contains(&month).then(|| Self::of(year, month)).ok_or(Refusal::Month)
    }
}

/// Days since 1970-01-01 of a day of the proleptic Gregorian calendar, counted in eras of 400 years whose years
/// begin in March, so that the leap day comes last.
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_from_civil`].
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> BusinessDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_business_day_turns_at_midnight_in_beijing() {
        let before: Timestamp = "2026-01-31T15:59:59.999999Z".parse().unwrap();
        let after: Timestamp = "2026-01-31T16:00:00Z".parse().unwrap();
        assert_eq!(before.business_date(), date("2026-01-31"));
        assert_eq!(after.business_date(), date("2026-02-01"));
        assert_eq!(after, date("2026-02-01").start());
        assert_eq!(after, date("2026-01-31").end());
    }

    #[test]
    fn a_time_is_written_in_beijing_and_read_in_any_offset() {
        let cases = [
            ("2026-01-02T15:04:05+08:00", "2026-01-02T15:04:05+08:00"),
            ("2026-01-02T15:04:05Z", "2026-01-02T23:04:05+08:00"),
            ("2026-01-02T15:04:05.5-05:30", "2026-01-03T04:34:05.500000+08:00"),
            ("2026-01-02T15:04:05.123456789+08:00", "2026-01-02T15:04:05.123456+08:00"),
            ("1969-12-31T23:59:59.999999Z", "1970-01-01T07:59:59.999999+08:00"),
            ("0001-01-01T00:00:00+08:00", "0001-01-01T00:00:00+08:00"),
        ];
        for (text, canonical) in cases {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), canonical);
        }
    }

    #[test]
    fn anything_but_rfc_3339_with_an_offset_is_refused() {
        for text in [
            "",
            "2026-01-02",
            "2026-01-02T15:04:05",
            "2026-01-02 15:04:05+08:00",
            "2026-01-02T15:04:05+0800",
            "2026-01-02T15:04:05.+08:00",
            "2026-01-02T24:00:00Z",
            "2026-01-02T23:60:00Z",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-1-02T00:00:00Z ",
            "２026-01-02T00:00:00Z",
            "2026-01-02T15:04:05+08:0é",
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(Refusal::Timestamp), "{text}");
        }
    }

    /// R0: a month period ends on the same day number or on the month's last day.
    #[test]
    fn a_period_of_months_ends_on_the_same_day_number_or_the_last_day() {
        for (from, months, to) in [
            ("2026-01-31", 1, "2026-02-28"),
            ("2028-01-31", 1, "2028-02-29"),
            ("2026-01-28", 1, "2026-02-28"),
            ("2026-01-15", 2, "2026-03-15"),
            ("2026-12-31", 2, "2027-02-28"),
            ("2028-02-29", 12, "2029-02-28"),
            ("2026-03-31", -1, "2026-02-28"),
            ("2026-05-31", 0, "2026-05-31"),
        ] {
            assert_eq!(date(from).plus_months(months), date(to), "{from} + {months}");
        }
    }

    #[test]
    fn a_date_is_a_real_day_written_in_full() {
        for text in
            ["2026-02-29", "2026-00-10", "2026-13-01", "2026-1-1", "20260101", "2026-01-32", "2026/01/01"]
        {
            assert_eq!(text.parse::<BusinessDate>(), Err(Refusal::Date), "{text}");
        }
        assert_eq!(BusinessDate::from_civil(2026, 2, 29), None);
        assert_eq!(BusinessDate::from_civil(2028, 2, 29), Some(date("2028-02-29")));
    }

    #[test]
    fn a_month_knows_its_days_and_neighbours() {
        let february: Month = "2028-02".parse().unwrap();
        assert_eq!(february.first_day(), date("2028-02-01"));
        assert_eq!(february.last_day(), date("2028-02-29"));
        assert_eq!(february.plus(-2).to_string(), "2027-12");
        assert_eq!(date("2028-02-29").month(), february);
        for text in ["2028-13", "2028-00", "2028-2", "202-802", "2028-02-01"] {
            assert_eq!(text.parse::<Month>(), Err(Refusal::Month), "{text}");
        }
    }

    #[test]
    fn exactly_the_period_counts_as_passed() {
        let start = Timestamp::from_seconds(100);
        for (micros, passed) in [(159_999_999, false), (160_000_000, true), (160_000_001, true)] {
            assert_eq!(Timestamp::from_micros(micros).is_at_least_after(start, 60), passed);
        }
    }

    #[test]
    fn the_far_ends_saturate() {
        let last = Timestamp::from_micros(i64::MAX);
        assert_eq!(last.plus_seconds(1), last);
        assert!(!last.to_string().is_empty());
        assert!(!Timestamp::from_micros(i64::MIN).to_string().is_empty());
        assert!(!BusinessDate::from_days(i32::MAX).plus_months(1).to_string().is_empty());
        assert!(!Month::from_number(i32::MIN).last_day().to_string().is_empty());
    }

    proptest! {
        #[test]
        fn written_and_read_back_it_is_the_same_instant(micros in -62_000_000_000_000_000_i64..253_000_000_000_000_000) {
            let at = Timestamp::from_micros(micros);
            prop_assert_eq!(at.to_string().parse::<Timestamp>(), Ok(at));
        }

        #[test]
        fn days_follow_the_calendar(days in -700_000..2_900_000_i32) {
            let today = BusinessDate::from_days(days).civil();
            let (year, month, day) = BusinessDate::from_days(days + 1).civil();
            prop_assert!(
                (year, month, day) == (today.0, today.1, today.2 + 1)
                    || (day == 1 && (year * 12 + month) == today.0 * 12 + today.1 + 1)
            );
        }

        #[test]
        fn any_text_is_parsed_or_refused(text in "\\PC{0,40}") {
            let _ = text.parse::<Timestamp>();
            let _ = text.parse::<BusinessDate>();
            let _ = text.parse::<Month>();
        }
    }
}
