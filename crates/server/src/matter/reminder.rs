//! 催办: whoever waits tells those whose turn it is.
//!
//! Invariant: the matter itself does not move, so that a reminder never gets in the way of whoever is acting on it just
//! now; who reminded whom stays, on its page and in the audit log.

use super::assignment::holders;
use super::message::tell;
use super::met::Met;
use super::service::{Detail, View, actor, acts_for, phase, sees, view};
use super::step::{about_matter, kind};
use crate::auth::{Staff, authorize_role};
use crate::delegation::service::authority;
use crate::{Error, World};
use domain::advice::Office;
use domain::audit::{Change, Reference};
use domain::id::{ChannelId, MatterId, MessageId};
use domain::matter::{By, Message, Party, Refusal, Rule, life, received, remind};
use domain::org::Operation;
use domain::time::{BusinessDate, Timestamp};
use store::matter::{MatterRow, WaitRow};
use store::reminder::ReminderRow;
use store::{ReadTx, WriteTx};

/// Reminds those for whom a matter waits, of a matter in which the asker has a part: the owner's, one that the own
/// organisation has opened or acted in, any for ministry and operator.
///
/// # Errors
/// `staff.role`; `delegation.not_in_force`; `matter.party`; `matter.nobody` at `/party`; `matter.own_turn`; `matter.reminded`;
/// `resource.not_found` for a matter out of sight and for a party that it does not wait for.
pub async fn send(world: &World, staff: &Staff, id: MatterId, whom: Office) -> Result<View, Error> {
    authorize_role(staff, Operation::MatterAct)?;
    let (now, ids) = (world.now(), [world.id(MessageId::make), world.id(MessageId::make)]);
    let (staff, ring) = (staff.clone(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            let today = now.business_date();
            let authority = authority(tx, &staff, today)?;
            let row = store::matter::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !sees(tx, &mut Met::default(), &staff, &row)? {
                return Err(Error::not_found());
            }
            remind_one(tx, (&staff, authority), &row, whom, ids, now)?;
            view(tx, &mut Met::default(), &staff, &ring, row, Detail::Whole(today))
        })
        .await
}

/// Reminds those for whom a matter waits that is locked and in sight: the whole rule, and all that follows from it.
///
/// # Errors
/// As [`send`], but for `staff.role` and `delegation.not_in_force`.
pub(crate) fn remind_one(
    tx: &mut WriteTx<'_>,
    (staff, authority): (&Staff, Option<Reference>),
    row: &MatterRow,
    whom: Office,
    ids: [MessageId; 2],
    now: Timestamp,
) -> Result<(), Error> {
    let today = now.business_date();
    let by = party_of(tx, &mut Met::default(), staff, row)?;
    let last = last_on(&store::reminder::list(tx, &row.id)?, whom);
    remind(&by, whom.party, whom.division, last, today).map_err(|refusal| match refusal {
        Refusal::Nobody => Error::field("/party", &refusal),
        other => other.into(),
    })?;
    let mut waits = store::matter::list_waits(tx, &row.id)?;
    waits.retain(|wait| awaited(wait).is_some_and(|one| one == whom));
    if waits.is_empty() {
        return Err(Error::not_found());
    }
    store::reminder::insert(
        tx,
        &ReminderRow {
            matter_id: row.id,
            party: whom.party.to_string(),
            division: whom.area(),
            on_day: today.to_string(),
            at: now.as_micros(),
            staff_id: *staff.id.as_bytes(),
            org_id: *staff.org.as_bytes(),
        },
    )?;
    let mut first = words(tx, staff, row, &waits, whom)?;
    let liable = liable(tx, row, &first)?;
    let holders = holders(tx, row, whom)?;
    if !holders.is_empty() {
        first.zh.push_str(&format!("（承办人：{}）", holders.join("、")));
        first.en.push_str(&format!(" (in the hands of {})", holders.join(", ")));
    }
    for (id, message) in ids.into_iter().zip(std::iter::once(first).chain(liable)) {
        tell(tx, row, id, message, now)?;
    }
    let mut record = about_matter(row, staff.actor(), "matter.reminded", now);
    record.authorization = authority;
    let area = whom.division.map(|area| Change::came("division", &area.to_string()));
    tx.audit(&record.changing([Change::came("party", whom.party.as_str())]).changing(area));
    Ok(())
}

