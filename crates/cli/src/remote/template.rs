//! `ykt template`: the words from which agreements are offered and notices sent.

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::{Args, Subcommand};
use sdk::client::Staff;
use sdk::types::template::{
    CreateTemplate, DecideTemplate, PreviewTemplate, SaveTemplate, TemplateDecision, TemplateKind,
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
        /// `agreement` or `notice`
        #[arg(long, default_value = "agreement", value_parser = super::word::<TemplateKind>)]
        kind: TemplateKind,
        /// Of notices: `upgrade`, `maintenance`, `pause` or `resumption`
        #[arg(long)]
        topic: Option<String>,
        /// The title of a notice, with placeholders
        #[arg(long)]
        subject: Option<String>,
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
        /// The title of a notice, with placeholders
        #[arg(long)]
        subject: Option<String>,
        /// What is new in it
        #[arg(long)]
        words: String,
    },
    /// Put in force what somebody else wrote
    Approve(Review),
    /// Give the draft up
    Drop(Review),
    /// What a text is for a channel; nothing is kept
    Preview(Preview),
}

/// Words that are tried on a channel.
#[derive(Debug, Args)]
pub struct Preview {
    /// The text
    file: PathBuf,
    /// `agreement` or `notice`
    #[arg(long, default_value = "agreement", value_parser = super::word::<TemplateKind>)]
    kind: TemplateKind,
    /// The title of a notice, with placeholders
    #[arg(long)]
    subject: Option<String>,
    /// `chn_…`
    #[arg(long)]
    channel: String,
    /// First day, YYYY-MM-DD; of a notice the moment when what it tells of begins
    #[arg(long)]
    from: Option<String>,
    /// Last day, YYYY-MM-DD; of a notice the moment when it ends
    #[arg(long)]
    until: Option<String>,
    /// Of a notice: the last day to acknowledge it
    #[arg(long)]
    acknowledge_by: Option<String>,
    /// Of a notice of an upgrade: its last day
    #[arg(long)]
    upgrade_by: Option<String>,
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
                let all = staff.templates().collect::<Result<Vec<_>, _>>()?;
                context.output.list(&all, &["template_id", "kind", "name", "version"])
            }
            Self::Show { template, number: None } => context.output.item(&staff.template(&template)?),
            Self::Show { template, number: Some(number) } => {
                context.output.item(&staff.template_version(&template, number)?)
            }
            Self::Create { name, file, kind, topic, subject, words } => {
                let request = CreateTemplate { name, kind, topic, subject, text: text(&file)?, words };
                context.output.item(&staff.create_template(&request)?)
            }
            Self::Draft { template, file, subject, words } => {
                let seen = staff.template(&template)?;
                let request = SaveTemplate { subject, text: text(&file)?, words };
                context.output.item(&staff.save_template(&seen, &request)?)
            }
            Self::Approve(review) => review.run(&staff, TemplateDecision::Approve, context),
            Self::Drop(review) => review.run(&staff, TemplateDecision::Drop, context),
            Self::Preview(preview) => preview.run(&staff, context),
        }
    }
}

impl Preview {
    fn run(self, staff: &Staff, context: &Context) -> Result<(), Failure> {
        let Self { file, kind, subject, channel, from, until, acknowledge_by, upgrade_by } = self;
        let (text, version) = (text(&file)?, None);
        let request = PreviewTemplate {
            kind,
            subject,
            text,
            channel_id: channel,
            version,
            from,
            until,
            acknowledge_by,
            upgrade_by,
        };
        context.output.item(&staff.preview_template(&request)?)
    }
}

impl Review {
    fn run(self, staff: &Staff, decision: TemplateDecision, context: &Context) -> Result<(), Failure> {
        let seen = staff.template(&self.template)?;
        let request = DecideTemplate { decision, words: self.words };
        context.output.item(&staff.decide_template(&seen, &request)?)
    }
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).attempt(format_args!("read {}", path.display()))
}
