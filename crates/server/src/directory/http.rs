//! The wire form of the list: pages of JSON, and for whoever publishes it one file of CSV, one page of HTML and one
//! document. Those have every channel: what is published is not cut off.

use super::page::{page as html, policy};
use super::paper;
use super::service::{self, Listed};
use crate::app::Json;
use crate::channel::http::{wire_class, wire_form};
use crate::wire::page::{self, PageQuery};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::channel::{ChannelNumber, Class, Form, Level};
use domain::division::DivisionCode;
use http::header;
use sdk::types::Page;
use sdk::types::directory::DirectoryEntry;
use serde::Deserialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// In what else the list can be had, and how its address ends then.
pub(super) const FORMATS: [(&str, &str); 3] = [("CSV", ".csv"), ("PDF", ".pdf"), ("JSON", "")];

/// What needs no authentication.
pub fn public_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(list_directory))
        .routes(routes!(get_directory_file))
        .routes(routes!(get_directory_page))
        .routes(routes!(get_directory_paper))
}

/// Whose list, and which page of it.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DirectoryQuery {
    /// Where the channels serve, 6 digits; nationwide when it is left out.
    #[param(min_length = 6, max_length = 6)]
    division: Option<String>,
    /// The number of a channel that leaves: only those to which its holders can move.
    #[param(min_length = 10, max_length = 10)]
    leaving: Option<String>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// Whose list.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct FileQuery {
    /// Where the channels serve, 6 digits; nationwide when it is left out.
    #[param(min_length = 6, max_length = 6)]
    division: Option<String>,
}

/// The channels in service (ND-3.5b), by number; of one that leaves, those to which its holders can move (CH-34.2).
#[utoipa::path(get, path = "/api/v1/directory", tag = "directory", operation_id = "list_directory",
    params(DirectoryQuery), responses((status = 200, body = Page<DirectoryEntry>)))]
async fn list_directory(
    State(world): State<World>,
    Query(query): Query<DirectoryQuery>,
) -> Result<Json<Page<DirectoryEntry>>, Error> {
    let area = area(query.division.as_deref())?;
    let leaving = query.leaving.as_deref().map(leaving).transpose()?;
    let asked = PageQuery { limit: query.limit, cursor: query.cursor };
    let limit = asked.limit()?;
    let is_number = |text: &str| text.len() == 10 && text.bytes().all(|digit| digit.is_ascii_digit());
    let after = asked.cursor(|text| is_number(text).then(|| text.to_owned()))?;
    let listed = service::list(&world, area, leaving, after.unwrap_or_default(), limit + 1).await?;
    let entries = listed.iter().map(entry).collect();
    Ok(Json(page::page(entries, limit, |entry: &DirectoryEntry| entry.number.clone())))
}

/// The channels in service as one file of CSV (UTF-8 with a byte-order mark) with Chinese headings.
#[utoipa::path(get, path = "/api/v1/directory.csv", tag = "directory", operation_id = "get_directory_file",
    params(FileQuery), responses((status = 200, body = String, content_type = "text/csv")))]
async fn get_directory_file(
    State(world): State<World>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Error> {
    let area = area(query.division.as_deref())?;
    let listed = service::whole(&world, area).await?;
    let mut text = String::from("\u{feff}");
    line(
        &mut text,
        ["渠道编号", "渠道名称", "所属单位", "渠道类别", "级别", "渠道形式", "服务地域"].map(Into::into),
    );
    for one in &listed {
        let [name, owner, class, level, form, regions, number] = cells(one);
        line(&mut text, [number, name, owner, class, level, form, regions]);
    }
    let disposition = "attachment; filename=\"channels.csv\"";
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, text).into_response())
}

/// The channels in service as a page of HTML that needs no script and may be shown within another site (ND-3.5b).
#[utoipa::path(get, path = "/api/v1/directory.html", tag = "directory", operation_id = "get_directory_page",
    params(FileQuery), responses((status = 200, body = String, content_type = "text/html")))]
