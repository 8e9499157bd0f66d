//! What a change may ask for, beside what the forms of every application say (CH-15.1).

use super::form::Context;
use super::{Purpose, Refusal, class};
use crate::channel::{Class, Relation};
use crate::division::DivisionCode;
use crate::matter::Faults;
use crate::service::{self, ServiceCode};
use serde::{Deserialize, Serialize};

/// What a channel was admitted for when its change was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationBefore))]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// The regions.
    pub regions: Vec<DivisionCode>,
    /// The services.
    pub services: Vec<ServiceCode>,
}

/// What the channel of a change is admitted for today.
pub(super) fn before(context: &Context<'_>) -> Option<Before> {
    let channel = context.scene.channel.filter(|_| context.purpose == Purpose::Change)?;
    let (regions, services) = (channel.scope.regions().to_vec(), channel.scope.services().to_vec());
    Some(Before { regions, services })
}

/// CH-15.1, CH-8.4b: a change asks for another scope, takes no standard service away, and leaves the channel what it is:
/// of its class, which decides what it owes, and to level 1 what it was.
pub(super) fn check(
    class: Option<Class>,
    relation: Option<Relation>,
    (regions, services): (&[DivisionCode], &[ServiceCode]),
    context: &Context<'_>,
    faults: &mut Faults,
) {
    let Some(channel) = context.scene.channel.filter(|_| context.purpose == Purpose::Change) else { return };
    match class.filter(|class| *class != channel.class) {
        Some(Class::NationalSigned) if class::needs_agreement(channel.class) => {
            faults.add("/forms/one/innovation", Refusal::NewlySigned);
        }
        Some(_) => faults.add("/forms/one/unit", Refusal::OtherClass),
        None => {}
    }
    if relation.is_some() && relation != channel.relation {
        faults.add("/forms/level_two/relation", Refusal::OtherRelation);
    }
    if channel.scope.regions() == regions && channel.scope.services() == services {
        faults.add("/forms/channel", Refusal::NothingChanged);
    }
    let is_standard = |code: &ServiceCode| service::find(code.as_str()).is_ok_and(|row| row.standard);
    let drops = |code: &&ServiceCode| is_standard(code) && !services.contains(code);
    if channel.scope.services().iter().any(|code| drops(&code)) {
        faults.add("/forms/channel/services", Refusal::StandardService);
    }
}
