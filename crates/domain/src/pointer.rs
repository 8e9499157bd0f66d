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
    // The reader stands at the object when a field is missing from it, and at the field or at the object when it is
    // unknown to it.
    let named = |said| Some(why.strip_prefix(said)?.split_once('`')?.0);
    let last = |name: &str| pointer.rsplit('/').next() == Some(escaped(name).as_str());
    let field = named("missing field `").or_else(|| named("unknown field `").filter(|name| !last(name)));
    if let Some(name) = field {
        push(&mut pointer, name);
    }
    pointer
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn push(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&escaped(name));
}

#[cfg(test)]
mod tests {
    use super::pointer;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only how it is refused is looked at")]
    struct Prompt {
        prompt: String,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only how it is refused is looked at")]
    struct Whole {
        prompt: Prompt,
    }

    #[test]
    fn a_field_is_named_that_has_the_name_of_what_it_is_missing_from() {
        for (text, expected) in [
            ("{}", "/prompt"),
            (r#"{"prompt":{}}"#, "/prompt/prompt"),
            (r#"{"prompt":{"prompt":"","a/b":1}}"#, "/prompt/a~1b"),
            (r#"{"prompt":{"prompt":1}}"#, "/prompt/prompt"),
        ] {
            let mut reader = serde_json::Deserializer::from_str(text);
            let error = serde_path_to_error::deserialize::<_, Whole>(&mut reader).unwrap_err();
            assert_eq!(pointer(error.path(), &error.inner().to_string()), expected, "{text}");
        }
    }
}
