//! What a company is by the register of companies.

use super::call::encode;
use super::{Call, Error, Staff};
use crate::types::company::{CompanyView, StateCompany};

const PATH: &str = "/api/v1/company";

impl Staff {
    /// What the own organisation stated that it is.
    pub fn company(&self) -> Result<CompanyView, Error> {
        self.client().send(&Call::get(PATH))
    }

    /// States what the own organisation is, in the place of this version; 0 where nothing was stated.
    pub fn state_company(&self, version: i64, request: &StateCompany) -> Result<CompanyView, Error> {
        self.client().send(&Call::post(PATH, request)?.once().if_match(version))
    }

    /// What the organisation that applies in a matter stated that it is.
    pub fn company_of_matter(&self, matter_id: &str) -> Result<CompanyView, Error> {
        self.client().send(&Call::get(format!("/api/v1/matters/{}/company", encode(matter_id))))
    }
}
