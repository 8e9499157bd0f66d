//! Boxes on A4: rows of cells become pages of lines, texts and seals at their places.
//!
//! Invariants. Every text lies within its cell. A row that does not fit goes on the next page; one that is taller than a
//! page is continued there. Measures are points from the upper left corner. Deliberately not here: PDF.

use super::typeface::{Typeface, Weight};

/// A4.
pub const WIDTH: f32 = 595.28;
/// A4.
pub const HEIGHT: f32 = 841.89;
/// Left and right of the boxes.
pub const MARGIN: f32 = 48.0;
/// Between the upper edge and whatever comes first.
const TOP: f32 = 46.0;
/// Where boxes end at the latest; below stands the foot.
const BOTTOM: f32 = HEIGHT - 54.0;
/// Between the edge of a cell and its text.
const PADDING: f32 = 5.0;
/// Of running text.
const SIZE: f32 = 9.5;
/// Of what is said below the boxes.
const NOTE: f32 = 8.0;
/// From line to line, in sizes.
const LEADING: f32 = 1.45;
/// The square that is left for a seal.
const SEAL: f32 = 86.0;

/// Something at its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line of text; `y` is its base line.
    Text {
        /// Left.
        x: f32,
        /// Base line.
        y: f32,
        /// Height of the letters.
        size: f32,
        /// How heavy.
        weight: Weight,
        /// What it says.
        text: String,
    },
    /// The border of a cell.
    Border {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Width.
        width: f32,
        /// Height.
        height: f32,
    },
    /// Where a seal is put.
    Seal {
        /// Middle.
        x: f32,
        /// Middle.
        y: f32,
        /// Half the diameter.
        radius: f32,
    },
    /// A black square.
    Square {
        /// Left.
        x: f32,
        /// Top.
        y: f32,
        /// Of a side.
        side: f32,
    },
}

/// The marks of one page.
pub type Page = Vec<Mark>;

/// What a cell is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It names what is beside or below it: in the middle, heavy.
    Label,
    /// It is filled in.
    Value,
    /// It is filled in and sealed.
    Sealed,
}

/// A cell of a row.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its part of the row's width.
    pub part: f32,
    /// What it is for.
    pub role: Role,
    /// What it says; lines end where the text says so, and where the cell does.
    pub text: String,
}

/// A row of cells.
#[derive(Debug, Clone)]
pub struct Row {
    /// At least so high.
    pub least: f32,
    /// From left to right; their parts make one.
    pub cells: Vec<Cell>,
}

impl Cell {
    /// A cell that names something.
    pub fn label(part: f32, text: impl Into<String>) -> Self {
        Self { part, role: Role::Label, text: text.into() }
    }

    /// A cell that is filled in.
    pub fn value(part: f32, text: impl Into<String>) -> Self {
        Self { part, role: Role::Value, text: text.into() }
    }

    /// A cell that is filled in and sealed.
    pub fn sealed(part: f32, text: impl Into<String>) -> Self {
        Self { part, role: Role::Sealed, text: text.into() }
    }
}

/// Pages in the making.
#[derive(Debug)]
pub struct Paper<'a> {
    typeface: &'a Typeface,
    pages: Vec<Page>,
    y: f32,
    head: Option<Row>,
}

impl<'a> Paper<'a> {
    /// One empty page.
    pub fn new(typeface: &'a Typeface) -> Self {
        Self { typeface, pages: vec![Page::new()], y: TOP, head: None }
    }

    /// The title in the middle, below the name of the form; room is left for the code on the right.
    pub fn title(&mut self, name: &str, title: &str, below: &str) {
        self.put(MARGIN, self.y + 12.0, 11.0, Weight::Bold, name);
        let x = (WIDTH - self.width(title, 15.0, Weight::Bold)) / 2.0;
        self.put(x, self.y + 46.0, 15.0, Weight::Bold, title);
        self.put(MARGIN, self.y + 72.0, SIZE, Weight::Regular, below);
        self.y += 80.0;
    }

    /// A code in the upper right corner: its rows of dark and light modules.
    pub fn code(&mut self, modules: &[Vec<bool>], side: f32) {
        let count = modules.len().max(1);
        #[allow(clippy::cast_precision_loss, reason = "a code has at most 177 modules")]
        let step = side / count as f32;
        let (mut y, left) = (TOP - 14.0, WIDTH - MARGIN - side);
        for row in modules {
            let mut x = left;
            for is_dark in row {
                if *is_dark {
                    self.mark(Mark::Square { x, y, side: step });
                }
                x += step;
            }
            y += step;
        }
    }

    /// A row that names the columns below it, here and at the top of every page that follows.
    pub fn headed(&mut self, head: Row) {
        self.row(&head);
        self.head = Some(head);
    }

    /// A row of cells, on the next page where it does not fit on this one.
    pub fn row(&mut self, row: &Row) {
        let inner = WIDTH - 2.0 * MARGIN;
        let mut lines: Vec<Vec<String>> =
            row.cells.iter().map(|cell| self.lines(cell, inner * cell.part - 2.0 * PADDING)).collect();
        let page = BOTTOM - TOP;
        if self.y + height(row, &lines) > BOTTOM && height(row, &lines) <= page {
            self.turn();
        }
        while self.y + height(row, &lines) > BOTTOM {
            let fits = whole((BOTTOM - self.y - 2.0 * PADDING) / (SIZE * LEADING));
            let part: Vec<_> = lines.iter_mut().map(|of| of.drain(..fits.min(of.len())).collect()).collect();
            self.boxes(&Row { least: 0.0, ..row.clone() }, &part);
            self.turn();
        }
        self.boxes(row, &lines);
    }

