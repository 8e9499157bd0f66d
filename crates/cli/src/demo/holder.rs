//! The holder: claims, sets a password, shows a code; the terminal verifies it once.

use super::play::{Play, Step, holds, now, person, refused};
use crate::failure::{Attempt, Failure};
use sdk::client::Acceptance;
use sdk::types::qr::Purpose;

/// In order.
pub const STEPS: &[Step] = &[
    Step { name: "A channel claims an e-card for a holder", run: claim },
    Step { name: "Claiming again finds the same e-card", run: claim_again },
    Step { name: "The holder sets a password; a weak one is refused", run: password },
    Step { name: "The holder shows a code and a terminal verifies it", run: verify },
    Step { name: "The same code a second time is refused", run: replay },
    Step { name: "A code that was changed is refused", run: forge_code },
    Step { name: "Whoever is not the holder cannot claim", run: other_persons },
];

fn claim(play: &mut Play) -> Result<String, Failure> {
    let (claimed, device) = play.claim(person("王小明")?)?;
    holds(
        claimed.sign_level == 2 && !claimed.already_claimed,
        "a level-2 e-card was claimed for the first time",
    )?;
    play.binding = claimed.binding_id;
    play.device = device;
    let view = play.channel.ecard(&play.binding)?;
    Ok(format!("{} {} holds e-card {}", view.name_masked, view.id_number_masked, view.ecard_no))
}

fn claim_again(play: &mut Play) -> Result<String, Failure> {
    let (claimed, device) = play.claim(person("王小明")?)?;
    holds(
        claimed.already_claimed && claimed.binding_id == play.binding,
        "the binding is the one from before",
    )?;
    play.device = device;
    Ok(format!("still {}; one e-card per person", claimed.ecard_no))
}

fn password(play: &mut Play) -> Result<String, Failure> {
    let mut codes = Vec::new();
    for weak in ["123456", "888888"] {
        let request = play.device.set_password(weak, now()).attempt("seal a password")?;
        match play.channel.set_password(&play.binding, &request) {
            Err(error) if error.code().is_some_and(|code| code.starts_with("password.")) => {
                codes.push(error.code().unwrap_or_default().to_owned());
            }
            other => return Err(Failure::failed(format!("a weak password was not refused: {other:?}"))),
        }
    }
    let request = play.device.set_password("295617", now()).attempt("seal a password")?;
    let view = play.channel.set_password(&play.binding, &request)?;
    holds(view.password_set, "the password is set")?;
    let request = play.device.open_by_password(&play.binding, "295617", now());
    let opened = play.channel.open_holder_session(&request)?;
    play.device.take_up(&play.binding, &opened).attempt("take up the session")?;
    Ok(format!(
        "{}; then set, and a holder session of level {} opened with it",
        codes.join(", "),
        opened.level
    ))
}

fn verify(play: &mut Play) -> Result<String, Failure> {
    let code = play.code()?;
    let request = play.scan(&code, Purpose::Identity, None);
    let verified = play.terminal.verify_code(&request)?;
    let again = play.terminal.verify_code(&request)?;
    holds(
        again.replayed && again.use_id == verified.use_id,
        "the repeated request gets the recorded answer",
    )?;
    let holder = verified.holder.name_masked.unwrap_or_default();
    Ok(format!("{holder}, pseudonym {}, evidence {}", &verified.pseudonym[..8], verified.use_id))
}

fn replay(play: &mut Play) -> Result<String, Failure> {
    let code = play.code()?;
    play.verify(&code, Purpose::Identity, None)?;
    refused(play.verify(&code, Purpose::Identity, None), "code.replayed")
}

fn forge_code(play: &mut Play) -> Result<String, Failure> {
    // In the middle: the last character has bits that belong to no byte.
    let mut code = play.code()?;
    let middle = code.len() / 2;
    let other = if &code[middle..=middle] == "A" { "B" } else { "A" };
    code.replace_range(middle..=middle, other);
    refused(play.verify(&code, Purpose::Identity, None), "code.forged")
}

fn other_persons(play: &mut Play) -> Result<String, Failure> {
    let mut proof = Vec::new();
    for name in ["吴换人", "周无卡", "陈丢卡", "赵注销"] {
        match play.claim(person(name)?) {
            Err(error) if error.problem().is_some_and(|problem| problem.status < 500) => {
                proof.push(format!("{name} {}", error.code().unwrap_or_default()));
            }
            Err(error) => return Err(error.into()),
            Ok(_) => return Err(Failure::failed(format!("{name} could claim"))),
        }
    }
    Ok(proof.join(", "))
}
