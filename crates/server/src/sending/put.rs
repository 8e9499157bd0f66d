//! Putting something to the channels of an audience in one transaction, whoever asked for it and whenever it begins.

use super::audience::Found;
use crate::Error;
use crate::error::side;
use crate::matter::{Course, Desk, New};
use crate::template::fill::{Filling, Named, is_of_channel};
use domain::audit::{Actor, Change, Record, Reference};
use domain::channel::Channel;
use domain::id::{ChannelId, MatterId, SendingId};
use domain::matter::Kind;
use domain::refusal::Refuse;
use domain::sending::{Content, Refusal};
use domain::time::Timestamp;
use http::StatusCode;
use store::WriteTx;
use store::matter::MatterRow;
use store::sending::LeftOutRow;

/// Most channels of one sending: they are told in one transaction.
const MOST: usize = 2_000;

/// What is put to whom.
pub(super) struct Put {
    content: Content,
    /// What opens or amends the matter of each channel.
    input: String,
    /// From which version it is filled for each of them, if it names one.
    named: Option<Named>,
    /// Each with a desk that has ids of its own, made before the transaction because it may run twice.
    addressed: Vec<(Desk, Channel)>,
    /// Who is named and cannot be told any more.
    beyond: Vec<LeftOutRow>,
}

/// What came of it.
pub(super) struct Done {
    content: Content,
    /// The channels that were told, by id, each with its matter.
    pub(super) matters: Vec<(ChannelId, MatterRow)>,
    /// Those it could not be put to.
    pub(super) left_out: Vec<LeftOutRow>,
}

impl Put {
    /// What is to be put to an audience, with the version that its input names; whoever is named in the audience in vain is left out.
    ///
    /// # Errors
    /// `sending.audience` at `/audience`.
    pub(super) fn new(
        (content, input, named): (Content, String, Option<Named>),
        audience: Found,
        desk: impl Fn() -> Desk,
    ) -> Result<Self, Error> {
        reaches(audience.channels.len())?;
        let beyond = audience.beyond.iter().filter_map(|one| {
            let channel = one.channel.as_ref()?;
            Some(left_out(channel, &one.why.into()))
        });
        let mut beyond: Vec<_> = beyond.collect();
        // Whoever is named twice is left out once.
        beyond.sort_by_key(|one| one.channel_id);
        beyond.dedup_by_key(|one| one.channel_id);
        Ok(Self {
            content,
            input,
            named,
            beyond,
            addressed: audience.channels.into_iter().map(|channel| (desk(), channel)).collect(),
        })
    }

    /// Puts it to them.
    ///
    /// # Errors
    /// `sending.audience` at `/audience`; those of the kind, below `/opening` or `/amendment`.
    pub(super) fn perform(&self, tx: &mut WriteTx<'_>) -> Result<Done, Error> {
        let (mut matters, mut out) = (Vec::with_capacity(self.addressed.len()), self.beyond.clone());
        let (filling, mut unfilled) = (self.filling(tx)?, None);
        for (desk, channel) in &self.addressed {
            match self.put(tx, (desk, filling.as_ref()), channel)? {
                Ok(row) => matters.push((channel.id, row)),
                Err(why) => {
                    out.push(left_out(channel, &why));
                    unfilled = unfilled.or(Some(why).filter(is_of_channel));
                }
            }
        }
        // What can be filled for none of them is wrong with what is sent.
        if let Some(why) = unfilled.filter(|_| matters.is_empty()) {
            return Err(why.under(self.below()));
        }
        reaches(matters.len())?;
        out.sort_by_key(|one| one.channel_id);
        Ok(Done { content: self.content, matters, left_out: out })
    }

    /// What all of them are filled from, read once.
    fn filling(&self, tx: &mut WriteTx<'_>) -> Result<Option<Filling>, Error> {
        let (Some(named), Some((desk, _))) = (&self.named, self.addressed.first()) else { return Ok(None) };
        let filling = Filling::of(tx, named.clone(), desk.by());
        filling.map(Some).map_err(|error| error.under(self.below()))
    }

