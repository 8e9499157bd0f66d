//! Filing registrations, reading them, and answering them.

use crate::auth::{Staff, authorize_role, require_step_up};
use crate::key::Ring;
use crate::org::service::NewOrg;
use crate::{Error, World};
use data_encoding::BASE32_NOPAD;
use domain::application::form::Contact;
use domain::audit::{Actor, Change, Record, Reference};
use domain::company::Company;
use domain::id::{OrgId, RegistrationId, StaffId};
use domain::identity::Uscc;
use domain::org::{Login, Operation, OrgKind, Role};
use domain::parameter::Parameters;
use domain::registration::{self, Action, Filed, Refusal, State};
use domain::time::{BusinessDate, Timestamp};
use gm::Secret;
use serde::{Deserialize, Serialize};
use store::org::{OrgRow, StaffRow};
use store::registration::RegistrationRow;
use store::remark::RemarkRow;
use store::{ReadTx, WriteTx};

/// What the seal of a contact is bound to, before the registration's id.
const SEAL: &[u8] = b"registration";
/// Registrations of a state that are looked at together.
const CHUNK: i64 = 200;
/// Registrations of a state of which one more chunk is not looked at: so many are lapsed or forgotten first.
const ENDED: usize = 200;

/// What is sealed: who can be reached and what was said.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sealed {
    contact: Contact,
    words: String,
    /// None of what was filed before it was asked.
    #[serde(default)]
    company: Option<Stated>,
}

/// What a company says that it is.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Stated {
    legal_representative: String,
    registered_on: String,
}

impl Stated {
    fn of(company: &Company) -> Self {
        let registered_on = company.registered_on.to_string();
        Self { legal_representative: company.legal_representative.clone(), registered_on }
    }

    fn read(self) -> Result<Company, Error> {
        let registered_on =
            self.registered_on.parse().map_err(|_| Error::internal("a sealed day is none"))?;
        Ok(Company { legal_representative: self.legal_representative, registered_on })
    }
}

/// What whoever filed gets.
#[derive(Debug)]
pub struct Receipt {
    /// The registration.
    pub id: RegistrationId,
    /// Shows that it is one's own; shown once.
    pub secret: Secret<String>,
    /// Without an answer it lapses then.
    pub lapses_at: Timestamp,
}

/// A registration, opened for whoever looks.
#[derive(Debug, Clone)]
pub struct View {
    /// The row.
    pub row: RegistrationRow,
    /// Who can be reached; masked, save where it is revealed.
    pub contact: Contact,
    /// What was said, where it is revealed.
    pub words: Option<String>,
    /// What the register of companies says of it; nothing of one that was filed before it was asked.
    pub company: Option<Company>,
    /// From when on it is old enough for a channel of class 社会 (CH-F2.3).
    pub old_enough_on: Option<BusinessDate>,
    /// The day on which it is looked at.
    pub today: BusinessDate,
    /// The organisation that has the credit code.
    pub org: Option<OrgRow>,
    /// Without an answer it lapses then.
    pub lapses_at: Timestamp,
}

/// Files a registration. The answer says nothing about what is known of the company.
///
/// # Errors
/// `registration.full`
pub async fn file(world: &World, filed: Filed) -> Result<Receipt, Error> {
    let (id, now) = (world.id(RegistrationId::make), world.now());
    let parameters = world.parameters();
    let secret = Secret::new(BASE32_NOPAD.encode(&gm::random::bytes::<20>()).to_lowercase());
    let company = Some(Stated::of(&filed.company));
    let sealed = Sealed { contact: filed.contact, words: filed.words, company };
    let plain = serde_json::to_vec(&sealed).map_err(|error| Error::internal(error.to_string()))?;
    let (key_version, contact) = world.keys().ring().seal(&associated(id.as_bytes()), &plain);
    let row = RegistrationRow {
        id: *id.as_bytes(),
        state: State::Waiting.to_string(),
        name: filed.name,
        uscc: filed.uscc.as_str().to_owned(),
        division: filed.division.to_string(),
        class: filed.class.to_string(),
        key_version,
        contact,
        receipt: gm::sm3::digest(secret.expose().as_bytes()).to_vec(),
        filed_at: now.as_micros(),
        changed_at: now.as_micros(),
        reason: None,
        decided_by: None,
        org_id: None,
        staff_id: None,
        version: 1,
    };
    let lapses_at = registration::lapses_at(now, &parameters);
    world
        .db()
        .write(move |tx| {
            let waiting = store::registration::count(tx, State::Waiting.as_str())?;
            registration::admit(waiting, &parameters, now)?;
            store::registration::insert(tx, &row)?;
            let whoever = Actor::Party(Reference::new(RegistrationId::PREFIX, &row.id));
            record(tx, now, whoever, "registration.filed", &row);
            Ok::<_, Error>(())
        })
        .await?;
    Ok(Receipt { id, secret, lapses_at })
}

