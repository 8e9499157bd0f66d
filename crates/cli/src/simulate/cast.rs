//! Who plays: the operator, the ministry, the departments of every province and of some prefectures, and the owners, each
//! an account of its own with the role and the division that its sight comes from.

use super::stage::Stage;
use crate::failure::{Attempt, Failure};
use domain::division::{DivisionCode, PROVINCES};
use domain::id::{OrgId, StaffId, StaffSessionId};
use domain::identity::Uscc;
use domain::org::{OrgKind, Role};
use domain::staff::StepUp;
use domain::time::Timestamp;
use server::auth::Staff;
use std::collections::BTreeMap;
use store::org::{OrgRow, StaffRow};

/// Prefectures in which channels are.
pub const PREFECTURES: [&str; 6] = ["330100", "320100", "440300", "510100", "420100", "610100"];

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The owner of the matter's channel; of a level-2 channel, that of its level 1.
    Owner,
    /// The entity that the matter's channel belongs to.
    Own,
    /// A person of the operator.
    Operator(usize),
    /// A person of the ministry.
    Ministry(usize),
    /// A person of the department of an area.
    Department(DivisionCode, usize),
}

/// Everybody.
#[derive(Debug, Default)]
pub struct Cast {
    operators: Vec<Staff>,
    ministry: Vec<Staff>,
    departments: BTreeMap<DivisionCode, Vec<Staff>>,
    owners: Vec<Staff>,
    hired: u32,
}

impl Cast {
    /// Everybody but the owners.
    ///
    /// # Errors
    /// The store's.
    pub fn hire(stage: &Stage) -> Result<Self, Failure> {
        let mut cast = Self::default();
        let nation = DivisionCode::NATIONAL;
        let operator = cast.found(stage, OrgKind::Operator, nation, "平台运营机构")?;
        for role in [Role::OperatorClerk, Role::OperatorClerk, Role::OperatorAdmin] {
            let person = cast.employ(stage, operator, role, nation)?;
            cast.operators.push(person);
        }
        let ministry = cast.found(stage, OrgKind::Ministry, nation, "部信息中心")?;
        for _ in 0..2 {
            let person = cast.employ(stage, ministry, Role::MinistryReviewer, nation)?;
            cast.ministry.push(person);
        }
        for province in PROVINCES {
            cast.department(stage, OrgKind::Province, province.code, province.zh)?;
        }
        for code in PREFECTURES {
            let code = code.parse().attempt("read a prefecture")?;
            cast.department(stage, OrgKind::Prefecture, code, "地市级人社部门")?;
        }
        Ok(cast)
    }

    fn department(
        &mut self,
        stage: &Stage,
        kind: OrgKind,
        division: DivisionCode,
        name: &str,
    ) -> Result<(), Failure> {
        let org = self.found(stage, kind, division, name)?;
        for _ in 0..2 {
            let person = self.employ(stage, org, Role::RegionAdmin, division)?;
            self.departments.entry(division).or_default().push(person);
        }
        Ok(())
    }

    /// A new owner, by number, and its credit code.
    ///
    /// # Errors
    /// The store's.
    pub fn own(&mut self, stage: &Stage, division: DivisionCode) -> Result<(usize, String), Failure> {
        let org = self.found(stage, OrgKind::ChannelOwner, division, "渠道所属单位")?;
        let person = self.employ(stage, org, Role::ChannelAdmin, division)?;
        self.owners.push(person);
        Ok((self.owners.len() - 1, uscc(self.hired)?))
    }

    /// Somebody for an organisation that came into being with its channel, by number.
    ///
    /// # Errors
    /// The store's.
    pub fn join(&mut self, stage: &Stage, org: [u8; 16]) -> Result<usize, Failure> {
        let org = OrgId::from_bytes(org);
        let person = self.employ(stage, org, Role::ChannelAdmin, DivisionCode::NATIONAL)?;
        self.owners.push(person);
        Ok(self.owners.len() - 1)
    }

    /// The person, where `owner` is the matter's.
    pub fn person(&self, who: Who, owner: usize) -> &Staff {
        let of = |all: &'_ [Staff], place: usize| place % all.len().max(1);
        match who {
            Who::Owner | Who::Own => &self.owners[owner],
            Who::Operator(place) => &self.operators[of(&self.operators, place)],
            Who::Ministry(place) => &self.ministry[of(&self.ministry, place)],
            Who::Department(division, place) => {
                let all = self.departments.get(&division).map_or(&self.ministry[..], |all| &all[..]);
                &all[of(all, place)]
            }
        }
    }

    fn found(
        &mut self,
        stage: &Stage,
        kind: OrgKind,
        division: DivisionCode,
        name: &str,
    ) -> Result<OrgId, Failure> {
        let world = stage.world();
        let id = world.id(OrgId::make);
        self.hired += 1;
        let code = uscc(self.hired)?;
        let row = OrgRow {
            id: *id.as_bytes(),
            kind: kind.to_string(),
            name: format!("{name}{}", self.hired),
            division: division.to_string(),
            uscc: (kind == OrgKind::ChannelOwner).then_some(code),
            created_at: world.now().as_micros(),
            version: 1,
        };
        stage.write(move |tx| Ok(store::org::insert(tx, &row)?))?;
        Ok(id)
    }

    /// Opens an account. Nobody signs in with it: the play begins where a session has been proven.
    fn employ(
        &mut self,
        stage: &Stage,
        org: OrgId,
        role: Role,
        division: DivisionCode,
    ) -> Result<Staff, Failure> {
        let world = stage.world();
        let id = world.id(StaffId::make);
        self.hired += 1;
        let row = StaffRow {
            id: *id.as_bytes(),
            org_id: *org.as_bytes(),
            login: format!("{role}-{}", self.hired),
            role: role.to_string(),
            password_hash: "nobody signs in with this".into(),
            must_change: 0,
            state: "active".into(),
            failed_attempts: 0,
            locked_until: None,
            created_at: world.now().as_micros(),
            version: 1,
        };
        stage.write(move |tx| Ok(store::org::insert_staff(tx, &row)?))?;
        Ok(Staff {
            id,
            org,
            role,
            division,
            session: [0; 32],
            session_id: world.id(StaffSessionId::make),
            expires_at: Timestamp::from_micros(i64::MAX),
            must_change: false,
            has_factor: true,
            must_enrol: false,
            step_up: StepUp::Fresh,
            stepped_up_until: None,
            stands_in: None,
        })
    }
}

/// A credit code of nobody.
///
/// # Errors
/// A number of more than eight digits.
pub fn uscc(number: u32) -> Result<String, Failure> {
    let code = Uscc::numbered("91330100", number).attempt(format_args!("make the credit code {number}"))?;
    Ok(code.as_str().to_owned())
}
