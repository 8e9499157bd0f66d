//! One audit record and its only encoding.
//!
//! ```text
//! 0x01 ‖ (tag 1 ‖ length 1 ‖ value)*      tags strictly ascending, absent parts left out
//! ```
//!
//! The last tag, of a change, stands once for each, and the changes ascend strictly.

use super::Refusal;
use super::change::Change;
use super::label::Label;
use crate::id::RequestId;
use crate::locator::Locator;
use crate::time::Timestamp;
use std::fmt;

const FORMAT: u8 = 1;

const AT: u8 = 1;
const ACTOR: u8 = 2;
const SUBJECT: u8 = 3;
const AUTHORIZATION: u8 = 4;
const ACTION: u8 = 5;
const OBJECT: u8 = 6;
const ORIGIN: u8 = 7;
const OUTCOME: u8 = 8;
const CLAUSE: u8 = 9;
const EVIDENCE: u8 = 10;
const REQUEST: u8 = 11;
const ADDRESS: u8 = 12;
const CHANGE: u8 = 13;

/// A thing of the platform by its id: the id type's prefix and its bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference {
    prefix: [u8; 4],
    id: [u8; 16],
}

impl Reference {
    /// The thing with this id, e.g. `Reference::new(ChannelId::PREFIX, id.as_bytes())`.
    ///
    /// # Panics
    /// If `prefix` is not one to four lower-case letters, as the prefix of every id type is.
    pub const fn new(prefix: &'static str, id: &[u8; 16]) -> Self {
        let text = prefix.as_bytes();
        let mut padded = [0; 4];
        let mut at = 0;
        while at < text.len() {
            padded[at] = text[at];
            at += 1;
        }
        let reference = Self { prefix: padded, id: *id };
        assert!(reference.is_canonical(), "not the prefix of an id");
        reference
    }

    /// The thing that the API writes so, and when its id was made; of a use or a payment, the minute. Refuses:
    /// malformed.
    pub fn parse(text: &str) -> Result<(Self, Timestamp), Refusal> {
        let malformed = Refusal::Malformed { what: "reference" };
        for prefix in [Locator::USE, Locator::PAYMENT] {
            if let Ok(locator) = Locator::parse(prefix, text) {
                let minute = Timestamp::from_seconds(i64::from(locator.bucket) * 60);
                return Ok((Self::filed(prefix, &locator), minute));
            }
        }
        let (prefix, id, made_at) = crate::id::parse_any(text).ok_or(malformed)?;
        if prefix.len() > 4 {
            return Err(malformed);
        }
        let mut bytes = [0; 20];
        bytes[..prefix.len()].copy_from_slice(prefix.as_bytes());
        bytes[4..].copy_from_slice(&id);
        Ok((Self::decode(&bytes)?, made_at))
    }

    /// The row of a hot append table: the thirteen bytes of its key, and its shard, without the bucket.
    pub fn filed(prefix: &'static str, locator: &Locator) -> Self {
        let mut id = [0; 16];
        id[..13].copy_from_slice(&locator.id);
        id[13..15].copy_from_slice(&locator.shard.to_be_bytes());
        Self::new(prefix, &id)
    }

    /// Its id as the API writes it; of a row of a hot append table, whose bucket it does not hold, prefix and bytes in hex.
    pub fn text(&self) -> String {
        match self.prefix() {
            Locator::USE | Locator::PAYMENT => format!("{self:?}"),
            prefix => crate::id::text_of(prefix, &self.id),
        }
    }

    /// The bytes that stand for it in a record.
    pub fn encode(&self) -> [u8; 20] {
        let mut out = [0; 20];
        out[..4].copy_from_slice(&self.prefix);
        out[4..].copy_from_slice(&self.id);
        out
    }

    /// The prefix of its id.
    pub fn prefix(&self) -> &str {
        let length = self.prefix.iter().position(|byte| *byte == 0).unwrap_or(self.prefix.len());
        std::str::from_utf8(&self.prefix[..length]).unwrap_or_default()
    }

    /// The bytes of its id.
    pub const fn id(&self) -> &[u8; 16] {
        &self.id
    }

    const fn is_canonical(&self) -> bool {
        let mut at = 0;
        let mut ended = false;
        while at < self.prefix.len() {
            let byte = self.prefix[at];
            if byte != 0 && (ended || !byte.is_ascii_lowercase()) {
                return false;
            }
            ended = byte == 0;
            at += 1;
        }
        self.prefix[0] != 0
    }

    fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = Refusal::Malformed { what: "reference" };
        let (prefix, id) = bytes.split_first_chunk().ok_or(malformed)?;
        let reference = Self { prefix: *prefix, id: id.try_into().map_err(|_| malformed)? };
        if reference.is_canonical() { Ok(reference) } else { Err(malformed) }
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{:032x}", self.prefix(), u128::from_be_bytes(self.id))
    }
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The platform itself: a job, a timer, start-up.
    System,
    /// A caller or member of staff, by id.
    Party(Reference),
    /// A holder, who is never named otherwise than by commitment.
    Holder(Subject),
}

impl Actor {
    /// Who it was, as it is told: `system`, `holder`, or the id of a party.
    pub fn text(&self) -> String {
        match self {
            Self::System => "system".to_owned(),
            Self::Party(party) => party.text(),
            Self::Holder(_) => "holder".to_owned(),
        }
    }
}

/// For whom: a keyed commitment to a person, meaningless once its key or the person's row is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject(pub [u8; 16]);

/// Which address a request came from: a commitment to it and to random bytes that are kept beside the address, so that it
/// shows what is kept to be true and says nothing once that is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Whence(pub [u8; 16]);

impl Whence {
    /// The commitment to an address as it is written.
    pub fn commit(salt: &[u8; 16], address: &str) -> Self {
        let digest = gm::sm3::digest_parts(&[b"ykt audit address 1\n", salt, address.as_bytes()]);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Self(bytes)
    }
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It took effect.
    Done,
    /// A rule said no, with this code.
    Refused(Label),
}

impl Outcome {
    /// How it ended, as it is told: `done`, or the code of the refusal.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Done => "done",
            Self::Refused(code) => code.as_str(),
        }
    }
}

/// What happened, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// For whom.
    pub subject: Option<Subject>,
    /// Under which authorization: a grant, a holder session, a review.
    pub authorization: Option<Reference>,
    /// What was done.
    pub action: Label,
    /// To what.
    pub object: Option<Reference>,
    /// From where: the channel or terminal the act came through.
    pub origin: Option<Reference>,
    /// How it ended.
    pub outcome: Outcome,
    /// The clause the outcome rests on.
    pub clause: Option<Label>,
    /// SM3 over the request and answer kept elsewhere.
    pub evidence: Option<[u8; 32]>,
    /// The request of a member of staff that brought it about.
    pub request: Option<RequestId>,
    /// From which address that request came.
    pub whence: Option<Whence>,
    /// The fields that it changed, ascending.
    pub changes: Vec<Change>,
}

impl Record {
    /// A record of something that took effect, with nothing optional said yet.
    pub fn done(at: Timestamp, actor: Actor, action: impl Into<Label>) -> Self {
        Self {
            at,
            actor,
            subject: None,
            authorization: None,
            action: action.into(),
            object: None,
            origin: None,
            outcome: Outcome::Done,
            clause: None,
            evidence: None,
            request: None,
            whence: None,
            changes: Vec::new(),
        }
    }

    /// The same record with fields that it changed; what became what it was is no change.
    #[must_use]
    pub fn changing(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes.extend(changes.into_iter().filter(|c| c.from != c.to || c.is_withheld()));
        self.changes.sort_unstable();
        self.changes.dedup();
        self
    }

    /// A record of something `refusal` prevented, with its code and clause.
    pub fn refused(
        at: Timestamp,
        actor: Actor,
        action: impl Into<Label>,
        refusal: &dyn crate::refusal::Refuse,
    ) -> Self {
        let outcome = Outcome::Refused(Label::of(refusal.code()));
        Self { outcome, clause: refusal.clause().map(Label::of), ..Self::done(at, actor, action) }
    }

