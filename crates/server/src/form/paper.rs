//! Boxes and running text on A4: rows of cells become pages of lines, texts and seals at their places.
//!
//! Invariants. Every text lies within its cell. A row that does not fit goes on the next page; one that is taller than a
//! page is continued there. No line begins with what closes a phrase or ends with what opens one. Measures are points from the upper left corner. Deliberately not here: PDF.

use super::typeface::{Typeface, Weight};
use std::cell::RefCell;
use std::collections::HashMap;

/// How large a page is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Format {
    /// From left to right.
    pub width: f32,
    /// From top to bottom.
    pub height: f32,
}

impl Format {
    /// A4, upright.
    pub const UPRIGHT: Self = Self { width: 595.28, height: 841.89 };
    /// A4, lying.
    pub const LYING: Self = Self { width: 841.89, height: 595.28 };

    /// Where boxes end at the latest; below stands the foot.
    const fn bottom(self) -> f32 {
        self.height - 54.0
    }

    /// Between the margins.
    const fn inner(self) -> f32 {
        self.width - 2.0 * MARGIN
    }
}

/// Left and right of the boxes.
pub const MARGIN: f32 = 48.0;
/// Between the upper edge and whatever comes first.
const TOP: f32 = 46.0;
/// Between the edge of a cell and its text.
const PADDING: f32 = 5.0;
/// Of running text.
const SIZE: f32 = 9.5;
/// Of what is said below the boxes.
const NOTE: f32 = 8.0;
/// Of the words of an agreement.
const BODY: f32 = 10.5;
/// From line to line, in sizes.
const LEADING: f32 = 1.45;
/// From line to line of running text, in sizes.
const LOOSE: f32 = 1.7;
/// Of the word across a page that does not count.
const ACROSS: f32 = 96.0;
/// Which punctuation begins no line, and which ends none.
const CLOSING: &str = "，。、；：？！）》」』】〕〉”’…—·,.;:?!)]}%";
const OPENING: &str = "（《「『【〔〈“‘([{";
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
    /// A word across the page, behind everything else.
    Across {
        /// Middle of the word.
        x: f32,
        /// Middle of the word.
        y: f32,
        /// Height of the letters.
        size: f32,
        /// Half its length.
        half: f32,
        /// What it says.
        text: String,
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
    format: Format,
    size: f32,
    pages: Vec<Page>,
    y: f32,
    head: Option<Row>,
    across: Option<String>,
    /// How wide letters are, by weight, as far as they were asked.
    advances: RefCell<[HashMap<char, f32>; 2]>,
}

impl<'a> Paper<'a> {
    /// One empty page, upright.
    pub fn new(typeface: &'a Typeface) -> Self {
        Self::of(typeface, Format::UPRIGHT, SIZE)
    }

    /// One empty page, with letters of this size in its boxes.
    pub fn of(typeface: &'a Typeface, format: Format, size: f32) -> Self {
        let advances = RefCell::default();
        Self { typeface, format, size, pages: vec![Page::new()], y: TOP, head: None, across: None, advances }
    }

    /// A word that stands across every page: what is printed does not count.
    pub fn across(&mut self, text: &str) {
        self.across = Some(text.to_owned());
    }

    /// How wide a text is in a box.
    pub fn measure(&self, text: &str) -> f32 {
        text.lines().map(|line| self.width(line, self.size, Weight::Regular)).fold(0.0, f32::max)
    }

    /// The title in the middle, below the name of the form; room is left for the code on the right.
    pub fn title(&mut self, name: &str, title: &str, below: &str) {
        self.put(MARGIN, self.y + 12.0, 11.0, Weight::Bold, name);
        let x = (self.format.width - self.width(title, 15.0, Weight::Bold)) / 2.0;
        self.put(x, self.y + 46.0, 15.0, Weight::Bold, title);
        self.put(MARGIN, self.y + 72.0, SIZE, Weight::Regular, below);
        self.y += 80.0;
    }

