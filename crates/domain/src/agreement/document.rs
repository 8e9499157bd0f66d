//! What is printed of an agreement: one of its texts, and everything that was signed under it.
//!
//! Invariants. A document shows nothing as signed that was not. A text under which nothing was signed is a draft, and stays
//! one when the offer is taken back; so is the text of today while its renewal waits. To a text belongs what was put to the owner
//! while it was offered or held: the same words announced anew are another text, which is signed anew.

use super::evidence::line;
use super::{Agreement, Amendment, Earlier, Signing, State, Term, Text};
use crate::matter::By;
use crate::time::{BusinessDate, Timestamp};

/// A text with what was signed under it.
#[derive(Debug)]
pub struct Document<'a> {
    /// The text.
    pub text: &'a Text,
    /// Where the agreement stands.
    pub state: State,
    /// The term that is to be signed, or the one that the text had last; none of a change that can be put to the owner only once
    /// a renewal is signed.
    pub term: Option<Term>,
    /// Who offered the agreement, or announced this text, and when.
    pub offered: (&'a By, Timestamp),
    /// Whether it was announced in the place of another.
    pub is_change: bool,
    /// Its first day, of a text that is announced and not in force yet.
    pub effective_on: Option<BusinessDate>,
    /// Since when another text is in its place.
    pub replaced_at: Option<Timestamp>,
    /// What was signed, oldest first; of terms that are over, while a renewal waits.
    pub signings: Vec<Signing<'a>>,
    /// What the owner is to sign now, when it is this text.
    pub to_sign: Option<&'a str>,
}

impl Document<'_> {
    /// Whether nothing was signed under the text, or not for the term that it names.
    pub fn is_draft(&self) -> bool {
        self.signings.is_empty() || self.to_sign.is_some()
    }
}

impl Agreement {
    /// The text with this digest, announced and earlier ones too, the latest first; without one, the text of today.
    pub fn document(&self, sm3: Option<&str>) -> Option<Document<'_>> {
        let Some(sm3) = sm3 else { return Some(self.of_today()) };
        if let Some(change) = self.amendment.as_ref().filter(|change| change.text.sm3 == sm3) {
            return Some(self.of_change(change));
        }
        if self.text.sm3 == sm3 {
            return Some(self.of_today());
        }
        self.earlier.iter().rfind(|one| one.text.sm3 == sm3).map(|one| self.of_earlier(one))
    }

    fn of_today(&self) -> Document<'_> {
        let offered = self.announced.as_ref().unwrap_or(&self.offered);
        let to_sign = self.statement.as_deref().filter(|_| self.is_of_today());
        let signed_at = self.amendment.as_ref().and_then(|change| change.signed_at);
        let mut signings = self.signed(&self.text, self.announced.as_ref().map(|told| told.at), None);
        signings.retain(|one| signed_at != Some(one.at()));
        Document {
            text: &self.text,
            state: self.state,
            term: to_sign.and_then(term_in).or(Some(self.term)),
            offered: (&offered.by, offered.at),
            is_change: self.announced.is_some(),
            effective_on: None,
            replaced_at: None,
            signings,
            to_sign,
        }
    }

    /// Signed is what its own moment says: the same words may have been signed before.
    fn of_change<'a>(&'a self, change: &'a Amendment) -> Document<'a> {
        let to_sign = self.statement.as_deref().filter(|_| !self.is_of_today());
        let mut signings = self.signed(&change.text, change.signed_at, change.signed_at);
        signings.retain(|_| change.signed_at.is_some());
        let statement = to_sign.or_else(|| signings.last().map(Signing::statement));
        Document {
            text: &change.text,
            state: self.state,
            term: statement.and_then(term_in),
            offered: (&change.announced.by, change.announced.at),
            is_change: true,
            effective_on: Some(change.effective_on),
            replaced_at: None,
            to_sign,
            signings,
        }
    }

    fn of_earlier<'a>(&'a self, earlier: &'a Earlier) -> Document<'a> {
        let is_first = self.earlier.first() == Some(earlier);
        let offered = earlier.offered.as_ref().unwrap_or(&self.offered);
        Document {
            text: &earlier.text,
            state: self.state,
            term: earlier.term.or(Some(self.term)),
            offered: (&offered.by, offered.at),
            is_change: !is_first,
            effective_on: None,
            replaced_at: earlier.replaced_at,
            signings: self.signed(
                &earlier.text,
                earlier.offered.as_ref().map(|told| told.at),
                earlier.replaced_at,
            ),
            to_sign: None,
        }
    }

    /// Whether what waits for the owner's signature is the text of today: an offer, or its renewal; else it is a change.
    const fn is_of_today(&self) -> bool {
        matches!(self.state, State::Offered | State::Renewing)
    }

    /// What was signed under a text from one moment to another, oldest first.
    fn signed(&self, text: &Text, from: Option<Timestamp>, until: Option<Timestamp>) -> Vec<Signing<'_>> {
        let keys = self.signatures.iter().map(Signing::Key);
        let papers = self.papers.iter().filter(|paper| paper.accepted().is_some()).map(Signing::Paper);
        let is_of = |one: &Signing<'_>| {
            line(one.statement(), "文本SM3") == Some(text.sm3())
                && from.is_none_or(|from| one.at() >= from)
                && until.is_none_or(|until| one.at() <= until)
        };
        let mut signings: Vec<_> = keys.chain(papers).filter(is_of).collect();
        signings.sort_by_key(Signing::at);
        signings
    }
}

/// The term that a statement names.
fn term_in(statement: &str) -> Option<Term> {
    let day = |label| line(statement, label)?.parse().ok();
    Some(Term { from: day("生效日期")?, until: day("终止日期")? })
}
