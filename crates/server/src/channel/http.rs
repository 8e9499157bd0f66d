//! The wire form of channels.

use super::impact::{self, Impact, Thought, Usage};
use super::levels;
use super::service::{self, NewChannel, Shown};
use crate::app::Json;
use crate::auth::Staff;
use crate::key;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::channel::{self as rules, Action, Level, Plan, Relation, Scope, Withheld};
use domain::id::{ChannelId, MatterId, MeasureId, OrgId};
use domain::risk_event::Cause;
use domain::service::ServiceCode;
use domain::time::Timestamp;
use http::{HeaderMap, StatusCode};
use sdk::types::Page;
use sdk::types::channel::{
    AccessMode, ActOnChannel, ChannelClass, ChannelForm, ChannelLevels, ChannelOwner, ChannelRelative,
    ChannelUsage, ChannelView, CreateChannel, ImpactView, MeasureList, MeasureView, ServiceStop,
};
use serde::Deserialize;
use store::measure::MeasureRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_channel, list_channels))
        .routes(routes!(get_channel))
        .routes(routes!(act_on_channel))
        .routes(routes!(list_measures))
        .routes(routes!(get_impact))
        .routes(routes!(get_channel_levels))
}

/// Registers a channel of the sandbox, live at once.
#[utoipa::path(post, path = "/api/v1/channels", tag = "channel", operation_id = "create_channel",
    request_body = CreateChannel, responses((status = 201, body = ChannelView)))]
async fn create_channel(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateChannel>,
) -> Result<(StatusCode, HeaderMap, Json<ChannelView>), Error> {
    let shown = service::create(&world, &staff, new_channel(&world, &body)?).await?;
    Ok((StatusCode::CREATED, etag::headers(shown.row.version), Json(view(&shown)?)))
}

/// A channel as it is now.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}", tag = "channel", operation_id = "get_channel",
    params(("channel_id" = String, Path)), responses((status = 200, body = ChannelView)))]
async fn get_channel(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
) -> Result<(HeaderMap, Json<ChannelView>), Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    let shown = service::get(&world, &staff, id).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown)?)))
}

/// Lists the channels in sight.
#[utoipa::path(get, path = "/api/v1/channels", tag = "channel", operation_id = "list_channels",
    params(PageQuery), responses((status = 200, body = Page<ChannelView>)))]
async fn list_channels(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<ChannelView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<ChannelId>().ok())?;
    let shown = service::list(&world, &staff, after, page::probe(limit)).await?;
    let views = shown.iter().map(view).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |channel: &ChannelView| channel.channel_id.clone())))
}

/// Suspends, resumes or terminates a channel of the sandbox.
#[utoipa::path(post, path = "/api/v1/channels/{channel_id}/actions", tag = "channel",
    operation_id = "act_on_channel",
    params(("channel_id" = String, Path), ("If-Match" = String, Header)), request_body = ActOnChannel,
    responses((status = 200, body = ChannelView)))]
async fn act_on_channel(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<ActOnChannel>,
) -> Result<(HeaderMap, Json<ChannelView>), Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let action = fields.parse::<Action>("/action", &body.action);
    let reason = fields.text_opt("/reason", body.reason.as_deref(), 500);
    if body.reason.is_none() && matches!(action, Some(Action::Suspend | Action::Terminate)) {
        fields.refuse("/reason", "request.required", "须说明理由 (a reason is required)");
    }
    fields.check()?;
    let (Some(action), Some(reason)) = (action, reason) else { return Err(Error::internal("unreachable")) };
    let shown = service::act(&world, &staff, id, version, action, reason).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown)?)))
}

/// What was and is withheld from a channel, oldest first.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/measures", tag = "channel",
    operation_id = "list_measures", params(("channel_id" = String, Path)),
    responses((status = 200, body = MeasureList)))]
