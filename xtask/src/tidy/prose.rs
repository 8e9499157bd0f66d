//! Documents: links that lead nowhere, and words that say how the work was organised instead of what is so.

use super::{File, Finding, Tree};
use std::collections::BTreeSet;

/// What no file may say: paths of one machine and talk about who wrote it. Split, so as not to find itself.
const UNWANTED: [&str; 5] = [
    concat!("this ", "session"),
    concat!("issue ", "#"),
    concat!("/wo", "rk/"),
    concat!("sub", "agent"),
    concat!("helper ", "agent"),
];

/// Relative links of Markdown files whose target does not exist.
pub fn links(tree: &Tree) -> Vec<Finding> {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for file in &tree.files {
        let mut path = String::new();
        for part in file.parts() {
            path.push_str(part);
            known.insert(path.clone());
            path.push('/');
        }
    }
    let mut findings = Vec::new();
    for file in tree.with_extension("md") {
        for (line, target) in targets(file) {
            let target = target.split(['#', '?']).next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !elsewhere && !resolve(&file.path, target).is_some_and(|path| known.contains(&path)) {
                findings.push(Finding::new(file, line, format!("dead link: {target}")));
            }
        }
    }
    findings
}

/// The targets of `[text](target)` outside code blocks.
fn targets(file: &File) -> Vec<(usize, &str)> {
    let mut in_code = false;
    let mut found = Vec::new();
    for (number, line) in file.lines() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if !in_code {
            let links = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
            found.extend(links.map(|target| (number, target)));
        }
    }
    found
}

/// The path a link means, from the root; `None` when it leaves the repository.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = if target.starts_with('/') { vec![] } else { from.split('/').collect() };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Words that must not appear anywhere.
pub fn words(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (number, line) in file.lines() {
            let line = line.to_lowercase();
            for word in UNWANTED.iter().filter(|word| line.contains(**word)) {
                findings.push(Finding::new(
                    file,
                    number,
                    format!("`{word}`: say what is so, not how it came to be"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::{lines, tree};
    use super::*;

    #[test]
    fn a_dead_link_is_found_and_a_living_one_is_not() {
        let text = "[a](../STYLE.md#names) [b](https://example.org/x) [c](#here)\n[d](gone.md)\n[e](design) [f](/STYLE.md)\n\
                    ```\n[g](gone.md)\n```\n[h](../../outside.md)";
        let tree = tree(&[("docs/guide.md", text), ("STYLE.md", ""), ("docs/design/0001-a.md", "")]);
        assert_eq!(links(&tree).into_iter().map(|finding| finding.line).collect::<Vec<_>>(), [2, 7]);
    }

    #[test]
    fn unwanted_words_are_found_in_any_file_and_case() {
        for word in UNWANTED {
            assert_eq!(lines(words, "README.md", &format!("\nsee {}", word.to_uppercase())), [2], "{word}");
        }
        assert_eq!(lines(words, "README.md", "the holder's session and an issue of cards"), []);
    }
}
