//! A file of card rows as it lies on the disk: its digest, its size, its encoding, and its rows one after the other.
//!
//! UTF-8 with or without a byte order mark, or GB 18030: a file that is not UTF-8 throughout is the latter. Commas,
//! quotes and line breaks are the same single bytes in both, so rows are divided before they are decoded.

use crate::failure::{Attempt, Failure};
use csv::{ByteRecord, Reader, ReaderBuilder};
use encoding_rs::{Encoding, GB18030, UTF_8};
use sdk::types::import::CardRow;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// Most bytes of a field: anything longer is not a field of a card.
pub const FIELD_LIMIT: usize = 400;
/// Columns of the registry that the platform does not keep, and the one that a file of errors has more.
const IGNORED: [&str; 4] = ["aac005", "aaz507", "bkb005", "error"];
/// Columns without which there is no card.
const REQUIRED: [&str; 5] = ["aab301", "aac002", "aac003", "aaz500", "aaz502"];

/// What is known of a file after it has been read once.
#[derive(Debug, Clone)]
pub struct Survey {
    /// SM3 of its bytes, hex.
    pub digest: String,
    /// Rows, without the header.
    pub rows: i64,
    /// How its text is encoded.
    pub encoding: &'static Encoding,
}

/// Reads a file once from end to end.
pub fn survey(path: &Path, mut progress: impl FnMut(u64)) -> Result<Survey, Failure> {
    let what = format!("read {}", path.display());
    let mut seen = Seen {
        file: File::open(path).attempt(&what)?,
        digest: gm::sm3::Hasher::new(),
        utf8: Utf8::default(),
        bytes: 0,
    };
    let mut reader = builder().buffer_capacity(1 << 16).from_reader(&mut seen);
    let mut record = ByteRecord::new();
    let mut rows = 0;
    while reader.read_byte_record(&mut record).attempt(&what)? {
        rows += 1;
        if rows % 50_000 == 0 {
            progress(reader.get_ref().bytes);
        }
    }
    drop(reader);
    let encoding = if seen.utf8.ends_well() { UTF_8 } else { GB18030 };
    Ok(Survey { digest: data_encoding::HEXLOWER.encode(&seen.digest.finish()), rows, encoding })
}

/// How a file of rows is divided.
pub fn builder() -> ReaderBuilder {
    let mut builder = ReaderBuilder::new();
    builder.flexible(true).has_headers(true);
    builder
}

/// A file whose bytes are looked at as they pass.
struct Seen {
    file: File,
    digest: gm::sm3::Hasher,
    utf8: Utf8,
    bytes: u64,
}

