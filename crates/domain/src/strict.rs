//! Reading what comes from outside so that an object is an object.
//!
//! What serde derives reads a struct also from an array of its fields, so that `[]` would pass for an object without
//! fields. Invariant: read through [`Strict`], a struct or the fields of an enum's word are an object at whatever depth, and
//! an array in their place is a wrong type there. Not here: where a reader stopped ([`crate::pointer`]); enums that are
//! tagged within, whose content serde reads from a copy of its own (nothing that is brought from outside has one).

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};
use std::fmt;

/// A reader, or whatever takes part in reading, that asks for an object wherever a struct is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Strict<T>(pub T);

/// The fields of an enum's word.
struct Fields<V>(V);

/// The ways to read that are passed on as they are, but for the visitor.
macro_rules! pass_on {
    ($($read:ident($($argument:ident: $type:ty),*);)+) => {$(
        fn $read<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.0.$read($($argument,)* Strict(visitor))
        }
    )+};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(Strict(visitor))
    }

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    pass_on! {
        deserialize_any();
        deserialize_bool();
        deserialize_i8();
        deserialize_i16();
        deserialize_i32();
        deserialize_i64();
        deserialize_i128();
        deserialize_u8();
        deserialize_u16();
        deserialize_u32();
        deserialize_u64();
        deserialize_u128();
        deserialize_f32();
        deserialize_f64();
        deserialize_char();
        deserialize_str();
        deserialize_string();
        deserialize_bytes();
        deserialize_byte_buf();
        deserialize_option();
        deserialize_unit();
        deserialize_unit_struct(name: &'static str);
        deserialize_newtype_struct(name: &'static str);
        deserialize_seq();
        deserialize_tuple(len: usize);
        deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_map();
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
        deserialize_identifier();
        deserialize_ignored_any();
    }
}

/// The values that a visitor is shown as they are.
macro_rules! show {
    ($($visit:ident($type:ty);)+) => {$(
        fn $visit<E: serde::de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.0.$visit(value)
        }
    )+};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Strict<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    show! {
        visit_bool(bool);
        visit_i8(i8);
        visit_i16(i16);
        visit_i32(i32);
        visit_i64(i64);
        visit_i128(i128);
        visit_u8(u8);
        visit_u16(u16);
        visit_u32(u32);
        visit_u64(u64);
        visit_u128(u128);
        visit_f32(f32);
        visit_f64(f64);
        visit_char(char);
        visit_str(&str);
        visit_borrowed_str(&'de str);
        visit_string(String);
        visit_bytes(&[u8]);
        visit_borrowed_bytes(&'de [u8]);
        visit_byte_buf(Vec<u8>);
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_none()
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<V::Value, E> {
        self.0.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, reader: D) -> Result<V::Value, D::Error> {
        self.0.visit_some(Strict(reader))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, reader: D) -> Result<V::Value, D::Error> {
        self.0.visit_newtype_struct(Strict(reader))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<V::Value, A::Error> {
        self.0.visit_seq(Strict(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<V::Value, A::Error> {
        self.0.visit_map(Strict(fields))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, words: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(Strict(words))
    }
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Strict<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<S::Value, D::Error> {
        self.0.deserialize(Strict(reader))
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_element_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        self.0.next_key_seed(Strict(seed))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.0.next_value_seed(Strict(seed))
    }

    fn size_hint(&self) -> Option<usize> {
        self.0.size_hint()
    }
}

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Strict<A> {
    type Error = A::Error;
    type Variant = Strict<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self::Variant), A::Error> {
        self.0.variant_seed(Strict(seed)).map(|(word, brought)| (word, Strict(brought)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Strict<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        self.0.unit_variant()
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(Strict(seed))
    }

    fn tuple_variant<V: Visitor<'de>>(self, len: usize, visitor: V) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(len, Strict(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.newtype_variant_seed(Fields(visitor))
    }
}

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Fields<V> {
    type Value = V::Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<V::Value, D::Error> {
        reader.deserialize_map(Strict(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Strict;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Inner {
        words: Vec<String>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Wrapped(Inner);

    #[derive(Debug, PartialEq, Deserialize)]
    enum Choice {
        Plain,
        Fields { inner: Inner },
        Pair(u8, Inner),
        One(Inner),
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Outer {
        inner: Inner,
        maybe: Option<Inner>,
        list: Vec<Inner>,
        map: BTreeMap<String, Inner>,
        pair: (u8, Inner),
        wrapped: Option<Wrapped>,
        choice: Option<Choice>,
    }

    /// Where reading `text` stops; `None` when it does not.
    fn stops(text: &str) -> Option<String> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let read = serde_path_to_error::deserialize::<_, Outer>(Strict(&mut reader));
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        let from_value = serde_path_to_error::deserialize::<_, Outer>(Strict(value));
        assert_eq!(read.is_ok(), from_value.is_ok(), "{text}");
        read.err().map(|error| error.path().to_string())
    }

    #[test]
    fn an_array_is_no_object_at_whatever_depth() {
        for (text, place) in [
            ("[]", "."),
            (r#"{"inner":[]}"#, "inner"),
            (r#"{"inner":[["word"]]}"#, "inner"),
            (r#"{"maybe":[]}"#, "maybe"),
            (r#"{"list":[{},[]]}"#, "list[1]"),
            (r#"{"map":{"a":[]}}"#, "map.a"),
            (r#"{"pair":[1,[]]}"#, "pair[1]"),
            (r#"{"wrapped":[]}"#, "wrapped"),
            (r#"{"choice":{"Fields":[{}]}}"#, "choice.Fields"),
            (r#"{"choice":{"Fields":{"inner":[]}}}"#, "choice.Fields.inner"),
            (r#"{"choice":{"Pair":[1,[]]}}"#, "choice.Pair[1]"),
            (r#"{"choice":{"One":[]}}"#, "choice.One"),
        ] {
            assert!(serde_json::from_str::<Outer>(text).is_ok(), "{text} is what serde would read");
            assert_eq!(stops(text).as_deref(), Some(place), "{text}");
        }
    }

    #[test]
    fn what_is_meant_is_read_as_ever() {
        for text in [
            "{}",
            r#"{"inner":{"words":["a"]},"maybe":null,"list":[{},{"words":[]}],"map":{"a":{}},"pair":[1,{}]}"#,
            r#"{"maybe":{},"wrapped":{"words":["a"]},"choice":"Plain"}"#,
            r#"{"choice":{"Fields":{"inner":{}}}}"#,
            r#"{"choice":{"Pair":[1,{}]}}"#,
            r#"{"choice":{"One":{}}}"#,
        ] {
            let mut reader = serde_json::Deserializer::from_str(text);
            let read = Outer::deserialize(Strict(&mut reader)).unwrap();
            assert_eq!(read, serde_json::from_str::<Outer>(text).unwrap(), "{text}");
            assert_eq!(stops(text), None);
        }
    }
}
