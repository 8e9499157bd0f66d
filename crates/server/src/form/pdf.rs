//! Pages as a PDF with the letters that they use in it.
//!
//! Invariant: a letter is stored with what it stands for, so that text can be searched and copied. Streams are compressed: a
//! list has some ten thousand texts.

use super::paper::{Format, Mark, Page};
use super::typeface::{SIMPLIFIED, Typeface, Weight};
use crate::Error;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;
use std::io::Write;
use subsetter::GlyphRemapper;
use ttf_parser::{Face, Tag};

/// How far the handles of a quarter circle reach, in radii.
const QUARTER: f32 = 0.552_3;
const WEIGHTS: [Weight; 2] = [Weight::Regular, Weight::Bold];
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The letters of one weight that a document uses.
#[derive(Default)]
struct Used {
    glyphs: GlyphRemapper,
    /// By glyph of the document: the letter that it stands for and its advance in ems.
    letters: BTreeMap<u16, (char, f32)>,
}

/// The document.
///
/// # Errors
/// Internal: a font that cannot be embedded.
pub fn write(pages: &[Page], typeface: &Typeface, format: Format, title: &str) -> Result<Vec<u8>, Error> {
    let mut used = [Used::default(), Used::default()];
    let contents: Vec<_> = pages.iter().map(|page| content(page, typeface, format, &mut used)).collect();
    let mut next = 1;
    let mut take = || {
        next += 1;
        Ref::new(next - 1)
    };
    let (catalogue, tree, about) = (take(), take(), take());
    let fonts = [take(), take()];
    let places: Vec<_> = pages.iter().map(|_| (take(), take())).collect();
    let mut pdf = Pdf::new();
    pdf.catalog(catalogue).pages(tree).lang(TextStr("zh-CN"));
    pdf.document_info(about).title(TextStr(title));
    pdf.pages(tree)
        .kids(places.iter().map(|place| place.0))
        .count(i32::try_from(places.len()).unwrap_or(i32::MAX));
    for ((page, stream), content) in places.iter().zip(contents) {
        let mut written = pdf.page(*page);
        written.media_box(Rect::new(0.0, 0.0, format.width, format.height)).parent(tree).contents(*stream);
        let mut resources = written.resources();
        let mut dictionary = resources.fonts();
        for (weight, font) in WEIGHTS.iter().zip(fonts) {
            dictionary.pair(name(*weight), font);
        }
        dictionary.finish();
        resources.finish();
        written.finish();
        pdf.stream(*stream, &packed(&content)?).filter(Filter::FlateDecode);
    }
    for ((weight, font), used) in WEIGHTS.iter().zip(fonts).zip(&used) {
        embed(&mut pdf, [font, take(), take(), take(), take()], &typeface.file(*weight), used)?;
    }
    Ok(pdf.finish())
}

const fn name(weight: Weight) -> Name<'static> {
    match weight {
        Weight::Regular => Name(b"R"),
        Weight::Bold => Name(b"B"),
    }
}

/// In fewer bytes.
fn packed(bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    let written = packer.write_all(bytes).and_then(|()| packer.finish());
    written.map_err(|error| Error::internal(error.to_string()))
}

fn content(page: &Page, typeface: &Typeface, format: Format, used: &mut [Used; 2]) -> Vec<u8> {
    let mut content = Content::new();
    for mark in page {
        match mark {
            Mark::Text { x, y, size, weight, text } => {
                let used = &mut used[usize::from(*weight == Weight::Bold)];
                let codes = codes(typeface.glyphs(*weight, text), text, used);
                content.begin_text().set_font(name(*weight), *size);
                content
                    .set_text_matrix([1.0, 0.0, 0.0, 1.0, *x, format.height - y])
                    .show(Str(&codes))
                    .end_text();
            }
            Mark::Border { x, y, width, height } => {
                content.set_line_width(0.7).set_stroke_gray(0.0).set_dash_pattern([], 0.0);
                content.rect(*x, format.height - y - height, *width, *height).stroke();
            }
            Mark::Across { x, y, size, half, text } => {
                let codes = codes(typeface.glyphs(Weight::Bold, text), text, &mut used[1]);
                // From the lower left to the upper right, around its middle.
                let slope = std::f32::consts::FRAC_1_SQRT_2;
                let (along, across) = (half * slope, size * 0.35 * slope);
                let (x, y) = (x - along + across, format.height - y - along - across);
                content.save_state().set_fill_gray(0.9);
                content.begin_text().set_font(name(Weight::Bold), *size);
                content.set_text_matrix([slope, slope, -slope, slope, x, y]).show(Str(&codes)).end_text();
                content.restore_state();
            }
            Mark::Square { x, y, side } => {
                // A little larger than it is, so that no seam shows between neighbours.
                content.rect(*x, format.height - y - side, side + 0.05, side + 0.05).fill_nonzero();
            }
            Mark::Seal { x, y, radius } => {
                content.set_line_width(0.6).set_stroke_gray(0.72).set_dash_pattern([2.5, 2.5], 0.0);
                circle(&mut content, *x, format.height - y, *radius);
            }
        }
    }
    content.finish().into_vec()
}

