//! What is no business of one channel: the ministry changes the numbers of the rules, owners change keys, and
//! people come at the wrong moment or decide on what is no longer there.

use super::words;
use crate::failure::Failure;
use crate::simulate::cast::Who;
use crate::simulate::play::{Event, Play, Seen};
use crate::simulate::stage::failed;
use domain::id::ParameterVersionId;
use domain::matter::Kind;
use domain::parameter::Name;
use oracle::{Brought, Number};
use serde_json::json;
use server::parameter::review::Decision;
use server::parameter::service::{Wish, decide, propose};
use store::Run;

/// Numbers that the ministry changes, each with what it may become.
pub const NUMBERS: [(Name, Number, [i64; 2]); 4] = [
    (Name::MinIssuance, Number::MinIssuance, [80, 120]),
    (Name::MauRatio, Number::MauRatio, [250, 400]),
    (Name::ExitNotice, Number::ExitNotice, [3, 2]),
    (Name::ExitAnnouncement, Number::ExitAnnouncement, [20, 15]),
];

/// What comes too early in most states of its kind, and from whom.
const ACTIONS: [(Kind, &str, Who); 20] = [
    (Kind::Application, "allocate", Who::Operator(0)),
    (Kind::Application, "verify", Who::Operator(1)),
    (Kind::Application, "activate", Who::Operator(2)),
    (Kind::Application, "audit", Who::Ministry(1)),
    (Kind::Agreement, "renew", Who::Ministry(0)),
    (Kind::Agreement, "accept_plan", Who::Operator(1)),
    (Kind::SecurityReport, "accept", Who::Operator(0)),
    (Kind::SecurityReport, "fail", Who::Operator(1)),
    (Kind::RiskEvent, "rectify", Who::Owner),
    (Kind::RiskEvent, "confirm", Who::Ministry(1)),
    (Kind::RiskEvent, "agree", Who::Ministry(0)),
    (Kind::Monitoring, "accept_plan", Who::Operator(0)),
    (Kind::Monitoring, "confirm_outcome", Who::Operator(1)),
    (Kind::Exit, "approve", Who::Ministry(0)),
    (Kind::Exit, "confirm", Who::Ministry(1)),
    (Kind::Exit, "accept", Who::Operator(1)),
    (Kind::Notice, "confirm", Who::Operator(1)),
    (Kind::Notice, "report", Who::Owner),
    (Kind::Campaign, "report", Who::Owner),
    (Kind::Ticket, "follow_up", Who::Owner),
];

/// The ministry changes a number: proposed, not approved by whoever proposed it, approved by somebody else (CH-37.1).
pub fn reading(play: &mut Play) -> Result<(), Failure> {
    let days = play.chance.between(120, 240);
    play.later(days, Event::Reading);
    let Some(place) = play.decks.numbers.draw(&mut play.chance, |_| true) else { return Ok(()) };
    let (name, number, values) = NUMBERS[place];
    let value = *play.chance.one_of(&values);
    let ahead = if play.chance.percent(25) { 1 } else { play.chance.between(5, 40) };
    let begins_on = play.today().plus_days(ahead);
    let wish = Wish { name, value, begins_on, reason: "调整口径".into() };
    let (first, second) =
        (play.cast.person(Who::Ministry(0), 0).clone(), play.cast.person(Who::Ministry(1), 0).clone());
    let world = play.stage.world().clone();
    let shown = match play.stage.wait(propose(&world, &first, wish)) {
        Ok(shown) => shown,
        Err(error) if error.status().is_client_error() => {
            play.tally.refusal("parameter.propose", &error);
            return Ok(());
        }
        Err(error) => return Err(failed("propose a number", &error)),
    };
    let id = ParameterVersionId::from_bytes(shown.row.id);
    let approve = |by| decide(&world, by, id, shown.row.version, Decision::Approve, "同意".into());
    match play.stage.wait(approve(&first)) {
        Ok(_) => play.oracle.object(format!("{name} was approved by whoever proposed it")),
        Err(error) => play.refused_for("parameter.approve", &error, &["parameter.own_proposal"]),
    }
    let approved = play.stage.wait(approve(&second));
    approved.map_err(|error| failed("approve a number", &error))?;
    play.tally.came("CH-37.1");
    play.oracle.changed(number, u64::try_from(value).unwrap_or(0), oracle::Day(begins_on.as_days()));
    Ok(())
}

