//! The wire form of payments.

use super::consent::{Confirmation, pay_by_grant, pay_by_password};
use super::order::{Order, Taken, locator};
use super::{refund, service, topup};
use crate::app::Json;
use crate::auth::Caller;
use crate::ecard::HolderProof;
use crate::ecard::password::SealedPassword;
use crate::idempotency::{Key, Keyed, mark};
use crate::wire::hex;
use crate::wire::page::{PageQuery, page};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::id::{OrgId, RefundId, TopupId};
use domain::locator::Locator;
use domain::money::Amount;
use domain::payment::{RefundStatus, Status};
use domain::time::{BusinessDate, Timestamp};
use http::StatusCode;
use sdk::problem::FieldError;
use sdk::types::Page;
use sdk::types::payment::{
    self, BalanceView, ClosePayment, CreatePayment, CreateRefund, CreateTopUp, PaymentSource, PaymentState,
    PaymentView, RefundState, RefundView, TopUpView,
};
use serde::Deserialize;
use store::refund::RefundRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for callers.
pub fn routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_payment))
        .routes(routes!(get_payment))
        .routes(routes!(get_payment_of_order))
        .routes(routes!(close_payment))
        .routes(routes!(create_refund, list_refunds))
        .routes(routes!(create_top_up))
        .routes(routes!(get_balance))
}

/// Takes a payment. The same order number is the same payment.
#[utoipa::path(post, path = "/api/v1/payments", tag = "payment", operation_id = "create_payment",
    request_body = CreatePayment, params(("idempotency-key" = String, Header)),
    responses((status = 201, body = PaymentView)))]
async fn create_payment(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    keyed: Keyed<CreatePayment>,
) -> Result<Response, Error> {
    let consent = keyed.body.consent().map(|(consent, source)| (consent, source.binding_id.clone()));
    let CreatePayment { order_no, amount_fen, description, payee_id, source, funding } = keyed.body;
    let order = order(&world, caller, keyed.key, (&order_no, amount_fen, &payee_id), description, funding)?;
    let taken = match source {
        PaymentSource::Handle(handle) => {
            let handle = Locator::parse(Locator::HANDLE, handle.expose())
                .map_err(|refusal| Error::field("/source/handle", &refusal))?;
            service::pay_by_handle(&world, order, handle).await?
        }
        PaymentSource::Password(source) => {
            let (consent, binding) =
                consent.ok_or_else(|| Error::internal("a confirmation without consent"))?;
            let confirmation = Confirmation {
                binding: binding.parse().map_err(|_| Error::not_found())?,
                proof: HolderProof::new(source.proof, consent)?,
                password: SealedPassword {
                    envelope: source.password_envelope,
                    context: sdk::holder::context("create_payment", &binding),
                },
            };
            pay_by_password(&world, order, confirmation).await?
        }
        PaymentSource::Grant(grant) => {
            let grant = grant.parse().map_err(|_| Error::not_found())?;
            pay_by_grant(&world, order, grant).await?
        }
    };
    Ok(created(&world, &caller, &taken))
}

/// A payment by its id.
#[utoipa::path(get, path = "/api/v1/payments/{payment_id}", tag = "payment", operation_id = "get_payment",
    params(("payment_id" = String, Path)), responses((status = 200, body = PaymentView)))]
async fn get_payment(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(payment_id): Path<String>,
) -> Result<Json<PaymentView>, Error> {
    let taken = service::get(&world, caller, payment_locator(&payment_id)?).await?;
    Ok(Json(view(&world, &caller, &taken)))
}

/// Whose order it is.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct OrderQuery {
    /// `org_…`; by default the caller's own organisation.
    #[param(max_length = 32)]
    pub payee_id: Option<String>,
}

/// A payment by the payee's order number; what to ask after a time-out.
#[utoipa::path(get, path = "/api/v1/orders/{order_no}", tag = "payment", operation_id = "get_payment_of_order",
    params(("order_no" = String, Path), OrderQuery), responses((status = 200, body = PaymentView)))]
async fn get_payment_of_order(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(order_no): Path<String>,
    Query(query): Query<OrderQuery>,
) -> Result<Json<PaymentView>, Error> {
    let order_no = order_no.parse().map_err(|_| Error::not_found())?;
    let payee = query.payee_id.map(|text| text.parse::<OrgId>()).transpose();
    let payee = payee.map_err(|refusal| Error::field("?payee_id", &refusal))?;
    let taken = service::get_order(&world, caller, payee, order_no).await?;
    Ok(Json(view(&world, &caller, &taken)))
}

/// The payment a path names.
pub(super) fn payment_locator(text: &str) -> Result<Locator, Error> {
    Locator::parse(Locator::PAYMENT, text).map_err(|_| Error::not_found())
}

