//! Who may name what: the direction of the architecture where Cargo cannot say it.

use super::{File, Finding, Tree};

/// Names that some files may not use.
struct Layer {
    names: &'static [&'static str],
    closed_to: fn(&File) -> bool,
    reason: &'static str,
}

const LAYERS: [Layer; 5] = [
    Layer {
        names: &[
            "async",
            "await",
            "tokio",
            "SystemTime",
            "Instant",
            "rand",
            "getrandom",
            "gm::random",
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::thread",
        ],
        closed_to: |file| file.crate_name() == Some("domain") && file.is_shipped(),
        reason: "`domain` is pure: time, randomness and the outside world are passed in as values",
    },
    Layer {
        names: &["rusqlite", "postgres::", "tokio_postgres"],
        closed_to: |file| file.crate_name().is_some_and(|name| name != "store"),
        reason: "only `store` names the database clients",
    },
    Layer {
        names: &["axum"],
        closed_to: |file| file.crate_name().is_some_and(|name| name != "server"),
        reason: "only `server` names axum",
    },
    Layer {
        names: &["axum", "sdk"],
        closed_to: |file| {
            file.crate_name() == Some("server")
                && file.is_shipped()
                && file.parts().last() == Some(&"service.rs")
        },
        reason: "a use case knows neither axum nor the wire types; `http.rs` translates",
    },
    Layer {
        names: &["std::env"],
        closed_to: |file| file.crate_name().is_some_and(|name| name != "cli") && file.is_shipped(),
        reason: "only `cli` reads the environment and the arguments; configuration is a value passed down",
    },
];

/// Crates whose manifest may name a dependency.
const DEPENDENCIES: [(&str, &str); 3] = [("rusqlite", "store"), ("postgres", "store"), ("axum", "server")];

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Names used on the wrong side of a boundary, SQL outside `store` included.
pub fn words(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, source) in tree.rust() {
        for layer in LAYERS.iter().filter(|layer| (layer.closed_to)(file)) {
            for name in layer.names {
                for offset in source.names(name.trim_end_matches("::")) {
                    if source.code[offset..].starts_with(name) || !name.ends_with("::") {
                        let message = format!("`{name}`: {}", layer.reason);
                        findings.push(Finding::new(file, source.line(offset), message));
                    }
                }
            }
        }
        if file.crate_name().is_some_and(|name| name != "store") {
            findings.extend(source.calls("sql").into_iter().map(|call| {
                Finding::new(file, source.line(call.offset), "`sql!`: no SQL text outside `store`")
            }));
        }
    }
    findings
}

/// Manifests that name what only another crate may.
pub fn dependencies(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml")) {
        let mut is_dependency = false;
        for (number, line) in file.lines() {
            if line.starts_with('[') {
                is_dependency = line.ends_with("dependencies]");
            } else if is_dependency && file.crate_name() == Some("oracle") && line.contains('=') {
                findings.push(Finding::new(
                    file,
                    number,
                    "`oracle` depends on nothing: no rule vouches for itself",
                ));
            }
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            let owner =
                DEPENDENCIES.iter().find(|(dependency, _)| *dependency == name).map(|(_, owner)| *owner);
            if let Some(owner) = owner.filter(|owner| file.crate_name() != Some(owner)) {
                findings.push(Finding::new(file, number, format!("only `{owner}` depends on `{name}`")));
            }
        }
    }
    findings
}

/// Dependencies that come from anywhere but crates.io.
pub fn registry(tree: &Tree) -> Vec<Finding> {
    let Some(lock) = tree.file("Cargo.lock") else { return Vec::new() };
    lock.lines()
        .filter(|(_, line)| {
            line.strip_prefix("source = ").is_some_and(|source| source.trim_matches('"') != REGISTRY)
        })
        .map(|(number, _)| Finding::new(lock, number, "dependencies come from crates.io only"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{lines, tree};
    use super::*;

    #[test]
    fn the_domain_names_no_clock_randomness_or_input() {
        let path = "crates/domain/src/card.rs";
        for bad in
            ["async fn f() {}", "use std::time::SystemTime;", "use std::{env, fmt};", "gm::random::fill(b)"]
        {
            assert_eq!(lines(words, path, &format!("\n{bad}"))[0], 2, "{bad}");
        }
        let fine = "fn at(now: Timestamp, random: [u8; 10]) {} // no SystemTime, no async";
        assert_eq!(lines(words, path, fine), []);
        assert_eq!(lines(words, "crates/store/src/db.rs", "async fn f() {}"), []);
    }

    #[test]
    fn only_the_store_names_a_database_client() {
        for bad in ["rusqlite::Connection", "postgres::Client", "tokio_postgres::Client"] {
            assert_eq!(lines(words, "crates/server/tests/it/main.rs", bad), [1], "{bad}");
            assert_eq!(lines(words, "crates/store/src/db.rs", bad), [], "{bad}");
        }
        assert_eq!(lines(words, "crates/server/src/lib.rs", "let postgres = 1;"), []);
    }

    #[test]
    fn only_the_server_names_axum_and_its_use_cases_do_not() {
        assert_eq!(lines(words, "crates/cli/src/main.rs", "use axum::Router;"), [1]);
        assert_eq!(
            lines(words, "crates/server/src/card/service.rs", "use axum::Router;\nuse sdk::Card;"),
            [1, 2]
        );
        for path in ["crates/server/src/card/http.rs", "crates/server/tests/it/service.rs"] {
            assert_eq!(lines(words, path, "use axum::Router;\nuse sdk::Card;"), [], "{path}");
        }
    }

    #[test]
    fn only_the_command_line_and_tests_read_the_environment() {
        let text = "std::env::var(\"X\")";
        assert_eq!(lines(words, "crates/server/src/lib.rs", text), [1]);
        assert_eq!(lines(words, "crates/cli/src/main.rs", text), []);
        assert_eq!(lines(words, "crates/store/tests/it/main.rs", text), []);
    }

    #[test]
    fn sql_stays_in_the_store() {
        let text = "tx.query(sql!(\"select 1\"), params![])";
        assert_eq!(lines(words, "crates/server/src/card/service.rs", text), [1]);
        assert_eq!(lines(words, "crates/store/src/card.rs", text), []);
    }

    #[test]
    fn a_manifest_names_only_what_its_crate_may() {
        let manifest = "[dependencies]\naxum.workspace = true\npostgres = \"1\"\naxum-extra = \"1\"\n";
        assert_eq!(lines(dependencies, "crates/cli/Cargo.toml", manifest), [2, 3]);
        assert_eq!(lines(dependencies, "crates/server/Cargo.toml", manifest), [3]);
        let manifest = "[package]\nname = \"oracle\"\n[dependencies]\ndomain.workspace = true\n[lints]\nworkspace = true\n";
        assert_eq!(lines(dependencies, "crates/oracle/Cargo.toml", manifest), [4]);
        assert_eq!(lines(dependencies, "Cargo.toml", manifest), []);
    }

    #[test]
    fn a_dependency_from_elsewhere_is_found_in_the_lock_file() {
        let text = format!("source = \"{REGISTRY}\"\nsource = \"git+https://example.org/x\"\n");
        assert_eq!(registry(&tree(&[("Cargo.lock", &text)])).len(), 1);
    }
}
