//! Files in an object store: `s3rver` of npm, which keeps them and knows its keys, but does not compare signatures of version 4.
//! That those are right is tested by the authors of what makes them.
//!
//! `YKT_TEST_S3RVER` names the program, as `cargo xtask test` does after installing it.

use crate::attachment;
use crate::export;
use crate::harness::Platform;
use crate::tool::needed;
use domain::attachment::HEAD;
use domain::id::AttachmentId;
use server::WorldName;
use server::attachment::{Bucket, Folder, Place, Shelf};
use std::io::{BufRead, BufReader, ErrorKind};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

/// The key that the store knows.
const KEY: &str = "S3RVER\nS3RVER\n";

/// An object store with one bucket. It ends with this value.
struct Store {
    child: Child,
    address: String,
    _folder: TempDir,
}

impl Store {
    fn start() -> Option<Self> {
        let program = needed("YKT_TEST_S3RVER")?;
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(program)
            .args([
                "--address",
                "127.0.0.1",
                "--port",
                "0",
                "--no-vhost-buckets",
                "--configure-bucket",
                "files",
            ])
            .arg("--directory")
            .arg(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let said =
            lines.find_map(|line| Some(line.unwrap().split_once("listening on ")?.1.trim().to_owned()));
        // What it logs must go on being read, or it waits.
        std::thread::spawn(move || lines.for_each(drop));
        let address = format!("http://{}/files", said.unwrap());
        Some(Self { child, address, _folder: folder })
    }

    fn bucket(&self, world: WorldName) -> Bucket {
        Bucket::new(&self.address, "us-east-1", KEY, world.as_str()).unwrap()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What whoever keeps files may rely on.
fn keeps_files(shelf: &dyn Shelf) {
    let id = AttachmentId::from_bytes([7; 16]);
    assert_eq!(shelf.read(id, 0, 1).unwrap_err().kind(), ErrorKind::NotFound);
    assert!(shelf.write(id, 0, b"%PDF-1.7 lost").unwrap());
    assert!(shelf.write(id, 0, b"%PDF-1.7").unwrap(), "its answer was lost, and it came again, shorter");
    assert!(shelf.write(id, 8, b" and the rest of it").unwrap());
    assert!(shelf.write(id, 27, &[b'.'; HEAD]).unwrap());
    // Longer than what is looked at to tell its type.
    let whole = [&b"%PDF-1.7 and the rest of it"[..], &[b'.'; HEAD]].concat();
    let (length, digest, head) = (whole.len() as u64, gm::sm3::digest(&whole), &whole[..HEAD]);
    assert_eq!(shelf.close(id, length, &[0; 32]).unwrap(), None, "another content");
    assert!(shelf.write(id, 0, b"%PDF-1.7").unwrap());
    assert!(shelf.write(id, 8, b" and the ").unwrap());
    assert!(shelf.write(id, 17, &whole[17..]).unwrap());
    assert_eq!(shelf.close(id, length, &digest).unwrap().unwrap(), head);
    assert_eq!(shelf.close(id, length, &digest).unwrap().unwrap(), head, "a second time, after a crash");
    shelf.settle(id).unwrap();
    assert_eq!(shelf.close(id, length, &digest).unwrap().unwrap(), head, "settled it is what it was");
    assert!(!shelf.write(id, 0, b"%PDF-9.9").unwrap(), "what was verified is not written any more");
    assert_eq!(shelf.read(id, 5, 10).unwrap(), b"1.7 and th");
    assert_eq!(shelf.read(id, 20, 7).unwrap(), b"t of it");
    assert_eq!(shelf.read(id, length, 100).unwrap(), b"");
    shelf.remove(id).unwrap();
    shelf.remove(id).unwrap();
    assert_eq!(shelf.read(id, 0, 1).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_folder_keeps_files() {
    let home = tempfile::tempdir().unwrap();
    keeps_files(&Folder::new(home.path().join("attachments")));
}

#[test]
fn a_bucket_keeps_files() {
    let Some(store) = Store::start() else { return };
    let bucket = store.bucket(WorldName::Production);
    keeps_files(&bucket);
    let id = AttachmentId::from_bytes([8; 16]);
    let digest = gm::sm3::digest(b"%PDF-1.7");
    assert!(bucket.write(id, 0, b"%PDF-").unwrap());
    assert_eq!(bucket.close(id, 8, &digest).unwrap(), None, "a part is missing");
    assert!(bucket.write(id, 0, b"%PDF-1.7").unwrap());
    let sandbox = store.bucket(WorldName::Sandbox);
    assert_eq!(sandbox.close(id, 8, &digest).unwrap(), None, "worlds have nothing in common");
    assert!(bucket.close(id, 8, &digest).unwrap().is_some());
}

/// Two tabs, or a repetition after a broken answer: the file stays, and both are told so. On several servers this relies on
/// what S3 promises and `s3rver` does not keep, that an object appears whole or not at all.
#[test]
fn several_close_a_file_at_once() {
    let Some(store) = Store::start() else { return };
    let bucket = store.bucket(WorldName::Production);
    let content: Vec<u8> = (0..3_000_000_u32).map(|place| u8::try_from(place % 251).unwrap()).collect();
    let digest = gm::sm3::digest(&content);
    for round in 0..5 {
        let id = AttachmentId::from_bytes([round; 16]);
        for (place, part) in content.chunks(1 << 20).enumerate() {
            assert!(bucket.write(id, (place << 20) as u64, part).unwrap());
        }
        std::thread::scope(|scope| {
            let close = || {
                let is_closed = bucket.close(id, content.len() as u64, &digest).unwrap().is_some();
                if is_closed {
                    bucket.settle(id).unwrap();
                }
                is_closed
            };
            let all: Vec<_> = (0..4).map(|_| scope.spawn(close)).collect();
            // Whoever finds the parts gone finds the file that another one has closed.
            assert!(all.into_iter().all(|one| one.join().unwrap()));
            assert!(bucket.close(id, content.len() as u64, &digest).unwrap().is_some());
        });
    }
}

#[test]
fn a_bucket_is_reached_with_its_key_only() {
    let Some(store) = Store::start() else { return };
    store.bucket(WorldName::Production).look_at().unwrap();
    let id = AttachmentId::from_bytes([7; 16]);
    let stranger = Bucket::new(&store.address, "us-east-1", "STRANGER\nS3RVER\n", "production").unwrap();
    let told = |outcome: std::io::Result<()>| outcome.unwrap_err().to_string();
    assert_eq!(told(stranger.look_at()), "the object store answered 403 Forbidden");
    assert_eq!(told(stranger.write(id, 0, b"%PDF-1.7").map(drop)), "the object store answered 403 Forbidden");
    assert_eq!(told(stranger.read(id, 0, 8).map(drop)), "the object store answered 403 Forbidden");
    let elsewhere = store.address.replace("/files", "/nothing");
    let gone = Bucket::new(&elsewhere, "us-east-1", KEY, "production").unwrap();
    assert_eq!(told(gone.look_at()), "the object store answered 404 Not Found");
}

#[test]
fn an_object_store_that_is_away_is_trouble_that_passes() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = format!("http://{free}/files");
    Platform::run_beside(
        |world| Place::Bucket(Arc::new(Bucket::new(&away, "us-east-1", KEY, world.as_str()).unwrap())),
        attachment::a_shelf_out_of_reach_is_trouble_that_passes,
    );
}

#[test]
fn the_files_of_matters_are_sent_to_a_bucket_and_given_out_of_it() {
    let Some(store) = Store::start() else { return };
    Platform::run_beside(
        |world| Place::Bucket(Arc::new(store.bucket(world))),
        |platform| {
            attachment::a_file_is_sent_in_parts_taken_up_again_and_verified::behaviour(platform);
            attachment::another_content_or_type_than_announced_is_not_taken::behaviour(platform);
            attachment::what_has_become_whole_is_not_given_up_by_who_saw_it_before::behaviour(platform);
        },
    );
}

#[test]
fn the_files_of_exports_lie_in_a_bucket_for_a_day() {
    let Some(store) = Store::start() else { return };
    Platform::run_beside(
        |world| Place::Bucket(Arc::new(store.bucket(world))),
        export::a_file_is_gone_after_a_day::behaviour,
    );
}
