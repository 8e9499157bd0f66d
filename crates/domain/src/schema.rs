//! How the values of rules are described in the API: words, ids, days and codes, each a text with a shape.
//!
//! Invariant: a type has one name in the description, made of its module and its own, so that the `State` of one noun
//! is not taken for another's. The rest is derived where the types stand, from what reads them.

use std::borrow::Cow;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

/// The name of a type of a module of this crate: `domain::risk_event::words` and `State` make `RiskEventState`.
pub fn name(module: &str, ident: &'static str) -> Cow<'static, str> {
    let noun = module.split("::").nth(1).unwrap_or_default();
    let capital = |part: &str| part[..1].to_uppercase() + &part[1..];
    let prefix: String = noun.split('_').filter(|part| !part.is_empty()).map(capital).collect();
    if ident.starts_with(&prefix) { Cow::Borrowed(ident) } else { Cow::Owned(prefix + ident) }
}

/// One of these words.
pub fn words(words: impl IntoIterator<Item = &'static str>) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build().into()
}

/// A text of this shape, a regular expression.
pub fn text(pattern: &str) -> Schema {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).build().into()
}

/// Implements the description of a type by an expression that makes its schema.
macro_rules! described {
    ($($name:ty, $text:expr => $schema:expr;)*) => { $(
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::RefOr::T($schema)
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $text
            }
        }
    )* };
}
pub(crate) use described;

fn formatted(format: KnownFormat) -> Schema {
    let text = ObjectBuilder::new().schema_type(Type::String);
    text.format(Some(SchemaFormat::KnownFormat(format))).build().into()
}

described! {
    crate::time::Timestamp, "Timestamp".into() => formatted(KnownFormat::DateTime);
    crate::time::BusinessDate, "BusinessDate".into() => formatted(KnownFormat::Date);
    crate::time::Month, "Month".into() => text("^[0-9]{4}-[0-9]{2}$");
    crate::division::DivisionCode, "DivisionCode".into() => text("^[0-9]{6}$");
    crate::service::ServiceCode, "ServiceCode".into() => text("^[a-z_.]+$");
    crate::channel::ChannelNumber, "ChannelNumber".into() => text("^.+$");
    crate::identity::Uscc, "Uscc".into() => text("^[0-9A-Z]{18}$");
}
