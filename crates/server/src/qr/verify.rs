//! The batch that verifies codes: one read and one insert for each code, whatever else a batch needs once.
//!
//! A code is spent by being presented, whatever the answer: the row that spends it records the answer. The same
//! caller with the same request id gets that answer again; anything else is a replay (ND-2.4b).

use crate::Error;
use crate::auth::{Caller, CallerKind, Evidence};
use crate::authority::Authority;
use crate::key::Ring;
use domain::audit::{Label, Outcome, Record, Reference};
use domain::authorization::{self, Department, Person, Request, authorize};
use domain::division::DivisionCode;
use domain::ecard::{BindingState, Level};
use domain::grant::Grant;
use domain::id::{ChannelId, OrgId, TerminalId};
use domain::locator::Locator;
use domain::qr::{Code, Refusal, ReplayKey};
use domain::refusal::Refuse;
use domain::service::{Consent, Service};
use domain::statistic::{Key, Kind};
use domain::time::Timestamp;
use domain::{channel, ecard};
use std::collections::HashSet;
use std::sync::Arc;
use store::qr::{HolderRow, UseRow};
use store::{Batch, StoreError, WriteTx};

/// One code to verify, authenticated.
#[derive(Debug, Clone)]
pub struct Command {
    /// Who presents it.
    pub caller: Caller,
    /// The opened code.
    pub code: Code,
    /// Its life is over: nothing can be done with it but to give an answer again that was lost.
    pub is_over: bool,
    /// The caller's id of this scan.
    pub request_id: String,
    /// `identity`, `service`, or `pay:` and the payee.
    pub purpose: String,
    /// The service it is for.
    pub service: &'static Service,
    /// Where, if the caller says.
    pub division: Option<DivisionCode>,
    /// Real time.
    pub at: Timestamp,
    /// Business time.
    pub now: Timestamp,
    /// For commitments.
    pub ring: Arc<Ring>,
}

/// A verified code: the recorded use and what is known of the holder.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The recorded use.
    pub row: UseRow,
    /// The holder.
    pub holder: HolderRow,
    /// The organisation behind the caller.
    pub party: OrgId,
    /// This answers an earlier, equal request again.
    pub replayed: bool,
}

/// The verification lane.
pub struct Verify;

impl Batch for Verify {
    type Command = Command;
    type Outcome = Result<Verified, Error>;

    fn run(tx: &mut WriteTx<'_>, commands: &[Command]) -> Result<Vec<Self::Outcome>, StoreError> {
        let mut authority = Authority::recall(tx)?;
        let outcomes = verify(tx, &mut authority, commands)?;
        tx.keep(authority);
        Ok(outcomes)
    }
}

/// What was decided about a command before its code is spent.
struct Decision {
    row: UseRow,
    holder: HolderRow,
    party: OrgId,
    refusal: Option<Error>,
}

fn verify(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    commands: &[Command],
) -> Result<Vec<Result<Verified, Error>>, StoreError> {
    let keys: Vec<_> =
        commands.iter().map(|c| (i64::from(c.code.shard), *c.code.binding_id.as_bytes())).collect();
    let holders = store::qr::holders(tx, &keys)?;
    let mut outcomes: Vec<Option<Result<Verified, Error>>> = commands.iter().map(|_| None).collect();
    let mut decisions: Vec<(usize, Decision)> = Vec::with_capacity(commands.len());
    let mut repeated: Vec<(usize, Decision)> = Vec::new();
    let mut seen: HashSet<ReplayKey> = HashSet::with_capacity(commands.len());
    let mut late: Vec<(usize, Decision)> = Vec::new();
    for (i, (command, holder)) in commands.iter().zip(holders).enumerate() {
        match decide(tx, authority, command, holder) {
            Ok(decision) if command.is_over => late.push((i, decision)),
            Ok(decision) if seen.insert(command.code.replay) => decisions.push((i, decision)),
            Ok(decision) => repeated.push((i, decision)),
            Err(error) => outcomes[i] = Some(Err(error)),
        }
    }
    decisions.sort_unstable_by_key(|(i, _)| commands[*i].code.replay);
    let rows: Vec<&UseRow> = decisions.iter().map(|(_, d)| &d.row).collect();
    let spent = store::qr::spend(tx, &rows)?;
    for ((i, decision), fresh) in decisions.into_iter().zip(spent) {
        let outcome = if fresh {
            record(tx, &commands[i], &decision);
            settle(decision)
        } else {
            again(tx, &commands[i], decision)?
        };
        outcomes[i] = Some(outcome);
    }
    for (i, decision) in repeated {
        outcomes[i] = Some(again(tx, &commands[i], decision)?);
    }
    for (i, decision) in late {
        outcomes[i] = Some(too_late(tx, decision)?);
    }
    // A caller who was not admitted left nothing to record; the transaction may then hold no evidence at all.
    tx.unaudited("what changed nothing needs no record; every spent code has one");
    Ok(outcomes
        .into_iter()
        .map(|o| o.unwrap_or_else(|| Err(Error::internal("a code was not decided"))))
        .collect())
}

