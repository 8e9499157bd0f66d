//! `ykt card generate`: a card registry that nobody is in, of any size, always the same for the same seed.
//!
//! Invariant: every row is valid and no two rows share a card number or, save for a replaced card and its successor, a
//! document. People are spread over provinces as at the census; among them are rare characters, transliterated names,
//! documents from outside the mainland and cards in every state. Numbers are made up: some may be somebody's by chance.

use super::census::{Census, PLACES, Permutation, Rng};
use super::names;
use domain::card::Reason;
use domain::division::DivisionCode;
use domain::time::BusinessDate;
use std::io::{self, Write};

/// The columns, by their data-element codes.
pub const HEADER: &str = "aab301,id_kind,aac002,aac003,aac004,aac006,aac067,aaz500,aaz501,aaz502,generation,issued_on,\
                          expires_on,reason\n";

/// Birth dates lie in the 80 years before 2024.
const BIRTH_DAYS: u64 = PLACES / 1000;
/// 36⁸: card numbers after their first letter.
const NUMBERS: u64 = 2_821_109_907_456;

/// Makes rows, one after the other.
pub struct Generator {
    rng: Rng,
    census: Census,
    /// Last day of birth, and the day the cards are looked at.
    today: BusinessDate,
    numbers: Permutation,
    foreign: Permutation,
    cards: u64,
    foreigners: u64,
    /// The successor of a replaced card, to come next.
    pending: Option<Holder>,
    row: Vec<u8>,
}

/// Whose card a row is.
struct Holder {
    division: DivisionCode,
    kind: &'static str,
    number: String,
    name: String,
    sex: &'static str,
    born: Option<BusinessDate>,
    phone: String,
}

/// The state of a card as a row says it.
#[derive(Clone, Copy)]
struct Standing {
    wire_state: char,
    reason: &'static str,
}

impl Generator {
    /// A generator of cards issued within a division; the same seed makes the same rows. Nothing for a division in which
    /// the census counts nobody.
    pub fn new(seed: u64, division: DivisionCode) -> Option<Self> {
        let mut rng = Rng::new(seed);
        Some(Self {
            census: Census::within(division, &mut rng)?,
            numbers: Permutation::new(NUMBERS, &mut rng),
            foreign: Permutation::new(100_000_000, &mut rng),
            rng,
            today: BusinessDate::from_civil(2024, 1, 1).unwrap_or(BusinessDate::from_days(0)),
            cards: 0,
            foreigners: 0,
            pending: None,
            row: Vec::with_capacity(256),
        })
    }

    /// Writes the header and `count` rows, telling `progress` how many rows there are now and then.
    pub fn write(
        &mut self,
        count: u64,
        out: &mut impl Write,
        mut progress: impl FnMut(u64),
    ) -> io::Result<()> {
        out.write_all(HEADER.as_bytes())?;
        for done in 0..count {
            out.write_all(self.next_row())?;
            if done % 10_000 == 0 {
                progress(done);
            }
        }
        Ok(())
    }

    /// The next row, with its line break.
    pub fn next_row(&mut self) -> &[u8] {
        let (holder, standing, successor) = match self.pending.take() {
            Some(holder) => (holder, Standing { wire_state: '1', reason: "" }, false),
            None => {
                let holder = if self.rng.below(200) == 0 { self.foreigner() } else { self.resident() };
                let standing = self.standing();
                (holder, standing, matches!(standing.reason, "replaced" | "damaged"))
            }
        };
        self.print(&holder, standing);
        if successor {
            self.pending = Some(holder);
        }
        &self.row
    }

    fn resident(&mut self) -> Holder {
        let (division, place) = self.census.next(&mut self.rng);
        let (days, serial) = (place / 1000, place % 1000);
        let born = self.today.plus_days(-1 - i32::try_from(days).unwrap_or_default());
        // A county of the prefecture; counties are not listed and none is abolished.
        let county = division.get() + 2 + u32::try_from(serial % 8).unwrap_or_default();
        let (number, sex) = gb11643(county, born, serial);
        let name = names::resident(&mut self.rng);
        Holder { division, kind: "resident_id", number, name, sex, born: Some(born), phone: self.phone() }
    }

