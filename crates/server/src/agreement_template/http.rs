//! The wire form of templates of agreements.

use super::fill::Told;
use super::service::{self, Draft, Shown};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::agreement_template::Action;
use domain::id::{AgreementTemplateId, StaffId};
use domain::time::{BusinessDate, Timestamp};
use http::{HeaderMap, StatusCode};
use sdk::types::Page;
use sdk::types::agreement_template::{
    AgreementTemplateDecision, AgreementTemplateVersionView, AgreementTemplateView, CreateAgreementTemplate,
    DecideAgreementTemplate, FilledAgreementTemplate, PreviewAgreementTemplate, SaveAgreementTemplate,
};
use store::agreement_template::TemplateVersionRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most letters of what somebody says about a version.
const WORDS: usize = 500;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_agreement_templates, create_agreement_template))
        .routes(routes!(get_agreement_template))
        .routes(routes!(get_agreement_template_version))
        .routes(routes!(save_agreement_template))
        .routes(routes!(decide_agreement_template))
        .routes(routes!(preview_agreement_template))
}

/// Lists the templates of agreements with their versions.
#[utoipa::path(get, path = "/api/v1/agreement-templates", tag = "agreement",
    operation_id = "list_agreement_templates", params(PageQuery),
    responses((status = 200, body = Page<AgreementTemplateView>)))]
async fn list_agreement_templates(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<AgreementTemplateView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<AgreementTemplateId>().ok())?;
    let found = service::list(&world, &staff, after, page::probe(limit)).await?;
    let views = found.iter().map(view).collect();
    Ok(Json(page::page(views, limit, |one: &AgreementTemplateView| one.template_id.clone())))
}

/// Makes a template with its first draft, which is in force when a second person approves it.
#[utoipa::path(post, path = "/api/v1/agreement-templates", tag = "agreement",
    operation_id = "create_agreement_template", request_body = CreateAgreementTemplate,
    responses((status = 201, body = AgreementTemplateView)))]
async fn create_agreement_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateAgreementTemplate>,
) -> Result<(StatusCode, HeaderMap, Json<AgreementTemplateView>), Error> {
    let mut fields = Fields::default();
    let Some(words) = fields.text("/words", &body.words, WORDS) else { return Err(fields.error()) };
    let draft = Draft { text: body.text, words };
    let shown = service::create(&world, &staff, body.name, draft).await?;
    Ok((StatusCode::CREATED, etag::headers(shown.row.version), Json(view(&shown))))
}

/// A template with its versions.
#[utoipa::path(get, path = "/api/v1/agreement-templates/{template_id}", tag = "agreement",
    operation_id = "get_agreement_template", params(("template_id" = String, Path)),
    responses((status = 200, body = AgreementTemplateView)))]
async fn get_agreement_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(template_id): Path<String>,
) -> Result<(HeaderMap, Json<AgreementTemplateView>), Error> {
    let shown = service::get(&world, &staff, id(&template_id)?).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown))))
}

/// A version of a template with its text.
#[utoipa::path(get, path = "/api/v1/agreement-templates/{template_id}/versions/{number}", tag = "agreement",
    operation_id = "get_agreement_template_version",
    params(("template_id" = String, Path), ("number" = String, Path)),
    responses((status = 200, body = AgreementTemplateVersionView)))]
async fn get_agreement_template_version(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path((template_id, number)): Path<(String, String)>,
) -> Result<Json<AgreementTemplateVersionView>, Error> {
    let number = number.parse().map_err(|_| Error::not_found())?;
    let row = service::version(&world, &staff, id(&template_id)?, number).await?;
    Ok(Json(AgreementTemplateVersionView { text: Some(row.text.clone()), ..version_view(&row) }))
}

/// Writes the draft of a template: the next version, or the own draft anew.
#[utoipa::path(post, path = "/api/v1/agreement-templates/{template_id}/draft", tag = "agreement",
    operation_id = "save_agreement_template",
    params(("template_id" = String, Path), ("If-Match" = String, Header)), request_body = SaveAgreementTemplate,
    responses((status = 200, body = AgreementTemplateView)))]
async fn save_agreement_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(template_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<SaveAgreementTemplate>,
) -> Result<(HeaderMap, Json<AgreementTemplateView>), Error> {
    let mut fields = Fields::default();
    let Some(words) = fields.text("/words", &body.words, WORDS) else { return Err(fields.error()) };
    let draft = Draft { text: body.text, words };
    let shown = service::save(&world, &staff, id(&template_id)?, version, draft).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown))))
}

/// Puts the draft of a template in force, or drops it. Whoever wrote it may only drop it.
#[utoipa::path(post, path = "/api/v1/agreement-templates/{template_id}/decision", tag = "agreement",
    operation_id = "decide_agreement_template",
    params(("template_id" = String, Path), ("If-Match" = String, Header)), request_body = DecideAgreementTemplate,
    responses((status = 200, body = AgreementTemplateView)))]
async fn decide_agreement_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(template_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<DecideAgreementTemplate>,
) -> Result<(HeaderMap, Json<AgreementTemplateView>), Error> {
    let mut fields = Fields::default();
    let Some(words) = fields.text("/words", &body.words, WORDS) else { return Err(fields.error()) };
    let action = match body.decision {
        AgreementTemplateDecision::Approve => Action::Approve,
        AgreementTemplateDecision::Drop => Action::Drop,
    };
    let shown = service::decide(&world, &staff, id(&template_id)?, version, (action, words)).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown))))
}

/// What a text with placeholders is for a channel; nothing is kept.
#[utoipa::path(post, path = "/api/v1/agreement-template-previews", tag = "agreement",
    operation_id = "preview_agreement_template", request_body = PreviewAgreementTemplate,
    responses((status = 200, body = FilledAgreementTemplate)))]
async fn preview_agreement_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<PreviewAgreementTemplate>,
) -> Result<Json<FilledAgreementTemplate>, Error> {
    let mut fields = Fields::default();
    let channel = fields.parse("/channel_id", &body.channel_id);
    let from = fields.parse_opt::<BusinessDate>("/from", body.from.as_deref());
    let until = fields.parse_opt::<BusinessDate>("/until", body.until.as_deref());
    let (Some(channel), Some(from), Some(until)) = (channel, from, until) else { return Err(fields.error()) };
    let day = |day: Option<BusinessDate>| day.map(|day| day.to_string());
    let told = Told { version: body.version, from: day(from), until: day(until) };
    let (text, absent) = service::preview(&world, &staff, body.text, channel, told).await?;
    Ok(Json(FilledAgreementTemplate { text, absent: absent.iter().map(ToString::to_string).collect() }))
}

fn id(text: &str) -> Result<AgreementTemplateId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn view(shown: &Shown) -> AgreementTemplateView {
    AgreementTemplateView {
        template_id: AgreementTemplateId::from_bytes(shown.row.id).to_string(),
        name: shown.row.name.clone(),
        versions: shown.versions.iter().map(version_view).collect(),
        version: shown.row.version,
    }
}

fn version_view(row: &TemplateVersionRow) -> AgreementTemplateVersionView {
    let staff = |id: [u8; 16]| StaffId::from_bytes(id).to_string();
    let at = |micros: i64| Timestamp::from_micros(micros).to_string();
    AgreementTemplateVersionView {
        number: row.number,
        state: row.state.clone(),
        text: None,
        words: row.words.clone(),
        written_by: staff(row.written_by),
        written_at: at(row.written_at),
        decision: row.decision.clone(),
        decided_by: row.decided_by.map(staff),
        decided_at: row.decided_at.map(at),
    }
}
