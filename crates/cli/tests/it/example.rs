//! The examples against the demonstration: the one in Rust does what the README says, and the one in another language shows
//! that the guide is enough to write a client.
//!
//! The latter is a Python program: `YKT_TEST_PYTHON` names an interpreter that has the packages of `examples/python`, as
//! `cargo xtask test` does after installing them.

use crate::process::{Home, SCENE, Served, needed, text};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/python/first_ecard.py");

/// Stands between a client and the platform as its HTTP proxy, and lowers the level in every answer that names one.
fn deceive(platform: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for caller in listener.incoming() {
            let (mut caller, mut upstream) = (caller.unwrap(), TcpStream::connect(platform).unwrap());
            upstream.write_all(&request(&mut caller)).unwrap();
            let mut answer = Vec::new();
            upstream.read_to_end(&mut answer).unwrap();
            let level = br#""sign_level":2"#;
            if let Some(at) = answer.windows(level.len()).position(|window| window == level) {
                answer[at + level.len() - 1] = b'1';
            }
            caller.write_all(&answer).unwrap();
        }
    });
    address
}

/// One whole request as it came.
fn request(caller: &mut TcpStream) -> Vec<u8> {
    let (mut read, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let head = String::from_utf8_lossy(&read).to_ascii_lowercase();
        if let Some((head, _)) = head.split_once("\r\n\r\n") {
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            if read.len() == head.len() + 4 + length.map_or(0, |length| length.parse().unwrap()) {
                return read;
            }
        }
        let count = caller.read(&mut part).unwrap();
        assert!(count > 0, "the request ended early: {}", text(&read));
        read.extend_from_slice(&part[..count]);
    }
}

/// Runs the program; `proxy` is the address of what its requests go through, or nothing.
fn play(python: &str, home: &Home, served: &Served, proxy: &str) -> Output {
    let mut command = Command::new(python);
    command.arg(PROGRAM).arg(home.data().join("demo.json")).arg(served.sandbox());
    command.env("http_proxy", proxy).env_remove("no_proxy").env_remove("NO_PROXY");
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1").output().unwrap()
}

/// The example of the SDK, which cargo builds beside the tests of the workspace.
#[test]
fn the_example_in_rust_plays_its_part_as_the_readme_tells_it() {
    let example = Path::new(crate::process::YKT).parent().unwrap().join("examples/first_ecard");
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    assert!(readme.contains("--features client --example first_ecard -- .data/demo.json"), "another command");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["test", "--quiet", "--workspace", "--no-run", "--example", "first_ecard"]);
    assert!(build.status().unwrap().success());
    let home = Home::new();
    let served = home.serve(SCENE);
    let played =
        Command::new(&example).arg(home.data().join("demo.json")).arg(served.sandbox()).output().unwrap();
    let said = text(&played.stdout);
    assert!(played.status.success(), "{said}\n{}", text(&played.stderr));
    let told: Vec<&str> = said.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(told, ["claimed", "password", "shown", "verified", "again"], "{said}");
    assert!(said.contains("again     409 code.replayed"), "{said}");
    served.stop();
}

#[test]
fn a_client_written_from_the_guide_works_and_believes_no_changed_answer() {
    let Some(python) = needed("YKT_TEST_PYTHON") else { return };
    let home = Home::new();
    let served = home.serve(SCENE);
    for password in ["set; the channel's server saw only an envelope", "was set before"] {
        let played = play(&python, &home, &served, "");
        let said = text(&played.stdout);
        assert!(played.status.success(), "{said}\n{}", text(&played.stderr));
        assert!(said.contains(&format!("password  {password}")), "{said}");
        assert!(said.contains("verified  李*") && said.contains("again     409 code.replayed"), "{said}");
    }

    let liar = deceive(served.origin.strip_prefix("http://").unwrap().parse().unwrap());
    let deceived = play(&python, &home, &served, &format!("http://{liar}"));
    let said = text(&deceived.stderr);
    assert!(!deceived.status.success() && said.contains("Unauthentic") && said.contains("/ecards"), "{said}");
}
