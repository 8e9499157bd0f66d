//! The filled-in forms of the personalised services that an application asks for (CH-F1.12).
//!
//! Invariant: what was filed carries a filled form for every personalised service that it asks for and that had a blank on that
//! day, none for any other service, and says of each which version of the blank was current then. Blanks are published in
//! `service_form`.

use super::form::{Context, Line};
use super::level_two::Source;
use super::{Purpose, Refusal};
use crate::id::{AttachmentId, ServiceFormId};
use crate::matter::{Faults, File};
use crate::service::{self, ServiceCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A filled-in form, and the blank that was current when it was filed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationAttachedForm))]
#[serde(deny_unknown_fields)]
pub struct AttachedForm {
    /// Of which service.
    pub service: ServiceCode,
    /// The filled form, a file of the matter.
    pub file: AttachmentId,
    /// The blank; none if the service had none that day and the applicant gave a form all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank: Option<FiledBlank>,
}

/// Which blank was current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ApplicationFiledBlank))]
#[serde(deny_unknown_fields)]
pub struct FiledBlank {
    /// Which.
    pub form: ServiceFormId,
    /// Its version.
    pub number: u32,
}

/// The filled forms, if everything about them holds.
pub(super) fn check(
    line: &Line,
    context: &Context<'_>,
    source: Source,
    faults: &mut Faults,
) -> Vec<AttachedForm> {
    let asked = asked(line, context, source);
    let pointer = |code: &str| format!("/forms/channel/service_forms/{code}");
    let given = |code: &str| line.service_forms.get(code).map(String::as_str).filter(|id| !id.is_empty());
    let mut attached = Vec::new();
    for code in &asked {
        let blank = context.scene.blanks.iter().find(|blank| blank.service.as_str() == *code);
        let file = given(code).map(|id| document(id, context));
        match (file, blank) {
            (Some(Some(file)), blank) => attached.extend(service::find(code).map(|service| AttachedForm {
                service: service.service_code(),
                file: file.id,
                blank: blank.map(|blank| FiledBlank { form: blank.form, number: blank.number }),
            })),
            (Some(None), _) | (None, Some(_)) => faults.add(pointer(code), Refusal::ServiceForm),
            (None, None) => {}
        }
    }
    for code in line.service_forms.keys().filter(|code| given(code).is_some()) {
        if !asked.contains(code.as_str()) {
            faults.add(pointer(code), Refusal::ServiceFormUnasked);
        }
    }
    attached
}

/// The personalised services that are asked for: of a change those that the channel has not yet, and nothing of what comes
/// from level 1.
fn asked<'a>(line: &'a Line, context: &Context<'_>, source: Source) -> BTreeSet<&'a str> {
    if source == Source::LevelOne {
        return BTreeSet::new();
    }
    let had = context.scene.channel.filter(|_| context.purpose == Purpose::Change);
    let is_personalised = |code: &&str| service::find(code).is_ok_and(|service| !service.standard);
    let is_new =
        |code: &&str| !had.is_some_and(|had| had.scope.services().iter().any(|one| one.as_str() == *code));
    line.services.iter().map(String::as_str).filter(is_personalised).filter(is_new).collect()
}

/// The whole file of this matter with that id, if it is something to read.
fn document<'a>(id: &str, context: &Context<'a>) -> Option<&'a File> {
    let id: AttachmentId = id.parse().ok()?;
    context.scene.files.iter().find(|file| file.id == id && !file.content_type.starts_with("video/"))
}
