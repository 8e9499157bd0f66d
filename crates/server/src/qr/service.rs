//! Verifying a code: what can be checked without the store is checked before it waits for the writer.

use super::verify::{Command, Verified, Verify};
use crate::auth::Caller;
use crate::{Error, World};
use domain::division::DivisionCode;
use domain::id::OrgId;
use domain::locator::Locator;
use domain::parameter::Name;
use domain::qr;
use domain::service::{self, Field, Purpose, Service};
use domain::time::Timestamp;

/// What a code is verified for.
#[derive(Debug, Clone)]
pub enum Aim {
    /// To know who it is.
    Identity,
    /// To take one payment for this payee.
    Pay(OrgId),
    /// To use this service of the catalogue.
    Service(&'static Service),
}

/// A code as it was scanned.
#[derive(Debug, Clone)]
pub struct Presented {
    /// The text in the picture.
    pub code: String,
    /// What for.
    pub aim: Aim,
    /// Where, if the caller says.
    pub division: Option<DivisionCode>,
    /// The caller's id of this scan.
    pub request_id: String,
}

/// The answer to a verification.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Id of the recorded use.
    pub use_id: String,
    /// Real time.
    pub verified_at: Timestamp,
    /// Stable for the person and the channel, or the organisation behind a terminal.
    pub pseudonym: [u8; 16],
    /// 1 or 2.
    pub sign_level: i64,
    /// Issuing division.
    pub division: String,
    /// Masked name, where the service answers it.
    pub name_masked: Option<String>,
    /// Masked number, where the service answers it.
    pub number_masked: Option<String>,
    /// To be spent in one payment, until the time.
    pub handle: Option<(String, Timestamp)>,
    /// The recorded answer to an earlier, equal request.
    pub replayed: bool,
}

/// Verifies a code and spends it.
///
/// # Errors
/// In order: `code.malformed`, `code.forged`, `code.early`; then in the transaction: the caller's admission,
/// `code.expired` save for the request that spent the code in time, `authorization.channel_missing`, `authorization.department_missing`, `authorization.person_missing`,
/// the binding's, the card's (ND-1.4), `ecard.level`, `code.replayed`.
pub async fn verify(world: &World, caller: Caller, presented: Presented) -> Result<Answer, Error> {
    let answered = spend(world, caller, presented).await;
    if let Err(error) = &answered {
        world.refused_codes().note(&caller, error.code(), world.now());
    }
    answered
}

async fn spend(world: &World, caller: Caller, presented: Presented) -> Result<Answer, Error> {
    let (at, now) = (world.real_now(), world.now());
    let sealed = qr::parse(&presented.code)?;
    let ring = world.keys().ring_with(world.db(), |ring| ring.opens_code(&sealed)).await?;
    let code = ring.open_code(&sealed)?;
    let ttl = world.parameter(Name::CodeTtl);
    let is_over = match qr::check_age(&code, at.as_seconds(), ttl) {
        Err(qr::Refusal::Expired) => true,
        age => age.map(|()| false)?,
    };
    let (service, purpose) = aim(&presented.aim)?;
    let command = Command {
        caller,
        code,
        is_over,
        request_id: presented.request_id,
        purpose,
        service,
        division: presented.division,
        at,
        now,
        ring: ring.clone(),
    };
    let verified = world.db().submit::<Verify>(code.shard, command).await??;
    let version = verified.holder.key_version;
    let ring = world.keys().ring_with(world.db(), |ring| ring.opens(version)).await?;
    answer(world, &ring, caller, service, verified)
}

fn aim(aim: &Aim) -> Result<(&'static Service, String), Error> {
    Ok(match aim {
        Aim::Identity => (service::find("identity.verify")?, "identity".into()),
        Aim::Pay(payee) => (service::find("pay.code")?, format!("pay:{payee}")),
        Aim::Service(service) => (service, "service".into()),
    })
}

/// A service that a code may be shown for by its name; paying has a purpose of its own, which names the payee.
///
/// # Errors
/// `service.unknown`, `service.purpose`.
pub fn used_by_name(code: &str) -> Result<&'static Service, service::Refusal> {
    let service = service::find(code)?;
    if service.purpose == Purpose::Pay { Err(service::Refusal::Purpose) } else { Ok(service) }
}

fn answer(
    world: &World,
    ring: &crate::key::Ring,
    caller: Caller,
    service: &Service,
    verified: Verified,
) -> Result<Answer, Error> {
    let Verified { row, holder, party, replayed } = verified;
    let locator = locator(&row)?;
    let shows = |field| service.fields.contains(&field);
    let (mut name_masked, mut number_masked) = (None, None);
    if shows(Field::NameMasked) || shows(Field::NumberMasked) {
        let plain = ring.open(holder.key_version, &row.binding_id, &holder.display)?;
        let text = String::from_utf8(plain).map_err(|_| Error::internal("a sealed display is not text"))?;
        let (name, number) = text.split_once('\n').unwrap_or((&text, ""));
        name_masked = shows(Field::NameMasked).then(|| name.to_owned());
        number_masked = shows(Field::NumberMasked).then(|| number.to_owned());
    }
    let verified_at = Timestamp::from_micros(row.at);
    let handle = (service.purpose == Purpose::Pay).then(|| {
        let ttl = world.parameter(Name::PaymentHandleTtl);
        (locator.text(Locator::HANDLE), verified_at.plus_seconds(ttl))
    });
    Ok(Answer {
        use_id: locator.text(Locator::USE),
        verified_at,
        pseudonym: ring.pseudonym(&holder.ecard_id, &caller.relying_party(party)),
        sign_level: holder.sign_level,
        division: holder.division,
        name_masked,
        number_masked,
        handle,
        replayed,
    })
}

fn locator(row: &store::qr::UseRow) -> Result<Locator, Error> {
    let wrong = || Error::internal("a use is filed under an impossible key");
    Ok(Locator {
        bucket: u32::try_from(row.bucket).map_err(|_| wrong())?,
        shard: u16::try_from(row.shard).map_err(|_| wrong())?,
        id: row.id,
    })
}
