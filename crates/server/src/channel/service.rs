//! Registering channels and moving them along their life.

use super::from_row;
use crate::auth::{Sight, Staff, authorize, authorize_role, require_step_up};
use crate::key::service::{NewKey, Owner};
use crate::org::service::NewOrg;
use crate::{Error, World, WorldName};
use domain::audit::{Change, Record, Reference};
use domain::channel::{
    AccessMode, Action, Channel, Class, Form, Level, Phase, Refusal, Relation, Scope, Withheld,
};
use domain::division::DivisionCode;
use domain::id::{ChannelId, MeasureId, OrgId};
use domain::identity::Uscc;
use domain::matter::{Kind, Party, life};
use domain::org::{Operation, OrgKind, allows};
use domain::time::Timestamp;
use gm::random;
use store::channel::ChannelRow;
use store::key::KeyRow;
use store::measure::MeasureRow;
use store::org::OrgRow;
use store::remark::RemarkRow;
use store::{ReadTx, WriteTx};

/// Numbers drawn for a channel: all of them taken is less likely than a broken disk.
pub(crate) const DRAWS: usize = 16;

/// A channel to register.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// The name the public knows.
    pub name: String,
    /// Full name of the owner unit, used when its credit code is new.
    pub owner_name: String,
    /// Credit code of the owner unit.
    pub owner_uscc: Uscc,
    /// Its class.
    pub class: Class,
    /// Its level.
    pub level: Level,
    /// Its level-1 channel.
    pub parent: Option<ChannelId>,
    /// How it belongs to that.
    pub relation: Option<Relation>,
    /// Whether it has platform-level capability (CH-10.2).
    pub is_platform_level: bool,
    /// Its form.
    pub form: Form,
    /// What the form is, when it is another one.
    pub form_name: Option<String>,
    /// How it reaches the platform.
    pub access_mode: AccessMode,
    /// Where and what for.
    pub scope: Scope,
    /// Public keys to begin with.
    pub keys: Vec<NewKey>,
}

/// A channel with what is shown beside it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The row.
    pub row: ChannelRow,
    /// The owner unit.
    pub owner: OrgRow,
    /// Its keys, revoked ones included.
    pub keys: Vec<KeyRow>,
    /// Why its state is what it is.
    pub reason: Option<String>,
    /// What the asker may do with it now.
    pub actions: Vec<Action>,
    /// What business the asker's party may begin about it in its phase.
    pub opens: Vec<Kind>,
}

/// Registers a live channel in the sandbox, which has the short way: in production a channel exists only because an
/// application was admitted (CH-6.4). The owner unit is
/// found by its credit code or registered, and a number is drawn that was never given (CH-9.1d).
///
/// # Errors
/// `staff.role`; `channel.not_admitted`; `channel.access_mode` (CH-8.3), `channel.parent_missing`, `channel.parent_unexpected`,
/// `channel.parent_level` (CH-4); `key.overlap`; `resource.exists` for a key that is registered.
pub async fn create(world: &World, staff: &Staff, new: NewChannel) -> Result<Shown, Error> {
    authorize(staff, Operation::ChannelCreate, DivisionCode::NATIONAL)?;
    if world.name() == WorldName::Production {
        return Err(Refusal::NotAdmitted.into());
    }
    let (id, owner_id, now) = (world.id(ChannelId::make), world.id(OrgId::make), world.now());
    let numbers: Vec<String> = (0..DRAWS).map(|_| draw()).collect();
    let (actor, asker, name) = (staff.actor(), staff.clone(), world.name());
    world
        .db()
        .write(move |tx| {
            let parent_level = match &new.parent {
                Some(parent) => level(tx, parent)?,
                None => None,
            };
            let number = free_number(tx, &numbers)?;
            let owner = owner_unit(tx, &new.owner_name, &new.owner_uscc, owner_id, now)?;
            let channel = channel(&new, id, &number, OrgId::from_bytes(owner.id), now)?;
            channel.check(parent_level)?;
            let row = row(&channel, new.form_name.clone(), now);
            store::channel::insert(tx, &row)?;
            let coming = super::life::coming(&channel);
            let mut record = Record::done(now, actor, "channel.created").changing(coming);
            record.object = Some(Reference::new(ChannelId::PREFIX, id.as_bytes()));
            tx.audit(&record);
            for key in &new.keys {
                crate::key::service::insert(tx, Owner::Channel(id), key, now, actor)?;
            }
            show(tx, row, &asker, name)
        })
        .await
}

