//! One delivered value off by some units, for the run that shows that the tests notice (`cargo xtask prove`).
//!
//! The tests of this crate are started with `YKT_SHIFT=monitor.min_issuance=1`: every rule then finds 101 where 100 is
//! delivered, and a test that cites the clause must fail. Only tests contain this; nothing that is shipped can be shifted.
#![cfg(test)]

use super::{Name, Parameter};
use std::sync::LazyLock;

const VARIABLE: &str = "YKT_SHIFT";

static SHIFT: LazyLock<Option<(Name, i64)>> = LazyLock::new(|| {
    let text = std::env::var(VARIABLE).ok()?;
    Some(read(&text).unwrap_or_else(|| panic!("{VARIABLE} names no parameter and units: {text}")))
});

fn read(text: &str) -> Option<(Name, i64)> {
    let (name, units) = text.split_once('=')?;
    Some((name.parse().ok()?, units.parse().ok()?))
}

/// The delivered version as the rules under test find it.
pub fn shifted(delivered: Parameter) -> Parameter {
    match *SHIFT {
        Some((name, units)) if name == delivered.name => {
            Parameter { value: delivered.value + units, ..delivered }
        }
        _ => delivered,
    }
}

#[test]
fn a_shift_names_a_parameter_and_units() {
    assert_eq!(read("monitor.min_issuance=-1"), Some((Name::MinIssuance, -1)));
    for text in ["monitor.min_issuance", "monitor.issuance=1", "monitor.min_issuance=one"] {
        assert_eq!(read(text), None, "{text}");
    }
}
