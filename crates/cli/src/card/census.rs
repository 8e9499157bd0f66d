//! Chance that can be repeated, and where people live.

use domain::division::{DivisionCode, PROVINCES};

/// SplitMix64: small, fast, the same everywhere. Not for secrets.
pub struct Rng(u64);

impl Rng {
    /// The sequence of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or_default()
    }

    /// One of these.
    pub fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap_or_default()]
    }
}

/// The numbers below a size in an order that looks like none: each exactly once.
pub struct Permutation {
    size: u64,
    step: u64,
    first: u64,
}

impl Permutation {
    /// A permutation of `0..size`.
    pub fn new(size: u64, rng: &mut Rng) -> Self {
        // About the golden ratio of the size, and with no divisor in common with it.
        let mut step = size / 1000 * 618 + rng.below(size / 1000 + 1) + 1;
        while gcd(step, size) != 1 {
            step += 1;
        }
        Self { size, step, first: rng.below(size) }
    }

    /// The number at a place; places beyond the size come round again.
    pub fn at(&self, place: u64) -> u64 {
        let wide = u128::from(place) * u128::from(self.step) + u128::from(self.first);
        u64::try_from(wide % u128::from(self.size)).unwrap_or_default()
    }
}

const fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// One province's people.
struct Home {
    /// People of this province and the ones before it.
    up_to: u64,
    prefectures: Vec<DivisionCode>,
    /// How many were placed here.
    placed: u64,
    order: Permutation,
}

/// Provinces by their share of the census of 2020.
pub struct Census {
    homes: Vec<Home>,
    people: u64,
}

/// Places that each prefecture offers: birth days and sequence numbers.
pub const PLACES: u64 = 80 * 365 * 1000;

impl Census {
    /// The census within a division; nothing if nobody is counted there. 兵团 has no figure of its own.
    pub fn within(division: DivisionCode, rng: &mut Rng) -> Option<Self> {
        let mut people = 0;
        let mut homes = Vec::new();
        for province in PROVINCES.iter().filter(|province| province.population > 0) {
            let listed = province.prefectures().map(|(code, _)| code);
            let prefectures: Vec<_> = listed.filter(|code| division.covers(*code)).collect();
            if prefectures.is_empty() {
                continue;
            }
            people += u64::from(province.population);
            let order = Permutation::new(prefectures.len() as u64 * PLACES, rng);
            homes.push(Home { up_to: people, prefectures, placed: 0, order });
        }
        (people > 0).then_some(Self { homes, people })
    }

    /// The next person: a prefecture, and a place below [`PLACES`] that nobody else has there.
    pub fn next(&mut self, rng: &mut Rng) -> (DivisionCode, u64) {
        let drawn = rng.below(self.people);
        let index = self.homes.partition_point(|home| home.up_to <= drawn);
        let home = &mut self.homes[index];
        let place = home.order.at(home.placed);
        home.placed += 1;
        let prefecture = usize::try_from(place / PLACES).unwrap_or_default();
        (home.prefectures[prefecture], place % PLACES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permutation_gives_every_number_once() {
        for size in [1000, 1001, 29_200] {
            let order = Permutation::new(size, &mut Rng::new(size));
            let mut all: Vec<_> = (0..size).map(|place| order.at(place)).collect();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..size), "{size}");
        }
    }

    #[test]
    fn a_census_stays_within_its_division() {
        let mut rng = Rng::new(1);
        for code in ["330000", "330100"] {
            let division: DivisionCode = code.parse().unwrap();
            let mut census = Census::within(division, &mut rng).unwrap();
            assert!((0..1000).all(|_| division.covers(census.next(&mut rng).0)), "{code}");
        }
        assert!(Census::within(DivisionCode::XPCC, &mut rng).is_none());
        assert!(
            Census::within("330106".parse().unwrap(), &mut rng).is_none(),
            "counties issue no cards here"
        );
    }

    #[test]
    fn a_sequence_is_the_same_on_every_machine() {
        let mut rng = Rng::new(0);
        assert_eq!(rng.next(), 0xE220_A839_7B1D_CDAF, "the first output of SplitMix64 for 0");
        assert!((0..1000).all(|_| rng.below(7) < 7));
    }
}
