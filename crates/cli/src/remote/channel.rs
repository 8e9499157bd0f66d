//! `ykt channel`.

use super::{Page, contact, first, word};
use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use crate::{key, output};
use clap::{Args, Subcommand};
use sdk::types::channel::{AccessMode, ActOnChannel, ChannelClass, ChannelForm, ChannelOwner, CreateChannel};
use sdk::types::key::{AddKey, KeyUsage, RevokeKey};
use std::io::IsTerminal;
use std::path::PathBuf;

/// What can be done with channels.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Register a channel
    Create(Create),
    /// List the channels in sight
    List(Page),
    /// Show a channel, its keys and what can be done with it
    Show {
        /// chn_…
        channel: String,
    },
    /// Show the level-1 channel above a channel and the level-2 channels below it
    Levels {
        /// chn_…
        channel: String,
    },
    /// Suspend a channel: from the next request on it is refused
    Suspend(Act),
    /// Resume a suspended channel
    Resume(Act),
    /// End a channel for good; nothing brings it back
    Terminate {
        #[command(flatten)]
        act: Act,
        /// Do not ask for the channel's number on the terminal
        #[arg(long)]
        yes: bool,
    },
    /// File the next key of a production channel: it works once the operator has confirmed the fingerprint that you read out
    RotateKey {
        /// chn_…
        channel: String,
        /// Secret key file of the new key (see `ykt key generate`); it stays here
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// What you call the key
        #[arg(long)]
        label: String,
    },
    /// Whom to call about a channel
    #[command(subcommand)]
    Contact(contact::Verb),
    /// Keys of a channel
    #[command(subcommand)]
    Key(KeyVerb),
}

/// What is said about a new channel.
#[derive(Debug, Args)]
pub struct Create {
    /// Name
    name: String,
    /// Name of the owner unit
    #[arg(long)]
    owner: String,
    /// 统一社会信用代码 of the owner unit
    #[arg(long)]
    uscc: String,
    /// hrss, government, national_signed, bank, medical or social
    #[arg(long, value_parser = word::<ChannelClass>)]
    class: ChannelClass,
    /// 1 connects directly, 2 through a level-1 channel
    #[arg(long, default_value_t = 1)]
    level: u8,
    /// chn_… of the level-1 channel
    #[arg(long)]
    parent: Option<String>,
    /// app, official_account, life_account, mini_program or other
    #[arg(long, value_parser = word::<ChannelForm>)]
    form: ChannelForm,
    /// sdk or h5
    #[arg(long, value_parser = word::<AccessMode>)]
    access_mode: AccessMode,
    /// Division of service, 6 digits; may be repeated
    #[arg(long = "region", required = true)]
    regions: Vec<String>,
    /// Code of a service; may be repeated
    #[arg(long = "service")]
    services: Vec<String>,
    /// Public key file to begin with (see `ykt key generate`)
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// Why a channel's state changes.
#[derive(Debug, Args)]
pub struct Act {
    /// chn_…
    channel: String,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

/// What can be done with keys of a channel.
#[derive(Debug, Subcommand)]
pub enum KeyVerb {
    /// Register a public key in the sandbox; the one before keeps working for the overlap
    Add {
        /// chn_…
        channel: String,
        /// PREFIX.pub
        file: PathBuf,
    },
    /// Show how often each signing key was used today and yesterday, and when last
    Traffic {
        /// chn_…
        channel: String,
    },
    /// Revoke a key at once
    Revoke {
        /// key_…
        key: String,
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
            Self::RotateKey { channel, key, label } => crate::key::rotate(channel, &key, &label, context),
            Self::Create(create) => context.output.item(&staff.create_channel(&create.request()?)?),
            Self::List(page) => {
                let fields = ["channel_id", "number", "name", "class", "level", "state", "regions"];
                context.output.list(&first(staff.channels(), page.limit)?, &fields)
            }
            Self::Show { channel } => context.output.item(&staff.channel(&channel)?),
            Self::Levels { channel } => context.output.item(&staff.channel_levels(&channel)?),
            Self::Contact(verb) => verb.run(context),
            Self::Suspend(act) => act.run("suspend", context),
            Self::Resume(act) => act.run("resume", context),
            Self::Terminate { act, yes } => {
                if !yes {
                    confirm(&staff.channel(&act.channel)?.number)?;
                }
                act.run("terminate", context)
            }
            Self::Key(KeyVerb::Add { channel, file }) => {
                context.output.item(&staff.add_channel_key(&channel, &signing_key(&file)?)?)
            }
            Self::Key(KeyVerb::Traffic { channel }) => {
                let fields = ["key_id", "calls_today", "calls_yesterday", "last_called_at"];
                context.output.list(&staff.key_traffic(&channel)?.keys, &fields)
            }
            Self::Key(KeyVerb::Revoke { key, reason }) => {
                context.output.item(&staff.revoke_key(&key, &RevokeKey { reason })?)
            }
        }
    }
}

impl Act {
    fn run(self, action: &str, context: &Context) -> Result<(), Failure> {
        let staff = context.target.staff()?;
        let version = staff.channel(&self.channel)?.version;
        let request = ActOnChannel { action: action.to_owned(), reason: self.reason };
        context.output.item(&staff.act_on_channel(&self.channel, version, &request)?)
    }
}

impl Create {
    fn request(self) -> Result<CreateChannel, Failure> {
        Ok(CreateChannel {
            name: self.name,
            owner: ChannelOwner { name: self.owner, uscc: self.uscc },
            class: self.class,
            level: self.level,
            parent_id: self.parent,
            form: self.form,
            form_name: None,
            access_mode: self.access_mode,
            regions: self.regions,
            services: self.services,
            keys: self.key.iter().map(|file| signing_key(file)).collect::<Result<_, _>>()?,
        })
    }
}

/// Has the channel's number typed, so that no other channel is ended by mistake.
fn confirm(number: &str) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("this cannot be taken back").hint("say --yes, or run it on a terminal"));
    }
    output::note(&format!("this cannot be taken back; type the channel's number, {number}, to go on:"));
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed).attempt("read the terminal")?;
    if typed.trim() == number { Ok(()) } else { Err(Failure::failed("not confirmed; nothing was changed")) }
}

/// The request that registers the public key in a file.
pub fn signing_key(file: &std::path::Path) -> Result<AddKey, Failure> {
    Ok(AddKey { usage: KeyUsage::Sign, public_key: key::read_public(file)? })
}
