//! A small country for the portals: departments, an operator, a ministry and owners with people in them, channels of
//! every class that entered and were used over two years, and the business that they had with each other in the last
//! weeks.
//!
//! Invariant: like the rest of the scene it is made through the API, each step by an account that may do it, and the
//! sandbox's clock is moved between the steps. The first step that the platform refuses ends it. Not here: the
//! scene that the try-it page, the demonstration and the benchmark play on; they know nothing of the country.

mod admission;
mod agenda;
mod agreements;
mod applications;
mod business;
mod cast;
mod certificates;
mod channels;
mod desk;
mod entry;
mod fates;
mod fortune;
mod holders;
mod ordinary;
mod story;
mod years;

use super::{Account, Scene, set};
use crate::failure::{Attempt, Failure};
use agenda::Agenda;
use cast::Cast;
use channels::Channels;
use domain::time::{BusinessDate, Timestamp};
use holders::Holders;
use sdk::types::Private;
use serde::{Deserialize, Serialize};
use years::Years;

/// What was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Country {
    /// Who can sign in at the portals.
    pub accounts: Vec<Resident>,
}

/// An account, and for whom it acts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Resident {
    /// Its role.
    pub role: String,
    /// The organisation's name.
    pub org: String,
    /// Login name.
    pub login: String,
    /// Its password.
    pub password: Private,
}

impl Resident {
    fn new(account: &Account, org: &str) -> Self {
        Self {
            role: account.role.clone(),
            org: org.to_owned(),
            login: account.login.clone(),
            password: account.password.clone(),
        }
    }
}

/// How many seconds before `real_now` a country begins that ends at that time.
pub fn seconds_ago(real_now: Timestamp) -> u32 {
    let seconds = real_now.micros_since(beginning(real_now)) / 1_000_000;
    u32::try_from(seconds).unwrap_or_default()
}

/// The morning on which it begins.
fn beginning(end: Timestamp) -> Timestamp {
    first_day(end).month().plus(-years::HISTORY).first_day().start().plus_seconds(years::MORNING)
}

/// The day before the weeks of business; they end on the morning before `end`.
fn first_day(end: Timestamp) -> BusinessDate {
    end.business_date().plus_days(-1 - business::DAYS)
}

/// Makes the country in the sandbox where `scene` was set, whose time is its beginning; `told` hears of each step.
///
/// # Errors
/// The first step that the platform refuses.
pub fn found(base_url: &str, scene: &Scene, told: &dyn Fn(&str)) -> Result<Country, Failure> {
    let admin = scene.staff(base_url, "operator_admin")?;
    let end = admin.clock()?.real_now.parse().attempt("read the time")?;
    let mut channels = Channels::new();
    let keys = channels::ISSUING.map(|channel| (channel, set::new_key()));
    channels::register(&admin, 0, &keys, &mut channels)?;
    let cast = Cast::hire(base_url, scene, &admin, &channels)?;
    told("country: 32 provinces, some prefectures, the ministry, owners; an account of each party");
    let holders = Holders::register(base_url, &cast, &channels, keys)?;
    told("country: a registry in every province");
    let first = first_day(end);
    let agenda = Agenda::new(first, business::DAYS);
    let mut years = Years::begin(&admin, &cast, channels, holders, agenda, end)?;
    years.go(first.start().plus_seconds(years::MORNING))?;
    told(&format!("country: {} channels of all six classes, used over two years", years.channels.len()));
    business::conduct(years, first)?;
    told("country: what they had with each other in the last ten weeks");
    let first = scene.accounts.iter().map(|account| Resident::new(account, cast::org_of(&account.role)));
    Ok(Country { accounts: first.chain(cast.residents()).collect() })
}
