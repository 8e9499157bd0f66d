//! The words that a record is written in.

use super::Refusal;
use std::borrow::Cow;
use std::fmt;

/// A short machine word such as `code.verify` or `CH-31.2`: 1 to 64 visible ASCII characters, so that it can
/// name nobody and always fits its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(Cow<'static, str>);

impl Label {
    const MAX: usize = 64;

    /// The label of a constant; a constant that is none fails where it is written.
    ///
    /// # Panics
    /// If `text` is not a label.
    pub const fn of(text: &'static str) -> Self {
        assert!(Self::fits(text.as_bytes()), "not a label");
        Self(Cow::Borrowed(text))
    }

    /// Reads a label. Refuses: malformed.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if Self::fits(text.as_bytes()) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(Refusal::Malformed { what: "label" })
        }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    const fn fits(text: &[u8]) -> bool {
        let mut at = 0;
        while at < text.len() {
            if !text[at].is_ascii_graphic() {
                return false;
            }
            at += 1;
        }
        0 < at && at <= Self::MAX
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        std::str::from_utf8(bytes).map_err(|_| Refusal::Malformed { what: "label" }).and_then(Self::parse)
    }
}

impl From<&'static str> for Label {
    /// As [`Label::of`].
    fn from(text: &'static str) -> Self {
        Self::of(text)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_short_visible_ascii() {
        for bad in ["", "a b", "持卡人", "a\n", &"x".repeat(65)] {
            assert!(Label::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Label::parse("CH-31.2").unwrap().to_string(), "CH-31.2");
    }
}
