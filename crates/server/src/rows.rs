//! What became of each row of a batch, whatever its noun: an outcome per row, and for a refused one every reason by its
//! field.

use crate::wire::fields::wrong_text;
use domain::refusal::Refuse;
use domain::time::BusinessDate;
use std::str::FromStr;

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A new thing.
    Inserted,
    /// A known thing; something changed.
    Updated,
    /// It is there already as the row says.
    Unchanged,
    /// Not written.
    Refused(Vec<Fault>),
}

/// A reason against a row: the field, the code, and what to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Name of the field.
    pub field: &'static str,
    /// Stable code.
    pub code: &'static str,
    /// For people, in both languages.
    pub message: String,
}

impl Fault {
    /// What `refusal` says about `field`.
    pub fn of(field: &'static str, refusal: &dyn Refuse) -> Self {
        Self { field, code: refusal.code(), message: format!("{} ({})", refusal.zh(), refusal.en()) }
    }
}

/// The outcome of every row: what could not be read is refused for that, and what could is as it was planned, in order.
pub fn outcomes<T>(
    rows: Vec<Result<T, Vec<Fault>>>,
    planned: impl IntoIterator<Item = Outcome>,
) -> Vec<Outcome> {
    let mut planned = planned.into_iter();
    let outcome = |row: Result<T, Vec<Fault>>| match row {
        Ok(_) => planned.next().unwrap_or(Outcome::Unchanged),
        Err(faults) => Outcome::Refused(faults),
    };
    rows.into_iter().map(outcome).collect()
}

/// The rows that could be read.
pub fn ready<T: Clone>(rows: &[Result<T, Vec<Fault>>]) -> Vec<T> {
    rows.iter().filter_map(|row| row.as_ref().ok().cloned()).collect()
}

/// Reads the texts of a row and collects what is wrong with it, field by field.
#[derive(Debug, Default)]
pub struct Reader(Vec<Fault>);

impl Reader {
    /// A value, or a fault of its field.
    pub fn keep<T, R: Refuse>(&mut self, field: &'static str, read: Result<T, R>) -> Option<T> {
        read.map_err(|refusal| self.refuse(field, &refusal)).ok()
    }

    /// A field that may be left out; the outer `None` is a fault.
    pub fn optional<T: FromStr<Err: Refuse>>(
        &mut self,
        field: &'static str,
        text: &str,
    ) -> Option<Option<T>> {
        if text.is_empty() { Some(None) } else { self.keep(field, text.parse().map(Some)) }
    }

    /// Text for people, as a field of a form takes it.
    pub fn text(&mut self, field: &'static str, text: &str, most: usize) -> Option<String> {
        match wrong_text(text, most) {
            None => Some(text.to_owned()),
            Some(message) => {
                self.0.push(Fault { field, code: "request.text", message });
                None
            }
        }
    }

    /// A day that may be left out, with hyphens or without.
    pub fn date(&mut self, field: &'static str, text: &str) -> Option<Option<BusinessDate>> {
        if text.len() == 8 && text.is_ascii() {
            let dashed = format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]);
            return self.optional(field, &dashed);
        }
        self.optional(field, text)
    }

    /// One more reason against the row.
    pub fn refuse(&mut self, field: &'static str, refusal: &dyn Refuse) {
        self.0.push(Fault::of(field, refusal));
    }

    /// The row, if every field of it could be read and nothing speaks against it.
    ///
    /// # Errors
    /// Every fault.
    pub fn finish<T>(self, row: Option<T>) -> Result<T, Vec<Fault>> {
        row.filter(|_| self.0.is_empty()).ok_or(self.0)
    }
}
