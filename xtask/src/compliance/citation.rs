//! Where the sources cite clauses: which code enforces one, and which test proves it.
//!
//! A citation is the full id of a clause or a reading, `CH-23.1b` or `R2`, in one of these places:
//!
//! - the doc comment of a test, of `fn` with `#[test]` or in `on_both!`: the test proves the clause;
//! - any other comment outside tests, or a string that is the id and nothing else (a row of `refusals!`, a parameter):
//!   the item that the comment belongs to, or that the row names, enforces it.
//!
//! Deliberately no parser: words, brackets and comments are enough, because the house style is narrow.

use crate::source::Source;
use std::collections::BTreeSet;

/// A test and what its doc comment cites.
#[derive(Debug, PartialEq, Eq)]
pub struct Test {
    /// `domain`, or `server::it` for the integration tests of a crate.
    pub binary: String,
    /// Its path in the binary, as the test runner prints it, without what `on_both!` appends.
    pub path: String,
    /// The file it stands in.
    pub file: String,
    /// What it cites.
    pub ids: BTreeSet<String>,
}

/// Code that cites a clause.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The item, `Type::name`; empty for the whole file.
    pub symbol: String,
    /// What it cites.
    pub ids: BTreeSet<String>,
}

/// What one file cites.
#[derive(Debug, Default)]
pub struct Citations {
    /// Tests, with and without a citation.
    pub tests: Vec<Test>,
    /// Code outside tests.
    pub places: Vec<Place>,
}

/// The ids in a text: `CH-23.1b`, `CM-F2.3`, and `R27` as a word of its own.
pub fn ids(text: &str) -> BTreeSet<String> {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut found = BTreeSet::new();
    for (start, _) in text.char_indices() {
        if text[..start].ends_with(|before: char| word(before) || before == '-') {
            continue;
        }
        let length = clause(&text[start..]).or_else(|| reading(&text[start..]));
        if let Some(length) = length.filter(|length| !text[start + length..].starts_with(word)) {
            found.insert(text[start..start + length].to_owned());
        }
    }
    found
}

/// The length of the clause id that `text` begins with: `CH-` `F`? number (`.` number)* letter?
fn clause(text: &str) -> Option<usize> {
    let rest = ["CH-", "ND-", "CM-", "SE-"].iter().find_map(|prefix| text.strip_prefix(prefix))?;
    let mut rest = number(rest.strip_prefix('F').unwrap_or(rest))?;
    while let Some(after) = rest.strip_prefix('.').and_then(number) {
        rest = after;
    }
    let rest = rest.strip_prefix(|letter: char| letter.is_ascii_lowercase()).unwrap_or(rest);
    Some(text.len() - rest.len())
}

fn reading(text: &str) -> Option<usize> {
    let rest = number(text.strip_prefix('R')?)?;
    let length = text.len() - rest.len();
    (length <= 3).then_some(length)
}

/// What is behind the digits that `text` begins with.
fn number(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    (rest.len() < text.len()).then_some(rest)
}

/// Reads one Rust file; `path` is from the root of the workspace.
pub fn read(path: &str, text: &str) -> Citations {
    let Some((binary, modules)) = binary_of(path) else { return Citations::default() };
    let in_tests = binary.ends_with("::it") || modules.last().is_some_and(|name| name == "tests");
    let source = Source::read(text);
    let mut reader = Reader {
        path,
        binary,
        modules,
        in_tests,
        tokens: tokens(&source),
        scopes: Vec::new(),
        opening: None,
        docs: BTreeSet::new(),
        is_test: false,
        is_for_tests: false,
        found: Citations::default(),
    };
    reader.run();
    reader.found
}

/// The test binary of a file and its module path there: `crates/server/tests/it/qr/code.rs` is `qr::code` in
/// `server::it`.
fn binary_of(path: &str) -> Option<(String, Vec<String>)> {
    let (name, rest) = path.strip_prefix("crates/")?.split_once('/')?;
    let (binary, rest) = match (rest.strip_prefix("src/"), rest.strip_prefix("tests/it/")) {
        (Some(rest), _) => (name.to_owned(), rest),
        (_, Some(rest)) => (format!("{name}::it"), rest),
        _ => return None,
    };
    let mut modules: Vec<String> = rest.strip_suffix(".rs")?.split('/').map(str::to_owned).collect();
    if modules.last().is_some_and(|last| ["lib", "main", "mod"].contains(&last.as_str())) {
        modules.pop();
    }
    Some((binary, modules))
}

/// What the reader looks at: words and signs of the code, comments, and strings.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Sign(char),
    Comment(String),
    Text(String),
}

