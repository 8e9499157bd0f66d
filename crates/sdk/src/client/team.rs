//! What a member of staff knows of roles and does about the accounts of others: their sessions, and the accounts of the own organisation.

use super::call::encode;
use super::{Call, Error, Items, Staff};
use crate::types::role::RoleTable;
use crate::types::staff::{DecideOnStaff, EndSessions, MemberView, StaffCreated, StaffSessions, StaffView};
use crate::types::team::CreateMember;

impl Staff {
    /// What every role may do.
    pub fn roles(&self) -> Result<RoleTable, Error> {
        self.client().send(&Call::get("/api/v1/roles"))
    }

    /// The sessions of an account in sight.
    pub fn sessions_of(&self, staff_id: &str) -> Result<StaffSessions, Error> {
        self.client().send(&Call::get(format!("/api/v1/staff/{}/sessions", encode(staff_id))))
    }

    /// Ends one session of an account in sight, or all of them.
    pub fn end_sessions_of(&self, staff_id: &str, request: &EndSessions) -> Result<(), Error> {
        let path = format!("/api/v1/staff/{}/sessions/end", encode(staff_id));
        self.client().send(&Call::post(path, request)?.once())
    }

    /// The accounts of the own organisation.
    pub fn team(&self) -> Items<'_, MemberView> {
        self.client().list("/api/v1/team")
    }

    /// Opens an account of the own organisation.
    pub fn create_member(&self, request: &CreateMember) -> Result<StaffCreated, Error> {
        self.client().send(&Call::post("/api/v1/team", request)?.once())
    }

    /// Disables an account of the own organisation.
    pub fn disable_member(&self, staff_id: &str, request: &DecideOnStaff) -> Result<StaffView, Error> {
        let path = format!("/api/v1/team/{}/disable", encode(staff_id));
        self.client().send(&Call::post(path, request)?)
    }

    /// Enables an account of the own organisation.
    pub fn enable_member(&self, staff_id: &str, request: &DecideOnStaff) -> Result<StaffView, Error> {
        let path = format!("/api/v1/team/{}/enable", encode(staff_id));
        self.client().send(&Call::post(path, request)?)
    }

    /// The sessions of an account of the own organisation.
    pub fn sessions_of_member(&self, staff_id: &str) -> Result<StaffSessions, Error> {
        self.client().send(&Call::get(format!("/api/v1/team/{}/sessions", encode(staff_id))))
    }

    /// Ends one session of an account of the own organisation, or all of them.
    pub fn end_sessions_of_member(&self, staff_id: &str, request: &EndSessions) -> Result<(), Error> {
        let path = format!("/api/v1/team/{}/sessions/end", encode(staff_id));
        self.client().send(&Call::post(path, request)?.once())
    }
}
