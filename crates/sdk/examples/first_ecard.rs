//! A first verified e-card: a channel claims it, the holder's device shows a code, a terminal verifies it once.
//!
//! Give it the file in which `ykt serve --demo` keeps the demonstration's accounts and keys, and the sandbox's
//! address: `first_ecard .data/demo.json http://127.0.0.1:8080/sandbox`.
#![expect(clippy::print_stdout, reason = "an example tells its reader what happened")]

use data_encoding::HEXLOWER;
use gm::sm2::SigningKey;
use sdk::client::{Acceptance, Channel, Config, KeyPair, Terminal, platform_keys};
use sdk::types::ecard::{ClaimEcard, IdKind, RealPerson, RealPersonMethod};
use sdk::types::qr::{Purpose, VerifyCode};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let [_, scene, base_url] = &std::env::args().collect::<Vec<_>>()[..] else {
        return Err("usage: first_ecard DEMO.json BASE_URL".into());
    };
    let scene: serde_json::Value = serde_json::from_slice(&std::fs::read(scene)?)?;
    // A real channel pins these keys after comparing their fingerprints out of band.
    let config = Config::new(base_url, platform_keys(base_url)?);
    let channel = Channel::new(&config, key_pair(&scene["channel"])?)?;
    let terminal = Terminal::new(&config, key_pair(&scene["terminal"])?)?;

    // The holder's device makes its own key; the channel's server only carries what it says.
    let mut device = channel.client().new_device()?;
    let seen = RealPerson { method: RealPersonMethod::Face, token: "sim:pass".into() };
    let claimed = channel.claim_ecard(&ClaimEcard {
        name: "王小明".into(),
        id_kind: IdKind::ResidentId,
        id_number: "330106199001010018".into(),
        card_number: None,
        division: None,
        real_person: seen.clone(),
        level: 2,
        device_key: Some(device.device_key()),
    })?;
    println!("claimed   e-card {} at level {}", claimed.ecard_no, claimed.sign_level);

    let binding = &claimed.binding_id;
    if let Some(session) = &claimed.holder_session {
        device.take_up(binding, session)?;
        channel.set_password(binding, &device.set_password("295617", now())?)?;
        println!("password  set; the channel's server saw only an envelope");
    } else {
        let session = channel.open_holder_session(&device.open_by_real_person(binding, seen))?;
        device.take_up(binding, &session)?;
        println!("password  was set before; the holder is known again by the real-person check");
    }

    let code = channel.create_code(binding, &device.create_code()?)?.code;
    println!("shown     {code}");
    let scan = |request_id: &str| VerifyCode {
        code: code.clone(),
        purpose: Purpose::Identity,
        service: None,
        division: None,
        payee_id: None,
        request_id: request_id.into(),
    };
    let verified = terminal.verify_code(&scan("scan-1"))?;
    let name = verified.holder.name_masked.unwrap_or_default();
    println!("verified  {name}, pseudonym {}, evidence {}", verified.pseudonym, verified.use_id);
    match terminal.verify_code(&scan("scan-2")) {
        Err(error) => println!("again     {error}"),
        Ok(_) => return Err("one code was verified twice".into()),
    }
    Ok(())
}

fn key_pair(pair: &serde_json::Value) -> Result<KeyPair, Box<dyn Error>> {
    let text = |name: &str| pair[name].as_str().ok_or_else(|| format!("the file has no {name}"));
    let secret: [u8; 32] =
        HEXLOWER.decode(text("secret_key")?.as_bytes())?.try_into().map_err(|_| "not a key")?;
    Ok(KeyPair { key_id: text("key_id")?.to_owned(), key: SigningKey::from_bytes(&secret)? })
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}
