//! The batch that claims e-cards: for each person the card is locked, so that its state and the e-card's cannot part.
//!
//! Commands for one person in one batch run in turn; everything else is set-based. What a claim needs of randomness
//! and time comes with the command, and what it derives from rows is a function of them, so a rerun gives the same.

use crate::auth::{Caller, Evidence};
use crate::authority::Authority;
use crate::key::Ring;
use crate::{Error, webhook};
use domain::audit::{Label, Outcome, Record, Reference};
use domain::authorization::{self, Department, Person, Request, authorize};
use domain::card::Phase;
use domain::division::DivisionCode;
use domain::ecard::{BindingAction, BindingState, Level, Refusal, SignNo};
use domain::id::{BindingId, ChannelId, HolderSessionId};
use domain::identity::Shard;
use domain::refusal::Refuse;
use domain::service::{self, Purpose};
use domain::time::{BusinessDate, Timestamp};
use domain::{card, channel, person};
use std::collections::HashMap;
use std::sync::Arc;
use store::binding::BindingRow;
use store::ecard::EcardRow;
use store::ecard::claim::{ClaimKey, Claimant, ClaimedCard};
use store::holder_session::HolderSessionRow;
use store::{Batch, StoreError, WriteTx};

/// One claim, with everything prepared that takes time or chance.
#[derive(Debug, Clone)]
pub struct Command {
    /// The channel.
    pub caller: Caller,
    /// The person's shard.
    pub shard: Shard,
    /// Index of the document.
    pub document_index: [u8; 32],
    /// Index of the name.
    pub name_index: [u8; 32],
    /// 卡号, if the holder says.
    pub number: Option<String>,
    /// Issuing division, if the holder says.
    pub division: Option<DivisionCode>,
    /// The level asked for.
    pub level: Level,
    /// What the real-person check said; none when an earlier check failed already.
    pub verdict: Option<Result<(), Refusal>>,
    /// Id of the binding: the known one, or the one to be made.
    pub binding: BindingId,
    /// Masked name and number, sealed for `binding`, and the version of the key.
    pub display: (i64, Vec<u8>),
    /// For the issuance number.
    pub sign_random: [u8; 8],
    /// 电子社保卡号 of a new binding.
    pub ecard_no: [u8; 16],
    /// The session to open while there is no password.
    pub session: Option<PreparedSession>,
    /// Real time.
    pub at: Timestamp,
    /// Business time.
    pub now: Timestamp,
    /// For pseudonyms and commitments.
    pub ring: Arc<Ring>,
}

/// A holder session ready to be stored.
#[derive(Debug, Clone)]
pub struct PreparedSession {
    /// Its id.
    pub id: HolderSessionId,
    /// Its secret, wrapped.
    pub wrapped: Vec<u8>,
    /// The device's public key.
    pub device_key: Vec<u8>,
    /// Real time.
    pub expires_at: Timestamp,
}

/// A claim that held.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The binding as it is now.
    pub binding: BindingRow,
    /// The state of card and e-card.
    pub state: Phase,
    /// The e-card existed before, in this or another channel.
    pub known: bool,
    /// A password exists.
    pub password_set: bool,
    /// The prepared session was opened.
    pub session_opened: bool,
}

/// The claim lane.
pub struct Claim;

impl Batch for Claim {
    type Command = Command;
    type Outcome = Result<Claimed, Error>;

    fn run(tx: &mut WriteTx<'_>, commands: &[Command]) -> Result<Vec<Self::Outcome>, StoreError> {
        let mut authority = Authority::recall(tx)?;
        let mut outcomes: Vec<_> = commands.iter().map(|_| None).collect();
        for turn in turns(commands) {
            run_turn(tx, &mut authority, &turn, &mut outcomes)?;
        }
        tx.keep(authority);
        // A caller who was not admitted left nothing to record.
        tx.unaudited("what changed nothing needs no record; every claim that was looked at has one");
        let missing = || Err(Error::internal("a claim was not decided"));
        Ok(outcomes.into_iter().map(|outcome| outcome.unwrap_or_else(missing)).collect())
    }
}

type Turn<'a> = Vec<(usize, &'a Command)>;

