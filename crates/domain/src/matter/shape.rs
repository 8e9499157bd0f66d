//! What a kind of matter reads and keeps, as the API describes it.
//!
//! Invariant: made of the types that read it, and of the rules that say who does what; nothing is written twice.

use super::life::{ACTION, of_kind};
use super::{Kind, Matter, Party};
use std::borrow::Cow;
use std::str::FromStr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOf, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

/// The shape of a kind.
#[derive(Clone)]
pub struct Shape {
    /// Which kind.
    pub kind: Kind,
    /// Who opens one.
    pub opened_by: &'static [Party],
    /// The name of the schema of what opens one.
    pub opening: Cow<'static, str>,
    /// The name of the schema of what its actions bring.
    pub input: Cow<'static, str>,
    /// The name of the schema of what is kept.
    pub body: Cow<'static, str>,
    /// These schemas, and every one that they name.
    pub schemas: Vec<(String, RefOr<Schema>)>,
}

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shape").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// The shape of a kind.
pub fn shape(kind: Kind) -> Shape {
    of_kind!(kind, of)
}

fn of<M: Matter + ToSchema>() -> Shape
where
    M::Opening: ToSchema,
    M::Input: ToSchema,
{
    let (opening, input, body) = (M::Opening::name(), M::Input::name(), M::name());
    let mut schemas = vec![
        (opening.to_string(), M::Opening::schema()),
        (input.to_string(), Schema::OneOf(input_of::<M>()).into()),
        (body.to_string(), M::schema()),
    ];
    M::Opening::schemas(&mut schemas);
    M::Input::schemas(&mut schemas);
    M::schemas(&mut schemas);
    Shape { kind: M::KIND, opened_by: M::OPENED_BY, opening, input, body, schemas }
}

/// One of the actions, each named by a field of its own beside what it brings, as it is read.
fn input_of<M: Matter>() -> OneOf
where
    M::Input: ToSchema,
{
    let mut actions = OneOfBuilder::new();
    let RefOr::T(Schema::OneOf(tagged)) = M::Input::schema() else {
        panic!("the input of {} is an enum", M::KIND);
    };
    for item in tagged.items {
        let RefOr::T(Schema::Object(outer)) = item else { panic!("an action of {} has a word", M::KIND) };
        for (word, brought) in outer.properties {
            let RefOr::T(Schema::Object(mut brought)) = brought else {
                panic!("what {word} of {} brings are fields", M::KIND);
            };
            brought.description = M::Action::from_str(&word).ok().map(told::<M>);
            let named = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([word]));
            brought.properties.insert(ACTION.to_owned(), named.build().into());
            brought.required.insert(0, ACTION.to_owned());
            brought.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
            actions = actions.item(brought);
        }
    }
    actions.description(Some(format!("What an action on a matter of the kind `{}` brings.", M::KIND))).build()
}

/// An action in words.
fn told<M: Matter>(action: M::Action) -> String {
    let rule = M::rule(action);
    let list = |words: Vec<String>| words.join(", ");
    let by = list(rule.by.iter().map(ToString::to_string).collect());
    let needs = list(rule.needs.iter().map(ToString::to_string).collect());
    let needs = if needs.is_empty() { needs } else { format!("; needs {needs}") };
    format!("{}。{} ({}): by {by}{needs}.", rule.zh, rule.en, rule.clause)
}

impl Shape {
    /// The name of the schema of the request that opens one.
    pub fn request(&self) -> String {
        format!("Open{}", self.opening.trim_end_matches("Opening"))
    }

    /// The request that opens one: the kind, the channel it is about, and the opening.
    pub fn request_schema(&self) -> Schema {
        let word = ObjectBuilder::new().schema_type(Type::String).enum_values(Some([self.kind.as_str()]));
        let people = self.opened_by.iter().filter(|by| **by != Party::Platform);
        let by = people.map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let mut request = ObjectBuilder::new()
            .description(Some(format!("Opens a matter of the kind `{}`: by {by}.", self.kind)))
            .property("kind", word)
            .required("kind")
            .property("channel_id", id("The channel it is about, where there is one.", "ChannelId"));
        if self.kind == Kind::Application {
            let told = "The level-1 channel that the access of a channel of level 2 names.";
            request = request.property("parent_id", id(told, "ChannelId"));
        }
        request
            .property("opening", Ref::from_schema_name(self.opening.clone()))
            .required("opening")
            .additional_properties(Some(AdditionalProperties::FreeForm(false)))
            .into()
    }
}

fn id(told: &str, name: &str) -> RefOr<Schema> {
    let mut id = Ref::from_schema_name(name);
    id.description = told.to_owned();
    id.into()
}
