//! A stage on which tests play a matter: a moment, a channel, other matters, and whoever acts next.

use super::{By, Effect, File, Kind, Known, Life, Party, Refused, Scene, Shown, Stored, life};
use crate::authorization::Opening;
use crate::calendar::Calendar;
use crate::channel::{Channel, Phase};
use crate::id::{MatterId, OrgId, StaffId};
use crate::key::Held;
use crate::parameter::Parameters;
use crate::service_form::Blank;
use crate::time::{BusinessDate, Timestamp};
use crate::webhook::Endpoint;

/// A stage.
#[allow(dead_code, reason = "each kind of matter uses what its tests need")]
pub(crate) struct Play {
    pub(crate) at: Timestamp,
    pub(crate) parameters: Parameters,
    pub(crate) channel: Option<Channel>,
    pub(crate) parent: Option<Channel>,
    pub(crate) others: Vec<Known>,
    pub(crate) files: Vec<File>,
    pub(crate) openings: Vec<Opening<'static>>,
    pub(crate) keys: Vec<Held>,
    pub(crate) blanks: Vec<Blank>,
    pub(crate) endpoints: Vec<Endpoint>,
    /// The matter as it is now; `None` before it is opened.
    pub(crate) matter: Option<Stored>,
    life: Life,
}

/// Somebody of a party: `person` tells people of one party apart.
pub(crate) fn by(party: Party, person: u8, division: &str) -> By {
    let human = party != Party::Platform;
    By {
        party,
        staff: human.then(|| StaffId::from_bytes([person; 16])),
        org: human.then(|| OrgId::from_bytes([2; 16])),
        division: division.parse().unwrap(),
        in_place_of: None,
    }
}

#[allow(dead_code, reason = "each kind of matter uses what its tests need")]
impl Play {
    /// A stage at 2026-03-02 09:00 in Beijing with a live channel that serves 浙江 and 上海.
    pub(crate) fn channel(kind: Kind) -> Self {
        let channel = crate::channel::tests::channel(Phase::Live);
        Self { channel: Some(channel), ..Self::empty(kind) }
    }

    /// The same without a channel.
    pub(crate) fn empty(kind: Kind) -> Self {
        Self {
            at: "2026-03-02T09:00:00+08:00".parse().unwrap(),
            parameters: Parameters::standard(),
            channel: None,
            parent: None,
            others: Vec::new(),
            files: Vec::new(),
            openings: Vec::new(),
            keys: Vec::new(),
            blanks: Vec::new(),
            endpoints: Vec::new(),
            matter: None,
            life: life(kind),
        }
    }

    /// Moves to 09:00 of a day.
    pub(crate) fn on(&mut self, day: &str) -> &mut Self {
        let day: BusinessDate = day.parse().unwrap();
        self.at = day.start().plus_seconds(9 * 3600);
        self
    }

