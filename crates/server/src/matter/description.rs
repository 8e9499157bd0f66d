//! How matters are described in the API: what opens one of each kind, what its actions bring, and what is kept.
//!
//! Invariant: everything about a kind comes from the kind. The wire types name these schemas and know no kind.

use domain::matter::{Kind, Party, Shape, shape};
use utoipa::openapi::schema::{AnyOfBuilder, Discriminator, OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};

/// Every schema that the descriptions of matters name.
///
/// # Panics
/// When two types have one name: one would be described as the other.
#[must_use]
pub fn schemas() -> Vec<(String, RefOr<Schema>)> {
    let shapes: Vec<Shape> = Kind::ALL.iter().copied().map(shape).collect();
    // What only the platform opens is not opened by a request.
    let openable = || shapes.iter().filter(|shape| shape.opened_by.iter().any(|by| *by != Party::Platform));
    let mut schemas: Vec<(String, RefOr<Schema>)> =
        openable().map(|shape| (shape.request(), shape.request_schema().into())).collect();
    let reference = |name: &str| Ref::from_schema_name(name);

    let mut discriminator = Discriminator::new("kind");
    let mut open =
        OneOfBuilder::new().description(Some("Opens a matter: of which kind, and what it begins with."));
    for shape in openable() {
        let request = reference(&shape.request());
        discriminator.mapping.insert(shape.kind.to_string(), request.ref_location.clone());
        open = open.item(request);
    }
    schemas.push(("OpenMatter".into(), Schema::from(open.discriminator(Some(discriminator)).build()).into()));

    let told = "Acts on a matter: `action` and what it brings, as the matter's kind reads it.";
    let act = shapes.iter().fold(AnyOfBuilder::new(), |any, shape| any.item(reference(&shape.input)));
    schemas.push(("ActOnMatter".into(), Schema::from(act.description(Some(told)).build()).into()));

    let body = shapes.iter().fold(AnyOfBuilder::new(), |any, shape| any.item(reference(&shape.body)));
    let told = "Everything about a matter, as its kind keeps it.";
    schemas.push(("MatterBody".into(), Schema::from(body.description(Some(told)).build()).into()));

    schemas.extend(shapes.into_iter().flat_map(|shape| shape.schemas));
    schemas.sort_by(|(one, _), (other, _)| one.cmp(other));
    schemas.dedup_by(|later, earlier| {
        assert!(later.0 != earlier.0 || later.1 == earlier.1, "two types are called {}", later.0);
        later.0 == earlier.0
    });
    schemas
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::matter::life;
    use serde_json::{Value, json};
    use std::collections::{BTreeMap, BTreeSet};

    fn described() -> BTreeMap<String, Value> {
        schemas().into_iter().map(|(name, schema)| (name, serde_json::to_value(schema).unwrap())).collect()
    }

    #[test]
    fn every_action_of_every_kind_is_described_by_its_word() {
        let described = described();
        for kind in Kind::ALL {
            let forms = described[&*shape(*kind).input]["oneOf"].as_array().unwrap().clone();
            let words: BTreeSet<String> = forms
                .iter()
                .map(|form| form["properties"]["action"]["enum"][0].as_str().unwrap().to_owned())
                .collect();
            let actions = (life(*kind).workflow)().actions;
            assert_eq!(words, actions.iter().map(|shown| shown.action.to_owned()).collect(), "{kind}");
            for form in forms {
                assert_eq!(form["required"][0], "action", "{kind}");
                assert_eq!(form["additionalProperties"], json!(false), "{kind}");
                assert!(form["description"].as_str().is_some_and(|told| told.contains("by ")), "{form}");
            }
        }
    }

    #[test]
    fn a_kind_that_people_open_is_opened_by_a_request_of_its_own() {
        let described = described();
        let mapping = described["OpenMatter"]["discriminator"]["mapping"].as_object().unwrap();
        for kind in Kind::ALL {
            let by_people = life(*kind).opened_by.iter().any(|by| *by != Party::Platform);
            assert_eq!(mapping.contains_key(kind.as_str()), by_people, "{kind}");
            if by_people {
                let request = &described[&shape(*kind).request()];
                assert_eq!(request["properties"]["kind"]["enum"], json!([kind.as_str()]));
                assert_eq!(request["properties"].get("parent_id").is_some(), *kind == Kind::Application);
            }
        }
        let save = &described["ApplicationInput"]["oneOf"][0];
        assert_eq!(save["properties"]["forms"]["$ref"], "#/components/schemas/ApplicationForms");
        assert_eq!(described["ApplicationContact"]["properties"]["phone"]["type"], "string");
    }

    #[test]
    fn every_name_that_is_referred_to_is_described() {
        let described = described();
        let text = json!(described).to_string();
        let names: BTreeSet<&str> = text
            .split("\"#/components/schemas/")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap())
            .collect();
        assert!(names.len() > 100);
        for name in names {
            assert!(described.contains_key(name), "{name}");
        }
    }
}
