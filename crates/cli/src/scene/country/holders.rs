//! Holders in the country: every province keeps a small registry of nobody's cards, and month by month some of its people
//! claim an e-card in the channel that serves the whole country, in some provinces sooner than in others.
//!
//! Invariant: like the channels' use they are of the sandbox alone; whose card is not in use claims nothing.

use super::cast::Cast;
use super::years::HISTORY;
use crate::failure::{Attempt, Failure};
use crate::scene::persons::nobody;
use crate::scene::set::import;
use crate::scene::{Pair, config};
use domain::division::{DivisionCode, PROVINCES, Province};
use sdk::client::{Channel, Staff};
use sdk::types::channel::ChannelView;
use sdk::types::ecard::{ClaimEcard, IdKind, RealPerson, RealPersonMethod};
use sdk::types::import::CardRow;
use sdk::types::service::CreateOpening;

/// The service by which a channel issues e-cards.
const ISSUE: &str = "ecard.issue";
/// Cards of the smallest registry.
const LEAST: usize = 6;
/// So many people of the census are one more card.
const PER_CARD: u32 = 3_500_000;

/// Somebody with a card in use, and in which month of the history the e-card is claimed, if in any.
struct Holder {
    card: CardRow,
    claims_in: i32,
}

/// Everybody with a card in use.
pub struct Holders {
    channel: Channel,
    holders: Vec<Holder>,
}

impl Holders {
    /// Fills the registries, and lets `nation`, which has this key pair, issue e-cards in every province.
    ///
    /// # Errors
    /// The first step that the platform refuses.
    pub fn register(base_url: &str, cast: &Cast, nation: &ChannelView, pair: &Pair) -> Result<Self, Failure> {
        let mut holders = Vec::new();
        for (place, province) in PROVINCES.iter().enumerate() {
            let registrar = cast.registrar(province.code);
            open(registrar, province, nation)?;
            let cards = cards(province, holders.len());
            import(registrar, &format!("cards-{}.json", province.code), &cards)?;
            holders.extend((0..).zip(cards).map(|(number, card)| holder(place, number, card)));
        }
        holders.retain(|holder| holder.card.aaz502 == "1");
        Ok(Self { channel: Channel::new(&config(base_url)?, pair.key_pair()?)?, holders })
    }

    /// The month's claims.
    ///
    /// # Errors
    /// The first that the platform refuses.
    pub fn claim(&self, month: i32) -> Result<(), Failure> {
        for holder in self.holders.iter().filter(|holder| holder.claims_in == month) {
            let claim = ClaimEcard {
                name: holder.card.aac003.expose().into(),
                id_kind: IdKind::ResidentId,
                id_number: holder.card.aac002.expose().into(),
                card_number: None,
                division: None,
                real_person: RealPerson { method: RealPersonMethod::Face, token: "sim:pass".into() },
                level: 2,
                device_key: None,
            };
            self.channel.claim_ecard(&claim).attempt("claim an e-card of the country")?;
        }
        Ok(())
    }
}

fn open(registrar: &Staff, province: &Province, nation: &ChannelView) -> Result<(), Failure> {
    let request = CreateOpening {
        service: ISSUE.into(),
        caller_id: nation.channel_id.clone(),
        division: province.code.to_string(),
    };
    registrar.create_opening(&request).attempt(format_args!("open {ISSUE} in {}", province.en)).map(drop)
}

/// The registry of a province, whose cards are numbered from `first` on; they are of up to three of its prefectures.
fn cards(province: &Province, first: usize) -> Vec<CardRow> {
    let count = LEAST + usize::try_from(province.population / PER_CARD).unwrap_or_default();
    // The people of 兵团 were born in 新疆: its divisions are in no number of a person.
    let born = if province.code == DivisionCode::XPCC { 650_000 } else { province.code.get() } + 103;
    let issuers: Vec<_> = province.prefectures().map(|(code, _)| code.to_string()).take(3).collect();
    let card =
        |number: usize| nobody(&issuers[number % issuers.len()], &born.to_string(), 'C', first + number);
    (0..count).map(card).collect()
}

/// Of the people of the province at this place so many in a hundred claim in the course of the history.
fn holder(place: usize, number: usize, card: CardRow) -> Holder {
    let percent = 18 + place * 37 % 71;
    let turn = i32::try_from(number * 61 % 100 * 100 / percent).unwrap_or(i32::MAX);
    Holder { card, claims_in: turn * HISTORY / 100 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::{DocumentKind, IdDocument};
    use std::collections::BTreeSet;

    #[test]
    fn every_province_has_holders_and_some_claim_and_some_do_not() {
        let mut numbers = BTreeSet::new();
        for (place, province) in PROVINCES.iter().enumerate() {
            let cards = cards(province, numbers.len());
            for card in &cards {
                IdDocument::new(DocumentKind::ResidentId, card.aac002.expose()).unwrap();
                assert!(province.code.covers(card.aab301.parse().unwrap()));
                assert!(numbers.insert(card.aac002.expose().to_owned()), "{}", province.en);
            }
            let holders: Vec<_> =
                (0..).zip(cards).map(|(number, card)| holder(place, number, card).claims_in).collect();
            assert!(holders.iter().any(|month| (0..HISTORY).contains(month)), "{}", province.en);
        }
    }
}
