//! Writing rows as a file: row by row, into a file without a name, whatever their number.
//!
//! Invariant: every cell is text. A spreadsheet that opens the file runs none of them and makes no other number of any.

use crate::Error;
use csv::Terminator;
use domain::export::{Format, Language};
use gm::sm3::Hasher;
use rust_xlsxwriter::{DocProperties, Format as Style, Workbook, Worksheet, XlsxError};
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use tokio::sync::mpsc::Receiver;

/// UTF-8 is not guessed: without this, spreadsheets take a file for the code page of the machine.
const MARK: &[u8] = b"\xEF\xBB\xBF";
/// UTF-16 units of a cell of a workbook, at most.
const LONGEST_CELL: usize = 32_767;
/// Digits from which on a spreadsheet shows a number as a power of ten; past 15 it loses the last ones.
const LONG_NUMBER: usize = 12;
/// Shown width of a column, characters.
const WIDTHS: (usize, usize) = (12, 60);

/// What stands above the rows, and what the file says of itself.
#[derive(Debug)]
pub(super) struct Heading {
    /// What the list is called.
    pub title: String,
    /// Who made it and when.
    pub made: String,
    /// What narrows the list, in words.
    pub filter: String,
    /// The login of whoever made it.
    pub by: String,
    /// The id under which it is on record.
    pub id: String,
    /// In which language it is.
    pub language: Language,
    /// The columns.
    pub heads: Vec<&'static str>,
}

/// What comes next.
#[derive(Debug)]
pub(super) enum Part {
    /// Some rows.
    Rows(Vec<Vec<String>>),
    /// Nothing more.
    End,
}

/// A file that is whole, at its beginning.
#[derive(Debug)]
pub(super) struct Written {
    /// Where it is; it has no name.
    pub file: File,
    /// Bytes.
    pub size: u64,
    /// SM3 over them.
    pub digest: [u8; 32],
}

/// Writes parts as they come; none when they stopped coming before their end. It blocks.
///
/// # Errors
/// Internal: the disk's.
pub(super) fn write(
    format: Format,
    heading: &Heading,
    parts: &mut Receiver<Part>,
) -> Result<Option<Written>, Error> {
    let failed = |error: io::Error| Error::internal(format!("the file of an export: {error}"));
    let out = Hashed::new(tempfile::tempfile().map_err(failed)?);
    let out = match format {
        Format::Csv => csv_of(heading, parts, out).map_err(failed)?,
        Format::Xlsx => xlsx_of(heading, parts, out)
            .map_err(|error| Error::internal(format!("the workbook of an export: {error}")))?,
        Format::Pdf => match pdf_of(heading, parts)? {
            Some(bytes) => {
                let mut out = out;
                out.write_all(&bytes).map_err(failed)?;
                Some(out)
            }
            None => None,
        },
    };
    let Some(out) = out else { return Ok(None) };
    out.finish().map(Some).map_err(failed)
}

fn csv_of(
    heading: &Heading,
    parts: &mut Receiver<Part>,
    mut out: Hashed,
) -> Result<Option<Hashed>, io::Error> {
    out.write_all(MARK)?;
    let mut writer = csv::WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    writer.write_record(&heading.heads)?;
    loop {
        match parts.blocking_recv() {
            Some(Part::Rows(rows)) => {
                for row in rows {
                    writer.write_record(row.iter().map(|cell| plain(cell)))?;
                }
            }
            Some(Part::End) => return writer.into_inner().map(Some).map_err(csv::IntoInnerError::into_error),
            None => return Ok(None),
        }
    }
}

/// A cell that begins like a formula, or that a spreadsheet would take for something else than it is, is made text by an apostrophe;
/// any other number keeps its sign. `plain.json` is the table of cases, which the page's own CSV is tested with as well.
fn plain(cell: &str) -> String {
    let is_number = is_number(cell);
    let is_spoilt = is_number && is_shortened(cell) || is_power(cell) || is_guessed(cell);
    let is_run = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number;
    if is_spoilt || is_run { format!("'{cell}") } else { cell.to_owned() }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A decimal number, with a sign or without.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    digits.split('.').count() <= 2 && digits.split('.').all(are_digits)
}

