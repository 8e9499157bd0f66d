//! The list as a document of A4 pages, to be posted or attached (ND-3.5b).
//!
//! Invariant: it says the same as the page: every channel, on which day, and, of the sandbox, that it is not the official one.

use super::http::cells;
use super::service;
use crate::form::paper::{Cell, Format, Paper, Row};
use crate::form::{Typeface, pdf};
use crate::{Error, World, WorldName};
use domain::division::DivisionCode;
use tokio::sync::Semaphore;

const TITLE: &str = "电子社会保障卡授权渠道名录";
/// The columns with their parts of the width.
const HEADS: [(&str, f32); 7] = [
    ("渠道名称", 0.19),
    ("所属单位", 0.21),
    ("渠道类别", 0.11),
    ("级别", 0.07),
    ("渠道形式", 0.10),
    ("服务地域", 0.18),
    ("渠道编号", 0.14),
];
const NOTE: &str = "本名录由平台依据渠道当前状态生成，暂停、退出的渠道不在其中；以平台实时公布的名录为准。";
/// Anybody may ask for it, and drawing takes the processor: one is drawn at a time, and so many wait for it.
static DRAWN: Semaphore = Semaphore::const_new(1);
const WAITING: usize = 8;
static QUEUE: Semaphore = Semaphore::const_new(WAITING);

/// The list of an area today. Whoever goes away while it is drawn keeps their place until it is done, so that asking and
/// leaving does not pile up work.
///
/// # Errors
/// `platform.busy` while so many wait; `form.font_missing`.
pub async fn paper(world: &World, area: DivisionCode) -> Result<Vec<u8>, Error> {
    let place = QUEUE.try_acquire().map_err(|_| Error::platform("platform.busy"))?;
    let turn = DRAWN.acquire().await.map_err(|error| Error::internal(error.to_string()))?;
    let listed = service::whole(world, area).await?;
    let (world, on) = (world.name(), world.now().business_date());
    let work = move || {
        let _held = (place, turn);
        let typeface = Typeface::of_system()?;
        let mut paper = Paper::new(&typeface);
        let mark = match world {
            WorldName::Production => "",
            WorldName::Sandbox => "【沙盒·非正式名录】",
        };
        let below = format!("{} · 共{}个渠道 · {on}", area.full_name(), listed.len());
        paper.title(mark, TITLE, &below);
        let head = |(text, part): &(&str, f32)| Cell::label(*part, *text);
        paper.headed(Row { least: 0.0, cells: HEADS.iter().map(head).collect() });
        for one in &listed {
            let cells = HEADS.iter().zip(cells(one)).map(|((_, part), text)| Cell::value(*part, text));
            paper.row(&Row { least: 0.0, cells: cells.collect() });
        }
        paper.note(NOTE);
        let pages = paper.finish(&format!("{mark}{TITLE} · {} · {on}", area.full_name()));
        pdf::write(&pages, &typeface, Format::UPRIGHT, &format!("{mark}{}{TITLE}", area.full_name()))
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::internal(error.to_string()))?
}
