//! Multiples of points known long before, in variable time: for verification only, never with a secret scalar.
//!
//! A comb of eight teeth, 32 bits apart: the table holds the sum of every choice of `[2^(32 j)]P`, so that a
//! multiple costs 32 doublings, shared by all terms of a sum, and at most 32 additions a term. A table takes
//! 18 KiB and about as long to make as one verification without it.

use ::sm2::{
    AffinePoint, FieldBytes, ProjectivePoint, Scalar,
    elliptic_curve::{BatchNormalize, Group, PrimeField},
};
use std::sync::LazyLock;

const TEETH: usize = 8;
const SPACING: usize = 32;

/// The table of one point.
pub(super) struct Comb(Vec<AffinePoint>);

impl Comb {
    pub(super) fn new(point: &ProjectivePoint) -> Self {
        let mut sums = vec![ProjectivePoint::IDENTITY];
        let mut tooth = *point;
        for _ in 0..TEETH {
            for index in 0..sums.len() {
                sums.push(sums[index] + tooth);
            }
            tooth = (0..SPACING).fold(tooth, |point, _| point.double());
        }
        Self(ProjectivePoint::batch_normalize(sums.as_slice()))
    }

    /// The table of the curve's generator, made at first use.
    pub(super) fn generator() -> &'static Self {
        static GENERATOR: LazyLock<Comb> = LazyLock::new(|| Comb::new(&ProjectivePoint::GENERATOR));
        &GENERATOR
    }
}

/// The sum of the multiples.
pub(super) fn sum(terms: [(&Comb, &Scalar); 2]) -> ProjectivePoint {
    let terms = terms.map(|(comb, scalar)| (comb, teeth(&scalar.to_repr())));
    (0..SPACING).rev().fold(ProjectivePoint::IDENTITY, |sum, column| {
        terms.iter().fold(sum.double(), |sum, (comb, teeth)| match choice(teeth, column) {
            0 => sum,
            choice => sum + comb.0[choice],
        })
    })
}

/// The scalar's 32-bit digits, least significant first.
fn teeth(bytes: &FieldBytes) -> [u32; TEETH] {
    let mut teeth = [0; TEETH];
    let (digits, _) = bytes.as_chunks::<4>();
    for (tooth, digit) in teeth.iter_mut().zip(digits.iter().rev()) {
        *tooth = u32::from_be_bytes(*digit);
    }
    teeth
}

/// Which teeth have their bit set in this column.
fn choice(teeth: &[u32; TEETH], column: usize) -> usize {
    teeth.iter().rev().fold(0, |choice, tooth| choice << 1 | usize::from(tooth >> column & 1 == 1))
}
