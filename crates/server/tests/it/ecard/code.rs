//! Codes to show: minted for a holder in session, drawn so that a camera reads them.

use super::scene::{self, channel, claim, device, holder};
use crate::harness::refusal;
use domain::card::Phase;
use sdk::client::{Acceptance, Call, Channel};
use sdk::types::qr::{CodeCreated, Purpose, VerifyCode};

/// Pixels of one module.
const SCALE: usize = 8;

/// What a camera reads in the picture.
fn read(svg: &str) -> String {
    let (_, rest) = svg.split_once("viewBox=\"0 0 ").unwrap();
    let size: usize = rest.split(' ').next().unwrap().parse().unwrap();
    let (_, dark) = svg.rsplit_once("d=\"").unwrap();
    let dark: std::collections::HashSet<(usize, usize)> = dark
        .split('M')
        .skip(1)
        .map(|square| {
            let (x, rest) = square.split_once(' ').unwrap();
            let (y, _) = rest.split_once('h').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        })
        .collect();
    let pixel = |x: usize, y: usize| if dark.contains(&(x / SCALE, y / SCALE)) { 0 } else { 255 };
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(size * SCALE, size * SCALE, pixel);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1);
    let (meta, content) = grids[0].decode().unwrap();
    assert_eq!(meta.version.to_size(), 29, "version 3");
    content
}

fn verify(code: String, request_id: &str) -> VerifyCode {
    let (service, division, payee_id) = (None, None, None);
    VerifyCode {
        code,
        purpose: Purpose::Identity,
        service,
        division,
        payee_id,
        request_id: request_id.into(),
    }
}

fn drawn(client: &Channel, binding_id: &str, request: &sdk::types::qr::CreateCode) -> CodeCreated {
    let call = Call::post(format!("/api/v1/ecards/{binding_id}/codes?svg=true"), request).unwrap();
    client.client().send(&call).unwrap()
}