/// Of each wait, whether the asker may remind today those whom it waits for: by the very rule that [`send`] asks.
pub(super) fn remindable(
    tx: &mut ReadTx<'_>,
    met: &mut Met,
    staff: &Staff,
    row: &MatterRow,
    (waits, before): (&[WaitRow], &[ReminderRow]),
    today: BusinessDate,
) -> Result<Vec<bool>, Error> {
    let by = authorize_role(staff, Operation::MatterAct).and_then(|()| party_of(tx, met, staff, row));
    let by = match by {
        Ok(by) => by,
        Err(error) if error.status().is_server_error() => return Err(error),
        Err(_) => return Ok(vec![false; waits.len()]),
    };
    let may = |whom: Office| remind(&by, whom.party, whom.division, last_on(before, whom), today).is_ok();
    Ok(waits.iter().map(|wait| awaited(wait).is_some_and(may)).collect())
}

/// For whom it waits.
fn awaited(wait: &WaitRow) -> Option<Office> {
    Office::stored(&wait.party, &wait.division)
}

/// As whom the asker has a part in the matter: it waits in it, or watches over all of them.
fn party_of(tx: &mut ReadTx<'_>, met: &mut Met, staff: &Staff, row: &MatterRow) -> Result<By, Error> {
    let by = actor(staff)?;
    let has_part = match by.party {
        Party::Owner => acts_for(tx, met, staff, row)?,
        Party::Prefecture | Party::Province => store::matter::has_acted(tx, &row.id, staff.org.as_bytes())?,
        Party::Ministry | Party::Operator | Party::Platform => true,
    };
    if !has_part {
        return Err(Refusal::Party.into());
    }
    received(kind(row)?.errand(), by.party, phase(tx, met, row)?)?;
    Ok(by)
}

/// The day on which they were last reminded.
fn last_on(before: &[ReminderRow], whom: Office) -> Option<BusinessDate> {
    let area = whom.area();
    let last = before.iter().rev().find(|one| one.party == whom.party.as_str() && one.division == area)?;
    last.on_day.parse().ok()
}

/// What they are told: everything of theirs that the matter waits for, since when, and the first last day.
fn words(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    row: &MatterRow,
    waits: &[WaitRow],
    whom: Office,
) -> Result<Message, Error> {
    let org = store::org::find(tx, staff.org.as_bytes())?;
    let from = org.ok_or_else(|| Error::internal("staff without organisation"))?.name;
    let actions = (life(kind(row)?).workflow)().actions;
    let mut tasks: Vec<Rule> = Vec::new();
    for wait in waits {
        let named = actions.iter().find(|shown| shown.action == wait.task).map(|shown| shown.rule);
        let is_new = |rule: &Rule| tasks.iter().all(|known| known.zh != rule.zh);
        if let Some(rule) = named.filter(is_new) {
            tasks.push(rule);
        }
    }
    let (mut zh, mut en) = (String::new(), String::new());
    if !tasks.is_empty() {
        zh = format!("：{}", tasks.iter().map(|task| task.zh).collect::<Vec<_>>().join("、"));
        en = format!(": {}", tasks.iter().map(|task| task.en).collect::<Vec<_>>().join("; "));
    }
    if let Some(due) = waits.iter().filter_map(|wait| wait.due_on.as_deref()).min() {
        let (first_zh, first_en) = if waits.len() > 1 { ("最早的", "the first ") } else { ("", "") };
        zh.push_str(&format!("，{first_zh}最后日期{due}"));
        en.push_str(&format!(", {first_en}due on {due}"));
    }
    let since = waits.iter().map(|wait| wait.since).min().unwrap_or_default();
    let since = Timestamp::from_micros(since).business_date();
    Ok(Message {
        party: whom.party,
        division: whom.division,
        channel: None,
        zh: format!("{from}催办：{}，自{since}起等待贵方办理{zh}", row.title),
        en: format!("{from} reminds you: {} has waited for you since {since}{en}", row.title),
    })
}

/// The same for the level-1 channel that is jointly liable, where the owner of a level-2 channel is reminded (CH-11.4c).
fn liable(tx: &mut ReadTx<'_>, row: &MatterRow, first: &Message) -> Result<Option<Message>, Error> {
    let (Party::Owner, Some(id)) = (first.party, row.channel_id) else { return Ok(None) };
    let channel = store::channel::find(tx, &id)?.ok_or_else(Error::not_found)?;
    let parent = channel.parent_id.map(ChannelId::from_bytes);
    let of = (channel.name.as_str(), channel.number.as_str());
    Ok(parent.map(|parent| Message::to_liable(parent, of, &first.zh, &first.en)))
}
