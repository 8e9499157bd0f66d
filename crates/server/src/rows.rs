//! What became of each row of a batch, whatever its noun: an outcome per row, and for a refused one every reason by its
//! field.

use crate::wire::fields::wrong_text;
use crate::{Error, World};
use domain::refusal::Refuse;
use domain::time::BusinessDate;
use std::str::FromStr;
use store::{Run, WriteTx};

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

/// A reason of a noun's own against a row.
pub trait Against {
    /// As a fault of the row.
    fn fault(&self) -> Fault;
}

/// What becomes of a row that could be read, decided before anything is written.
#[derive(Debug, Clone)]
pub enum Planned<New, Reason> {
    /// This is registered.
    New(New),
    /// It is registered so already.
    Unchanged,
    /// It is not registered.
    Refused(Vec<Reason>),
}

impl<New, Reason: Against> Planned<New, Reason> {
    fn outcome(&self) -> Outcome {
        match self {
            Self::New(_) => Outcome::Inserted,
            Self::Unchanged => Outcome::Unchanged,
            Self::Refused(reasons) => Outcome::Refused(reasons.iter().map(Against::fault).collect()),
        }
    }
}

/// Does a batch for good or as a rehearsal: `register` plans and writes what could be read, in order, and what could not be
/// read is refused for that.
///
/// # Errors
/// Those of `register`; the store's.
pub async fn perform<T, New, Reason>(
    world: &World,
    run: Run,
    rows: Vec<Result<T, Vec<Fault>>>,
    register: impl Fn(&mut WriteTx<'_>, &[T]) -> Result<Vec<Planned<New, Reason>>, Error> + Send + 'static,
) -> Result<Vec<Outcome>, Error>
where
    T: Send + 'static,
    New: Send + 'static,
    Reason: Against + Send + 'static,
{
    let mut ready = Vec::with_capacity(rows.len());
    let faults: Vec<_> = rows.into_iter().map(|row| row.map(|row| ready.push(row)).err()).collect();
    let planned = world.db().perform(run, move |tx| register(tx, &ready)).await?;
    let mut planned = planned.iter().map(Planned::outcome);
    let outcome = |faults: Option<Vec<Fault>>| match faults {
        Some(faults) => Outcome::Refused(faults),
        None => planned.next().unwrap_or(Outcome::Unchanged),
    };
    Ok(faults.into_iter().map(outcome).collect())
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
