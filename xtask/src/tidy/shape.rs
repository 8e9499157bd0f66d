//! How long a file may be, and how it begins. (Clippy measures functions.)

use super::{Finding, Tree};

const MAX_LINES: usize = 600;
const MEASURED: [&str; 5] = ["rs", "ts", "tsx", "css", "sql"];
/// Written by a program, read by programs.
const GENERATED: [&str; 1] = ["web/src/api/schema.ts"];

/// Files that are too long to be read at a sitting.
pub fn length(tree: &Tree) -> Vec<Finding> {
    MEASURED
        .iter()
        .flat_map(|extension| tree.with_extension(extension))
        .filter(|file| !GENERATED.contains(&file.path.as_str()))
        .filter_map(|file| {
            let count = file.text.lines().count();
            let message = format!("{count} lines; the limit is {MAX_LINES}: split it by what it is about");
            (count > MAX_LINES).then(|| Finding::new(file, MAX_LINES + 1, message))
        })
        .collect()
}

/// Shipped files that do not say what they are.
pub fn docs(tree: &Tree) -> Vec<Finding> {
    tree.rust()
        .filter(|(file, _)| file.is_shipped() || file.path.starts_with("xtask/src/"))
        .filter(|(file, _)| !file.text.starts_with("//!"))
        .map(|(file, _)| Finding::new(file, 1, "begin with a `//!` module doc"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::lines;
    use super::*;

    #[test]
    fn a_file_has_at_most_600_lines() {
        for path in ["crates/gm/src/sm2.rs", "web/src/main.tsx", "migrations/0001_start.sql"] {
            assert_eq!(lines(length, path, &"x\n".repeat(600)), []);
            assert_eq!(lines(length, path, &"x\n".repeat(601)), [601]);
        }
        assert_eq!(lines(length, GENERATED[0], &"x\n".repeat(601)), []);
        assert_eq!(lines(length, "Cargo.lock", &"x\n".repeat(601)), []);
    }

    #[test]
    fn a_shipped_file_begins_with_its_doc() {
        assert_eq!(lines(docs, "crates/gm/src/sm2.rs", "use x;\n//! Late."), [1]);
        assert_eq!(lines(docs, "crates/gm/src/sm2.rs", "//! Signatures."), []);
        assert_eq!(lines(docs, "crates/gm/tests/it/sm2.rs", "use x;"), []);
    }
}