    /// SE-3.2: qualified persons from outside the mainland.
    fn foreigner(&mut self) -> Holder {
        let (division, _) = self.census.next(&mut self.rng);
        let place = self.foreign.at(self.foreigners);
        self.foreigners += 1;
        let age = i32::try_from(place / 1000 % BIRTH_DAYS).unwrap_or_default();
        let born = self.today.plus_days(-1 - age);
        let (kind, number, sex, born) = match place % 6 {
            0 => {
                let region = [810_000, 820_000, 830_000][usize::try_from(place / 6 % 3).unwrap_or_default()];
                let (number, sex) = gb11643(region, born, place % 1000);
                ("hmt_residence_permit", number, sex, Some(born))
            }
            1 => {
                let (number, sex) =
                    gb11643(911_000 + u32::try_from(place % 999).unwrap_or_default(), born, place % 1000);
                ("foreign_permanent_residence", number, sex, Some(born))
            }
            2 => ("foreign_permanent_residence", format!("USA1100{place:08}"), "9", None),
            3 => ("hm_travel_permit", format!("H{place:08}"), "1", None),
            4 => ("tw_travel_permit", format!("{place:08}"), "2", None),
            _ => ("passport", format!("E{place:08}"), "9", None),
        };
        let name = match kind {
            "hm_travel_permit" | "tw_travel_permit" | "hmt_residence_permit" => {
                names::resident(&mut self.rng)
            }
            _ => names::foreign(&mut self.rng),
        };
        Holder { division, kind, number, name, sex, born, phone: self.phone() }
    }

    fn phone(&mut self) -> String {
        if self.rng.below(20) == 0 {
            return String::new();
        }
        let second = 3 + self.rng.below(7);
        format!("1{second}{:09}", self.rng.below(1_000_000_000))
    }

    fn standing(&mut self) -> Standing {
        let wire_state = match self.rng.below(1000) {
            0..10 => '0',
            10..16 => '2',
            16..19 => '3',
            19..22 => '4',
            22..45 => '9',
            _ => '1',
        };
        let reasons = Reason::ALL;
        let chosen = usize::try_from(self.rng.below(reasons.len() as u64)).unwrap_or_default();
        Standing { wire_state, reason: if wire_state == '9' { reasons[chosen].as_str() } else { "" } }
    }

    fn print(&mut self, holder: &Holder, standing: Standing) {
        let card = self.numbers.at(self.cards);
        self.cards += 1;
        let chip = self.rng.next();
        let generation = if self.rng.below(10) < 7 { 3 } else { 2 };
        let issued = self.today.plus_days(-i32::try_from(self.rng.below(4000)).unwrap_or_default());
        let row = &mut self.row;
        row.clear();
        // Writing to memory does not fail.
        let _ = write!(
            row,
            "{},{},{},{},{},",
            holder.division, holder.kind, holder.number, holder.name, holder.sex
        );
        if let Some(born) = holder.born {
            let (year, month, day) = born.civil();
            let _ = write!(row, "{year:04}{month:02}{day:02}");
        }
        let _ = write!(row, ",{},", holder.phone);
        row.extend(card_number(card));
        let _ =
            write!(row, ",{}D156000005{chip:016X},{},{generation},", holder.division, standing.wire_state);
        if standing.wire_state == '0' {
            row.push(b',');
        } else {
            let _ = write!(row, "{issued},");
            if !chip.is_multiple_of(10) {
                let _ = write!(row, "{}", issued.plus_days(3650));
            }
        }
        row.push(b',');
        row.extend(standing.reason.as_bytes());
        row.push(b'\n');
    }
}

