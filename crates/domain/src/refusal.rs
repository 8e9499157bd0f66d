//! Refusals: every `Err` of this crate is a rule saying no, never a fault.
//!
//! A refusal has a stable code `noun.reason`, the clause it comes from where one applies, and a sentence in
//! Chinese and in English. Invariant: a sentence never repeats personal data, a key or a password, so it may be
//! sent to any caller and written to any log. Transport (status codes, pointers into a request) is not here.

use std::fmt;

/// What every module's `Refusal` can say about itself.
pub trait Refuse: fmt::Debug + Send + Sync {
    /// The stable machine name, `noun.reason`.
    fn code(&self) -> &'static str;
    /// The clause or reading the rule comes from ([`crate::clause`]), if it comes from one.
    fn clause(&self) -> Option<&'static str>;
    /// The sentence for a Chinese reader.
    fn zh(&self) -> String;
    /// The sentence for an English reader.
    fn en(&self) -> String;
}

/// One row of the generated error reference: what a refusal's variant says before its values are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The stable machine name.
    pub code: &'static str,
    /// The clause, if any.
    pub clause: Option<&'static str>,
    /// The Chinese sentence, values in braces.
    pub zh: &'static str,
    /// The English sentence, values in braces.
    pub en: &'static str,
}

/// Every refusal of the rules by module, from which the error reference is generated.
pub const CATALOGUE: &[(&str, &[Entry])] = &[
    ("advice", crate::advice::Refusal::ALL),
    ("agreement", crate::agreement::Refusal::ALL),
    ("application", crate::application::Refusal::ALL),
    ("assignment", crate::assignment::Refusal::ALL),
    ("attachment", crate::attachment::Refusal::ALL),
    ("audit", crate::audit::Refusal::ALL),
    ("authorization", crate::authorization::Refusal::ALL),
    ("calendar", crate::calendar::Refusal::ALL),
    ("campaign", crate::campaign::Refusal::ALL),
    ("card", crate::card::Refusal::ALL),
    ("channel", crate::channel::Refusal::ALL),
    ("clock", crate::clock::Refusal::ALL),
    ("contact", crate::contact::Refusal::ALL),
    ("delegation", crate::delegation::Refusal::ALL),
    ("division", crate::division::Refusal::ALL),
    ("ecard", crate::ecard::Refusal::ALL),
    ("exit", crate::exit::Refusal::ALL),
    ("export", crate::export::Refusal::ALL),
    ("filing", crate::filing::Refusal::ALL),
    ("grant", crate::grant::Refusal::ALL),
    ("id", crate::id::Refusal::ALL),
    ("identity", crate::identity::Refusal::ALL),
    ("key", crate::key::Refusal::ALL),
    ("callback_change", crate::callback_change::Refusal::ALL),
    ("key_change", crate::key_change::Refusal::ALL),
    ("key_rotation", crate::key_rotation::Refusal::ALL),
    ("ledger", crate::ledger::Refusal::ALL),
    ("locator", crate::locator::Refusal::ALL),
    ("maintenance", crate::maintenance::Refusal::ALL),
    ("matter", crate::matter::Refusal::ALL),
    ("money", crate::money::Refusal::ALL),
    ("monitoring", crate::monitoring::Refusal::ALL),
    ("name", crate::name::Refusal::ALL),
    ("notice", crate::notice::Refusal::ALL),
    ("notification", crate::notification::Refusal::ALL),
    ("org", crate::org::Refusal::ALL),
    ("parameter", crate::parameter::Refusal::ALL),
    ("passkey", crate::passkey::Refusal::ALL),
    ("payment", crate::payment::Refusal::ALL),
    ("person", crate::person::Refusal::ALL),
    ("qr", crate::qr::Refusal::ALL),
    ("rectification", crate::rectification::Refusal::ALL),
    ("registration", crate::registration::Refusal::ALL),
    ("risk_event", crate::risk_event::Refusal::ALL),
    ("security_report", crate::security_report::Refusal::ALL),
    ("sending", crate::sending::Refusal::ALL),
    ("service", crate::service::Refusal::ALL),
    ("service_form", crate::service_form::Refusal::ALL),
    ("settlement", crate::settlement::Refusal::ALL),
    ("sign_in_rule", crate::sign_in_rule::Refusal::ALL),
    ("signing_key", crate::signing_key::Refusal::ALL),
    ("staff", crate::staff::Refusal::ALL),
    ("statistic", crate::statistic::Refusal::ALL),
    ("template", crate::template::Refusal::ALL),
    ("terminal", crate::terminal::Refusal::ALL),
    ("ticket", crate::ticket::Refusal::ALL),
    ("time", crate::time::Refusal::ALL),
    ("webhook", crate::webhook::Refusal::ALL),
];