    /// What a rule sees when somebody acts now.
    pub(crate) fn on_stage<T>(&self, by: By, act: impl FnOnce(&Scene<'_>) -> T) -> T {
        let calendar = Calendar::published();
        act(&Scene {
            by,
            at: self.at,
            matter: MatterId::from_bytes([7; 16]),
            parameters: &self.parameters,
            calendar: &calendar,
            channel: self.channel.as_ref(),
            parent: self.parent.as_ref(),
            others: &self.others,
            files: &self.files,
            openings: &self.openings,
            keys: &self.keys,
            blanks: &self.blanks,
            endpoints: &self.endpoints,
        })
    }

    /// Opens a matter as the first person of a party.
    pub(crate) fn open(&mut self, party: Party, opening: &str) -> Result<(), Refused> {
        self.open_by(by(party, 1, "000000"), opening)
    }

    /// Opens a matter.
    pub(crate) fn open_by(&mut self, by: By, opening: &str) -> Result<(), Refused> {
        let opened = self.on_stage(by, |scene| (self.life.open)(opening, scene))?;
        self.matter = Some(opened);
        Ok(())
    }

    /// Acts as the first person of a party.
    pub(crate) fn act(&mut self, party: Party, input: &str) -> Result<(), Refused> {
        self.act_by(by(party, 1, "000000"), input)
    }

    /// Acts.
    pub(crate) fn act_by(&mut self, by: By, input: &str) -> Result<(), Refused> {
        let body = self.matter.as_ref().unwrap().body.clone();
        let after = self.on_stage(by, |scene| (self.life.act)(&body, input, scene))?;
        self.matter = Some(after);
        Ok(())
    }

    /// The code with which an action is refused.
    pub(crate) fn refused(&mut self, party: Party, input: &str) -> String {
        self.act(party, input).unwrap_err().code().to_owned()
    }

    /// Puts the matter aside as one of the others, with an id of these bytes, and leaves the stage to a new one.
    pub(crate) fn put_aside(&mut self, id: u8, kind: Kind, opens: Kind) {
        let done = self.matter.take().unwrap();
        self.others.push(Known {
            id: MatterId::from_bytes([id; 16]),
            kind,
            state: done.state.to_owned(),
            is_ended: done.is_ended,
            body: done.body,
            opened_at: self.at,
        });
        self.life = life(opens);
    }

    /// A complete file of the matter.
    pub(crate) fn file(id: u8, purpose: &str) -> File {
        let id = crate::id::AttachmentId::from_bytes([id; 16]);
        File {
            id,
            org: OrgId::from_bytes([2; 16]),
            purpose: purpose.to_owned(),
            content_type: "application/pdf".to_owned(),
            size: 1,
            digest: [0xA5; 32],
        }
    }

    /// The words of the effects of the last step: what changes the channel, and whom a step tells.
    pub(crate) fn effect_words(&self) -> Vec<String> {
        let word = |effect: &Effect| match effect {
            Effect::Register(_) => "register".to_owned(),
            Effect::Enter(phase) => format!("enter {phase}"),
            Effect::Rescope(_) => "rescope".to_owned(),
            Effect::ActivateKeys(_) => "activate keys".to_owned(),
            Effect::RevokeKeys => "revoke keys".to_owned(),
            Effect::Withhold(what) => format!("withhold {}", serde_json::to_string(what).unwrap()),
            Effect::Guide(numbers) => format!("guide to {}", numbers.len()),
            Effect::Restore => "restore".to_owned(),
            Effect::Order { opening, order } => format!("{order} {}", opening.as_bytes()[0]),
            Effect::Open { kind, opening } => format!("open {kind} {opening}"),
            Effect::Act { matter, input } => format!("act {} {input}", matter.as_bytes()[0]),
            Effect::Challenge(url) => format!("challenge {url}"),
            Effect::Redirect(moved) => format!("redirect to {}", moved.url),
            Effect::WriteToContacts(occasion) => format!("write to contacts: {occasion}"),
            Effect::Tell(message) => {
                let area = message.division.map(|division| format!("/{division}")).unwrap_or_default();
                let other = message.channel.map(|_| " of another channel").unwrap_or_default();
                format!("tell {}{area}{other}", message.party)
            }
        };
        self.effects().iter().map(word).collect()
    }

    /// The word of the state.
    pub(crate) fn state(&self) -> &'static str {
        self.matter.as_ref().unwrap().state
    }

    /// Whether it has ended.
    pub(crate) fn is_ended(&self) -> bool {
        self.matter.as_ref().unwrap().is_ended
    }

    /// What the last step asked for.
    pub(crate) fn effects(&self) -> &[Effect] {
        &self.matter.as_ref().unwrap().effects
    }

    /// Each wait as `party[/division]:task[@last day]`.
    pub(crate) fn waits(&self) -> Vec<String> {
        let line = |wait: &super::Wait| {
            let area = wait.division.map(|division| format!("/{division}")).unwrap_or_default();
            let due = wait.deadline.as_ref().map(|line| format!("@{}", line.due_on)).unwrap_or_default();
            format!("{}{area}:{}{due}", wait.party, wait.task)
        };
        self.matter.as_ref().unwrap().waits.iter().map(line).collect()
    }

    /// What the first person of a party may do.
    pub(crate) fn actions(&self, party: Party) -> Vec<&'static str> {
        self.actions_by(&by(party, 1, "000000"))
    }

    /// What somebody may do.
    pub(crate) fn actions_by(&self, by: &By) -> Vec<&'static str> {
        let body = &self.matter.as_ref().unwrap().body;
        (self.life.actions)(body, by, self.channel.as_ref().map(|channel| channel.phase))
            .into_iter()
            .map(|shown| shown.action)
            .collect()
    }
}

/// A state machine as text: who opens it, what each action is, every possible step.
pub(crate) fn workflow(kind: Kind) -> String {
    let workflow = (life(kind).workflow)();
    let words = |words: Vec<&'static str>| words.join(" ");
    let parties = |parties: &[Party]| words(parties.iter().map(|party| party.as_str()).collect());
    let mut text = format!("{kind}, opened by {}\n\n", parties(workflow.opened_by));
    for Shown { action, rule } in &workflow.actions {
        let needs = words(rule.needs.iter().map(|need| need.as_str()).collect());
        let (by, clause, zh, en) = (parties(rule.by), rule.clause, rule.zh, rule.en);
        text += format!("{action}: {by}, {clause}, {zh}, {en}, {needs}").trim_end_matches([',', ' ']);
        text += "\n";
    }
    text += "\n";
    for edge in &workflow.edges {
        text += &format!("{} --{}-> {}\n", edge.from, edge.action, words(edge.to.clone()));
    }
    text
}
