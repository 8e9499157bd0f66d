//! The wire form of attachments: JSON about them, bytes in and out.

use super::pieces::Pieces;
use super::service;
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::Response;
use data_encoding::HEXLOWER;
use domain::attachment::{self, Announced, ContentType, PART};
use domain::id::{AttachmentId, MatterId};
use domain::time::Timestamp;
use http::header::{
    ACCEPT_RANGES, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
    RANGE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use sdk::types::attachment::{AttachmentList, AttachmentView, CreateAttachment};
use serde::Deserialize;
use store::attachment::AttachmentRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(create_attachment, list_attachments))
        .routes(routes!(get_attachment, remove_attachment))
        .routes(routes!(append_to_attachment, get_attachment_content))
        .routes(routes!(complete_attachment))
}

/// Announces a file of a matter; its parts follow.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/attachments", tag = "attachment",
    operation_id = "create_attachment", params(("matter_id" = String, Path)), request_body = CreateAttachment,
    responses((status = 201, body = AttachmentView)))]
async fn create_attachment(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    Json(body): Json<CreateAttachment>,
) -> Result<(StatusCode, Json<AttachmentView>), Error> {
    let id: MatterId = matter_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let purpose = fields.take("/purpose", attachment::purpose(&body.purpose));
    let file_name = fields.take("/file_name", attachment::file_name(&body.file_name));
    let digest = fields.take("/sm3", attachment::digest(&body.sm3));
    let (Some(()), Some(()), Some(digest)) = (purpose, file_name, digest) else { return Err(fields.error()) };
    let new = Announced { purpose: body.purpose, file_name: body.file_name, size: body.size, digest };
    let row = service::create(&world, &staff, id, new).await?;
    Ok((StatusCode::CREATED, Json(view(&row))))
}

/// Lists the files of a matter, and says how many and how large ones it takes.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}/attachments", tag = "attachment",
    operation_id = "list_attachments", params(("matter_id" = String, Path)),
    responses((status = 200, body = AttachmentList)))]
async fn list_attachments(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
) -> Result<Json<AttachmentList>, Error> {
    let id: MatterId = matter_id.parse().map_err(|_| Error::not_found())?;
    let (rows, limits) = service::list(&world, &staff, id).await?;
    let data = rows.iter().map(view).collect();
    Ok(Json(AttachmentList { data, max_bytes: limits.bytes, max_files: limits.files }))
}

/// What is known about a file, and how much of it has arrived.
#[utoipa::path(get, path = "/api/v1/attachments/{attachment_id}", tag = "attachment",
    operation_id = "get_attachment", params(("attachment_id" = String, Path)),
    responses((status = 200, body = AttachmentView)))]
async fn get_attachment(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(attachment_id): Path<String>,
) -> Result<Json<AttachmentView>, Error> {
    Ok(Json(view(&service::get(&world, &staff, id(&attachment_id)?).await?)))
}

/// Gives up a file that has not arrived whole.
#[utoipa::path(delete, path = "/api/v1/attachments/{attachment_id}", tag = "attachment",
    operation_id = "remove_attachment", params(("attachment_id" = String, Path)),
    responses((status = 204)))]
async fn remove_attachment(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(attachment_id): Path<String>,
) -> Result<StatusCode, Error> {
    service::remove(&world, &staff, id(&attachment_id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a part begins.
#[derive(Debug, Clone, Copy, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct PartQuery {
    /// The byte at which the part begins: as many as have arrived.
    #[param(minimum = 0)]
    offset: i64,
}

/// Takes the next part of a file: at most 1048576 bytes as they are.
#[utoipa::path(put, path = "/api/v1/attachments/{attachment_id}/content", tag = "attachment",
    operation_id = "append_to_attachment", params(("attachment_id" = String, Path), PartQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = AttachmentView)))]
async fn append_to_attachment(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(attachment_id): Path<String>,
    Query(query): Query<PartQuery>,
    request: Request,
) -> Result<Json<AttachmentView>, Error> {
    let most = usize::try_from(PART).unwrap_or(usize::MAX);
    let bytes = axum::body::to_bytes(request.into_body(), most).await;
    let bytes = bytes.map_err(|_| Error::platform("request.too_large"))?;
    let row = service::append(&world, &staff, id(&attachment_id)?, query.offset, bytes.to_vec()).await?;
    Ok(Json(view(&row)))
}

/// Verifies a file whose parts have all arrived: its digest and its type.
#[utoipa::path(post, path = "/api/v1/attachments/{attachment_id}/complete", tag = "attachment",
    operation_id = "complete_attachment", params(("attachment_id" = String, Path)),
    responses((status = 200, body = AttachmentView)))]
async fn complete_attachment(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(attachment_id): Path<String>,
) -> Result<Json<AttachmentView>, Error> {
    Ok(Json(view(&service::complete(&world, &staff, id(&attachment_id)?).await?)))
}

/// The content of a whole file, or one range of it. Only films and pictures may be shown in a page.
#[utoipa::path(get, path = "/api/v1/attachments/{attachment_id}/content", tag = "attachment",
    operation_id = "get_attachment_content", params(("attachment_id" = String, Path)),
    responses((status = 200, content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "video/mp4"), (Vec<u8> = "video/quicktime"), (Vec<u8> = "application/zip"))),
        (status = 206, content((Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "video/mp4"), (Vec<u8> = "video/quicktime"), (Vec<u8> = "application/zip")))))]
