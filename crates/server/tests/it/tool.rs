//! What tests need that is no part of the product: a PostgreSQL, an object store, a program that tries the API.

/// What the environment names for the tests. Without it a test is left out and says so, except under `cargo xtask test`, which leaves
/// nothing out: there it fails.
#[expect(clippy::print_stderr, reason = "a test that is left out says so")]
pub fn needed(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok();
    if value.is_none() {
        assert!(
            std::env::var_os("YKT_TEST_COMPLETE").is_none(),
            "{variable} is not set: this test cannot run"
        );
        eprintln!("left out: {variable} is not set; `cargo xtask test` sets it");
    }
    value
}
