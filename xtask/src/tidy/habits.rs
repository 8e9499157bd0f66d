//! Habits that make a test suite lie: tests that are switched off, and tests that wait for luck.

use super::{File, Finding, Tree};

/// Excuses one sleep, on its line or the line above; a reason must follow the dash.
const EXCUSE: &str = "tidy: allow sleep — ";

/// Tests that do not run.
pub fn ignored(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        for offset in source.names("ignore") {
            if is_attribute(&source.code[..offset]) {
                let message = "an ignored test proves nothing; mend it or delete it";
                findings.push(Finding::new(file, source.line(offset), message));
            }
        }
    }
    findings
}

/// Whether an attribute's name comes next: after `#[`, or inside an open `#[cfg_attr(`.
fn is_attribute(before: &str) -> bool {
    before.trim_end().ends_with("#[")
        || before.rfind("#[cfg_attr(").is_some_and(|start| !before[start..].contains(']'))
}

/// Tests that sleep instead of waiting for what they want to see.
pub fn sleeping(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust().filter(|(file, _)| file.parts().contains(&"tests")) {
        for name in ["thread::sleep", "time::sleep"] {
            for offset in source.names(name) {
                let line = source.line(offset);
                if !excused(file, line) {
                    let message = format!("`{name}` in a test: wait for the event, or move the clock");
                    findings.push(Finding::new(file, line, message));
                }
            }
        }
    }
    for extension in ["ts", "tsx"] {
        for file in tree.with_extension(extension).filter(|file| file.path.starts_with("e2e/")) {
            for (number, line) in file.lines() {
                if line.contains("waitForTimeout") && !excused(file, number) {
                    findings.push(Finding::new(
                        file,
                        number,
                        "`waitForTimeout`: wait for what the page shows",
                    ));
                }
            }
        }
    }
    findings
}

fn excused(file: &File, line: usize) -> bool {
    file.lines().any(|(number, text)| {
        (number == line || number + 1 == line)
            && text.split_once(EXCUSE).is_some_and(|(_, reason)| !reason.trim().is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::lines;
    use super::*;

    const PATH: &str = "crates/server/tests/it/card.rs";

    #[test]
    fn an_ignored_test_is_found_and_a_word_is_not() {
        let text = "#[ignore]\nfn a() {}\n#[ignore = \"slow\"]\nfn ignore() {}\n#[cfg_attr(miri, ignore)]\nf(a, ignore)";
        assert_eq!(lines(ignored, PATH, text), [1, 3, 5]);
    }

    #[test]
    fn a_test_does_not_sleep() {
        let text = "std::thread::sleep(x);\ntokio::time::sleep(x).await;\nuse std::thread::{sleep, spawn};";
        assert_eq!(lines(sleeping, PATH, text), [1, 3, 2]);
        assert_eq!(lines(sleeping, "crates/server/src/jobs.rs", text), []);
        assert_eq!(lines(sleeping, "e2e/pay.spec.ts", "await page.waitForTimeout(5)"), [1]);
    }

    #[test]
    fn a_sleep_is_excused_by_a_reason_only() {
        let excuse =
            |reason: &str| format!("// {EXCUSE}{reason}\nstd::thread::sleep(x);\n\nstd::thread::sleep(x);");
        assert_eq!(lines(sleeping, PATH, &excuse("the kernel gives no event")), [4]);
        assert_eq!(lines(sleeping, PATH, &excuse(" ")), [2, 4]);
    }
}