/// A number that loses its zeros in front, or its last digits.
fn is_shortened(number: &str) -> bool {
    let digits = number.strip_prefix('-').unwrap_or(number);
    let leads =
        digits.strip_prefix('0').is_some_and(|rest| rest.starts_with(|one: char| one.is_ascii_digit()));
    digits.len() >= LONG_NUMBER || leads
}

/// What is read as a power of ten: `12E34` is a code.
fn is_power(cell: &str) -> bool {
    cell.split_once(['e', 'E']).is_some_and(|(number, power)| {
        is_number(number) && are_digits(power.strip_prefix(['-', '+']).unwrap_or(power))
    })
}

/// What is read as a day, of this year or of this century: `1-2` is a place. A whole day of the calendar stays that day.
fn is_guessed(cell: &str) -> bool {
    ['-', '/'].into_iter().any(|between| {
        let parts: Vec<_> = cell.split(between).collect();
        let lengths: Vec<_> = parts.iter().map(|part| part.len()).collect();
        let is_whole = between == '-' && lengths == [4, 2, 2];
        matches!(parts.len(), 2 | 3)
            && parts.iter().all(|part| are_digits(part) && part.len() <= 4)
            && !is_whole
    })
}

fn xlsx_of(
    heading: &Heading,
    parts: &mut Receiver<Part>,
    mut out: Hashed,
) -> Result<Option<Hashed>, XlsxError> {
    let mut book = Workbook::new();
    let properties = DocProperties::new().set_title(&heading.title).set_author(&heading.by);
    book.set_properties(&properties.set_custom_property("export_id", heading.id.as_str()));
    let text = Style::new().set_num_format("@");
    let bold = Style::new().set_num_format("@").set_bold();
    let sheet = book.add_worksheet_with_constant_memory()?;
    for (column, head) in (0_u16..).zip(&heading.heads) {
        let width = head.chars().count() * 2 + 2;
        let width = u32::try_from(width.clamp(WIDTHS.0, WIDTHS.1)).unwrap_or_default();
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(3, 0)?;
    sheet.write_string(0, 0, &heading.title)?;
    sheet.write_string(1, 0, &heading.made)?;
    line(sheet, 2, heading.heads.iter().copied(), &bold)?;
    let mut at = 3;
    loop {
        match parts.blocking_recv() {
            Some(Part::Rows(rows)) => {
                for row in &rows {
                    line(sheet, at, row.iter().map(String::as_str), &text)?;
                    at += 1;
                }
            }
            Some(Part::End) => break,
            None => return Ok(None),
        }
    }
    book.save_to_writer(&mut out)?;
    Ok(Some(out))
}

/// Pages can be counted when the last row is there, so the rows are kept until then: there are not many.
fn pdf_of(heading: &Heading, parts: &mut Receiver<Part>) -> Result<Option<Vec<u8>>, Error> {
    let mut all = Vec::new();
    loop {
        match parts.blocking_recv() {
            Some(Part::Rows(rows)) => all.extend(rows),
            Some(Part::End) => return super::paper::paper(heading, &all).map(Some),
            None => return Ok(None),
        }
    }
}

fn line<'a>(
    sheet: &mut Worksheet,
    at: u32,
    cells: impl Iterator<Item = &'a str>,
    style: &Style,
) -> Result<(), XlsxError> {
    for (column, cell) in (0_u16..).zip(cells) {
        if !cell.is_empty() {
            sheet.write_string_with_format(at, column, written(cell), style)?;
        }
    }
    Ok(())
}

/// Text as XML 1.0 and a cell take it: no control characters, and not longer than a cell.
fn written(cell: &str) -> String {
    let is_allowed = |letter: &char| {
        matches!(letter, '\t' | '\n' | '\r')
            || !letter.is_control() && !matches!(letter, '\u{FFFE}' | '\u{FFFF}')
    };
    let mut length = 0;
    let fits = |letter: &char| {
        length += letter.len_utf16();
        length <= LONGEST_CELL
    };
    cell.chars().filter(is_allowed).take_while(fits).collect()
}

/// A file with its length and digest.
struct Hashed {
    file: BufWriter<File>,
    hasher: Hasher,
    size: u64,
}