async fn get_directory_page(
    State(world): State<World>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Error> {
    let area = area(query.division.as_deref())?;
    let listed = service::whole(&world, area).await?;
    let text = html(&listed, world.name(), area, world.now().business_date());
    let policy = policy(world.name());
    let headers =
        [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, policy)];
    Ok((headers, text).into_response())
}

/// The channels in service as a document of A4 pages (ND-3.5b).
#[utoipa::path(get, path = "/api/v1/directory.pdf", tag = "directory", operation_id = "get_directory_paper",
    params(FileQuery), responses((status = 200, body = Vec<u8>, content_type = "application/pdf")))]
async fn get_directory_paper(
    State(world): State<World>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Error> {
    let area = area(query.division.as_deref())?;
    let bytes = paper::paper(&world, area).await?;
    let disposition = "attachment; filename=\"channels.pdf\"";
    let headers = [(header::CONTENT_TYPE, "application/pdf"), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

fn area(text: Option<&str>) -> Result<DivisionCode, Error> {
    text.map_or(Ok(DivisionCode::NATIONAL), |text| {
        text.parse().map_err(|refusal| Error::field("?division", &refusal as &domain::division::Refusal))
    })
}

fn leaving(text: &str) -> Result<ChannelNumber, Error> {
    text.parse().map_err(|refusal| Error::field("?leaving", &refusal as &domain::channel::Refusal))
}

fn entry(listed: &Listed) -> DirectoryEntry {
    let channel = &listed.channel;
    DirectoryEntry {
        number: channel.number.to_string(),
        name: channel.name.clone(),
        owner_name: listed.owner_name.clone(),
        class: wire_class(channel.class),
        level: if channel.level == Level::One { 1 } else { 2 },
        form: wire_form(channel.form),
        form_name: listed.form_name.clone(),
        regions: channel.scope.regions().iter().map(ToString::to_string).collect(),
    }
}

/// What is said of a channel to people, in the order of the page.
pub(super) fn cells(one: &Listed) -> [String; 7] {
    let channel = &one.channel;
    let regions: Vec<String> = channel.scope.regions().iter().map(|region| region.full_name()).collect();
    [
        channel.name.clone(),
        one.owner_name.clone(),
        class_zh(channel.class).into(),
        level_zh(channel.level).into(),
        one.form_name.clone().unwrap_or_else(|| form_zh(channel.form).into()),
        regions.join("、"),
        channel.number.to_string(),
    ]
}

/// A line of CSV. A cell that a spreadsheet would run as a formula begins with an apostrophe.
fn line<const N: usize>(text: &mut String, cells: [String; N]) {
    let cells = cells.map(|cell| {
        let safe = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell };
        if safe.contains(['"', ',', '\r', '\n']) {
            format!("\"{}\"", safe.replace('"', "\"\""))
        } else {
            safe
        }
    });
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

fn class_zh(class: Class) -> &'static str {
    match class {
        Class::Hrss => "人社渠道",
        Class::Government => "政府渠道",
        Class::NationalSigned => "全国签约渠道",
        Class::Bank => "银行渠道",
        Class::Medical => "医药渠道",
        Class::Social => "社会渠道",
    }
}

fn level_zh(level: Level) -> &'static str {
    match level {
        Level::One => "一级",
        Level::Two => "二级",
    }
}

fn form_zh(form: Form) -> &'static str {
    match form {
        Form::App => "APP",
        Form::OfficialAccount => "公众号",
        Form::LifeAccount => "生活号",
        Form::MiniProgram => "小程序",
        Form::Other => "其他",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_quotes_what_needs_it_and_runs_nothing() {
        let mut text = String::new();
        line(&mut text, ["0123456789", "=1+1", "a,\"b\""].map(Into::into));
        assert_eq!(text, "0123456789,'=1+1,\"a,\"\"b\"\"\"\r\n");
    }

    #[test]
    fn a_division_is_named_with_its_province() {
        let name = |code: &str| code.parse::<DivisionCode>().unwrap().full_name();
        assert_eq!([name("330100"), name("330000"), name("000000")], ["浙江省杭州市", "浙江省", "全国"]);
    }
}
