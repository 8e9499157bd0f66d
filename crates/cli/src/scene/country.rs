//! A small country for the portals: departments, an operator, a ministry and owners with people in them, channels of
//! every class, and the business that they had with each other over some weeks.
//!
//! Invariant: like the rest of the scene it is made through the API, each step by an account that may do it, and the
//! sandbox's clock is moved between the steps. The first step that the platform refuses ends it. Not here: the
//! scene that the try-it page, the demonstration and the benchmark play on; they know nothing of the country.

mod business;
mod cast;
mod channels;
mod desk;

use super::{Account, Scene};
use crate::failure::Failure;
use cast::Cast;
use sdk::types::Private;
use serde::{Deserialize, Serialize};

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

/// Makes the country in the sandbox where `scene` was set; `told` hears of each step.
///
/// # Errors
/// The first step that the platform refuses.
pub fn found(base_url: &str, scene: &Scene, told: &dyn Fn(&str)) -> Result<Country, Failure> {
    let admin = scene.staff(base_url, "operator_admin")?;
    let channels = channels::register(&admin)?;
    told(&format!("country: {} channels of all six classes", channels.len()));
    let cast = Cast::hire(base_url, scene, &admin, &channels)?;
    told("country: 32 provinces, some prefectures, the ministry, owners; an account of each party");
    business::conduct(&admin, &cast, &channels)?;
    told("country: what they had with each other in ten weeks; the sandbox's clock stands at their end");
    let first = scene.accounts.iter().filter(|account| account.role != "region_clerk");
    let first = first.map(|account| Resident::new(account, cast::org_of(&account.role)));
    Ok(Country { accounts: first.chain(cast.residents()).collect() })
}
