//! An agreement that its owner signs on paper: the scan with the seal (盖章扫描件), and what the operator found when it saw the
//! paper (CH-9.3e).
//!
//! The reading (design 0063): that an agreement is signed (CH-9.3e) and signed anew (CH-24.2, CH-24.3) is demanded, not how; that its
//! *change* is signed electronically is (CH-25.2). So paper is taken for a first signing and for a renewal, and for nothing
//! else.
//!
//! Invariants. One scan at a time waits for the operator. A scan is bound to the statement that it was filed under, and so
//! to one text by its digest; what was accepted is not changed afterwards. Two parties take part: the owner files what it sent
//! itself, the operator accepts what it saw after the statement was made. Not here, and not claimed by anything that is: a signature. A scan proves what its digest covers; who saw the
//! paper, and when, is the platform's word.

use super::evidence::line;
use super::{Agreement, Opinion, Refusal, Signed, State, Text};
use crate::id::{AttachmentId, MatterId};
use crate::matter::{self, By, EvidenceFault, Faults, PaperEvidence, Party, Refused, Scene, Step};
use crate::name::names;
use crate::time::{BusinessDate, Timestamp};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

/// What the files of a scan are called.
pub const PURPOSE: &str = "stamped_scan";
/// The types that show a page.
const TYPES: [&str; 3] = ["application/pdf", "image/png", "image/jpeg"];

names! {
    /// What became of a scan.
    Verdict {
        /// The operator has seen the paper, and it is of this text.
        Accepted = "accepted",
        /// It is not, or cannot be read.
        Returned = "returned",
        /// The owner signed electronically, or the offer ended, before anybody had looked.
        Overtaken = "overtaken",
    }
}

/// A file of a scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementScan))]
pub struct Scan {
    file: AttachmentId,
    /// SM3 of the file, in hexadecimal.
    sm3: String,
    content_type: String,
    size: i64,
}

/// What was signed on paper, and what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementPaper))]
pub struct Paper {
    /// Which agreement, text and term the paper is about, word for word as it is printed on it.
    statement: String,
    /// When that was put to the owner: no paper of it was seen before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stated_at: Option<Timestamp>,
    scans: Vec<Scan>,
    /// By whom, and why it was not signed electronically.
    filed: Opinion,
    decided: Option<PaperDecision>,
}

/// What the operator found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementPaperDecision))]
pub struct PaperDecision {
    verdict: Verdict,
    /// The day on which the stamped paper itself was seen.
    seen_on: Option<BusinessDate>,
    words: Option<String>,
    by: By,
    at: Timestamp,
}

impl Scan {
    /// SM3 of the file, in hexadecimal.
    pub fn sm3(&self) -> &str {
        &self.sm3
    }

    /// Which file.
    pub const fn file(&self) -> AttachmentId {
        self.file
    }
}

impl PaperDecision {
    /// Who decided.
    pub const fn by(&self) -> &By {
        &self.by
    }

    /// When.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The day on which the paper was seen.
    pub const fn seen_on(&self) -> Option<BusinessDate> {
        self.seen_on
    }

    /// What was said about it.
    pub fn words(&self) -> Option<&str> {
        self.words.as_deref()
    }
}

impl Paper {
    /// Takes the scan of what was signed under a statement. Refuses files that are none of this matter or of another organisation than
    /// files it, and those that show no page.
    fn new(
        (statement, stated_at): (String, Option<Timestamp>),
        files: &[AttachmentId],
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Self, Refused> {
        let mut faults = Faults::default();
        faults.take("/words", matter::words(&words));
        let scan = |id: &AttachmentId| {
            let file = scene.files.iter().find(|file| file.id == *id)?;
            let is_page = file.purpose == PURPOSE && TYPES.contains(&file.content_type.as_str());
            let is_own = scene.by.org == Some(file.org);
            let (sm3, content_type) = (HEXLOWER.encode(&file.digest), file.content_type.clone());
            (is_page && is_own).then_some(Scan { file: *id, sm3, content_type, size: file.size })
        };
        let scans: Vec<Scan> = files.iter().filter_map(scan).collect();
        let is_once = scans.iter().enumerate().all(|(place, one)| !scans[..place].contains(one));
        if scans.is_empty() || scans.len() != files.len() || !is_once {
            faults.add("/files", Refusal::Scan);
        }
        faults.check()?;
        let filed = Opinion { words, by: scene.by, at: scene.at };
        Ok(Self { statement, stated_at, scans, filed, decided: None })
    }

    /// Which agreement, text and term the paper is about.
    pub fn statement(&self) -> &str {
        &self.statement
    }

    /// The files of the scan.
    pub fn scans(&self) -> &[Scan] {
        &self.scans
    }

    /// Who filed it, and when.
    pub const fn filed(&self) -> (&By, Timestamp) {
        (&self.filed.by, self.filed.at)
    }

    /// What the operator found, where it has accepted it.
    pub fn accepted(&self) -> Option<&PaperDecision> {
        self.decided.as_ref().filter(|decided| decided.verdict == Verdict::Accepted)
    }

    /// What it proves together with these texts of an agreement that was offered then; nothing of a scan that was not accepted. A text that
    /// is gone is a fault: without a key that signed its digest nothing says what the paper was about.
    pub(super) fn evidence(
        &self,
        matter: MatterId,
        texts: &[&Text],
        offered_at: Timestamp,
    ) -> Option<PaperEvidence> {
        let decided = self.accepted()?;
        let named = |label: &str, value: &str| line(&self.statement, label) == Some(value);
        let text = texts.iter().find(|text| named("文本SM3", &text.sm3));
        let is_seen = |day| is_seen(day, self.stated_at.unwrap_or(offered_at), decided.at);
        let holds_together = self.filed.by.party == Party::Owner
            && decided.by.party == Party::Operator
            && self.filed.at <= decided.at
            && decided.seen_on.is_some_and(is_seen)
            && !self.scans.is_empty();
        let faults = [
            (EvidenceFault::Matter, !named("协议", &matter.to_string())),
            (EvidenceFault::Text, text.is_none_or(|text| !text.is_whole())),
            (EvidenceFault::Paper, !holds_together),
        ];
        Some(PaperEvidence {
            document: self.statement.clone(),
            scans: self.scans.iter().map(|scan| scan.sm3.clone()).collect(),
            filed: (self.filed.by, self.filed.at),
            accepted: (decided.by, decided.at),
            seen_on: decided.seen_on,
            has_text: text.is_some(),
            faults: faults.into_iter().filter(|(_, is_found)| *is_found).map(|(fault, _)| fault).collect(),
        })
    }
}

/// Whether a paper can have been seen on a day: not before its statement was made, nor after it was accepted.
fn is_seen(day: BusinessDate, stated_at: Timestamp, accepted_at: Timestamp) -> bool {
    (stated_at.business_date()..=accepted_at.business_date()).contains(&day)
}

impl Agreement {
    /// Whether a scan waits for the operator.
    pub(super) fn waits_for_paper(&self) -> bool {
        self.papers.last().is_some_and(|paper| paper.decided.is_none())
    }

