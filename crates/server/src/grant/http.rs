//! The wire form of standing grants.

use super::service::{self, Party, Wish};
use crate::app::Json;
use crate::auth::Caller;
use crate::ecard::HolderProof;
use crate::ecard::http::binding;
use crate::wire::page::{PageQuery, page};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::grant::Limits;
use domain::id::{BindingId, ChannelId, GrantId, OrgId, TerminalId};
use domain::money::Amount;
use domain::time::Timestamp;
use http::StatusCode;
use sdk::types::Page;
use sdk::types::grant::{CreateGrant, GrantState, GrantView, RevokeGrant};
use store::grant::GrantRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for callers.
pub fn routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_grant))
        .routes(routes!(list_grants))
        .routes(routes!(revoke_grant))
}

/// Gives an organisation a standing grant in the holder's name.
#[utoipa::path(post, path = "/api/v1/ecards/{binding_id}/grants", tag = "grant", operation_id = "create_grant",
    params(("binding_id" = String, Path)), request_body = CreateGrant,
    responses((status = 201, body = GrantView)))]
async fn create_grant(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<CreateGrant>,
) -> Result<(StatusCode, Json<GrantView>), Error> {
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    let binding = binding(&id)?;
    let row = service::create(&world, caller, binding, proof, wish(&body)?).await?;
    Ok((StatusCode::CREATED, Json(view(&row, binding, world.now()))))
}

/// The grants given in a binding of the caller's, newest first.
#[utoipa::path(get, path = "/api/v1/ecards/{binding_id}/grants", tag = "grant", operation_id = "list_grants",
    params(("binding_id" = String, Path), PageQuery), responses((status = 200, body = Page<GrantView>)))]
async fn list_grants(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<GrantView>>, Error> {
    let limit = query.limit()?;
    let before = query.cursor(|text| text.parse::<GrantId>().ok())?;
    let before = before.map_or_else(|| vec![0xFF; 16], |id| id.as_bytes().to_vec());
    let binding = binding(&id)?;
    let rows = service::list(&world, caller, binding, before, limit as i64 + 1).await?;
    let rows = page(rows, limit, |row| GrantId::from_bytes(row.id).to_string());
    let now = world.now();
    let data = rows.data.iter().map(|row| view(row, binding, now)).collect();
    Ok(Json(Page { data, has_more: rows.has_more, next_cursor: rows.next_cursor }))
}

/// Takes a grant back at once.
#[utoipa::path(post, path = "/api/v1/grants/{grant_id}/revoke", tag = "grant", operation_id = "revoke_grant",
    params(("grant_id" = String, Path)), request_body = RevokeGrant,
    responses((status = 200, body = GrantView)))]
async fn revoke_grant(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
    Json(body): Json<RevokeGrant>,
) -> Result<Json<GrantView>, Error> {
    let proof = HolderProof::new(body.proof.clone(), body.consent(&id))?;
    let grant = id.parse().map_err(|_| Error::not_found())?;
    let (row, binding) = service::revoke(&world, caller, grant, proof).await?;
    Ok(Json(view(&row, binding, world.now())))
}

fn wish(body: &CreateGrant) -> Result<Wish, Error> {
    let amount =
        |pointer: &str, fen: i64| Amount::new(fen).map_err(|refusal| Error::field(pointer, &refusal));
    let together = || {
        Error::field_text(
            "/limit_fen_per_use",
            "grant.limits_missing",
            "两项限额须同时设定 (set both limits)",
        )
    };
    let limits = match (body.limit_fen_per_use, body.limit_fen_per_day) {
        (Some(per_use), Some(per_day)) => Some(Limits {
            per_use: amount("/limit_fen_per_use", per_use)?,
            per_day: amount("/limit_fen_per_day", per_day)?,
        }),
        (None, None) => None,
        _ => return Err(together()),
    };
    if !(1..=200).contains(&body.purpose.chars().count()) || body.purpose.chars().any(char::is_control) {
        let message =
            "须为1至200个字符，不含控制字符 (1 to 200 characters, none of them a control character)";
        return Err(Error::field_text("/purpose", "request.length", message));
    }
    Ok(Wish {
        service: domain::service::find(&body.service)
            .map_err(|refusal| Error::field("/service", &refusal))?,
        party: party(&body.party_id)?,
        purpose: body.purpose.clone(),
        expires_at: body
            .expires_at
            .parse()
            .map_err(|r: domain::time::Refusal| Error::field("/expires_at", &r))?,
        limits,
    })
}

fn party(text: &str) -> Result<Party, Error> {
    let wrong = |refusal: domain::id::Refusal| Error::field("/party_id", &refusal);
    match text.split('_').next() {
        Some(ChannelId::PREFIX) => text.parse().map(Party::Channel).map_err(wrong),
        Some(TerminalId::PREFIX) => text.parse().map(Party::Terminal).map_err(wrong),
        _ => text.parse().map(Party::Org).map_err(wrong),
    }
}

fn view(row: &GrantRow, binding: BindingId, now: Timestamp) -> GrantView {
    let time = |micros: i64| Timestamp::from_micros(micros).to_string();
    let state = if row.revoked_at.is_some() {
        GrantState::Revoked
    } else if row.expires_at <= now.as_micros() {
        GrantState::Expired
    } else {
        GrantState::Active
    };
    GrantView {
        grant_id: GrantId::from_bytes(row.id).to_string(),
        binding_id: binding.to_string(),
        service: row.service.clone(),
        party_id: OrgId::from_bytes(row.party_id).to_string(),
        purpose: row.purpose.clone(),
        state,
        limit_fen_per_use: row.limit_fen_per_use,
        limit_fen_per_day: row.limit_fen_per_day,
        created_at: time(row.created_at),
        expires_at: time(row.expires_at),
        revoked_at: row.revoked_at.map(time),
    }
}
