//! Development tasks: `cargo xtask <verb>`.
//!
//! The one place that knows how this repository is built, tested and kept tidy; people and CI call the same
//! verbs. Depends on nothing but the standard library, so that it builds in a second and works offline.
//! Deliberately not here: anything that the product itself needs. That belongs to `ykt`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a terminal program speaks to its terminal")]

mod bench;
mod ci;
mod cluster;
mod compliance;
mod failure;
mod generate;
mod mutants;
mod pages;
mod prerequisites;
mod programs;
mod prove;
mod python;
mod run;
mod source;
mod summary;
mod test;
mod tidy;
mod workspace;

use failure::Failure;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <verb>

  run [--no-demo]      build the pages and the release binary, and serve .data on 127.0.0.1:8080
  test                 everything: prerequisites, format, lints, generated files, tests on SQLite and PostgreSQL, journeys
  ci                   what CI does, here: tells commit, machine, tools and what is not committed, then runs .ci/run, which is `test`
  tidy                 the rules of STYLE.md that a program can check
  generate [--check]   write the files made from the program (--check: only compare)
  prove                shift every number of the regulation by one and say which tests notice
  mutants [FILE…]      replace operators of the rules of channels and say which no test of `domain` notices (cargo-mutants)
  bench [ARG…]         measure everything beside its peers; ARGs go to `ykt bench`, --json writes benches/results.json
  postgres -- CMD…     run CMD with a private PostgreSQL in YKT_TEST_POSTGRES and PGHOST, PGPORT, PGUSER
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Usage) => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
        Err(Failure::Task(message)) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
        Err(Failure::Reported(code)) => ExitCode::from(code),
    }
}

fn dispatch(words: &[&str]) -> Result<(), Failure> {
    match words {
        ["run"] => run::run(run::FirstRun::LoadsDemonstration),
        ["run", "--no-demo"] => run::run(run::FirstRun::StaysEmpty),
        ["test"] => test::test(),
        ["ci"] => ci::ci(),
        ["tidy"] => tidy::tidy(),
        ["generate"] => generate::generate(generate::Mode::Write),
        ["generate", "--check"] => generate::generate(generate::Mode::Check),
        ["prove"] => compliance::prove(),
        ["mutants", files @ ..] => mutants::mutants(files),
        ["bench", arguments @ ..] => bench::bench(arguments),
        ["postgres", "--", program, arguments @ ..] => cluster::run_with(program, arguments),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            Ok(())
        }
        _ => Err(Failure::Usage),
    }
}

#[cfg(test)]
mod tests {
    use super::USAGE;

    #[test]
    fn every_verb_is_explained_where_contributors_look() {
        let page = std::fs::read_to_string(crate::workspace::root().join("CONTRIBUTING.md")).unwrap();
        let verbs: Vec<_> =
            USAGE.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
        assert_eq!(verbs.len(), 9, "{verbs:?}");
        for verb in verbs {
            assert!(
                page.contains(&format!("| `cargo xtask {verb}")),
                "CONTRIBUTING.md does not explain {verb}"
            );
        }
    }
}
