//! What a reader finds in a document: its pages, and the text that can be copied out of each, as the file itself says what its
//! codes stand for.

use flate2::read::ZlibDecoder;
use std::collections::HashMap;
use std::io::Read;

/// A document that was read.
pub struct Document {
    /// The texts of each page, in the order in which they are drawn.
    pub pages: Vec<Vec<String>>,
    /// Width and height of the first page.
    pub size: (f32, f32),
}

impl Document {
    /// Reads a document.
    pub fn read(bytes: &[u8]) -> Self {
        assert!(bytes.starts_with(b"%PDF-"));
        let objects = objects(bytes);
        let letters: Vec<HashMap<u16, char>> = [" /R ", " /B "].map(|font| letters(&objects, font)).into();
        let mut pages: Vec<_> =
            objects.iter().filter(|(_, (head, _))| head.contains("/Type /Page\n")).collect();
        pages.sort_by_key(|(number, _)| **number);
        let head = &pages[0].1.0;
        let sizes = head.split("/MediaBox [").nth(1).unwrap().split(']').next().unwrap();
        let sizes: Vec<f32> = sizes.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let texts = pages.iter().map(|(_, (head, _))| {
            let content = &objects[&reference(head, "/Contents ")].1;
            texts(content, &letters)
        });
        Self { pages: texts.collect(), size: (sizes[2], sizes[3]) }
    }

    /// All of it in one piece.
    pub fn text(&self) -> String {
        self.pages.iter().flatten().map(String::as_str).collect()
    }
}

/// By number: what stands before the stream, and the stream unpacked.
fn objects(bytes: &[u8]) -> HashMap<u32, (String, Vec<u8>)> {
    let mut objects = HashMap::new();
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], b" 0 obj\n") {
        let start = bytes[..at + found].iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        let number = std::str::from_utf8(&bytes[start..at + found]).unwrap().parse().unwrap();
        let head_at = at + found + b" 0 obj\n".len();
        let end = head_at + find(&bytes[head_at..], b"\nendobj").unwrap();
        let (head, packed) = match find(&bytes[head_at..end], b"\nstream\n") {
            Some(stream) => (&bytes[head_at..head_at + stream], &bytes[head_at + stream + 8..end]),
            None => (&bytes[head_at..end], &[][..]),
        };
        let head = format!("{}\n", String::from_utf8_lossy(head));
        let mut unpacked = Vec::new();
        if head.contains("/FlateDecode") {
            let length = usize::try_from(number_after(&head, "/Length ")).unwrap();
            ZlibDecoder::new(&packed[..length]).read_to_end(&mut unpacked).unwrap();
        }
        objects.insert(number, (head, unpacked));
        at = end;
    }
    objects
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

fn number_after(text: &str, name: &str) -> u32 {
    let rest = text.split(name).nth(1).unwrap_or_else(|| panic!("no {name}in {text}"));
    rest.trim_start().chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

fn reference(text: &str, name: &str) -> u32 {
    number_after(text, name)
}

/// What the codes of a font stand for.
fn letters(objects: &HashMap<u32, (String, Vec<u8>)>, font: &str) -> HashMap<u16, char> {
    let page = objects.values().find(|(head, _)| head.contains("/Type /Page\n")).unwrap();
    let named = page.0.replace('\n', " ");
    let map = reference(&objects[&reference(&named, font)].0, "/ToUnicode ");
    let map = String::from_utf8(objects[&map].1.clone()).unwrap();
    let pairs = map.lines().filter_map(|line| {
        let (code, letter) = line.strip_prefix('<')?.strip_suffix('>')?.split_once("> <")?;
        let code = u16::from_str_radix(code, 16).ok()?;
        let units: Vec<u16> = letter
            .as_bytes()
            .chunks(4)
            .filter_map(|unit| u16::from_str_radix(std::str::from_utf8(unit).ok()?, 16).ok())
            .collect();
        Some((code, char::decode_utf16(units).next()?.ok()?))
    });
    pairs.collect()
}

/// Every text of a content stream, in letters.
fn texts(content: &[u8], fonts: &[HashMap<u16, char>]) -> Vec<String> {
    let (mut texts, mut font, mut at) = (Vec::new(), 0, 0);
    while at < content.len() {
        match content[at] {
            b'/' => font = usize::from(content.get(at + 1) == Some(&b'B')),
            b'<' | b'(' => {
                let (bytes, next) = string(content, at);
                let codes = bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                texts.push(codes.map(|code| fonts[font].get(&code).copied().unwrap_or('\u{fffd}')).collect());
                at = next;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    texts
}

/// The bytes of a string, written in hexadecimal or as they are, and where it ends.
fn string(content: &[u8], start: usize) -> (Vec<u8>, usize) {
    let mut at = start + 1;
    if content[start] == b'<' {
        let end = at + find(&content[at..], b">").unwrap();
        return (data_encoding::HEXUPPER_PERMISSIVE.decode(&content[at..end]).unwrap(), end + 1);
    }
    let (mut bytes, mut depth) = (Vec::new(), 1);
    loop {
        match content[at] {
            b'\\' => {
                at += 1;
                bytes.push(match content[at] {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    b'0'..=b'7' => {
                        let digits = std::str::from_utf8(&content[at..at + 3]).unwrap();
                        at += 2;
                        u8::from_str_radix(digits, 8).unwrap()
                    }
                    other => other,
                });
            }
            byte => {
                depth += match byte {
                    b'(' => 1,
                    b')' => -1,
                    _ => 0,
                };
                if depth == 0 {
                    return (bytes, at + 1);
                }
                bytes.push(byte);
            }
        }
        at += 1;
    }
}
