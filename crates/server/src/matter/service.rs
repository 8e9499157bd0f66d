//! Opening matters, acting on them, reading them, and doing what is due when nobody has.

use super::advice;
use super::ahead::{Ahead, ahead};
use super::assignment::{self, Held};
use super::contact;
use super::met::Met;
use super::reminder;
use super::step::{Course, Desk, New, body, kind, lock};
use crate::auth::{Sight, Staff, authorize_role, require_step_up};
use crate::channel::from_row;
use crate::{Error, World};
use domain::channel::Phase;
use domain::division::DivisionCode;
use domain::id::{ChannelId, MatterId, OrgId};
use domain::matter::{By, Kind, Need, Onlooker, Party, Refusal, Shown, Starter, life, received, seen_by};
use domain::org::Operation;
use domain::risk_event::{Brief, brief};
use domain::time::{BusinessDate, Timestamp};
use std::collections::HashSet;
use store::channel::ChannelRow;
use store::matter::{MatterRow, StepRow, WaitRow};
use store::org::OrgRow;
use store::reminder::ReminderRow;
use store::{ReadTx, Run, WriteTx};

/// Deadlines that one call looks at.
const OVERDUE: i64 = 200;

/// A matter with what is shown beside it.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub row: MatterRow,
    /// The body as JSON, when it was asked for.
    pub body: Option<String>,
    /// The channel, once there is one.
    pub channel: Option<ChannelRow>,
    /// The organisation that acts as the owner.
    pub owner: Option<OrgRow>,
    /// For whom it waits.
    pub waits: Vec<WaitRow>,
    /// What happened, when it was asked for.
    pub steps: Vec<StepRow>,
    /// Who was reminded, when it was asked for.
    pub reminders: Vec<ReminderRow>,
    /// Of each wait, whether the asker may remind today those whom it waits for; when it was asked for.
    pub remindable: Vec<bool>,
    /// What the asker may do now.
    pub actions: Vec<Shown>,
    /// Of a risk event, what a list tells of it.
    pub risk: Option<Brief>,
    /// Whether the asker is of its owner and only reads it, as its channel has left; when it was asked for.
    pub is_read_only: bool,
    /// What the rules say before anybody acts, when it was asked for.
    pub ahead: Ahead,
    /// In whose hands the asker's office has it, when it was asked for.
    pub held: Option<Held>,
    /// What other offices were asked about it, when it was asked for.
    pub advice: Vec<advice::Shown>,
    /// Whether the asker may ask them; when it was asked for.
    pub may_ask_advice: bool,
    /// Whether the asker may be told the contacts that are masked; when it was asked for.
    pub may_reveal: Option<bool>,
}

/// For which party, and as whom, a member of staff acts; a role that only watches acts for none.
#[must_use]
pub fn acts_as(staff: &Staff) -> Option<By> {
    let party = Party::at(staff.role_for(Operation::MatterAct), staff.division)?;
    Some(By {
        party,
        staff: Some(staff.id),
        org: Some(staff.org),
        division: staff.division,
        in_place_of: staff.stands_in.map(|one| one.giver),
    })
}

pub(super) fn actor(staff: &Staff) -> Result<By, Error> {
    acts_as(staff).ok_or_else(|| Refusal::Party.into())
}

