//! How much a channel is used, month by month: made up, the same at every start, and so that every rule of CH-23.1 has a
//! channel that it concerns and most have nothing to fear.

/// How a channel fares.
#[derive(Debug, Clone, Copy)]
pub struct Fortune {
    /// 签发量 of its first month.
    pub base: i64,
    /// How many of those who ever activated use it in a month, in 1/1000.
    pub share: i64,
    /// Whether its luck turns.
    pub turn: Turn,
}

/// A turn of luck.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// More by so many 1/1000 each month; forever.
    Growth(i64),
    /// From a month of the country's on, half of the month before and a little less (CH-23.1b), until another.
    Halving(i32, i32),
    /// From a month of the country's on, next to nobody (CH-23.1a).
    Sleep(i32),
    /// From a month of the country's on, 2 % of those who activated (CH-23.1c).
    Idle(i32),
}

/// As it was.
pub const STEADY: Turn = Turn::Growth(4);
/// More and more.
pub const GROWING: Turn = Turn::Growth(18);
/// Less and less at the end.
pub const FADING: Turn = Turn::Halving(22, 99);
/// A bad quarter long ago.
pub const RECOVERED: Turn = Turn::Halving(11, 15);
/// Forgotten.
pub const ASLEEP: Turn = Turn::Sleep(19);
/// Issued and not used, for longer.
pub const DOZING: Turn = Turn::Idle(18);
/// Issued and not used.
pub const LOST: Turn = Turn::Idle(20);

impl Fortune {
    /// 签发量 in a month of the country's, for a channel that entered in the month `entry`.
    pub fn issued(&self, entry: i32, month: i32) -> i64 {
        let age = i64::from(month - entry);
        let growth = match self.turn {
            Turn::Growth(by) => by,
            _ => 4,
        };
        let usual = self.base * (1000 + growth * age) / 1000;
        let wave = i64::from((month * 7 + entry * 3) % 9 - 4);
        let usual = usual + usual * wave / 100;
        match self.turn {
            Turn::Halving(from, until) if (from..until).contains(&month) => {
                let halvings = u32::try_from(month - from + 1).unwrap_or(1).min(6);
                usual * 45_i64.pow(halvings) / 100_i64.pow(halvings)
            }
            Turn::Sleep(from) if month >= from => 5 + (wave + 4) * 3,
            _ => usual,
        }
    }

    /// Distinct users in a month, where `cumulative` have activated by its end.
    pub fn active(&self, month: i32, cumulative: i64) -> i64 {
        let share = match self.turn {
            Turn::Idle(from) if month >= from => 20,
            _ => self.share,
        };
        cumulative * share / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months(turn: Turn, months: std::ops::Range<i32>) -> Vec<i64> {
        months.map(|month| Fortune { base: 10_000, share: 200, turn }.issued(0, month)).collect()
    }

    #[test]
    fn each_turn_meets_its_rule_and_the_others_meet_none() {
        let is_halved = |found: &[i64]| found.windows(2).all(|pair| pair[1] * 2 <= pair[0]);
        assert!(is_halved(&months(FADING, 21..25)));
        assert!(months(ASLEEP, 20..23).iter().sum::<i64>() < 100);
        let idle = Fortune { base: 10_000, share: 200, turn: LOST };
        assert!(idle.active(20, 100_000) * 100 < 3 * 100_000);
        for turn in [STEADY, GROWING] {
            let found = months(turn, 0..27);
            assert!(found.windows(2).all(|pair| pair[1] * 2 > pair[0] && pair[1] > 9_000), "{found:?}");
        }
    }
}
