//! The platform that is measured: a server in this process, a registry, fifty channels, fifty terminals, and holders
//! who claimed their e-cards and set their passwords through the public API.

use super::caller::Caller;
use super::load;
use crate::failure::{Attempt, Failure};
use crate::folder::Folder;
use crate::running::Running;
use crate::scene::{self, DIVISION, Scene};
use data_encoding::HEXLOWER;
use gm::sm2::{EncryptingKey, SigningKey};
use sdk::client::platform_keys;
use sdk::holder::Device;
use sdk::types::Private;
use sdk::types::channel::{AccessMode, ChannelClass, ChannelForm, ChannelOwner, CreateChannel};
use sdk::types::ecard::{ClaimEcard, EcardClaimed, IdKind, RealPerson, RealPersonMethod};
use sdk::types::import::{CardRow, ImportRows, MAX_CHUNK_ROWS, StartImport};
use sdk::types::key::{AddKey, KeyUsage};
use sdk::types::payment::BalanceView;
use sdk::types::service::CreateOpening;
use sdk::types::terminal::CreateTerminal;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Channels and terminals of a site.
pub const CALLERS: usize = 50;
/// Connections that carry the load.
pub const CONNECTIONS: usize = 64;
/// Rows of the registry sent at once.
const CHUNK: usize = MAX_CHUNK_ROWS;
const SERVICES: [&str; 4] = ["ecard.issue", "identity.verify", "pay.code", "pay.password"];
const OWNER_USCC: &str = "12330100000000019B";

/// A holder with a device.
pub struct Holder {
    /// Which channel serves the holder.
    pub channel: usize,
    /// `bnd_…`
    pub binding_id: String,
    /// With an open session.
    pub device: Device,
}

/// A platform under measurement.
pub struct Site {
    running: Running,
    /// Where it listens.
    pub addr: SocketAddr,
    /// What the scene made.
    pub scene: Scene,
    /// Open sessions of channels.
    pub channels: Vec<Caller>,
    /// Open sessions of terminals; the last is one to which nothing was opened.
    pub terminals: Vec<Caller>,
    encryption: EncryptingKey,
}

impl Site {
    /// Starts a server on `folder` and sets the scene.
    ///
    /// # Errors
    /// The first step that fails.
    pub fn start(folder: &Folder) -> Result<Self, Failure> {
        let running = Running::start(folder, SocketAddr::from(([127, 0, 0, 1], 0)), None)?;
        let addr = running.origin.trim_start_matches("http://").parse().attempt("read the address")?;
        let base = running.sandbox();
        let first = running.first.iter().find(|(name, _)| *name == server::WorldName::Sandbox);
        let first = first.map(|(_, account)| account.clone());
        let first = first.ok_or_else(|| Failure::failed("the sandbox was set up before"))?;
        let scene = scene::set(&base, &first, &|_| {})?;
        let (admin, region) = (scene.staff(&base, "operator_admin")?, scene.staff(&base, "region_admin")?);
        let keys = platform_keys(&base)?;
        let sealing = keys.data.iter().find(|key| key.usage == KeyUsage::Encrypt);
        let sealing = sealing.ok_or_else(|| Failure::failed("the platform publishes no encryption key"))?;
        let point = HEXLOWER.decode(sealing.public_key.as_bytes()).attempt("read the platform's key")?;
        let encryption = EncryptingKey::from_sec1(&point).attempt("read the platform's key")?;
        let mut site = Self { addr, channels: Vec::new(), terminals: Vec::new(), encryption, scene, running };
        for index in 0..CALLERS {
            let (add, key) = new_key();
            let channel = admin.create_channel(&new_channel(index, add))?;
            open(&region, &channel.channel_id)?;
            site.channels.push(Caller::open(addr, first_key(&channel.keys)?, &key)?);
        }
        for index in 0..=CALLERS {
            let (add, key) = new_key();
            let terminal = region.create_terminal(&CreateTerminal {
                serial: format!("BENCH-{index:04}"),
                org_id: site.scene.payee_id.clone(),
                division: DIVISION.into(),
                psam_no: None,
                keys: vec![add],
            })?;
            if index < CALLERS {
                open(&region, &terminal.terminal_id)?;
            }
            site.terminals.push(Caller::open(addr, first_key(&terminal.keys)?, &key)?);
        }
        Ok(site)
    }

    /// Address of the world that is measured.
    pub fn base(&self) -> String {
        self.running.sandbox()
    }

    /// Stops the server.
    ///
    /// # Errors
    /// The last records could not be sealed.
    pub fn stop(self) -> Result<(), Failure> {
        self.running.stop()
    }