/// Everything that is checked before the code is spent. `Err` is for callers who may not ask at all.
fn decide(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    command: &Command,
    holder: Option<HolderRow>,
) -> Result<Decision, Error> {
    authority.admit(tx, &command.caller)?;
    if let Evidence::Signature { key, second, nonce } = command.caller.evidence
        && !store::key::spend_nonce(tx, second, key.as_bytes(), &nonce)?
    {
        return Err(Error::detailed("signature.invalid", "the nonce was used before"));
    }
    let holder = holder.ok_or(Refusal::Forged)?;
    let card = division(&holder.division)?;
    let (place, party) = authority.place(tx, &command.caller, command.division, card)?;
    let refusal = check(tx, authority, command, &holder, (card, place), party).err();
    if refusal.as_ref().is_some_and(|error| error.source_for_log().is_some()) {
        // A fault of ours spends nobody's code.
        return Err(refusal.unwrap_or_else(Error::not_found));
    }
    let outcome = refusal.as_ref().map_or_else(|| "ok".to_owned(), Error::to_recorded);
    let replay = &command.code.replay;
    let row = UseRow {
        bucket: replay.bucket,
        shard: i64::from(replay.shard),
        id: replay.id,
        ecard_id: holder.ecard_id,
        binding_id: *command.code.binding_id.as_bytes(),
        channel_id: holder.channel_id,
        caller: command.caller.id,
        request_id: command.request_id.clone(),
        purpose: command.purpose.clone(),
        service: command.service.code.to_owned(),
        division: place.to_string(),
        outcome,
        at: command.at.as_micros(),
    };
    Ok(Decision { row, holder, party, refusal })
}

/// Refuses, in order: channel, department, person, binding, card, level.
fn check(
    tx: &mut WriteTx<'_>,
    authority: &mut Authority,
    command: &Command,
    holder: &HolderRow,
    (card_division, place): (DivisionCode, DivisionCode),
    party: OrgId,
) -> Result<(), Error> {
    let service = command.service;
    let caller = match command.caller.kind {
        CallerKind::Channel => authorization::Caller::Channel(ChannelId::from_bytes(command.caller.id)),
        CallerKind::Terminal => authorization::Caller::Terminal(TerminalId::from_bytes(command.caller.id)),
    };
    let grant = if service.consent == Consent::Code { None } else { standing(tx, command, holder, party)? };
    if command.caller.kind == CallerKind::Channel && command.caller.id != holder.channel_id {
        let own = authority.channel(tx, &command.caller.id)?.ok_or_else(Error::not_found)?;
        own.permits(channel::Use::Serve, &service.service_code(), card_division)
            .map_err(|refusal| authorization::Refusal::ChannelMissing { cause: refusal.code() })?;
    }
    let openings = authority.openings(tx, caller, service)?.to_vec();
    let showing = authority.channel(tx, &holder.channel_id)?.ok_or(Refusal::Forged)?;
    let request = Request {
        caller,
        party,
        channel_use: channel::Use::Serve,
        service,
        purpose: service.purpose,
        division: place,
        holder_division: card_division,
        spending: None,
        now: command.now,
    };
    let person = grant.as_ref().map_or(Person::Code, Person::Grant);
    authorize(&request, &person, &Department { openings: &openings }, showing)?;
    let binding: BindingState = holder.binding_state.parse()?;
    binding.usable()?;
    crate::ecard::state(holder.ecard_state.parse()?).usable()?;
    if service.pays {
        Level::new(holder.sign_level).ok_or(ecard::Refusal::Level)?.pays()?;
    }
    Ok(())
}

