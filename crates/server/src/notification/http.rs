//! The wire form of what an account wants to be told.

use super::address::{self, Pending};
use super::service::{self, View, Wish, shown};
use crate::app::Json;
use crate::auth::Staff;
use crate::matter::http::wire_category;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::export::Language;
use domain::notification::{AddressState, Categories, Category, MailAddress, Preferences, Refusal, Turn};
use domain::refusal::Refuse;
use gm::Secret;
use http::{HeaderMap, StatusCode};
use sdk::types::notification::{
    BeginMailAddress, CategoryView, ConfirmMailAddress, MailAddressState, MailAddressView, MailLanguage,
    MessageCategory, NotificationView, PendingMailAddress, SetNotification,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Characters of a code that are looked at.
const CODE_LENGTH: usize = 16;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(get_notification, set_notification))
        .routes(routes!(begin_mail_address, remove_mail_address))
        .routes(routes!(confirm_mail_address))
}

/// What the own account wants to be told: which messages are counted, of what it has mail, and where that goes.
#[utoipa::path(get, path = "/api/v1/staff/notification", tag = "staff", operation_id = "get_notification",
    responses((status = 200, body = NotificationView)))]
async fn get_notification(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<(HeaderMap, Json<NotificationView>), Error> {
    Ok(told(&service::get(&world, &staff).await?))
}

/// Sets which messages the own account does not want counted, and of what it wants no mail. What waits for the own office until a
/// last day is shown and mailed all the same, and what the platform announces cannot be muted.
#[utoipa::path(post, path = "/api/v1/staff/notification", tag = "staff", operation_id = "set_notification",
    params(("If-Match" = String, Header)), request_body = SetNotification,
    responses((status = 200, body = NotificationView)))]
async fn set_notification(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    IfMatch(version): IfMatch,
    Json(body): Json<SetNotification>,
) -> Result<(HeaderMap, Json<NotificationView>), Error> {
    Ok(told(&service::set(&world, &staff, version, wish(&body)?).await?))
}

/// Has a code of six digits mailed to an address. The mail of the account goes there once the code is confirmed, and to the
/// address before it until then.
#[utoipa::path(post, path = "/api/v1/staff/notification/address", tag = "staff", operation_id = "begin_mail_address",
    request_body = BeginMailAddress, responses((status = 202, body = PendingMailAddress)))]
async fn begin_mail_address(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<BeginMailAddress>,
) -> Result<(StatusCode, Json<PendingMailAddress>), Error> {
    let mut fields = Fields::default();
    let address = fields.parse::<MailAddress>("/address", body.address.expose());
    let Some(address) = address else { return Err(fields.error()) };
    let pending = address::begin(&world, &staff, address).await?;
    Ok((StatusCode::ACCEPTED, Json(waiting(&pending))))
}

/// Confirms the address by the code that was mailed to it. What was told before is not mailed.
#[utoipa::path(post, path = "/api/v1/staff/notification/address/confirm", tag = "staff",
    operation_id = "confirm_mail_address", request_body = ConfirmMailAddress,
    responses((status = 200, body = NotificationView)))]
async fn confirm_mail_address(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<ConfirmMailAddress>,
) -> Result<(HeaderMap, Json<NotificationView>), Error> {
    let mut fields = Fields::default();
    let Some(code) = fields.text("/code", body.code.expose(), CODE_LENGTH) else {
        return Err(fields.error());
    };
    address::confirm(&world, &staff, Secret::new(code)).await?;
    Ok(told(&service::get(&world, &staff).await?))
}

/// Takes the address away: the own account has no mail any more.
#[utoipa::path(delete, path = "/api/v1/staff/notification/address", tag = "staff",
    operation_id = "remove_mail_address", responses((status = 204)))]
async fn remove_mail_address(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<StatusCode, Error> {
    address::remove(&world, &staff).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every category that cannot be muted and is given is named.
fn wish(body: &SetNotification) -> Result<Wish, Error> {
    let mut fields = Fields::default();
    for (at, category) in body.muted.iter().enumerate() {
        if !read(*category).may_mute() {
            let refusal = Refusal::Unmutable;
            let words = format!("{} ({})", refusal.zh(), refusal.en());
            fields.refuse(&format!("/muted/{at}"), refusal.code(), &words);
        }
    }
    fields.check()?;
    let all = |given: &[MessageCategory]| given.iter().copied().map(read).collect::<Categories>();
    let preferences = Preferences::new(all(&body.muted), all(&body.unmailed))?;
    let language = match body.language {
        MailLanguage::Zh => Language::Zh,
        MailLanguage::En => Language::En,
    };
    Ok(Wish { preferences, language })
}

fn told(view: &View) -> (HeaderMap, Json<NotificationView>) {
    let category = |category: &Category| CategoryView {
        category: wire_category(*category),
        may_mute: category.may_mute(),
        is_muted: view.preferences.muted().contain(*category),
        is_mailed: view.preferences.mails(*category, Turn::Told),
    };
    let address = view.address.as_ref().map(|reached| MailAddressView {
        masked: reached.address.masked(),
        state: match reached.state {
            AddressState::Active => MailAddressState::Active,
            AddressState::Failing => MailAddressState::Failing,
        },
        verified_at: shown(reached.row.verified_at),
        mailed_at: reached.row.mailed_at.map(shown),
        refused_since: reached.row.refused_since.map(shown),
    });
    let told = NotificationView {
        categories: Category::ALL.iter().map(category).collect(),
        language: match view.language {
            Language::Zh => MailLanguage::Zh,
            Language::En => MailLanguage::En,
        },
        is_mail_sent: view.is_mail_sent,
        interval_seconds: view.interval,
        address,
        pending: view.pending.as_ref().map(waiting),
        version: view.version,
    };
    (etag::headers(view.version), Json(told))
}

fn waiting(pending: &Pending) -> PendingMailAddress {
    PendingMailAddress { masked: pending.address.masked(), expires_at: pending.expires_at.to_string() }
}

const fn read(category: MessageCategory) -> Category {
    match category {
        MessageCategory::Access => Category::Access,
        MessageCategory::Running => Category::Running,
        MessageCategory::Security => Category::Security,
        MessageCategory::Exit => Category::Exit,
        MessageCategory::Platform => Category::Platform,
    }
}