/// The commands in turns of distinct persons: a person's second claim sees what the first one did.
fn turns(commands: &[Command]) -> Vec<Turn<'_>> {
    let mut seen: HashMap<&[u8; 32], usize> = HashMap::with_capacity(commands.len());
    let mut turns: Vec<Turn<'_>> = Vec::new();
    for (i, command) in commands.iter().enumerate() {
        let turn = seen.entry(&command.document_index).or_default();
        if *turn == turns.len() {
            turns.push(Vec::new());
        }
        turns[*turn].push((i, command));
        *turn += 1;
    }
    turns
}

/// What the tables hold for one claim.
#[derive(Default)]
struct Found {
    claimant: Option<Claimant>,
    card: Option<ClaimedCard>,
    ecard: Option<EcardRow>,
    binding: Option<BindingRow>,
}

/// What one claim will write.
struct Plan {
    ecard: EcardRow,
    /// The e-card is new.
    new: bool,
    /// The e-card moves to the card that took its card's place (R27).
    remapped: bool,
    binding: BindingRow,
    session: Option<HolderSessionRow>,
}

fn run_turn(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    turn: &Turn<'_>,
    outcomes: &mut [Option<Result<Claimed, Error>>],
) -> Result<(), StoreError> {
    let mut admitted: Turn<'_> = Vec::with_capacity(turn.len());
    for (i, command) in turn {
        match admit(tx, authority, &command.caller) {
            Ok(()) => admitted.push((*i, *command)),
            Err(error) => outcomes[*i] = Some(Err(error)),
        }
    }
    let mut plans: Vec<(usize, &Command, Plan)> = Vec::with_capacity(admitted.len());
    for ((i, command), found) in admitted.iter().zip(look_up(tx, &admitted)?) {
        let person = found.claimant.as_ref().map(|claimant| claimant.person_id);
        match decide(tx, authority, command, found) {
            Ok(plan) => plans.push((*i, *command, plan)),
            Err(error) => {
                record(tx, command, person, None, Some(&error));
                outcomes[*i] = Some(Err(error));
            }
        }
    }
    write(tx, &plans)?;
    for (i, command, plan) in plans {
        record(tx, command, Some(plan.ecard.id), Some(&plan.binding.id), None);
        outcomes[i] = Some(Ok(Claimed {
            state: plan.ecard.state,
            known: !plan.new,
            password_set: plan.ecard.password.is_some(),
            session_opened: plan.session.is_some(),
            binding: plan.binding,
        }));
    }
    Ok(())
}

fn admit(tx: &mut WriteTx<'_>, authority: &mut Authority, caller: &Caller) -> Result<(), Error> {
    authority.admit(tx, caller)?;
    let Evidence::Signature { key, second, nonce } = caller.evidence else { return Ok(()) };
    if store::key::spend_nonce(tx, second, key.as_bytes(), &nonce)? {
        return Ok(());
    }
    Err(Error::detailed("signature.invalid", "the nonce was used before"))
}

/// Reads what the tables hold, card and e-card locked in this order.
fn look_up(tx: &mut WriteTx<'_>, turn: &Turn<'_>) -> Result<Vec<Found>, StoreError> {
    let divisions: Vec<_> = turn.iter().map(|(_, c)| c.division.map(|code| code.to_string())).collect();
    let keys: Vec<_> = turn
        .iter()
        .zip(&divisions)
        .map(|((_, c), division)| ClaimKey {
            shard: i64::from(c.shard.get()),
            document_index: &c.document_index,
            number: c.number.as_deref(),
            division: division.as_deref(),
        })
        .collect();
    let claimants = store::ecard::claim::find_each(tx, &keys)?;
    let mut found: Vec<Found> =
        claimants.into_iter().map(|claimant| Found { claimant, ..Found::default() }).collect();
    let known: Vec<(usize, Claimant)> = found
        .iter()
        .enumerate()
        .filter_map(|(at, found)| Some((at, found.claimant.clone().filter(|c| c.card_id.is_some())?)))
        .collect();
    let shard = |at: usize| i64::from(turn[at].1.shard.get());
    let cards: Vec<_> = known.iter().map(|(at, c)| (shard(*at), c.card_id.unwrap_or_default())).collect();
    let persons: Vec<_> = known.iter().map(|(at, c)| (shard(*at), c.person_id)).collect();
    let pairs: Vec<_> =
        known.iter().map(|(at, c)| (shard(*at), c.person_id, turn[*at].1.caller.id)).collect();
    let cards = store::ecard::claim::lock_cards(tx, &cards)?;
    let ecards = store::ecard::lock_each(tx, &persons)?;
    let bindings = store::binding::find_each(tx, &pairs)?;
    for ((((at, _), card), ecard), binding) in known.iter().zip(cards).zip(ecards).zip(bindings) {
        (found[*at].card, found[*at].ecard, found[*at].binding) = (card, ecard, binding);
    }
    Ok(found)
}