/// Ten random digits.
pub(crate) fn draw() -> String {
    format!("{:010}", u64::from_be_bytes(random::bytes()) % 10_000_000_000)
}

pub(super) fn free_number(tx: &mut ReadTx<'_>, numbers: &[String]) -> Result<String, Error> {
    for number in numbers {
        if !store::channel::has_number(tx, number)? {
            return Ok(number.clone());
        }
    }
    Err(Error::platform("platform.busy"))
}

fn level(tx: &mut ReadTx<'_>, parent: &ChannelId) -> Result<Option<Level>, Error> {
    let row = store::channel::find(tx, parent.as_bytes())?;
    Ok(row.and_then(|row| Level::new(row.level)))
}

/// The owner unit with this credit code, registered when it is new.
pub(super) fn owner_unit(
    tx: &mut WriteTx<'_>,
    name: &str,
    uscc: &Uscc,
    id: OrgId,
    now: Timestamp,
) -> Result<OrgRow, Error> {
    if let Some(row) = store::org::find_by_uscc(tx, uscc.as_str())? {
        return Ok(row);
    }
    let org = NewOrg {
        kind: OrgKind::ChannelOwner,
        name: name.to_owned(),
        division: registered_at(uscc),
        uscc: Some(uscc.clone()),
    };
    let row = crate::org::service::row(id, org, now.as_micros());
    store::org::insert(tx, &row)?;
    Ok(row)
}

/// Where a unit is registered: positions 3 to 8 of its credit code (GB 32100). A code that is no division of ours
/// (100000 is the state itself) stands for the country.
fn registered_at(uscc: &Uscc) -> DivisionCode {
    let division: Option<DivisionCode> = uscc.as_str().get(2..8).and_then(|code| code.parse().ok());
    division.filter(|division| division.is_listed()).unwrap_or(DivisionCode::NATIONAL)
}

fn channel(
    new: &NewChannel,
    id: ChannelId,
    number: &str,
    owner: OrgId,
    now: Timestamp,
) -> Result<Channel, Error> {
    Ok(Channel {
        id,
        number: number.parse()?,
        name: new.name.clone(),
        owner,
        class: new.class,
        level: new.level,
        parent: new.parent,
        form: new.form,
        access_mode: new.access_mode,
        relation: new.relation,
        scope: new.scope.clone(),
        is_platform_level: new.is_platform_level,
        phase: Phase::Live,
        live_at: Some(now),
        measures: Vec::new(),
    })
}

pub(super) fn row(channel: &Channel, form_name: Option<String>, now: Timestamp) -> ChannelRow {
    let (regions, services) = stored(&channel.scope);
    ChannelRow {
        id: *channel.id.as_bytes(),
        number: channel.number.to_string(),
        name: channel.name.clone(),
        owner_id: *channel.owner.as_bytes(),
        class: channel.class.to_string(),
        level: channel.level.number(),
        parent_id: channel.parent.map(|parent| *parent.as_bytes()),
        form: channel.form.to_string(),
        form_name,
        access_mode: channel.access_mode.to_string(),
        relation: channel.relation.map(|relation| relation.to_string()),
        regions,
        services,
        platform_level: i64::from(channel.is_platform_level),
        phase: channel.phase.to_string(),
        live_at: channel.live_at.map(Timestamp::as_micros),
        measures: Vec::new(),
        created_at: now.as_micros(),
        version: 1,
    }
}

/// A scope as a row holds it: its regions and its services.
pub(super) fn stored(scope: &Scope) -> (String, String) {
    let regions: Vec<_> = scope.regions().iter().map(ToString::to_string).collect();
    let services: Vec<_> = scope.services().iter().map(ToString::to_string).collect();
    (regions.join(","), services.join(","))
}

