//! Whom a step tells, for the kinds of matter that are about a channel.
//!
//! Invariant: what concerns a level-2 channel is told to its level-1 channel too, which is jointly liable (CH-11.4c) and
//! answers for its security, risk control, statistics, customer service and publicity (CH-11.4b).
//! Not here: how a message travels.

use super::{Effect, Message, Party, Scene};
use crate::division::{DivisionCode, Level};
use crate::id::ChannelId;

impl Scene<'_> {
    /// Tells one party.
    pub fn tell(&self, party: Party, zh: impl Into<String>, en: impl Into<String>) -> Effect {
        Effect::Tell(Message { party, division: None, channel: None, zh: zh.into(), en: en.into() })
    }

    /// Tells the HRSS department of every region of the channel: prefecture, province, or for the whole country the
    /// ministry (CH-5.1, CH-5.2).
    pub fn tell_departments(&self, zh: &str, en: &str) -> Vec<Effect> {
        let regions = self.channel.map_or(&[][..], |channel| channel.scope.regions());
        let told = |region: &DivisionCode| {
            let (party, division) = match region.level() {
                Level::National => (Party::Ministry, None),
                Level::Province => (Party::Province, Some(*region)),
                Level::Prefecture | Level::County => (Party::Prefecture, Some(region.prefecture())),
            };
            Effect::Tell(Message { party, division, channel: None, zh: zh.to_owned(), en: en.to_owned() })
        };
        regions.iter().map(told).collect()
    }

    /// [`tell_departments`](Self::tell_departments), and the ministry in any case.
    pub fn tell_departments_and_ministry(&self, zh: &str, en: &str) -> Vec<Effect> {
        let mut told = self.tell_departments(zh, en);
        let is_told =
            |effect: &Effect| matches!(effect, Effect::Tell(message) if message.party == Party::Ministry);
        if !told.iter().any(is_told) {
            told.push(self.tell(Party::Ministry, zh, en));
        }
        told
    }

    /// The level-1 channel that is jointly liable for the channel (CH-11.4c); none when the channel is of level 1.
    pub fn jointly_liable(&self) -> Option<ChannelId> {
        self.channel.and_then(|channel| channel.parent)
    }

    /// Tells the owner and, of a level-2 channel, the level-1 channel about it (CH-11.4c).
    pub fn tell_owner(&self, zh: impl Into<String>, en: impl Into<String>) -> Vec<Effect> {
        let (zh, en) = (zh.into(), en.into());
        let mut told = vec![self.tell(Party::Owner, zh.clone(), en.clone())];
        if let (Some(channel), Some(parent)) = (self.channel, self.jointly_liable()) {
            told.push(Effect::Tell(Message::to_liable(
                parent,
                (&channel.name, &channel.number.to_string()),
                &zh,
                &en,
            )));
        }
        told
    }
}

impl Message {
    /// What is told of a level-2 channel, to its level-1 channel (CH-11.4c).
    pub fn to_liable(parent: ChannelId, (name, number): (&str, &str), zh: &str, en: &str) -> Self {
        Self {
            party: Party::Owner,
            division: None,
            channel: Some(parent),
            zh: format!("下属二级渠道{name}（{number}）：{zh}"),
            en: format!("level-2 channel {name} ({number}): {en}"),
        }
    }
}
