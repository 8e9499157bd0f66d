//! Who works in the country: all provinces, some prefectures, the ministry and the owners, and one account for each
//! part that is played.

use super::Resident;
use super::agreements;
use super::applications::COMPANIES;
use super::channels::{Channels, PLANS, uscc};
use super::desk::Desk;
use crate::failure::{Attempt, Failure};
use crate::scene::set::own;
use crate::scene::{Account, Scene};
use domain::division::{DivisionCode, PROVINCES};
use gm::sm2::SigningKey;
use sdk::client::Staff;
use sdk::types::org::{CreateOrg, OrgKind};
use sdk::types::staff::{CreateStaff, StepUp};
use std::cell::RefCell;
use std::collections::BTreeMap;

const PREFECTURES: &[(&str, &str)] = &[
    ("320100", "南京市"),
    ("330200", "宁波市"),
    ("420100", "武汉市"),
    ("440300", "深圳市"),
    ("510100", "成都市"),
];

/// Login, role, and where: a division, `operator`, `lab`, a company that has no channel yet, or the key of a channel whose owner it
/// is. These are told.
const PARTS: &[(&str, &str, &str)] = &[
    ("clerk-one", "operator_clerk", "operator"),
    ("clerk-two", "operator_clerk", "operator"),
    ("ministry-one", "ministry_reviewer", "000000"),
    ("ministry-two", "ministry_reviewer", "000000"),
    ("zhejiang", "region_admin", "330000"),
    ("guangdong", "region_admin", "440000"),
    ("nanjing", "region_admin", "320100"),
    ("owner-bank", "channel_admin", "lake"),
    ("engineer-bank", "channel_engineer", "lake"),
    ("owner-travel", "channel_admin", "travel"),
    ("owner-government", "channel_admin", "guangdong"),
    ("owner-hrss", "channel_admin", "jiangsu"),
    ("owner-sichuan", "channel_admin", "sichuan"),
    ("owner-nation", "channel_admin", "nation"),
    ("owner-union", "channel_admin", "union"),
    ("owner-south", "channel_admin", "south"),
    ("owner-home", "channel_admin", "home"),
    ("owner-shop", "channel_admin", "shop"),
    ("owner-new", "channel_admin", "青禾演示科技有限公司"),
    ("lab-tester", "lab_tester", "lab"),
];

/// Channels whose owners act as well; their accounts are not told.
const HANDS: &[&str] = &[
    "zhejiang", "shanghai", "hospital", "pharmacy", "guizhou", "coast", "plain", "river", "north", "clinic",
    "health", "care", "move", "work", "life",
];

/// The organisation of an account of the scene, in words.
pub fn org_of(role: &str) -> &'static str {
    match role {
        "region_admin" | "region_clerk" => "杭州市人力资源和社会保障局（演示）",
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
    parts: BTreeMap<String, (Desk, Resident)>,
    /// Who keeps the registry of each province, by login.
    registrars: BTreeMap<String, Desk>,
    /// The keys with which owners sign, by login.
    keys: RefCell<BTreeMap<String, SigningKey>>,
}

impl Cast {
    /// Registers the organisations and hires everybody.
    ///
    /// # Errors
    /// The first step that the platform refuses.
    pub fn hire(base_url: &str, scene: &Scene, admin: &Staff, channels: &Channels) -> Result<Self, Failure> {
        let orgs = orgs(admin, channels)?;
        let security = scene.staff(base_url, "security_admin")?;
        let told = PARTS.iter().map(|(login, role, place)| ((*login).to_owned(), *role, *place));
        let owners = HANDS.iter().map(|key| (format!("owner-{key}"), "channel_admin", *key));
        let companies =
            COMPANIES[1..].iter().map(|company| (company.login.to_owned(), "channel_admin", company.name));
        let everybody: Vec<_> = told.chain(owners).chain(companies).collect();
        let parts = at_once(&everybody, |(login, role, place)| {
            let (org, desk) = (&orgs[*place], hire(base_url, &security, &orgs[*place], login, role)?);
            desk.0.staff.step_up(&StepUp { password: Some(desk.1.password.clone()), ..StepUp::default() })?;
            Ok((login.clone(), (desk.0, Resident::new(&desk.1, &org.name))))
        })?;
        let registrars = at_once(PROVINCES, |province| {
            let org = &orgs[&province.code.to_string()];
            let (desk, _) = hire(base_url, &security, org, &registry(province.code), "region_admin")?;
            Ok((desk.login.clone(), desk))
        })?;
        let mut cast = Self { parts, registrars, keys: RefCell::default() };
        // The prefecture of the scene reviews, too; its account is told with the others of the scene.
        let region = Desk { staff: scene.staff(base_url, "region_admin")?, login: "demo-region".into() };
        if let Some(known) = scene.accounts.iter().find(|account| account.role == "region_admin") {
            cast.parts.insert("demo-region".into(), (region, Resident::new(known, org_of("region_admin"))));
        }
        Ok(cast)
    }