/// The standing grant that a service beyond identity needs: given to this party, for this service.
fn standing(
    tx: &mut WriteTx<'_>,
    command: &Command,
    holder: &HolderRow,
    party: OrgId,
) -> Result<Option<Grant>, Error> {
    let to = (party, ChannelId::from_bytes(holder.channel_id));
    let shard = i64::from(command.code.shard);
    crate::grant::service::find_standing(tx, shard, &holder.ecard_id, to, command.service.code, command.now)
}

fn division(text: &str) -> Result<DivisionCode, Error> {
    text.parse().map_err(|_| Error::internal("a stored division is unknown"))
}

fn settle(decision: Decision) -> Result<Verified, Error> {
    match decision.refusal {
        Some(error) => Err(error),
        None => Ok(Verified {
            row: decision.row,
            holder: decision.holder,
            party: decision.party,
            replayed: false,
        }),
    }
}

/// A code that was spent before: the recorded answer for the same request, a replay for any other.
fn again(
    tx: &mut WriteTx<'_>,
    command: &Command,
    decision: Decision,
) -> Result<Result<Verified, Error>, StoreError> {
    let Decision { row: asked, holder, party, .. } = decision;
    let found = store::qr::find_use(tx, asked.bucket, asked.shard, &asked.id)?;
    let Some(row) = found else {
        return Ok(Err(Error::internal("a code was refused as spent and no use of it is recorded")));
    };
    if !is_same(&row, &asked) {
        let mut record =
            Record::refused(command.at, command.caller.actor(), "code.verify", &Refusal::Replayed);
        fill(&mut record, command, &row);
        tx.audit(&record);
        count(tx, command, &row, Kind::RefusalReplay);
        return Ok(Err(Refusal::Replayed.into()));
    }
    Ok(repeat(row, holder, party))
}

/// A code whose life is over: its recorded answer for the request that spent it in time.
fn too_late(tx: &mut WriteTx<'_>, decision: Decision) -> Result<Result<Verified, Error>, StoreError> {
    let Decision { row: asked, holder, party, .. } = decision;
    let found = store::qr::find_use(tx, asked.bucket, asked.shard, &asked.id)?;
    Ok(match found.filter(|row| is_same(row, &asked)) {
        Some(row) => repeat(row, holder, party),
        None => Err(Refusal::Expired.into()),
    })
}

fn is_same(row: &UseRow, asked: &UseRow) -> bool {
    row.caller == asked.caller
        && row.request_id == asked.request_id
        && row.purpose == asked.purpose
        && row.service == asked.service
}

fn repeat(row: UseRow, holder: HolderRow, party: OrgId) -> Result<Verified, Error> {
    if row.outcome == "ok" {
        Ok(Verified { row, holder, party, replayed: true })
    } else {
        Err(Error::recorded(&row.outcome))
    }
}

fn record(tx: &mut WriteTx<'_>, command: &Command, decision: &Decision) {
    let mut record = Record::done(command.at, command.caller.actor(), "code.verify");
    if let Some(refusal) = &decision.refusal {
        record.outcome = Outcome::Refused(Label::parse(refusal.code()).unwrap_or(Label::of("code.refused")));
        record.clause = refusal.clause().and_then(|clause| Label::parse(clause).ok());
    }
    fill(&mut record, command, &decision.row);
    tx.audit(&record);
    let kind = decision.refusal.as_ref().map_or(Kind::Use, |refusal| match refusal.code().split_once('.') {
        Some(("authorization", "channel_missing")) => Kind::RefusalChannel,
        Some(("authorization", "department_missing" | "department_suspended")) => Kind::RefusalDepartment,
        Some(("authorization", _)) => Kind::RefusalPerson,
        _ => Kind::RefusalCard,
    });
    count(tx, command, &decision.row, kind);
}

fn fill(record: &mut Record, command: &Command, row: &UseRow) {
    record.subject = Some(command.ring.commit(&row.ecard_id));
    record.origin = Some(Reference::new(ChannelId::PREFIX, &row.channel_id));
    let ReplayKey { shard, id, .. } = command.code.replay;
    record.object = Some(Reference::filed(Locator::USE, &Locator { bucket: 0, shard, id }));
}

fn count(tx: &mut WriteTx<'_>, command: &Command, row: &UseRow, kind: Kind) {
    if let Ok(division) = row.division.parse() {
        let key = Key {
            day: command.now.business_date(),
            channel: ChannelId::from_bytes(row.channel_id),
            division,
            kind,
        };
        tx.count(key, 1);
    }
}
