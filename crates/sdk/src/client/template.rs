//! Templates of agreements. Every method fails as [`Client::send`] does.
//!
//! [`Client::send`]: super::Client::send

use super::call::encode;
use super::{Call, Error, Items, Staff};
use crate::types::template::{
    CreateTemplate, DecideTemplate, FilledTemplate, PreviewTemplate, SaveTemplate, TemplateVersionView,
    TemplateView,
};

const ALL: &str = "/api/v1/templates";

impl Staff {
    /// Every template.
    pub fn templates(&self) -> Items<'_, TemplateView> {
        self.client().list(ALL)
    }

    /// A template with its versions.
    pub fn template(&self, template_id: &str) -> Result<TemplateView, Error> {
        self.client().send(&Call::get(format!("{ALL}/{}", encode(template_id))))
    }

    /// A version with its text.
    pub fn template_version(&self, template_id: &str, number: i64) -> Result<TemplateVersionView, Error> {
        self.client().send(&Call::get(format!("{ALL}/{}/versions/{number}", encode(template_id))))
    }

    /// Makes a template with its first draft.
    pub fn create_template(&self, request: &CreateTemplate) -> Result<TemplateView, Error> {
        self.client().send(&Call::post(ALL, request)?.once())
    }

    /// Writes the draft of a template whose version was seen.
    pub fn save_template(
        &self,
        template: &TemplateView,
        request: &SaveTemplate,
    ) -> Result<TemplateView, Error> {
        let path = format!("{ALL}/{}/draft", encode(&template.template_id));
        self.client().send(&Call::post(path, request)?.once().if_match(template.version))
    }

    /// Puts the draft of a template in force, or drops it.
    pub fn decide_template(
        &self,
        template: &TemplateView,
        request: &DecideTemplate,
    ) -> Result<TemplateView, Error> {
        let path = format!("{ALL}/{}/decision", encode(&template.template_id));
        self.client().send(&Call::post(path, request)?.once().if_match(template.version))
    }

    /// What a text is for a channel.
    pub fn preview_template(&self, request: &PreviewTemplate) -> Result<FilledTemplate, Error> {
        self.client().send(&Call::post("/api/v1/template-previews", request)?)
    }
}
