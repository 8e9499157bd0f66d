//! The three authorizations of every online use (ND-3.5d): channel, department, person. Claiming, authenticating, paying
//! and settling are nowhere else (ND-3.2b).
//!
//! Invariant: an [`Authorized`] exists only if all three held at one instant, so whoever holds one need not ask
//! again and the record can say under what the use happened. They are looked at in the documented order channel →
//! department → person, from the widest to the most private: a caller without standing learns nothing about the
//! holder. What the answer may contain is the service's to say.

use crate::channel::{self, Channel};
use crate::division::DivisionCode;
use crate::grant::{self, Grant, Spending};
use crate::id::{ChannelId, GrantId, OpeningId, OrgId, TerminalId};
use crate::name::names;
use crate::refusal::{Refuse, refusals};
use crate::service::{Consent, Purpose, Service};
use crate::time::Timestamp;

refusals! {
    /// Which authorization is missing; `cause` is the code of the refusal beneath.
    Refusal {
        /// The channel's admitted scope or its state does not cover the use.
        ChannelMissing { cause: &'static str } = "authorization.channel_missing" ["ND-3.5d"]
            "缺少渠道授权（{cause}）" "the channel is not authorized ({cause})";
        /// No department has opened the service to the caller in this division.
        DepartmentMissing { cause: &'static str } = "authorization.department_missing" ["ND-3.5d"]
            "缺少部门授权（{cause}）" "the department has not authorized this ({cause})";
        /// The department has suspended what it opened, until a risk is put right.
        DepartmentSuspended = "authorization.department_suspended" ["ND-3.5e"]
            "部门授权已暂停，正在整改" "the department has suspended this service until it is put right";
        /// The holder has not agreed to it.
        PersonMissing { cause: &'static str } = "authorization.person_missing" ["ND-3.5d"]
            "缺少个人授权（{cause}）" "the holder has not authorized this ({cause})";
    }
}

names! {
    /// What a rectification does to the opening that it is about (ND-3.5e); what it does last, stands.
    Order {
        /// It is to be put right and goes on.
        Rectify = "rectify",
        /// It is to be put right and is withheld.
        Suspend = "suspend",
        /// It goes on as before.
        Release = "release",
        /// It ends.
        Close = "close",
    }
}

/// Who asks: a department opens a service to a channel or to a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// A channel.
    Channel(ChannelId),
    /// A terminal.
    Terminal(TerminalId),
}

/// A service opened to a caller by the department of a region (ND-3.2d, ND-3.5a).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening<'a> {
    /// Its id.
    pub id: OpeningId,
    /// To whom.
    pub target: Caller,
    /// What.
    pub service: &'a str,
    /// Where.
    pub division: DivisionCode,
    /// From when on.
    pub opened_at: Timestamp,
    /// Until when; none is until it is closed.
    pub closed_at: Option<Timestamp>,
    /// Whether the department withholds it until a risk is put right (ND-3.5e).
    pub is_suspended: bool,
}

impl Opening<'_> {
    /// Whether it is open at `now`, suspended or not.
    pub fn is_open(&self, now: Timestamp) -> bool {
        now >= self.opened_at && self.closed_at.is_none_or(|closed_at| now < closed_at)
    }
}

/// What the departments have opened, as far as it may concern the use.
#[derive(Clone, Copy, Debug)]
pub struct Department<'a> {
    /// The openings.
    pub openings: &'a [Opening<'a>],
}

/// What the holder has agreed to.
#[derive(Clone, Copy, Debug)]
pub enum Person<'a> {
    /// Nothing.
    Silent,
    /// Showed a code for this one use.
    Code,
    /// Confirmed this one use in a holder session, knowing its purpose.
    Confirmation {
        /// The purpose that was confirmed.
        purpose: Purpose,
    },
    /// Gave a standing grant before.
    Grant(&'a Grant),
}

/// A use of the platform that needs the three authorizations.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who asks.
    pub caller: Caller,
    /// The organisation behind the caller, to which a grant is given.
    pub party: OrgId,
    /// What the channel does by it.
    pub channel_use: channel::Use,
    /// The service.
    pub service: &'a Service,
    /// The purpose the caller states.
    pub purpose: Purpose,
    /// Where the use takes place: the department of this division must have opened the service to the caller.
    pub division: DivisionCode,
    /// Where the card was issued: the channel's scope must cover its own holders, wherever they use the card
    /// (ND-2.0, CH-8.1a).
    pub holder_division: DivisionCode,
    /// What it costs, if it pays under a grant.
    pub spending: Option<Spending>,
    /// When.
    pub now: Timestamp,
}