    /// Where in the request what is put to them stands.
    const fn below(&self) -> &'static str {
        match self.content {
            Content::Notice | Content::KeyRotation => "/opening",
            Content::Amendment => "/amendment",
        }
    }

    /// Opens the matter of one channel.
    fn open(
        &self,
        tx: &mut WriteTx<'_>,
        (desk, filling): (&Desk, Option<&Filling>),
        channel: &Channel,
    ) -> Result<MatterRow, Error> {
        let (kind, id, owner) = (self.content.kind(), Some(channel.id), channel.owner);
        Course::new(desk).filled_from(filling).open(
            tx,
            New { kind, channel: id, parent: None, owner },
            &self.input,
        )
    }

    /// Puts it to one channel: its matter, or the rule by which this channel is left out. What is wrong with what is sent is
    /// wrong for all of them.
    fn put(
        &self,
        tx: &mut WriteTx<'_>,
        (desk, filling): (&Desk, Option<&Filling>),
        channel: &Channel,
    ) -> Result<Result<MatterRow, Error>, Error> {
        match self.content {
            Content::Notice => match self.open(tx, (desk, filling), channel) {
                Ok(row) => Ok(Ok(row)),
                Err(error) if is_of_channel(&error) => Ok(Err(error)),
                Err(error) => Err(error.under(self.below())),
            },
            Content::KeyRotation => match self.open(tx, (desk, filling), channel) {
                Ok(row) => Ok(Ok(row)),
                // Whether it has a key to rotate is the channel's own affair; its rule has spoken before anything was written.
                Err(error) if error.status() == StatusCode::CONFLICT => Ok(Err(error)),
                Err(error) => Err(error.under(self.below())),
            },
            Content::Amendment => {
                let kind = Kind::Agreement.as_str();
                let open = store::matter::list_open_of_channel(tx, channel.id.as_bytes(), kind)?;
                let Some(found) = open.first() else {
                    return Ok(Err(Refusal::NoAgreement.into()));
                };
                let row = store::matter::lock(tx, &found.id)?.ok_or_else(Error::not_found)?;
                match Course::new(desk).filled_from(filling).act(tx, row, &self.input) {
                    Ok(row) => Ok(Ok(row)),
                    // Where the agreement stands, and what is known to fill its text with, is the channel's own affair; either was
                    // found before anything was written.
                    Err(error) if error.status() == StatusCode::CONFLICT || is_of_channel(&error) => {
                        Ok(Err(error))
                    }
                    Err(error) => Err(error.under(self.below())),
                }
            }
        }
    }
}

impl Done {
    /// Keeps with the sending whom it was put to and whom it was not.
    pub(super) fn keep(&self, tx: &mut WriteTx<'_>, id: SendingId) -> Result<(), Error> {
        for (_, matter) in &self.matters {
            store::sending::insert_matter(tx, id.as_bytes(), &matter.id, matter.version)?;
        }
        for one in &self.left_out {
            store::sending::insert_left_out(tx, id.as_bytes(), one)?;
        }
        Ok(())
    }

    /// The channels that were told, each with the id of its matter.
    pub(super) fn told(&self) -> Vec<(ChannelId, MatterId)> {
        self.matters.iter().map(|(channel, row)| (*channel, MatterId::from_bytes(row.id))).collect()
    }

    /// The record that it was sent.
    pub(super) fn record(&self, now: Timestamp, actor: Actor, id: SendingId) -> Record {
        let (told, left) = (self.matters.len().to_string(), self.left_out.len().to_string());
        let mut record = Record::done(now, actor, "sending.sent");
        record.object = Some(Reference::new(SendingId::PREFIX, id.as_bytes()));
        record.changing([
            Change::came("kind", self.content.as_str()),
            Change::came("channels", &told),
            Change::came("left_out", &left),
        ])
    }
}

/// What opens or amends the matter of each channel, from the words that are sent.
pub(super) fn input(content: Content, words: &str) -> Result<String, Error> {
    match content {
        Content::Notice | Content::KeyRotation => Ok(words.to_owned()),
        Content::Amendment => {
            let mut input: serde_json::Value =
                serde_json::from_str(words).map_err(|error| Error::internal(error.to_string()))?;
            input["action"] = "amend".into();
            Ok(input.to_string())
        }
    }
}

fn reaches(channels: usize) -> Result<(), Error> {
    if (1..=MOST).contains(&channels) {
        return Ok(());
    }
    let most = i64::try_from(MOST).unwrap_or(i64::MAX);
    Err(Error::field("/audience", &Refusal::Audience { most } as &dyn Refuse))
}

fn left_out(channel: &Channel, why: &Error) -> LeftOutRow {
    LeftOutRow {
        channel_id: *channel.id.as_bytes(),
        number: channel.number.to_string(),
        name: channel.name.clone(),
        code: code_of(why),
        zh: said(why, false),
        en: said(why, true),
    }
}

/// The code of the first wrong field, or of the whole.
pub(super) fn code_of(why: &Error) -> String {
    let problem = why.problem(true, "");
    problem.errors.first().map_or(problem.code, |one| one.code.clone())
}

/// What was refused, field by field if it was about fields.
pub(super) fn said(why: &Error, english: bool) -> String {
    let problem = why.problem(english, "");
    let fields: Vec<_> = problem.errors.iter().map(|one| side(&one.message, english)).collect();
    if fields.is_empty() { problem.title } else { fields.join(if english { "; " } else { "；" }) }
}
