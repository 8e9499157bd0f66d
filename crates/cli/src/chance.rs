//! Chance that comes from the seed and from nothing else: the same seed draws the same numbers (SplitMix64).

/// A sequence of numbers.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The sequence of a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x5bd1_e995_9d1f_3a07)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 if that is 0.
    pub fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.next() % u64::from(limit.max(1))).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        let span = u32::try_from(high - low + 1).unwrap_or(1);
        low + i32::try_from(self.below(span)).unwrap_or(0)
    }

    /// Something that happens so many times in a hundred.
    pub fn percent(&mut self, of_a_hundred: u32) -> bool {
        self.below(100) < of_a_hundred
    }

    /// Something that happens so many times in a thousand.
    pub fn permille(&mut self, of_a_thousand: u32) -> bool {
        self.below(1000) < of_a_thousand
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let place = self.below(u32::try_from(choices.len()).unwrap_or(1));
        &choices[usize::try_from(place).unwrap_or(0)]
    }
}

/// Cards that are all drawn before one is drawn again, so that what is rare comes in a short play too.
#[derive(Debug, Clone)]
pub struct Deck {
    size: usize,
    left: Vec<usize>,
}

impl Deck {
    /// A deck of so many cards.
    pub fn new(size: usize) -> Self {
        Self { size, left: Vec::new() }
    }

    /// The next card that fits; none when no card does.
    pub fn draw(&mut self, chance: &mut Chance, fits: impl Fn(usize) -> bool) -> Option<usize> {
        if !self.left.iter().any(|card| fits(*card)) {
            self.left = (0..self.size).collect();
            for place in (1..self.size).rev() {
                let other = chance.below(u32::try_from(place + 1).unwrap_or(1));
                self.left.swap(place, usize::try_from(other).unwrap_or(0));
            }
        }
        let place = self.left.iter().position(|card| fits(*card))?;
        Some(self.left.remove(place))
    }
}