/// Nine letters and digits: the leading letter and eight places to base 36.
fn card_number(mut value: u64) -> [u8; 9] {
    let mut text = *b"A00000000";
    for place in text[1..].iter_mut().rev() {
        *place = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[usize::try_from(value % 36).unwrap_or_default()];
        value /= 36;
    }
    text
}

/// A number in the form of GB 11643, and the sex its sequence says.
fn gb11643(region: u32, born: BusinessDate, serial: u64) -> (String, &'static str) {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let (year, month, day) = born.civil();
    let mut number = format!("{region:06}{year:04}{month:02}{day:02}{serial:03}");
    let sum: u32 =
        WEIGHTS.iter().zip(number.bytes()).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
    number.push(char::from(b"10X98765432"[sum as usize % 11]));
    (number, if serial % 2 == 1 { "1" } else { "2" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::identity::{DocumentKind, IdDocument, PersonName};
    use std::collections::{HashMap, HashSet};

    fn rows(seed: u64, count: u64) -> Vec<Vec<String>> {
        let mut generator = Generator::new(seed, DivisionCode::NATIONAL).unwrap();
        let line = |_| String::from_utf8(generator.next_row().to_vec()).unwrap();
        (0..count).map(line).map(|line| line.trim_end().split(',').map(str::to_owned).collect()).collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_rows_and_another_seed_others() {
        assert_eq!(rows(7, 500), rows(7, 500));
        assert_ne!(rows(7, 500), rows(8, 500));
    }

    #[test]
    fn every_row_has_every_column_and_nothing_is_used_twice() {
        let (mut numbers, mut documents) = (HashSet::new(), HashMap::<_, Vec<String>>::new());
        for row in rows(1, 60_000) {
            assert_eq!(row.len(), HEADER.matches(',').count() + 1);
            assert!(numbers.insert((row[0].clone(), row[7].clone())), "a card number comes twice");
            documents.entry(row[2].clone()).or_default().push(row[9].clone());
        }
        for states in documents.values().filter(|states| states.len() > 1) {
            assert_eq!(states, &["9", "1"], "only a replaced card has a successor");
        }
    }

    #[test]
    fn documents_and_names_are_valid_and_all_kinds_occur() {
        let mut kinds = HashSet::new();
        let (mut rare, mut dotted) = (0, 0);
        for row in rows(3, 60_000) {
            let kind: DocumentKind = row[1].parse().unwrap();
            let document =
                IdDocument::new(kind, &row[2]).unwrap_or_else(|e| panic!("{kind} {}: {e}", row[2]));
            let name: PersonName = row[3].parse().unwrap();
            assert_eq!(name.as_str(), row[3], "it is in its canonical form");
            if let Some(born) = document.birth_date() {
                assert_eq!(born.to_string().replace('-', ""), row[5]);
            }
            kinds.insert(kind);
            rare += usize::from(row[3].chars().any(|c| "䶮𬭊𠅤".contains(c)));
            dotted += usize::from(row[3].contains('·'));
        }
        assert_eq!(kinds.len(), DocumentKind::ALL.len());
        assert!(rare > 50 && dotted > 50, "{rare} {dotted}");
    }

    #[test]
    fn provinces_have_their_share_and_every_state_and_reason_occurs() {
        let mut provinces = HashMap::<String, usize>::new();
        let (mut states, mut reasons) = (HashSet::new(), HashSet::new());
        for row in rows(5, 60_000) {
            *provinces.entry(row[0][..2].to_owned()).or_default() += 1;
            states.insert(row[9].clone());
            reasons.insert(row[13].clone());
        }
        let guangdong = provinces["44"] as i64 * 1_409_778_724 / 60_000;
        assert!((guangdong - 126_012_510).abs() < 10_000_000, "{guangdong}");
        assert_eq!(provinces.len(), 31);
        assert_eq!((states.len(), reasons.len()), (6, Reason::ALL.len() + 1));
    }
}
