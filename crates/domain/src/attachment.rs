//! The attachment (附件): a file that belongs to a matter, sent in parts that may be taken up again.
//!
//! Invariant: parts follow each other without a gap; a file is whole when it has the length and the SM3 digest that
//! were announced, and is of a type that carries no program. The type is what the content says, never what the
//! sender says. Where the bytes are kept is not here.

use crate::name::names;
use crate::refusal::refusals;

refusals! {
    /// Why a file is not taken.
    Refusal {
        /// Not a word.
        Purpose = "attachment.purpose" "附件用途须为1至40个小写字母、数字或下划线"
            "a purpose is 1 to 40 lower-case letters, digits or underscores";
        /// Not the name of a file.
        FileName = "attachment.file_name" "文件名须为1至200个字符，不含路径和控制字符"
            "a file name has 1 to 200 characters, no path and no control characters";
        /// Empty or too long.
        Size { most: i64 } = "attachment.size" "文件大小须为1至{most}字节" "a file has 1 to {most} bytes";
        /// Not 64 hexadecimal digits.
        Digest = "attachment.digest" "SM3摘要须为64位十六进制" "an SM3 digest is 64 hexadecimal digits";
        /// The matter has enough of them.
        Count { most: i64 } = "attachment.count" "一个办件最多{most}个附件" "a matter has at most {most} files";
        /// The matter has ended.
        Ended = "attachment.ended" "办件已办结，不再接收附件" "the matter has ended and takes no files";
        /// Not where the last part ended.
        Offset { received: i64 } = "attachment.offset" "应从第{received}字节继续上传" "go on from byte {received}";
        /// Empty, or longer than one part may be.
        Part { most: i64 } = "attachment.part" "每个分片须为1至{most}字节" "a part has 1 to {most} bytes";
        /// Past the announced end.
        Beyond = "attachment.beyond" "分片超出文件长度" "the part reaches past the end of the file";
        /// Something is missing.
        Incomplete { received: i64 } = "attachment.incomplete" "文件尚未传完，已接收{received}字节"
            "the file is not whole: {received} bytes have arrived";
        /// Another content than was announced.
        Mismatch = "attachment.mismatch" "文件内容与SM3摘要不符，请重新上传" "the content does not have the announced digest: send it again";
        /// Of none of the types that are taken.
        Type = "attachment.type" "仅接收PDF、PNG、JPEG、MP4、MOV和Office（docx、xlsx、pptx）文件"
            "only PDF, PNG, JPEG, MP4, MOV and Office files (docx, xlsx, pptx) are taken";
        /// It is whole already.
        Complete = "attachment.complete" "文件已接收完整" "the file is whole already";
        /// It is not whole yet.
        NotComplete = "attachment.not_complete" "文件尚未接收完整" "the file is not whole yet";
    }
}

names! {
    /// Whether a file has arrived.
    State {
        /// Parts are coming.
        Receiving = "receiving",
        /// It is whole and its digest was verified.
        Complete = "complete",
    }
    /// What is in a file.
    ContentType {
        /// PDF.
        Pdf = "application/pdf",
        /// PNG.
        Png = "image/png",
        /// JPEG.
        Jpeg = "image/jpeg",
        /// MP4.
        Mp4 = "video/mp4",
        /// QuickTime, as iOS records.
        QuickTime = "video/quicktime",
        /// A zip archive: docx, xlsx, pptx.
        Zip = "application/zip",
    }
}

/// Most bytes of one part.
pub const PART: i64 = 1 << 20;

/// Bytes from the beginning that [`ContentType::of`] looks at.
pub const HEAD: usize = 64;

/// What the first entry of a docx, xlsx or pptx is called (ECMA-376, part 2), or begins with; no other archive is taken.
const OFFICE: [&[u8]; 6] = [b"[Content_Types].xml", b"_rels/", b"docProps/", b"word/", b"xl/", b"ppt/"];
/// Where the name of an entry stands in its header.
const ENTRY: usize = 30;

/// A file that is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// What it is for, e.g. `recording_ios`.
    pub purpose: String,
    /// What the sender calls it.
    pub file_name: String,
    /// Its length in bytes.
    pub size: i64,
    /// Its SM3 digest.
    pub digest: [u8; 32],
}

