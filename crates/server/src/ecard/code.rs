//! Codes to show (展码): minted without writing anything, and drawn.

use super::proof::{self, HolderProof};
use super::session::served_by;
use super::usable;
use crate::auth::Caller;
use crate::{Error, World};
use domain::id::BindingId;
use domain::parameter::Name;
use domain::time::Timestamp;
use fast_qr::{ECL, Mode, QRBuilder, Version};
use std::fmt::Write as _;

/// The QR version that 58 alphanumeric characters need at level M.
pub const QR_VERSION: u8 = 3;
/// Modules of white around the picture, as the standard asks.
const QUIET: usize = 4;

/// A code to show.
#[derive(Debug, Clone)]
pub struct Minted {
    /// Its text.
    pub code: String,
    /// Real time.
    pub expires_at: Timestamp,
}

/// Mints a code for a holder who asks for it in a session in force.
///
/// # Errors
/// In order: `resource.not_found`, `holder.proof_invalid`, `holder_session.ended`, the binding's state, the card's
/// (ND-1.4), `authorization.channel_missing`, a counter that was used.
pub async fn mint(
    world: &World,
    caller: Caller,
    id: BindingId,
    holder_proof: HolderProof,
) -> Result<Minted, Error> {
    let channel = caller.channel()?;
    let checker = (world.clone(), holder_proof.clone());
    let session = caller
        .read(world, move |tx| {
            let (world, holder_proof) = &checker;
            let (ecard, binding) = proof::find(tx, channel, id)?;
            let session = proof::check(tx, world, (&ecard, &binding), holder_proof)?;
            binding.state.usable()?;
            usable(&ecard)?;
            served_by(tx, channel, &ecard)?;
            Ok(session)
        })
        .await?;
    let now = world.real_now();
    world.holder_windows().accept(now, &session, &holder_proof)?;
    let second = u32::try_from(now.as_seconds()).map_err(|_| Error::internal("the clock is off"))?;
    let minted = world.keys().ring().mint_code(second, id.shard().get(), id);
    let code = minted.ok_or_else(|| Error::internal("there is no key for codes"))?;
    let ttl = world.parameter(Name::CodeTtl);
    Ok(Minted { code, expires_at: Timestamp::from_seconds(i64::from(second)).plus_seconds(ttl) })
}

/// Draws a code, black on white, one unit for a module.
///
/// # Errors
/// Internal: a code always fits.
pub fn draw(code: &str) -> Result<String, Error> {
    let drawn = QRBuilder::new(code).ecl(ECL::M).version(Version::V03).mode(Mode::Alphanumeric).build();
    let drawn = drawn.map_err(|_| Error::internal("a code does not fit its picture"))?;
    let size = drawn.size + 2 * QUIET;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}h-{size}z\"/><path d=\""
    );
    for y in 0..drawn.size {
        for (x, module) in drawn[y].iter().enumerate() {
            if module.value() {
                let _ = write!(svg, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
}
