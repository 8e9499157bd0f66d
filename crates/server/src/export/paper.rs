//! A list as pages of A4 to print: its heads on every page, which page of how many, and who made it when and of what.
//!
//! Invariant: every row is there whole; a cell that is longer than its column goes on below.

use super::file::Heading;
use crate::Error;
use crate::form::paper::{Cell, Format, Paper, Row};
use crate::form::{Typeface, pdf};
use domain::export::Language;

/// Of the letters of a row.
const SIZE: f32 = 7.5;
/// The narrowest and the widest that a column wishes to be, points.
const WIDTHS: (f32, f32) = (34.0, 150.0);
/// Between a text and the borders of its cell, and a little more.
const ASIDE: f32 = 12.0;
/// Rows by which the columns are made wide.
const SAMPLE: usize = 200;

/// The document.
///
/// # Errors
/// `form.font_missing`.
pub(super) fn paper(heading: &Heading, rows: &[Vec<String>]) -> Result<Vec<u8>, Error> {
    let typeface = Typeface::of_system()?;
    let mut paper = Paper::of(&typeface, Format::LYING, SIZE);
    paper.title("", &heading.title, &heading.made);
    let (count, id) = (rows.len(), &heading.id);
    paper.note(&match heading.language {
        Language::Zh => format!("{}　共{count}行　导出编号：{id}", heading.filter),
        Language::En => format!("{} · {count} rows · export {id}", heading.filter),
    });
    paper.gap();
    let parts = parts(&paper, heading, rows);
    let cells = heading.heads.iter().zip(&parts).map(|(head, part)| Cell::label(*part, *head));
    paper.headed(Row { least: 0.0, cells: cells.collect() });
    for row in rows {
        let cells = row.iter().zip(&parts).map(|(cell, part)| Cell::value(*part, printed(cell)));
        paper.row(&Row { least: 0.0, cells: cells.collect() });
    }
    let foot = format!("{} · {}", heading.title, heading.made);
    let pages = paper.finish_with(&foot, |number, count| match heading.language {
        Language::Zh => format!("第 {number} / {count} 页"),
        Language::En => format!("Page {number} / {count}"),
    });
    pdf::write(&pages, &typeface, Format::LYING, &heading.title)
}

/// The part of each column of the width: as what stands in it wishes, within limits.
fn parts(paper: &Paper<'_>, heading: &Heading, rows: &[Vec<String>]) -> Vec<f32> {
    let wish = |column: usize, head: &str| {
        let cells = rows.iter().take(SAMPLE).filter_map(|row| row.get(column));
        let widest = cells.map(|cell| paper.measure(cell)).fold(paper.measure(head), f32::max);
        (widest + ASIDE).clamp(WIDTHS.0, WIDTHS.1)
    };
    let wishes: Vec<f32> = heading.heads.iter().enumerate().map(|(at, head)| wish(at, head)).collect();
    let all: f32 = wishes.iter().sum();
    wishes.into_iter().map(|wish| wish / all).collect()
}

/// What can be printed of a cell: no control characters.
fn printed(cell: &str) -> String {
    cell.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(language: Language) -> Heading {
        Heading {
            title: "终端".into(),
            made: "导出人：clerk　导出时间：2026-11-27T09:00:00+08:00".into(),
            filter: "筛选：无".into(),
            by: "clerk".into(),
            id: "exp_1".into(),
            language,
            heads: vec!["终端编号", "所在地", "说明"],
        }
    }

    /// The longest list that may be printed is, and in pages that are not empty.
    #[test]
    fn five_thousand_rows_are_some_hundred_pages_and_no_large_file() {
        let row = |place: usize| {
            vec![format!("trm_{place:026}"), "浙江省杭州市西湖区".to_owned(), "正常".repeat(8)]
        };
        let rows: Vec<_> = (0..5_000).map(row).collect();
        let bytes = paper(&heading(Language::Zh), &rows).unwrap();
        let pages = String::from_utf8_lossy(&bytes).matches("/Type /Page\n").count();
        assert!((50..400).contains(&pages), "{pages} pages");
        assert!(bytes.len() < 3_000_000, "{} bytes", bytes.len());
    }

    #[test]
    fn columns_share_the_whole_width_and_a_list_of_nothing_has_its_heads() {
        let typeface = Typeface::of_system().unwrap();
        let narrow = Paper::of(&typeface, Format::LYING, SIZE);
        let found =
            parts(&narrow, &heading(Language::En), &[vec!["a".repeat(400), String::new(), String::new()]]);
        assert!((found.iter().sum::<f32>() - 1.0).abs() < 0.001 && found[0] > found[1], "{found:?}");
        assert!(found[1] > 0.1, "{found:?}");
        assert!(paper(&heading(Language::En), &[]).unwrap().starts_with(b"%PDF-"));
        assert_eq!(printed("甲\u{1}乙\n丙"), "甲乙\n丙");
    }
}
