//! Registering organisations: which one is meant, and whether it is registered already.
//!
//! Invariant: an organisation with a credit code is known by it, and one without by its name and its division. So what is
//! registered twice by form or file is told, and never becomes two. Two organisations of one name in one place are two if each has a
//! credit code of its own.

use super::{OrgKind, Refusal};
use crate::division::DivisionCode;

/// What is registered of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What it is.
    pub kind: OrgKind,
    /// Its full name.
    pub name: &'a str,
    /// Where it stands.
    pub division: DivisionCode,
    /// Its credit code.
    pub uscc: Option<&'a str>,
}

/// Whether it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not.
    New,
    /// It is, just so.
    Registered,
}

impl Entry<'_> {
    /// Whether it is registered among `known`, those that have its credit code or its name.
    ///
    /// Refuses with [`Refusal::Taken`] what has the credit code of another, and with [`Refusal::Named`] what has the name
    /// of another in the same place unless both have a credit code: who wrote it may mean that one.
    pub fn among<'a>(&self, known: impl Iterator<Item = Entry<'a>>) -> Result<Standing, Refusal> {
        let mut is_named = false;
        for other in known {
            if *self == other {
                return Ok(Standing::Registered);
            }
            if self.uscc.is_some() && self.uscc == other.uscc {
                return Err(Refusal::Taken);
            }
            let is_namesake = self.name == other.name && self.division == other.division;
            is_named |= is_namesake && (self.uscc.is_none() || other.uscc.is_none());
        }
        if is_named { Err(Refusal::Named) } else { Ok(Standing::New) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: Option<&str> = Some("91110000600037341L");
    const OTHER: Option<&str> = Some("91330106MA2CFMBX7J");

    fn entry<'a>(kind: OrgKind, name: &'a str, division: &str, uscc: Option<&'a str>) -> Entry<'a> {
        Entry { kind, name, division: division.parse().unwrap(), uscc }
    }

    #[test]
    fn an_organisation_is_known_by_its_code_and_without_one_by_its_name_in_a_place() {
        use OrgKind::{Department, Lab};
        let cases = [
            // With a code that is registered, everything else is as it was.
            (entry(Department, "甲", "330106", CODE), Ok(Standing::Registered)),
            (entry(Department, "乙", "330106", CODE), Err(Refusal::Taken)),
            (entry(Department, "甲", "330108", CODE), Err(Refusal::Taken)),
            (entry(Lab, "甲", "330106", CODE), Err(Refusal::Taken)),
            // Of one name in one place there are two only if each has a code.
            (entry(Department, "甲", "330106", OTHER), Ok(Standing::New)),
            (entry(Department, "甲", "330106", None), Err(Refusal::Named)),
            (entry(Department, "丙", "330106", OTHER), Err(Refusal::Named)),
            // Without a code, the name in its place.
            (entry(Department, "丙", "330106", None), Ok(Standing::Registered)),
            (entry(Lab, "丙", "330106", None), Err(Refusal::Named)),
            (entry(Department, "丙", "330108", None), Ok(Standing::New)),
            (entry(Department, "丁", "330106", None), Ok(Standing::New)),
        ];
        let known = [entry(Department, "甲", "330106", CODE), entry(Department, "丙", "330106", None)];
        for (new, expected) in cases {
            assert_eq!(new.among(known.into_iter()), expected, "{new:?}");
        }
        let mut turned = known;
        turned.reverse();
        for (new, expected) in cases {
            assert_eq!(new.among(turned.into_iter()), expected, "in whatever order they are found: {new:?}");
        }
    }

    #[test]
    fn a_kind_is_read_by_its_word_and_by_what_it_is_called() {
        for kind in OrgKind::ALL {
            assert_eq!(OrgKind::meant(kind.as_str()), Ok(*kind));
        }
        assert_eq!(OrgKind::meant("用卡部门"), Ok(OrgKind::Department));
        assert_eq!(OrgKind::meant("Prefectural department"), Ok(OrgKind::Prefecture));
        for text in ["", "部门", "Departments", " 用卡部门"] {
            assert_eq!(OrgKind::meant(text), Err(Refusal::Kind), "{text:?}");
        }
    }
}