    /// A code in the upper right corner: its rows of dark and light modules.
    pub fn code(&mut self, modules: &[Vec<bool>], side: f32) {
        let count = modules.len().max(1);
        #[allow(clippy::cast_precision_loss, reason = "a code has at most 177 modules")]
        let step = side / count as f32;
        let (mut y, left) = (TOP - 14.0, self.format.width - MARGIN - side);
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

    /// Some room before what follows.
    pub fn gap(&mut self) {
        self.y += 8.0;
    }

    /// A row of cells, on the next page where it does not fit on this one.
    pub fn row(&mut self, row: &Row) {
        let (inner, bottom) = (self.format.inner(), self.format.bottom());
        let mut lines: Vec<Vec<String>> =
            row.cells.iter().map(|cell| self.lines(cell, inner * cell.part - 2.0 * PADDING)).collect();
        let page = bottom - TOP;
        if self.y + height(row, &lines, self.size) > bottom && height(row, &lines, self.size) <= page {
            self.turn();
        }
        while self.y + height(row, &lines, self.size) > bottom {
            let fits = whole((bottom - self.y - 2.0 * PADDING) / (self.size * LEADING));
            let part: Vec<_> = lines.iter_mut().map(|of| of.drain(..fits.min(of.len())).collect()).collect();
            self.boxes(&Row { least: 0.0, ..row.clone() }, &part);
            self.turn();
        }
        self.boxes(row, &lines);
    }

    /// Running text below the boxes.
    pub fn note(&mut self, text: &str) {
        self.y += 6.0;
        for line in self.wrap(text, self.format.inner(), NOTE, Weight::Regular) {
            if self.y + NOTE * LEADING > self.format.bottom() {
                self.turn();
            }
            self.put(MARGIN, self.y + NOTE, NOTE, Weight::Regular, &line);
            self.y += NOTE * LEADING;
        }
    }

    /// A heading of what follows; it does not stay alone at the end of a page.
    pub fn heading(&mut self, text: &str) {
        self.y += BODY;
        if self.y + 4.0 * BODY * LOOSE > self.format.bottom() {
            self.turn();
        }
        self.put(MARGIN, self.y + 12.0, 12.0, Weight::Bold, text);
        self.y += 12.0 * LOOSE + 2.0;
    }

    /// Running text from margin to margin, with its own line breaks.
    pub fn words(&mut self, text: &str) {
        for line in self.wrap(text, self.format.inner(), BODY, Weight::Regular) {
            if self.y + BODY * LOOSE > self.format.bottom() {
                self.turn();
            }
            self.put(MARGIN, self.y + BODY, BODY, Weight::Regular, &line);
            self.y += BODY * LOOSE;
        }
    }

    /// The pages, each with its foot: `left` and which page of how many it is.
    pub fn finish(self, left: &str) -> Vec<Page> {
        self.finish_with(left, |number, count| format!("第 {number} 页，共 {count} 页"))
    }

    /// The pages, each with its foot: `left` and what is said of its number and their count.
    pub fn finish_with(mut self, left: &str, say: impl Fn(usize, usize) -> String) -> Vec<Page> {
        let (count, y) = (self.pages.len(), self.format.height - 30.0);
        let across = self.across.take().map(|text| {
            let half = self.width(&text, ACROSS, Weight::Bold) / 2.0;
            Mark::Across { x: self.format.width / 2.0, y: self.format.height / 2.0, size: ACROSS, half, text }
        });
        for number in 0..count {
            let right = say(number + 1, count);
            let x = self.format.width - MARGIN - self.width(&right, 8.0, Weight::Regular);
            let foot =
                |x, text: &str| Mark::Text { x, y, size: 8.0, weight: Weight::Regular, text: text.into() };
            self.pages[number].extend([foot(MARGIN, left), foot(x, &right)]);
            if let Some(across) = &across {
                self.pages[number].insert(0, across.clone());
            }
        }
        self.pages
    }

    /// The cells of a row with these lines, at the present height.
    fn boxes(&mut self, row: &Row, lines: &[Vec<String>]) {
        let (inner, height) = (self.format.inner(), height(row, lines, self.size));
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
            let above = if is_label { (height - taken(lines.len(), self.size)) / 2.0 } else { PADDING };
            let mut base = y + above + self.size;
            for line in lines {
                let aside =
                    if is_label { (width - self.width(line, self.size, weight)) / 2.0 } else { PADDING };
                self.put(x + aside, base, self.size, weight, line);
                base += self.size * LEADING;
            }
            x += width;
        }
        self.y += height;
    }

    fn lines(&self, cell: &Cell, width: f32) -> Vec<String> {
        let weight = if cell.role == Role::Label { Weight::Bold } else { Weight::Regular };
        self.wrap(&cell.text, width, self.size, weight)
    }

    /// Lines that are no wider; what belongs together is kept together where it can be.
    fn wrap(&self, text: &str, width: f32, size: f32, weight: Weight) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let (mut line, mut taken) = (String::new(), 0.0);
            for piece in pieces(paragraph) {
                let long = self.width(piece, size, weight);
                if taken > 0.0 && taken + long > width {
                    lines.push(std::mem::take(&mut line));
                    taken = 0.0;
                }
                if long <= width {
                    line.push_str(piece);
                    taken += long;
                    continue;
                }
                for letter in piece.chars() {
                    let advance = self.advance(letter, weight) * size;
                    if taken > 0.0 && taken + advance > width {
                        lines.push(std::mem::take(&mut line));
                        taken = 0.0;
                    }
                    line.push(letter);
                    taken += advance;
                }
            }
            lines.push(line);
        }
        lines
    }

    fn width(&self, text: &str, size: f32, weight: Weight) -> f32 {
        text.chars().map(|letter| self.advance(letter, weight) * size).sum()
    }

    /// How wide a letter is, in ems.
    fn advance(&self, letter: char, weight: Weight) -> f32 {
        let known = &mut self.advances.borrow_mut()[usize::from(weight == Weight::Bold)];
        *known.entry(letter).or_insert_with(|| {
            let glyphs = self.typeface.glyphs(weight, letter.encode_utf8(&mut [0; 4]));
            glyphs.iter().map(|(_, advance)| advance).sum()
        })
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
fn height(row: &Row, lines: &[Vec<String>], size: f32) -> f32 {
    let most = lines.iter().map(Vec::len).max().unwrap_or_default();
    let sealed = row.cells.iter().zip(lines).filter(|(cell, _)| cell.role == Role::Sealed);
    // The seal has a place of its own below the words.
    let sealed =
        sealed.map(|(_, lines)| taken(lines.len(), size) + 2.0 * PADDING + SEAL * 0.6).fold(0.0, f32::max);
    (taken(most, size) + 2.0 * PADDING).max(sealed).max(row.least)
}

/// How high so many lines are.
fn taken(lines: usize, size: f32) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "a document has some thousand lines at most")]
    let lines = lines as f32;
    lines * size * LEADING
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

/// Words of Latin letters and digits whole, everything else letter by letter, with the punctuation that belongs to it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, letter) in text.char_indices() {
        let is_word = letter.is_ascii_graphic();
        let belongs = before.is_some_and(|before| {
            (is_word && before.is_ascii_graphic()) || CLOSING.contains(letter) || OPENING.contains(before)
        });
        if at > start && !belongs {
            pieces.push(&text[start..at]);
            start = at;
        }
        before = Some(letter);
    }
    pieces.push(&text[start..]);
    pieces
}
