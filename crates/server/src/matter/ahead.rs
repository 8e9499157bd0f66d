//! What the rules say of a matter before anybody acts: what the end of an agreement comes to, what is found of a report that
//! waits for a review, what is next in an exit.
//!
//! Invariant: it is asked of the same functions, on the same stage, as the step that it foretells.

use super::step::kind;
use super::surroundings::Surroundings;
use crate::Error;
use crate::key::Ring;
use domain::agreement::{self, Outlook};
use domain::exit::{self, Stage};
use domain::matter::{By, Kind, Scene};
use domain::risk_event::{self, Retest};
use domain::security_report::{self, Checked};
use domain::time::Timestamp;
use store::ReadTx;
use store::matter::MatterRow;

/// What is known ahead; nothing of most kinds.
#[derive(Debug, Clone, Default)]
pub struct Ahead {
    /// Of an agreement in force.
    pub outlook: Option<Outlook>,
    /// Of a report that waits for a review.
    pub checklist: Vec<Checked>,
    /// Of a risk event whose rectification waits for its retest.
    pub retest: Option<Retest>,
    /// Of an exit, one that is over too.
    pub course: Vec<Stage>,
}

/// What is known ahead of a matter with this body.
///
/// # Errors
/// Internal: a body cannot be opened; the store's.
pub(super) fn ahead(
    tx: &mut ReadTx<'_>,
    ring: &Ring,
    row: &MatterRow,
    body: &str,
    at: Timestamp,
) -> Result<Ahead, Error> {
    let on = |found: Surroundings, foretold: &dyn Fn(&Scene<'_>) -> Ahead| {
        found.stage(row, By::PLATFORM, at, |scene| foretold(scene))
    };
    Ok(match kind(row)? {
        // What its body says is all there is to say.
        Kind::RiskEvent => Ahead { retest: risk_event::retest(body), ..Ahead::default() },
        // Its stages follow from it and the numbers in force: no neighbour is opened for them.
        Kind::Exit => on(Surroundings::alone(tx, row)?, &|scene| Ahead {
            course: exit::course(body, scene),
            ..Ahead::default()
        }),
        Kind::Agreement if row.ended == 0 => {
            on(Surroundings::read(tx, ring, row, &By::PLATFORM)?, &|scene| Ahead {
                outlook: agreement::outlook(body, scene),
                ..Ahead::default()
            })
        }
        Kind::SecurityReport if row.ended == 0 => {
            on(Surroundings::read(tx, ring, row, &By::PLATFORM)?, &|scene| Ahead {
                checklist: security_report::checklist(body, scene),
                ..Ahead::default()
            })
        }
        _ => Ahead::default(),
    })
}
