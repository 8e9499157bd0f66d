//! What a verb prints: data on stdout as a table or as JSON, everything else on stderr.
//!
//! Invariant: with `--json` stdout holds exactly one JSON value per result and nothing else. A reader that closes
//! the pipe early ends the output, it does not crash the program.

use crate::failure::Failure;
use serde::Serialize;
use serde_json::Value;
use std::io::{self, Write};

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// Where results go.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    format: Format,
}

impl Output {
    /// Prints in this format.
    pub fn new(format: Format) -> Self {
        Self { format }
    }

    /// Whether programs read it.
    pub fn is_json(self) -> bool {
        self.format == Format::Json
    }

    /// Prints one thing, field by field.
    pub fn item(self, item: &impl Serialize) -> Result<(), Failure> {
        let value = to_value(item)?;
        if self.is_json() {
            return self.json(&value);
        }
        if !value.is_object() {
            return text(&cell(&value));
        }
        let mut rows = Vec::new();
        flatten("", &value, &mut rows);
        text(&columns(&rows))
    }

    /// Prints a list, showing these fields of each; JSON shows all.
    pub fn list<T: Serialize>(self, items: &[T], fields: &[&str]) -> Result<(), Failure> {
        let values = items.iter().map(to_value).collect::<Result<Vec<_>, _>>()?;
        if self.is_json() {
            return self.json(&Value::Array(values));
        }
        let mut rows = vec![fields.iter().map(|field| field.to_uppercase()).collect::<Vec<_>>()];
        for value in &values {
            rows.push(fields.iter().map(|field| cell(&value[*field])).collect());
        }
        text(&columns(&rows))
    }

    fn json(self, value: &Value) -> Result<(), Failure> {
        let pretty = serde_json::to_string_pretty(value).unwrap_or_default();
        text(&format!("{pretty}\n"))
    }
}

/// Prints text as it is.
pub fn text(text: &str) -> Result<(), Failure> {
    bytes(text.as_bytes())
}

/// Prints bytes as they are.
pub fn bytes(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot write to stdout: {error}")))
        }
        _ => Ok(()),
    }
}

/// Says something to the person at the terminal; never data.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

fn to_value(item: &impl Serialize) -> Result<Value, Failure> {
    serde_json::to_value(item).map_err(|error| Failure::failed(format!("cannot print the answer: {error}")))
}

/// A line for each value, however deep: `staff.login`, `keys.0.key_id`.
fn flatten(name: &str, value: &Value, rows: &mut Vec<Vec<String>>) {
    let within = |part: &str| if name.is_empty() { part.to_owned() } else { format!("{name}.{part}") };
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(part, value)| flatten(&within(part), value, rows));
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            items.iter().enumerate().for_each(|(at, value)| flatten(&within(&at.to_string()), value, rows));
        }
        other => rows.push(vec![name.to_owned(), cell(other)]),
    }
}

/// A value in one cell: lists of words by comma, control characters made harmless.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => "-".to_owned(),
        Value::Array(items) if items.is_empty() => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object()) => {
            items.iter().map(cell).collect::<Vec<_>>().join(",")
        }
        other => other.to_string(),
    };
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..count).map(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, most) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', most + 2 - width(cell)));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Columns of a terminal that a text fills: East Asian wide characters fill two.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| match u32::from(c) {
            0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF => 2,
            0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x20000..=0x3FFFD => 2,
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_columns_line_up() {
        let rows = vec![vec!["NAME".into(), "X".into()], vec!["杭州".into(), "1".into()]];
        assert_eq!(columns(&rows), "NAME  X\n杭州  1\n");
    }

    #[test]
    fn what_is_inside_another_thing_has_lines_of_its_own() {
        let mut rows = Vec::new();
        let value = serde_json::json!({"a": {"b": 1, "c": ["x", "y"]}, "keys": [{"id": "k"}], "none": []});
        flatten("", &value, &mut rows);
        assert_eq!(rows, [["a.b", "1"], ["a.c", "x,y"], ["keys.0.id", "k"], ["none", "-"]]);
    }

    #[test]
    fn a_cell_cannot_move_the_cursor() {
        assert_eq!(cell(&Value::String("a\u{1b}[2Jb\n".into())), "a [2Jb ");
        assert_eq!(cell(&serde_json::json!(["a", "b"])), "a,b");
    }
}
