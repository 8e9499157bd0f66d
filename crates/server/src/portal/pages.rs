//! The files of the build: found by name, in the smallest form that the browser takes.
//!
//! The build writes each text file three times, as it is, `.gz` and `.br`, so nothing is compressed while serving.

use axum::body::Bytes;
use http::HeaderValue;
use std::borrow::Cow;

/// Below it a file's name contains a hash of its content.
pub const HASHED: &str = "assets/";

/// `web/dist`: inside the binary in a release build, read from the disk in a debug build.
#[derive(rust_embed::Embed)]
#[folder = "../../web/dist"]
pub struct Embedded;

/// A place that files are found in.
pub trait Source {
    /// The bytes under a name.
    fn bytes(name: &str) -> Option<Bytes>;
}

impl Source for Embedded {
    fn bytes(name: &str) -> Option<Bytes> {
        <Self as rust_embed::RustEmbed>::get(name).map(|file| match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => bytes.into(),
        })
    }
}

/// How a file may be compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// Brotli.
    Brotli,
    /// gzip.
    Gzip,
}

impl Coding {
    /// As in `Content-Encoding`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }

    /// What an `Accept-Encoding` admits, the smaller first.
    pub fn accepted(header: Option<&HeaderValue>) -> Vec<Self> {
        let text = header.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let named = |coding: Self| {
            text.split(',').any(|item| {
                let (name, weight) = item.split_once(';').unwrap_or((item, ""));
                let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0_f32));
                name.trim() == coding.as_str() && !refused
            })
        };
        [Self::Brotli, Self::Gzip].into_iter().filter(|coding| named(*coding)).collect()
    }
}

/// A file as it is sent.
pub struct Page {
    /// `Content-Type`.
    pub kind: &'static str,
    /// Whether its name changes with its content.
    pub is_hashed: bool,
    /// How `bytes` are compressed.
    pub coding: Option<Coding>,
    /// The content.
    pub bytes: Bytes,
}

impl Page {
    /// A file with this name and content.
    pub fn new(name: &str, bytes: Bytes, coding: Option<Coding>) -> Self {
        Self { kind: kind(name), is_hashed: name.starts_with(HASHED), coding, bytes }
    }
}

/// The file with this name, in the first of `accepted` that the build made.
pub fn find<S: Source>(name: &str, accepted: &[Coding]) -> Option<Page> {
    // A compressed form has no address of its own, and what keeps the folder in place is no page.
    if name.starts_with('.') || [Coding::Brotli, Coding::Gzip].iter().any(|c| name.ends_with(c.suffix())) {
        return None;
    }
    let compressed = accepted.iter().find_map(|coding| {
        let bytes = S::bytes(&format!("{name}{}", coding.suffix()))?;
        Some(Page::new(name, bytes, Some(*coding)))
    });
    compressed.or_else(|| S::bytes(name).map(|bytes| Page::new(name, bytes, None)))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Build;

    impl Source for Build {
        fn bytes(name: &str) -> Option<Bytes> {
            match name {
                "assets/a-1.js" => Some(Bytes::from_static(b"plain")),
                "assets/a-1.js.br" => Some(Bytes::from_static(b"brotli")),
                "assets/a-1.js.gz" => Some(Bytes::from_static(b"gzip")),
                "icon.svg" => Some(Bytes::from_static(b"<svg/>")),
                _ => None,
            }
        }
    }

    fn found(name: &str, header: &'static str) -> Option<(Bytes, Option<Coding>)> {
        let accepted = Coding::accepted(Some(&HeaderValue::from_static(header)));
        find::<Build>(name, &accepted).map(|page| (page.bytes, page.coding))
    }

    #[test]
    fn a_browser_gets_the_smallest_form_that_it_takes() {
        let script = |header| found("assets/a-1.js", header).unwrap();
        assert_eq!(script("gzip, deflate, br"), ("brotli".into(), Some(Coding::Brotli)));
        assert_eq!(script("gzip;q=1.0, br;q=0"), ("gzip".into(), Some(Coding::Gzip)));
        assert_eq!(script("identity"), ("plain".into(), None));
        assert_eq!(found("icon.svg", "br"), Some(("<svg/>".into(), None)));
    }

    #[test]
    fn a_name_that_the_build_did_not_make_is_not_found_and_neither_is_a_compressed_form() {
        assert_eq!(found("assets/b.js", "br"), None);
        assert_eq!(found("assets/a-1.js.br", "br"), None);
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        assert!(Page::new("assets/a-1.js", Bytes::new(), None).is_hashed);
        assert!(!Page::new("icon.svg", Bytes::new(), None).is_hashed);
    }
}
