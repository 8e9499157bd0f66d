//! A story of the country: what somebody begins about a channel, and what others do to it days later, one after another.
//!
//! Invariant: a story is data until its day has come, so that a hand-written one and a drawn one are told in the same way.
//! What depends on the day on which an act is done is put in its place then ([`at`]): days, moments, files.

use super::cast::Cast;
use super::channels::Channels;
use super::desk::Desk;
use crate::failure::Failure;
use domain::time::BusinessDate;
use serde_json::{Value, json};
use std::collections::VecDeque;

/// The owner of the story's channel, or of its level-1 channel.
pub const OWNER: &str = "owner";

/// Where and when an act is done.
pub struct Spot<'a> {
    /// Everybody.
    pub cast: &'a Cast,
    /// Who does it.
    pub desk: &'a Desk,
    /// Every channel.
    pub channels: &'a Channels,
    /// The story's.
    pub channel_id: &'a str,
    /// The matter; empty before there is one.
    pub matter: &'a str,
    /// The day.
    pub today: BusinessDate,
}

/// What is done.
enum Deed {
    /// Something of a kind is begun.
    Open(&'static str, Value),
    /// An action with what it brings.
    Do(&'static str, Value),
    /// Something that takes more than one request.
    With(fn(&Spot<'_>) -> Result<(), Failure>),
}

/// An act, so many days after the one before.
struct Act {
    after: i32,
    by: &'static str,
    deed: Deed,
}

/// A story.
pub struct Story {
    channel: &'static str,
    acts: VecDeque<Act>,
    matter: String,
}

impl Story {
    /// Nothing has happened about the channel with this key yet.
    pub fn about(channel: &'static str) -> Self {
        Self { channel, acts: VecDeque::new(), matter: String::new() }
    }

    fn and(mut self, after: i32, by: &'static str, deed: Deed) -> Self {
        self.acts.push_back(Act { after, by, deed });
        self
    }

    /// Somebody begins something of a kind, at once.
    pub fn opens(self, by: &'static str, kind: &'static str, opening: Value) -> Self {
        self.and(0, by, Deed::Open(kind, opening))
    }

    /// The same so many days later.
    pub fn later_opens(self, after: i32, by: &'static str, kind: &'static str, opening: Value) -> Self {
        self.and(after, by, Deed::Open(kind, opening))
    }

    /// So many days later somebody acts on it.
    pub fn then(self, after: i32, by: &'static str, action: &'static str, brings: Value) -> Self {
        self.and(after, by, Deed::Do(action, brings))
    }

    /// The same with nothing but words.
    pub fn says(self, after: i32, by: &'static str, action: &'static str, words: &str) -> Self {
        self.then(after, by, action, json!({ "words": words }))
    }

    /// So many days later somebody does what takes more than one request.
    pub fn with(self, after: i32, by: &'static str, deed: fn(&Spot<'_>) -> Result<(), Failure>) -> Self {
        self.and(after, by, Deed::With(deed))
    }

    /// Goes on on a day: what is due is done. In how many days it goes on, if it does.
    ///
    /// # Errors
    /// The first step that the platform refuses.
    pub fn go_on(
        &mut self,
        cast: &Cast,
        channels: &Channels,
        today: BusinessDate,
    ) -> Result<Option<i32>, Failure> {
        let channel = &channels[self.channel];
        while let Some(act) = self.acts.pop_front() {
            let desk = if act.by == OWNER { cast.owner(self.channel) } else { cast.desk(act.by) };
            let (channel_id, matter) = (channel.channel_id.as_str(), self.matter.as_str());
            let spot = Spot { cast, desk, channels, channel_id, matter, today };
            match act.deed {
                Deed::Open("notice", opening) => {
                    let opened =
                        desk.notify(std::slice::from_ref(&channel.channel_id), at(opening, &spot)?)?;
                    self.matter = opened.into_iter().next().unwrap_or_default();
                }
                Deed::Open(kind, opening) => {
                    self.matter = desk.open(kind, &channel.channel_id, &at(opening, &spot)?)?;
                }
                Deed::Do(action, brings) => desk.act(&self.matter, action, &at(brings, &spot)?)?,
                Deed::With(deed) => deed(&spot)?,
            }
            match self.acts.front() {
                Some(next) if next.after > 0 => return Ok(Some(next.after)),
                _ => {}
            }
        }
        Ok(None)
    }
}

/// Puts in its place what depends on the day: `@5` is the day five days from now, `@5T08` eight o'clock on it, `@file:prompt`
/// a file that is sent with that purpose, `@number:lake` the number of a channel.
fn at(value: Value, spot: &Spot<'_>) -> Result<Value, Failure> {
    Ok(match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| Ok((name, at(value, spot)?)));
            Value::Object(fields.collect::<Result<_, Failure>>()?)
        }
        Value::Array(values) => {
            Value::Array(values.into_iter().map(|value| at(value, spot)).collect::<Result<_, _>>()?)
        }
        Value::String(text) => match text.strip_prefix('@') {
            Some(mark) => json!(placed(mark, spot)?),
            None => Value::String(text),
        },
        other => other,
    })
}

fn placed(mark: &str, spot: &Spot<'_>) -> Result<String, Failure> {
    if let Some(purpose) = mark.strip_prefix("file:") {
        return spot.desk.upload(spot.matter, purpose);
    }
    if let Some(channel) = mark.strip_prefix("number:") {
        return Ok(spot.channels[channel].number.clone());
    }
    let unknown = || Failure::failed(format!("a story knows no @{mark}"));
    let (days, hour) = mark.split_once('T').map_or((mark, None), |(days, hour)| (days, Some(hour)));
    let day = spot.today.plus_days(days.parse().map_err(|_| unknown())?);
    match hour {
        None => Ok(day.to_string()),
        Some(hour) => {
            let hour: i64 = hour.parse().map_err(|_| unknown())?;
            Ok(day.start().plus_seconds(hour * 3600).to_string())
        }
    }
}
