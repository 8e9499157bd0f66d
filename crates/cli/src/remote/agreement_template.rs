//! `ykt agreement-template`: the texts from which agreements are offered.

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::{Args, Subcommand};
use sdk::client::Staff;
use sdk::types::agreement_template::{
    AgreementTemplateDecision, CreateAgreementTemplate, DecideAgreementTemplate, PreviewAgreementTemplate,
    SaveAgreementTemplate,
};
use std::path::{Path, PathBuf};

/// What can be done with templates.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the templates
    List,
    /// Show a template with its versions, or one version with its text
    Show {
        /// `agt_…`
        template: String,
        /// This version
        #[arg(long)]
        number: Option<i64>,
    },
    /// Make a template from a text with placeholders such as {{渠道名称}}; a second person puts it in force
    Create {
        /// What it is called
        name: String,
        /// The text
        file: PathBuf,
        /// What it is for
        #[arg(long)]
        words: String,
    },
    /// Write the next version of a template, or the own draft anew
    Draft {
        /// `agt_…`
        template: String,
        /// The text
        file: PathBuf,
        /// What is new in it
        #[arg(long)]
        words: String,
    },
    /// Put in force what somebody else wrote
    Approve(Review),
    /// Give the draft up
    Drop(Review),
    /// What a text is for a channel; nothing is kept
    Preview {
        /// The text
        file: PathBuf,
        /// `chn_…`
        #[arg(long)]
        channel: String,
        /// First day, YYYY-MM-DD
        #[arg(long)]
        from: Option<String>,
        /// Last day, YYYY-MM-DD
        #[arg(long)]
        until: Option<String>,
    },
}

/// A decision on the draft of a template.
#[derive(Debug, Args)]
pub struct Review {
    /// `agt_…`
    template: String,
    /// Why
    #[arg(long)]
    words: String,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::List => {
                let all = staff.agreement_templates().collect::<Result<Vec<_>, _>>()?;
                context.output.list(&all, &["template_id", "name", "version"])
            }
            Self::Show { template, number: None } => {
                context.output.item(&staff.agreement_template(&template)?)
            }
            Self::Show { template, number: Some(number) } => {
                context.output.item(&staff.agreement_template_version(&template, number)?)
            }
            Self::Create { name, file, words } => {
                let request = CreateAgreementTemplate { name, text: text(&file)?, words };
                context.output.item(&staff.create_agreement_template(&request)?)
            }
            Self::Draft { template, file, words } => {
                let seen = staff.agreement_template(&template)?;
                let request = SaveAgreementTemplate { text: text(&file)?, words };
                context.output.item(&staff.save_agreement_template(&seen, &request)?)
            }
            Self::Approve(review) => review.run(&staff, AgreementTemplateDecision::Approve, context),
            Self::Drop(review) => review.run(&staff, AgreementTemplateDecision::Drop, context),
            Self::Preview { file, channel, from, until } => {
                let text = text(&file)?;
                let request =
                    PreviewAgreementTemplate { text, channel_id: channel, version: None, from, until };
                context.output.item(&staff.preview_agreement_template(&request)?)
            }
        }
    }
}

impl Review {
    fn run(
        self,
        staff: &Staff,
        decision: AgreementTemplateDecision,
        context: &Context,
    ) -> Result<(), Failure> {
        let seen = staff.agreement_template(&self.template)?;
        let request = DecideAgreementTemplate { decision, words: self.words };
        context.output.item(&staff.decide_agreement_template(&seen, &request)?)
    }
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).attempt(format_args!("read {}", path.display()))
}