fn order(
    world: &World,
    caller: Caller,
    key: Key,
    (order_no, amount_fen, payee_id): (&str, i64, &str),
    description: Option<String>,
    funding: payment::Funding,
) -> Result<Order, Error> {
    let mut wrong: Vec<FieldError> = Vec::new();
    let order_no = field(&mut wrong, "/order_no", order_no.parse());
    let amount = field(&mut wrong, "/amount_fen", Amount::new(amount_fen));
    let payee = field(&mut wrong, "/payee_id", payee_id.parse::<OrgId>());
    if description.as_ref().is_some_and(|text| text.chars().count() > 200) {
        wrong.push(crate::error::field(
            "/description",
            "request.too_long",
            "最多200个字符",
            "at most 200 characters",
        ));
    }
    let (Some(order_no), Some(amount), Some(payee), true) = (order_no, amount, payee, wrong.is_empty())
    else {
        return Err(Error::fields(wrong));
    };
    let funding = match funding {
        payment::Funding::Prepaid => domain::payment::Funding::Prepaid,
        payment::Funding::Bank => domain::payment::Funding::Bank,
    };
    Ok(Order {
        caller,
        key,
        order_no,
        amount,
        payee,
        funding,
        description,
        at: world.real_now(),
        now: world.now(),
        ring: world.keys().ring(),
        rules: world.parameters(),
    })
}

/// The value, or one more wrong field.
pub(super) fn field<T, R: domain::refusal::Refuse>(
    wrong: &mut Vec<FieldError>,
    pointer: &str,
    read: Result<T, R>,
) -> Option<T> {
    read.map_err(|refusal| {
        wrong.push(crate::error::field(pointer, refusal.code(), &refusal.zh(), &refusal.en()));
    })
    .ok()
}

fn created(world: &World, caller: &Caller, taken: &Taken) -> Response {
    let response = (StatusCode::CREATED, Json(view(world, caller, taken))).into_response();
    if taken.replayed { mark(response) } else { response }
}

/// A payment as its caller sees it.
pub(super) fn view(world: &World, caller: &Caller, taken: &Taken) -> PaymentView {
    let row = &taken.row;
    let party = caller.relying_party(taken.party);
    let at = |micros: i64| Timestamp::from_micros(micros).to_string();
    let day = |days: i64| BusinessDate::from_days(i32::try_from(days).unwrap_or_default()).to_string();
    PaymentView {
        payment_id: locator(&row.key).text(Locator::PAYMENT),
        order_no: row.order_no.clone(),
        state: state(&row.state),
        amount_fen: row.amount_fen,
        refunded_fen: row.refunded_fen,
        funding: if row.funding == "bank" { payment::Funding::Bank } else { payment::Funding::Prepaid },
        payee_id: OrgId::from_bytes(row.payee_id).to_string(),
        description: row.description.clone(),
        pseudonym: hex::encode(&world.keys().ring().pseudonym(&row.ecard_id, &party)),
        business_on: row.business_date.map(day),
        created_at: at(row.created_at),
        paid_at: row.posted_at.map(at),
        closed_at: row.closed_at.map(at),
        failure_code: row.failure.clone(),
        replayed: taken.replayed,
    }
}

/// The state as callers know it: what was refunded is in `refunded_fen`.
fn state(stored: &str) -> PaymentState {
    match stored.parse::<Status>() {
        Ok(Status::Succeeded | Status::PartiallyRefunded | Status::Refunded) => PaymentState::Paid,
        Ok(Status::Failed) => PaymentState::Failed,
        Ok(Status::Closed) => PaymentState::Closed,
        Ok(Status::Created | Status::Pending) => PaymentState::Pending,
        Ok(Status::Unknown) | Err(_) => PaymentState::Unknown,
    }
}

/// Closes a payment whose money was not asked for yet.
#[utoipa::path(post, path = "/api/v1/payments/{payment_id}/close", tag = "payment", operation_id = "close_payment",
    params(("payment_id" = String, Path), ("idempotency-key" = String, Header)), request_body = ClosePayment,
    responses((status = 200, body = PaymentView)))]
async fn close_payment(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(payment_id): Path<String>,
    keyed: Keyed<ClosePayment>,
) -> Result<Response, Error> {
    let taken = refund::close(&world, caller, payment_locator(&payment_id)?, keyed.key).await?;
    let response = Json(view(&world, &caller, &taken)).into_response();
    Ok(if taken.replayed { mark(response) } else { response })
}

/// Refunds a payment in part or whole, back to where its money came from.
#[utoipa::path(post, path = "/api/v1/payments/{payment_id}/refunds", tag = "payment", operation_id = "create_refund",
    params(("payment_id" = String, Path), ("idempotency-key" = String, Header)), request_body = CreateRefund,
    responses((status = 201, body = RefundView)))]
