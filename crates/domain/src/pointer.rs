//! Where a reader of JSON stopped, as a JSON pointer (RFC 6901).
//!
//! Invariant: a field that is missing or unknown is named itself, not the object it is missing from or unknown to.

use serde_path_to_error::{Path, Segment};

/// The pointer to what was wrong on `path`, of which a reader said `why`.
pub fn pointer(path: &Path, why: &str) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => push(&mut pointer, &index.to_string()),
            Segment::Map { key: name } | Segment::Enum { variant: name } => push(&mut pointer, name),
            Segment::Unknown => {}
        }
    }
    // The reader stands at the object when a field is missing from it or unknown to it.
    let field = ["missing field `", "unknown field `"].iter().find_map(|said| why.strip_prefix(said));
    if let Some((name, _)) = field.and_then(|rest| rest.split_once('`')) {
        let mut whole = String::new();
        push(&mut whole, name);
        if !pointer.ends_with(&whole) {
            pointer += &whole;
        }
    }
    pointer
}

fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}
