//! Who works in the country: all provinces, some prefectures, the ministry and the owners, and one account for each
//! part that is played.

use super::Resident;
use super::channels::{Channels, uscc};
use super::desk::Desk;
use crate::failure::{Attempt, Failure};
use crate::profile;
use crate::scene::set::own;
use crate::scene::{Account, Scene};
use domain::division::{DivisionCode, PROVINCES};
use sdk::client::Staff;
use sdk::types::org::{CreateOrg, OrgKind};
use sdk::types::staff::{CreateStaff, StepUp};
use std::collections::BTreeMap;

const PREFECTURES: &[(&str, &str)] = &[
    ("320100", "南京市"),
    ("330200", "宁波市"),
    ("420100", "武汉市"),
    ("440300", "深圳市"),
    ("510100", "成都市"),
];

/// Login, role, and where: a division, `operator`, or the key of a channel whose owner it is.
const PARTS: &[(&str, &str, &str)] = &[
    ("clerk-one", "operator_clerk", "operator"),
    ("clerk-two", "operator_clerk", "operator"),
    ("ministry-one", "ministry_reviewer", "000000"),
    ("ministry-two", "ministry_reviewer", "000000"),
    ("zhejiang", "region_admin", "330000"),
    ("guangdong", "region_admin", "440000"),
    ("nanjing", "region_admin", "320100"),
    ("owner-bank", "channel_admin", "lake"),
    ("owner-travel", "channel_admin", "travel"),
    ("owner-government", "channel_admin", "guangdong"),
    ("owner-hrss", "channel_admin", "jiangsu"),
    ("owner-sichuan", "channel_admin", "sichuan"),
    ("owner-union", "channel_admin", "union"),
    ("owner-south", "channel_admin", "south"),
    ("owner-home", "channel_admin", "home"),
    ("owner-shop", "channel_admin", "shop"),
    ("owner-new", "channel_admin", NEWCOMER),
];

/// The place of the company that has no channel yet.
const NEWCOMER: &str = "newcomer";

/// The organisation of an account of the scene, in words.
pub fn org_of(role: &str) -> &'static str {
    match role {
        "region_admin" => "杭州市人力资源和社会保障局（演示）",
        "department_clerk" => "杭州市第一演示医院",
        _ => "平台运营机构",
    }
}

struct Org {
    id: String,
    name: String,
}

/// Everybody who works here.
pub struct Cast {
    /// Who plays a part, by login.
    parts: BTreeMap<&'static str, (Desk, Resident)>,
    /// Who keeps the registry of each province.
    registrars: BTreeMap<DivisionCode, Staff>,
}

impl Cast {
    /// Registers the organisations and hires everybody.
    ///
    /// # Errors
    /// The first step that the platform refuses.
    pub fn hire(base_url: &str, scene: &Scene, admin: &Staff, channels: &Channels) -> Result<Self, Failure> {
        let orgs = orgs(admin, channels)?;
        let security = scene.staff(base_url, "security_admin")?;
        let parts = at_once(PARTS, |(login, role, place)| {
            let (account, resident) = hire(base_url, &security, &orgs[*place], login, role)?;
            Ok((*login, (desk(base_url, &account)?, resident)))
        })?;
        let registrars = at_once(PROVINCES, |province| {
            let (org, login) = (&orgs[&province.code.to_string()], format!("registry-{}", province.code));
            let (account, _) = hire(base_url, &security, org, &login, "region_admin")?;
            Ok((province.code, sign_in(base_url, &account)?))
        })?;
        let mut cast = Self { parts, registrars };
        // The prefecture of the scene reviews, too; its account is told with the others of the scene.
        let region = Desk { staff: scene.staff(base_url, "region_admin")?, login: "demo-region".into() };
        if let Some(known) = scene.accounts.iter().find(|account| account.role == "region_admin") {
            cast.parts.insert("demo-region", (region, Resident::new(known, org_of("region_admin"))));
        }
        Ok(cast)
    }

    /// The desk of the account with this login.
    pub fn desk(&self, login: &str) -> &Desk {
        &self.parts[login].0
    }