/// Opens a matter: an owner about itself or its channels (for a level-2 channel its level-1 owner too, CH-11.2), the
/// others about channels in their sight.
///
/// # Errors
/// `staff.role`; `matter.party`; `staff.step_up_required` for what stops a channel; `resource.not_found` for a channel out of
/// sight; those of the kind.
pub async fn open(
    world: &World,
    staff: &Staff,
    of: Kind,
    channel: Option<ChannelId>,
    parent: Option<ChannelId>,
    opening: String,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let by = actor(staff)?;
    if (life(of).opens_afresh)(by.party) {
        require_step_up(staff)?;
    }
    let (desk, staff) = (Desk::of(world, by, staff), staff.clone());
    let (ring, today) = (world.keys().ring(), world.now().business_date());
    world
        .db()
        .write(move |tx| {
            let mut owner = staff.org;
            for id in channel.iter().chain(parent.iter()) {
                let row = store::channel::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
                if !sees_channel(tx, &staff, &row)? {
                    return Err(Error::not_found());
                }
                let its_own = OrgId::from_bytes(row.owner_id);
                if by.party != Party::Owner {
                    owner = its_own;
                } else if its_own != staff.org && of.starter() == Starter::Own {
                    // The key of a level-2 channel of another entity is not level 1's to change (CH-26.2).
                    return Err(Refusal::Party.into());
                }
            }
            let new = New { kind: of, channel, parent, owner };
            let row = Course::new(&desk).open(tx, new, &opening)?;
            view(tx, &mut Met::default(), &staff, &ring, row, Detail::Whole(today))
        })
        .await
}

/// Acts on a matter of the stated version, or says how it would stand if somebody did.
///
/// # Errors
/// `staff.role`; `matter.party`; `resource.not_found`; `resource.stale`; `staff.step_up_required`; those of the kind.
pub async fn act(
    world: &World,
    staff: &Staff,
    id: MatterId,
    version: i64,
    input: String,
    run: Run,
) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let by = actor(staff)?;
    let (desk, staff) = (Desk::of(world, by, staff), staff.clone());
    let (ring, today) = (world.keys().ring(), world.now().business_date());
    world
        .db()
        .perform(run, move |tx| {
            let row = lock(tx, id)?;
            if !sees(tx, &mut Met::default(), &staff, &row)? {
                return Err(Error::not_found());
            }
            if row.version != version {
                return Err(Error::platform("resource.stale"));
            }
            if by.party == Party::Owner && !acts_for(tx, &mut Met::default(), &staff, &row)? {
                return Err(Refusal::Party.into());
            }
            if wants(kind(&row)?, &input, Need::StepUp)? {
                require_step_up(&staff)?;
            }
            let row = Course::new(&desk).act(tx, row, &input)?;
            view(tx, &mut Met::default(), &staff, &ring, row, Detail::Whole(today))
        })
        .await
}

/// Whether the action that `input` names wants `need`.
pub(crate) fn wants(kind: Kind, input: &str, need: Need) -> Result<bool, Error> {
    let value: serde_json::Value = serde_json::from_str(input).unwrap_or_default();
    let named = value.get("action").and_then(serde_json::Value::as_str).unwrap_or_default();
    let actions = (life(kind).workflow)().actions;
    Ok(actions.iter().any(|shown| shown.action == named && shown.rule.needs(need)))
}

/// A matter in sight, whole.
///
/// # Errors
/// `staff.role`; `resource.not_found`.
pub async fn get(world: &World, staff: &Staff, id: MatterId) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let (staff, ring, today) = (staff.clone(), world.keys().ring(), world.now().business_date());
    world
        .db()
        .read(move |tx| {
            let row = store::matter::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !sees(tx, &mut Met::default(), &staff, &row)? {
                return Err(Error::not_found());
            }
            view(tx, &mut Met::default(), &staff, &ring, row, Detail::Whole(today))
        })
        .await
}

/// Does what follows from every last day that has passed: the platform's own action, or the recorded default. An action
/// that a rule refuses is recorded as a default, so nothing is tried for ever. What the store or a broken matter keeps from
/// happening is no default of anybody: the others go on, and it is tried again by the next call. Days that the calendar has
/// come to know are counted again first, so that nothing is late by one that was provisional. Says how many steps followed.
///
/// # Errors
/// The last failure of the store, or of a matter, when nothing else is left to do.
pub async fn expire(world: &World) -> Result<usize, Error> {
    let settled = super::settle::settle(world).await;
    let expired = expire_all(world).await;
    settled.and(expired)
}

