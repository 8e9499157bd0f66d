//! Filling a template for a channel, in the transaction that puts it there: an offer, an announced change or a notice. What is the same
//! for many channels is read once.
//!
//! Invariant: what a step is given as its words is what the version says with the values of this moment, or the step is refused.

use crate::Error;
use crate::channel::from_row;
use domain::id::OrgId;
use domain::matter::{By, Kind as MatterKind};
use domain::refusal::Refuse;
use domain::template::{Kind, Origin, Placeholder, Purpose, Refusal, State, Words};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use store::ReadTx;
use store::template::TemplateRow;

/// What stands for the placeholders.
#[derive(Debug, Clone, Default)]
pub struct Values {
    channel: String,
    number: String,
    owner: String,
    uscc: Option<String>,
    regions: String,
    operator: String,
    told: Told,
}

/// What an agreement or a notice says of itself.
#[derive(Debug, Clone, Default)]
pub struct Told(HashMap<Placeholder, String>);

impl Told {
    /// What these fields say.
    #[must_use]
    pub fn of(kind: Kind, given: &Map<String, Value>) -> Self {
        let told = |name: &Placeholder| {
            let text = name.told_in().iter().find_map(|field| given.get(*field)?.as_str())?;
            Some((*name, name.shown(text)))
        };
        Self(kind.placeholders().iter().filter_map(told).collect())
    }
}

impl Values {
    /// Those of a channel, for an operator.
    ///
    /// # Errors
    /// `resource.not_found`; the store's.
    pub fn of(tx: &mut ReadTx<'_>, channel: &[u8; 16], operator: String, told: Told) -> Result<Self, Error> {
        let row = store::channel::find(tx, channel)?.ok_or_else(Error::not_found)?;
        let owner = store::org::find(tx, &row.owner_id)?.ok_or_else(Error::not_found)?;
        let channel = from_row(&row)?;
        let regions: Vec<_> = channel.scope.regions().iter().map(|region| region.full_name()).collect();
        Ok(Self {
            channel: row.name,
            number: row.number,
            owner: owner.name,
            uscc: owner.uscc,
            regions: regions.join("、"),
            operator,
            told,
        })
    }

    /// What stands for a placeholder.
    #[must_use]
    pub fn get(&self, name: Placeholder) -> Option<String> {
        match name {
            Placeholder::ChannelName => Some(self.channel.clone()),
            Placeholder::ChannelNumber => Some(self.number.clone()),
            Placeholder::OwnerName => Some(self.owner.clone()),
            Placeholder::Uscc => self.uscc.clone(),
            Placeholder::Regions => Some(self.regions.clone()),
            Placeholder::Operator => Some(self.operator.clone()),
            Placeholder::From
            | Placeholder::Until
            | Placeholder::Version
            | Placeholder::Begins
            | Placeholder::Ends
            | Placeholder::AcknowledgeBy
            | Placeholder::UpgradeBy => self.told.0.get(&name).cloned(),
        }
    }
}

/// What the operator is called.
///
/// # Errors
/// The store's.
pub fn operator(tx: &mut ReadTx<'_>, id: Option<OrgId>) -> Result<String, Error> {
    let found = match id {
        Some(id) => store::org::find(tx, id.as_bytes())?,
        None => None,
    };
    Ok(found.map(|org| org.name).unwrap_or_default())
}

/// What is filled from a template where a matter of this kind is opened or acted on.
const fn filled_in(kind: MatterKind) -> Option<Kind> {
    match kind {
        MatterKind::Agreement => Some(Kind::Agreement),
        MatterKind::Notice => Some(Kind::Notice),
        _ => None,
    }
}

/// An input that names a version in place of its words; it is parsed once.
#[derive(Debug, Clone)]
pub struct Named {
    kind: Kind,
    given: Map<String, Value>,
    origin: Origin,
}

impl Named {
    /// Nothing where the input names none. What is malformed is named by whoever reads all of it.
    #[must_use]
    pub fn of(kind: MatterKind, input: &str) -> Option<Self> {
        let kind = filled_in(kind).filter(|_| input.contains("\"template\""))?;
        let Ok(Value::Object(given)) = serde_json::from_str(input) else { return None };
        let origin = serde_json::from_value(given.get("template").cloned()?).ok()?;
        Some(Self { kind, given, origin })
    }

    /// What the template is called.
    ///
    /// # Errors
    /// `template.not_in_force` at `/template`; the store's.
    pub fn name(&self, tx: &mut ReadTx<'_>) -> Result<String, Error> {
        self.template(tx).map(|row| row.name)
    }

    fn template(&self, tx: &mut ReadTx<'_>) -> Result<TemplateRow, Error> {
        let found = store::template::find(tx, self.origin.template_id.as_bytes())?;
        found.ok_or_else(|| wrong([Refusal::NotInForce]))
    }

    fn is_worded(&self) -> bool {
        let given = |field: &str| self.given.get(field).is_some_and(|text| !text.is_null());
        match self.kind {
            Kind::Agreement => given("text"),
            Kind::Notice => given("subject") || given("words"),
        }
    }
}