/// Refuses, in order: the channel's state and scope, person, card missing, the channel's region and the department
/// (ND-3.5d), card state and expiry (ND-1.4), another card's e-card (ND-1.3), real-person check.
fn decide(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    command: &Command,
    found: Found,
) -> Result<Plan, Error> {
    let issuance = service::find(service::ISSUANCE)?;
    let id = command.caller.channel()?;
    let openings = authority.openings(tx, authorization::Caller::Channel(id), issuance)?.to_vec();
    let channel = authority.channel(tx, id.as_bytes())?.ok_or_else(|| Error::platform("caller.suspended"))?;
    let missing =
        |refusal: channel::Refusal| authorization::Refusal::ChannelMissing { cause: refusal.code() };
    let code = issuance.service_code();
    channel::permits(channel.phase, &channel.measures, channel::Use::Issue, &code).map_err(missing)?;
    if !channel.scope.includes(&code) {
        return Err(missing(channel::Refusal::Service).into());
    }
    let claimant = found.claimant.filter(|claimant| claimant.name_index == command.name_index);
    let claimant = claimant.ok_or(person::Refusal::Mismatch)?;
    let card = found.card.ok_or(Refusal::NoCard)?;
    let division = card.division.parse().map_err(|_| Error::internal("a stored division is unknown"))?;
    let request = Request {
        caller: authorization::Caller::Channel(id),
        party: channel.owner,
        channel_use: channel::Use::Issue,
        service: issuance,
        purpose: Purpose::Issue,
        division,
        holder_division: division,
        spending: None,
        now: command.now,
    };
    // The holder's part is the real-person check, which comes last.
    let agreed = Person::Confirmation { purpose: Purpose::Issue };
    authorize(&request, &agreed, &Department { openings: &openings }, channel)?;
    check_card(&card, command.now)?;
    let plan = plan(command, &claimant, &card, division, found.ecard, found.binding)?;
    // Without a verdict an earlier check failed a moment ago and would pass now.
    command.verdict.ok_or_else(|| Error::platform("platform.busy"))??;
    Ok(plan)
}

/// Whether the card may have an e-card in use: active and not past its last day (CM-19.1).
pub fn check_card(card: &ClaimedCard, now: Timestamp) -> Result<(), card::Refusal> {
    card.state.usable()?;
    let last = card.expires_on.and_then(|days| i32::try_from(days).ok()).map(BusinessDate::from_days);
    if last.is_some_and(|last| now.business_date() > last) { Err(card::Refusal::Expired) } else { Ok(()) }
}

fn plan(
    command: &Command,
    claimant: &Claimant,
    card: &ClaimedCard,
    division: DivisionCode,
    ecard: Option<EcardRow>,
    binding: Option<BindingRow>,
) -> Result<Plan, Error> {
    let new = ecard.is_none();
    let mut ecard = ecard.unwrap_or_else(|| EcardRow {
        shard: i64::from(command.shard.get()),
        id: claimant.person_id,
        card_id: card.id,
        division: card.division.clone(),
        state: card.state.phase(),
        generation: 1,
        password: None,
        failed_at: String::new(),
        locked_until: None,
        created_at: command.now.as_micros(),
        version: 1,
    });
    let remapped = ecard.card_id != card.id;
    if remapped {
        if ecard.state != Phase::Invalid {
            return Err(Refusal::OtherCard.into());
        }
        ecard.card_id = card.id;
        ecard.division.clone_from(&card.division);
        ecard.state = card.state.phase();
        ecard.generation += 1;
    }
    let binding = bind(command, &ecard, division, binding)?;
    let prepared = command.session.as_ref().filter(|_| ecard.password.is_none());
    let session = prepared.map(|prepared| HolderSessionRow {
        shard: ecard.shard,
        id: *prepared.id.as_bytes(),
        binding_id: binding.id,
        ecard_id: ecard.id,
        channel_id: command.caller.id,
        ecard_generation: ecard.generation,
        factor: "real_person".into(),
        device_key: prepared.device_key.clone(),
        wrapped: prepared.wrapped.clone(),
        counter: 0,
        created_at: command.at.as_micros(),
        expires_at: prepared.expires_at.as_micros(),
        closed_at: None,
    });
    Ok(Plan { ecard, new, remapped, binding, session })
}

