//! The system's Noto Sans CJK: found where the distributions put it, read once, measured.
//!
//! Invariant: widths are those of the glyphs that are drawn. Deliberately not here: shaping. Chinese and Latin letters
//! stand one beside another; nothing else is printed.

use crate::Error;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use ttf_parser::Face;

/// Where Debian, Fedora, and Arch and Alpine put it.
const FOLDERS: [&str; 3] = [
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/google-noto-sans-cjk-fonts",
    "/usr/share/fonts/noto-cjk",
];
/// Which face of the collection is the simplified Chinese one.
pub const SIMPLIFIED: u32 = 2;

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Titles and labels.
    Bold,
}

/// Both weights of the collection, as they are in the files.
#[derive(Debug, Clone)]
pub struct Typeface {
    regular: Arc<Vec<u8>>,
    bold: Arc<Vec<u8>>,
}

impl Typeface {
    /// The system's.
    ///
    /// # Errors
    /// `form.font_missing`, which says what to install.
    pub fn of_system() -> Result<Self, Error> {
        static KEPT: OnceLock<Typeface> = OnceLock::new();
        if let Some(kept) = KEPT.get() {
            return Ok(kept.clone());
        }
        let found = Self::of_folders(&FOLDERS)?;
        Ok(KEPT.get_or_init(|| found).clone())
    }

    /// That of the first folder which has it.
    ///
    /// # Errors
    /// `form.font_missing`, which says what to install.
    pub fn of_folders(folders: &[&str]) -> Result<Self, Error> {
        let found = folders.iter().find_map(|folder| Self::read(Path::new(folder)));
        found.ok_or_else(|| Error::platform("form.font_missing"))
    }

    fn read(folder: &Path) -> Option<Self> {
        let file = |weight: &str| {
            let bytes = std::fs::read(folder.join(format!("NotoSansCJK-{weight}.ttc"))).ok()?;
            Face::parse(&bytes, SIMPLIFIED).ok()?;
            Some(Arc::new(bytes))
        };
        Some(Self { regular: file("Regular")?, bold: file("Bold")? })
    }

    /// The file of a weight.
    pub fn file(&self, weight: Weight) -> Arc<Vec<u8>> {
        match weight {
            Weight::Regular => self.regular.clone(),
            Weight::Bold => self.bold.clone(),
        }
    }

    /// The glyphs of a text with their advances in ems, in order.
    pub fn glyphs(&self, weight: Weight, text: &str) -> Vec<(u16, f32)> {
        let file = self.file(weight);
        let Ok(face) = Face::parse(&file, SIMPLIFIED) else { return Vec::new() };
        let em = f32::from(face.units_per_em()).max(1.0);
        let glyph = |letter| {
            let glyph = face.glyph_index(letter).unwrap_or_default();
            (glyph.0, face.glyph_hor_advance(glyph).map_or(1.0, |advance| f32::from(advance) / em))
        };
        text.chars().map(glyph).collect()
    }
}