/// A registration to whoever holds its receipt.
///
/// # Errors
/// `resource.not_found` for an unknown one and for a wrong receipt alike.
pub async fn check(
    world: &World,
    id: RegistrationId,
    receipt: &str,
) -> Result<(RegistrationRow, Timestamp), Error> {
    let digest = gm::sm3::digest(receipt.as_bytes());
    let row = world.db().read(move |tx| store::registration::find(tx, id.as_bytes())).await?;
    let row = row.filter(|row| row.receipt == digest).ok_or_else(Error::not_found)?;
    let lapses_at = registration::lapses_at(Timestamp::from_micros(row.filed_at), &world.parameters());
    Ok((row, lapses_at))
}

/// Registrations in the order they were filed, of one state or all, masked.
///
/// # Errors
/// `staff.role`
pub async fn list(
    world: &World,
    staff: &Staff,
    state: Option<State>,
    after: Option<RegistrationId>,
    limit: i64,
) -> Result<Vec<View>, Error> {
    authorize_role(staff, Operation::RegistrationList)?;
    let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
    let (ring, parameters, now) = (world.keys().ring(), world.parameters(), world.now());
    world
        .db()
        .read(move |tx| {
            let rows = match state {
                Some(state) => store::registration::list_in_state(tx, state.as_str(), &after, limit)?,
                None => store::registration::list(tx, &after, limit)?,
            };
            rows.into_iter()
                .map(|row| Ok(masked(view(tx, (&ring, &parameters, now.business_date()), row)?)))
                .collect()
        })
        .await
}

/// One registration, masked.
///
/// # Errors
/// `staff.role`; `resource.not_found`
pub async fn get(world: &World, staff: &Staff, id: RegistrationId) -> Result<View, Error> {
    authorize_role(staff, Operation::RegistrationList)?;
    let (ring, parameters, now) = (world.keys().ring(), world.parameters(), world.now());
    world
        .db()
        .read(move |tx| {
            let row = store::registration::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            Ok(masked(view(tx, (&ring, &parameters, now.business_date()), row)?))
        })
        .await
}

/// One registration with its contact in clear, which is on record with the reason.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found`
pub async fn reveal(world: &World, staff: &Staff, id: RegistrationId, reason: String) -> Result<View, Error> {
    authorize_role(staff, Operation::RegistrationReveal)?;
    require_step_up(staff)?;
    let (now, actor, ring, parameters) =
        (world.now(), staff.actor(), world.keys().ring(), world.parameters());
    let remark = RemarkRow {
        object_id: *id.as_bytes(),
        at: now.as_micros(),
        staff_id: *staff.id.as_bytes(),
        action: "reveal".to_owned(),
        words: reason,
    };
    world
        .db()
        .write(move |tx| {
            let row = store::registration::find(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
            store::remark::insert(tx, &remark)?;
            record(tx, now, actor, "registration.revealed", &row);
            view(tx, (&ring, &parameters, now.business_date()), row)
        })
        .await
}

/// What the system administrator decides.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Who files is who they say they are.
    Confirm,
    /// They are not, or have no business here; the reason is told to them.
    Decline(String),
}

