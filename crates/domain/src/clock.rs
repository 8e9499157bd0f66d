//! How far business time may be moved ahead of real time, in a world where it may be moved at all.
//!
//! Invariant: it never goes back, so nothing that has happened lies in the future. Which worlds may is not here, nor
//! is any clock.

use crate::parameter::{Name, Parameters};
use crate::refusal::refusals;
use crate::time::BusinessDate;

refusals! {
    /// Why business time is not moved so.
    Refusal {
        /// Not at least a second, or further than one move goes.
        Step { most: i64 } = "clock.step" "须为1至{most}秒" "a move goes 1 to {most} seconds forward";
        /// Further ahead of real time than the calendar is meant for.
        Reach { days: i64 } = "clock.reach" "业务时间最多超前真实时间{days}日"
            "business time runs at most {days} days ahead of real time";
    }
}

/// The distance from real time, in microseconds, after a move of `seconds`. Refuses, in order: step, reach.
pub fn advance(
    offset_micros: i64,
    seconds: i64,
    parameters: &Parameters,
    day: BusinessDate,
) -> Result<i64, Refusal> {
    let most = parameters.get(Name::ClockStep, day);
    if !(1..=most).contains(&seconds) {
        return Err(Refusal::Step { most });
    }
    let days = parameters.get(Name::ClockReach, day);
    let moved = offset_micros.saturating_add(seconds.saturating_mul(1_000_000));
    if moved > days.saturating_mul(86_400_000_000) { Err(Refusal::Reach { days }) } else { Ok(moved) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_goes_forward_by_bounded_steps_to_a_bounded_distance() {
        let parameters = Parameters::standard();
        let day: BusinessDate = "2026-07-01".parse().unwrap();
        let (year, reach) = (366 * 86_400, 36_600 * 86_400_000_000_i64);
        for (offset, seconds, outcome) in [
            (0, 0, Err(Refusal::Step { most: year })),
            (0, -1, Err(Refusal::Step { most: year })),
            (0, 1, Ok(1_000_000)),
            (5, year, Ok(5 + year * 1_000_000)),
            (0, year + 1, Err(Refusal::Step { most: year })),
            (0, i64::MAX, Err(Refusal::Step { most: year })),
            (reach - 1_000_000, 1, Ok(reach)),
            (reach, 1, Err(Refusal::Reach { days: 36_600 })),
        ] {
            assert_eq!(advance(offset, seconds, &parameters, day), outcome, "{offset} {seconds}");
        }
    }
}