    /// The things of long life that it is about: what it was done to, and, when that is a part of another thing or its
    /// business, that thing; and the account of whoever did it. What happens thousands of times a second, such as a use, is
    /// filed under nothing, and what is done to a card, of which an import brings thousands, under the card alone.
    pub fn filed_under(&self) -> impl Iterator<Item = Reference> {
        const THINGS: [&str; 8] = ["chn", "mat", "org", "trm", "card", "stf", "opn", "pmv"];
        const PARTS: [&str; 6] = ["mat", "att", "key", "opn", "stf", "dlg"];
        let is = |of: &[&str], reference: &Reference| of.contains(&reference.prefix());
        let object = self.object.filter(|object| is(&THINGS, object));
        let is_part = self.object.is_some_and(|object| is(&PARTS, &object));
        let whole = self.origin.filter(|origin| is_part && is(&THINGS, origin));
        let is_account = |party: &Reference| is(&["stf"], party) && object.as_ref() != Some(party);
        let by = match self.actor {
            Actor::Party(party) => Some(party).filter(is_account),
            Actor::System | Actor::Holder(_) => None,
        };
        let by = by.filter(|_| !object.is_some_and(|object| is(&["card"], &object)));
        object.into_iter().chain(whole).chain(by)
    }

    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(160);
        self.encode_into(&mut out);
        out
    }

    /// Appends its bytes to `out`.
    pub fn encode_into(&self, out: &mut Vec<u8>) {
        out.push(FORMAT);
        part(out, AT, &[&self.at.as_micros().to_be_bytes()]);
        match &self.actor {
            Actor::System => part(out, ACTOR, &[&[0]]),
            Actor::Party(party) => part(out, ACTOR, &[&[1], &party.prefix, &party.id]),
            Actor::Holder(subject) => part(out, ACTOR, &[&[2], &subject.0]),
        }
        if let Some(subject) = &self.subject {
            part(out, SUBJECT, &[&subject.0]);
        }
        if let Some(authorization) = &self.authorization {
            part(out, AUTHORIZATION, &[&authorization.prefix, &authorization.id]);
        }
        part(out, ACTION, &[self.action.as_str().as_bytes()]);
        if let Some(object) = &self.object {
            part(out, OBJECT, &[&object.prefix, &object.id]);
        }
        if let Some(origin) = &self.origin {
            part(out, ORIGIN, &[&origin.prefix, &origin.id]);
        }
        match &self.outcome {
            Outcome::Done => part(out, OUTCOME, &[]),
            Outcome::Refused(code) => part(out, OUTCOME, &[code.as_str().as_bytes()]),
        }
        if let Some(clause) = &self.clause {
            part(out, CLAUSE, &[clause.as_str().as_bytes()]);
        }
        if let Some(evidence) = &self.evidence {
            part(out, EVIDENCE, &[evidence]);
        }
        if let Some(request) = &self.request {
            part(out, REQUEST, &[request.as_bytes()]);
        }
        if let Some(whence) = &self.whence {
            part(out, ADDRESS, &[&whence.0]);
        }
        for change in &self.changes {
            part(out, CHANGE, &change.parts());
        }
    }

    /// Reads a record and accepts only bytes that [`Record::encode`] makes. Refuses: malformed.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        let malformed = Refusal::Malformed { what: "record" };
        let mut parts = Parts { rest: bytes.strip_prefix(&[FORMAT]).ok_or(malformed)? };
        let record = Self {
            at: Timestamp::from_micros(i64::from_be_bytes(exact(parts.required(AT)?)?)),
            actor: actor(parts.required(ACTOR)?)?,
            subject: parts.optional(SUBJECT).map(exact).transpose()?.map(Subject),
            authorization: parts.optional(AUTHORIZATION).map(Reference::decode).transpose()?,
            action: Label::decode(parts.required(ACTION)?)?,
            object: parts.optional(OBJECT).map(Reference::decode).transpose()?,
            origin: parts.optional(ORIGIN).map(Reference::decode).transpose()?,
            outcome: outcome(parts.required(OUTCOME)?)?,
            clause: parts.optional(CLAUSE).map(Label::decode).transpose()?,
            evidence: parts.optional(EVIDENCE).map(exact).transpose()?,
            request: parts.optional(REQUEST).map(exact).transpose()?.map(RequestId::from_bytes),
            whence: parts.optional(ADDRESS).map(exact).transpose()?.map(Whence),
            changes: std::iter::from_fn(|| parts.optional(CHANGE))
                .map(Change::decode)
                .collect::<Result<_, _>>()?,
        };
        let is_ascending = record.changes.is_sorted_by(|left, right| left < right);
        if parts.rest.is_empty() && is_ascending { Ok(record) } else { Err(malformed) }
    }
}

/// Appends one part. Every value this module writes is at most three labels and what separates them.
fn part(out: &mut Vec<u8>, tag: u8, value: &[&[u8]]) {
    out.extend([tag, 0]);
    let start = out.len();
    for piece in value {
        out.extend_from_slice(piece);
    }
    out[start - 1] = u8::try_from(out.len() - start).unwrap_or(u8::MAX);
}

