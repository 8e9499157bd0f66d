//! `ykt crowd`: holders of the demonstration use its channel, so that a sandbox has figures to look at.
//!
//! Each of them claims an e-card with a new device through the demonstration's channel, sets a password if there is none
//! yet, shows a code, and the terminal verifies it: one issuance and one active user, counted on the business day that
//! the sandbox's clock shows. Deliberately not here: figures that nobody caused.

use crate::arguments::Context;
use crate::failure::{Attempt, Failure};
use crate::scene::{Scene, bearers};
use clap::Args;
use sdk::client::{Acceptance, Channel, Terminal};
use sdk::types::ecard::{ClaimEcard, IdKind, RealPerson, RealPersonMethod};
use sdk::types::import::CardRow;
use sdk::types::qr::{Purpose, VerifyCode};
use std::path::PathBuf;

/// Holders that are served at one time.
const AT_ONCE: usize = 4;
/// The password that they all choose.
const PASSWORD: &str = "295617";

/// Who comes, and where.
#[derive(Debug, Args)]
pub struct Flags {
    /// The file that the demonstration keeps: demo.json in its data folder
    #[arg(long, value_name = "FILE")]
    scene: PathBuf,
    /// How many holders come
    #[arg(long, value_name = "COUNT")]
    holders: usize,
    /// How many of the line are passed over, because they came before
    #[arg(long, value_name = "COUNT", default_value_t = 0)]
    after: usize,
}

/// Serves the crowd.
pub fn run(flags: &Flags, context: &Context) -> Result<(), Failure> {
    let scene = Scene::read(&flags.scene)?;
    let scene = scene.ok_or_else(|| Failure::usage(format!("there is no {}", flags.scene.display())))?;
    let base_url = context.target.url()?;
    let crowd: Vec<CardRow> = bearers().skip(flags.after).take(flags.holders).collect();
    if crowd.len() < flags.holders {
        return Err(Failure::usage("the demonstration has fewer holders"));
    }
    std::thread::scope(|scope| {
        let part = crowd.len().div_ceil(AT_ONCE).max(1);
        let serving: Vec<_> = crowd
            .chunks(part)
            .map(|part| {
                let (scene, base_url) = (&scene, base_url.as_str());
                scope.spawn(move || {
                    let (channel, terminal) = (scene.channel(base_url)?, scene.terminal(base_url)?);
                    part.iter().try_for_each(|holder| serve(&channel, &terminal, holder))
                })
            })
            .collect();
        serving.into_iter().try_for_each(|one| {
            one.join().unwrap_or_else(|_| Err(Failure::failed("a thread of the crowd panicked")))
        })
    })?;
    context.output.item(&serde_json::json!({ "holders": crowd.len() }))
}

/// One holder from the claim to the verified code.
fn serve(channel: &Channel, terminal: &Terminal, holder: &CardRow) -> Result<(), Failure> {
    let mut device = channel.client().new_device()?;
    let claim = ClaimEcard {
        name: holder.aac003.expose().into(),
        id_kind: IdKind::ResidentId,
        id_number: holder.aac002.expose().into(),
        card_number: None,
        division: None,
        real_person: RealPerson { method: RealPersonMethod::Face, token: "sim:pass".into() },
        level: 2,
        device_key: None,
    };
    let now = server::clock::micros() / 1_000_000;
    let binding = channel.claim_on(&mut device, claim, PASSWORD, now)?.binding_id;
    let code = channel.create_code(&binding, &device.create_code().attempt("ask for a code")?)?.code;
    let request_id = data_encoding::HEXLOWER.encode(&gm::random::bytes::<12>());
    let request = VerifyCode {
        code,
        purpose: Purpose::Identity,
        service: None,
        division: None,
        payee_id: None,
        request_id,
    };
    terminal.verify_code(&request).map(drop).map_err(Failure::from)
}