/// A channel in sight.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn get(world: &World, staff: &Staff, id: ChannelId) -> Result<Shown, Error> {
    authorize_role(staff, Operation::ChannelList)?;
    let (asker, sight, name) = (staff.clone(), staff.sight(), world.name());
    world
        .db()
        .read(move |tx| {
            let row = in_sight(tx, sight, id)?;
            show(tx, row, &asker, name)
        })
        .await
}

pub(crate) fn in_sight(tx: &mut ReadTx<'_>, sight: Sight, id: ChannelId) -> Result<ChannelRow, Error> {
    let row = store::channel::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    if sees(tx, sight, &row)? { Ok(row) } else { Err(Error::not_found()) }
}

/// Every measure of a channel in sight, lifted ones too, oldest first.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn measures(world: &World, staff: &Staff, id: ChannelId) -> Result<Vec<MeasureRow>, Error> {
    authorize_role(staff, Operation::ChannelList)?;
    let sight = staff.sight();
    world
        .db()
        .read(move |tx| {
            let row = in_sight(tx, sight, id)?;
            Ok(store::measure::list(tx, &row.id)?)
        })
        .await
}

/// The channels in sight: those that serve in the own area, or the own organisation's.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    after: Option<ChannelId>,
    limit: i64,
) -> Result<Vec<Shown>, Error> {
    authorize_role(staff, Operation::ChannelList)?;
    let (asker, sight, name) = (staff.clone(), staff.sight(), world.name());
    let mut after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let wanted = usize::try_from(limit).unwrap_or_default();
    world
        .db()
        .read(move |tx| {
            let mut shown = Vec::new();
            loop {
                let rows = store::channel::list(tx, &after, limit)?;
                let Some(last) = rows.last() else { return Ok(shown) };
                after = last.id.to_vec();
                for row in rows {
                    if sees(tx, sight, &row)? {
                        shown.push(show(tx, row, &asker, name)?);
                    }
                    if shown.len() == wanted {
                        return Ok(shown);
                    }
                }
            }
        })
        .await
}

/// A region sees what serves in it, be it a nationwide channel (CH-5.2); an owner sees its own, and those of level 2 that its
/// channels answer for, whoever owns them (CH-11.4b, CH-22.1).
pub(crate) fn sees(tx: &mut ReadTx<'_>, sight: Sight, row: &ChannelRow) -> Result<bool, Error> {
    if keeps(sight, row)? {
        return Ok(true);
    }
    match sight {
        Sight::Own(org) => answers_for(tx, org, row),
        Sight::Area(_) => Ok(false),
    }
}

/// Whether the level-1 channel of a channel, which answers for it (CH-11.4b), is an organisation's.
fn answers_for(tx: &mut ReadTx<'_>, org: OrgId, row: &ChannelRow) -> Result<bool, Error> {
    let parent = row.parent_id.as_ref().map(|parent| store::channel::find(tx, parent)).transpose()?.flatten();
    Ok(parent.is_some_and(|parent| parent.owner_id == *org.as_bytes()))
}

/// Whether it is one's own to set up, which a channel of level 2 of another owner is not, or serves in the own area.
pub(crate) fn keeps(sight: Sight, row: &ChannelRow) -> Result<bool, Error> {
    Ok(match sight {
        Sight::Area(area) => from_row(row)?.scope.regions().iter().any(|region| region.overlaps(area)),
        Sight::Own(org) => row.owner_id == *org.as_bytes(),
    })
}

fn show(tx: &mut ReadTx<'_>, row: ChannelRow, asker: &Staff, world: WorldName) -> Result<Shown, Error> {
    let channel = from_row(&row)?;
    let (state, party) = (channel.state(), Party::at(asker.role_for(Operation::MatterAct), asker.division));
    let is_own = channel.owner == asker.org;
    // Whoever is no owner is not asked whose level-1 channel it is.
    let is_level_one = match channel.level {
        Level::One => is_own,
        Level::Two => party == Some(Party::Owner) && answers_for(tx, asker.org, &row)?,
    };
    let begins = |kind: &Kind| {
        let life = life(*kind);
        let is_due = |party: Party| {
            (party != Party::Owner || kind.starter().is(is_own, is_level_one))
                && (life.may_open)(party, Some(channel.phase)).is_ok()
        };
        party.is_some_and(is_due)
    };
    let short = world == WorldName::Sandbox;
    let possible = Action::ALL.iter().filter(|action| short && state.admits(**action).is_ok());
    Ok(Shown {
        owner: store::org::find(tx, &row.owner_id)?
            .ok_or_else(|| Error::internal("a channel without owner"))?,
        keys: store::key::list_owned(tx, &row.id)?,
        reason: store::remark::find_latest(tx, &row.id)?,
        opens: Kind::ALL.iter().copied().filter(begins).collect(),
        actions: possible.copied().filter(|action| allows(asker.role, operation(*action))).collect(),
        row,
    })
}