/// The parts of a record still to be read. Reading them in the order of their tags accepts no other order.
struct Parts<'a> {
    rest: &'a [u8],
}

impl<'a> Parts<'a> {
    fn optional(&mut self, tag: u8) -> Option<&'a [u8]> {
        let [found, length, rest @ ..] = self.rest else { return None };
        let (value, rest) = rest.split_at_checked(usize::from(*length))?;
        if *found != tag {
            return None;
        }
        self.rest = rest;
        Some(value)
    }

    fn required(&mut self, tag: u8) -> Result<&'a [u8], Refusal> {
        self.optional(tag).ok_or(Refusal::Malformed { what: "record" })
    }
}

fn exact<const N: usize>(value: &[u8]) -> Result<[u8; N], Refusal> {
    value.try_into().map_err(|_| Refusal::Malformed { what: "record" })
}

fn actor(value: &[u8]) -> Result<Actor, Refusal> {
    match value {
        [0] => Ok(Actor::System),
        [1, party @ ..] => Reference::decode(party).map(Actor::Party),
        [2, subject @ ..] => exact(subject).map(|subject| Actor::Holder(Subject(subject))),
        _ => Err(Refusal::Malformed { what: "record" }),
    }
}

fn outcome(value: &[u8]) -> Result<Outcome, Refusal> {
    if value.is_empty() { Ok(Outcome::Done) } else { Label::decode(value).map(Outcome::Refused) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::change::Value;
    use super::*;
    use proptest::option::of;
    use proptest::prelude::*;

    #[test]
    fn a_thing_is_found_by_the_id_that_the_api_writes() {
        let at = Timestamp::from_micros(1_764_000_000_123_000);
        let id = crate::id::ChannelId::make(at, [5; 10]);
        let channel = Reference::new("chn", id.as_bytes());
        assert_eq!(Reference::parse(&id.to_string()), Ok((channel, at)));
        assert_eq!(channel.text(), id.to_string());
        let locator = Locator { bucket: 29_400_000, shard: 700, id: [9; 13] };
        let minute = Timestamp::from_seconds(29_400_000 * 60);
        let used = Reference::filed(Locator::USE, &locator);
        assert_eq!(Reference::parse(&locator.text(Locator::USE)), Ok((used, minute)));
        assert_eq!(used.encode(), [&b"use\0"[..], &[9; 13], &[2, 188, 0]].concat()[..]);
        let text = id.to_string();
        for bad in ["", "chn", "chn_", &text[1..25], &text.to_uppercase(), &format!("longer{}", &text[3..])] {
            assert_eq!(Reference::parse(bad), Err(Refusal::Malformed { what: "reference" }), "{bad}");
        }
    }

    fn label() -> impl Strategy<Value = Label> {
        "[!-~]{1,64}".prop_map(|text| Label::parse(&text).unwrap())
    }

    fn reference() -> impl Strategy<Value = Reference> {
        (proptest::sample::select(vec!["chn", "card", "trm"]), any::<[u8; 16]>())
            .prop_map(|(prefix, id)| Reference::new(prefix, &id))
    }

    fn actor() -> impl Strategy<Value = Actor> {
        prop_oneof![
            Just(Actor::System),
            reference().prop_map(Actor::Party),
            any::<[u8; 16]>().prop_map(|bytes| Actor::Holder(Subject(bytes))),
        ]
    }

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        let value =
            || prop_oneof![Just(Value::Nothing), Just(Value::Withheld), label().prop_map(Value::Word)];
        let change = (label(), value(), value()).prop_map(|(field, from, to)| Change { field, from, to });
        proptest::collection::btree_set(change, 0..4).prop_map(|set| set.into_iter().collect())
    }

    pub(in crate::audit) fn record() -> impl Strategy<Value = Record> {
        let request = (of(any::<[u8; 16]>()), of(any::<[u8; 16]>()), changes());
        let who = (any::<i64>(), actor(), of(any::<[u8; 16]>().prop_map(Subject)), of(reference()));
        let what =
            (label(), of(reference()), of(reference()), of(label()), of(label()), of(any::<[u8; 32]>()));
        (who, what, request).prop_map(
            |(
                (at, actor, subject, authorization),
                (action, object, origin, refused, clause, evidence),
                (request, whence, changes),
            )| {
                Record {
                    at: Timestamp::from_micros(at),
                    actor,
                    subject,
                    authorization,
                    action,
                    object,
                    origin,
                    outcome: refused.map_or(Outcome::Done, Outcome::Refused),
                    clause,
                    evidence,
                    request: request.map(RequestId::from_bytes),
                    whence: whence.map(Whence),
                    changes,
                }
            },
        )
    }

    #[test]
    fn the_record_of_a_verification_is_111_bytes_and_never_changes_its_encoding() {
        let channel = Reference::new("chn", &[0x11; 16]);
        let mut record = Record::done(Timestamp::from_micros(1), Actor::Party(channel), "code.verify");
        record.subject = Some(Subject([0x22; 16]));
        record.authorization = Some(Reference::new("hss", &[0x33; 16]));
        record.origin = Some(Reference::new("trm", &[0x44; 16]));
        let bytes = record.encode();
        assert_eq!(bytes.len(), 111);
        assert_eq!(bytes[..14], [1, AT, 8, 0, 0, 0, 0, 0, 0, 0, 1, ACTOR, 21, 1]);
        assert_eq!(Record::decode(&bytes), Ok(record));
    }

    #[test]
    fn changes_are_kept_in_one_order_and_read_in_no_other() {
        let change = |field, from: &str, to: &str| Change::of(field, Value::word(from), Value::word(to));
        let record = Record::done(Timestamp::EPOCH, Actor::System, "channel.entered");
        let changes =
            [change("phase", "testing", "live"), change("level", "1", "2"), change("form", "app", "app")];
        let record = record.changing(changes);
        assert_eq!(record.changes, [change("level", "1", "2"), change("phase", "testing", "live")]);
        assert_eq!(Record::decode(&record.encode()), Ok(record.clone()));
        let mut turned = record.clone();
        turned.changes.reverse();
        let mut twice = record;
        twice.changes.push(change("phase", "testing", "live"));
        for wrong in [turned, twice] {
            assert_eq!(Record::decode(&wrong.encode()), Err(Refusal::Malformed { what: "record" }));
        }
    }

    #[test]
    fn a_record_is_filed_under_what_it_is_about_and_under_the_account_that_acted() {
        let reference = |prefix, byte| Reference::new(prefix, &[byte; 16]);
        let (org, account, other) = (reference("org", 1), reference("stf", 2), reference("stf", 3));
        let (channel, card, code) = (reference("chn", 4), reference("card", 5), reference("use", 6));
        for (actor, object, origin, under) in [
            (account, Some(channel), None, vec![channel, account]),
            (account, Some(other), Some(org), vec![other, org, account]),
            (account, Some(account), Some(org), vec![account, org]),
            (account, None, None, vec![account]),
            (account, Some(card), None, vec![card]),
            (channel, Some(code), Some(org), vec![]),
        ] {
            let mut record = Record::done(Timestamp::EPOCH, Actor::Party(actor), "thing.done");
            (record.object, record.origin) = (object, origin);
            assert_eq!(record.filed_under().collect::<Vec<_>>(), under);
        }
    }

    #[test]
    fn an_address_is_committed_to_with_what_is_kept_beside_it() {
        let whence = Whence::commit(&[7; 16], "192.0.2.1");
        assert_eq!(whence, Whence::commit(&[7; 16], "192.0.2.1"));
        assert!(
            whence != Whence::commit(&[8; 16], "192.0.2.1")
                && whence != Whence::commit(&[7; 16], "192.0.2.2")
        );
    }

    #[test]
    fn a_refused_act_names_code_and_clause() {
        let refusal = crate::money::Refusal::Overflow;
        let record = Record::refused(Timestamp::EPOCH, Actor::System, "payment.create", &refusal);
        assert_eq!((record.outcome, record.clause), (Outcome::Refused(Label::of("money.overflow")), None));
    }

    proptest! {
        #[test]
        fn a_record_reads_back_and_no_other_bytes_read_as_it(
            record in record(),
            at: prop::sample::Index,
            with: u8,
        ) {
            let bytes = record.encode();
            prop_assert_eq!(Record::decode(&bytes), Ok(record.clone()));
            let mut altered = bytes.clone();
            altered[at.index(bytes.len())] = with;
            if let Ok(other) = Record::decode(&altered) {
                prop_assert_eq!(other.encode(), altered);
            }
            prop_assert!(Record::decode(&bytes[..bytes.len() - 1]).is_err());
            prop_assert!(Record::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
        }

        #[test]
        fn decoding_never_panics(bytes: Vec<u8>) {
            if let Ok(record) = Record::decode(&bytes) {
                prop_assert_eq!(record.encode(), bytes);
            }
        }
    }
}