async fn list_measures(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
) -> Result<Json<MeasureList>, Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    let rows = service::measures(&world, &staff, id).await?;
    Ok(Json(MeasureList { data: rows.iter().map(measure).collect::<Result<_, _>>()? }))
}

/// The level-1 channel of a channel, and the level-2 channels that it answers for (CH-11.4c).
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/levels", tag = "channel",
    operation_id = "get_channel_levels", params(("channel_id" = String, Path)),
    responses((status = 200, body = ChannelLevels)))]
async fn get_channel_levels(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
) -> Result<Json<ChannelLevels>, Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    let found = levels::levels(&world, &staff, id).await?;
    Ok(Json(ChannelLevels {
        parent: found.parent.as_ref().map(relative).transpose()?,
        below: found.below.iter().map(relative).collect::<Result<_, _>>()?,
    }))
}

fn relative(shown: &levels::Relative) -> Result<ChannelRelative, Error> {
    let channel = super::from_row(&shown.row)?;
    Ok(ChannelRelative {
        channel_id: channel.id.to_string(),
        number: channel.number.to_string(),
        state: channel.state().to_string(),
        phase: channel.phase.to_string(),
        relation: channel.relation.map(|relation| relation.to_string()),
        name: channel.name,
        owner_name: shown.owner.name.clone(),
        is_in_sight: shown.is_in_sight,
    })
}

/// What is thought of doing.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct ImpactQuery {
    /// What would be withheld: `all` (as by default), `new_holders` or `services`.
    withheld: Option<String>,
    /// The codes of the services, separated by commas, with `withheld=services` and only then: at least one.
    services: Option<String>,
    /// The cause of a risk event: what comes with it takes the place of the default.
    cause: Option<String>,
    /// Whether the channel would be terminated.
    ends: Option<bool>,
    /// `mat_…` whose measure this one would take the place of.
    matter_id: Option<String>,
}

/// What a step against a channel would break: by the very rule that answers its requests.
#[utoipa::path(get, path = "/api/v1/channels/{channel_id}/impact", tag = "channel", operation_id = "get_impact",
    params(("channel_id" = String, Path), ImpactQuery), responses((status = 200, body = ImpactView)))]
async fn get_impact(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(channel_id): Path<String>,
    Query(query): Query<ImpactQuery>,
) -> Result<Json<ImpactView>, Error> {
    let id = channel_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let withheld = withheld(&mut fields, &query);
    let cause = fields.parse_opt::<Cause>("?cause", query.cause.as_deref());
    let matter = fields.parse_opt::<MatterId>("?matter_id", query.matter_id.as_deref());
    let (Some(withheld), Some(cause), Some(matter)) = (withheld, cause, matter) else {
        return Err(fields.error());
    };
    let plan = match cause {
        _ if query.ends == Some(true) => Some(Plan::End),
        Some(cause) => fields.take("?withheld", cause.plan(withheld)),
        None => Some(Plan::Withhold(withheld.unwrap_or(Withheld::All))),
    };
    let Some(plan) = plan else { return Err(fields.error()) };
    Ok(Json(impact(&impact::foresee(&world, &staff, id, Thought { plan, cause, matter }).await?)))
}

/// What is withheld, where the query says so.
fn withheld(fields: &mut Fields, query: &ImpactQuery) -> Option<Option<Withheld>> {
    let codes = query.services.as_deref().unwrap_or_default().split(',').filter(|code| !code.is_empty());
    let services: Vec<_> = codes.map(|code| fields.parse::<ServiceCode>("?services", code)).collect();
    let services: Vec<ServiceCode> = services.into_iter().collect::<Option<_>>()?;
    let is_of_services = query.withheld.as_deref() == Some("services");
    if is_of_services && services.is_empty() {
        fields.refuse("?services", "request.required", "须指明至少一项服务 (name at least one service)");
        return None;
    }
    if !is_of_services && query.services.is_some() {
        let message = "仅withheld=services时可指明服务 (services are named with withheld=services only)";
        fields.refuse("?services", "request.fields", message);
        return None;
    }
    match query.withheld.as_deref() {
        None => Some(None),
        Some("all") => Some(Some(Withheld::All)),
        Some("new_holders") => Some(Some(Withheld::NewHolders)),
        Some("services") => Some(Some(Withheld::Services(services))),
        Some(_) => {
            let message = "须为all、new_holders或services (must be all, new_holders or services)";
            fields.refuse("?withheld", "request.choice", message);
            None
        }
    }
}