async fn get_attachment_content(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(attachment_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let (row, content_type) = service::content(&world, &staff, id(&attachment_id)?).await?;
    let size = u64::try_from(row.size).map_err(|_| Error::internal("a size below zero"))?;
    let said = [
        (CONTENT_TYPE, content_type.as_str()),
        (CONTENT_DISPOSITION, &disposition(content_type, &row.file_name)),
        (CONTENT_SECURITY_POLICY, SANDBOX),
    ];
    Ok(part(&world, AttachmentId::from_bytes(row.id), size, &headers, &said))
}

/// What a file that somebody sent may do where it is opened: nothing.
pub(crate) const SANDBOX: &str = "sandbox; default-src 'none'";

/// The bytes of a file from `at` to before `end`, with what is said of them; what is no header is not said.
fn pieces(world: &World, file: AttachmentId, (at, end): (u64, u64), said: &[(HeaderName, &str)]) -> Response {
    let mut response = Response::new(Body::from_stream(Pieces::new(world.shelf(), file, at, end)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, (end - at).into());
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let said =
        said.iter().filter_map(|(name, value)| Some((name.clone(), HeaderValue::from_str(value).ok()?)));
    headers.extend(said);
    response
}

/// A whole file as an answer.
pub(crate) fn whole(world: &World, file: AttachmentId, size: u64, said: &[(HeaderName, &str)]) -> Response {
    pieces(world, file, (0, size), said)
}

/// The range of a file that the headers of a request ask for, or the whole.
pub(crate) fn part(
    world: &World,
    file: AttachmentId,
    size: u64,
    asking: &HeaderMap,
    said: &[(HeaderName, &str)],
) -> Response {
    let asked = asking.get(RANGE).and_then(|value| value.to_str().ok()).and_then(|text| range(text, size));
    let (at, end) = asked.unwrap_or((0, size));
    let mut response = pieces(world, file, (at, end), said);
    response.headers_mut().insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if asked.is_some() {
        let range = HeaderValue::from_str(&format!("bytes {at}-{}/{size}", end - 1));
        response.headers_mut().extend(range.ok().map(|range| (CONTENT_RANGE, range)));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

/// The one range that a header asks for; nothing for what is not understood, which is then answered whole.
fn range(text: &str, size: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let (at, end) = match (first, last) {
        ("", last) => (size.saturating_sub(last.parse().ok()?), size),
        (first, "") => (first.parse().ok()?, size),
        (first, last) => (first.parse().ok()?, last.parse::<u64>().ok()?.saturating_add(1).min(size)),
    };
    (at < end).then_some((at, end))
}

/// A film or a picture may be shown, everything else is saved; the name is written as RFC 6266 and RFC 8187 say it.
fn disposition(content_type: ContentType, file_name: &str) -> String {
    named(if content_type.is_passive() { "inline" } else { "attachment" }, file_name)
}

/// What is done with a file, and what it is called.
pub(crate) fn named(way: &str, file_name: &str) -> String {
    let mut name = String::new();
    for byte in file_name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => name.push(char::from(byte)),
            other => name += &format!("%{other:02X}"),
        }
    }
    format!("{way}; filename*=UTF-8''{name}")
}

fn id(text: &str) -> Result<AttachmentId, Error> {
    text.parse().map_err(|_| Error::not_found())
}

fn view(row: &AttachmentRow) -> AttachmentView {
    let shown = |micros| Timestamp::from_micros(micros).to_string();
    AttachmentView {
        attachment_id: AttachmentId::from_bytes(row.id).to_string(),
        matter_id: MatterId::from_bytes(row.matter_id).to_string(),
        purpose: row.purpose.clone(),
        file_name: row.file_name.clone(),
        size: row.size,
        sm3: HEXLOWER.encode(&row.digest),
        received: row.received,
        state: row.state.clone(),
        content_type: row.content_type.clone(),
        created_at: shown(row.created_at),
        completed_at: row.completed_at.map(shown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_one_stretch_within_the_file() {
        for (text, found) in [
            ("bytes=0-", Some((0, 100))),
            ("bytes=10-19", Some((10, 20))),
            ("bytes=90-200", Some((90, 100))),
            ("bytes=-10", Some((90, 100))),
            ("bytes=-200", Some((0, 100))),
            ("bytes=100-", None),
            ("bytes=20-10", None),
            ("bytes=0-1,5-6", None),
            ("lines=0-1", None),
            ("bytes=-0", None),
        ] {
            assert_eq!(range(text, 100), found, "{text}");
        }
    }

    #[test]
    fn only_films_and_pictures_are_shown_and_a_name_carries_no_header() {
        assert_eq!(disposition(ContentType::Mp4, "a.mp4"), "inline; filename*=UTF-8''a.mp4");
        let name = disposition(ContentType::Pdf, "表\"\r\n1.pdf");
        assert_eq!(name, "attachment; filename*=UTF-8''%E8%A1%A8%22%0D%0A1.pdf");
    }
}
