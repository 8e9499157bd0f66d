//! Filling a template for the channel of an agreement, in the transaction of the offer or of the announced change. What is the same for many
//! channels is read once.
//!
//! Invariant: what a step is given as its text is the version's own words with the values of this moment, or the step is refused.

use crate::Error;
use crate::channel::from_row;
use domain::agreement_template::{Origin, Placeholder, Refusal, State, fill};
use domain::id::OrgId;
use domain::matter::{By, Kind};
use domain::refusal::Refuse;
use serde_json::{Map, Value};
use store::ReadTx;

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

/// What an offer says of itself.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// The version of the agreement's text.
    pub version: Option<String>,
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub until: Option<String>,
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
            Placeholder::From => self.told.from.clone(),
            Placeholder::Until => self.told.until.clone(),
            Placeholder::Version => self.told.version.clone(),
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

/// What opens or amends agreements from a template: the same for every channel that it is filled for.
#[derive(Debug, Clone)]
pub struct Filling {
    given: Map<String, Value>,
    template: String,
    operator: String,
}

/// What an input says, where it opens or amends an agreement from a template. What is malformed is named by whoever reads all of it.
fn named(kind: &str, input: &str) -> Option<(Map<String, Value>, Origin)> {
    if kind != Kind::Agreement.as_str() || !input.contains("\"template\"") {
        return None;
    }
    let Ok(Value::Object(given)) = serde_json::from_str(input) else { return None };
    let origin = serde_json::from_value(given.get("template").cloned()?).ok()?;
    Some((given, origin))
}

/// Whether an input is filled from a template before a rule reads it.
#[must_use]
pub fn is_filled(kind: &str, input: &str) -> bool {
    named(kind, input).is_some()
}

impl Filling {
    /// Of what an input names, for who offers; nothing of what names no template.
    ///
    /// # Errors
    /// At `/template`: `agreement_template.both`, `agreement_template.not_in_force`; the store's.
    pub fn of(tx: &mut ReadTx<'_>, kind: &str, by: &By, input: &str) -> Result<Option<Self>, Error> {
        let Some((given, origin)) = named(kind, input) else { return Ok(None) };
        if given.get("text").is_some_and(|text| !text.is_null()) {
            return Err(wrong(&[Refusal::Both]));
        }
        let (id, number) = (origin.template_id.as_bytes(), i64::from(origin.number));
        let found = store::agreement_template::find_version(tx, id, number)?;
        let found = found.filter(|version| version.state == State::InForce.as_str());
        let found = found.ok_or_else(|| wrong(&[Refusal::NotInForce]))?;
        Ok(Some(Self { given, template: found.text, operator: operator(tx, by.org)? }))
    }

    /// The input with the text for a channel.
    ///
    /// # Errors
    /// At `/template`: `agreement_template.absent`, `agreement_template.too_long`; the store's.
    pub fn written(&self, tx: &mut ReadTx<'_>, channel: &[u8; 16]) -> Result<String, Error> {
        let word = |name: &str| self.given.get(name)?.as_str().map(str::to_owned);
        let told = Told {
            version: word("version"),
            from: word("from").or_else(|| word("effective_on")),
            until: word("until"),
        };
        let values = Values::of(tx, channel, self.operator.clone(), told)?;
        let text = fill(&self.template, |name| values.get(name)).map_err(|refusals| wrong(&refusals))?;
        let mut given = self.given.clone();
        given.insert("text".to_owned(), Value::String(text));
        Ok(Value::Object(given).to_string())
    }
}

/// Whether a refusal is about what a text comes to for one channel.
#[must_use]
pub fn is_of_channel(error: &Error) -> bool {
    let errors = error.problem(false, "").errors;
    let codes = [Refusal::Absent { name: Placeholder::Uscc }.code(), Refusal::Long.code()];
    !errors.is_empty() && errors.iter().all(|one| codes.contains(&one.code.as_str()))
}

fn wrong(refusals: &[Refusal]) -> Error {
    wrong_at("/template", refusals)
}

/// Everything that is wrong with a field.
pub(super) fn wrong_at(pointer: &str, refusals: &[Refusal]) -> Error {
    let field =
        |refusal: &Refusal| crate::error::field(pointer, refusal.code(), &refusal.zh(), &refusal.en());
    Error::fields(refusals.iter().map(field).collect())
}
