//! What a step against a channel would break, before anybody takes it: the services that stop and how much they are used.
//!
//! Invariant: what stops is said by the rule that answers requests. Counters are kept by channel and not by service, so how
//! much is used is said of the channel as a whole.

use super::service::in_sight;
use super::{from_row, withheld_by};
use crate::auth::{Sight, Staff, authorize_role};
use crate::statistic::service::{self as statistic, Figures};
use crate::{Error, World};
use domain::channel::{Plan, Stop, Withheld};
use domain::division::DivisionCode;
use domain::id::{ChannelId, MatterId};
use domain::org::{Operation, allows};
use domain::risk_event::Cause;
use domain::time::BusinessDate;
use store::ReadTx;

/// Days that are looked back on: a week has every day of the week once.
const DAYS: i32 = 7;

/// What would break.
#[derive(Debug, Clone)]
pub struct Impact {
    /// What stops, by service.
    pub stops: Vec<Stop>,
    /// The last day to rectify, where the cause gives one (CH-31.1, CH-31.2).
    pub rectify_by: Option<BusinessDate>,
    /// How much the channel is used, for whoever may know.
    pub usage: Option<Usage>,
}

/// How much a channel was used on some days, in the asker's area.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// First day.
    pub from: BusinessDate,
    /// Last day.
    pub to: BusinessDate,
    /// Sums over the days; distinct users are those of each day.
    pub sums: Figures,
}

impl Usage {
    /// What a sum comes to a day, rounded up: one use is not none.
    #[must_use]
    pub fn daily(sum: i64) -> i64 {
        let days = i64::from(DAYS);
        sum.saturating_add(days - 1) / days
    }
}

/// What somebody thinks of doing.
#[derive(Debug, Clone)]
pub struct Thought {
    /// What would come upon the channel.
    pub plan: Plan,
    /// For which cause, once it is named.
    pub cause: Option<Cause>,
    /// The matter that would do it.
    pub matter: Option<MatterId>,
}

/// What a `thought` would break of a channel in sight. A step of a matter takes the place of the measure that the matter has.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn foresee(
    world: &World,
    staff: &Staff,
    id: ChannelId,
    Thought { plan, cause, matter }: Thought,
) -> Result<Impact, Error> {
    authorize_role(staff, Operation::ChannelList)?;
    let sight = staff.sight();
    let counts = allows(staff.role, Operation::StatisticRead);
    let area = match sight {
        Sight::Area(area) => area,
        Sight::Own(_) => DivisionCode::NATIONAL,
    };
    let today = world.now().business_date();
    let ends = matches!(plan, Plan::End);
    let rectify_by = cause.filter(|_| !ends).and_then(|cause| cause.rectify_by(today, &world.parameters()));
    let to = today.plus_days(-1);
    let from = to.plus_days(1 - DAYS);
    world
        .db()
        .read(move |tx| {
            let row = in_sight(tx, sight, id)?;
            let measures = others(tx, &row.id, matter)?;
            let usage = match counts {
                true => Some(Usage { from, to, sums: statistic::of_channel(tx, id, area, (from, to))? }),
                false => None,
            };
            Ok(Impact { stops: plan.stops(&from_row(&row)?, &measures), rectify_by, usage })
        })
        .await
}

/// What is withheld by all but one matter.
fn others(tx: &mut ReadTx<'_>, channel: &[u8; 16], matter: Option<MatterId>) -> Result<Vec<Withheld>, Error> {
    let own = matter.map(|id| *id.as_bytes());
    let rows = store::measure::list(tx, channel)?;
    let open = rows.iter().filter(|row| row.lifted_at.is_none() && (own.is_none() || row.matter_id != own));
    open.map(withheld_by).collect()
}
