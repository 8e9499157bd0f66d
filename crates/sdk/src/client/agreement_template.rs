//! Templates of agreements. Every method fails as [`Client::send`] does.
//!
//! [`Client::send`]: super::Client::send

use super::call::encode;
use super::{Call, Error, Items, Staff};
use crate::types::agreement_template::{
    AgreementTemplateVersionView, AgreementTemplateView, CreateAgreementTemplate, DecideAgreementTemplate,
    FilledAgreementTemplate, PreviewAgreementTemplate, SaveAgreementTemplate,
};

const ALL: &str = "/api/v1/agreement-templates";

impl Staff {
    /// Every template.
    pub fn agreement_templates(&self) -> Items<'_, AgreementTemplateView> {
        self.client().list(ALL)
    }

    /// A template with its versions.
    pub fn agreement_template(&self, template_id: &str) -> Result<AgreementTemplateView, Error> {
        self.client().send(&Call::get(format!("{ALL}/{}", encode(template_id))))
    }

    /// A version with its text.
    pub fn agreement_template_version(
        &self,
        template_id: &str,
        number: i64,
    ) -> Result<AgreementTemplateVersionView, Error> {
        self.client().send(&Call::get(format!("{ALL}/{}/versions/{number}", encode(template_id))))
    }

    /// Makes a template with its first draft.
    pub fn create_agreement_template(
        &self,
        request: &CreateAgreementTemplate,
    ) -> Result<AgreementTemplateView, Error> {
        self.client().send(&Call::post(ALL, request)?.once())
    }

    /// Writes the draft of a template whose version was seen.
    pub fn save_agreement_template(
        &self,
        template: &AgreementTemplateView,
        request: &SaveAgreementTemplate,
    ) -> Result<AgreementTemplateView, Error> {
        let path = format!("{ALL}/{}/draft", encode(&template.template_id));
        self.client().send(&Call::post(path, request)?.once().if_match(template.version))
    }

    /// Puts the draft of a template in force, or drops it.
    pub fn decide_agreement_template(
        &self,
        template: &AgreementTemplateView,
        request: &DecideAgreementTemplate,
    ) -> Result<AgreementTemplateView, Error> {
        let path = format!("{ALL}/{}/decision", encode(&template.template_id));
        self.client().send(&Call::post(path, request)?.once().if_match(template.version))
    }

    /// What a text is for a channel.
    pub fn preview_agreement_template(
        &self,
        request: &PreviewAgreementTemplate,
    ) -> Result<FilledAgreementTemplate, Error> {
        self.client().send(&Call::post("/api/v1/agreement-template-previews", request)?)
    }
}
