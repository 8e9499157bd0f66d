//! Names of persons, in any script.
//!
//! A name is counted in Unicode code points, so that a rare character outside the basic plane counts once and is
//! kept as it is. The separator of transliterated names is `·` (U+00B7); look-alikes are brought to it, except in
//! a name of ASCII alone, where a full stop abbreviates.

use super::{Refusal, mask};
use encoding_rs::GB18030;
use std::fmt;
use std::str::FromStr;

/// Most characters a name may have.
const MAX_CHARACTERS: usize = 50;

/// A person's name.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PersonName(String);

impl PersonName {
    /// The name in its canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `张*三`, `李*`, `阿***江`.
    pub fn masked(&self) -> String {
        match self.0.chars().count() {
            1 => "*".to_owned(),
            2 => mask(&self.0, 1, 0),
            _ => mask(&self.0, 1, 1),
        }
    }

    /// How many bytes it takes in GB 18030, the encoding of the card and of windows: 1, 2 or 4 a character.
    pub fn gb18030_length(&self) -> usize {
        GB18030.encode(&self.0).0.len()
    }
}

impl FromStr for PersonName {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let name: String = if text.is_ascii() {
            text.to_owned()
        } else {
            text.chars().map(|character| if is_separator(character) { '·' } else { character }).collect()
        };
        if !(1..=MAX_CHARACTERS).contains(&name.chars().count()) {
            return Err(Refusal::NameLength);
        }
        let named = name.chars().any(|character| !is_separator(character) && !character.is_whitespace());
        if !named || name.chars().any(is_forbidden) {
            return Err(Refusal::NameCharacter);
        }
        Ok(Self(name))
    }
}

impl fmt::Debug for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

const fn is_separator(character: char) -> bool {
    matches!(character, '·' | '•' | '．' | '.')
}

/// Control characters, line and paragraph breaks, invisible direction marks and the replacement character.
fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}')
        || matches!(character, '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> PersonName {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_has_1_to_50_code_points() {
        for (characters, accepted) in [(0, false), (1, true), (50, true), (51, false)] {
            assert_eq!("𠮷".repeat(characters).parse::<PersonName>().is_ok(), accepted, "{characters}");
        }
        assert_eq!("  ".parse::<PersonName>(), Err(Refusal::NameLength));
    }

    #[test]
    fn separators_are_brought_to_one_and_rare_characters_stay() {
        for dot in ['·', '•', '．', '.'] {
            assert_eq!(name(&format!("迪丽热巴{dot}迪力木拉提")).as_str(), "迪丽热巴·迪力木拉提");
        }
        assert_eq!(name("J. R. Smith").as_str(), "J. R. Smith");
        assert_eq!(name(" 王䶮𬭛 ").as_str(), "王䶮𬭛");
    }

    #[test]
    fn control_and_invisible_characters_are_refused() {
        for text in ["张\n三", "张\u{200B}三", "张\u{202E}三", "张\u{FFFD}", "···", ". ."] {
            assert_eq!(text.parse::<PersonName>(), Err(Refusal::NameCharacter), "{text:?}");
        }
    }

    #[test]
    fn a_mask_keeps_the_first_and_the_last_character() {
        for (text, masked) in
            [("张", "*"), ("李四", "李*"), ("张小三", "张*三"), ("阿里木·江", "阿***江"), ("𠮷野家", "𠮷*家")]
        {
            assert_eq!(name(text).masked(), masked);
            assert_eq!(format!("{:?}", name(text)), masked);
        }
    }

    #[test]
    fn the_length_on_a_card_is_counted_in_gb_18030() {
        for (text, length) in [("Li", 2), ("张三", 4), ("阿·江", 6), ("𠮷", 4), ("㐂", 4)] {
            assert_eq!(name(text).gb18030_length(), length, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_canonical_form_is_stable(text in "\\PC{0,60}") {
            if let Ok(name) = text.parse::<PersonName>() {
                prop_assert_eq!(name.as_str().parse::<PersonName>(), Ok(name.clone()));
            }
        }
    }
}