/// The text in the codes of the document, two bytes for a letter.
fn codes(glyphs: Vec<(u16, f32)>, text: &str, used: &mut Used) -> Vec<u8> {
    let mut codes = Vec::with_capacity(glyphs.len() * 2);
    for ((glyph, advance), letter) in glyphs.into_iter().zip(text.chars()) {
        let code = used.glyphs.remap(glyph);
        used.letters.entry(code).or_insert((letter, advance));
        codes.extend(code.to_be_bytes());
    }
    codes
}

fn circle(content: &mut Content, x: f32, y: f32, r: f32) {
    let q = r * QUARTER;
    content.move_to(x + r, y);
    content.cubic_to(x + r, y + q, x + q, y + r, x, y + r);
    content.cubic_to(x - q, y + r, x - r, y + q, x - r, y);
    content.cubic_to(x - r, y - q, x - q, y - r, x, y - r);
    content.cubic_to(x + q, y - r, x + r, y - q, x + r, y);
    content.close_path().stroke();
}

/// Writes the part of a font that is used: the font, its glyphs, their descriptor, their outlines, what they stand for.
fn embed(
    pdf: &mut Pdf,
    [font, glyphs, descriptor, outlines, meanings]: [Ref; 5],
    file: &[u8],
    used: &Used,
) -> Result<(), Error> {
    let broken = || Error::internal("a font that cannot be embedded");
    let face = Face::parse(file, SIMPLIFIED).map_err(|_| broken())?;
    let part = subsetter::subset(file, SIMPLIFIED, &used.glyphs).map_err(|_| broken())?;
    let part = ttf_parser::RawFace::parse(&part, 0).map_err(|_| broken())?;
    let part = part.table(Tag::from_bytes(b"CFF ")).ok_or_else(broken)?;
    let em = f32::from(face.units_per_em());
    let scaled = |units: i16| f32::from(units) / em * 1000.0;
    let called = Name(b"NotoSansCJKsc");
    pdf.type0_font(font)
        .base_font(called)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(glyphs)
        .to_unicode(meanings);
    let mut written = pdf.cid_font(glyphs);
    written.subtype(CidFontType::Type0).base_font(called).system_info(IDENTITY).font_descriptor(descriptor);
    written.default_width(1000.0);
    let mut widths = written.widths();
    for (code, (_, advance)) in &used.letters {
        widths.consecutive(*code, [advance * 1000.0]);
    }
    widths.finish();
    written.finish();
    let around = face.global_bounding_box();
    pdf.font_descriptor(descriptor)
        .name(called)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(
            scaled(around.x_min),
            scaled(around.y_min),
            scaled(around.x_max),
            scaled(around.y_max),
        ))
        .italic_angle(0.0)
        .ascent(scaled(face.ascender()))
        .descent(scaled(face.descender()))
        .cap_height(scaled(face.capital_height().unwrap_or(733)))
        .stem_v(80.0)
        .font_file3(outlines);
    pdf.stream(outlines, &packed(part)?)
        .filter(Filter::FlateDecode)
        .pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    let mut map = UnicodeCmap::new(Name(b"Custom"), IDENTITY);
    for (code, (letter, _)) in &used.letters {
        map.pair(*code, *letter);
    }
    pdf.cmap(meanings, &packed(&map.finish())?).filter(Filter::FlateDecode);
    Ok(())
}
