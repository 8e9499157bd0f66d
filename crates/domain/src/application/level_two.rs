//! What an application for a level-2 channel says beside the forms, and when it may be made (CH-10 to CH-14).
//!
//! Invariant: a level-2 channel belongs to one live level-1 channel, whose owner applies for it (CH-11.2); of the
//! same entity it is never admitted for more than that (CH-12.2), of another entity it is admitted on its own
//! (CH-13.2). Whether two brands are one is for the reviewers: here it must be said which brand or product.

use super::Refusal;
use super::form::{number, text};
use crate::channel::{self, Class, Level, Phase, Relation};
use crate::division::DivisionCode;
use crate::id::ChannelId;
use crate::matter::{Faults, Scene};
use crate::name::names;
use crate::service::ServiceCode;
use serde::{Deserialize, Serialize};

names! {
    /// A capability of level 1 that level 2 reuses (CH-11.1a); the list of the article is open.
    Capability {
        /// 账户体系.
        Accounts = "accounts",
        /// 身份认证.
        Authentication = "authentication",
        /// 风控.
        RiskControl = "risk_control",
        /// 客服.
        CustomerService = "customer_service",
        /// Another one, which the statement names.
        Other = "other",
    }
    /// Where liveness detection comes from (CH-11.1b).
    Liveness {
        /// The one that level 1 has built.
        LevelOne = "level_one",
        /// The SDK of the e-card.
        Sdk = "ecard_sdk",
        /// The H5 service of the e-card.
        H5 = "ecard_h5",
    }
    /// Where the services of level 2 come from.
    Source {
        /// What its own form lists.
        Own = "own",
        /// Whatever level 1 has (CH-12.2).
        LevelOne = "level_one",
    }
}

/// 二级渠道情况补充说明 (CH-F1.14).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationStatement))]
#[serde(default, deny_unknown_fields)]
pub struct Statement {
    /// Same or different entity ([`Relation`]).
    pub relation: String,
    /// The brand that both are of (CH-10.1).
    pub brand: String,
    /// The product that both are of (CH-10.1).
    pub product: String,
    /// What it reuses ([`Capability`]).
    pub reuses: Vec<String>,
    /// Where liveness detection comes from ([`Liveness`]).
    pub liveness: String,
    /// Where its services come from ([`Source`]).
    pub source: String,
    /// 服务人数.
    pub served: String,
    /// 基本情况.
    pub basics: String,
    /// 管理关系.
    pub management: String,
    /// 能力关系.
    pub capabilities: String,
    /// 业务关系.
    pub business: String,
}

/// The level-1 channel of what is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationParent))]
pub struct Parent {
    /// Which.
    pub channel: ChannelId,
    /// How the two belong together.
    pub relation: Relation,
}

/// The relation, if it can be read, and where the services come from.
pub(super) fn read(
    statement: &Statement,
    scene: &Scene<'_>,
    faults: &mut Faults,
) -> (Option<Relation>, Source) {
    if scene.parent.is_none() {
        return (None, Source::Own);
    }
    let relation = faults.take("/forms/level_two/relation", statement.relation.parse::<Relation>());
    let source = faults.take("/forms/level_two/source", statement.source.parse::<Source>());
    match (relation, source) {
        (Some(Relation::DifferentEntity), Some(Source::LevelOne)) => {
            faults.add("/forms/level_two/source", Refusal::Copied);
            (relation, Source::Own)
        }
        (relation, source) => (relation, source.unwrap_or(Source::Own)),
    }
}

/// The level-1 channel, if there is one and everything about it holds.
pub(super) fn check(
    statement: &Statement,
    relation: Option<Relation>,
    regions: &[DivisionCode],
    services: &[ServiceCode],
    scene: &Scene<'_>,
    faults: &mut Faults,
) -> Option<Parent> {
    let level_one = scene.parent?;
    parts(statement, faults);
    reuse(statement, relation, faults);
    // Of another entity it reuses what `reuse` demands of it, and nothing of the scope (CH-13.1).
    match relation? {
        Relation::SameEntity => {
            if text(&statement.brand).is_err() && text(&statement.product).is_err() {
                faults.add("/forms/level_two/brand", Refusal::SameEntity);
            }
            if !regions.iter().all(|region| level_one.scope.covers(*region)) {
                faults.add("/forms/channel/regions", Refusal::Wider);
            }
            if !services.iter().all(|service| level_one.scope.includes(service)) {
                faults.add("/forms/channel/services", Refusal::Wider);
            }
        }
        Relation::DifferentEntity => {
            if level_one.class != Class::NationalSigned || !level_one.is_platform_level {
                faults.add("/forms/level_two/relation", Refusal::DifferentEntity);
            }
        }
    }
    Some(Parent { channel: level_one.id, relation: relation? })
}

/// CH-14.2, CH-F1.14: all four parts.
fn parts(statement: &Statement, faults: &mut Faults) {
    for (field, value) in [
        ("basics", &statement.basics),
        ("management", &statement.management),
        ("capabilities", &statement.capabilities),
        ("business", &statement.business),
    ] {
        if text(value).is_err() {
            faults.add(format!("/forms/level_two/{field}"), Refusal::Statement);
        }
    }
    faults.take("/forms/level_two/served", number(&statement.served));
}

/// CH-11.1a, CH-11.1b, CH-12.1.
fn reuse(statement: &Statement, relation: Option<Relation>, faults: &mut Faults) {
    if statement.reuses.is_empty() {
        faults.add("/forms/level_two/reuses", Refusal::Reuse);
    }
    let mut reused = Vec::new();
    for (place, word) in statement.reuses.iter().enumerate() {
        let pointer = format!("/forms/level_two/reuses/{place}");
        reused.extend(faults.take(pointer, word.parse::<Capability>()));
    }
    if relation == Some(Relation::SameEntity) && !reused.contains(&Capability::Accounts) {
        faults.add("/forms/level_two/reuses", Refusal::SharedAccounts);
    }
    if statement.liveness.parse::<Liveness>().is_err() {
        faults.add("/forms/level_two/liveness", Refusal::Liveness);
    }
}

/// Whether the one who acts may apply for a level-2 channel under this level-1 channel (CH-4.4, CH-11.2).
pub(super) fn may_apply(scene: &Scene<'_>) -> Result<(), crate::matter::Refused> {
    let Some(level_one) = scene.parent else { return Ok(()) };
    if level_one.level != Level::One {
        return Err(channel::Refusal::ParentLevel.into());
    }
    if scene.by.org != Some(level_one.owner) {
        return Err(Refusal::Initiator.into());
    }
    if level_one.phase == Phase::Live { Ok(()) } else { Err(Refusal::ParentPhase.into()) }
}