async fn expire_all(world: &World) -> Result<usize, Error> {
    let mut done = 0;
    loop {
        let today = world.now().business_date().to_string();
        let waits = world.db().read(move |tx| store::matter::list_overdue(tx, &today, OVERDUE)).await?;
        let (mut moved, mut failed) = (false, None);
        for wait in waits {
            match expire_one(world, wait).await {
                Ok(acted) => {
                    moved = true;
                    done += usize::from(acted);
                }
                Err(error) => failed = Some(error),
            }
        }
        if !moved {
            return failed.map_or(Ok(done), Err);
        }
    }
}

async fn expire_one(world: &World, wait: WaitRow) -> Result<bool, Error> {
    let platform = Desk::platform(world);
    let action = wait.expiry.clone().filter(|word| word != "recorded");
    if let Some(action) = action {
        let (desk, wait) = (platform.clone(), wait.clone());
        let input = serde_json::json!({ "action": action }).to_string();
        let acted = world
            .db()
            .write(move |tx| match still(tx, &wait)? {
                Some(row) => Course::new(&desk).act(tx, row, &input).map(|_| true),
                None => {
                    tx.unaudited("somebody acted in the meantime");
                    Ok(false)
                }
            })
            .await;
        match acted {
            Ok(acted) => return Ok(acted),
            Err(error) if error.status().is_server_error() => return Err(error),
            Err(error) => tracing::warn!(code = error.code(), action, "a default action was refused"),
        }
    }
    world
        .db()
        .write(move |tx| match still(tx, &wait)? {
            Some(row) => Course::new(&platform).default(tx, row, &wait).map(|()| true),
            None => {
                tx.unaudited("somebody acted in the meantime");
                Ok(false)
            }
        })
        .await
}

/// The matter, locked, if it still waits for the same thing until the same day.
fn still(tx: &mut WriteTx<'_>, wait: &WaitRow) -> Result<Option<MatterRow>, Error> {
    let Some(row) = store::matter::lock(tx, &wait.matter_id)? else { return Ok(None) };
    let waits = store::matter::list_waits(tx, &wait.matter_id)?;
    Ok(waits.contains(wait).then_some(row))
}

/// How much of a matter is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// A line of a list, as it is on a day.
    Line(BusinessDate),
    /// Everything, as it is on a day.
    Whole(BusinessDate),
}

pub(super) fn view(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    ring: &crate::key::Ring,
    row: MatterRow,
    detail: Detail,
) -> Result<View, Error> {
    let (whole, kind) = (matches!(detail, Detail::Whole(_)), kind(&row)?);
    let is_opened = whole || kind == Kind::RiskEvent;
    let opened = if is_opened { Some(body(ring, &row)?) } else { None };
    let (mut text, mut actions, mut may_reveal) = (None, Vec::new(), None);
    let mut is_read_only = false;
    if let Some(all) = opened.as_deref().filter(|_| whole) {
        let own = acts_for(tx, met, staff, &row)?;
        if let Some(by) = acts_as(staff).filter(|by| by.party != Party::Owner || own) {
            let phase = phase(tx, met, &row)?;
            actions = (life(kind).actions)(all, &by, phase);
            is_read_only = received(kind.errand(), by.party, phase).is_err();
        }
        may_reveal = Some(!own && contact::may_reveal(tx, staff, ring, &row)?);
        let is_operator = acts_as(staff).is_some_and(|by| by.party == Party::Operator);
        text = seen_by(kind, all, Onlooker { org: staff.org, acts_for_owner: own, is_operator });
    }
    let ahead = match (&text, detail) {
        (Some(text), Detail::Whole(today)) => ahead(tx, ring, &row, text, today.start())?,
        _ => Ahead::default(),
    };
    let risk = opened.as_deref().filter(|_| kind == Kind::RiskEvent).and_then(brief);
    let waits = store::matter::list_waits(tx, &row.id)?;
    // A line says whether the asker may remind, too, so that nothing is offered for many that is refused for one.
    let reminders = if waits.is_empty() && !whole { Vec::new() } else { store::reminder::list(tx, &row.id)? };
    let (Detail::Line(today) | Detail::Whole(today)) = detail;
    let remindable = reminder::remindable(tx, met, staff, &row, (&waits, &reminders), today)?;
    let held = if whole { assignment::held(tx, met, staff, &row, &waits)? } else { None };
    let may_ask_advice = whole && advice::may_ask(staff, &row, &waits);
    let advice = if whole { advice::shown(tx, met, staff, &row, &waits)? } else { Vec::new() };
    Ok(View {
        channel: row.channel_id.map(|id| met.channel(tx, &id)).transpose()?.flatten(),
        owner: met.org(tx, &row.owner_id)?,
        waits,
        steps: if whole { store::matter::list_steps(tx, &row.id)? } else { Vec::new() },
        reminders,
        remindable,
        actions,
        risk,
        is_read_only,
        ahead,
        held,
        advice,
        may_ask_advice,
        may_reveal,
        body: text,
        row,
    })
}

