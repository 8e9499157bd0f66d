//! Holders in the country: every province keeps a small registry of nobody's cards, and month by month some of its people
//! claim an e-card in the channel that serves the whole country, in some provinces sooner than in others.
//!
//! Invariant: like the channels' use they are of the sandbox alone. In the last weeks they claim one by one, and in all the ways in
//! which a claim goes wrong; what comes of it is what the platform answers, and nothing is counted here.

use super::cast::Cast;
use super::channels::Channels;
use super::years::HISTORY;
use crate::chance::{Chance, Deck};
use crate::failure::{Attempt, Failure};
use crate::scene::config;
use crate::scene::persons::{nobody, with_check_digit};
use crate::scene::set::{import, pair};
use domain::division::{DivisionCode, PROVINCES, Province};
use domain::time::BusinessDate;
use sdk::client::{Channel, Staff};
use sdk::types::Private;
use sdk::types::channel::ChannelView;
use sdk::types::ecard::{ClaimEcard, IdKind, RealPerson, RealPersonMethod};
use sdk::types::import::CardRow;
use sdk::types::key::AddKey;
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

/// Everybody with a card.
pub struct Holders {
    /// The channel that issues in every province, and those that issue in some.
    channels: Vec<(Channel, ChannelView)>,
    holders: Vec<Holder>,
    /// Cards that are in no use.
    lost: Vec<CardRow>,
}

/// What becomes of a claim: most are answered, and every reason comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Attempted {
    /// The holder, with a card in use.
    Right,
    /// The check of the face fails.
    Face,
    /// Somebody else stands before the device.
    Other,
    /// The name is another's.
    Name,
    /// Nobody with this number has a card.
    Nobody,
    /// The card is in no use.
    Card,
    /// The number is no number.
    Number,
    /// The card is of a province in which the channel is not admitted.
    Abroad,
}

/// As often as each is here.
const ATTEMPTS: [Attempted; 24] = {
    use Attempted::{Abroad, Card, Face, Name, Nobody, Number, Other, Right};
    [
        Right, Right, Right, Right, Right, Right, Right, Right, Right, Right, Right, Right, Right, Face,
        Face, Face, Other, Name, Name, Nobody, Card, Card, Number, Abroad,
    ]
};

/// What becomes of claims, to be drawn from.
pub fn attempts() -> Deck {
    Deck::new(ATTEMPTS.len())
}

impl Holders {
    /// Fills the registries, and lets the channels that issue, which have these keys, do so where they are admitted.
    ///
    /// # Errors
    /// The first step that the platform refuses.
    pub fn register(
        base_url: &str,
        cast: &Cast,
        channels: &Channels,
        keys: [(&'static str, (AddKey, Private)); 2],
    ) -> Result<Self, Failure> {
        let (mut holders, mut lost) = (Vec::new(), Vec::new());
        let mut first = 0;
        for (place, province) in PROVINCES.iter().enumerate() {
            let registrar = cast.registrar(province.code);
            for channel in keys.iter().map(|(key, _)| &channels[key]) {
                if is_admitted(channel, &province.code.to_string()) {
                    open(registrar, province, channel)?;
                }
            }
            let cards = cards(province, first);
            first += cards.len();
            import(registrar, &format!("cards-{}.json", province.code), &cards)?;
            holders.extend((0..).zip(cards).map(|(number, card)| holder(place, number, card)));
        }
        holders.retain(|holder| {
            let is_used = holder.card.aaz502 == "1";
            if !is_used {
                lost.push(holder.card.clone());
            }
            is_used
        });
        let config = config(base_url)?;
        let channels = keys.into_iter().map(|(key, (_, secret_key))| {
            let view = channels[key].clone();
            let pair = pair(&view, secret_key)?;
            Ok::<_, Failure>((Channel::new(&config, pair.key_pair()?)?, view))
        });
        Ok(Self { channels: channels.collect::<Result<_, _>>()?, holders, lost })
    }

    /// The month's claims.
    ///
    /// # Errors
    /// The first that the platform refuses.
    pub fn claim(&self, month: i32) -> Result<(), Failure> {
        for holder in self.holders.iter().filter(|holder| holder.claims_in == month) {
            self.channels[0].0.claim_ecard(&claim(&holder.card)).attempt("claim an e-card of the country")?;
        }
        Ok(())
    }

    /// The claims of a day, one by one, of which some go wrong; fewer at the weekend. Whatever the platform answers is an answer: a
    /// channel may be suspended.
    ///
    /// # Errors
    /// The platform cannot be reached.
    pub fn claim_today(
        &self,
        chance: &mut Chance,
        attempts: &mut Deck,
        today: BusinessDate,
    ) -> Result<(), Failure> {
        for (place, (channel, view)) in self.channels.iter().enumerate() {
            // Day 0 was a Thursday; fewer come at the weekend.
            let busy = if (today.as_days() + 3).rem_euclid(7) >= 5 { 3 } else { 6 };
            for _ in 0..chance.between(2, busy) / i32::try_from(place + 1).unwrap_or(1) + 1 {
                let drawn = attempts.draw(chance, |_| true).map_or(Attempted::Right, |card| ATTEMPTS[card]);
                self.attempt(chance, channel, view, drawn)?;
            }
        }
        Ok(())
    }

    fn attempt(
        &self,
        chance: &mut Chance,
        channel: &Channel,
        view: &ChannelView,
        attempted: Attempted,
    ) -> Result<(), Failure> {
        let is_home = |card: &&CardRow| is_admitted(view, &card.aab301);
        let used: Vec<_> = self.holders.iter().map(|holder| &holder.card).filter(is_home).collect();
        let lost: Vec<_> = self.lost.iter().filter(is_home).collect();
        let abroad: Vec<_> =
            self.holders.iter().map(|holder| &holder.card).filter(|card| !is_home(card)).collect();
        let cards = match attempted {
            Attempted::Card if !lost.is_empty() => &lost,
            Attempted::Abroad if !abroad.is_empty() => &abroad,
            _ => &used,
        };
        let card = *chance.one_of(cards);
        let mut asked = claim(card);
        let token = |token: &str| RealPerson { method: RealPersonMethod::Face, token: token.into() };
        match attempted {
            Attempted::Face => asked.real_person = token("sim:fail"),
            Attempted::Other => asked.real_person = token("sim:other_person"),
            Attempted::Name => asked.name = "查无此".into(),
            Attempted::Nobody => asked.id_number = with_check_digit("11010119491001008").as_str().into(),
            Attempted::Number => asked.id_number = "110101194910010000".into(),
            Attempted::Right | Attempted::Card | Attempted::Abroad => {}
        }
        match channel.claim_ecard(&asked) {
            Err(error) if error.code().is_none() => Err(error.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

/// Whether a channel is admitted in a division.
fn is_admitted(channel: &ChannelView, division: &str) -> bool {
    channel.regions.iter().any(|region| region == "000000" || region[..2] == division[..2])
}

fn claim(card: &CardRow) -> ClaimEcard {
    ClaimEcard {
        name: card.aac003.expose().into(),
        id_kind: IdKind::ResidentId,
        id_number: card.aac002.expose().into(),
        card_number: None,
        division: None,
        real_person: RealPerson { method: RealPersonMethod::Face, token: "sim:pass".into() },
        level: 2,
        device_key: None,
    }
}

fn open(registrar: &Staff, province: &Province, channel: &ChannelView) -> Result<(), Failure> {
    let request = CreateOpening {
        service: ISSUE.into(),
        caller_id: channel.channel_id.clone(),
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
