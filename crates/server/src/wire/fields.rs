//! Reading the fields of a body into values and collecting every wrong one, so that one answer names them all.

use crate::Error;
use crate::error::field;
use domain::refusal::Refuse;
use sdk::problem::FieldError;
use std::str::FromStr;

/// The wrong fields found so far.
#[derive(Debug, Default)]
pub struct Fields {
    wrong: Vec<FieldError>,
}

impl Fields {
    /// A value parsed from text.
    pub fn parse<T>(&mut self, pointer: &str, text: &str) -> Option<T>
    where
        T: FromStr<Err: Refuse>,
    {
        self.take(pointer, text.parse())
    }

    /// [`Fields::parse`] of what may be absent.
    pub fn parse_opt<T>(&mut self, pointer: &str, text: Option<&str>) -> Option<Option<T>>
    where
        T: FromStr<Err: Refuse>,
    {
        text.map_or(Some(None), |text| self.parse(pointer, text).map(Some))
    }

    /// A value that a rule accepted or refused.
    pub fn take<T>(&mut self, pointer: &str, outcome: Result<T, impl Refuse>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.wrong.push(field(pointer, refusal.code(), &refusal.zh(), &refusal.en()));
                None
            }
        }
    }

    /// Text for people: 1 to `most` characters, none of them a control, no space around it.
    pub fn text(&mut self, pointer: &str, text: &str, most: usize) -> Option<String> {
        let Some(wrong) = wrong_text(text, most) else { return Some(text.to_owned()) };
        self.refuse(pointer, "request.text", &wrong);
        None
    }

    /// [`Fields::text`] of what may be absent.
    pub fn text_opt(&mut self, pointer: &str, text: Option<&str>, most: usize) -> Option<Option<String>> {
        text.map_or(Some(None), |text| self.text(pointer, text, most).map(Some))
    }

    /// One more wrong field.
    pub fn refuse(&mut self, pointer: &str, code: &str, message: &str) {
        self.wrong.push(FieldError { pointer: pointer.into(), code: code.into(), message: message.into() });
    }

    /// The error that names them all.
    #[must_use]
    pub fn error(self) -> Error {
        Error::fields(self.wrong)
    }

    /// Whether nothing is wrong so far.
    ///
    /// # Errors
    /// `request.fields`
    pub fn check(self) -> Result<(), Error> {
        if self.wrong.is_empty() { Ok(()) } else { Err(self.error()) }
    }
}

/// What is wrong with text for people, if anything is.
pub fn wrong_text(text: &str, most: usize) -> Option<String> {
    let fits = (1..=most).contains(&text.chars().count());
    let is_right = fits && text.trim() == text && !text.contains(char::is_control);
    (!is_right).then(|| {
        format!("须为1至{most}个字符，首尾无空格 (must be 1 to {most} characters without space around them)")
    })
}