/// Decides on a registration of the stated version.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `resource.stale`; `registration.transition`; `registration.known` when the credit
/// code to be confirmed has an organisation.
pub async fn decide(
    world: &World,
    staff: &Staff,
    id: RegistrationId,
    version: i64,
    decision: Decision,
) -> Result<View, Error> {
    authorize_role(staff, Operation::RegistrationDecide)?;
    let (now, staff, ring, parameters) =
        (world.now(), staff.clone(), world.keys().ring(), world.parameters());
    world
        .db()
        .write(move |tx| {
            let row = locked(tx, id, version)?;
            let (action, label, reason) = match &decision {
                Decision::Confirm => (Action::Confirm, "registration.confirmed", None),
                Decision::Decline(reason) => (Action::Decline, "registration.declined", Some(reason.clone())),
            };
            let state = state(&row)?.next(action)?;
            if matches!(decision, Decision::Confirm) {
                unknown(tx, &row)?;
            }
            let mut row = RegistrationRow {
                state: state.to_string(),
                changed_at: now.as_micros(),
                decided_by: Some(*staff.id.as_bytes()),
                reason,
                ..row
            };
            store::registration::update(tx, &row)?;
            row.version += 1;
            record(tx, now, staff.actor(), label, &row);
            Ok(masked(view(tx, (&ring, &parameters, now.business_date()), row)?))
        })
        .await
}

/// Opens the organisation of a confirmed registration of the stated version with its first account; the secret is
/// returned once.
///
/// # Errors
/// `staff.role`; `staff.step_up_required`; `resource.not_found`; `resource.stale`; `registration.transition`;
/// `registration.known`; `resource.exists` for a login that is taken.
pub async fn open(
    world: &World,
    staff: &Staff,
    id: RegistrationId,
    version: i64,
    login: &Login,
) -> Result<(StaffRow, Secret<String>), Error> {
    authorize_role(staff, Operation::RegistrationOpen)?;
    require_step_up(staff)?;
    let (now, actor, by) = (world.now(), staff.actor(), *staff.id.as_bytes());
    let (ring, parameters) = (world.keys().ring(), world.parameters());
    let org = world.id(OrgId::make);
    let (account, secret) = crate::staff::service::account(world, org, login, Role::ChannelAdmin).await?;
    let account = world
        .db()
        .write(move |tx| {
            let row = locked(tx, id, version)?;
            let state = state(&row)?.next(Action::Open)?;
            unknown(tx, &row)?;
            if store::org::find_staff_by_login(tx, &account.login)?.is_some() {
                return Err(Error::platform("resource.exists"));
            }
            let company = crate::org::service::row(org, new_org(&row)?, now.as_micros());
            store::org::insert(tx, &company)
                .map_err(|error| Error::taken(error, || Refusal::Known.into()))?;
            store::org::insert_staff(tx, &account)
                .map_err(|error| Error::taken(error, || Error::platform("resource.exists")))?;
            let stated = view(tx, (&ring, &parameters, now.business_date()), row.clone())?.company;
            if let Some(company) = &stated {
                crate::company::service::put(tx, &ring, org, 0, company, now)?;
            }
            let row = RegistrationRow {
                state: state.to_string(),
                changed_at: now.as_micros(),
                decided_by: Some(by),
                org_id: Some(*org.as_bytes()),
                staff_id: Some(account.id),
                ..row
            };
            store::registration::update(tx, &row)?;
            record(tx, now, actor, "registration.opened", &row);
            let organisation = Reference::new(OrgId::PREFIX, org.as_bytes());
            let made = crate::org::service::coming(&company).to_vec();
            for (label, object, changes) in [
                ("org.created", organisation, made),
                (
                    "staff.created",
                    Reference::new(StaffId::PREFIX, &account.id),
                    vec![Change::came("role", &account.role)],
                ),
            ] {
                let mut record = Record::done(now, actor, label).changing(changes);
                (record.object, record.origin) = (Some(object), Some(organisation));
                tx.audit(&record);
            }
            Ok(account.clone())
        })
        .await?;
    Ok((account, secret))
}

/// Lapses what was not answered in time and forgets what ended long ago, a bounded part of each.
///
/// # Errors
/// The store's.
pub async fn expire(world: &World) -> Result<(), Error> {
    let (now, parameters) = (world.now(), world.parameters());
    for state in State::ALL {
        for id in overdue(world, *state, &parameters, now).await? {
            let parameters = parameters.clone();
            world.db().write(move |tx| end(tx, &parameters, now, &id)).await?;
        }
    }
    Ok(())
}

/// Registrations in a state whose time has passed. What is not due hides nothing behind it.
async fn overdue(
    world: &World,
    state: State,
    parameters: &Parameters,
    now: Timestamp,
) -> Result<Vec<[u8; 16]>, Error> {
    let (mut found, mut after) = (Vec::new(), Vec::new());
    while found.len() < ENDED {
        let rows = world
            .db()
            .read(move |tx| store::registration::list_in_state(tx, state.as_str(), &after, CHUNK))
            .await?;
        let Some(last) = rows.last() else { break };
        after = last.id.to_vec();
        for row in &rows {
            if is_due(row, parameters, now)? {
                found.push(row.id);
            }
        }
    }
    Ok(found)
}

