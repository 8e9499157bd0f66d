//! The form of a personalised service (个性化服务申请表): a blank document that is published with the service, and comes filled in with
//! an application for it (CH-F1.12).
//!
//! Invariants. Of one service at most one form is current, and a standard service has none. Its versions are counted from 1
//! without gaps, and one that was replaced or withdrawn stays, as it was, for whoever was filed with it. What an application
//! brings is not here but in `application`.

use crate::attachment::ContentType;
use crate::id::ServiceFormId;
use crate::name::names;
use crate::refusal::refusals;
use crate::service::{Service, ServiceCode};

refusals! {
    /// Why a form is not published, or not withdrawn.
    Refusal {
        /// Of a service that everybody has, and nobody asks for.
        Standard = "service_form.standard" ["CH-F1.12"] "标准服务为必选，无须申请表；仅个性化服务可公布申请表"
            "a standard service is mandatory and has no form: only a personalised one has";
        /// Neither PDF nor Office.
        Type = "service_form.type" ["CH-F1.12"] "申请表须为PDF或Office（docx、xlsx、pptx）文件"
            "a form is a PDF or an Office file (docx, xlsx, pptx)";
        /// Empty or too long.
        Size { most: i64 } = "service_form.size" "申请表大小须为1至{most}字节" "a form has 1 to {most} bytes";
        /// There is none to withdraw.
        Absent = "service_form.absent" "该服务当前没有申请表" "the service has no form now";
        /// It is not the current one any more.
        Ended = "service_form.ended" "该申请表已被替换或撤下" "the form was replaced or withdrawn";
    }
}

names! {
    /// Where a form stands.
    State {
        /// Whoever applies fills in this one.
        Current = "current",
        /// A later one took its place.
        Replaced = "replaced",
        /// The service needs none any more.
        Withdrawn = "withdrawn",
    }
    /// What happens to it.
    Action {
        /// A later one is published.
        Replace = "replace",
        /// It is taken down with nothing in its place.
        Withdraw = "withdraw",
    }
}

/// Most bytes of a form: a document to be filled in, not a film.
pub const MOST: i64 = 4 << 20;

/// The form that is current for a service, as the rules of an application see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// Of which service.
    pub service: ServiceCode,
    /// Which form.
    pub form: ServiceFormId,
    /// Its version.
    pub number: u32,
}

impl State {
    /// Where a form stands after an action.
    ///
    /// # Errors
    /// `service_form.ended`
    pub const fn next(self, action: Action) -> Result<Self, Refusal> {
        match (self, action) {
            (Self::Current, Action::Replace) => Ok(Self::Replaced),
            (Self::Current, Action::Withdraw) => Ok(Self::Withdrawn),
            (Self::Replaced | Self::Withdrawn, _) => Err(Refusal::Ended),
        }
    }
}

/// Whether a service may have a form.
///
/// # Errors
/// `service_form.standard`
pub const fn of(service: &Service) -> Result<(), Refusal> {
    if service.standard { Err(Refusal::Standard) } else { Ok(()) }
}

/// What the first bytes of a document of `size` bytes say that it is.
///
/// # Errors
/// `service_form.size`, `service_form.type`
pub fn document(head: &[u8], size: i64) -> Result<ContentType, Refusal> {
    if !(1..=MOST).contains(&size) {
        return Err(Refusal::Size { most: MOST });
    }
    ContentType::of(head).ok().filter(|found| found.is_document()).ok_or(Refusal::Type)
}

/// The version after the `last` one of the same service.
pub fn number(last: Option<u32>) -> u32 {
    last.map_or(1, |last| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service;

    /// CH-F1.12: a standard service is mandatory, so nobody asks for it on a form.
    #[test]
    fn only_a_personalised_service_has_a_form() {
        for (code, expected) in [("login.scan", Ok(())), ("pay.code", Err(Refusal::Standard))] {
            assert_eq!(of(service::find(code).unwrap()), expected, "{code}");
        }
    }

    #[test]
    fn a_form_is_a_document_of_bounded_size() {
        let mut docx = b"PK\x03\x04".to_vec();
        docx.resize(30, 0);
        docx.extend(b"word/document.xml");
        for (head, found) in [
            (&b"%PDF-1.7\n"[..], Ok(ContentType::Pdf)),
            (docx.as_slice(), Ok(ContentType::Zip)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Err(Refusal::Type)),
            (b"\0\0\0\x18ftypisom\0\0\0\0", Err(Refusal::Type)),
            (b"<!DOCTYPE html>", Err(Refusal::Type)),
        ] {
            assert_eq!(document(head, 100), found, "{head:?}");
        }
        for (size, accepted) in [(0, false), (1, true), (MOST, true), (MOST + 1, false)] {
            assert_eq!(document(b"%PDF-1.7\n", size).is_ok(), accepted, "{size}");
        }
    }

    #[test]
    fn a_form_ends_once_and_its_number_is_not_used_again() {
        assert_eq!(State::Current.next(Action::Replace), Ok(State::Replaced));
        assert_eq!(State::Current.next(Action::Withdraw), Ok(State::Withdrawn));
        for ended in [State::Replaced, State::Withdrawn] {
            for action in Action::ALL {
                assert_eq!(ended.next(*action), Err(Refusal::Ended), "{ended} {action}");
            }
        }
        assert_eq!((number(None), number(Some(1)), number(Some(7))), (1, 2, 8));
    }
}