    pub(super) fn file_paper(
        mut self,
        files: &[AttachmentId],
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let statement = self.statement.clone().ok_or(Refusal::NothingToSign)?;
        self.papers.push(Paper::new((statement, self.stated_at), files, words, scene)?);
        let (zh, en) = ("合作协议盖章扫描件待核对", "A stamped agreement waits to be compared with its text");
        Ok(Step::plain(self).and(scene.tell(Party::Operator, zh, en)))
    }

    /// The operator has seen the paper: the agreement stands as if it was signed.
    pub(super) fn accept_paper(
        mut self,
        seen_on: BusinessDate,
        words: String,
        scene: &Scene<'_>,
    ) -> Result<Step<Self>, Refused> {
        let mut faults = Faults::default();
        faults.take("/words", matter::words(&words));
        if !is_seen(seen_on, self.stated_at.unwrap_or(self.offered.at), scene.at) {
            faults.add("/seen_on", Refusal::Seen);
        }
        faults.check()?;
        self.decide_paper(Verdict::Accepted, Some(seen_on), Some(words), scene);
        self.withdraw_statement();
        let (zh, en) =
            ("盖章扫描件已确认，协议生效", "The stamped paper was accepted: the agreement is in force");
        let accepted = self.conclude(scene);
        Ok(accepted.with(scene.tell_owner(zh, en)))
    }

    pub(super) fn return_paper(mut self, words: String, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        matter::words(&words)?;
        self.decide_paper(Verdict::Returned, None, Some(words), scene);
        let (zh, en) = ("盖章扫描件已退回，请查看原因", "The stamped scan was returned: see the reason");
        Ok(Step { matter: self, effects: scene.tell_owner(zh, en) })
    }

    /// Whatever waits for the operator needs no answer any more.
    pub(super) fn overtake_paper(&mut self, scene: &Scene<'_>) {
        if self.waits_for_paper() {
            self.decide_paper(Verdict::Overtaken, None, None, scene);
        }
    }

    fn decide_paper(
        &mut self,
        verdict: Verdict,
        seen_on: Option<BusinessDate>,
        words: Option<String>,
        scene: &Scene<'_>,
    ) {
        if let Some(paper) = self.papers.last_mut() {
            paper.decided = Some(PaperDecision { verdict, seen_on, words, by: scene.by, at: scene.at });
        }
    }

    /// Its text was signed, on whichever way: the next term begins, or the text that was announced takes its place.
    pub(super) fn conclude(mut self, scene: &Scene<'_>) -> Step<Self> {
        match self.state {
            State::Renewing => self.follow(super::Ending::Renewed, scene),
            State::Unsigned => self.replace_text(scene),
            _ => {
                if let Some(change) = &mut self.amendment {
                    change.signed_at = Some(scene.at);
                }
            }
        }
        let signed = Step::plain(Self { state: State::InForce, ..self });
        signed.with(crate::application::note_agreement(scene))
    }
}

/// One way in which a text was signed.
#[derive(Clone, Copy, Debug)]
pub enum Signing<'a> {
    /// With the owner's registered key.
    Key(&'a Signed),
    /// On paper that the operator has seen.
    Paper(&'a Paper),
}

impl Signing<'_> {
    /// Which agreement, text and term was signed.
    pub fn statement(&self) -> &str {
        match self {
            Self::Key(signed) => signed.statement(),
            Self::Paper(paper) => paper.statement(),
        }
    }

    /// Since when it counts.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Key(signed) => signed.at(),
            Self::Paper(paper) => paper.accepted().map_or(paper.filed.at, PaperDecision::at),
        }
    }
}