    /// Running text below the boxes.
    pub fn note(&mut self, text: &str) {
        self.y += 6.0;
        for line in self.wrap(text, WIDTH - 2.0 * MARGIN, NOTE, Weight::Regular) {
            if self.y + NOTE * LEADING > BOTTOM {
                self.turn();
            }
            self.put(MARGIN, self.y + NOTE, NOTE, Weight::Regular, &line);
            self.y += NOTE * LEADING;
        }
    }

    /// The pages, each with its foot: `left` and which page of how many it is.
    pub fn finish(mut self, left: &str) -> Vec<Page> {
        let (count, y) = (self.pages.len(), HEIGHT - 30.0);
        for number in 0..count {
            let right = format!("第 {} 页，共 {count} 页", number + 1);
            let x = WIDTH - MARGIN - self.width(&right, 8.0, Weight::Regular);
            let foot =
                |x, text: &str| Mark::Text { x, y, size: 8.0, weight: Weight::Regular, text: text.into() };
            self.pages[number].extend([foot(MARGIN, left), foot(x, &right)]);
        }
        self.pages
    }

    /// The cells of a row with these lines, at the present height.
    fn boxes(&mut self, row: &Row, lines: &[Vec<String>]) {
        let (inner, height) = (WIDTH - 2.0 * MARGIN, height(row, lines));
        let mut x = MARGIN;
        for (cell, lines) in row.cells.iter().zip(lines) {
            let (width, y) = (inner * cell.part, self.y);
            self.mark(Mark::Border { x, y, width, height });
            if cell.role == Role::Sealed {
                let radius = SEAL / 2.0;
                self.mark(Mark::Seal {
                    x: x + width - radius - PADDING,
                    y: y + height - radius - PADDING,
                    radius,
                });
            }
            let is_label = cell.role == Role::Label;
            let weight = if is_label { Weight::Bold } else { Weight::Regular };
            let above = if is_label { (height - taken(lines.len())) / 2.0 } else { PADDING };
            let mut base = y + above + SIZE;
            for line in lines {
                let aside = if is_label { (width - self.width(line, SIZE, weight)) / 2.0 } else { PADDING };
                self.put(x + aside, base, SIZE, weight, line);
                base += SIZE * LEADING;
            }
            x += width;
        }
        self.y += height;
    }

    fn lines(&self, cell: &Cell, width: f32) -> Vec<String> {
        let weight = if cell.role == Role::Label { Weight::Bold } else { Weight::Regular };
        self.wrap(&cell.text, width, SIZE, weight)
    }

    /// Lines that are no wider; a word of Latin letters is kept together where it can be.
    fn wrap(&self, text: &str, width: f32, size: f32, weight: Weight) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let mut line = String::new();
            for piece in pieces(paragraph) {
                if !line.is_empty() && self.width(&format!("{line}{piece}"), size, weight) > width {
                    lines.push(std::mem::take(&mut line));
                }
                for letter in piece.chars() {
                    line.push(letter);
                    if self.width(&line, size, weight) > width && line.chars().count() > 1 {
                        line.pop();
                        lines.push(std::mem::replace(&mut line, letter.to_string()));
                    }
                }
            }
            lines.push(line);
        }
        lines
    }

    fn width(&self, text: &str, size: f32, weight: Weight) -> f32 {
        self.typeface.glyphs(weight, text).iter().map(|(_, advance)| advance * size).sum()
    }

    fn put(&mut self, x: f32, y: f32, size: f32, weight: Weight, text: &str) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, size, weight, text: text.to_owned() });
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn turn(&mut self) {
        self.pages.push(Page::new());
        self.y = TOP;
        if let Some(head) = self.head.take() {
            self.headed(head);
        }
    }
}

/// How high a row with these lines is.
fn height(row: &Row, lines: &[Vec<String>]) -> f32 {
    let most = lines.iter().map(Vec::len).max().unwrap_or_default();
    let sealed = row.cells.iter().zip(lines).filter(|(cell, _)| cell.role == Role::Sealed);
    // The seal has a place of its own below the words.
    let sealed = sealed.map(|(_, lines)| taken(lines.len()) + 2.0 * PADDING + SEAL * 0.6).fold(0.0, f32::max);
    (taken(most) + 2.0 * PADDING).max(sealed).max(row.least)
}

/// How high so many lines are.
fn taken(lines: usize) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "a document has some thousand lines at most")]
    let lines = lines as f32;
    lines * SIZE * LEADING
}

/// How many whole lines, one at least.
fn whole(lines: f32) -> usize {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between one and a page of lines"
    )]
    let lines = lines.clamp(1.0, 100.0) as usize;
    lines
}

/// Words of Latin letters and digits whole, everything else letter by letter.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut was_word = false;
    for (at, letter) in text.char_indices() {
        let is_word = letter.is_ascii_graphic();
        if at > start && !(is_word && was_word) {
            pieces.push(&text[start..at]);
            start = at;
        }
        was_word = is_word;
    }
    pieces.push(&text[start..]);
    pieces
}