/// The same words for every channel that they are filled for.
#[derive(Debug, Clone)]
pub struct Filling {
    named: Named,
    words: Words,
    operator: String,
}

impl Filling {
    /// Of what an input names, for who puts it.
    ///
    /// # Errors
    /// At `/template`: `template.both`, `template.not_in_force`, `template.unfit`; the store's.
    pub fn of(tx: &mut ReadTx<'_>, named: Named, by: &By) -> Result<Self, Error> {
        if named.is_worded() {
            return Err(wrong([Refusal::Both]));
        }
        let row = named.template(tx)?;
        let found = store::template::find_version(tx, &row.id, i64::from(named.origin.number))?;
        let found = found.filter(|version| version.state == State::InForce.as_str());
        let found = found.ok_or_else(|| wrong([Refusal::NotInForce]))?;
        let topic = named.given.get("topic").and_then(Value::as_str).and_then(|topic| topic.parse().ok());
        purpose(&row)?.fits(named.kind, topic).map_err(|refusal| wrong([refusal]))?;
        let words = Words { subject: found.subject, text: found.text };
        Ok(Self { named, words, operator: operator(tx, by.org)? })
    }

    /// The input with the words for a channel.
    ///
    /// # Errors
    /// At `/template`: `template.absent`, `template.too_long`; the store's.
    pub fn written(&self, tx: &mut ReadTx<'_>, channel: &[u8; 16]) -> Result<String, Error> {
        let Named { kind, given, .. } = &self.named;
        let values = Values::of(tx, channel, self.operator.clone(), Told::of(*kind, given))?;
        let filled = self.words.fill(*kind, |name| values.get(name));
        let filled = filled.map_err(|refusals| wrong(refusals.into_iter().map(|(_, refusal)| refusal)))?;
        let mut given = given.clone();
        let text = match kind {
            Kind::Agreement => "text",
            Kind::Notice => "words",
        };
        given.insert(text.to_owned(), filled.text.into());
        given.extend(filled.subject.map(|subject| ("subject".to_owned(), subject.into())));
        Ok(Value::Object(given).to_string())
    }
}

/// From where the words of one step come.
#[derive(Debug)]
pub enum Source<'a> {
    /// They stand in its input.
    Input,
    /// From the version that the input names.
    Named(Named),
    /// From one that was read for many.
    Read(&'a Filling),
}

impl<'a> Source<'a> {
    /// That of an input, for which something may have been read.
    #[must_use]
    pub fn of(read: Option<&'a Filling>, kind: MatterKind, input: &str) -> Self {
        match read {
            Some(filling) => Self::Read(filling),
            None => Named::of(kind, input).map_or(Self::Input, Self::Named),
        }
    }

    /// Whether the input is filled before a rule reads it.
    #[must_use]
    pub const fn is_template(&self) -> bool {
        !matches!(self, Self::Input)
    }

    /// The input with its words for a channel; about no channel, as it is.
    ///
    /// # Errors
    /// At `/template`, those of [`Filling`]; the store's.
    pub fn written<'i>(
        self,
        tx: &mut ReadTx<'_>,
        by: &By,
        channel: Option<[u8; 16]>,
        input: &'i str,
    ) -> Result<Cow<'i, str>, Error> {
        match (self, channel) {
            (Self::Input, _) | (_, None) => Ok(Cow::Borrowed(input)),
            (Self::Named(named), Some(channel)) => {
                Filling::of(tx, named, by)?.written(tx, &channel).map(Cow::Owned)
            }
            (Self::Read(filling), Some(channel)) => filling.written(tx, &channel).map(Cow::Owned),
        }
    }
}

/// What a stored template is for.
///
/// # Errors
/// Internal: a word that is unknown.
pub fn purpose(row: &TemplateRow) -> Result<Purpose, Error> {
    let unknown = || Error::internal("a stored template is for something unknown");
    let topic = row.topic.as_deref().map(str::parse).transpose().map_err(|_| unknown())?;
    Purpose::of(row.kind.parse().map_err(|_| unknown())?, topic).map_err(|_| unknown())
}

/// Whether a refusal is about what the words come to for one channel.
#[must_use]
pub fn is_of_channel(error: &Error) -> bool {
    let errors = error.problem(false, "").errors;
    let codes = [Refusal::Absent { name: Placeholder::Uscc }.code(), Refusal::Long { most: 0 }.code()];
    !errors.is_empty() && errors.iter().all(|one| codes.contains(&one.code.as_str()))
}

/// Everything that is wrong with a template that was named, each once.
fn wrong(refusals: impl IntoIterator<Item = Refusal>) -> Error {
    let mut told: Vec<Refusal> = Vec::new();
    for refusal in refusals {
        if !told.contains(&refusal) {
            told.push(refusal);
        }
    }
    let field =
        |refusal: &Refusal| crate::error::field("/template", refusal.code(), &refusal.zh(), &refusal.en());
    Error::fields(told.iter().map(field).collect())
}