/// Whether the asker's organisation is an owner in the matter: it opened it, or owns its channel, or the level-1
/// channel of that. A level-2 channel's access and exit are its level-1 owner's alone (CH-11.2), what is signed for it
/// binds whoever owns it (CH-9.3e), and its keys are in nobody else's hands (CH-26.2).
pub(super) fn acts_for(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    row: &MatterRow,
) -> Result<bool, Error> {
    let own = *staff.org.as_bytes();
    if row.owner_id == own {
        return Ok(true);
    }
    let kind = kind(row)?;
    let is_own =
        matches!(kind, Kind::Application | Kind::Exit | Kind::Agreement) || kind.starter() == Starter::Own;
    if is_own {
        return Ok(false);
    }
    let Some(id) = row.channel_id else { return Ok(false) };
    let channel = met.channel(tx, &id)?.ok_or_else(Error::not_found)?;
    owns(tx, met, staff, &channel)
}

/// Whether the asker's organisation owns the channel, or the level-1 channel that manages it directly (CH-4.3).
fn owns(tx: &mut ReadTx<'_>, met: &mut Met, staff: &Staff, channel: &ChannelRow) -> Result<bool, Error> {
    let own = *staff.org.as_bytes();
    let parent = match &channel.parent_id {
        Some(id) => met.channel(tx, id)?,
        None => None,
    };
    Ok(channel.owner_id == own || parent.is_some_and(|parent| parent.owner_id == own))
}

/// A matter in sight, for what hangs on it.
///
/// # Errors
/// `resource.not_found`; the store's.
pub(crate) fn in_sight(tx: &mut ReadTx<'_>, staff: &Staff, id: &[u8; 16]) -> Result<MatterRow, Error> {
    let row = store::matter::find(tx, id)?.ok_or_else(Error::not_found)?;
    if sees(tx, &mut Met::default(), staff, &row)? { Ok(row) } else { Err(Error::not_found()) }
}

/// [`in_sight`], locked, of a party that acts in it. A channel of the whole country is in the sight of every department: one
/// acts in a matter while there is something for it to do there.
///
/// # Errors
/// `resource.not_found`; `matter.party`; `channel.exited`, `channel.terminated` for an owner whose channel has left; the store's.
pub(crate) fn acted_on(
    tx: &mut WriteTx<'_>,
    staff: &Staff,
    ring: &crate::key::Ring,
    id: &[u8; 16],
) -> Result<MatterRow, Error> {
    let row = store::matter::lock(tx, id)?.ok_or_else(Error::not_found)?;
    if !sees(tx, &mut Met::default(), staff, &row)? {
        return Err(Error::not_found());
    }
    if !has_business(tx, staff, ring, &row)? {
        return Err(Refusal::Party.into());
    }
    receives(tx, staff, &row)?;
    Ok(row)
}

