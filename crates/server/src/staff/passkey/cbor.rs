//! Reading the little CBOR that devices write: the canonical form of CTAP2, with lengths before their contents, without tags and
//! floating point, and nested four deep at most.
//!
//! Invariant: whatever is sent costs no more than its length: a count that lies ends with the bytes.

/// How deep a device may nest (CTAP2, "message encoding").
const DEPTH: u8 = 4;

/// Most keys of a map that is looked into: what a device writes has a handful.
const KEYS: u64 = 32;

/// An item, as far as its head says; the items of an array or a map follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item<'a> {
    /// A number.
    Int(i64),
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// So many items follow.
    Array(u64),
    /// So many pairs follow.
    Map(u64),
    /// `false`, `true` or `null`.
    Simple,
}

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads these bytes.
    pub const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }

    /// What was not read.
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next item; none when it cannot be read.
    pub fn next(&mut self) -> Option<Item<'a>> {
        let head = self.take(1)?[0];
        if head >> 5 == 7 {
            return matches!(head & 31, 20..=22).then_some(Item::Simple);
        }
        let value = match head & 31 {
            small @ 0..=23 => u64::from(small),
            size @ 24..=27 => {
                let bytes = self.take(1 << (size - 24))?;
                bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
            }
            _ => return None,
        };
        Some(match head >> 5 {
            0 => Item::Int(i64::try_from(value).ok()?),
            1 => Item::Int(-1 - i64::try_from(value).ok()?),
            2 => Item::Bytes(self.take(value)?),
            3 => Item::Text(std::str::from_utf8(self.take(value)?).ok()?),
            4 => Item::Array(value),
            5 => Item::Map(value),
            _ => return None,
        })
    }

    /// Passes over the next item with all that is in it, and answers its bytes.
    pub fn skip(&mut self) -> Option<&'a [u8]> {
        self.skip_within(DEPTH)
    }

    fn skip_within(&mut self, depth: u8) -> Option<&'a [u8]> {
        let before = self.rest;
        self.pass(depth)?;
        Some(&before[..before.len() - self.rest.len()])
    }

    /// The pairs of a map that follows, of [`KEYS`] at most, with bare keys, none of them twice, and each value's own reader.
    pub fn map(&mut self) -> Option<Vec<(Item<'a>, Reader<'a>)>> {
        let Item::Map(count @ 0..=KEYS) = self.next()? else { return None };
        let mut pairs = Vec::new();
        for _ in 0..count {
            let key = self.next().filter(|key| matches!(key, Item::Int(_) | Item::Text(_)))?;
            if pairs.iter().any(|(known, _)| *known == key) {
                return None;
            }
            // The map itself is one of the levels.
            let value = self.skip_within(DEPTH - 1)?;
            pairs.push((key, Self::new(value)));
        }
        Some(pairs)
    }

    fn pass(&mut self, depth: u8) -> Option<()> {
        let items = match self.next()? {
            Item::Array(count) => count,
            Item::Map(count) => count.checked_mul(2)?,
            _ => return Some(()),
        };
        let depth = depth.checked_sub(1)?;
        for _ in 0..items {
            self.pass(depth)?;
        }
        Some(())
    }

    fn take(&mut self, count: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(count).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8949, appendix A, as far as CTAP2 has it.
    #[test]
    fn items_are_read_as_the_standard_writes_them() {
        for (hex, item) in [
            ("00", Item::Int(0)),
            ("17", Item::Int(23)),
            ("1818", Item::Int(24)),
            ("1903e8", Item::Int(1000)),
            ("1a000f4240", Item::Int(1_000_000)),
            ("1b000000e8d4a51000", Item::Int(1_000_000_000_000)),
            ("20", Item::Int(-1)),
            ("3903e7", Item::Int(-1000)),
            ("4401020304", Item::Bytes(&[1, 2, 3, 4])),
            ("6449455446", Item::Text("IETF")),
            ("80", Item::Array(0)),
            ("a26161016162820203", Item::Map(2)),
            ("f4", Item::Simple),
        ] {
            let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
            assert_eq!(Reader::new(&bytes).next(), Some(item), "{hex}");
        }
    }

    #[test]
    fn what_is_cut_short_indefinite_tagged_or_floating_is_not_read() {
        for hex in
            ["", "18", "1903", "44010203", "61ff", "5f", "9f", "bf", "c074", "f93c00", "1bffffffffffffffff"]
        {
            let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap();
            assert_eq!(Reader::new(&bytes).next(), None, "{hex}");
        }
    }

    #[test]
    fn an_item_is_passed_over_as_a_whole_and_four_deep_at_most() {
        let mut reader = Reader::new(&[0x82, 0x01, 0x81, 0x02, 0x03]);
        assert_eq!(reader.skip(), Some(&[0x82, 0x01, 0x81, 0x02][..]));
        assert_eq!(reader.rest(), [0x03]);
        assert!(Reader::new(&[0x81, 0x81, 0x81, 0x81, 0x00]).skip().is_some());
        assert!(Reader::new(&[0x81, 0x81, 0x81, 0x81, 0x81, 0x00]).skip().is_none());
        assert!(Reader::new(&[0xa1, 0x01, 0x81, 0x81, 0x81, 0x00]).map().is_some());
        assert!(
            Reader::new(&[0xa1, 0x01, 0x81, 0x81, 0x81, 0x81, 0x00]).map().is_none(),
            "the map is a level"
        );
        assert!(Reader::new(&[0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]).skip().is_none());
    }

    #[test]
    fn a_map_has_no_key_twice() {
        assert!(Reader::new(&[0xa2, 0x01, 0x02, 0x03, 0x02]).map().is_some());
        assert!(Reader::new(&[0xa2, 0x01, 0x02, 0x01, 0x03]).map().is_none());
        assert!(Reader::new(&[0xa2, 0x01, 0x02, 0x18, 0x01, 0x03]).map().is_none(), "written at more length");
    }
}