/// The refusal with a code, if a rule has one.
pub fn find(code: &str) -> Option<&'static Entry> {
    CATALOGUE.iter().flat_map(|(_, entries)| entries.iter()).find(|entry| entry.code == code)
}

/// Declares a module's refusals as one table: variant, code, clause in brackets where one applies, Chinese,
/// English. Values of a variant are named in braces inside its sentences.
macro_rules! refusals {
    ($(#[$meta:meta])* $name:ident { $(
        $(#[$vmeta:meta])*
        $variant:ident $({ $($(#[$fmeta:meta])* $field:ident : $ty:ty),* $(,)? })?
            = $code:literal $([$clause:literal])? $zh:literal $en:literal;
    )* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $(
            $(#[$vmeta])*
            $variant $({ $(
                #[doc = concat!("The `", stringify!($field), "` its sentences name.")]
                $(#[$fmeta])* $field: $ty
            ),* })?,
        )* }

        impl $name {
            /// Every refusal of this module, in order of declaration, for the error reference.
            pub const ALL: &'static [$crate::refusal::Entry] = &[$( $crate::refusal::Entry {
                code: $code,
                clause: $crate::refusal::first(&[$($clause)?]),
                zh: $zh,
                en: $en,
            } ),*];
        }

        #[allow(unused_variables, reason = "a sentence need not mention every value of its variant")]
        impl $crate::refusal::Refuse for $name {
            fn code(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field),* })? => $code, )* }
            }
            fn clause(&self) -> Option<&'static str> {
                match self { $(
                    Self::$variant $({ $($field),* })? => $crate::refusal::first(&[$($clause)?]),
                )* }
            }
            fn zh(&self) -> String {
                match self { $( Self::$variant $({ $($field),* })? => format!($zh), )* }
            }
            fn en(&self) -> String {
                match self { $( Self::$variant $({ $($field),* })? => format!($en), )* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&$crate::refusal::Refuse::en(self))
            }
        }

        impl std::error::Error for $name {}
    };
}
pub(crate) use refusals;

/// The optional clause of a [`refusals!`] row.
pub(crate) const fn first(clause: &[&'static str]) -> Option<&'static str> {
    match clause {
        [clause, ..] => Some(clause),
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    refusals! {
        /// A pair of refusals for the test.
        Sample {
            /// With a value and a clause.
            TooMany { limit: u32 } = "sample.too_many" ["CH-7.3"] "最多{limit}个" "at most {limit}";
            /// Plain.
            Closed = "sample.closed" "已关闭" "closed";
        }
    }

    #[test]
    fn a_refusal_names_code_clause_and_both_sentences() {
        let refusal = Sample::TooMany { limit: 3 };
        assert_eq!(refusal.code(), "sample.too_many");
        assert_eq!(refusal.clause(), Some("CH-7.3"));
        assert_eq!((refusal.zh().as_str(), refusal.en().as_str()), ("最多3个", "at most 3"));
        assert_eq!(Sample::Closed.clause(), None);
        assert_eq!(Sample::Closed.to_string(), "closed");
    }

    #[test]
    fn the_table_lists_every_variant_with_its_template() {
        let codes: Vec<_> = Sample::ALL.iter().map(|entry| (entry.code, entry.clause, entry.en)).collect();
        assert_eq!(
            codes,
            [("sample.too_many", Some("CH-7.3"), "at most {limit}"), ("sample.closed", None, "closed")]
        );
    }

    #[test]
    fn every_code_is_a_noun_and_a_reason_and_means_one_thing() {
        let mut seen = std::collections::BTreeMap::new();
        for (module, entries) in CATALOGUE {
            for entry in *entries {
                let (noun, reason) = entry.code.split_once('.').unwrap();
                let word = |part: &str| part.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
                assert!(
                    !noun.is_empty() && !reason.is_empty() && word(noun) && word(reason),
                    "{}",
                    entry.code
                );
                assert!(!entry.zh.is_empty() && !entry.en.is_empty(), "{}", entry.code);
                let earlier = seen.insert(entry.code, *module);
                assert_eq!(earlier, None, "{} is also in {module}", entry.code);
            }
        }
    }
}