fn impact(found: &Impact) -> ImpactView {
    let stop = |stop: &domain::channel::Stop| ServiceStop {
        service: stop.service.to_string(),
        uses: stop.uses.iter().map(ToString::to_string).collect(),
    };
    ImpactView {
        stops: found.stops.iter().map(stop).collect(),
        rectify_by: found.rectify_by.map(|day| day.to_string()),
        usage: found.usage.map(|usage| ChannelUsage {
            from_on: usage.from.to_string(),
            to_on: usage.to.to_string(),
            issued: Usage::daily(usage.sums.issued),
            uses: Usage::daily(usage.sums.uses),
            users: Usage::daily(usage.sums.active_users),
            payments: Usage::daily(usage.sums.payments),
        }),
    }
}

fn measure(row: &MeasureRow) -> Result<MeasureView, Error> {
    let (word, services) = match super::withheld_by(row)? {
        Withheld::All => ("all", Vec::new()),
        Withheld::NewHolders => ("new_holders", Vec::new()),
        Withheld::Services(services) => ("services", services.iter().map(ToString::to_string).collect()),
    };
    let shown = |micros| Timestamp::from_micros(micros).to_string();
    Ok(MeasureView {
        measure_id: MeasureId::from_bytes(row.id).to_string(),
        matter_id: row.matter_id.map(|id| MatterId::from_bytes(id).to_string()),
        withheld: word.to_owned(),
        services,
        opened_at: shown(row.opened_at),
        lifted_at: row.lifted_at.map(shown),
    })
}

fn new_channel(world: &crate::World, body: &CreateChannel) -> Result<NewChannel, Error> {
    let mut fields = Fields::default();
    let name = fields.text("/name", &body.name, 100);
    let owner_name = fields.text("/owner/name", &body.owner.name, 200);
    let owner_uscc = fields.parse("/owner/uscc", &body.owner.uscc);
    let parent = fields.parse_opt("/parent_id", body.parent_id.as_deref());
    let level = Level::new(i64::from(body.level));
    if level.is_none() {
        fields.refuse("/level", "channel.level", "级别须为1或2 (the level is 1 or 2)");
    }
    let form_name = form_name(&mut fields, body);
    let scope = scope(&mut fields, body);
    let keys: Vec<_> = body
        .keys
        .iter()
        .enumerate()
        .filter_map(|(at, key)| key::http::new_key(world, &mut fields, &format!("/keys/{at}"), key))
        .collect();
    match (name, owner_name, owner_uscc, parent, level, form_name, scope) {
        (
            Some(name),
            Some(owner_name),
            Some(owner_uscc),
            Some(parent),
            Some(level),
            Some(form_name),
            Some(scope),
        ) if keys.len() == body.keys.len() => {
            let (class, form, access_mode) =
                (class(body.class), form(body.form), access_mode(body.access_mode));
            Ok(NewChannel {
                name,
                owner_name,
                owner_uscc,
                class,
                level,
                parent,
                relation: parent.map(|_| Relation::SameEntity),
                is_platform_level: false,
                form,
                form_name,
                access_mode,
                scope: scope?,
                keys,
            })
        }
        _ => Err(fields.error()),
    }
}

