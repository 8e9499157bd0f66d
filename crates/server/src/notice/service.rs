//! Sending one notice to many channels.

use crate::auth::{Staff, authorize_role};
use crate::channel::from_row;
use crate::matter::{Course, Desk, New, service::acts_as};
use crate::{Error, World};
use domain::channel::{Channel, Class, Phase};
use domain::division::DivisionCode;
use domain::id::{ChannelId, MatterId};
use domain::matter::{Kind, Refusal};
use domain::org::Operation;
use store::ReadTx;

/// Channels read at a time.
const CHUNK: i64 = 500;
/// Most channels of one audience: they are told in one transaction.
const MOST: usize = 2_000;

/// Which channels; what is empty does not narrow it.
#[derive(Debug, Clone, Default)]
pub struct Audience {
    /// Of these classes.
    pub classes: Vec<Class>,
    /// That serve in one of these regions.
    pub regions: Vec<DivisionCode>,
    /// These.
    pub channels: Vec<ChannelId>,
}

impl Audience {
    fn holds(&self, channel: &Channel) -> bool {
        let serves = |region: &DivisionCode| channel.scope.regions().iter().any(|own| own.overlaps(*region));
        !matches!(channel.phase, Phase::Exited | Phase::Terminated)
            && (self.classes.is_empty() || self.classes.contains(&channel.class))
            && (self.regions.is_empty() || self.regions.iter().any(serves))
            && (self.channels.is_empty() || self.channels.contains(&channel.id))
    }

    fn of(&self, tx: &mut ReadTx<'_>) -> Result<Vec<Channel>, Error> {
        let mut found = Vec::new();
        let mut after = Vec::new();
        loop {
            let rows = store::channel::list(tx, &after, CHUNK)?;
            let Some(last) = rows.last() else { return Ok(found) };
            after = last.id.to_vec();
            for row in &rows {
                let channel = from_row(row)?;
                if self.holds(&channel) {
                    found.push(channel);
                }
            }
        }
    }
}

/// Opens a notice for every channel of an audience: the matters, in the order of the channels.
///
/// # Errors
/// `staff.role`; `matter.party`; `notice.audience` for one without a channel, or with too many; those of the kind.
pub async fn send(
    world: &World,
    staff: &Staff,
    audience: Audience,
    opening: String,
) -> Result<Vec<MatterId>, Error> {
    authorize_role(staff, Operation::NoticeSend)?;
    let by = acts_as(staff).ok_or(Refusal::Party)?;
    let channels = world.db().read(move |tx| audience.of(tx)).await?;
    if !(1..=MOST).contains(&channels.len()) {
        let message = "须至少包含1个、至多2000个渠道 (must hold 1 to 2000 channels)";
        return Err(Error::field_text("/audience", "notice.audience", message));
    }
    // Each has ids of its own, made here because the transaction may run twice.
    let desk = |channel: Channel| (Desk::new(world, by, staff.actor()), channel);
    let told: Vec<_> = channels.into_iter().map(desk).collect();
    world
        .db()
        .write(move |tx| {
            let mut sent = Vec::with_capacity(told.len());
            for (desk, channel) in &told {
                let (kind, id, owner) = (Kind::Notice, Some(channel.id), channel.owner);
                let new = New { kind, channel: id, parent: None, owner };
                let opened = Course::new(desk).open(tx, new, &opening);
                sent.push(MatterId::from_bytes(opened.map_err(|error| error.under("/opening"))?.id));
            }
            Ok(sent)
        })
        .await
}
