//! Cards: imports of the registry, their state at the window, replacement, the invalid list.
//!
//! What other nouns need of it: [`resident`] and [`row`] make rows, [`import`] brings them in.

mod import;
mod state;

use crate::harness::Platform;
use domain::id::CardId;
use domain::org::Role;
use sdk::types::card::{CardView, FindCard};
use sdk::types::import::{CardRow, ImportRows, ImportView, RowsImported, StartImport};

/// A valid number of a resident of 杭州, by a small number of ours; even ones are women.
pub fn resident(n: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (year, serial) = (1950 + n / 1000 % 50, n % 1000);
    let first = format!("330106{year}0101{serial:03}");
    let sum: u32 =
        WEIGHTS.iter().zip(first.bytes()).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
    format!("{first}{}", char::from(b"10X98765432"[sum as usize % 11]))
}

/// An active card of the third generation, issued by 杭州 to resident `n`.
pub fn row(n: u32) -> CardRow {
    CardRow {
        aab301: "330100".into(),
        aac002: resident(n).into(),
        aac003: "张小三".into(),
        aac067: format!("138{n:08}").into(),
        aaz500: format!("A{n:08}").into(),
        aaz501: format!("330100D156000005{n:016X}"),
        aaz502: "1".into(),
        generation: "3".into(),
        issued_on: "2024-01-02".into(),
        expires_on: "2034-01-01".into(),
        ..CardRow::default()
    }
}

/// The row with another state and reason.
pub fn row_in(n: u32, wire_state: &str, reason: &str) -> CardRow {
    CardRow { aaz502: wire_state.into(), reason: reason.into(), ..row(n) }
}

/// Begins an import of so many rows; each call is another file.
pub fn start(staff: &sdk::client::Staff, platform: &Platform, total: usize) -> ImportView {
    let digest = gm::sm3::digest(&platform.unique().to_be_bytes());
    let request = StartImport {
        file_name: "cards.csv".into(),
        digest: data_encoding::HEXLOWER.encode(&digest),
        total: i64::try_from(total).unwrap(),
    };
    staff.start_import(&request).unwrap()
}

/// Imports rows as the administrator of 浙江, as a file of their own.
pub fn import(platform: &Platform, rows: &[CardRow]) -> RowsImported {
    let staff = platform.staff(Role::RegionAdmin, "330000");
    let import = start(&staff, platform, rows.len());
    staff.import_rows(&import.import_id, &ImportRows { first_row: 0, rows: rows.to_vec() }).unwrap()
}

/// The cards of resident `n`, the oldest first.
pub fn cards(platform: &Platform, n: u32) -> Vec<CardView> {
    let find = FindCard { id_number: Some(resident(n).into()), ..FindCard::default() };
    platform.staff(Role::RegionAdmin, "330000").find_cards(&find).unwrap().data
}

/// Gives the holder of a card the e-card that belongs to it, as a claim would.
pub fn give_ecard(platform: &Platform, card_id: &str) -> (i64, [u8; 16]) {
    let id: CardId = card_id.parse().unwrap();
    let shard = i64::from(domain::identity::Shard::of_id(id.as_bytes()).unwrap().get());
    platform.write(move |tx| {
        let card = store::card::find(tx, shard, id.as_bytes())?.unwrap();
        let ecard = store::ecard::EcardRow {
            shard,
            id: card.person_id,
            card_id: card.id,
            division: card.division,
            state: card.state.parse().unwrap(),
            generation: 1,
            password: None,
            failed_at: String::new(),
            locked_until: None,
            created_at: 0,
            version: 1,
        };
        store::ecard::insert_each(tx, &[ecard])?;
        Ok((shard, card.person_id))
    })
}

/// What an e-card is now: its card, its state, its generation.
pub fn ecard(platform: &Platform, key: (i64, [u8; 16])) -> (String, String, i64) {
    let row = platform.read(move |tx| Ok(store::ecard::find(tx, key.0, &key.1)?.unwrap()));
    (CardId::from_bytes(row.card_id).to_string(), row.state.to_string(), row.generation)
}
