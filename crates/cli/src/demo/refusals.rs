//! What the platform refuses: a lost card, each missing authorization, forged signatures, a suspended channel.

use super::play::{Play, Step, holds, person, refused};
use crate::failure::Failure;
use crate::scene::{self, NOT_IN_SCOPE, NOT_OPENED, TAKES_GRANT};
use gm::sm2::SigningKey;
use sdk::client::{Acceptance, Call, Channel, KeyPair};
use sdk::types::card::{CardAction, ChangeCardState, FindCard};
use sdk::types::channel::ActOnChannel;
use sdk::types::qr::Purpose;
use sdk::types::session::{Ping, Pong};

/// In order.
pub const STEPS: &[Step] = &[
    Step { name: "A lost card stops the e-card, and finding it lets it go on", run: lost_card },
    Step { name: "Without the department's authorization a use is refused", run: department_missing },
    Step { name: "Without the channel's authorization a use is refused", run: channel_missing },
    Step { name: "Without the holder's authorization a use is refused", run: person_missing },
    Step { name: "A forged signature is refused", run: forged_signature },
    Step { name: "A suspended channel is refused from the next request on", run: suspended_channel },
];

fn lost_card(play: &mut Play) -> Result<String, Failure> {
    let window = play.scene.staff(&play.base_url, "region_clerk")?;
    let find = FindCard {
        division: None,
        card_number: None,
        id_kind: None,
        id_number: Some(person("王小明")?.id_number().into()),
    };
    let card = window.find_cards(&find)?.data.into_iter().next();
    let card = card.ok_or_else(|| Failure::failed("the holder's card was not found"))?;
    let code = play.code()?;
    let change = |action| ChangeCardState { action, reason: None };
    let lost = window.change_card_state(&card.card_id, card.version, &change(CardAction::ReportLoss))?;
    let outcome = play.verify(&code, Purpose::Identity, None);
    let proof = match outcome {
        Err(error) if error.code().is_some() => error.code().unwrap_or_default().to_owned(),
        other => return Err(Failure::failed(format!("the e-card of a lost card was accepted: {other:?}"))),
    };
    window.change_card_state(&card.card_id, lost.version, &change(CardAction::WithdrawLoss))?;
    let code = play.code();
    if code.is_err() {
        // Losing the card ended the holder's session; the holder opens another.
        let request = play.device.open_by_password(&play.binding, "295617", super::play::now());
        let opened = play.channel.open_holder_session(&request)?;
        play.device.take_up(&play.binding, &opened).map_err(|error| Failure::failed(error.to_string()))?;
    }
    let code = code.or_else(|_| play.code())?;
    play.verify(&code, Purpose::Identity, None)?;
    Ok(format!("a code shown before the loss: {proof}; found again: verified"))
}

fn department_missing(play: &mut Play) -> Result<String, Failure> {
    let code = play.code()?;
    refused(play.verify(&code, Purpose::Service, Some(NOT_OPENED)), "authorization.department_missing")
}

fn channel_missing(play: &mut Play) -> Result<String, Failure> {
    let code = play.code()?;
    refused(play.verify(&code, Purpose::Service, Some(NOT_IN_SCOPE)), "authorization.channel_missing")
}

fn person_missing(play: &mut Play) -> Result<String, Failure> {
    let code = play.code()?;
    refused(play.verify(&code, Purpose::Service, Some(TAKES_GRANT)), "authorization.person_missing")
}

fn forged_signature(play: &mut Play) -> Result<String, Failure> {
    let config = scene::config(&play.base_url)?;
    let forger = KeyPair { key_id: play.scene.channel.key_id.clone(), key: SigningKey::generate() };
    let forger = Channel::signed(&config, forger)?;
    let ping = Ping { text: "hello".into() };
    let call = Call::post("/api/v1/ping", &ping)?.repeatable();
    let proof = refused(forger.client().send::<Pong>(&call), "signature.invalid")?;
    let honest = Channel::signed(&config, play.scene.channel.key_pair()?)?;
    let pong: Pong = honest.client().send(&call)?;
    holds(pong.text == ping.text, "the true key is accepted")?;
    Ok(format!("{proof}; the registered key is accepted, and its answer is signed by the platform"))
}

fn suspended_channel(play: &mut Play) -> Result<String, Failure> {
    let admin = play.scene.staff(&play.base_url, "operator_admin")?;
    let id = play.scene.channel.owner_id.clone();
    let act = |action: &str| ActOnChannel { action: action.into(), reason: Some("demonstration".into()) };
    let request = play.device.create_code().map_err(|error| Failure::failed(error.to_string()))?;
    let version = admin.channel(&id)?.version;
    let suspended = admin.act_on_channel(&id, version, &act("suspend"))?;
    let outcome = play.channel.create_code(&play.binding, &request);
    admin.act_on_channel(&id, suspended.version, &act("resume"))?;
    let proof = match outcome {
        Err(error) if error.problem().is_some_and(|problem| problem.status < 500) => {
            error.code().unwrap_or_default().to_owned()
        }
        other => return Err(Failure::failed(format!("a suspended channel was served: {other:?}"))),
    };
    play.code()?;
    Ok(format!("{proof}; resumed, it is served again"))
}