    /// Imports cards `from..to` of the measured population, two chunks under way at a time as the command line does
    /// it; seconds it took.
    ///
    /// # Errors
    /// A row is refused.
    pub fn import(&self, from: usize, to: usize) -> Result<f64, Failure> {
        let region = self.scene.staff(&self.base(), "region_admin")?;
        let started = std::time::Instant::now();
        let digest = gm::sm3::digest(format!("bench {from} {to}").as_bytes());
        let import = region.start_import(&StartImport {
            file_name: "bench.csv".into(),
            digest: HEXLOWER.encode(&digest),
            total: i64::try_from(to - from).unwrap_or(i64::MAX),
        })?;
        let next = AtomicUsize::new(from);
        let send = || {
            loop {
                let at = next.fetch_add(CHUNK, Ordering::Relaxed);
                if at >= to {
                    return Ok(());
                }
                let first_row = i64::try_from(at - from).unwrap_or(i64::MAX);
                let request = ImportRows { first_row, rows: (at..(at + CHUNK).min(to)).map(row).collect() };
                let done = region.import_rows(&import.import_id, &request)?.import;
                if done.refused > 0 {
                    return Err(Failure::failed(format!("{} rows were refused", done.refused)));
                }
            }
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(send);
            send().and(other.join().unwrap_or_else(|_| Err(Failure::failed("an import broke off"))))
        })?;
        Ok(started.elapsed().as_secs_f64())
    }

    /// Bytes that the measured world's database takes.
    ///
    /// # Errors
    /// The database does not say.
    pub fn bytes(&self) -> Result<i64, Failure> {
        self.running.sandbox_bytes()
    }

    /// Sends requests and demands that every one is answered with `status`.
    ///
    /// # Errors
    /// Another answer.
    pub fn all(&self, requests: Vec<Vec<u8>>, status: u16) -> Result<load::Round, Failure> {
        let round = load::run(self.addr, CONNECTIONS, &Arc::new(requests), true).attempt("send the load")?;
        if round.count(status) == round.answered {
            return Ok(round);
        }
        let strange = round.bodies.iter().find(|body| body.starts_with(b"{\"type\""));
        let strange = strange.map(|body| String::from_utf8_lossy(body).into_owned()).unwrap_or_default();
        Err(Failure::failed(format!("expected {status}, answered {:?}: {strange}", round.statuses)))
    }

    /// The claims of persons `from..to`, in round-robin over the channels, each with a device of its own.
    ///
    /// # Errors
    /// A body cannot be written.
    pub fn claims(&mut self, from: usize, to: usize) -> Result<(Vec<Vec<u8>>, Vec<Device>), Failure> {
        let mut requests = Vec::with_capacity(to - from);
        let mut devices = Vec::with_capacity(to - from);
        for index in from..to {
            let device = Device::new(self.encryption.clone());
            let claim = ClaimEcard { device_key: Some(device.device_key()), ..claim(index) };
            requests.push(self.channels[index % CALLERS].post(
                "/ecards",
                &format!("claim-{index}"),
                &claim,
            )?);
            devices.push(device);
        }
        Ok((requests, devices))
    }

    /// Takes up what the claims answered and sets every holder's password.
    ///
    /// # Errors
    /// A claim or a password is refused.
    pub fn settle(
        &mut self,
        from: usize,
        claimed: &load::Round,
        devices: Vec<Device>,
    ) -> Result<Vec<Holder>, Failure> {
        let mut holders = Vec::with_capacity(devices.len());
        let mut passwords = Vec::with_capacity(devices.len());
        let now = server::clock::micros() / 1_000_000;
        for (offset, (mut device, body)) in devices.into_iter().zip(&claimed.bodies).enumerate() {
            let ecard: EcardClaimed = serde_json::from_slice(body).attempt("read a claim")?;
            let opened = ecard.holder_session.ok_or_else(|| Failure::failed("a claim opened no session"))?;
            device.take_up(&ecard.binding_id, &opened).attempt("take up a session")?;
            let channel = (from + offset) % CALLERS;
            let body = device.set_password("284917", now).attempt("set a password")?;
            let path = format!("/ecards/{}/password", ecard.binding_id);
            passwords.push(self.channels[channel].post(
                &path,
                &format!("password-{}", from + offset),
                &body,
            )?);
            holders.push(Holder { channel, binding_id: ecard.binding_id, device });
        }
        let round = load::run(self.addr, CONNECTIONS, &Arc::new(passwords), true).attempt("set passwords")?;
        match round.statuses.iter().find(|(status, _)| !(200..300).contains(status)) {
            None => Ok(holders),
            Some(_) => Err(Failure::failed(format!("passwords were answered {:?}", round.statuses))),
        }
    }

    /// A fresh code of each of these holders.
    ///
    /// # Errors
    /// A code is refused.
    pub fn codes(&mut self, holders: &[&Holder], label: &str) -> Result<Vec<String>, Failure> {
        let mut requests = Vec::with_capacity(holders.len());
        for (index, holder) in holders.iter().enumerate() {
            let body = holder.device.create_code().attempt("ask for a code")?;
            let path = format!("/ecards/{}/codes", holder.binding_id);
            requests.push(self.channels[holder.channel].post(&path, &format!("{label}-{index}"), &body)?);
        }
        let round = self.all(requests, 201)?;
        let code = |body: &Vec<u8>| {
            let created: sdk::types::qr::CodeCreated = serde_json::from_slice(body).attempt("read a code")?;
            Ok(created.code)
        };
        round.bodies.iter().map(code).collect()
    }
}