/// All three held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Authorized {
    channel: ChannelId,
    opening: OpeningId,
    consent: Consent,
    grant: Option<GrantId>,
    purpose: Purpose,
}

impl Authorized {
    /// The channel whose scope covered it.
    pub const fn channel(&self) -> ChannelId {
        self.channel
    }

    /// The opening of the department.
    pub const fn opening(&self) -> OpeningId {
        self.opening
    }

    /// How the holder agreed.
    pub const fn consent(&self) -> Consent {
        self.consent
    }

    /// The grant, if the holder agreed by one.
    pub const fn grant(&self) -> Option<GrantId> {
        self.grant
    }

    /// What for.
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }
}

/// Whether the use may happen. `channel` is the channel through which the holder is served: the caller itself, or
/// the one that showed the code to the calling terminal.
///
/// Refuses, in order: channel, department, person.
pub fn authorize(
    request: &Request<'_>,
    person: &Person<'_>,
    department: &Department<'_>,
    channel: &Channel,
) -> Result<Authorized, Refusal> {
    let code = request.service.service_code();
    channel
        .permits(request.channel_use, &code, request.holder_division)
        .map_err(|refusal| Refusal::ChannelMissing { cause: refusal.code() })?;
    let opening = find_opening(request, department)?;
    let (consent, grant) = agree(request, person, channel)?;
    Ok(Authorized { channel: channel.id, opening, consent, grant, purpose: request.purpose })
}

/// One opening is enough: what one department has suspended or closed, another may have opened in its own area.
fn find_opening(request: &Request<'_>, department: &Department<'_>) -> Result<OpeningId, Refusal> {
    let concerns = |opening: &&Opening<'_>| {
        opening.target == request.caller
            && opening.service == request.service.code
            && opening.division.covers(request.division)
    };
    let mut refusal = Refusal::DepartmentMissing { cause: "service.not_opened" };
    for opening in department.openings.iter().filter(concerns) {
        match (opening.is_open(request.now), opening.is_suspended) {
            (true, false) => return Ok(opening.id),
            (true, true) => refusal = Refusal::DepartmentSuspended,
            (false, _) if refusal == Refusal::DepartmentSuspended => {}
            (false, _) => refusal = Refusal::DepartmentMissing { cause: "service.closed" },
        }
    }
    Err(refusal)
}