impl Hashed {
    fn new(file: File) -> Self {
        Self { file: BufWriter::new(file), hasher: Hasher::new(), size: 0 }
    }

    fn finish(self) -> io::Result<Written> {
        let mut file = self.file.into_inner()?;
        file.rewind()?;
        Ok(Written { file, size: self.size, digest: self.hasher.finish() })
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use tokio::sync::mpsc;

    const CELLS: [&str; 10] = [
        "=1+1",
        "+86",
        "-2.50",
        "-cmd|' /C calc'!A0",
        "@SUM(A1)",
        "330106199001011234",
        "000123",
        "a \"b\", c\nd",
        "张三 & <b>",
        "\u{1}42",
    ];

    fn made(format: Format) -> (Vec<u8>, Written) {
        let heading = Heading {
            title: "办件".into(),
            made: "导出人".into(),
            filter: "筛选：无".into(),
            by: "clerk".into(),
            language: Language::Zh,
            id: "exp_1".into(),
            heads: vec!["一"; CELLS.len()],
        };
        let (sender, mut receiver) = mpsc::channel(2);
        sender.try_send(Part::Rows(vec![CELLS.map(str::to_owned).to_vec()])).unwrap();
        sender.try_send(Part::End).unwrap();
        let mut written = write(format, &heading, &mut receiver).unwrap().unwrap();
        let mut bytes = Vec::new();
        written.file.read_to_end(&mut bytes).unwrap();
        assert_eq!((written.size, written.digest), (bytes.len() as u64, gm::sm3::digest(&bytes)));
        (bytes, written)
    }

    #[test]
    fn a_csv_is_marked_as_utf_8_and_none_of_its_cells_is_run_or_spoilt() {
        let (bytes, _) = made(Format::Csv);
        let text = bytes.strip_prefix(MARK).unwrap();
        assert!(text.ends_with(b"\r\n"));
        let mut reader = csv::Reader::from_reader(text);
        let row: Vec<_> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
        assert_eq!(
            row,
            [
                "'=1+1",
                "'+86",
                "-2.50",
                "'-cmd|' /C calc'!A0",
                "'@SUM(A1)",
                "'330106199001011234",
                "'000123",
                "a \"b\", c\nd",
                "张三 & <b>",
                "\u{1}42",
            ]
        );
    }

    #[test]
    fn a_cell_is_plain_as_the_table_says() {
        let table: Vec<(String, String)> = serde_json::from_str(include_str!("plain.json")).unwrap();
        for (cell, expected) in table {
            assert_eq!(plain(&cell), expected);
        }
    }

    #[test]
    fn every_cell_of_a_workbook_is_text() {
        let (bytes, _) = made(Format::Xlsx);
        let mut archive = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        };
        let sheet = part("xl/worksheets/sheet1.xml");
        let cells: Vec<_> =
            sheet.split("<c r=\"").skip(1).map(|cell| cell.split("</c>").next().unwrap()).collect();
        assert_eq!(cells.len(), 2 + 2 * CELLS.len(), "{sheet}");
        assert!(cells.iter().all(|cell| cell.contains("t=\"inlineStr\"")), "{sheet}");
        assert!(!sheet.contains("<f>") && !sheet.contains("<v>"));
        for text in ["=1+1", "330106199001011234", "000123", "张三 &amp; &lt;b&gt;", ">42<"] {
            assert!(sheet.contains(text), "{text}");
        }
        assert!(part("docProps/custom.xml").contains("exp_1"));
        assert!(part("docProps/core.xml").contains("clerk"));
        assert_eq!(written(&"汉".repeat(40_000)).chars().count(), LONGEST_CELL);
    }

    #[test]
    fn an_attempt_that_is_broken_off_makes_no_file() {
        let heading = Heading {
            title: String::new(),
            made: String::new(),
            filter: String::new(),
            by: String::new(),
            language: Language::Zh,
            id: String::new(),
            heads: vec!["a"],
        };
        for format in Format::ALL {
            let (sender, mut receiver) = mpsc::channel(2);
            sender.try_send(Part::Rows(vec![vec!["1".into()]])).unwrap();
            drop(sender);
            assert!(write(*format, &heading, &mut receiver).unwrap().is_none());
        }
    }
}
