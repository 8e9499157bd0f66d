//! Counting how long steps took.

use crate::auth::{Staff, authorize_role};
use crate::{Error, World};
use domain::channel::Class;
use domain::duration::{Move, Told, period, spells, told};
use domain::id::MatterId;
use domain::org::Operation;
use domain::parameter::Name;
use domain::time::{BusinessDate, Timestamp};
use store::duration::MoveRow;

/// What is counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked {
    /// Of channels of this class alone.
    pub class: Option<Class>,
    /// Steps that ended on this day or later; by default as far back as is named.
    pub from: Option<BusinessDate>,
    /// Steps that ended on this day or before; by default today.
    pub until: Option<BusinessDate>,
}

/// How long each step took.
#[derive(Debug)]
pub struct View {
    /// The first day that is counted.
    pub from: BusinessDate,
    /// The last one.
    pub until: BusinessDate,
    /// Of fewer cases nothing is told.
    pub least: i64,
    /// In the order of the steps.
    pub steps: Vec<Told>,
}

/// How long the steps of applications took that ended in a time, of all channels: to every office alike.
///
/// # Errors
/// `staff.role`; `duration.period` at `?from_on`.
pub async fn get(world: &World, staff: &Staff, asked: Asked) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let today = world.now().business_date();
    let back = i32::try_from(world.parameter(Name::DurationWindow)).unwrap_or(i32::MAX);
    let until = asked.until.unwrap_or(today);
    let from = asked.from.unwrap_or_else(|| until.plus_days(-back));
    let least = world.parameter(Name::DurationMinCases);
    period(from, until).map_err(|refusal| Error::field("?from_on", &refusal))?;
    let (since, before) = (from.start().as_micros(), until.plus_days(1).start().as_micros());
    let rows = world.db().read(move |tx| store::duration::list_moves(tx, since, before)).await?;
    let moves = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut all = spells(&moves);
    all.retain(|spell| {
        let is_within = (from..=until).contains(&spell.ended_at.business_date());
        is_within && asked.class.is_none_or(|class| spell.class == Some(class))
    });
    Ok(View { from, until, least, steps: told(&all, least) })
}

fn read(row: &MoveRow) -> Result<Move, Error> {
    let unknown = || Error::internal("a stored word of an application is unknown");
    let class = row.class.as_deref().map(str::parse).transpose().map_err(|_| unknown())?;
    Ok(Move {
        matter: MatterId::from_bytes(row.matter_id),
        class,
        at: Timestamp::from_micros(row.at),
        action: row.action.parse().ok(),
        to: row.to_state.parse().map_err(|_| unknown())?,
    })
}