impl Site {
    /// The claims of persons `from..to` without a device: the holder opens a session later, by password.
    ///
    /// # Errors
    /// A body cannot be written.
    pub fn bare_claims(&mut self, from: usize, to: usize) -> Result<Vec<Vec<u8>>, Failure> {
        let build = |index: usize| {
            let claim = ClaimEcard { device_key: None, ..claim(index) };
            self.channels[index % CALLERS].post("/ecards", &format!("claim-{index}"), &claim)
        };
        (from..to).map(build).collect()
    }

    /// Waits until the bank has answered every top-up of these holders.
    ///
    /// # Errors
    /// It did not within two minutes.
    pub fn wait_for_funds(&mut self, payers: &[&Holder]) -> Result<(), Failure> {
        for _ in 0..240 {
            let path = |payer: &&Holder| format!("/ecards/{}/balance", payer.binding_id);
            let requests =
                payers.iter().map(|payer| self.channels[payer.channel].get(&path(payer))).collect();
            let round = self.all(requests, 200)?;
            let funded = |body: &Vec<u8>| {
                serde_json::from_slice::<BalanceView>(body).is_ok_and(|balance| balance.available_fen > 0)
            };
            if round.bodies.iter().all(funded) {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(500));
        }
        Err(Failure::failed("the bank simulator did not answer every top-up within two minutes"))
    }

    /// Uses that the statistics counted, all channels and days together.
    ///
    /// # Errors
    /// They cannot be read.
    pub fn counted_uses(&self) -> Result<i64, Failure> {
        let auditor = self.scene.staff(&self.base(), "operator_clerk")?;
        let day = |days: i32| {
            let now = domain::time::Timestamp::from_micros(server::clock::micros());
            now.business_date().plus_days(days).to_string()
        };
        let mut sum = 0;
        for row in auditor.statistics(&day(-1), &day(1)) {
            sum += row?.uses;
        }
        Ok(sum)
    }
}

fn claim(index: usize) -> ClaimEcard {
    let person = row(index);
    ClaimEcard {
        name: person.aac003,
        id_kind: IdKind::ResidentId,
        id_number: person.aac002,
        card_number: None,
        division: None,
        real_person: RealPerson { method: RealPersonMethod::Face, token: Private::new("sim:pass") },
        level: 2,
        device_key: None,
    }
}

fn first_key(keys: &[sdk::types::key::KeyView]) -> Result<&str, Failure> {
    keys.first().map(|key| key.key_id.as_str()).ok_or_else(|| Failure::failed("a caller has no key"))
}

fn new_key() -> (AddKey, SigningKey) {
    let key = SigningKey::generate();
    let public_key = HEXLOWER.encode(&key.verifying_key().to_sec1());
    (AddKey { usage: KeyUsage::Sign, public_key }, key)
}

fn new_channel(index: usize, key: AddKey) -> CreateChannel {
    CreateChannel {
        name: format!("测量渠道{index}"),
        owner: ChannelOwner { name: "演示市大数据中心".into(), uscc: OWNER_USCC.into() },
        class: ChannelClass::Government,
        level: 1,
        parent_id: None,
        form: ChannelForm::App,
        form_name: None,
        access_mode: AccessMode::Sdk,
        regions: vec![DIVISION.into()],
        services: SERVICES.iter().map(ToString::to_string).collect(),
        keys: vec![key],
    }
}

fn open(region: &sdk::client::Staff, caller_id: &str) -> Result<(), Failure> {
    for service in SERVICES {
        let opening =
            CreateOpening { service: service.into(), caller_id: caller_id.into(), division: DIVISION.into() };
        region.create_opening(&opening)?;
    }
    Ok(())
}

/// Card `index` of the measured population: well-formed, of nobody.
pub fn row(index: usize) -> CardRow {
    let (sequence, day) = (index % 1000, 1 + index / 1000 % 28);
    let (month, year) = (1 + index / 28_000 % 12, 1950 + index / 336_000 % 55);
    CardRow {
        aab301: DIVISION.into(),
        aac002: scene::with_check_digit(&format!("330105{year}{month:02}{day:02}{sequence:03}"))
            .as_str()
            .into(),
        aac003: ["王伟", "李秀英", "张敏", "刘·䶮", "陈静", "杨欣怡"][index % 6].into(),
        aac067: format!("139{:08}", index % 100_000_000).as_str().into(),
        aaz500: format!("B{index:08}").as_str().into(),
        aaz502: "1".into(),
        generation: "3".into(),
        issued_on: "2024-03-01".into(),
        ..CardRow::default()
    }
}
