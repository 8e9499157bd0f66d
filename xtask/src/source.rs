//! Rust source as the checks read it: code with its comments and literals blanked, and both of these apart.
//!
//! Blanking keeps every byte's position and every line break, so an offset in the code is an offset in the
//! file. Deliberately no parser: words, literals and brackets are all that the checks need.

/// A string literal: where its opening quote stands, and what is between the quotes, escapes unread.
#[derive(Debug, PartialEq, Eq)]
pub struct Literal {
    /// Offset in the file.
    pub offset: usize,
    /// The text as written.
    pub text: String,
}

/// A Rust file taken apart.
pub struct Source {
    /// The file with comments, strings and characters replaced by spaces.
    pub code: String,
    /// The string literals in order.
    pub literals: Vec<Literal>,
    /// The comments of one line in order, from their slashes on.
    pub comments: Vec<Comment>,
}

/// A comment that ends with its line.
#[derive(Debug, PartialEq, Eq)]
pub struct Comment {
    /// Offset of its first slash in the file.
    pub offset: usize,
    /// The text, slashes included.
    pub text: String,
}

/// A call of a macro: the code between its brackets and the string literals there.
pub struct Call<'a> {
    /// The code, blanked.
    pub code: &'a str,
    /// Where the macro's name stands.
    pub offset: usize,
    /// The literals between the brackets.
    pub literals: Vec<&'a Literal>,
}

impl Source {
    /// Takes a file apart. Text that is not Rust yields some result, never a panic.
    pub fn read(text: &str) -> Self {
        let mut reader = Reader {
            bytes: text.as_bytes(),
            code: Vec::with_capacity(text.len()),
            literals: vec![],
            comments: vec![],
        };
        while reader.code.len() < reader.bytes.len() {
            reader.step();
        }
        let code =
            reader.code.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { ' ' }).collect();
        Self { code, literals: reader.literals, comments: reader.comments }
    }

    /// The line of an offset, from one.
    pub fn line(&self, offset: usize) -> usize {
        self.code.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }

    /// Offsets at which a word or a path such as `std::env` is named; a path also inside `std::{env, fs}`.
    pub fn names(&self, name: &str) -> Vec<usize> {
        let mut found = words(&self.code, name);
        if let Some((head, tail)) = name.rsplit_once("::") {
            for offset in words(&self.code, head) {
                let rest = &self.code[offset + head.len()..];
                if let Some(group) = rest.strip_prefix("::{") {
                    let inside = &group[..closing(group, b'{', b'}')];
                    let base = offset + head.len() + "::{".len();
                    found.extend(words(inside, tail).into_iter().map(|position| base + position));
                }
            }
        }
        found
    }

    /// The calls of a macro, by its name without `!`.
    pub fn calls(&self, name: &str) -> Vec<Call<'_>> {
        words(&self.code, name)
            .into_iter()
            .filter_map(|offset| {
                let rest = self.code[offset + name.len()..].strip_prefix('!')?;
                let inside = rest.trim_start().strip_prefix('(')?;
                let start = self.code.len() - inside.len();
                let code = &inside[..closing(inside, b'(', b')')];
                let literals = self
                    .literals
                    .iter()
                    .filter(|literal| (start..start + code.len()).contains(&literal.offset))
                    .collect();
                Some(Call { code, offset, literals })
            })
            .collect()
    }
}

/// Offsets of `word` in `code` where no identifier goes on before or after it.
pub fn words(code: &str, word: &str) -> Vec<usize> {
    let part_of_a_name =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let bytes = code.as_bytes();
    code.match_indices(word)
        .map(|(offset, _)| offset)
        .filter(|offset| {
            let before = offset.checked_sub(1).and_then(|index| bytes.get(index));
            !part_of_a_name(before) && !part_of_a_name(bytes.get(offset + word.len()))
        })
        .collect()
}

/// Length of `text` up to the bracket that closes the one before it.
fn closing(text: &str, open: u8, close: u8) -> usize {
    let mut depth = 1_usize;
    for (index, byte) in text.bytes().enumerate() {
        if byte == open {
            depth += 1;
        } else if byte == close {
            depth -= 1;
            if depth == 0 {
                return index;
            }
        }
    }
    text.len()
}