/// Checks what a file is for: 1 to 40 lower-case letters, digits or underscores.
pub fn purpose(text: &str) -> Result<(), Refusal> {
    let fits = (1..=40).contains(&text.len());
    let plain = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
    if fits && plain { Ok(()) } else { Err(Refusal::Purpose) }
}

/// Checks a file's name: no path, no control character, not only dots.
pub fn file_name(text: &str) -> Result<(), Refusal> {
    let fits = (1..=200).contains(&text.chars().count());
    let plain = !text.contains(|letter: char| letter.is_control() || matches!(letter, '/' | '\\'));
    if fits && plain && text.chars().any(|letter| letter != '.') { Ok(()) } else { Err(Refusal::FileName) }
}

/// Checks a length against the most that is taken.
pub const fn size(size: i64, most: i64) -> Result<(), Refusal> {
    if size >= 1 && size <= most { Ok(()) } else { Err(Refusal::Size { most }) }
}

/// Reads a digest.
pub fn digest(text: &str) -> Result<[u8; 32], Refusal> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| Refusal::Digest)?;
    bytes.try_into().map_err(|_| Refusal::Digest)
}

/// How much has arrived after a part of `length` at `offset`. Refuses, in order: complete, length, offset, end.
pub fn part(state: State, size: i64, received: i64, offset: i64, length: usize) -> Result<i64, Refusal> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    if state == State::Complete {
        return Err(Refusal::Complete);
    }
    if !(1..=PART).contains(&length) {
        return Err(Refusal::Part { most: PART });
    }
    if offset != received {
        return Err(Refusal::Offset { received });
    }
    if length > size - received { Err(Refusal::Beyond) } else { Ok(received + length) }
}

/// Whether a file may be completed: everything has arrived.
pub fn whole(state: State, size: i64, received: i64) -> Result<(), Refusal> {
    match state {
        State::Complete => Err(Refusal::Complete),
        State::Receiving if received < size => Err(Refusal::Incomplete { received }),
        State::Receiving => Ok(()),
    }
}

impl ContentType {
    /// What the first [`HEAD`] bytes of a file say that it is.
    pub fn of(head: &[u8]) -> Result<Self, Refusal> {
        let brand = head.get(4..12).and_then(|tag| tag.strip_prefix(b"ftyp"));
        match (head, brand) {
            (_, Some(b"qt  ")) => Ok(Self::QuickTime),
            (_, Some([b'i', b's', b'o', _] | [b'm', b'p', b'4', _] | b"avc1" | b"M4V ")) => Ok(Self::Mp4),
            ([b'%', b'P', b'D', b'F', b'-', ..], None) => Ok(Self::Pdf),
            ([0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..], None) => Ok(Self::Png),
            ([0xFF, 0xD8, 0xFF, ..], None) => Ok(Self::Jpeg),
            ([b'P', b'K', 3, 4, ..], None) if is_office(head) => Ok(Self::Zip),
            _ => Err(Refusal::Type),
        }
    }

    /// Whether it is a document that somebody fills in.
    pub const fn is_document(self) -> bool {
        match self {
            Self::Pdf | Self::Zip => true,
            Self::Png | Self::Jpeg | Self::Mp4 | Self::QuickTime => false,
        }
    }

    /// Whether a browser may show it in a page: films and pictures, which run nothing.
    pub const fn is_passive(self) -> bool {
        match self {
            Self::Png | Self::Jpeg | Self::Mp4 | Self::QuickTime => true,
            Self::Pdf | Self::Zip => false,
        }
    }
}

