//! `ykt terminal`.

use super::channel::signing_key;
use super::rows::{Column, Import, Need};
use super::{Page, first};
use crate::arguments::Context;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use sdk::client::Staff;
use sdk::types::terminal::{ChangeTerminalState, CreateTerminal, RegisterTerminals, TerminalState};
use std::path::PathBuf;

/// What a file has.
const COLUMNS: [Column; 4] = [
    Column("serial", "序列号", Need::Required),
    Column("org", "使用单位（统一社会信用代码）", Need::Required),
    Column("division", "所在地（行政区划代码）", Need::Required),
    Column("psam_no", "终端机编号", Need::Optional),
];

/// What can be done with terminals.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Register a terminal
    Create {
        /// The maker's serial number
        serial: String,
        /// Organisation that runs it, org_…
        #[arg(long)]
        org: String,
        /// 6 digits
        #[arg(long)]
        division: String,
        /// 终端机编号, 12 digits
        #[arg(long)]
        psam: Option<String>,
        /// Public key file (see `ykt key generate`)
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Register terminals as they stand in the rows of a file
    Import(Import),
    /// List the terminals in sight
    List(Page),
    /// Show a terminal and its keys
    Show {
        /// trm_…
        terminal: String,
    },
    /// Block a terminal: from the next request on it is refused
    Block(Change),
    /// Let a blocked terminal work again
    Unblock(Change),
}

/// Why a terminal's state changes.
#[derive(Debug, Args)]
pub struct Change {
    /// trm_…
    terminal: String,
    /// Why
    #[arg(long)]
    reason: String,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        match self {
            Self::Create { serial, org, division, psam, key } => {
                let keys = key.iter().map(|file| signing_key(file)).collect::<Result<_, _>>()?;
                let request = CreateTerminal { serial, org_id: org, division, psam_no: psam, keys };
                context.output.item(&staff.create_terminal(&request)?)
            }
            Self::Import(import) => import.run(context, &COLUMNS, |rows| {
                let request = RegisterTerminals { rows };
                if import.is_dry() {
                    staff.try_terminals(&request)
                } else {
                    staff.register_terminals(&request)
                }
            }),
            Self::List(page) => {
                let fields = ["terminal_id", "serial", "org_id", "division", "psam_no", "state"];
                context.output.list(&first(staff.terminals(), page.limit)?, &fields)
            }
            Self::Show { terminal } => context.output.item(&staff.terminal(&terminal)?),
            Self::Block(change) => change.run(&staff, TerminalState::Blocked, context),
            Self::Unblock(change) => change.run(&staff, TerminalState::Active, context),
        }
    }
}

impl Change {
    fn run(self, staff: &Staff, state: TerminalState, context: &Context) -> Result<(), Failure> {
        let terminal = staff.terminal(&self.terminal)?;
        let request = ChangeTerminalState { state, reason: self.reason };
        context.output.item(&staff.change_terminal_state(&self.terminal, terminal.version, &request)?)
    }
}
