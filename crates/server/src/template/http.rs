//! The wire form of templates.

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
use domain::id::{StaffId, TemplateId};
use domain::template::{Action, Kind, Purpose, Words};
use domain::time::{BusinessDate, Timestamp};
use http::{HeaderMap, StatusCode};
use sdk::types::Page;
use sdk::types::template::{
    CreateTemplate, DecideTemplate, FilledTemplate, PreviewTemplate, SaveTemplate, TemplateDecision,
    TemplateKind, TemplateVersionView, TemplateView,
};
use store::template::TemplateVersionRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Most letters of what somebody says about a version.
const WORDS: usize = 500;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_templates, create_template))
        .routes(routes!(get_template))
        .routes(routes!(get_template_version))
        .routes(routes!(save_template))
        .routes(routes!(decide_template))
        .routes(routes!(preview_template))
}

/// Lists the templates of agreements and of notices with their versions.
#[utoipa::path(get, path = "/api/v1/templates", tag = "template",
    operation_id = "list_templates", params(PageQuery),
    responses((status = 200, body = Page<TemplateView>)))]
async fn list_templates(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<TemplateView>>, Error> {
    let limit = query.limit()?;
    let after = query.cursor(|text| text.parse::<TemplateId>().ok())?;
    let found = service::list(&world, &staff, after, page::probe(limit)).await?;
    let views = found.iter().map(view).collect();
    Ok(Json(page::page(views, limit, |one: &TemplateView| one.template_id.clone())))
}

/// Makes a template with its first draft, which is in force when a second person approves it.
#[utoipa::path(post, path = "/api/v1/templates", tag = "template",
    operation_id = "create_template", request_body = CreateTemplate,
    responses((status = 201, body = TemplateView)))]
async fn create_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<CreateTemplate>,
) -> Result<(StatusCode, HeaderMap, Json<TemplateView>), Error> {
    let mut fields = Fields::default();
    let news = fields.text("/words", &body.words, WORDS);
    let topic = fields.parse_opt("/topic", body.topic.as_deref());
    let purpose = topic.and_then(|topic| fields.take("/topic", Purpose::of(kind(body.kind), topic)));
    let (Some(news), Some(purpose)) = (news, purpose) else { return Err(fields.error()) };
    let draft = Draft { words: Words { subject: body.subject, text: body.text }, news };
    let shown = service::create(&world, &staff, (body.name, purpose), draft).await?;
    Ok((StatusCode::CREATED, etag::headers(shown.row.version), Json(view(&shown))))
}

/// A template with its versions.
#[utoipa::path(get, path = "/api/v1/templates/{template_id}", tag = "template",
    operation_id = "get_template", params(("template_id" = String, Path)),
    responses((status = 200, body = TemplateView)))]
async fn get_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(template_id): Path<String>,
) -> Result<(HeaderMap, Json<TemplateView>), Error> {
    let shown = service::get(&world, &staff, id(&template_id)?).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown))))
}

/// A version of a template with its text.
#[utoipa::path(get, path = "/api/v1/templates/{template_id}/versions/{number}", tag = "template",
    operation_id = "get_template_version",
    params(("template_id" = String, Path), ("number" = String, Path)),
    responses((status = 200, body = TemplateVersionView)))]
async fn get_template_version(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path((template_id, number)): Path<(String, String)>,
) -> Result<Json<TemplateVersionView>, Error> {
    let number = number.parse().map_err(|_| Error::not_found())?;
    let row = service::version(&world, &staff, id(&template_id)?, number).await?;
    Ok(Json(TemplateVersionView {
        subject: row.subject.clone(),
        text: Some(row.text.clone()),
        ..version_view(&row)
    }))
}

/// Writes the draft of a template: the next version, or the own draft anew.
#[utoipa::path(post, path = "/api/v1/templates/{template_id}/draft", tag = "template",
    operation_id = "save_template",
    params(("template_id" = String, Path), ("If-Match" = String, Header)), request_body = SaveTemplate,
    responses((status = 200, body = TemplateView)))]
async fn save_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(template_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<SaveTemplate>,
) -> Result<(HeaderMap, Json<TemplateView>), Error> {
    let mut fields = Fields::default();
    let Some(news) = fields.text("/words", &body.words, WORDS) else { return Err(fields.error()) };
    let draft = Draft { words: Words { subject: body.subject, text: body.text }, news };
    let shown = service::save(&world, &staff, id(&template_id)?, version, draft).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown))))
}