    /// The desk of the account with this login.
    pub fn desk(&self, login: &str) -> &Desk {
        self.registrars.get(login).unwrap_or_else(|| &self.parts[login].0)
    }

    /// The desk of the owner of the channel with this key, or of its level-1 channel.
    pub fn owner(&self, channel: &str) -> &Desk {
        let plan = PLANS.iter().find(|plan| plan.key == channel);
        let head = plan.and_then(|plan| plan.parent).unwrap_or(channel);
        let told = PARTS.iter().find(|(_, role, place)| *role == "channel_admin" && *place == head);
        match told {
            Some((login, ..)) => self.desk(login),
            None => self.desk(&format!("owner-{head}")),
        }
    }

    /// Who keeps the registry of a province.
    pub fn registrar(&self, province: DivisionCode) -> &Staff {
        &self.registrars[&registry(province)].staff
    }

    /// Everybody who keeps the registry of a province.
    pub fn registrars(&self) -> impl Iterator<Item = &Desk> {
        self.registrars.values()
    }

    /// The key with which an owner signs, registered when it signs first.
    ///
    /// # Errors
    /// The platform refuses it.
    pub fn signing_key(&self, owner: &Desk) -> Result<SigningKey, Failure> {
        if let Some(key) = self.keys.borrow().get(&owner.login) {
            return Ok(key.clone());
        }
        let key = agreements::register_key(owner, self.desk("clerk-two"))?;
        self.keys.borrow_mut().insert(owner.login.clone(), key.clone());
        Ok(key)
    }

    /// The account of everybody who plays a part, in the order of the parts.
    pub fn residents(&self) -> impl Iterator<Item = Resident> {
        PARTS.iter().map(|(login, _, _)| self.parts[*login].1.clone())
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
    let lab = CreateOrg {
        name: "华信演示检测中心".into(),
        kind: OrgKind::Lab,
        division: "110000".into(),
        uscc: None,
    };
    let lab_id = admin.create_org(&lab).attempt(format_args!("register {}", lab.name))?.org_id;
    for province in PROVINCES {
        let rank =
            if province.zh.ends_with('市') || province.code == DivisionCode::XPCC { "局" } else { "厅" };
        let name = format!("{}人力资源和社会保障{rank}（演示）", province.zh);
        add(OrgKind::Province, &province.code.to_string(), name)?;
    }
    for (division, name) in PREFECTURES {
        add(OrgKind::Prefecture, division, format!("{name}人力资源和社会保障局（演示）"))?;
    }
    orgs.insert("lab".into(), Org { id: lab_id, name: lab.name });
    let operator = admin.whoami().attempt("see the operator")?.org;
    orgs.insert("operator".into(), Org { id: operator.org_id, name: operator.name });
    for company in COMPANIES {
        let request = CreateOrg {
            name: company.name.into(),
            kind: OrgKind::ChannelOwner,
            division: "330100".into(),
            uscc: Some(uscc(company.prefix, company.number)?),
        };
        let id = admin.create_org(&request).attempt(format_args!("register {}", company.name))?.org_id;
        orgs.insert(company.name.into(), Org { id, name: company.name.into() });
    }
    for (key, channel) in channels {
        let owner = Org { id: channel.owner_id.clone(), name: channel.owner.name.clone() };
        orgs.insert((*key).to_owned(), owner);
    }
    Ok(orgs)
}

/// So many accounts are opened at one time: each takes the platform some work, and nobody is to wait for long.
const AT_ONCE: usize = 6;

/// Does a thing for each, several at one time.
fn at_once<T: Sync, K: Ord + Send, V: Send>(
    all: &[T],
    work: impl Fn(&T) -> Result<(K, V), Failure> + Sync,
) -> Result<BTreeMap<K, V>, Failure> {
    let mut done = BTreeMap::new();
    for part in all.chunks(AT_ONCE) {
        let ended: Result<Vec<_>, _> = std::thread::scope(|scope| {
            let work = &work;
            let working: Vec<_> = part.iter().map(|one| scope.spawn(move || work(one))).collect();
            let ended = working
                .into_iter()
                .map(|one| one.join().unwrap_or_else(|_| Err(Failure::failed("a hiring thread panicked"))));
            ended.collect()
        });
        done.extend(ended?);
    }
    Ok(done)
}

/// The login of whoever keeps the registry of a province.
fn registry(province: DivisionCode) -> String {
    format!("registry-{province}")
}

/// Opens an account, replaces its one-time password, and stays signed in.
fn hire(
    base_url: &str,
    security: &Staff,
    org: &Org,
    login: &str,
    role: &str,
) -> Result<(Desk, Account), Failure> {
    let request = CreateStaff { org_id: org.id.clone(), login: login.into(), role: role.into() };
    let made = security.create_staff(&request).attempt(format_args!("open the account {login}"))?;
    let first = Account { login: login.into(), role: role.into(), password: made.one_time_password };
    let (account, staff) = own(base_url, &first)?;
    Ok((Desk { staff, login: login.into() }, account))
}