/// What a role must hold to do `action`.
fn operation(action: Action) -> Operation {
    match action {
        Action::Suspend => Operation::ChannelSuspend,
        Action::Resume => Operation::ChannelResume,
        Action::Terminate => Operation::ChannelTerminate,
    }
}

/// Suspends, resumes or terminates a sandbox channel of the stated version. Termination revokes every key of the channel in
/// the same transaction (CH-31.3).
///
/// # Errors
/// `staff.role`; `channel.by_matter` in production; `staff.step_up_required`, save for resuming; `resource.not_found`;
/// `resource.stale`; `channel.transition`.
pub async fn act(
    world: &World,
    staff: &Staff,
    id: ChannelId,
    version: i64,
    action: Action,
    reason: Option<String>,
) -> Result<Shown, Error> {
    authorize_role(staff, operation(action))?;
    if world.name() == WorldName::Production {
        return Err(Refusal::ByMatter.into());
    }
    if action != Action::Resume {
        require_step_up(staff)?;
    }
    let (actor, sight, now, made_at) = (staff.actor(), staff.sight(), world.now(), world.real_now());
    let (asker, name) = (staff.clone(), world.name());
    let measure = world.id(MeasureId::make);
    let remark = reason.map(|words| RemarkRow {
        object_id: *id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: action.to_string(),
        words,
    });
    let shown = world
        .db()
        .write(move |tx| {
            let mut row = store::channel::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            if !keeps(sight, &row)? {
                return Err(Error::not_found());
            }
            if row.version != version {
                return Err(Error::platform("resource.stale"));
            }
            let before = from_row(&row)?.state();
            before.admits(action)?;
            let mut keys = Vec::new();
            match action {
                Action::Suspend => store::measure::insert(tx, &stop(measure, &row.id, now)?)?,
                Action::Resume => {
                    store::measure::lift_unowned(tx, &row.id, now.as_micros())?;
                }
                Action::Terminate => {
                    row.phase = Phase::Terminated.to_string();
                    keys = super::life::revoke_keys(tx, id, now)?;
                    crate::webhook::service::silence(tx, id, actor, made_at)?;
                }
            }
            store::channel::update(tx, &row)?;
            if let Some(remark) = &remark {
                store::remark::insert(tx, remark)?;
            }
            let row = store::channel::find(tx, &row.id)?.ok_or_else(Error::not_found)?;
            let after = from_row(&row)?.state();
            let change = Change::turned("state", before.as_str(), after.as_str());
            let mut record = Record::done(now, actor, event(action)).changing([change]).changing(keys);
            record.object = Some(Reference::new(ChannelId::PREFIX, id.as_bytes()));
            tx.audit(&record);
            show(tx, row, &asker, name)
        })
        .await?;
    if action == Action::Terminate {
        crate::matter::leave::settle_one(world, id).await?;
    }
    Ok(shown)
}

/// A measure of no matter that withholds everything.
///
/// # Errors
/// Internal only.
pub fn stop(id: MeasureId, channel: &[u8; 16], now: Timestamp) -> Result<MeasureRow, Error> {
    Ok(MeasureRow {
        id: *id.as_bytes(),
        channel_id: *channel,
        matter_id: None,
        withheld: serde_json::to_string(&Withheld::All)
            .map_err(|error| Error::internal(error.to_string()))?,
        opened_at: now.as_micros(),
        lifted_at: None,
    })
}

fn event(action: Action) -> &'static str {
    match action {
        Action::Suspend => "channel.suspended",
        Action::Resume => "channel.resumed",
        Action::Terminate => "channel.terminated",
    }
}