/// Whether a registration lapses or is forgotten by now.
fn is_due(row: &RegistrationRow, parameters: &Parameters, now: Timestamp) -> Result<bool, Error> {
    let due = if state(row)?.is_ended() {
        registration::forgotten_at(Timestamp::from_micros(row.changed_at), parameters)
    } else {
        registration::lapses_at(Timestamp::from_micros(row.filed_at), parameters)
    };
    Ok(due <= now)
}

/// Lapses or forgets one, if it is due still: since it was looked at, somebody may have answered it.
fn end(tx: &mut WriteTx<'_>, parameters: &Parameters, now: Timestamp, id: &[u8; 16]) -> Result<(), Error> {
    let Some(row) = store::registration::lock(tx, id)? else {
        tx.unaudited("another server forgot it");
        return Ok(());
    };
    if !is_due(&row, parameters, now)? {
        tx.unaudited("a registration that was answered meanwhile");
        return Ok(());
    }
    let before = state(&row)?;
    if before.is_ended() {
        tx.unaudited("a registration past its time");
        store::registration::delete(tx, id)?;
        return Ok(());
    }
    let state = before.next(Action::Lapse)?.to_string();
    let row = RegistrationRow { state, changed_at: now.as_micros(), ..row };
    store::registration::update(tx, &row)?;
    record(tx, now, Actor::System, "registration.lapsed", &row);
    Ok(())
}

/// A registration of the stated version, locked until the transaction ends.
fn locked(tx: &mut WriteTx<'_>, id: RegistrationId, version: i64) -> Result<RegistrationRow, Error> {
    let row = store::registration::lock(tx, id.as_bytes())?.ok_or_else(Error::not_found)?;
    if row.version == version { Ok(row) } else { Err(Error::platform("resource.stale")) }
}

/// Refuses a credit code that an organisation has.
fn unknown(tx: &mut ReadTx<'_>, row: &RegistrationRow) -> Result<(), Error> {
    match store::org::find_by_uscc(tx, &row.uscc)? {
        Some(_) => Err(Refusal::Known.into()),
        None => Ok(()),
    }
}

fn new_org(row: &RegistrationRow) -> Result<NewOrg, Error> {
    Ok(NewOrg {
        kind: OrgKind::ChannelOwner,
        name: row.name.clone(),
        division: row.division.parse()?,
        uscc: Some(row.uscc.parse::<Uscc>()?),
    })
}

/// All of a registration, in clear.
fn view(
    tx: &mut ReadTx<'_>,
    (ring, parameters, today): (&Ring, &Parameters, BusinessDate),
    row: RegistrationRow,
) -> Result<View, Error> {
    let plain = ring.open(row.key_version, &associated(&row.id), &row.contact)?;
    let Sealed { contact, words, company } =
        serde_json::from_slice(&plain).map_err(|_| Error::internal("a sealed contact is unreadable"))?;
    let org = store::org::find_by_uscc(tx, &row.uscc)?;
    let lapses_at = registration::lapses_at(Timestamp::from_micros(row.filed_at), parameters);
    let company = company.map(Stated::read).transpose()?;
    let old_enough_on = company.as_ref().map(|company| company.old_enough_on(parameters, today));
    Ok(View { row, contact, words: Some(words), company, old_enough_on, today, org, lapses_at })
}

/// The same without what was sealed.
fn masked(view: View) -> View {
    View { contact: view.contact.masked(), words: None, ..view }
}

/// Where a stored registration stands.
///
/// # Errors
/// Internal when a stored word is unknown to the rules.
pub(super) fn state(row: &RegistrationRow) -> Result<State, Error> {
    row.state.parse().map_err(|_| Error::internal("a stored state of a registration is unknown"))
}

fn record(tx: &mut WriteTx<'_>, now: Timestamp, actor: Actor, action: &'static str, row: &RegistrationRow) {
    let mut record = Record::done(now, actor, action);
    record.object = Some(Reference::new(RegistrationId::PREFIX, &row.id));
    tx.audit(&record);
}

fn associated(id: &[u8; 16]) -> Vec<u8> {
    [SEAL, id].concat()
}