/// A code confirms identity or pays, and nothing more; a confirmation covers its own purpose; a service that takes
/// a grant takes nothing less.
fn agree(
    request: &Request<'_>,
    person: &Person<'_>,
    channel: &Channel,
) -> Result<(Consent, Option<GrantId>), Refusal> {
    let missing = |cause| Err(Refusal::PersonMissing { cause });
    if let Err(refusal) = request.service.for_purpose(request.purpose) {
        return missing(refusal.code());
    }
    match (person, request.service.consent) {
        (Person::Grant(grant), _) => {
            let code = request.service.service_code();
            let wanted = grant::Use {
                party: request.party,
                channel: channel.id,
                service: &code,
                purpose: request.purpose,
                spending: request.spending,
            };
            match grant.permits(&wanted, request.now) {
                Ok(()) => Ok((Consent::Grant, Some(grant.id))),
                Err(refusal) => missing(refusal.code()),
            }
        }
        (Person::Silent, _) => missing("consent.none"),
        (_, Consent::Grant) => missing("consent.grant_needed"),
        (Person::Code, Consent::Confirmation) => missing("consent.confirmation_needed"),
        (Person::Code, Consent::Code) => Ok((Consent::Code, None)),
        (Person::Confirmation { purpose }, Consent::Code | Consent::Confirmation) => {
            if *purpose == request.purpose {
                Ok((Consent::Confirmation, None))
            } else {
                missing("consent.other_purpose")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::{Phase, Use, Withheld, tests::channel};
    use crate::grant::tests::grant;
    use crate::service;

    const NOW: Timestamp = Timestamp::from_seconds(1_500);
    const CALLER: Caller = Caller::Channel(ChannelId::from_bytes([1; 16]));

    fn request(code: &str) -> Request<'static> {
        let service = service::find(code).unwrap();
        Request {
            caller: CALLER,
            party: OrgId::from_bytes([3; 16]),
            channel_use: Use::Serve,
            service,
            purpose: service.purpose,
            division: "330106".parse().unwrap(),
            holder_division: "330106".parse().unwrap(),
            spending: None,
            now: NOW,
        }
    }

    fn opening(service: &str) -> Opening<'_> {
        Opening {
            id: OpeningId::from_bytes([5; 16]),
            target: CALLER,
            service,
            division: "330000".parse().unwrap(),
            opened_at: Timestamp::EPOCH,
            closed_at: None,
            is_suspended: false,
        }
    }

    fn channel_for(code: &str) -> Channel {
        let mut made = channel(Phase::Live);
        let services = vec!["ecard.issue".parse().unwrap(), code.parse().unwrap()];
        made.scope = channel::Scope::new(made.scope.regions().to_vec(), services).unwrap();
        made
    }

    /// ND-3.5d: all three, and the refusal names the first one missing.
    #[test]
    fn the_first_missing_authorization_is_named_in_the_order_channel_department_person() {
        let asked = request("identity.verify");
        let openings = [opening("identity.verify")];
        let live = channel(Phase::Live);
        let stopped = Channel { measures: vec![Withheld::All], ..channel(Phase::Live) };
        for (channel, openings, person, refusal) in [
            (&live, &openings[..], Person::Code, None),
            (&live, &openings[..], Person::Silent, Some("authorization.person_missing")),
            (&live, &[][..], Person::Code, Some("authorization.department_missing")),
            (&live, &[][..], Person::Silent, Some("authorization.department_missing")),
            (&stopped, &openings[..], Person::Code, Some("authorization.channel_missing")),
            (&stopped, &openings[..], Person::Silent, Some("authorization.channel_missing")),
            (&stopped, &[][..], Person::Code, Some("authorization.channel_missing")),
            (&stopped, &[][..], Person::Silent, Some("authorization.channel_missing")),
        ] {
            let outcome = authorize(&asked, &person, &Department { openings }, channel);
            assert_eq!(outcome.err().map(|refusal| refusal.code()), refusal);
        }
    }

    #[test]
    fn the_record_can_say_under_what_a_use_happened() {
        let asked = request("query.card");
        let given = grant("query.card", None);
        let department = Department { openings: &[opening("query.card")] };
        let held =
            authorize(&asked, &Person::Grant(&given), &department, &channel_for("query.card")).unwrap();
        assert_eq!((held.consent(), held.grant()), (Consent::Grant, Some(given.id)));
        assert_eq!(
            (held.channel(), held.opening()),
            (ChannelId::from_bytes([1; 16]), OpeningId::from_bytes([5; 16]))
        );
        assert_eq!(held.purpose(), Purpose::Query);
    }

    #[test]
    fn the_channel_needs_state_service_and_division() {
        let openings = [opening("query.card"), opening("identity.verify")];
        let department = Department { openings: &openings };
        let far = Request { holder_division: "650100".parse().unwrap(), ..request("identity.verify") };
        for (asked, phase, cause) in [
            (request("identity.verify"), Phase::Terminated, "channel.terminated"),
            (request("query.card"), Phase::Live, "channel.service"),
            (far, Phase::Live, "channel.division"),
        ] {
            let outcome = authorize(&asked, &Person::Code, &department, &channel(phase));
            assert_eq!(outcome, Err(Refusal::ChannelMissing { cause }));
        }
    }

    #[test]
    fn the_department_opens_one_service_to_one_caller_in_its_region_while_it_lasts() {
        let asked = request("identity.verify");
        let open = opening("identity.verify");
        let terminal = Caller::Terminal(TerminalId::from_bytes([1; 16]));
        let at = Timestamp::from_seconds;
        for (opening, cause) in [
            (open, None),
            (Opening { closed_at: Some(at(1_501)), ..open }, None),
            (Opening { closed_at: Some(at(1_500)), ..open }, Some("service.closed")),
            (Opening { opened_at: at(1_501), ..open }, Some("service.closed")),
            (Opening { opened_at: at(1_500), ..open }, None),
            (Opening { target: terminal, ..open }, Some("service.not_opened")),
            (Opening { service: "pay.code", ..open }, Some("service.not_opened")),
            (Opening { division: "330200".parse().unwrap(), ..open }, Some("service.not_opened")),
            (Opening { division: DivisionCode::NATIONAL, ..open }, None),
        ] {
            let department = Department { openings: &[opening] };
            let outcome = authorize(&asked, &Person::Code, &department, &channel(Phase::Live)).map(|_| ());
            let expected = cause.map_or(Ok(()), |cause| Err(Refusal::DepartmentMissing { cause }));
            assert_eq!(outcome, expected, "{opening:?}");
        }
    }

    /// ND-3.5e: what the department has suspended is refused by a reason of its own, whether another opening was closed before or
    /// after it; what another department has opened in its area stands.
    #[test]
    fn a_suspended_opening_is_refused_until_it_goes_on() {
        let asked = request("identity.verify");
        let open = opening("identity.verify");
        let suspended = Opening { is_suspended: true, ..open };
        let closed = Opening { closed_at: Some(NOW), ..open };
        let elsewhere = Opening { division: "330200".parse().unwrap(), ..suspended };
        let other = Opening { service: "pay.code", ..suspended };
        let missing = |cause| Err(Refusal::DepartmentMissing { cause });
        for (openings, expected) in [
            (&[suspended][..], Err(Refusal::DepartmentSuspended)),
            (&[suspended, closed], Err(Refusal::DepartmentSuspended)),
            (&[closed, suspended], Err(Refusal::DepartmentSuspended)),
            (&[Opening { closed_at: Some(NOW), ..suspended }], missing("service.closed")),
            (&[elsewhere, other], missing("service.not_opened")),
            (&[elsewhere, other, open], Ok(())),
            (&[suspended, open], Ok(())),
            (&[open, suspended], Ok(())),
        ] {
            let department = Department { openings };
            let outcome = authorize(&asked, &Person::Code, &department, &channel(Phase::Live)).map(|_| ());
            assert_eq!(outcome, expected, "{openings:?}");
        }
    }

    #[test]
    fn the_holder_agrees_by_code_confirmation_or_grant_as_the_service_demands() {
        let confirmed = |purpose| Person::Confirmation { purpose };
        let given = grant("query.card", None);
        let revoked = Grant { revoked_at: Some(NOW), ..given.clone() };
        for (code, person, cause) in [
            ("identity.verify", Person::Code, None),
            ("identity.verify", confirmed(Purpose::Identify), None),
            ("identity.verify", confirmed(Purpose::Pay), Some("consent.other_purpose")),
            ("identity.verify", Person::Silent, Some("consent.none")),
            ("pay.code", Person::Code, None),
            ("pay.password", Person::Code, Some("consent.confirmation_needed")),
            ("pay.password", confirmed(Purpose::Pay), None),
            ("login.scan", Person::Code, Some("consent.confirmation_needed")),
            ("login.scan", confirmed(Purpose::Login), None),
            ("query.card", Person::Code, Some("consent.grant_needed")),
            ("query.card", confirmed(Purpose::Query), Some("consent.grant_needed")),
            ("query.card", Person::Grant(&given), None),
            ("query.card", Person::Grant(&revoked), Some("grant.revoked")),
            ("query.talent", Person::Grant(&given), Some("grant.scope")),
        ] {
            let department = Department { openings: &[opening(code)] };
            let outcome = authorize(&request(code), &person, &department, &channel_for(code)).map(|_| ());
            let expected = cause.map_or(Ok(()), |cause| Err(Refusal::PersonMissing { cause }));
            assert_eq!(outcome, expected, "{code} {person:?}");
        }
    }

    #[test]
    fn a_purpose_that_is_not_the_services_was_never_agreed_to() {
        let asked = Request { purpose: Purpose::Pay, ..request("identity.verify") };
        let department = Department { openings: &[opening("identity.verify")] };
        let outcome = authorize(&asked, &Person::Code, &department, &channel(Phase::Live));
        assert_eq!(outcome, Err(Refusal::PersonMissing { cause: "service.purpose" }));
    }
}
