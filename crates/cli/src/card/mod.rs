//! `ykt card`: the registry, one card at the window, and registries that nobody is in.

mod census;
pub mod errors;
pub mod file;
pub mod generate;
pub mod import;
mod names;

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use crate::remote::word;
use clap::{Args, Subcommand, ValueEnum};
use domain::division::DivisionCode;
use encoding_rs::{Encoder, EncoderResult, GB18030};
use generate::Generator;
use indicatif::ProgressBar;
use sdk::client::Staff;
use sdk::types::Private;
use sdk::types::card::{CardAction, ChangeCardState, FindCard, InvalidReason, ReplaceCard};
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

/// What can be done with cards.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Import a file of the card registry; goes on where it stopped
    Import(import::Import),
    /// Make a registry for tests: valid, and nobody's
    Generate(Generate),
    /// Find cards by number, by their holder's document, or list the invalid ones
    List(List),
    /// Show a card, masked
    Show {
        /// card_…
        card: String,
    },
    /// Change the state of a card, and of its e-card with it
    State(State),
    /// Replace a card by a new one; the e-card goes on with it
    Replace(Replace),
}

/// Which registry to make.
#[derive(Debug, Args)]
pub struct Generate {
    /// Rows
    #[arg(long)]
    count: u64,
    /// The same seed makes the same rows
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Issued within this division, 6 digits; a province or a prefecture
    #[arg(long, default_value = "000000")]
    division: DivisionCode,
    /// Where to write [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How the text is encoded
    #[arg(long, value_enum, default_value_t = Charset::Utf8)]
    encoding: Charset,
}

/// An encoding of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Charset {
    /// UTF-8
    #[value(name = "utf-8")]
    Utf8,
    /// GB 18030, as windows of the trade write it
    Gb18030,
}

/// Which cards to list.
#[derive(Debug, Args)]
pub struct List {
    /// Issuing division, 6 digits
    #[arg(long)]
    division: Option<String>,
    /// 卡号, with --division
    #[arg(long, requires = "division", conflicts_with = "id_number")]
    number: Option<String>,
    /// Kind of the document
    #[arg(long, requires = "id_number")]
    id_kind: Option<String>,
    /// Number of the holder's document; `-` reads it from stdin, where other users do not see it
    #[arg(long)]
    id_number: Option<String>,
    /// The invalid list of --division
    #[arg(long, requires = "division", conflicts_with_all = ["number", "id_number"])]
    invalid: bool,
    /// Most rows to show
    #[arg(long, default_value_t = 200)]
    limit: usize,
}

/// What to do to a card.
#[derive(Debug, Args)]
pub struct State {
    /// card_…
    card: String,
    /// personalise, deliver, activate, report_loss, report_temporary_loss, withdraw_loss, lock, unlock, invalidate
    #[arg(value_parser = word::<CardAction>)]
    action: CardAction,
    /// With invalidate: damaged, lost, expired, cancelled, replaced, deceased, other
    #[arg(long, value_parser = word::<InvalidReason>)]
    reason: Option<InvalidReason>,
}

/// What to replace a card with.
#[derive(Debug, Args)]
pub struct Replace {
    /// card_…
    card: String,
    /// 卡号 of the new card
    #[arg(long)]
    number: String,
    /// 卡识别码 of the new card
    #[arg(long)]
    recognition: Option<String>,
    /// 2 or 3
    #[arg(long, default_value_t = 3)]
    generation: i64,
    /// The last day the new card may be used, YYYY-MM-DD
    #[arg(long)]
    expires_on: Option<String>,
    /// Why the old card is invalid: damaged, lost, expired, cancelled, replaced, deceased, other
    #[arg(long, value_parser = word::<InvalidReason>)]
    reason: InvalidReason,
}

impl Verb {
    /// Does it.
    pub fn run(self, context: &Context) -> Result<(), Failure> {
        match self {
            Self::Import(verb) => verb.run(context),
            Self::Generate(verb) => verb.run(),
            Self::List(verb) => verb.run(&context.target.staff()?, context),
            Self::Show { card } => context.output.item(&context.target.staff()?.card(&card)?),
            Self::State(verb) => verb.run(&context.target.staff()?, context),
            Self::Replace(verb) => verb.run(&context.target.staff()?, context),
        }
    }
}

