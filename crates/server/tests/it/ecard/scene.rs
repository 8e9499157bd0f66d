//! A holder with a card on record, a device in hand, and the channel in between.

use crate::harness::{CallerHandle, HANGZHOU, Platform};
use domain::card::{Phase, Reason};
use domain::id::{CardId, PersonId};
use domain::identity::{DocumentKind, IdDocument, PersonName, Shard};
use domain::statistic::{Delta, Kind};
use sdk::client::{Acceptance, Channel, Device, Error};
use sdk::types::ecard::{ClaimEcard, EcardClaimed, EcardView, IdKind, RealPerson, RealPersonMethod};
use store::card::CardRow;
use store::person::PersonRow;

/// A password that every rule allows.
pub const PASSWORD: &str = "135790";
/// Another.
pub const OTHER_PASSWORD: &str = "246803";

/// A person of the registry and their card.
#[derive(Clone)]
pub struct Person {
    /// As in the registry.
    pub name: String,
    /// A resident's number.
    pub number: String,
    /// Their id.
    pub id: [u8; 16],
    /// Where their rows live.
    pub shard: i64,
    /// Their card.
    pub card_id: [u8; 16],
    /// 卡号.
    pub card_number: String,
}

/// The resident's number with this sequence, check character included.
pub fn number(sequence: u32) -> String {
    let head = format!(
        "3301061990{:02}{:02}{:03}",
        1 + sequence / 28_000,
        1 + sequence / 1000 % 28,
        sequence % 1000
    );
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = head.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{head}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// Puts a person into the registry, with a card of 杭州 in this phase.
pub fn person(platform: &Platform, phase: Phase) -> Person {
    let sequence = platform.unique();
    let (name, number) = ("张小三".to_owned(), number(sequence));
    let document = IdDocument::new(DocumentKind::ResidentId, &number).unwrap();
    let world = platform.world();
    let sealed = world.keys().ring().seal_person(&document, &name.parse::<PersonName>().unwrap(), None);
    let row = PersonRow {
        shard: i64::from(sealed.shard.get()),
        id: *world.id(PersonId::make).as_bytes(),
        document_kind: DocumentKind::ResidentId.to_string(),
        document_index: sealed.document_index,
        name_index: sealed.name_index,
        phone_index: None,
        key_version: sealed.key_version,
        sealed: sealed.sealed,
        created_at: 0,
        version: 1,
    };
    let (id, shard) = (row.id, row.shard);
    platform.write(move |tx| Ok(store::person::insert_each(tx, &[&row])?));
    let card_number = format!("A{sequence:08}");
    let card_id = card(platform, (shard, id), &card_number, phase);
    Person { name, number, id, shard, card_id, card_number }
}

/// Gives a person a card.
pub fn card(
    platform: &Platform,
    (shard, person_id): (i64, [u8; 16]),
    number: &str,
    phase: Phase,
) -> [u8; 16] {
    let place = Shard::new(shard).unwrap().stamp(gm::random::bytes());
    let id = *CardId::make(platform.world().now(), place).as_bytes();
    let row = CardRow {
        shard,
        id,
        person_id,
        division: HANGZHOU.into(),
        number: number.into(),
        recognition: None,
        generation: 3,
        state: phase.to_string(),
        reason: (phase == Phase::Invalid).then(|| Reason::Lost.to_string()),
        issued_on: None,
        expires_on: None,
        updated_at: 0,
        version: 1,
    };
    platform.write(move |tx| Ok(store::card::insert_each(tx, &[&row])?));
    id
}

/// Moves a person's card, and its e-card, to another phase.
pub fn move_card(platform: &Platform, person: &Person, phase: Phase) {
    let (shard, id) = (person.shard, person.card_id);
    platform.write(move |tx| {
        let mut row = store::card::lock(tx, shard, &id)?.unwrap();
        row.state = phase.to_string();
        row.reason = (phase == Phase::Invalid).then(|| Reason::Lost.to_string());
        store::card::update(tx, &row)?;
        store::ecard::follow(tx, shard, &id, phase)?;
        Ok(())
    });
}

/// A channel with issuance opened in 浙江, and its client.
pub fn channel(platform: &Platform) -> (CallerHandle, Channel) {
    let channel = platform.channel();
    platform.open_service(&channel, "ecard.issue", "330000");
    let client = channel.client();
    (channel, client)
}

/// A device that encrypts to the platform.
pub fn device(client: &Channel) -> Device {
    client.client().new_device().unwrap()
}

/// A claim that holds.
pub fn claim(person: &Person, device: &Device) -> ClaimEcard {
    ClaimEcard {
        name: person.name.as_str().into(),
        id_kind: IdKind::ResidentId,
        id_number: person.number.as_str().into(),
        card_number: None,
        division: None,
        real_person: real("sim:pass"),
        level: 1,
        device_key: Some(device.device_key()),
    }
}

/// Evidence of the simulated check.
pub fn real(token: &str) -> RealPerson {
    RealPerson { method: RealPersonMethod::Face, token: token.into() }
}

/// Real seconds, for envelopes.
pub fn seconds() -> i64 {
    server::clock::micros() / 1_000_000
}

/// A holder whose first binding is active, on a device with a session in force.
pub struct Holder {
    /// The registry's view.
    pub person: Person,
    /// `bnd_…`
    pub binding_id: String,
    /// What the claim answered.
    pub claimed: EcardClaimed,
    /// The device.
    pub device: Device,
}

/// A new holder who has claimed in this channel and set [`PASSWORD`].
pub fn holder(platform: &Platform, client: &Channel) -> Holder {
    let person = person(platform, Phase::Active);
    let mut device = device(client);
    let claimed = client.claim_ecard(&claim(&person, &device)).unwrap();
    let binding_id = claimed.binding_id.clone();
    device.take_up(&binding_id, claimed.holder_session.as_ref().unwrap()).unwrap();
    client.set_password(&binding_id, &device.set_password(PASSWORD, seconds()).unwrap()).unwrap();
    Holder { person, binding_id, claimed, device }
}

impl Holder {
    /// Opens another session by password.
    pub fn sign_in(&mut self, client: &Channel, password: &str) -> Result<(), Error> {
        let request = self.device.open_by_password(&self.binding_id, password, seconds());
        let opened = client.open_holder_session(&request)?;
        self.device.take_up(&self.binding_id, &opened).unwrap();
        Ok(())
    }

    /// Opens a session by a real-person check.
    pub fn sign_in_in_person(&mut self, client: &Channel, token: &str) -> Result<(), Error> {
        let request = self.device.open_by_real_person(&self.binding_id, real(token));
        let opened = client.open_holder_session(&request)?;
        self.device.take_up(&self.binding_id, &opened).unwrap();
        Ok(())
    }

    /// Asks for a code.
    pub fn code(&self, client: &Channel) -> Result<String, Error> {
        Ok(client.create_code(&self.binding_id, &self.device.create_code().unwrap())?.code)
    }

    /// The binding as the channel sees it.
    pub fn view(&self, client: &Channel) -> EcardView {
        client.ecard(&self.binding_id).unwrap()
    }
}

/// Issuances counted for a channel (R26).
pub fn issuances(platform: &Platform, channel: &CallerHandle) -> i64 {
    let deltas = platform.read(|tx| Ok(store::statistic::list_deltas(tx)?));
    let id = channel.channel_id();
    let counted = |row: &store::statistic::DeltaRow| {
        let delta = Delta::decode(&row.delta).unwrap();
        let of_channel = delta.iter().filter(|(key, _)| key.channel == id && key.kind == Kind::Issuance);
        of_channel.map(|(_, by)| by).sum::<i64>()
    };
    deltas.iter().map(counted).sum()
}