    /// Who keeps the registry of a province.
    pub fn registrar(&self, province: DivisionCode) -> &Staff {
        &self.registrars[&province]
    }

    /// The account of everybody who plays a part, in the order of the parts.
    pub fn residents(&self) -> impl Iterator<Item = Resident> {
        PARTS.iter().map(|(login, _, _)| self.parts[login].1.clone())
    }
}

/// The organisations, by place as [`PARTS`] names it.
fn orgs(admin: &Staff, channels: &Channels) -> Result<BTreeMap<String, Org>, Failure> {
    let mut orgs = BTreeMap::new();
    let mut add = |kind, division: &str, name: String| {
        let request = CreateOrg { name: name.clone(), kind, division: division.into(), uscc: None };
        let id = admin.create_org(&request).attempt(format_args!("register {name}"))?.org_id;
        orgs.insert(division.to_owned(), Org { id, name });
        Ok::<_, Failure>(())
    };
    add(OrgKind::Ministry, "000000", "人力资源和社会保障部信息中心（演示）".into())?;
    for province in PROVINCES {
        let rank =
            if province.zh.ends_with('市') || province.code == DivisionCode::XPCC { "局" } else { "厅" };
        let name = format!("{}人力资源和社会保障{rank}（演示）", province.zh);
        add(OrgKind::Province, &province.code.to_string(), name)?;
    }
    for (division, name) in PREFECTURES {
        add(OrgKind::Prefecture, division, format!("{name}人力资源和社会保障局（演示）"))?;
    }
    let operator = admin.whoami().attempt("see the operator")?.org;
    orgs.insert("operator".into(), Org { id: operator.org_id, name: operator.name });
    let company = CreateOrg {
        name: "青禾演示科技有限公司".into(),
        kind: OrgKind::ChannelOwner,
        division: "330100".into(),
        uscc: Some(uscc("91330100", 900)?),
    };
    let id = admin.create_org(&company).attempt(format_args!("register {}", company.name))?.org_id;
    orgs.insert(NEWCOMER.into(), Org { id, name: company.name });
    for (key, channel) in channels {
        let owner = Org { id: channel.owner_id.clone(), name: channel.owner.name.clone() };
        orgs.insert((*key).to_owned(), owner);
    }
    Ok(orgs)
}

/// Does a thing for each at one time.
fn at_once<T: Sync, K: Ord + Send, V: Send>(
    all: &[T],
    work: impl Fn(&T) -> Result<(K, V), Failure> + Sync,
) -> Result<BTreeMap<K, V>, Failure> {
    std::thread::scope(|scope| {
        let work = &work;
        let working: Vec<_> = all.iter().map(|one| scope.spawn(move || work(one))).collect();
        let ended = working
            .into_iter()
            .map(|one| one.join().unwrap_or_else(|_| Err(Failure::failed("a hiring thread panicked"))));
        ended.collect()
    })
}

/// Opens an account and replaces its one-time password.
fn hire(
    base_url: &str,
    security: &Staff,
    org: &Org,
    login: &str,
    role: &str,
) -> Result<(Account, Resident), Failure> {
    let request = CreateStaff { org_id: org.id.clone(), login: login.into(), role: role.into() };
    let made = security.create_staff(&request).attempt(format_args!("open the account {login}"))?;
    let first = Account { login: login.into(), role: role.into(), password: made.one_time_password };
    let account = own(base_url, &first)?;
    let resident = Resident::new(&account, &org.name);
    Ok((account, resident))
}

fn sign_in(base_url: &str, account: &Account) -> Result<Staff, Failure> {
    Ok(Staff::sign_in(&profile::config(base_url), &account.login, account.password.expose())?)
}

/// Signs in and confirms the password once more, so that sensitive steps go on.
fn desk(base_url: &str, account: &Account) -> Result<Desk, Failure> {
    let staff = sign_in(base_url, account)?;
    staff.step_up(&StepUp { code: None, password: Some(account.password.clone()) })?;
    Ok(Desk { staff, login: account.login.clone() })
}
