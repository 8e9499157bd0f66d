//! Verbs on a running system: through its API, as the member of staff who signed in.

mod audit;
mod calendar;
pub mod caller;
mod channel;
mod clock;
mod contact;
mod delegation;
mod ecard;
mod export;
mod factor;
mod job;
mod ledger;
mod notification;
mod org;
mod parameter;
mod payee;
mod payment;
mod proof;
mod registration;
mod rows;
mod sending;
mod service;
pub mod settlement;
mod sign_in;
mod sign_in_rule;
mod staff;
mod statistic;
mod team;
mod template;
mod terminal;
mod trail;

use crate::arguments::Context;
use crate::failure::Failure;
use clap::Subcommand;
use sdk::client::Error;
use serde::de::DeserializeOwned;

/// Nouns of a running system.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Sign in as a member of staff and keep the sign-in
    Login(sign_in::Login),
    /// Forget the sign-in
    Logout,
    /// Replace the own password
    Password(sign_in::Password),
    /// The own second factor
    #[command(subcommand)]
    Factor(factor::Verb),
    /// What the own account is told by e-mail, and which messages it does not want to see counted
    #[command(subcommand)]
    Notification(notification::Verb),
    /// The own sign-ins
    #[command(subcommand)]
    Session(sign_in::Sessions),
    /// Organisations
    #[command(subcommand)]
    Org(org::Verb),
    /// Companies that ask for an account
    #[command(subcommand)]
    Registration(registration::Verb),
    /// Accounts of staff
    #[command(subcommand)]
    Staff(staff::Verb),
    /// Accounts of the own organisation, for the administrator of a channel's owner
    #[command(subcommand)]
    Team(team::Verb),
    /// Who stands in for whom in matters
    #[command(subcommand)]
    Delegation(delegation::Verb),
    /// The catalogue of services, and where they are open
    #[command(subcommand)]
    Service(service::Verb),
    /// Channels: the carriers of e-card service
    #[command(subcommand)]
    Channel(channel::Verb),
    /// Terminals: scanners and readers
    #[command(subcommand)]
    Terminal(terminal::Verb),
    /// Cards: the registry, their state, their replacement
    #[command(subcommand)]
    Card(crate::card::Verb),
    /// E-cards
    #[command(subcommand)]
    Ecard(ecard::Verb),
    /// Payees: departments that are paid
    #[command(subcommand)]
    Payee(payee::Verb),
    /// Payments and refunds
    #[command(subcommand)]
    Payment(payment::Verb),
    /// Templates of agreements and notices: write, put in force, try on a channel
    #[command(subcommand)]
    Template(template::Verb),
    /// Parameters: the numbers of the rules, and changing them
    #[command(subcommand)]
    Parameter(parameter::Verb),
    /// The calendar of working days, and entering a year
    #[command(subcommand)]
    Calendar(calendar::Verb),
    /// Accounts of the ledger
    #[command(subcommand)]
    Ledger(ledger::Verb),
    /// Business days, batches and day files
    #[command(subcommand)]
    Settlement(settlement::Verb),
    /// Matters that were saved: what was signed in them
    #[command(subcommand)]
    Matter(crate::matter::Verb),
    /// Notices and changed agreements to many channels: send, see who has answered, remind the others
    #[command(subcommand)]
    Sending(sending::Verb),
    /// The audit trail
    #[command(subcommand)]
    Audit(audit::Verb),
    /// The business time of the sandbox
    #[command(subcommand)]
    Clock(clock::Verb),
    /// Counted use
    #[command(subcommand)]
    Statistic(statistic::Verb),
    /// Files of long lists: begin one, see how far it has come, save it
    #[command(subcommand)]
    Export(export::Verb),
    /// Work behind the requests: what waits, what failed
    #[command(subcommand)]
    Job(job::Verb),
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Login(verb) => verb.run(context),
            Self::Logout => sign_in::logout(context),
            Self::Password(verb) => verb.run(context),
            Self::Factor(verb) => verb.run(context),
            Self::Notification(verb) => verb.run(context),
            Self::Session(verb) => verb.run(context),
            Self::Org(verb) => verb.run(context),
            Self::Registration(verb) => verb.run(context),
            Self::Staff(verb) => verb.run(context),
            Self::Team(verb) => verb.run(context),
            Self::Delegation(verb) => verb.run(context),
            Self::Service(verb) => verb.run(context),
            Self::Channel(verb) => verb.run(context),
            Self::Terminal(verb) => verb.run(context),
            Self::Card(verb) => verb.run(context),
            Self::Ecard(verb) => verb.run(context),
            Self::Payee(verb) => verb.run(context),
            Self::Payment(verb) => verb.run(context),
            Self::Template(verb) => verb.run(context),
            Self::Parameter(verb) => verb.run(context),
            Self::Calendar(verb) => verb.run(context),
            Self::Ledger(verb) => verb.run(context),
            Self::Settlement(verb) => verb.run(context),
            Self::Matter(verb) => verb.run(context),
            Self::Sending(verb) => verb.run(context),
            Self::Audit(verb) => verb.run(context),
            Self::Clock(verb) => verb.run(context),
            Self::Statistic(verb) => verb.run(context),
            Self::Export(verb) => verb.run(context),
            Self::Job(verb) => verb.run(context),
        }
    }
}

/// Reads a word of the API, such as a kind or a state; the error lists nothing secret, only the word.
pub fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|error| error.to_string())
}

/// At most this many items of a list, page after page.
pub fn first<T>(items: impl Iterator<Item = Result<T, Error>>, most: usize) -> Result<Vec<T>, Failure> {
    Ok(items.take(most).collect::<Result<Vec<T>, Error>>()?)
}

/// How much of a list is shown.
#[derive(Debug, clap::Args)]
pub struct Page {
    /// Most rows to show
    #[arg(long, default_value_t = 200)]
    limit: usize,
}
