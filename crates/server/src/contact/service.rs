//! Whom to call about a channel: looked up, and told in clear.

use super::address::Known;
use crate::auth::{Sight, Staff, authorize_role, require_step_up};
use crate::channel::service::in_sight;
use crate::delegation::service::authority;
use crate::key::Ring;
use crate::matter::service::{acts_as, concerns};
use crate::matter::{about_matter, body};
use crate::{Error, World};
use domain::application::contact::{Done, told};
use domain::application::form::Contact;
use domain::contact::{Held, Refusal, Told, course};
use domain::id::{ChannelId, MatterId};
use domain::matter::{Kind, Party};
use domain::org::Operation;
use domain::parameter::Name;
use domain::time::Timestamp;
use std::collections::HashMap;
use store::ReadTx;
use store::channel::ChannelRow;
use store::matter::MatterRow;
use store::remark::RemarkRow;

/// Applications of a channel that are looked through, newest first.
const MOST: i64 = 500;
/// Open matters of a channel among which an office looks for its own.
const OPEN: i64 = 200;

/// Who is and was to be called about a channel, as the asker may see it.
#[derive(Debug)]
pub struct View {
    /// The channel.
    pub channel: ChannelId,
    /// Newest first; in clear to whoever is of the owner, and the one that holds now to whoever answers for the channel.
    pub held: Vec<Shown>,
    /// The code that waits for the one that holds now: until when.
    pub pending_until: Option<Timestamp>,
    /// Whether there is a relay.
    pub is_mail_sent: bool,
    /// Whether the asker may have a code mailed, and give it back.
    pub may_verify: bool,
    /// Whether the asker may have what holds now told in clear.
    pub may_reveal: bool,
}

/// A contact as it is shown.
#[derive(Debug)]
pub struct Shown {
    /// Who, and when.
    pub held: Held,
    /// When the address was shown to be read.
    pub verified_at: Option<Timestamp>,
}

/// Who is and was to be called about a channel in sight.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: ChannelId) -> Result<View, Error> {
    authorize_role(staff, Operation::ChannelList)?;
    let (asker, ring) = (staff.clone(), world.keys().ring());
    let (real, most) = (world.real_now(), world.parameter(Name::MailCodeErrors));
    let is_mail_sent = world.relay().is_some();
    world
        .db()
        .read(move |tx| {
            let row = in_sight(tx, asker.sight(), id)?;
            let held = held(tx, &ring, &row)?;
            let known = Known::of(tx, &ring, row.owner_id)?;
            let is_own = is_own(&asker);
            let pending_until = held.first().and_then(|now| known.pending(&now.told.contact, real, most));
            Ok(View {
                channel: id,
                pending_until: pending_until.filter(|_| is_own),
                is_mail_sent,
                may_verify: may_verify(&asker, &row) && is_mail_sent && !held.is_empty(),
                may_reveal: !held.is_empty() && may_reveal(tx, &asker, &ring, &row)?,
                held: held.into_iter().map(|one| shown(one, &known, clear_to(&asker, &row))).collect(),
            })
        })
        .await
}

/// Which contacts of a channel are shown in clear.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clear {
    /// To its owner: all of them are its own record.
    All,
    /// To the owner of its level-1 channel, which has to reach it now (CH-11.4b) and has no more business with who was before.
    Current,
    /// To everybody else.
    None,
}

fn clear_to(asker: &Staff, channel: &ChannelRow) -> Clear {
    match (is_own(asker), channel.owner_id == *asker.org.as_bytes()) {
        (true, true) => Clear::All,
        (true, false) => Clear::Current,
        (false, _) => Clear::None,
    }
}

fn shown(held: Held, known: &Known, clear: Clear) -> Shown {
    let verified_at = known.verified_at(&held.told.contact);
    let is_clear = clear == Clear::All || clear == Clear::Current && held.until.is_none();
    let contact = if is_clear { held.told.contact } else { held.told.contact.masked() };
    Shown { held: Held { told: Told { contact, ..held.told }, ..held }, verified_at }
}