/// Puts the draft of a template in force, or drops it. Whoever wrote it may only drop it.
#[utoipa::path(post, path = "/api/v1/templates/{template_id}/decision", tag = "template",
    operation_id = "decide_template",
    params(("template_id" = String, Path), ("If-Match" = String, Header)), request_body = DecideTemplate,
    responses((status = 200, body = TemplateView)))]
async fn decide_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(template_id): Path<String>,
    IfMatch(version): IfMatch,
    Json(body): Json<DecideTemplate>,
) -> Result<(HeaderMap, Json<TemplateView>), Error> {
    let mut fields = Fields::default();
    let Some(words) = fields.text("/words", &body.words, WORDS) else { return Err(fields.error()) };
    let action = match body.decision {
        TemplateDecision::Approve => Action::Approve,
        TemplateDecision::Drop => Action::Drop,
    };
    let shown = service::decide(&world, &staff, id(&template_id)?, version, (action, words)).await?;
    Ok((etag::headers(shown.row.version), Json(view(&shown))))
}

/// What words with placeholders are for a channel; nothing is kept.
#[utoipa::path(post, path = "/api/v1/template-previews", tag = "template",
    operation_id = "preview_template", request_body = PreviewTemplate,
    responses((status = 200, body = FilledTemplate)))]
async fn preview_template(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<PreviewTemplate>,
) -> Result<Json<FilledTemplate>, Error> {
    let mut fields = Fields::default();
    let kind = kind(body.kind);
    let channel = fields.parse("/channel_id", &body.channel_id);
    let told = told(&mut fields, kind, &body);
    let (Some(channel), Some(told)) = (channel, told) else { return Err(fields.error()) };
    let words = Words { subject: body.subject, text: body.text };
    let (filled, absent) = service::preview(&world, &staff, (kind, words), channel, told).await?;
    let absent = absent.iter().map(ToString::to_string).collect();
    Ok(Json(FilledTemplate { subject: filled.subject, text: filled.text, absent }))
}

/// What is said of the agreement or of the notice so far: days, of a notice two moments.
fn told(fields: &mut Fields, kind: Kind, body: &PreviewTemplate) -> Option<Told> {
    let mut given = serde_json::Map::new();
    let mut tell =
        |field: &str, text: Option<String>| given.extend(text.map(|text| (field.to_owned(), text.into())));
    tell("version", body.version.clone());
    for (field, text) in [("from", &body.from), ("until", &body.until)] {
        let (pointer, text) = (format!("/{field}"), text.as_deref());
        tell(
            field,
            match kind {
                Kind::Agreement => {
                    fields.parse_opt::<BusinessDate>(&pointer, text)?.map(|day| day.to_string())
                }
                Kind::Notice => fields.parse_opt::<Timestamp>(&pointer, text)?.map(|at| at.to_string()),
            },
        );
    }
    for (field, text) in [("acknowledge_by", &body.acknowledge_by), ("upgrade_by", &body.upgrade_by)] {
        let day = fields.parse_opt::<BusinessDate>(&format!("/{field}"), text.as_deref())?;
        tell(field, day.map(|day| day.to_string()));
    }
    Some(Told::of(kind, &given))
}

const fn kind(kind: TemplateKind) -> Kind {
    match kind {
        TemplateKind::Agreement => Kind::Agreement,
        TemplateKind::Notice => Kind::Notice,
    }
}

fn id(text: &str) -> Result<TemplateId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn view(shown: &Shown) -> TemplateView {
    TemplateView {
        template_id: TemplateId::from_bytes(shown.row.id).to_string(),
        name: shown.row.name.clone(),
        kind: shown.row.kind.clone(),
        topic: shown.row.topic.clone(),
        versions: shown.versions.iter().map(version_view).collect(),
        version: shown.row.version,
    }
}

fn version_view(row: &TemplateVersionRow) -> TemplateVersionView {
    let staff = |id: [u8; 16]| StaffId::from_bytes(id).to_string();
    let at = |micros: i64| Timestamp::from_micros(micros).to_string();
    TemplateVersionView {
        number: row.number,
        state: row.state.clone(),
        subject: None,
        text: None,
        words: row.words.clone(),
        written_by: staff(row.written_by),
        written_at: at(row.written_at),
        decision: row.decision.clone(),
        decided_by: row.decided_by.map(staff),
        decided_at: row.decided_at.map(at),
    }
}
