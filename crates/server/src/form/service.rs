//! Printing a form, blank or of an application.

use super::paper::{Format, Page, Paper};
use super::sheet::{Enclosed, Filled, sheet};
use super::typeface::Typeface;
use super::{EDITION, Number, pdf};
use crate::auth::{Staff, authorize_role};
use crate::matter::{self, contact};
use crate::{Error, World};
use domain::audit::{Record, Reference};
use domain::id::{ChannelId, MatterId};
use domain::matter::Kind;
use domain::org::Operation;
use fast_qr::{ECL, QRBuilder};
use serde_json::Value;
use std::collections::BTreeSet;
use store::ReadTx;
use store::matter::MatterRow;

/// Of the square with the code.
pub(crate) const CODE: f32 = 58.0;
/// Matters of an owner among which the rows of one form are looked for, newest first.
const NEIGHBOURS: i64 = 500;
/// The states of a security report that the owner has submitted.
const SUBMITTED: [&str; 3] = ["filed", "retested", "accepted"];

/// What is printed of an application.
#[derive(Debug)]
struct Printed {
    body: Value,
    rows: Vec<Value>,
    enclosed: Enclosed,
}

/// A blank form.
///
/// # Errors
/// `staff.role`; `form.font_missing`.
pub async fn blank(staff: &Staff, form: Number) -> Result<Vec<u8>, Error> {
    authorize_role(staff, Operation::MatterRead)?;
    let code = format!("ykt form={form} edition={EDITION}");
    print(form, None, code).await
}

/// A form with what an application in sight says. Who can be reached is printed in clear for its owner and, on record, for
/// those who have business with it; for others masked.
///
/// # Errors
/// `staff.role`; `resource.not_found`; `form.font_missing`.
pub async fn filled(world: &World, staff: &Staff, id: MatterId, form: Number) -> Result<Vec<u8>, Error> {
    let found = matter::service::get(world, staff, id).await?.row;
    if found.kind != Kind::Application.as_str() {
        return Err(Error::not_found());
    }
    let (ring, reader, row) = (world.keys().ring(), staff.clone(), found.clone());
    let read = move |tx: &mut ReadTx<'_>| {
        let own = contact::printable(tx, &reader, &ring, &row)?;
        let body = parsed(&own.body)?;
        let rows = rows(tx, &reader, &ring, &row, &body, form)?;
        Ok::<_, Error>((Printed { body, rows, enclosed: enclosed(tx, &row)? }, own.is_revealing))
    };
    let (printed, is_revealing) = world.db().read(read).await?;
    if is_revealing {
        let mut record = Record::done(world.now(), staff.actor(), "matter.printed");
        record.object = Some(Reference::new(MatterId::PREFIX, id.as_bytes()));
        crate::audit::service::note(world, record).await?;
    }
    let code = format!("ykt form={form} edition={EDITION} matter={id} version={}", found.version);
    print(form, Some(printed), code).await
}

fn parsed(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal(error.to_string()))
}

/// The bodies of the applications that were filed on the same form, as far as they are in sight: for 附表3 those that have
/// come so far.
fn rows(
    tx: &mut ReadTx<'_>,
    staff: &Staff,
    ring: &crate::key::Ring,
    row: &MatterRow,
    own: &Value,
    form: Number,
) -> Result<Vec<Value>, Error> {
    let mut found = vec![own.clone()];
    for other in store::matter::list_of_owner(tx, &row.owner_id, &[u8::MAX; 16], NEIGHBOURS)? {
        if other.id == row.id || other.kind != row.kind {
            continue;
        }
        let body = parsed(&contact::printable(tx, staff, ring, &other)?.body)?;
        let has_come = form != Number::Three || body.pointer("/formal/number").is_some_and(|it| it != "");
        if body["form"] == own["form"] && has_come && matter::service::in_sight(tx, staff, &other.id).is_ok()
        {
            found.push(body);
        }
    }
    found.sort_by_key(|body| body["row"].as_u64());
    Ok(found)
}

/// What has come with an application.
fn enclosed(tx: &mut ReadTx<'_>, row: &MatterRow) -> Result<Enclosed, Error> {
    let files = crate::attachment::service::files(tx, &row.id)?;
    let has_report = match row.channel_id {
        Some(id) => has_report(tx, ChannelId::from_bytes(id))?,
        None => false,
    };
    let purposes: BTreeSet<_> = files.into_iter().map(|file| file.purpose).collect();
    Ok(Enclosed { purposes, has_report })
}

fn has_report(tx: &mut ReadTx<'_>, channel: ChannelId) -> Result<bool, Error> {
    let rows = store::matter::list_of_channel(tx, channel.as_bytes(), &[u8::MAX; 16], NEIGHBOURS)?;
    let mut reports = rows.iter().filter(|row| row.kind == Kind::SecurityReport.as_str());
    Ok(reports.any(|row| SUBMITTED.contains(&row.state.as_str())))
}

/// Draws and writes on a thread that may take its time.
async fn print(form: Number, printed: Option<Printed>, code: String) -> Result<Vec<u8>, Error> {
    let work = move || {
        let typeface = Typeface::of_system()?;
        let (pages, title) = pages(form, filled_with(printed.as_ref()), &code, &typeface)?;
        pdf::write(&pages, &typeface, Format::UPRIGHT, &title)
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}

fn filled_with(printed: Option<&Printed>) -> Filled<'_> {
    printed.map_or_else(Filled::default, |printed| Filled {
        body: Some(&printed.body),
        rows: &printed.rows,
        enclosed: Some(&printed.enclosed),
    })
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

/// The rows of dark and light modules of a code.
///
/// # Errors
/// Internal: a code that does not fit its picture.
pub(crate) fn modules(code: &str) -> Result<Vec<Vec<bool>>, Error> {
    let drawn = QRBuilder::new(code).ecl(ECL::M).build();
    let drawn = drawn.map_err(|_| Error::internal("a code does not fit its picture"))?;
    Ok((0..drawn.size).map(|y| drawn[y].iter().map(|module| module.value()).collect()).collect())
}
