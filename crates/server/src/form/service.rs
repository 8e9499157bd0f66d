//! Printing a form, blank or of an application.

use super::paper::{Page, Paper};
use super::sheet::{Filled, sheet};
use super::typeface::Typeface;
use super::{EDITION, Number, pdf};
use crate::auth::{Staff, authorize_role};
use crate::{Error, World, matter};
use domain::id::MatterId;
use domain::matter::Kind;
use domain::org::Operation;
use fast_qr::{ECL, QRBuilder};
use serde_json::Value;

/// Of the square with the code.
const CODE: f32 = 58.0;

/// A blank form.
///
/// # Errors
/// `staff.role`; `form.font_missing`.
pub async fn blank(staff: &Staff, form: Number) -> Result<Vec<u8>, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let code = format!("ykt form={form} edition={EDITION}");
    print(form, None, code).await
}

/// A form with what an application in sight says.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `form.font_missing`.
pub async fn filled(world: &World, staff: &Staff, id: MatterId, form: Number) -> Result<Vec<u8>, Error> {
    let found = matter::service::get(world, staff, id).await?;
    if found.row.kind != Kind::Application.as_str() {
        return Err(Error::not_found());
    }
    let body = found.body.ok_or_else(Error::not_found)?;
    let body = serde_json::from_str(&body).map_err(|error| Error::internal(error.to_string()))?;
    let code = format!("ykt form={form} edition={EDITION} matter={id} version={}", found.row.version);
    print(form, Some(body), code).await
}

/// Draws and writes on a thread that may take its time.
async fn print(form: Number, body: Option<Value>, code: String) -> Result<Vec<u8>, Error> {
    let work = move || {
        let typeface = Typeface::of_system()?;
        let (pages, title) = pages(form, Filled(body.as_ref()), &code, &typeface)?;
        pdf::write(&pages, &typeface, &title)
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}

/// The pages of a form, and its title.
///
/// # Errors
/// Internal: a code that does not fit its picture.
pub(super) fn pages(
    form: Number,
    filled: Filled<'_>,
    code: &str,
    typeface: &Typeface,
) -> Result<(Vec<Page>, String), Error> {
    let sheet = sheet(form, filled);
    let mut paper = Paper::new(typeface);
    paper.code(&modules(code)?, CODE);
    paper.title(&format!("附表{form}"), sheet.title, &sheet.below);
    for row in &sheet.rows {
        paper.row(row);
    }
    if !sheet.note.is_empty() {
        paper.note(sheet.note);
    }
    let foot =
        format!("附表{form} · 第{EDITION}版 · {}", code.split_once("matter=").map_or("空白表", |(_, of)| of));
    Ok((paper.finish(&foot), format!("附表{form} {}", sheet.title)))
}

fn modules(code: &str) -> Result<Vec<Vec<bool>>, Error> {
    let drawn = QRBuilder::new(code).ecl(ECL::M).build();
    let drawn = drawn.map_err(|_| Error::internal("a code does not fit its picture"))?;
    Ok((0..drawn.size).map(|y| drawn[y].iter().map(|module| module.value()).collect()).collect())
}