async fn create_refund(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(payment_id): Path<String>,
    keyed: Keyed<CreateRefund>,
) -> Result<Response, Error> {
    let payment = payment_locator(&payment_id)?;
    let mut wrong = Vec::new();
    let refund_no = field(&mut wrong, "/refund_no", keyed.body.refund_no.parse());
    let amount = field(&mut wrong, "/amount_fen", Amount::new(keyed.body.amount_fen));
    if !(1..=200).contains(&keyed.body.reason.chars().count()) {
        wrong.push(crate::error::field(
            "/reason",
            "request.length",
            "须为1至200个字符",
            "1 to 200 characters",
        ));
    }
    let (Some(refund_no), Some(amount), true) = (refund_no, amount, wrong.is_empty()) else {
        return Err(Error::fields(wrong));
    };
    let wish = refund::Wish { payment, refund_no, amount, reason: keyed.body.reason, key: keyed.key };
    let refunded = refund::refund(&world, caller, wish).await?;
    let view = refund_view(&refunded.row, refunded.replayed);
    let response = (StatusCode::CREATED, Json(view)).into_response();
    Ok(if refunded.replayed { mark(response) } else { response })
}

/// The refunds of a payment, by number.
#[utoipa::path(get, path = "/api/v1/payments/{payment_id}/refunds", tag = "payment", operation_id = "list_refunds",
    params(("payment_id" = String, Path), PageQuery), responses((status = 200, body = Page<RefundView>)))]
async fn list_refunds(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(payment_id): Path<String>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<RefundView>>, Error> {
    let payment = payment_locator(&payment_id)?;
    let limit = query.limit()?;
    let after: Option<domain::payment::Number> = query.cursor(|text| text.parse().ok())?;
    let after = after.map(|number| number.to_string()).unwrap_or_default();
    let more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let rows = refund::list(&world, caller, payment, after, more).await?;
    let views = rows.iter().map(|row| refund_view(row, false)).collect();
    Ok(Json(page(views, limit, |last: &RefundView| last.refund_no.clone())))
}

fn refund_view(row: &RefundRow, replayed: bool) -> RefundView {
    RefundView {
        refund_id: RefundId::from_bytes(row.id).to_string(),
        refund_no: row.refund_no.clone(),
        payment_id: locator(&row.payment).text(Locator::PAYMENT),
        state: match row.state.parse() {
            Ok(RefundStatus::Pending) => RefundState::Pending,
            Ok(RefundStatus::Succeeded) => RefundState::Refunded,
            Ok(RefundStatus::Failed) => RefundState::Failed,
            Ok(RefundStatus::Unknown) | Err(_) => RefundState::Unknown,
        },
        amount_fen: row.amount_fen,
        reason: row.reason.clone(),
        business_on: row.business_date.map(day),
        created_at: at(row.created_at),
        refunded_at: row.posted_at.map(at),
        replayed,
    }
}

/// Moves money from the holder's linked bank account to the prepaid one.
#[utoipa::path(post, path = "/api/v1/top-ups", tag = "payment", operation_id = "create_top_up",
    params(("idempotency-key" = String, Header)), request_body = CreateTopUp,
    responses((status = 201, body = TopUpView)))]
async fn create_top_up(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    keyed: Keyed<CreateTopUp>,
) -> Result<Response, Error> {
    let consent = keyed.body.consent();
    let mut wrong = Vec::new();
    let number = field(&mut wrong, "/top_up_no", keyed.body.top_up_no.parse());
    let amount = field(&mut wrong, "/amount_fen", Amount::new(keyed.body.amount_fen));
    let (Some(number), Some(amount)) = (number, amount) else { return Err(Error::fields(wrong)) };
    let wish = topup::Wish {
        number,
        amount,
        binding: keyed.body.binding_id.parse().map_err(|_| Error::not_found())?,
        proof: HolderProof::new(keyed.body.proof, consent)?,
        key: keyed.key,
    };
    let done = topup::create(&world, caller, wish).await?;
    let view = TopUpView {
        top_up_id: TopupId::from_bytes(done.row.id).to_string(),
        top_up_no: done.row.number.clone(),
        state: state(&done.row.state),
        amount_fen: done.row.amount_fen,
        failure_code: done.row.failure.clone(),
        balance_fen: done.balance.map(domain::money::Fen::get),
        created_at: at(done.row.created_at),
        replayed: done.replayed,
    };
    let response = (StatusCode::CREATED, Json(view)).into_response();
    Ok(if done.replayed { mark(response) } else { response })
}

/// What the holder's prepaid account holds.
#[utoipa::path(get, path = "/api/v1/ecards/{binding_id}/balance", tag = "payment", operation_id = "get_balance",
    params(("binding_id" = String, Path)), responses((status = 200, body = BalanceView)))]
async fn get_balance(
    State(world): State<World>,
    Extension(caller): Extension<Caller>,
    Path(binding_id): Path<String>,
) -> Result<Json<BalanceView>, Error> {
    let binding = binding_id.parse().map_err(|_| Error::not_found())?;
    let balance = topup::balance(&world, caller, binding).await?;
    Ok(Json(BalanceView { binding_id, available_fen: balance.available.get(), held_fen: balance.held.get() }))
}

fn at(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}

fn day(days: i64) -> String {
    BusinessDate::from_days(i32::try_from(days).unwrap_or_default()).to_string()
}