/// That the asker is received about a matter (CH-33.3).
///
/// # Errors
/// `matter.party`; `channel.exited`, `channel.terminated` for an owner whose channel has left; the store's.
pub(crate) fn receives(tx: &mut ReadTx<'_>, staff: &Staff, row: &MatterRow) -> Result<(), Error> {
    let phase = phase(tx, &mut Met::default(), row)?;
    Ok(received(kind(row)?.errand(), actor(staff)?.party, phase)?)
}

/// The phase of the channel that a matter is about, once there is one.
pub(super) fn phase(tx: &mut ReadTx<'_>, met: &mut Met, row: &MatterRow) -> Result<Option<Phase>, Error> {
    let channel = row.channel_id.map(|id| met.channel(tx, &id)).transpose()?.flatten();
    Ok(channel.as_ref().map(from_row).transpose()?.map(|channel| channel.phase))
}

/// Whether the asker's party acts in a matter in its sight: its owner, the ministry and the operator always, a department
/// while there is something for it to do.
pub(super) fn has_business(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    ring: &crate::key::Ring,
    row: &MatterRow,
) -> Result<bool, Error> {
    let by = actor(staff)?;
    Ok(match by.party {
        Party::Owner => acts_for(tx, &mut Met::default(), staff, row)?,
        Party::Prefecture | Party::Province => {
            !(life(kind(row)?).actions)(&body(ring, row)?, &by, None).is_empty()
                || advice::is_open(tx, &by, &row.id)?
        }
        Party::Ministry | Party::Operator | Party::Platform => true,
    })
}

/// Whether a matter is in the asker's sight and its party acts in it.
pub(crate) fn concerns(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    ring: &crate::key::Ring,
    row: &MatterRow,
) -> Result<bool, Error> {
    Ok(sees(tx, &mut Met::default(), staff, row)? && has_business(tx, staff, ring, row)?)
}

/// Whether a matter is in sight: an owner sees its own and those of its channels, a department what concerns its area
/// (CH-5.2) and what it was asked about, the ministry and the operator everything.
pub(super) fn sees(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    row: &MatterRow,
) -> Result<bool, Error> {
    let channel = row.channel_id.map(|id| met.channel(tx, &id)).transpose()?.flatten();
    Ok(match staff.sight() {
        Sight::Own(org) => {
            row.owner_id == *org.as_bytes()
                || channel.map(|channel| owns(tx, met, staff, &channel)).transpose()?.unwrap_or(false)
        }
        Sight::Area(area) if area == DivisionCode::NATIONAL => true,
        Sight::Area(area) => {
            let own = row.regions.split(',').filter_map(|text| text.parse::<DivisionCode>().ok());
            let served = channel.as_ref().map(from_row).transpose()?;
            let mut served = served.iter().flat_map(|channel| channel.scope.regions().iter().copied());
            let concerned = own.into_iter().any(|region| region.overlaps(area))
                || served.any(|region| region.overlaps(area));
            // Whoever is asked about it was shown it.
            match acts_as(staff) {
                Some(by) if !concerned => advice::is_shown(tx, met, &by, &row.id)?,
                _ => concerned,
            }
        }
    })
}

pub(crate) fn sees_channel(tx: &mut ReadTx<'_>, staff: &Staff, row: &ChannelRow) -> Result<bool, Error> {
    crate::channel::service::sees(tx, staff.sight(), row)
}

/// The names of the organisations in a history and among its reminders, by their ids.
///
/// # Errors
/// The store's.
pub async fn names(
    world: &World,
    steps: &[StepRow],
    reminders: &[ReminderRow],
) -> Result<Vec<([u8; 16], String)>, Error> {
    let acted = steps.iter().filter_map(|step| step.org_id);
    let ids: HashSet<[u8; 16]> = acted.chain(reminders.iter().map(|one| one.org_id)).collect();
    world
        .db()
        .read(move |tx| {
            let mut found = Vec::new();
            for id in ids {
                if let Some(org) = store::org::find(tx, &id)? {
                    found.push((id, org.name));
                }
            }
            Ok(found)
        })
        .await
}

/// The moment as it is shown.
#[must_use]
pub fn shown_at(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}
