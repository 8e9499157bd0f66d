//! Says when the server must be compiled again: a release build carries the built pages inside, so it depends on
//! them; a debug build reads them from the disk while it runs, so it does not.

fn main() {
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    println!("cargo:rerun-if-changed={}", if release { "../../web/dist" } else { "build.rs" });
}
