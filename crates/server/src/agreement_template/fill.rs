//! Filling a template for the channel of an agreement, in the transaction of the offer or of the announced change.
//!
//! Invariant: what a step is given as its text is the version's own words with the values of this moment, or the step is refused.

use crate::Error;
use crate::channel::from_row;
use domain::agreement_template::{Origin, Placeholder, Refusal, State, fill};
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::matter::{By, Kind};
use domain::refusal::Refuse;
use serde_json::{Map, Value};
use std::borrow::Cow;
use store::ReadTx;
use store::matter::MatterRow;

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
    pub fn of(
        tx: &mut ReadTx<'_>,
        channel: &[u8; 16],
        operator: Option<OrgId>,
        told: Told,
    ) -> Result<Self, Error> {
        let row = store::channel::find(tx, channel)?.ok_or_else(Error::not_found)?;
        let owner = store::org::find(tx, &row.owner_id)?.ok_or_else(Error::not_found)?;
        let operator = match operator {
            Some(id) => store::org::find(tx, id.as_bytes())?.map(|org| org.name),
            None => None,
        };
        let channel = from_row(&row)?;
        let regions: Vec<_> = channel.scope.regions().iter().map(|region| place(*region)).collect();
        Ok(Self {
            channel: row.name,
            number: row.number,
            owner: owner.name,
            uscc: owner.uscc,
            regions: regions.join("、"),
            operator: operator.unwrap_or_default(),
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

/// The full name of a division, such as 浙江省杭州市.
fn place(code: DivisionCode) -> String {
    let province = code.province().name().filter(|_| code.province() != code).unwrap_or_default();
    code.name().map_or_else(|| code.to_string(), |name| format!("{province}{name}"))
}

/// What opens or amends an agreement, with the text that its template comes to; anything else as it is.
///
/// # Errors
/// At `/template`: `agreement_template.both`, `agreement_template.not_in_force`, and what the text cannot be filled with; the store's.
pub fn written<'a>(
    tx: &mut ReadTx<'_>,
    row: &MatterRow,
    by: &By,
    input: &'a str,
) -> Result<Cow<'a, str>, Error> {
    let is_agreement = row.kind == Kind::Agreement.as_str();
    let Some(channel) = row.channel_id.filter(|_| is_agreement && input.contains("\"template\"")) else {
        return Ok(Cow::Borrowed(input));
    };
    // What is malformed is named by whoever reads all of it.
    let Ok(Value::Object(mut given)) = serde_json::from_str::<Value>(input) else {
        return Ok(Cow::Borrowed(input));
    };
    let named = given.get("template").cloned().unwrap_or_default();
    let Ok(origin) = serde_json::from_value::<Origin>(named) else { return Ok(Cow::Borrowed(input)) };
    if given.get("text").is_some_and(|text| !text.is_null()) {
        return Err(wrong(&[Refusal::Both]));
    }
    let found =
        store::agreement_template::find_version(tx, origin.template_id.as_bytes(), i64::from(origin.number))?;
    let found = found.filter(|version| version.state == State::InForce.as_str());
    let found = found.ok_or_else(|| wrong(&[Refusal::NotInForce]))?;
    let word = |given: &Map<String, Value>, name: &str| given.get(name)?.as_str().map(str::to_owned);
    let told = Told {
        version: word(&given, "version"),
        from: word(&given, "from").or_else(|| word(&given, "effective_on")),
        until: word(&given, "until"),
    };
    let values = Values::of(tx, &channel, by.org, told)?;
    let text = fill(&found.text, |name| values.get(name)).map_err(|refusals| wrong(&refusals))?;
    given.insert("text".to_owned(), Value::String(text));
    Ok(Cow::Owned(Value::Object(given).to_string()))
}

fn wrong(refusals: &[Refusal]) -> Error {
    let field =
        |refusal: &Refusal| crate::error::field("/template", refusal.code(), &refusal.zh(), &refusal.en());
    Error::fields(refusals.iter().map(field).collect())
}