/// The file as tokens in order.
fn tokens(source: &Source) -> Vec<Token> {
    let mut found: Vec<(usize, Token)> = Vec::new();
    found.extend(source.comments.iter().map(|one| (one.offset, Token::Comment(one.text.clone()))));
    found.extend(source.literals.iter().map(|one| (one.offset, Token::Text(one.text.clone()))));
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut rest = source.code.as_str();
    while let Some(first) = rest.chars().next() {
        let offset = source.code.len() - rest.len();
        let length = rest.find(|letter| !word(letter)).unwrap_or(rest.len());
        if length > 0 {
            found.push((offset, Token::Word(rest[..length].to_owned())));
        } else if !first.is_whitespace() {
            found.push((offset, Token::Sign(first)));
        }
        rest = &rest[length.max(1)..];
    }
    found.sort_by_key(|(offset, _)| *offset);
    found.into_iter().map(|(_, token)| token).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Module,
    Type,
    Function,
    /// `on_both! { … }`, in which every `fn` is a test.
    Behaviours,
    Block,
}

#[derive(Debug)]
struct Scope {
    kind: Kind,
    name: String,
    for_tests: bool,
}

/// Goes through a file once; `opening` is the scope that the next `{` opens, `docs` what the doc comments before the
/// next item cite.
struct Reader<'a> {
    path: &'a str,
    binary: String,
    modules: Vec<String>,
    in_tests: bool,
    tokens: Vec<Token>,
    scopes: Vec<Scope>,
    opening: Option<Scope>,
    docs: BTreeSet<String>,
    is_test: bool,
    is_for_tests: bool,
    found: Citations,
}

