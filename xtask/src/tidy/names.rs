//! Names that say nothing, and nouns that the glossary does not know.

use super::{File, Finding, Tree};
use std::collections::BTreeSet;

const EMPTY_SUFFIXES: [&str; 9] =
    ["Manager", "Helper", "Util", "Processor", "Info", "Data", "Impl", "Base", "Common"];
const EMPTY_MODULES: [&str; 6] = ["util", "utils", "common", "helper", "helpers", "misc"];
const GLOSSARY: &str = "docs/glossary.md";

/// Types whose last word says nothing.
pub fn types(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        for keyword in ["struct", "enum", "trait", "type", "union"] {
            for (offset, name) in declared(&source.code, source.names(keyword), keyword) {
                if let Some(suffix) = EMPTY_SUFFIXES.iter().find(|suffix| name.ends_with(**suffix)) {
                    let message = format!("`{name}`: `{suffix}` says nothing; name what it is");
                    findings.push(Finding::new(file, source.line(offset), message));
                }
            }
        }
    }
    findings
}

/// Modules that are a drawer for anything, as files, folders or blocks.
pub fn modules(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        let parts = file.parts();
        let in_path =
            parts.iter().map(|part| part.trim_end_matches(".rs")).find(|part| EMPTY_MODULES.contains(part));
        if let Some(name) = in_path {
            findings.push(Finding::new(file, 1, format!("`{name}`: name the module after what it holds")));
        }
        for (offset, name) in declared(&source.code, source.names("mod"), "mod") {
            if EMPTY_MODULES.contains(&name) {
                let message = format!("`{name}`: name the module after what it holds");
                findings.push(Finding::new(file, source.line(offset), message));
            }
        }
    }
    findings
}

/// Modules of `store` and `server` without a row in the glossary.
pub fn nouns(tree: &Tree) -> Vec<Finding> {
    let known: BTreeSet<&str> = tree.file(GLOSSARY).into_iter().flat_map(glossary_words).collect();
    let mut seen = BTreeSet::new();
    let mut findings = Vec::new();
    for (file, _) in tree.rust() {
        if let ["crates", "store" | "server", "src", module, ..] = file.parts().as_slice() {
            let noun = module.trim_end_matches(".rs");
            if noun != "lib" && !known.contains(noun) && seen.insert(noun.to_owned()) {
                findings.push(Finding::new(file, 1, format!("`{noun}` has no row in {GLOSSARY}")));
            }
        }
    }
    findings
}

/// The names that follow a keyword, with the keyword's place.
fn declared<'a>(code: &'a str, keywords: Vec<usize>, keyword: &str) -> Vec<(usize, &'a str)> {
    keywords
        .into_iter()
        .map(|offset| {
            let rest = code[offset + keyword.len()..].trim_start();
            let end = rest
                .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .unwrap_or(rest.len());
            (offset, &rest[..end])
        })
        .collect()
}

/// The words in backquotes in the first cell of every row.
fn glossary_words(file: &File) -> impl Iterator<Item = &str> {
    file.text
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.split('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{lines, tree};
    use super::*;

    const PATH: &str = "crates/store/src/card.rs";

    #[test]
    fn a_type_is_not_called_manager_or_data() {
        let text =
            "pub struct KeyManager;\nenum CardData<T> {}\nstruct Database;\ntype Info = u8;\nstruct Dataset;";
        assert_eq!(lines(types, PATH, text), [1, 2, 4]);
    }

    #[test]
    fn a_module_is_not_a_drawer() {
        assert_eq!(lines(modules, PATH, "mod utils;\nmod card;\nmod misc { }"), [1, 3]);
        assert_eq!(lines(modules, "crates/store/tests/it/common/mod.rs", ""), [1]);
        assert_eq!(lines(modules, "crates/store/src/helpers.rs", ""), [1]);
    }

    #[test]
    fn every_noun_has_a_row_in_the_glossary() {
        let glossary = (GLOSSARY, "| code | 中文 |\n|---|---|\n| `card`, `ecard` | 卡 |\n\nthe `qr` code\n");
        let with = |path| nouns(&tree(&[glossary, (path, "")])).len();
        assert_eq!(with("crates/store/src/card.rs"), 0);
        assert_eq!(with("crates/server/src/ecard/service.rs"), 0);
        assert_eq!(with("crates/server/src/lib.rs"), 0);
        assert_eq!(with("crates/server/src/qr/service.rs"), 1);
        assert_eq!(with("crates/domain/src/qr.rs"), 0);
    }
}