/// The binding after the claim: a new one, the ended one bound again under its old numbers (R26), or the one in force
/// at the higher of both levels.
fn bind(
    command: &Command,
    ecard: &EcardRow,
    division: DivisionCode,
    binding: Option<BindingRow>,
) -> Result<BindingRow, Error> {
    let now = command.now.as_micros();
    let level = command.level.number();
    let (key_version, display) = command.display.clone();
    let Some(mut row) = binding else {
        let day = command.now.business_date();
        return Ok(BindingRow {
            shard: ecard.shard,
            id: *command.binding.as_bytes(),
            ecard_id: ecard.id,
            channel_id: command.caller.id,
            state: BindingState::first(),
            sign_level: level,
            sign_no: SignNo::make(division, day, command.sign_random).as_str().to_owned(),
            ecard_no: command.ecard_no,
            pseudonym: command.ring.pseudonym(&ecard.id, &command.caller.id),
            display,
            key_version,
            first_bound_at: now,
            bound_at: now,
            activated_at: None,
            unbound_at: None,
            version: 1,
        });
    };
    if row.state == BindingState::Unbound {
        row.state = row.state.act(BindingAction::Bind, row.activated_at.is_some())?.to;
        (row.sign_level, row.bound_at, row.unbound_at) = (level, now, None);
    } else {
        row.sign_level = row.sign_level.max(level);
    }
    if row.id == *command.binding.as_bytes() {
        // Sealed for this very binding: the name may have changed in the registry.
        (row.key_version, row.display) = (key_version, display);
    }
    Ok(row)
}

fn write(tx: &mut WriteTx<'_>, plans: &[(usize, &Command, Plan)]) -> Result<(), StoreError> {
    let new: Vec<_> = plans.iter().filter(|(_, _, p)| p.new).map(|(_, _, p)| p.ecard.clone()).collect();
    store::ecard::insert_each(tx, &new)?;
    for (_, command, plan) in plans.iter().filter(|(_, _, plan)| plan.remapped) {
        let e = &plan.ecard;
        store::ecard::remap(tx, e.shard, &e.id, &e.card_id, &e.division, e.state)?;
        webhook::ecard_changed(tx, e.shard, &e.id, command.now)?;
    }
    let bindings: Vec<_> = plans.iter().map(|(_, _, plan)| plan.binding.clone()).collect();
    store::binding::put_each(tx, &bindings)?;
    let bound = plans.iter().filter(|(_, command, plan)| plan.binding.bound_at == command.now.as_micros());
    let bound = bound.map(|(_, command, plan)| {
        webhook::binding_changed(&plan.binding.id, &plan.binding.channel_id, command.now)
    });
    webhook::emit_each(tx, &bound.collect::<Vec<_>>())?;
    let sessions: Vec<_> = plans.iter().filter_map(|(_, _, plan)| plan.session.clone()).collect();
    store::holder_session::insert_each(tx, &sessions)?;
    Ok(())
}

fn record(
    tx: &mut WriteTx<'_>,
    command: &Command,
    person: Option<[u8; 16]>,
    binding: Option<&[u8; 16]>,
    refusal: Option<&Error>,
) {
    let mut record = Record::done(command.now, command.caller.actor(), "ecard.claim");
    record.subject = person.map(|person| command.ring.commit(&person));
    record.object = binding.map(|id| Reference::new(BindingId::PREFIX, id));
    record.origin = Some(Reference::new(ChannelId::PREFIX, &command.caller.id));
    if let Some(refusal) = refusal {
        record.outcome = Outcome::Refused(Label::parse(refusal.code()).unwrap_or(Label::of("ecard.refused")));
        record.clause = refusal.clause().and_then(|clause| Label::parse(clause).ok());
    }
    tx.audit(&record);
}