/// Present exactly when the form is another one.
fn form_name(fields: &mut Fields, body: &CreateChannel) -> Option<Option<String>> {
    match (body.form, &body.form_name) {
        (ChannelForm::Other, None) => {
            fields.refuse("/form_name", "request.required", "须填写渠道形式名称 (name the form)");
            None
        }
        (ChannelForm::Other, Some(name)) => fields.text("/form_name", name, 50).map(Some),
        (_, Some(_)) => {
            fields.refuse("/form_name", "request.unexpected", "仅其他形式需填写 (only for another form)");
            None
        }
        (_, None) => Some(None),
    }
}

/// The scope, once every region and service reads; its own rules (CH-8.1a, CH-6.3) are refusals of the whole.
fn scope(fields: &mut Fields, body: &CreateChannel) -> Option<Result<Scope, rules::Refusal>> {
    let mut regions = Vec::new();
    for (at, text) in body.regions.iter().enumerate() {
        let pointer = format!("/regions/{at}");
        let division = fields.parse::<domain::division::DivisionCode>(&pointer, text);
        regions.push(division.and_then(|division| fields.take(&pointer, division.listed())));
    }
    let mut services = Vec::new();
    for (at, code) in body.services.iter().enumerate() {
        let found = fields.take(&format!("/services/{at}"), domain::service::find(code));
        services.push(found.map(domain::service::Service::service_code));
    }
    let (regions, services) =
        (regions.into_iter().collect::<Option<_>>()?, services.into_iter().collect::<Option<_>>()?);
    Some(Scope::new(regions, services))
}

fn view(shown: &Shown) -> Result<ChannelView, Error> {
    let channel = super::from_row(&shown.row)?;
    let (id, state) = (channel.id.to_string(), channel.state());
    Ok(ChannelView {
        number: channel.number.to_string(),
        name: channel.name,
        owner: ChannelOwner {
            name: shown.owner.name.clone(),
            uscc: shown.owner.uscc.clone().unwrap_or_default(),
        },
        owner_id: OrgId::from_bytes(shown.owner.id).to_string(),
        class: wire_class(channel.class),
        level: if channel.level == Level::One { 1 } else { 2 },
        parent_id: channel.parent.map(|parent| parent.to_string()),
        relation: channel.relation.map(|relation| relation.to_string()),
        form: wire_form(channel.form),
        form_name: shown.row.form_name.clone(),
        access_mode: wire_access_mode(channel.access_mode),
        state: state.to_string(),
        phase: channel.phase.to_string(),
        portal: channel.phase.portal().to_string(),
        reason: shown.reason.clone(),
        regions: channel.scope.regions().iter().map(ToString::to_string).collect(),
        services: channel.scope.services().iter().map(ToString::to_string).collect(),
        keys: shown.keys.iter().map(|row| key::http::view(row, &id)).collect::<Result<_, _>>()?,
        actions: shown.actions.iter().map(ToString::to_string).collect(),
        opens: shown.opens.iter().map(ToString::to_string).collect(),
        version: shown.row.version,
        created_at: Timestamp::from_micros(shown.row.created_at).to_string(),
        channel_id: id,
    })
}

/// Two enums of the same words, one of the rules and one of the wire.
macro_rules! same_words {
    ($to:ident $from:ident $wire:ident = $rule:ident { $($word:ident)* }) => {
        /// The word of the rules.
        pub(crate) fn $to(word: $wire) -> rules::$rule {
            match word { $($wire::$word => rules::$rule::$word,)* }
        }

        /// The word of the wire.
        pub(crate) fn $from(word: rules::$rule) -> $wire {
            match word { $(rules::$rule::$word => $wire::$word,)* }
        }
    };
}

same_words! { class wire_class ChannelClass = Class { Hrss Government NationalSigned Bank Medical Social } }
same_words! { form wire_form ChannelForm = Form { App OfficialAccount LifeAccount MiniProgram Other } }
same_words! { access_mode wire_access_mode AccessMode = AccessMode { Sdk H5 } }