fn is_office(head: &[u8]) -> bool {
    let name = head.get(ENTRY..).unwrap_or_default();
    OFFICE.iter().any(|start| name.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_follow_each_other_without_a_gap() {
        use State::{Complete, Receiving};
        let longest = usize::try_from(PART).unwrap();
        for (state, received, offset, length, outcome) in [
            (Receiving, 0, 0, 10, Ok(10)),
            (Receiving, 10, 10, 90, Ok(100)),
            (Receiving, 10, 10, 91, Err(Refusal::Beyond)),
            (Receiving, 10, 9, 10, Err(Refusal::Offset { received: 10 })),
            (Receiving, 10, 11, 10, Err(Refusal::Offset { received: 10 })),
            (Receiving, 0, 0, 0, Err(Refusal::Part { most: PART })),
            (Receiving, 0, 0, longest + 1, Err(Refusal::Part { most: PART })),
            (Complete, 100, 100, 1, Err(Refusal::Complete)),
        ] {
            assert_eq!(part(state, 100, received, offset, length), outcome, "{received} {offset} {length}");
        }
        assert_eq!(part(Receiving, PART, 0, 0, longest), Ok(PART));
        assert_eq!(whole(Receiving, 100, 99), Err(Refusal::Incomplete { received: 99 }));
        assert_eq!(whole(Receiving, 100, 100), Ok(()));
        assert_eq!(whole(Complete, 100, 100), Err(Refusal::Complete));
    }

    #[test]
    fn a_type_is_what_the_content_says() {
        for (head, found) in [
            (&b"%PDF-1.7\n"[..], Ok(ContentType::Pdf)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Ok(ContentType::Png)),
            (b"\xFF\xD8\xFF\xE0\0\x10JFIF", Ok(ContentType::Jpeg)),
            (b"\0\0\0\x18ftypisom\0\0\0\0", Ok(ContentType::Mp4)),
            (b"\0\0\0\x18ftypmp42\0\0\0\0", Ok(ContentType::Mp4)),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", Ok(ContentType::QuickTime)),
            (b"PK\x03\x04\x14\0", Err(Refusal::Type)),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Err(Refusal::Type)),
            (b"<!DOCTYPE html>", Err(Refusal::Type)),
            (b"<svg xmlns=", Err(Refusal::Type)),
            (b"MZ\x90\0", Err(Refusal::Type)),
            (b"", Err(Refusal::Type)),
        ] {
            assert_eq!(ContentType::of(head), found, "{head:?}");
        }
        for (first, found) in [
            ("[Content_Types].xml", Ok(ContentType::Zip)),
            ("_rels/.rels", Ok(ContentType::Zip)),
            ("docProps/app.xml", Ok(ContentType::Zip)),
            ("xl/workbook.xml", Ok(ContentType::Zip)),
            ("[Content_Types].xm", Err(Refusal::Type)),
            ("META-INF/MANIFEST.MF", Err(Refusal::Type)),
            ("setup.exe", Err(Refusal::Type)),
        ] {
            let mut head = b"PK\x03\x04".to_vec();
            head.resize(ENTRY, 0);
            head.extend(first.as_bytes());
            assert_eq!(ContentType::of(&head[..head.len().min(HEAD)]), found, "{first}");
        }
        let passive: Vec<_> = ContentType::ALL.iter().filter(|kind| kind.is_passive()).collect();
        assert!(
            passive
                .iter()
                .all(|kind| kind.as_str().starts_with("image/") || kind.as_str().starts_with("video/"))
        );
    }

    #[test]
    fn what_is_announced_has_a_shape() {
        for (text, accepted) in [("recording_ios", true), ("", false), ("../x", false), ("Film", false)] {
            assert_eq!(purpose(text).is_ok(), accepted, "{text}");
        }
        let longest = "录".repeat(200);
        let too_long = "录".repeat(201);
        for (text, accepted) in [
            ("录屏 iOS.mp4", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("", false),
            ("..", false),
            ("a/b.pdf", false),
            ("a\\b.pdf", false),
            ("a\nb.pdf", false),
        ] {
            assert_eq!(file_name(text).is_ok(), accepted, "{text}");
        }
        for (bytes, accepted) in [(0, false), (1, true), (100, true), (101, false)] {
            assert_eq!(size(bytes, 100).is_ok(), accepted, "{bytes}");
        }
        assert_eq!(digest(&"aB".repeat(32)), Ok([0xAB; 32]));
        for wrong in ["ab".repeat(31), "ab".repeat(33), "zz".repeat(32)] {
            assert_eq!(digest(&wrong), Err(Refusal::Digest));
        }
    }
}
