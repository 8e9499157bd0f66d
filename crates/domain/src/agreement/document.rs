//! What is printed of an agreement: one of its texts, and everything that was signed under it.
//!
//! Invariant: a document shows nothing as signed that was not. A text under which nothing was signed is a draft, and stays
//! one when the offer is taken back.

use super::{Agreement, Signing, State, Term, Text};
use crate::matter::By;
use crate::time::{BusinessDate, Timestamp};

/// A text with what was signed under it.
#[derive(Debug)]
pub struct Document<'a> {
    /// The text.
    pub text: &'a Text,
    /// Where the agreement stands.
    pub state: State,
    /// The term in which the agreement is, or was in last.
    pub term: Term,
    /// Who offered the agreement, or announced this text, and when.
    pub offered: (&'a By, Timestamp),
    /// Its first day, of a text that is announced and not in force yet.
    pub effective_on: Option<BusinessDate>,
    /// What was signed, oldest first.
    pub signings: Vec<Signing<'a>>,
    /// What the owner is to sign now, when it is this text.
    pub to_sign: Option<&'a str>,
}

impl Document<'_> {
    /// Whether nothing was signed under the text.
    pub fn is_draft(&self) -> bool {
        self.signings.is_empty()
    }
}

impl Agreement {
    /// The text with this digest, announced and earlier ones too; without one, the text of today.
    pub fn document(&self, sm3: Option<&str>) -> Option<Document<'_>> {
        let announced = self.amendment.as_ref();
        let texts = self.earlier.iter().chain([&self.text]).chain(announced.map(|change| &change.text));
        let text = match sm3 {
            Some(sm3) => texts.into_iter().rfind(|text| text.sm3 == sm3)?,
            None => &self.text,
        };
        let change = announced.filter(|change| change.text.sm3 == text.sm3 && self.text.sm3 != text.sm3);
        let is_of = |statement: &str| statement.lines().any(|line| line == format!("文本SM3：{}", text.sm3));
        let keys = self.signatures.iter().map(Signing::Key);
        let papers = self.papers.iter().filter(|paper| paper.accepted().is_some()).map(Signing::Paper);
        let mut signings: Vec<_> = keys.chain(papers).filter(|one| is_of(one.statement())).collect();
        signings.sort_by_key(Signing::at);
        let offered = change.map_or(&self.offered, |change| &change.announced);
        Some(Document {
            text,
            state: self.state,
            term: self.term,
            offered: (&offered.by, offered.at),
            effective_on: change.map(|change| change.effective_on),
            signings,
            to_sign: self.statement.as_deref().filter(|statement| is_of(statement)),
        })
    }
}
