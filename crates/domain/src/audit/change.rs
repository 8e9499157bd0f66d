//! What a record says of a field that changed: which, from what, to what.
//!
//! Invariant: a value is a [`Label`], a machine word that can name nobody, or it is withheld; a text that a person wrote and
//! whatever is about a person are withheld by every caller. So a record still says that the field changed, and no more.

use super::Refusal;
use super::label::Label;

/// What a field held.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value {
    /// Nothing.
    Nothing,
    /// A word of ours: a state, a code, a number, an id.
    Word(Label),
    /// Something that a record does not say.
    Withheld,
}

const SEPARATOR: u8 = 0;
const WITHHELD: &[u8] = &[1];

impl Value {
    /// The word, or withheld when it is none.
    pub fn word(text: &str) -> Self {
        Label::parse(text).map_or(Self::Withheld, Self::Word)
    }

    /// What is told of it: nothing of what is withheld.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Word(label) => Some(label.as_str()),
            Self::Nothing | Self::Withheld => None,
        }
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Self::Nothing => &[],
            Self::Word(label) => label.as_str().as_bytes(),
            Self::Withheld => WITHHELD,
        }
    }

    fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        match bytes {
            [] => Ok(Self::Nothing),
            WITHHELD => Ok(Self::Withheld),
            word => Label::decode(word).map(Self::Word),
        }
    }
}

/// A field that changed. Of a list, each member that came or went is a change of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Change {
    /// Which.
    pub field: Label,
    /// What it held.
    pub from: Value,
    /// What it holds.
    pub to: Value,
}

impl Change {
    /// A change of `field`.
    pub fn of(field: &'static str, from: Value, to: Value) -> Self {
        Self { field: Label::of(field), from, to }
    }

    /// A field that became another word.
    pub fn turned(field: &'static str, from: &str, to: &str) -> Self {
        Self::of(field, Value::word(from), Value::word(to))
    }

    /// A field of what comes into being.
    pub fn came(field: &'static str, to: &str) -> Self {
        Self::of(field, Value::Nothing, Value::word(to))
    }

    /// The members of `old` that went and those of `new` that came.
    pub fn of_list<T: PartialEq + ToString>(field: &'static str, old: &[T], new: &[T]) -> Vec<Self> {
        let word = |one: &T| Value::word(&one.to_string());
        let gone = old.iter().filter(|one| !new.contains(one));
        let come = new.iter().filter(|one| !old.contains(one));
        let gone = gone.map(|one| Self::of(field, word(one), Value::Nothing));
        gone.chain(come.map(|one| Self::of(field, Value::Nothing, word(one)))).collect()
    }

    /// Whether anything is not told of it.
    pub fn is_withheld(&self) -> bool {
        [&self.from, &self.to].contains(&&Value::Withheld)
    }

    pub(super) fn parts(&self) -> [&[u8]; 5] {
        let between = &[SEPARATOR];
        [self.field.as_str().as_bytes(), between, self.from.bytes(), between, self.to.bytes()]
    }

    pub(super) fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        let mut parts = bytes.split(|byte| *byte == SEPARATOR);
        let (field, from, to) = (parts.next(), parts.next(), parts.next());
        let (Some(field), Some(from), Some(to), None) = (field, from, to, parts.next()) else {
            return Err(Refusal::Malformed { what: "change" });
        };
        Ok(Self { field: Label::decode(field)?, from: Value::decode(from)?, to: Value::decode(to)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_says_what_came_and_what_went() {
        let changes = Change::of_list("region", &["330000", "320000"], &["330000", "440000"]);
        let told: Vec<_> = changes.iter().map(|change| (change.from.text(), change.to.text())).collect();
        assert_eq!(told, [(Some("320000"), None), (None, Some("440000"))]);
        assert!(Change::of_list("region", &["330000"], &["330000"]).is_empty());
    }

    #[test]
    fn what_is_no_word_of_ours_is_withheld() {
        let change = Change::of("name", Value::word("张三"), Value::word("a b"));
        assert_eq!((change.from.text(), change.to.text(), change.is_withheld()), (None, None, true));
        assert_eq!(Change::decode(&change.parts().concat()), Ok(change));
        assert!(!Change::of("state", Value::Nothing, Value::word("live")).is_withheld());
    }
}
