//! `ykt service`: the catalogue, and the department's authorization to use a service somewhere (ND-3.5d).

use super::rows::{Column, Import, Need};
use super::{Page, first};
use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use clap::Subcommand;
use sdk::types::service::{CloseOpening, CreateOpening, OpenServices};
use sdk::types::service_form::WithdrawServiceForm;
use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;

/// What a file has.
const COLUMNS: [Column; 3] = [
    Column("service", "事项（名称或编码）", Need::Required),
    Column("caller", "渠道编号或终端序列号", Need::Required),
    Column("division", "开通地区（行政区划代码）", Need::Required),
];

/// What can be done with services.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List the catalogue
    List(Page),
    /// Publish the form of a personalised service in the place of the one before
    PublishForm {
        /// Code of the service
        service: String,
        /// A PDF or an Office file
        file: PathBuf,
    },
    /// Take the current form of a service down
    WithdrawForm {
        /// Code of the service
        service: String,
        /// sfm_…; if another one is current by now, that one stays
        form: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// List every version of the form of a service, the newest first
    Forms {
        /// Code of the service
        service: String,
    },
    /// Save the document of a form, current or not
    SaveForm {
        /// sfm_…
        form: String,
        /// Where to; it must not exist
        file: PathBuf,
    },
    /// List where services are open
    Openings(Page),
    /// Open a service to a channel or terminal in a division
    Open {
        /// Code of the service
        service: String,
        /// chn_… or trm_…
        #[arg(long)]
        to: String,
        /// 6 digits
        #[arg(long)]
        division: String,
    },
    /// Open services as they stand in the rows of a file
    Import(Import),
    /// Close an opening at once
    Close {
        /// opn_…
        opening: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::List(page) => {
                let fields = ["code", "name", "name_en", "family", "consent", "sign_level"];
                context.output.list(&first(staff.services(), page.limit)?, &fields)
            }
            Self::PublishForm { service, file } => {
                let content = fs::read(&file).attempt(format_args!("read {}", file.display()))?;
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                context.output.item(&staff.publish_service_form(&service, &name, &content)?)
            }
            Self::WithdrawForm { service, form, reason } => {
                let request = WithdrawServiceForm { service_form_id: form, reason };
                context.output.item(&staff.withdraw_service_form(&service, &request)?)
            }
            Self::Forms { service } => {
                let forms = staff.service_forms(&service).collect::<Result<Vec<_>, _>>()?;
                let fields =
                    ["service_form_id", "number", "state", "from_on", "file_name", "size", "ended_at"];
                context.output.list(&forms, &fields)
            }
            Self::SaveForm { form, file } => {
                let content = staff.service_form_content(&form)?;
                let made = File::create_new(&file);
                let mut made = made.attempt(format_args!("write {}", file.display()))?;
                made.write_all(&content).attempt(format_args!("write {}", file.display()))
            }
            Self::Openings(page) => {
                let fields = [
                    "opening_id",
                    "service",
                    "caller_id",
                    "division",
                    "opened_at",
                    "suspended_at",
                    "closed_at",
                ];
                context.output.list(&first(staff.openings(), page.limit)?, &fields)
            }
            Self::Open { service, to, division } => {
                let request = CreateOpening { service, caller_id: to, division };
                context.output.item(&staff.create_opening(&request)?)
            }
            Self::Import(import) => import.run(context, &COLUMNS, |rows| {
                let request = OpenServices { rows };
                if import.is_dry() { staff.try_openings(&request) } else { staff.open_services(&request) }
            }),
            Self::Close { opening, reason } => {
                context.output.item(&staff.close_opening(&opening, &CloseOpening { reason })?)
            }
        }
    }
}
