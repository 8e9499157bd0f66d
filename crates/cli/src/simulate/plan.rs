//! What the country will have: families of a level-1 channel and its level-2 channels, each with an owner, a place, a day
//! on which it applies, and a character that decides how well it keeps the rules.

use super::cast::{Cast, PREFECTURES};
use super::stage::Stage;
use crate::chance::Chance;
use crate::failure::{Attempt, Failure};
use domain::division::{DivisionCode, PROVINCES};
use domain::id::ChannelId;

/// Owner unit, whether it signed the innovation agreement, and how often of a hundred.
const UNITS: [(&str, &str, oracle::Class, u32); 8] = [
    ("hrss", "unsigned", oracle::Class::Hrss, 14),
    ("government", "unsigned", oracle::Class::Government, 16),
    ("bank", "signed", oracle::Class::NationalSigned, 8),
    ("company", "signed", oracle::Class::NationalSigned, 8),
    ("bank", "unsigned", oracle::Class::Bank, 14),
    ("hospital", "unsigned", oracle::Class::Medical, 10),
    ("pharmacy", "unsigned", oracle::Class::Medical, 6),
    ("company", "unsigned", oracle::Class::Social, 24),
];

/// How a level-2 channel belongs to its level 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The same entity.
    Same,
    /// Another one.
    Different,
}

/// A channel as it is planned, and as far as it has come.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its owner, by number.
    pub owner: usize,
    /// The owner's credit code.
    pub uscc: String,
    /// What the owner unit is.
    pub unit: &'static str,
    /// Whether it signed the innovation agreement.
    pub innovation: &'static str,
    /// The class that follows.
    pub class: oracle::Class,
    /// Its level-1 channel and how it belongs to it.
    pub parent: Option<(usize, Relation)>,
    /// Its form and access mode.
    pub form: (&'static str, &'static str),
    /// Where.
    pub region: DivisionCode,
    /// The day of its first application, from the first day of the play.
    pub begins: i32,
    /// How likely it does what it should, of a hundred.
    pub diligence: u32,
    /// Issuances of an ordinary month.
    pub issuance: u32,
    /// Active users for a hundred issuances so far.
    pub active: u32,
    /// The channel, once there is one.
    pub channel: Option<ChannelId>,
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub phase: Option<oracle::Phase>,
    /// Its matters that have not ended, by number.
    pub open: Vec<usize>,
    /// All its matters, by number.
    pub met: Vec<usize>,
    /// Who acts for its own entity, where that is not the level-1 channel's.
    pub own: Option<usize>,
    /// How broad its business is, and which personalised services it asks for.
    pub breadth: (&'static str, &'static [&'static str]),
    /// What it was admitted for.
    pub services: Vec<String>,
    /// What it promises: issuances a year, active users a month.
    pub committed: (u64, u64),
    /// Months in which it goes on losing most of its new holders.
    pub fading: u32,
    /// Issued so far.
    pub issued: u32,
}

impl Unit {
    /// The name that the public knows.
    pub fn name(no: usize) -> String {
        format!("示例渠道{no}")
    }

    /// Whether it serves the public.
    pub fn is_live(&self) -> bool {
        matches!(self.phase, Some(oracle::Phase::Live | oracle::Phase::Leaving))
    }

    /// Whether it is nationwide.
    pub fn is_nationwide(&self) -> bool {
        self.region == DivisionCode::NATIONAL
    }
}

/// Plans so many channels over so many days.
///
/// # Errors
/// The store's.
pub fn plan(
    stage: &Stage,
    cast: &mut Cast,
    chance: &mut Chance,
    count: usize,
    days: i32,
) -> Result<Vec<Unit>, Failure> {
    let mut units: Vec<Unit> = Vec::with_capacity(count);
    while units.len() < count {
        let head = units.len();
        let one = level_one(stage, cast, chance, days)?;
        let is_signed = one.class == oracle::Class::NationalSigned;
        let (owner, family) = (one.owner, if chance.percent(30) { chance.between(1, 3) } else { 0 });
        units.push(one);
        for _ in 0..family {
            if units.len() == count {
                break;
            }
            let relation = if is_signed && chance.percent(60) { Relation::Different } else { Relation::Same };
            let two = level_two(&units[head], (head, relation), owner, chance, days)?;
            units.push(two);
        }
    }
    Ok(units)
}

fn level_one(stage: &Stage, cast: &mut Cast, chance: &mut Chance, days: i32) -> Result<Unit, Failure> {
    let mut drawn = chance.below(100);
    let mut found = UNITS[0];
    for unit in UNITS {
        found = unit;
        if drawn < unit.3 {
            break;
        }
        drawn -= unit.3;
    }
    let (unit, innovation, class, _) = found;
    let region = match chance.below(100) {
        0..8 => DivisionCode::NATIONAL,
        8..45 => chance.one_of(PROVINCES).code,
        _ => chance.one_of(&PREFECTURES).parse().attempt("read a prefecture")?,
    };
    let (owner, uscc) = cast.own(stage, region)?;
    let issuance = u32::try_from(chance.between(20, 90)).unwrap_or(20);
    // Some promise far more than they have.
    let promised = u64::from(issuance) * if chance.percent(30) { 3 } else { 1 };
    Ok(Unit {
        owner,
        uscc,
        unit,
        innovation,
        class,
        parent: None,
        form: *chance.one_of(&FORMS),
        region,
        begins: chance.between(0, days * 6 / 10),
        diligence: u32::try_from(chance.between(55, 99)).unwrap_or(55),
        issuance,
        active: u32::try_from(chance.between(2, 9)).unwrap_or(2),
        channel: None,
        number: String::new(),
        phase: None,
        open: Vec::new(),
        met: Vec::new(),
        issued: 0,
        own: None,
        services: Vec::new(),
        breadth: breadth(chance),
        committed: (promised * 15, promised),
        fading: 0,
    })
}

/// One in eight has a narrow business, and asks for one service of it.
fn breadth(chance: &mut Chance) -> (&'static str, &'static [&'static str]) {
    if chance.percent(12) { ("specialised", &["query.talent"]) } else { ("general", &[]) }
}

const FORMS: [(&str, &str); 6] = [
    ("app", "sdk"),
    ("app", "h5"),
    ("official_account", "h5"),
    ("life_account", "h5"),
    ("mini_program", "h5"),
    ("other", "h5"),
];

fn level_two(
    head: &Unit,
    parent: (usize, Relation),
    owner: usize,
    chance: &mut Chance,
    days: i32,
) -> Result<Unit, Failure> {
    let (unit, innovation, class) = match parent.1 {
        Relation::Same => (head.unit, head.innovation, head.class),
        Relation::Different => ("pharmacy", "unsigned", oracle::Class::Medical),
    };
    let uscc = match parent.1 {
        Relation::Same => head.uscc.clone(),
        Relation::Different => super::cast::uscc(10_000_000 + chance.below(80_000_000))?,
    };
    Ok(Unit {
        owner,
        uscc,
        unit,
        innovation,
        class,
        parent: Some(parent),
        form: *chance.one_of(&FORMS),
        begins: head.begins + chance.between(60, (days / 3).max(61)),
        diligence: u32::try_from(chance.between(55, 99)).unwrap_or(55),
        issuance: u32::try_from(chance.between(10, 60)).unwrap_or(10),
        active: u32::try_from(chance.between(3, 9)).unwrap_or(3),
        channel: None,
        number: String::new(),
        phase: None,
        open: Vec::new(),
        met: Vec::new(),
        issued: 0,
        own: None,
        services: Vec::new(),
        breadth: breadth(chance),
        fading: 0,
        ..head.clone()
    })
}