/// The contact that holds now in clear; that it was asked for, and why, is on record with the application that told it.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `delegation.not_in_force`; `resource.not_found`; `contact.missing`; `matter.party` for
/// whoever has no business with the channel.
pub async fn reveal(world: &World, staff: &Staff, id: ChannelId, reason: String) -> Result<Contact, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    require_step_up(staff)?;
    let (asker, ring, now) = (staff.clone(), world.keys().ring(), world.now());
    world
        .db()
        .write(move |tx| {
            let authority = authority(tx, &asker, now.business_date())?;
            let row = in_sight(tx, asker.sight(), id)?;
            let current = current(tx, &ring, &row)?;
            if !is_own(&asker) && !may_reveal(tx, &asker, &ring, &row)? {
                return Err(domain::matter::Refusal::Party.into());
            }
            let matter = store::matter::find(tx, current.matter.as_bytes())?.ok_or_else(Error::not_found)?;
            let remark = RemarkRow {
                object_id: matter.id,
                at: now.as_micros(),
                staff_id: *asker.id.as_bytes(),
                action: "reveal".to_owned(),
                words: reason.clone(),
            };
            store::remark::insert(tx, &remark)?;
            let mut record = about_matter(&matter, asker.actor(), "matter.revealed", now);
            record.authorization = authority;
            tx.audit(&record);
            Ok(current.contact)
        })
        .await
}

/// The contact that holds now.
///
/// # Errors
/// `contact.missing`; the store's.
pub(super) fn current(tx: &mut ReadTx<'_>, ring: &Ring, channel: &ChannelRow) -> Result<Told, Error> {
    let now = held(tx, ring, channel)?.into_iter().next();
    Ok(now.ok_or(Refusal::Missing)?.told)
}

/// Who held when, newest first, by what the applications of the channel say.
pub(super) fn held(tx: &mut ReadTx<'_>, ring: &Ring, channel: &ChannelRow) -> Result<Vec<Held>, Error> {
    let mut done: HashMap<[u8; 16], Done> = HashMap::new();
    for row in store::contact::list_done(tx, &channel.id)? {
        let of = done.entry(row.matter_id).or_default();
        let at = Some(Timestamp::from_micros(row.at));
        match row.action.as_str() {
            "open" => of.opened_at = at,
            "file" => of.filed_at = at,
            _ => of.filed_formally_at = at,
        }
    }
    let mut all = Vec::new();
    for row in store::matter::list_of_channel_and_kind(tx, &channel.id, Kind::Application.as_str(), MOST)? {
        let Some(done) = done.get(&row.id) else { continue };
        let matter = MatterId::from_bytes(row.id);
        let said = told(&body(ring, &row)?, done).into_iter();
        all.extend(said.map(|(occasion, at, contact)| Told { matter, occasion, at, contact }));
    }
    Ok(course(all))
}

/// Whether the asker is of an owner: only channels of its own, and those that they answer for, are in its sight.
fn is_own(staff: &Staff) -> bool {
    matches!(staff.sight(), Sight::Own(_))
}

/// Whether the asker acts for the owner of this very channel: whoever answers for it, as its level 1, does not vouch for another.
pub(super) fn may_verify(staff: &Staff, channel: &ChannelRow) -> bool {
    channel.owner_id == *staff.org.as_bytes() && acts_for_an_owner(staff)
}

/// Whether the asker acts for an owner of channels.
pub(super) fn acts_for_an_owner(staff: &Staff) -> bool {
    is_own(staff)
        && authorize_role(staff, Operation::MatterAct).is_ok()
        && acts_as(staff).is_some_and(|by| by.party == Party::Owner)
}

/// Whether whoever is not of the owner has business with the channel: the ministry and the operator always, a department while
/// there is something for it to do in a matter of the channel.
fn may_reveal(tx: &mut ReadTx<'_>, staff: &Staff, ring: &Ring, channel: &ChannelRow) -> Result<bool, Error> {
    if authorize_role(staff, Operation::MatterAct).is_err() {
        return Ok(false);
    }
    match acts_as(staff).map(|by| by.party) {
        Some(Party::Ministry | Party::Operator) => Ok(true),
        Some(Party::Prefecture | Party::Province) => {
            let open: Vec<MatterRow> = store::matter::list_open(tx, &channel.id, OPEN)?;
            for row in &open {
                if concerns(tx, staff, ring, row)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Some(Party::Owner | Party::Platform) | None => Ok(false),
    }
}