on_both! {
    fn a_code_is_drawn_so_that_a_camera_reads_it(platform) {
        let (_, client) = channel(platform);
        let holder = holder(platform, &client);
        let plain = client.create_code(&holder.binding_id, &holder.device.create_code().unwrap()).unwrap();
        assert_eq!((plain.qr.version, plain.qr.level.as_str(), plain.qr.svg), (3, "M", None));
        assert_eq!(plain.code.len(), 58);
        let code = drawn(&client, &holder.binding_id, &holder.device.create_code().unwrap());
        assert_eq!(read(code.qr.svg.as_deref().unwrap()), code.code);
        assert_ne!(code.code, plain.code, "never one code twice");
        let expires_at: domain::time::Timestamp = code.expires_at.parse().unwrap();
        let left = expires_at.as_seconds() - server::clock::micros() / 1_000_000;
        assert!((55..=60).contains(&left), "{left}");
    }

    fn a_use_of_the_code_is_there_for_its_holder_to_see(platform) {
        let (_, client) = channel(platform);
        let terminal = platform.terminal("330100");
        platform.open_service(&terminal, "identity.verify", "330100");
        let holder = holder(platform, &client);
        let terminal_client = terminal.terminal();
        let mut used = Vec::new();
        for request_id in ["first", "second", "third"] {
            let code = holder.code(&client).unwrap();
            used.insert(0, terminal_client.verify_code(&verify(code, request_id)).unwrap().use_id);
        }
        let seen: Vec<_> = client.uses(&holder.binding_id).map(Result::unwrap).collect();
        assert_eq!(seen.iter().map(|one| one.use_id.clone()).collect::<Vec<_>>(), used, "newest first");
        assert_eq!(seen[0].terminal_id.as_deref(), Some(terminal.id.as_str()));
        assert!(seen[0].channel_id.is_none() && seen[0].caller_name.starts_with("SN-"));
        let paged: Vec<sdk::types::usage::UseView> = client
            .client()
            .list(format!("/api/v1/ecards/{}/uses?limit=1", holder.binding_id))
            .map(Result::unwrap)
            .collect();
        assert_eq!(paged.len(), 3);
    }

    /// ND-1.4: a code that was shown before the card was lost is worth nothing after.
    fn a_lost_card_stops_the_codes_of_its_ecard(platform) {
        let (_, client) = channel(platform);
        let terminal = platform.terminal("330100");
        platform.open_service(&terminal, "identity.verify", "330100");
        for (phase, code) in [
            (Phase::LossReported, "card.loss_reported"),
            (Phase::Locked, "card.locked"),
            (Phase::Invalid, "card.invalid"),
        ] {
            let holder = holder(platform, &client);
            let shown = holder.code(&client).unwrap();
            scene::move_card(platform, &holder.person, phase);
            let outcome = terminal.terminal().verify_code(&verify(shown, code));
            assert_eq!(refusal(outcome), (409, code.into()));
            assert!(client.uses(&holder.binding_id).next().is_none(), "what was refused is not a use");
        }
    }

    /// A channel sees what it has part in; the holder, who proves it, sees every use (ND-2.4b).
    fn a_channel_sees_its_own_part_and_the_holder_everything(platform) {
        let (here, client) = channel(platform);
        let (_, elsewhere) = channel(platform);
        let terminal = platform.terminal("330100");
        for caller in [&terminal, &here] {
            platform.open_service(caller, "identity.verify", "330100");
        }
        let at_counter = terminal.terminal();
        let mut holder = holder(platform, &client);
        let mut device = device(&elsewhere);
        let claimed = elsewhere.claim_ecard(&claim(&holder.person, &device)).unwrap();
        let request = device.open_by_password(&claimed.binding_id, scene::PASSWORD, scene::seconds());
        device.take_up(&claimed.binding_id, &elsewhere.open_holder_session(&request).unwrap()).unwrap();
        let other_code = || elsewhere.create_code(&claimed.binding_id, &device.create_code().unwrap()).unwrap().code;

        let shown_here = at_counter.verify_code(&verify(holder.code(&client).unwrap(), "1")).unwrap().use_id;
        let shown_there = at_counter.verify_code(&verify(other_code(), "2")).unwrap().use_id;
        let verified_here = client.verify_code(&verify(other_code(), "3")).unwrap().use_id;
        let listed = |of: &sdk::client::Channel, binding: &str| {
            of.uses(binding).map(|one| one.unwrap().use_id).collect::<Vec<_>>()
        };
        let everything = [&verified_here, &shown_there, &shown_here].map(Clone::clone);
        let check = |holder: &scene::Holder| {
            assert_eq!(listed(&client, &holder.binding_id), [verified_here.clone(), shown_here.clone()]);
            assert_eq!(listed(&elsewhere, &claimed.binding_id), [verified_here.clone(), shown_there.clone()]);
            let request = holder.device.list_all_uses().unwrap();
            let page = client.all_uses(&holder.binding_id, None, &request).unwrap();
            assert_eq!(page.data.into_iter().map(|one| one.use_id).collect::<Vec<_>>(), everything);
            let again = client.all_uses(&holder.binding_id, None, &request);
            assert_eq!(refusal(again), (403, "holder.proof_invalid".into()), "a proof is for one page");
        };
        check(&holder);
        let end = platform.world().real_now().as_seconds() / 60 + 1;
        platform.write(move |tx| {
            while let Some((from, to)) = store::ecard::uses::next_part(tx, end)? {
                store::ecard::uses::index(tx, from, to)?;
            }
            Ok(())
        });
        check(&holder);
        holder.sign_in(&client, scene::PASSWORD).unwrap();
        let foreign = holder.device.list_all_uses().unwrap();
        let outcome = elsewhere.all_uses(&claimed.binding_id, None, &foreign);
        assert_eq!(refusal(outcome), (403, "holder.proof_invalid".into()), "another channel's session");
    }
}
