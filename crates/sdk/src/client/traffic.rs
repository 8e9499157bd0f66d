//! What staff ask about the requests of a channel.

use super::call::{encode, with_query};
use super::{Call, Error, Staff};
use crate::types::traffic::{KeyTrafficList, TrafficView};

impl Staff {
    /// How often each signing key of a channel was used today and yesterday, and when last.
    pub fn key_traffic(&self, channel_id: &str) -> Result<KeyTrafficList, Error> {
        self.client().send(&Call::get(format!("/api/v1/channels/{}/traffic/keys", encode(channel_id))))
    }

    /// What the requests of a channel looked like on some days.
    pub fn traffic(&self, channel_id: &str, from_on: &str, to_on: &str) -> Result<TrafficView, Error> {
        let path = format!("/api/v1/channels/{}/traffic", encode(channel_id));
        let query = [("from_on", Some(from_on)), ("to_on", Some(to_on))];
        self.client().send(&Call::get(with_query(&path, &query)))
    }
}