impl Generate {
    fn run(self) -> Result<(), Failure> {
        let nobody = || Failure::usage(format!("nobody is counted in {}", self.division));
        let mut generator = Generator::new(self.seed, self.division).ok_or_else(nobody)?;
        let name = self.out.as_ref().map_or("stdout".into(), |path| path.display().to_string());
        let what = format!("write {name}");
        let out: Box<dyn Write> = match &self.out {
            Some(path) => Box::new(File::create(path).attempt(&what)?),
            None => Box::new(io::stdout().lock()),
        };
        let mut out = BufWriter::with_capacity(1 << 16, Encoded::new(out, self.encoding));
        let bar = ProgressBar::new(self.count);
        let written =
            generator.write(self.count, &mut out, |done| bar.set_position(done)).and_then(|()| out.flush());
        bar.finish_and_clear();
        match written {
            // Whoever reads the rows has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written.attempt(what),
        }
    }
}

/// Text on its way into an encoding. What is written to it is whole rows of UTF-8.
struct Encoded<W> {
    out: W,
    encoder: Option<Encoder>,
    buffer: Vec<u8>,
}

impl<W: Write> Encoded<W> {
    fn new(out: W, charset: Charset) -> Self {
        let encoder = match charset {
            Charset::Utf8 => None,
            Charset::Gb18030 => Some(GB18030.new_encoder()),
        };
        Self { out, encoder, buffer: Vec::new() }
    }
}

impl<W: Write> Write for Encoded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(encoder) = &mut self.encoder else { return self.out.write(bytes) };
        // A character that a full buffer has cut waits for its other half.
        let whole = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).map_err(io::Error::other)?,
        };
        self.buffer.clear();
        self.buffer.reserve(whole.len() * 2 + 16);
        let (result, read) =
            encoder.encode_from_utf8_to_vec_without_replacement(whole, &mut self.buffer, false);
        if read == 0 && !whole.is_empty() || matches!(result, EncoderResult::Unmappable(_)) {
            return Err(io::Error::other("a character has no place in the encoding"));
        }
        self.out.write_all(&self.buffer)?;
        Ok(read)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl List {
    fn run(self, staff: &Staff, context: &Context) -> Result<(), Failure> {
        if self.invalid {
            let division = self.division.unwrap_or_default();
            let found: Result<Vec<_>, _> = staff.invalid_cards(&division).take(self.limit).collect();
            let fields = ["division", "card_number", "reason", "invalid_at", "card_id"];
            return context.output.list(&found?, &fields);
        }
        let id_number = self.id_number.map(read_number).transpose()?;
        let request = match (&self.number, &id_number) {
            (Some(_), _) => FindCard {
                division: self.division,
                card_number: self.number.map(Private::from),
                ..FindCard::default()
            },
            (None, Some(_)) => FindCard { id_kind: self.id_kind, id_number, ..FindCard::default() },
            (None, None) => {
                return Err(Failure::usage("say which: --division and --number, --id-number, or --invalid"));
            }
        };
        let found = staff.find_cards(&request)?.data;
        let fields = [
            "card_id",
            "division",
            "card_number_masked",
            "state",
            "reason",
            "name_masked",
            "id_number_masked",
            "expires_on",
            "version",
        ];
        context.output.list(&found, &fields)
    }
}

fn read_number(number: String) -> Result<Private, Failure> {
    if number != "-" {
        return Ok(number.into());
    }
    let mut text = String::new();
    io::stdin().lock().take(256).read_to_string(&mut text).attempt("read stdin")?;
    Ok(text.trim().into())
}

impl State {
    fn run(self, staff: &Staff, context: &Context) -> Result<(), Failure> {
        let card = staff.card(&self.card)?;
        let request = ChangeCardState { action: self.action, reason: self.reason };
        context.output.item(&staff.change_card_state(&self.card, card.version, &request)?)
    }
}

impl Replace {
    fn run(self, staff: &Staff, context: &Context) -> Result<(), Failure> {
        let card = staff.card(&self.card)?;
        let request = ReplaceCard {
            card_number: self.number.into(),
            recognition: self.recognition,
            generation: Some(self.generation),
            expires_on: self.expires_on,
            reason: self.reason,
        };
        context.output.item(&staff.replace_card(&self.card, card.version, &request)?)
    }
}
