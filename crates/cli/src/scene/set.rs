//! Setting the scene, step by step, as the people of an operator, a prefecture and a department would.

use super::persons::{CROWD, rows};
use super::{Account, DIVISION, NOT_IN_SCOPE, NOT_OPENED, Pair, Scene};
use crate::failure::{Attempt, Failure};
use crate::profile;
use data_encoding::HEXLOWER;
use gm::sm2::SigningKey;
use sdk::client::Staff;
use sdk::types::Private;
use sdk::types::channel::{AccessMode, ChannelClass, ChannelForm, ChannelOwner, ChannelView, CreateChannel};
use sdk::types::import::{CardRow, ImportRows, ImportView, StartImport};
use sdk::types::key::{AddKey, KeyUsage};
use sdk::types::org::{CreateOrg, OrgKind, OrgView};
use sdk::types::payee::CreatePayee;
use sdk::types::service::CreateOpening;
use sdk::types::staff::{ChangeStaffPassword, CreateStaff};
use sdk::types::terminal::CreateTerminal;

/// 统一社会信用代码 of the demonstration channel's owner; of nobody.
const OWNER_USCC: &str = "12330100000000019B";
/// What the payee pays for each payment, in 1/10000.
const FEE_BASIS_POINTS: i64 = 30;
/// Rows sent at once.
const CHUNK: usize = 200;

/// Sets the scene at `base_url`, beginning with the account that the first start made; `told` hears of each step.
///
/// # Errors
/// The first step that the platform refuses.
pub fn set(base_url: &str, first: &Account, told: &dyn Fn(&str)) -> Result<Scene, Failure> {
    let accounts = vec![own(base_url, first)?.0];
    let mut scene =
        Scene { accounts, channel: nobodys(), terminal: nobodys(), payee_id: String::new(), country: None };
    let admin = scene.staff(base_url, "operator_admin")?;
    let operator = admin.orgs().find(|org| org.as_ref().is_ok_and(|org| org.kind == OrgKind::Operator));
    let operator = operator.ok_or_else(|| Failure::failed("there is no operator"))??;
    let prefecture = org(&admin, "杭州市人力资源和社会保障局（演示）", OrgKind::Prefecture)?;
    let department = org(&admin, "杭州市第一演示医院", OrgKind::Department)?;
    told("organisations: an operator, a prefecture, a department that is paid");
    let hire = |by: &Staff, org: &OrgView, login: &str, role: &str| {
        let request = CreateStaff { org_id: org.org_id.clone(), login: login.into(), role: role.into() };
        let password = by.create_staff(&request)?.one_time_password;
        let account = Account { login: login.into(), role: role.into(), password };
        Ok::<_, Failure>(own(base_url, &account)?.0)
    };
    scene.accounts.push(hire(&admin, &operator, "demo-security", "security_admin")?);
    let security = scene.staff(base_url, "security_admin")?;
    scene.accounts.push(hire(&security, &operator, "demo-auditor", "audit_admin")?);
    scene.accounts.push(hire(&security, &operator, "demo-clerk", "operator_clerk")?);
    scene.accounts.push(hire(&security, &prefecture, "demo-region", "region_admin")?);
    scene.accounts.push(hire(&security, &prefecture, "demo-window", "region_clerk")?);
    scene.accounts.push(hire(&security, &department, "demo-hospital", "department_clerk")?);
    told("accounts: one of each role, every one-time password replaced");
    let region = scene.staff(base_url, "region_admin")?;
    scene.channel = channel(&admin)?;
    scene.terminal = terminal(&region, &department)?;
    scene.payee_id = department.org_id;
    admin
        .create_payee(&CreatePayee { org_id: scene.payee_id.clone(), fee_basis_points: FEE_BASIS_POINTS })?;
    told("a channel and a terminal, each with its own SM2 key");
    open_services(&region, &scene)?;
    told("services opened to both by the prefecture");
    let import = import(&region, "demo-cards.json", &rows(CROWD))?;
    told(&format!("{} cards imported into the registry", import.inserted));
    Ok(scene)
}

/// Replaces an account's one-time password; whoever did stays signed in.
pub(super) fn own(base_url: &str, account: &Account) -> Result<(Account, Staff), Failure> {
    let staff = Staff::sign_in(&profile::config(base_url), &account.login, account.password.expose())?;
    let password = Private::new(HEXLOWER.encode(&gm::random::bytes::<16>()));
    let request =
        ChangeStaffPassword { current_password: account.password.clone(), new_password: password.clone() };
    staff.change_password(&request)?;
    Ok((Account { password, ..account.clone() }, staff))
}

