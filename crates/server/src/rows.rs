//! What became of each row of a batch, whatever its noun: an outcome per row, and for a refused one every reason by its
//! field.

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
