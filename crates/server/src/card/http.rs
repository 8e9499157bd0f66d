//! The wire form of cards.

use super::service::{self, Replacement, Search, Seen};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::card::{Action, Generation, Phase, Reason};
use domain::division::DivisionCode;
use domain::id::CardId;
use domain::identity::{DocumentKind, IdDocument};
use domain::refusal::Refuse;
use domain::time::Timestamp;
use http::HeaderMap;
use sdk::types::Page;
use sdk::types::card::{
    CardAction, CardState, CardView, ChangeCardState, FindCard, InvalidCardView, InvalidReason, ReplaceCard,
};
use serde::Deserialize;
use store::card::InvalidRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of cards for staff, imports among them.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(find_cards))
        .routes(routes!(get_card))
        .routes(routes!(change_card_state))
        .routes(routes!(replace_card))
        .routes(routes!(list_invalid_cards))
        .merge(super::import::http::staff_routes())
}

/// The card with a number, or the cards of a holder, masked.
#[utoipa::path(post, path = "/api/v1/cards/search", tag = "card", operation_id = "find_cards",
    request_body = FindCard, responses((status = 200, body = Page<CardView>)))]
async fn find_cards(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<FindCard>,
) -> Result<Json<Page<CardView>>, Error> {
    let seen = service::search(&world, &staff, criterion(&body)?).await?;
    Ok(Json(Page { data: seen.iter().map(view).collect(), has_more: false, next_cursor: None }))
}

/// A card, masked.
#[utoipa::path(get, path = "/api/v1/cards/{card_id}", tag = "card", operation_id = "get_card",
    params(("card_id" = String, Path)), responses((status = 200, body = CardView)))]
async fn get_card(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(card_id): Path<String>,
) -> Result<(HeaderMap, Json<CardView>), Error> {
    Ok(answer(&service::get(&world, &staff, id(&card_id)?).await?))
}

/// Changes the state of a card, and of its e-card in the same transaction.
#[utoipa::path(post, path = "/api/v1/cards/{card_id}/state", tag = "card", operation_id = "change_card_state",
    params(("card_id" = String, Path), ("if-match" = String, Header)), request_body = ChangeCardState,
    responses((status = 200, body = CardView)))]
async fn change_card_state(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(card_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<ChangeCardState>,
) -> Result<(HeaderMap, Json<CardView>), Error> {
    let action = action(&body)?;
    Ok(answer(&service::act(&world, &staff, id(&card_id)?, version, action).await?))
}

/// Replaces a card by a new one: the answer is the new card.
#[utoipa::path(post, path = "/api/v1/cards/{card_id}/replace", tag = "card", operation_id = "replace_card",
    params(("card_id" = String, Path), ("if-match" = String, Header)), request_body = ReplaceCard,
    responses((status = 200, body = CardView)))]
async fn replace_card(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(card_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<ReplaceCard>,
) -> Result<(HeaderMap, Json<CardView>), Error> {
    let new = replacement(&body)?;
    Ok(answer(&service::replace(&world, &staff, id(&card_id)?, version, new).await?))
}

/// The query of the invalid list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct InvalidQuery {
    /// The division whose list is wanted, 6 digits; the own one when it is left out.
    #[param(min_length = 6, max_length = 6)]
    division: Option<String>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// The invalid list of a division and what lies within it, by division and number.
#[utoipa::path(get, path = "/api/v1/invalid-cards", tag = "card", operation_id = "list_invalid_cards",
    params(InvalidQuery), responses((status = 200, body = Page<InvalidCardView>)))]
async fn list_invalid_cards(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<InvalidQuery>,
) -> Result<Json<Page<InvalidCardView>>, Error> {
    let division = match &query.division {
        Some(text) => text.parse::<DivisionCode>().map_err(|refusal| Error::field("?division", &refusal))?,
        None => staff.division,
    };
    let asked = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = asked.limit()?;
    let after = asked.cursor(|text| {
        let (division, number) = text.split_once('-')?;
        Some((division.to_owned(), number.to_owned()))
    })?;
    let rows = service::list_invalid(&world, &staff, division, after, limit as i64 + 1).await?;
    let found = page::page(rows, limit, |row| format!("{}-{}", row.division, row.number));
    let data = found.data.iter().map(invalid_view).collect::<Result<_, _>>()?;
    Ok(Json(Page { data, has_more: found.has_more, next_cursor: found.next_cursor }))
}

fn id(text: &str) -> Result<CardId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn answer(seen: &Seen) -> (HeaderMap, Json<CardView>) {
    (etag::headers(seen.version), Json(view(seen)))
}