fn nobodys() -> Pair {
    Pair { owner_id: String::new(), key_id: String::new(), secret_key: Private::new("") }
}

fn org(admin: &Staff, name: &str, kind: OrgKind) -> Result<OrgView, Failure> {
    Ok(admin.create_org(&CreateOrg { name: name.into(), kind, division: DIVISION.into(), uscc: None })?)
}

/// A key to register, and its secret half.
pub(super) fn new_key() -> (AddKey, Private) {
    let key = SigningKey::generate();
    let public_key = HEXLOWER.encode(&key.verifying_key().to_sec1());
    let secret_key = Private::new(HEXLOWER.encode(key.to_bytes().expose()));
    (AddKey { usage: KeyUsage::Sign, public_key }, secret_key)
}

fn channel(admin: &Staff) -> Result<Pair, Failure> {
    let (key, secret_key) = new_key();
    let services = domain::service::CATALOGUE.iter().map(|service| service.code);
    let channel = admin.create_channel(&CreateChannel {
        name: "演示渠道".into(),
        owner: ChannelOwner { name: "演示市大数据中心".into(), uscc: OWNER_USCC.into() },
        class: ChannelClass::Government,
        level: 1,
        parent_id: None,
        form: ChannelForm::App,
        form_name: None,
        access_mode: AccessMode::Sdk,
        regions: vec![DIVISION.into()],
        services: services.filter(|code| *code != NOT_IN_SCOPE).map(str::to_owned).collect(),
        keys: vec![key],
    })?;
    pair(&channel, secret_key)
}

/// The first key of a channel with its secret half.
pub(super) fn pair(channel: &ChannelView, secret_key: Private) -> Result<Pair, Failure> {
    let key = channel.keys.first().ok_or_else(|| Failure::failed("the channel has no key"))?;
    Ok(Pair { key_id: key.key_id.clone(), owner_id: channel.channel_id.clone(), secret_key })
}

fn terminal(region: &Staff, department: &OrgView) -> Result<Pair, Failure> {
    let (key, secret_key) = new_key();
    let terminal = region.create_terminal(&CreateTerminal {
        serial: "DEMO-0001".into(),
        org_id: department.org_id.clone(),
        division: DIVISION.into(),
        psam_no: None,
        keys: vec![key],
    })?;
    let key = terminal.keys.first().ok_or_else(|| Failure::failed("the terminal has no key"))?;
    Ok(Pair { key_id: key.key_id.clone(), owner_id: terminal.terminal_id, secret_key })
}

/// Opens every service of the catalogue to both, save the one whose missing authorization is to be shown; a channel
/// is opened nothing outside its scope.
fn open_services(region: &Staff, scene: &Scene) -> Result<(), Failure> {
    for service in domain::service::CATALOGUE.iter().filter(|service| service.code != NOT_OPENED) {
        let callers = [&scene.terminal, &scene.channel];
        for caller in &callers[..if service.code == NOT_IN_SCOPE { 1 } else { 2 }] {
            region.create_opening(&CreateOpening {
                service: service.code.into(),
                caller_id: caller.owner_id.clone(),
                division: DIVISION.into(),
            })?;
        }
    }
    Ok(())
}

/// Imports cards into the registry as a file of this name.
///
/// # Errors
/// The platform refuses a step, or one of the cards.
pub(super) fn import(region: &Staff, file_name: &str, rows: &[CardRow]) -> Result<ImportView, Failure> {
    let written = serde_json::to_vec(rows).attempt("write the demonstration cards")?;
    let start = StartImport {
        file_name: file_name.into(),
        digest: HEXLOWER.encode(&gm::sm3::digest(&written)),
        total: i64::try_from(rows.len()).unwrap_or(i64::MAX),
    };
    let mut import = region.start_import(&start)?;
    for (index, chunk) in rows.chunks(CHUNK).enumerate() {
        let first_row = i64::try_from(index * CHUNK).unwrap_or(i64::MAX);
        let request = ImportRows { first_row, rows: chunk.to_vec() };
        import = region.import_rows(&import.import_id, &request)?.import;
    }
    if import.refused > 0 {
        return Err(Failure::failed(format!("{} demonstration cards were refused", import.refused)));
    }
    Ok(import)
}
