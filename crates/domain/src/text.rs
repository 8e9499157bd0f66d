//! Values that are stored and sent as their text: serde by `Display` and `FromStr`, and nothing else parses.
//!
//! A body that is kept as JSON holds such values, so a wrong word is refused where it is read and never later.
//! Not here: the parsers, which stand with their types.

/// Implements `Serialize` and `Deserialize` through `Display` and `FromStr`.
macro_rules! text {
    ($($name:ty),* $(,)?) => { $(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )* };
}
pub(crate) use text;

text!(
    crate::channel::ChannelNumber,
    crate::division::DivisionCode,
    crate::service::ServiceCode,
    crate::time::BusinessDate,
    crate::time::Month,
    crate::time::Timestamp,
);

impl serde::Serialize for crate::identity::Uscc {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use crate::time::BusinessDate;

    #[test]
    fn a_value_is_its_text_and_a_wrong_text_is_refused() {
        let day: BusinessDate = "2026-02-28".parse().unwrap();
        assert_eq!(serde_json::to_string(&day).unwrap(), "\"2026-02-28\"");
        assert_eq!(serde_json::from_str::<BusinessDate>("\"2026-02-28\"").unwrap(), day);
        assert!(serde_json::from_str::<BusinessDate>("\"2026-02-29\"").is_err());
        assert!(serde_json::from_str::<BusinessDate>("20260228").is_err());
    }
}