/// The owner changes its channel's key (CH-26.1), and brings the same key a second time.
pub fn rotate(play: &mut Play, unit: usize) -> Result<(), Failure> {
    let key = gm::sm2::SigningKey::generate();
    if change_key(play, unit, &key)? {
        play.tally.came("CH-26.1");
        if change_key(play, unit, &key)? {
            play.oracle.object(format!("a key of channel {unit} was registered twice"));
        }
    }
    Ok(())
}

/// One change of a channel's key; whether the operator confirmed it. One that was not is taken back.
fn change_key(play: &mut Play, unit: usize, key: &gm::sm2::SigningKey) -> Result<bool, Failure> {
    let opening = json!({"usage": "caller", "label": "下一把密钥"});
    let opened = play.open(unit, Kind::KeyChange, Who::Owner, &opening, Brought::default())?;
    let Some(no) = opened else { return Ok(false) };
    let confirmed = super::signing_key::register(play, no, key, Who::Owner)?;
    if !confirmed {
        let seen = play.see(no)?;
        play.does(no, &seen, Who::Owner, &json!({"action": "withdraw"}))?;
    }
    Ok(confirmed)
}

impl Play {
    /// Something that had to be refused was, which is right for these reasons only.
    fn refused_for(&mut self, name: &str, error: &server::Error, reasons: &[&str]) {
        let code = error.code();
        self.oracle.expect(reasons.contains(&code), || format!("{name}: {code} is none of {reasons:?}"));
        self.tally.refusal(name, error);
    }

    /// Something that comes before its turn, or after it.
    pub fn out_of_turn(&mut self, no: usize, seen: &Seen) -> Result<(), Failure> {
        self.misplaced(no, seen, "matter.transition")
    }

    /// An action that the regulation does not know in the state as it is now, on the matter as somebody saw it: it is
    /// refused for this reason, and nothing has changed.
    pub fn misplaced(&mut self, no: usize, seen: &Seen, why: &str) -> Result<(), Failure> {
        let (kind, id) = (self.cases[no].kind, self.cases[no].id);
        let state = self.cases[no].state.clone();
        let misplaced = |(of, action, _): &&(Kind, &str, Who)| {
            *of == kind && !oracle::follows(kind.as_str(), &state, action)
        };
        let fitting: Vec<_> = ACTIONS.iter().filter(misplaced).collect();
        if fitting.is_empty() {
            return Ok(());
        }
        let (_, action, who) = **self.chance.one_of(&fitting);
        let staff = self.whoever(self.cases[no].unit, who).clone();
        let before = self.see(no)?;
        let acted = server::matter::service::act(
            self.stage.world(),
            &staff,
            id,
            seen.version,
            words(action).to_string(),
            Run::Real,
        );
        let name = format!("{kind}.{action}");
        match self.stage.wait(acted) {
            Ok(_) => self.oracle.object(format!("{name} was taken in state {state}, as of another moment")),
            Err(error) if error.status().is_server_error() => return Err(failed(&name, &error)),
            Err(error) => {
                let is_right = error.code() == why;
                self.oracle
                    .expect(is_right, || format!("{name} in state {state}: {} is not {why}", error.code()));
                self.tally.refusal(&name, &error);
            }
        }
        self.tally.misplaced += 1;
        let after = self.see(no)?;
        let is_same =
            (after.version, &after.state, &after.body) == (before.version, &before.state, &before.body);
        self.oracle.expect(is_same, || format!("{name} was refused and something has changed"));
        Ok(())
    }

    /// The person who acts so about a unit.
    pub fn whoever(&self, unit: usize, who: Who) -> &server::auth::Staff {
        let unit = &self.units[unit];
        let owner = if who == Who::Own { unit.own.unwrap_or(unit.owner) } else { unit.owner };
        self.cast.person(who, owner)
    }

    /// Whose owner acts, where an owner acts: that of level 1, or the channel's own.
    pub fn employer(&self, unit: usize, who: Who) -> Option<oracle::Employer> {
        let is_other = self.units[unit].own.is_some();
        match who {
            Who::Own if is_other => Some(oracle::Employer::Own),
            Who::Owner if is_other => Some(oracle::Employer::LevelOne),
            _ => None,
        }
    }
}