/// Reads forward; what has been read is in `code`, so its length is the position.
struct Reader<'a> {
    bytes: &'a [u8],
    code: Vec<u8>,
    literals: Vec<Literal>,
    comments: Vec<Comment>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.bytes[self.code.len()..]
    }

    fn keep(&mut self) {
        self.code.extend(self.rest().first().copied());
    }

    /// Replaces the next `count` bytes by spaces, keeping line breaks.
    fn blank(&mut self, count: usize) {
        let end = (self.code.len() + count).min(self.bytes.len());
        let blanks: Vec<u8> = self.rest()[..end - self.code.len()]
            .iter()
            .map(|byte| if *byte == b'\n' { b'\n' } else { b' ' })
            .collect();
        self.code.extend(blanks);
    }

    fn step(&mut self) {
        let rest = self.rest();
        match rest {
            [b'/', b'/', ..] => {
                let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                let text = String::from_utf8_lossy(&rest[..end]).into_owned();
                self.comments.push(Comment { offset: self.code.len(), text });
                self.blank(end);
            }
            [b'/', b'*', ..] => {
                let end = block_comment(rest);
                self.blank(end);
            }
            [b'"', ..] => self.string(),
            [b'r', b'"' | b'#', ..] if !self.inside_a_name() => self.raw_string(),
            [b'b' | b'c', b'r', b'"' | b'#', ..] if !self.inside_a_name() => {
                self.keep();
                self.raw_string();
            }
            [b'\'', ..] => self.character(),
            _ => self.keep(),
        }
    }

    fn inside_a_name(&self) -> bool {
        self.code.last().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    }

    fn string(&mut self) {
        let rest = self.rest();
        let mut end = 1;
        while let Some(byte) = rest.get(end) {
            match byte {
                b'\\' => end += 2,
                b'"' => break,
                _ => end += 1,
            }
        }
        self.literal(1, end.min(rest.len()), 1);
    }

    /// `r"…"`, `r#"…"#` and so on; `r#name` is a name.
    fn raw_string(&mut self) {
        let rest = self.rest();
        let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
        if rest.get(1 + hashes) != Some(&b'"') {
            return self.keep();
        }
        let start = 2 + hashes;
        let mut terminator = vec![b'"'];
        terminator.resize(1 + hashes, b'#');
        let length = rest[start..].windows(terminator.len()).position(|window| window == terminator);
        let end = length.map_or(rest.len(), |length| start + length);
        self.literal(start, end, terminator.len());
    }

    /// Records the bytes from `start` to `end` of the rest and blanks them with their quotes.
    fn literal(&mut self, start: usize, end: usize, terminator: usize) {
        let text = String::from_utf8_lossy(&self.rest()[start..end.max(start)]).into_owned();
        self.literals.push(Literal { offset: self.code.len(), text });
        self.blank(end + terminator);
    }

    /// `'a'`, `'\n'` and `'"'` are blanked; `'a` is a lifetime and stays.
    fn character(&mut self) {
        let rest = self.rest();
        let length = match rest {
            [_, b'\\', _, tail @ ..] => tail.iter().position(|byte| *byte == b'\'').map(|end| end + 4),
            [_, tail @ ..] => tail.iter().take(5).position(|byte| *byte == b'\'').map(|end| end + 2),
            [] => None,
        };
        let one_character = |length: &usize| {
            rest.get(1) == Some(&b'\\')
                || std::str::from_utf8(&rest[1..*length - 1]).is_ok_and(|text| text.chars().count() == 1)
        };
        match length.filter(one_character) {
            Some(length) => self.blank(length),
            None => self.keep(),
        }
    }
}

/// Length of a block comment, which may hold others.
fn block_comment(text: &[u8]) -> usize {
    let (mut depth, mut position) = (0_usize, 0);
    while position < text.len() {
        match &text[position..] {
            [b'/', b'*', ..] => {
                depth += 1;
                position += 2;
            }
            [b'*', b'/', ..] => {
                depth -= 1;
                position += 2;
                if depth == 0 {
                    return position;
                }
            }
            _ => position += 1,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(text: &str) -> Vec<String> {
        Source::read(text).literals.into_iter().map(|literal| literal.text).collect()
    }

    #[test]
    fn comments_and_literals_leave_blanks_of_their_own_length() {
        let text = "let a = \"std::env\"; // std::env\n/* std /* :: */ env */ let b = '\"'; let c: &'a str = \"ü\";\n";
        let source = Source::read(text);
        assert_eq!(source.code.len(), text.len());
        assert_eq!(source.names("std::env"), []);
        assert_eq!(source.code.replace(' ', ""), "leta=;\nletb=;letc:&'astr=;\n");
        assert_eq!(literals(text), ["std::env", "ü"]);
    }

    #[test]
    fn raw_strings_end_at_their_own_hashes_and_raw_names_are_no_strings() {
        assert_eq!(literals("r#\"say \"hi\"\"# br\"x\" r#type \"a\\\"b\""), ["say \"hi\"", "x", "a\\\"b"]);
    }

    #[test]
    fn comments_are_kept_apart_with_their_place() {
        let source = Source::read("a /* b */ // c\n\"// d\" /// 中");
        let comments: Vec<_> = source.comments.iter().map(|one| (one.offset, one.text.as_str())).collect();
        assert_eq!(comments, [(10, "// c"), (22, "/// 中")]);
    }

    #[test]
    fn characters_are_told_from_lifetimes() {
        let code = Source::read("f::<'a, 'b>('x', '\\'', '\\u{4e00}', '中', b'\"')").code;
        assert_eq!(code.replace(' ', ""), "f::<'a,'b>(,,,,b)");
    }

    #[test]
    fn a_name_is_found_as_a_whole_word_and_inside_a_group() {
        let names = |text: &str| Source::read(text).names("std::env").len();
        assert_eq!(names("std::env::var(x)"), 1);
        assert_eq!(names("use std::{env, fs::{self}};"), 1);
        assert_eq!(names("std::environment(); my_std::env; use std::{fs, environment};"), 0);
    }

    #[test]
    fn a_call_holds_the_literals_between_its_brackets_only() {
        let source = Source::read("one!(\"a\", f(\")\"), \"b\"); one!{ } \"c\"; one(\"d\")");
        let calls = source.calls("one");
        assert_eq!(calls.len(), 1);
        assert_eq!(
            calls[0].literals.iter().map(|literal| literal.text.as_str()).collect::<Vec<_>>(),
            ["a", ")", "b"]
        );
    }

    #[test]
    fn lines_count_from_one() {
        let source = Source::read("\n\nfn a() {}\n");
        assert_eq!(source.line(source.names("fn")[0]), 3);
    }

    #[test]
    fn text_that_ends_inside_a_literal_or_comment_does_no_harm() {
        for text in ["\"open", "r#\"open", "/* open /*", "'", "'\\", "b\"\\", "r#", "sql!("] {
            assert_eq!(Source::read(text).code.len(), text.len());
        }
    }
}
