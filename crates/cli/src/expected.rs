//! The key that a signed file is expected to hold: a file that is checked offline cannot prove whose key signed it, a
//! fingerprint obtained elsewhere does.

use crate::arguments::Context;
use crate::output;
use clap::Args;

/// Whose key it should be.
#[derive(Debug, Args)]
pub struct Expected {
    /// Fingerprint of the signer's key, obtained elsewhere; another key in the file is then a fault
    #[arg(long)]
    fingerprint: Option<String>,
}

impl Expected {
    /// Whether a key is expected.
    pub fn is_any(&self) -> bool {
        self.fingerprint.is_some()
    }

    /// Whether a key may be the one; any may while nothing is expected.
    pub fn admits(&self, fingerprint: &str) -> bool {
        self.fingerprint.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(fingerprint))
    }

    /// Tells a person who expects nothing what has not been proven.
    pub fn caution(&self, context: &Context) {
        if self.fingerprint.is_none() && !context.output.is_json() {
            output::note(
                "the file cannot prove whose key signed: compare the fingerprint with one obtained elsewhere",
            );
        }
    }
}