fn criterion(body: &FindCard) -> Result<Search, Error> {
    match body {
        FindCard { division: Some(division), card_number: Some(number), id_kind: None, id_number: None } => {
            let mut fields = Fields::default();
            let division = fields.parse("/division", division);
            let number = fields.parse("/card_number", number.expose());
            division.zip(number).map(|(d, n)| Search::Number(d, n)).ok_or_else(|| fields.error())
        }
        FindCard { division: None, card_number: None, id_kind, id_number: Some(number) } => {
            let kind = match id_kind {
                Some(word) => {
                    word.parse().map_err(|refusal| Error::field("/id_kind", &refusal as &dyn Refuse))?
                }
                None => DocumentKind::ResidentId,
            };
            let document = IdDocument::new(kind, number.expose());
            document.map(Search::Document).map_err(|refusal| Error::field("/id_number", &refusal))
        }
        _ => {
            let message = "请提供发卡地和卡号，或证件号码 (division and card_number, or id_number)";
            Err(Error::field_text("", "card.criterion", message))
        }
    }
}

fn action(body: &ChangeCardState) -> Result<Action, Error> {
    let needless = || Error::field_text("/reason", "card.wire_reason", "此操作没有原因 (this has no reason)");
    let missing = || Error::field_text("/reason", "card.wire_reason", "请说明原因 (a reason is needed)");
    let plain = match body.action {
        CardAction::Personalise => Action::Personalise,
        CardAction::Deliver => Action::Deliver,
        CardAction::Activate => Action::Activate,
        CardAction::ReportLoss => Action::ReportLoss,
        CardAction::ReportTemporaryLoss => Action::ReportTemporaryLoss,
        CardAction::WithdrawLoss => Action::WithdrawLoss,
        CardAction::Lock => Action::Lock,
        CardAction::Unlock => Action::Unlock,
        CardAction::Invalidate => {
            return body.reason.map(|reason| Action::Invalidate(from_wire(reason))).ok_or_else(missing);
        }
    };
    if body.reason.is_none() { Ok(plain) } else { Err(needless()) }
}

fn replacement(body: &ReplaceCard) -> Result<Replacement, Error> {
    let mut fields = Fields::default();
    let number = fields.parse("/card_number", body.card_number.expose());
    let recognition = fields.parse_opt("/recognition", body.recognition.as_deref());
    let generation = fields.take("/generation", Generation::new(body.generation.unwrap_or(3)));
    let expires_on = fields.parse_opt("/expires_on", body.expires_on.as_deref());
    match (number, recognition, generation, expires_on) {
        (Some(number), Some(recognition), Some(generation), Some(expires_on)) => {
            Ok(Replacement { number, recognition, generation, expires_on, reason: from_wire(body.reason) })
        }
        _ => Err(fields.error()),
    }
}

fn view(seen: &Seen) -> CardView {
    let card = &seen.card;
    CardView {
        card_id: card.id.to_string(),
        card_number_masked: card.number.masked(),
        state: state(card.state.phase()),
        wire_state: card.state.aaz502(),
        reason: card.state.reason().map(to_wire),
        division: card.division.to_string(),
        generation: card.generation.number(),
        issued_on: card.issued_on.map(|day| day.to_string()),
        expires_on: card.expires_on.map(|day| day.to_string()),
        name_masked: seen.holder.name.clone(),
        id_number_masked: seen.holder.number.clone(),
        version: seen.version,
        changed_at: seen.changed_at.to_string(),
    }
}

fn invalid_view(row: &InvalidRow) -> Result<InvalidCardView, Error> {
    let reason: Reason = row.reason.parse().map_err(|_| Error::internal("a stored reason is unknown"))?;
    Ok(InvalidCardView {
        card_id: CardId::from_bytes(row.card_id).to_string(),
        division: row.division.clone(),
        card_number: row.number.clone(),
        reason: to_wire(reason),
        invalid_at: Timestamp::from_micros(row.at).to_string(),
    })
}

/// A card's state on the wire; its e-card's too.
#[must_use]
pub fn state(phase: Phase) -> CardState {
    match phase {
        Phase::Applied => CardState::Applied,
        Phase::Personalised => CardState::Personalised,
        Phase::Delivered => CardState::Delivered,
        Phase::Active => CardState::Active,
        Phase::LossReported => CardState::LossReported,
        Phase::TemporarilyLost => CardState::TemporarilyLost,
        Phase::Locked => CardState::Locked,
        Phase::Invalid => CardState::Invalid,
    }
}

fn from_wire(reason: InvalidReason) -> Reason {
    match reason {
        InvalidReason::Damaged => Reason::Damaged,
        InvalidReason::Lost => Reason::Lost,
        InvalidReason::Expired => Reason::Expired,
        InvalidReason::Cancelled => Reason::Cancelled,
        InvalidReason::Replaced => Reason::Replaced,
        InvalidReason::Deceased => Reason::Deceased,
        InvalidReason::Other => Reason::Other,
    }
}

fn to_wire(reason: Reason) -> InvalidReason {
    match reason {
        Reason::Damaged => InvalidReason::Damaged,
        Reason::Lost => InvalidReason::Lost,
        Reason::Expired => InvalidReason::Expired,
        Reason::Cancelled => InvalidReason::Cancelled,
        Reason::Replaced => InvalidReason::Replaced,
        Reason::Deceased => InvalidReason::Deceased,
        Reason::Other => InvalidReason::Other,
    }
}