impl Reader<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(token) = self.tokens.get(at).cloned() {
            at = match token {
                Token::Comment(text) => self.comment(at, &text),
                Token::Text(text) => self.text(at, &text),
                Token::Sign('#') if self.word(at + 2).is_some() || self.is_sign(at + 1, '!') => {
                    self.attribute(at)
                }
                Token::Sign(sign) => self.sign(at, sign),
                Token::Word(word) => self.item(at, &word),
            };
        }
    }

    fn comment(&mut self, at: usize, text: &str) -> usize {
        let cited = ids(text);
        if text.starts_with("///") && !text.starts_with("////") {
            self.docs.extend(cited);
        } else if text.starts_with("//!") {
            self.place(String::new(), cited);
        } else {
            self.place(self.inside(), cited);
        }
        at + 1
    }

    /// A string that is an id: a row of a table, which the string before it names if only `[` stands between.
    fn text(&mut self, at: usize, text: &str) -> usize {
        let cited = ids(text);
        if cited.len() == 1 && cited.contains(text) {
            let before = if self.is_sign(at.wrapping_sub(1), '[') { at.wrapping_sub(2) } else { at };
            let symbol = match self.tokens.get(before) {
                Some(Token::Text(code)) if before < at && code.contains('.') => code.clone(),
                _ => self.row(at).unwrap_or_else(|| self.inside()),
            };
            self.place(symbol, cited);
        }
        at + 1
    }

    /// The `X` of the last `Name::X =>` before `at`: the row of a match over names.
    fn row(&self, at: usize) -> Option<String> {
        let start = at.saturating_sub(60);
        self.tokens[start..at].windows(6).rev().find_map(|window| match window {
            [
                Token::Word(name),
                Token::Sign(':'),
                Token::Sign(':'),
                Token::Word(variant),
                Token::Sign('='),
                Token::Sign('>'),
            ] => Some(format!("{name}::{variant}")),
            _ => None,
        })
    }

    /// `#[test]` and `#[cfg(test)]` are remembered for the item that follows.
    fn attribute(&mut self, at: usize) -> usize {
        let inner = self.is_sign(at + 1, '!');
        let mut end = at + 1 + usize::from(inner);
        let mut words = Vec::new();
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.get(end) {
            match token {
                Token::Sign('[') => depth += 1,
                Token::Sign(']') if depth == 1 => break,
                Token::Sign(']') => depth -= 1,
                Token::Word(word) => words.push(word.as_str()),
                _ => {}
            }
            end += 1;
        }
        match words.as_slice() {
            ["cfg", "test"] if inner => self.in_tests = true,
            ["cfg", "test"] => self.is_for_tests = true,
            [.., "test"] if !inner => self.is_test = true,
            _ => {}
        }
        end + 1
    }

    fn sign(&mut self, at: usize, sign: char) -> usize {
        match sign {
            '{' => {
                let block = Scope { kind: Kind::Block, name: String::new(), for_tests: false };
                let scope = self.opening.take().unwrap_or(block);
                self.scopes.push(scope);
            }
            '}' => {
                self.scopes.pop();
                self.opening = None;
            }
            ';' if self.is_declaration_over(at) => self.opening = None,
            _ => {}
        }
        at + 1
    }

    /// Whether the `;` ends an item (`mod card;`) and is not the one of an array's length.
    fn is_declaration_over(&self, at: usize) -> bool {
        let before = self.tokens[..at].iter().rev().take_while(|token| **token != Token::Sign(';'));
        let count = |sign| before.clone().filter(|token| **token == Token::Sign(sign)).count();
        count('[') <= count(']')
    }

    /// A word of the code: if doc comments stand before it, the item that they are about; and the scope it opens.
    fn item(&mut self, at: usize, word: &str) -> usize {
        let (keyword, name) = self.head(at);
        let docs = std::mem::take(&mut self.docs);
        let (is_test, is_for_tests) =
            (std::mem::take(&mut self.is_test), std::mem::take(&mut self.is_for_tests));
        let in_behaviours = self.scopes.last().is_some_and(|scope| scope.kind == Kind::Behaviours);
        if keyword == "fn" && (is_test || in_behaviours) {
            let mut path = self.modules.clone();
            path.extend(
                self.scopes.iter().filter(|one| one.kind == Kind::Module).map(|one| one.name.clone()),
            );
            path.push(name.clone());
            let (binary, file) = (self.binary.clone(), self.path.to_owned());
            self.found.tests.push(Test { binary, path: path.join("::"), file, ids: docs });
        } else if !is_for_tests {
            let owner = self.owner();
            let symbol = if owner.is_empty() { name.clone() } else { format!("{owner}::{name}") };
            self.place(symbol, docs);
        }
        if self.opening.is_some() {
            return at + 1;
        }
        let kind = match keyword.as_str() {
            "fn" => Kind::Function,
            "mod" => Kind::Module,
            "struct" | "enum" | "trait" | "union" | "impl" => Kind::Type,
            _ if word == "on_both" && self.is_sign(at + 1, '!') => Kind::Behaviours,
            _ if name.starts_with(|first: char| first.is_ascii_uppercase()) && self.is_sign(at + 1, '{') => {
                Kind::Type
            }
            _ => return at + 1,
        };
        let for_tests = is_for_tests || (kind == Kind::Module && name == "tests");
        self.opening = Some(Scope { kind, name, for_tests });
        at + 1
    }

    /// The keyword and the name of the item that begins at `at`, past `pub`, `const`, `async` and the like; the word
    /// itself, without a keyword, for a variant, a field or a row.
    fn head(&self, at: usize) -> (String, String) {
        const KEYWORDS: [&str; 9] =
            ["fn", "mod", "struct", "enum", "trait", "union", "type", "static", "macro_rules"];
        const BEFORE: [&str; 7] = ["pub", "const", "async", "unsafe", "extern", "crate", "super"];
        let mut next = at;
        let mut seen = String::new();
        while let Some(token) = self.tokens.get(next) {
            match token {
                Token::Word(word) if word == "impl" => return ("impl".to_owned(), self.implemented(next)),
                Token::Word(word) if KEYWORDS.contains(&word.as_str()) => {
                    let sign = self.is_sign(next + 1, '$') || self.is_sign(next + 1, '!');
                    return match self.word(next + 1 + usize::from(sign)) {
                        Some(name) => (word.clone(), name.to_owned()),
                        None => (String::new(), word.clone()),
                    };
                }
                Token::Word(word) if BEFORE.contains(&word.as_str()) => seen.clone_from(word),
                Token::Word(word) => return (String::new(), word.clone()),
                Token::Sign('(' | ')') if !seen.is_empty() => {}
                _ => break,
            }
            next += 1;
        }
        (String::new(), seen)
    }

    /// The type of an `impl`: the first capitalised word behind `for`, or behind `impl` and its generics.
    fn implemented(&self, at: usize) -> String {
        let head: Vec<&str> = (at + 1..)
            .take_while(|place| *place < self.tokens.len() && !self.is_sign(*place, '{'))
            .filter_map(|place| self.word(place))
            .collect();
        let behind = head.iter().position(|word| *word == "for").map_or(0, |place| place + 1);
        let capital =
            |word: &&&str| word.len() > 1 && word.starts_with(|first: char| first.is_ascii_uppercase());
        head[behind..].iter().find(capital).map_or(String::new(), |word| (*word).to_owned())
    }

    /// The innermost type around here.
    fn owner(&self) -> String {
        let named = self.scopes.iter().rev().find(|scope| scope.kind == Kind::Type);
        named.map_or(String::new(), |scope| scope.name.clone())
    }

    /// The function around here with its type, or the type, or nothing.
    fn inside(&self) -> String {
        let function = self.scopes.iter().rposition(|scope| scope.kind == Kind::Function);
        let Some(function) = function else { return self.owner() };
        let name = &self.scopes[function].name;
        match self.scopes[..function].last() {
            Some(scope) if scope.kind == Kind::Type => format!("{}::{name}", scope.name),
            _ => name.clone(),
        }
    }

    fn place(&mut self, symbol: String, ids: BTreeSet<String>) {
        let tested = self.in_tests || self.scopes.iter().any(|scope| scope.for_tests);
        if !ids.is_empty() && !tested {
            self.found.places.push(Place { file: self.path.to_owned(), symbol, ids });
        }
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn is_sign(&self, at: usize, sign: char) -> bool {
        self.tokens.get(at) == Some(&Token::Sign(sign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "crates/domain/src/card.rs";

    fn places(text: &str) -> Vec<(String, String)> {
        let places = read(PATH, text).places;
        let pairs =
            places.into_iter().flat_map(|one| one.ids.into_iter().map(move |id| (one.symbol.clone(), id)));
        pairs.collect()
    }

    fn place(symbol: &str, id: &str) -> (String, String) {
        (symbol.to_owned(), id.to_owned())
    }

    #[test]
    fn an_id_is_found_whole_and_nothing_else_is() {
        let text = "CH-23.1b, (ND-1.4); CH-F2.10. CM-19 R2 R27. CH-31.3.1–31.3.7 中R1 R123 xCH-1.1 CH-x CH-1.1bc SE-2.2's";
        let found: Vec<_> = ids(text).into_iter().collect();
        assert_eq!(found, ["CH-23.1b", "CH-31.3.1", "CH-F2.10", "CM-19", "ND-1.4", "R2", "R27", "SE-2.2"]);
    }

    #[test]
    fn a_comment_belongs_to_the_item_below_it_or_the_function_around_it() {
        let text = "//! Cards (CM-2.1).\n/// A card (ND-1.3).\n#[derive(Debug)]\npub struct Card {\n/// CM-9.2\nname: u8 }\n\
                    impl Card { /// ND-1.4\npub(super) const fn state(x: impl Into<X>) -> [Card; 2] { // CM-19.1: why\n[0; 2] } }\n\
                    fn free() { // R27\n}";
        assert_eq!(
            places(text),
            [
                place("", "CM-2.1"),
                place("Card", "ND-1.3"),
                place("Card::name", "CM-9.2"),
                place("Card::state", "ND-1.4"),
                place("Card::state", "CM-19.1"),
                place("free", "R27"),
            ]
        );
    }

    #[test]
    fn a_row_of_a_table_is_named_by_its_code() {
        let text = "refusals! { /// Why.\nRefusal { /// No.\nMode = \"channel.mode\" [\"CH-8.3b\"] \"不\" \"no\"; } }\n\
                    const fn standard(name: Name) { match name { Name::Grant => (1, Some(\"ND-3.5d\")), } }";
        assert_eq!(places(text), [place("channel.mode", "CH-8.3b"), place("Name::Grant", "ND-3.5d")]);
    }

    #[test]
    fn a_test_proves_what_its_doc_comment_cites() {
        let text = "#[cfg(test)]\nmod tests { // CH-1.1\n/// CH-8.3a, R2.\n#[test]\nfn only_apps() {}\n#[test]\nfn plain() {} }";
        let found = read(PATH, text);
        let tests: Vec<_> = found.tests.iter().map(|one| (one.path.as_str(), one.ids.len())).collect();
        assert_eq!(tests, [("card::tests::only_apps", 2), ("card::tests::plain", 0)]);
        assert_eq!(found.places, []);
    }

    #[test]
    fn a_behaviour_on_both_databases_is_a_test_of_the_integration_binary() {
        let text = "fn act() {}\non_both! {\n/// CH-9.1d\nfn a_new_channel(platform) { let x = X { y }; }\nfn other(p) {} }";
        let found = read("crates/server/tests/it/qr/code.rs", text);
        let tests: Vec<_> = found.tests.iter().map(|one| (one.binary.as_str(), one.path.as_str())).collect();
        assert_eq!(tests, [("server::it", "qr::code::a_new_channel"), ("server::it", "qr::code::other")]);
        assert_eq!(found.tests[0].ids, BTreeSet::from(["CH-9.1d".to_owned()]));
    }

    #[test]
    fn files_are_modules_of_their_binary() {
        let of = |path| binary_of(path).map(|(binary, modules)| format!("{binary} {}", modules.join("::")));
        assert_eq!(of("crates/domain/src/lib.rs").as_deref(), Some("domain "));
        assert_eq!(of("crates/domain/src/card/tests.rs").as_deref(), Some("domain card::tests"));
        assert_eq!(of("crates/server/tests/it/qr/mod.rs").as_deref(), Some("server::it qr"));
        assert_eq!(of("xtask/src/main.rs"), None);
    }
}
