//! Closed sets of words: enums whose variants have one text each, the same in the database, on the wire and in
//! the audit record.
//!
//! Invariant: `as_str` and `parse` are inverse, and nothing else parses.

use crate::refusal::refusals;

refusals! {
    /// Why a word was not accepted.
    Refusal {
        /// The word is not one of the set.
        Unknown { words: &'static str } = "name.unknown" "取值须为下列之一：{words}" "must be one of: {words}";
    }
}

/// An enum of words, for code that is the same for many of them.
pub trait Word: Copy + Eq + std::fmt::Debug + std::str::FromStr<Err = Refusal> + 'static {
    /// Every one, in order of declaration.
    const ALL: &'static [Self];

    /// Its word.
    fn as_str(self) -> &'static str;
}

/// Declares an enum of words.
macro_rules! names {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)* })*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant,)* }

        impl $name {
            /// Every one, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            const WORDS: &'static str = concat!($(" ", $text),*);

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::name::Refusal;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)*
                    _ => Err($crate::name::Refusal::Unknown { words: Self::WORDS.trim_ascii_start() }),
                }
            }
        }

        $crate::text::text!($name);

        #[cfg(feature = "openapi")]
        $crate::schema::described! {
            $name, $crate::schema::name(module_path!(), stringify!($name)) => $crate::schema::words([$($text),*]);
        }

        impl $crate::name::Word for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn as_str(self) -> &'static str {
                Self::as_str(self)
            }
        }
    )* };
}
pub(crate) use names;

#[cfg(test)]
mod tests {
    use super::*;

    names! {
        /// For the test.
        Colour {
            /// Red.
            Red = "red",
            /// Dark blue.
            DarkBlue = "dark_blue",
        }
    }

    #[test]
    fn a_word_and_its_variant_are_inverse_and_nothing_else_parses() {
        for colour in Colour::ALL {
            assert_eq!(colour.as_str().parse(), Ok(*colour));
        }
        for word in ["", "Red", "red ", "blue"] {
            assert_eq!(word.parse::<Colour>(), Err(Refusal::Unknown { words: "red dark_blue" }));
        }
    }
}