impl Read for &mut Seen {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(into)?;
        self.digest.update(&into[..count]);
        self.utf8.take(&into[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

/// Whether bytes that come in pieces are UTF-8.
#[derive(Default)]
struct Utf8 {
    broken: bool,
    /// The beginning of a character whose end has not come.
    rest: Vec<u8>,
}

impl Utf8 {
    fn take(&mut self, mut piece: &[u8]) {
        while !self.rest.is_empty() && !piece.is_empty() && !self.broken {
            self.rest.push(piece[0]);
            piece = &piece[1..];
            match std::str::from_utf8(&self.rest) {
                Ok(_) => self.rest.clear(),
                Err(error) => self.broken = error.error_len().is_some(),
            }
        }
        if self.broken {
            return;
        }
        if let Err(error) = std::str::from_utf8(piece) {
            self.broken = error.error_len().is_some();
            self.rest = piece[error.valid_up_to()..].to_vec();
        }
    }

    fn ends_well(&self) -> bool {
        !self.broken && self.rest.is_empty()
    }
}

/// Which column holds which field.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Names as they stand in the file.
    pub names: Vec<String>,
    fields: Vec<Option<Field>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Division,
    IdKind,
    IdNumber,
    Name,
    Sex,
    Born,
    Phone,
    Number,
    Recognition,
    State,
    Generation,
    IssuedOn,
    ExpiresOn,
    Reason,
}

impl Columns {
    /// Reads a header. Unknown columns are refused, so that a misspelt one is not lost in silence.
    pub fn read(names: Vec<String>) -> Result<Self, Failure> {
        let mut fields = Vec::with_capacity(names.len());
        for name in &names {
            let field = match name.as_str() {
                "aab301" => Some(Field::Division),
                "id_kind" => Some(Field::IdKind),
                "aac002" => Some(Field::IdNumber),
                "aac003" => Some(Field::Name),
                "aac004" => Some(Field::Sex),
                "aac006" => Some(Field::Born),
                "aac067" => Some(Field::Phone),
                "aaz500" => Some(Field::Number),
                "aaz501" => Some(Field::Recognition),
                "aaz502" => Some(Field::State),
                "generation" => Some(Field::Generation),
                "issued_on" => Some(Field::IssuedOn),
                "expires_on" => Some(Field::ExpiresOn),
                "reason" => Some(Field::Reason),
                other if IGNORED.contains(&other) => None,
                other => return Err(unknown(other)),
            };
            if field.is_some() && fields.contains(&field) {
                return Err(Failure::usage(format!("the file has the column {name:?} twice")));
            }
            fields.push(field);
        }
        match REQUIRED.iter().find(|name| !names.iter().any(|column| column == *name)) {
            Some(missing) => Err(Failure::usage(format!("the file has no column {missing:?}"))),
            None => Ok(Self { names, fields }),
        }
    }

    /// A row by its fields; nothing if it does not have the columns of the header, or a field beyond all measure.
    pub fn row(&self, record: &ByteRecord, encoding: &'static Encoding) -> Option<CardRow> {
        if record.len() != self.fields.len() || record.iter().any(|field| field.len() > FIELD_LIMIT) {
            return None;
        }
        let mut row = CardRow::default();
        for (field, bytes) in self.fields.iter().zip(record) {
            let Some(field) = field else { continue };
            let text = decode(bytes, encoding).trim().to_owned();
            match field {
                Field::Division => row.aab301 = text,
                Field::IdKind => row.id_kind = text,
                Field::IdNumber => row.aac002 = text.into(),
                Field::Name => row.aac003 = text.into(),
                Field::Sex => row.aac004 = text,
                Field::Born => row.aac006 = text.into(),
                Field::Phone => row.aac067 = text.into(),
                Field::Number => row.aaz500 = text.into(),
                Field::Recognition => row.aaz501 = text,
                Field::State => row.aaz502 = text,
                Field::Generation => row.generation = text,
                Field::IssuedOn => row.issued_on = text,
                Field::ExpiresOn => row.expires_on = text,
                Field::Reason => row.reason = text,
            }
        }
        Some(row)
    }
}

/// The text of a field; what cannot be decoded becomes U+FFFD, which no rule lets pass.
pub fn decode(bytes: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// A file being read row by row.
pub struct Rows {
    reader: Reader<BufReader<File>>,
    /// Its columns.
    pub columns: Columns,
    encoding: &'static Encoding,
    path: String,
}

impl Rows {
    /// Opens a file and reads its header.
    pub fn open(path: &Path, encoding: &'static Encoding) -> Result<Self, Failure> {
        let shown = path.display().to_string();
        let what = format!("read {shown}");
        let file = File::open(path).attempt(&what)?;
        let mut reader = builder().from_reader(BufReader::with_capacity(1 << 16, file));
        let header = reader.byte_headers().attempt(&what)?;
        let name = |field: &[u8]| {
            let text = decode(field, encoding);
            text.trim_start_matches('\u{FEFF}').trim().to_ascii_lowercase()
        };
        let columns = Columns::read(header.iter().map(name).collect())?;
        Ok(Self { reader, columns, encoding, path: shown })
    }

    /// Passes over rows.
    pub fn skip(&mut self, count: i64) -> Result<(), Failure> {
        let mut record = ByteRecord::new();
        for _ in 0..count {
            self.next_record(&mut record)?;
        }
        Ok(())
    }

    /// The next rows, at most `count`: as they stand in the file, and by their fields.
    pub fn next(&mut self, count: usize) -> Result<(Vec<ByteRecord>, Vec<CardRow>), Failure> {
        let (mut records, mut rows) = (Vec::with_capacity(count), Vec::with_capacity(count));
        while records.len() < count {
            let mut record = ByteRecord::new();
            if !self.next_record(&mut record)? {
                break;
            }
            rows.push(self.columns.row(&record, self.encoding).unwrap_or_default());
            records.push(record);
        }
        Ok((records, rows))
    }

    fn next_record(&mut self, record: &mut ByteRecord) -> Result<bool, Failure> {
        self.reader.read_byte_record(record).attempt(format!("read {}", self.path))
    }
}

/// A column that is not known; of a file that is something else altogether, only the beginning is shown.
fn unknown(column: &str) -> Failure {
    let shown: String = column.chars().take(40).collect();
    Failure::usage(format!("the file has an unknown column {shown:?}"))
        .hint("the first line names the columns by element codes: aab301,aac002,aac003,aaz500,aaz502,…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    const TEXT: &str = "aab301,aac002,aac003,aaz500,aaz502\n330100,11010519491231002X,王䶮𬭊𠅤,A00000001,1\n\
                        330100,11010519491231002X,\"阿里木·\n江\",A00000002,1\n";

    fn read(bytes: &[u8]) -> (Survey, Vec<CardRow>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cards.csv");
        fs::write(&path, bytes).unwrap();
        let survey = survey(&path, |_| {}).unwrap();
        let rows = Rows::open(&path, survey.encoding).unwrap().next(10).unwrap().1;
        (survey, rows)
    }

    #[test]
    fn one_text_in_three_encodings_gives_the_same_rows() {
        let marked = [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat();
        let (encoded, _, _) = GB18030.encode(TEXT);
        let plain = read(TEXT.as_bytes());
        assert_eq!((plain.0.rows, plain.0.encoding), (2, UTF_8));
        assert_eq!(plain.0.digest, data_encoding::HEXLOWER.encode(&gm::sm3::digest(TEXT.as_bytes())));
        assert_eq!(plain.1[0].aac003.expose(), "王䶮𬭊𠅤");
        assert_eq!(read(&marked).1, plain.1);
        let (survey, rows) = read(&encoded);
        assert_eq!((survey.encoding, rows), (GB18030, plain.1));
    }

    #[test]
    fn utf8_is_recognised_across_pieces() {
        for size in 1..8 {
            let mut whole = Utf8::default();
            TEXT.as_bytes().chunks(size).for_each(|piece| whole.take(piece));
            assert!(whole.ends_well(), "{size}");
            let mut cut = Utf8::default();
            "王䶮".as_bytes()[..5].chunks(size).for_each(|piece| cut.take(piece));
            assert!(!cut.ends_well(), "{size}");
            let mut other = Utf8::default();
            GB18030.encode(TEXT).0.chunks(size).for_each(|piece| other.take(piece));
            assert!(!other.ends_well(), "{size}");
        }
    }

    #[test]
    fn a_header_names_known_columns_once_and_all_that_are_needed() {
        let columns = |text: &str| Columns::read(text.split(',').map(str::to_owned).collect()).map(drop);
        assert!(columns("aab301,aac002,aac003,aaz500,aaz502,aac005,error").is_ok());
        for wrong in [
            "aab301,aac002,aac003,aaz500",
            "aab301,aac002,aac003,aaz500,aaz502,aaz50l",
            "aab301,aac002,aac003,aaz500,aaz502,aaz502",
        ] {
            assert!(columns(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_row_of_another_width_or_with_an_endless_field_is_no_row() {
        let columns = Columns::read(REQUIRED.map(str::to_owned).to_vec()).unwrap();
        let row = |fields: &[&str]| columns.row(&ByteRecord::from(fields.to_vec()), UTF_8).is_some();
        assert!(row(&["1", "2", &"x".repeat(400), "4", "5"]));
        assert!(!row(&["1", "2", &"x".repeat(401), "4", "5"]));
        assert!(!row(&["1", "2", "3", "4"]) && !row(&["1", "2", "3", "4", "5", "6"]));
    }
}
