//! Passkeys: registered, shown at the sign-in and to step up, refused, removed and taken away; by a device that is written here.

use super::{PASSWORD, id_of, settled, sign_in};
use crate::harness::{Platform, refusal};
use data_encoding::BASE64URL_NOPAD;
use domain::org::{OrgKind, Role};
use domain::passkey::RelyingParty;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use sdk::client::{Config, Error, Staff};
use sdk::types::key::RotateKey;
use sdk::types::passkey::{
    BeginPasskey, FactorAsked, PasskeyAssertion, PasskeyBegun, PasskeyRegistered, PasskeyRequest,
    RegisterPasskey,
};
use sdk::types::staff::{
    BeginFactor, ChallengeFactor, ConfirmFactor, CreateStaffSession, DecideOnStaff, StaffSessionOpened,
    StepUp,
};
use server::key::totp::code_at;

/// Somebody was there, the user was verified, the key may be copied to other devices, a key follows.
const PRESENT: u8 = 1;
const VERIFIED: u8 = 4;
const BACKUP_ELIGIBLE: u8 = 8;
const WITH_KEY: u8 = 64;

/// A device that makes and shows passkeys of ES256, at pages that it believes in.
pub struct Device {
    key: EcdsaKeyPair,
    id: Vec<u8>,
    count: u32,
    flags: u8,
    origin: String,
    party: String,
}

impl Device {
    /// A new device at the pages of a server.
    pub fn at(base_url: &str) -> Self {
        let party = RelyingParty::of(base_url).unwrap();
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        Self {
            key: EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap(),
            id: gm::random::bytes::<24>().into(),
            count: 0,
            flags: PRESENT | VERIFIED,
            origin: party.origin,
            party: party.id,
        }
    }

    /// What it answers when it is asked for a new passkey.
    pub fn make(&self, challenge: &str) -> RegisterPasskey {
        let point = self.key.public_key().as_ref();
        let cose =
            [b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", &point[1..33], b"\x22\x58\x20", &point[33..]]
                .concat();
        self.make_of(challenge, &cose)
    }

    fn make_of(&self, challenge: &str, cose: &[u8]) -> RegisterPasskey {
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let key = [&[0; 16][..], &length, &self.id, cose].concat();
        let device = self.says(self.flags | WITH_KEY, &key);
        let length = u16::try_from(device.len()).unwrap().to_be_bytes();
        let object = [&b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59"[..], &length, &device];
        RegisterPasskey {
            name: "办公室的钥匙".into(),
            client_data: BASE64URL_NOPAD.encode(&self.asked("webauthn.create", challenge)),
            attestation_object: BASE64URL_NOPAD.encode(&object.concat()),
        }
    }

    /// What it answers when it is asked to show its passkey.
    fn show(&mut self, challenge: &str) -> PasskeyAssertion {
        self.count += 1;
        self.show_as("webauthn.get", challenge)
    }

    fn show_as(&self, kind: &str, challenge: &str) -> PasskeyAssertion {
        let client = self.asked(kind, challenge);
        let device = self.says(self.flags, &[]);
        let signed = [&device, digest(&SHA256, &client).as_ref()].concat();
        let signature = self.key.sign(&SystemRandom::new(), &signed).unwrap();
        PasskeyAssertion {
            credential_id: BASE64URL_NOPAD.encode(&self.id),
            client_data: BASE64URL_NOPAD.encode(&client),
            authenticator_data: BASE64URL_NOPAD.encode(&device),
            signature: BASE64URL_NOPAD.encode(signature.as_ref()),
        }
    }

    fn asked(&self, kind: &str, challenge: &str) -> Vec<u8> {
        serde_json::json!({"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": false})
            .to_string()
            .into_bytes()
    }

    fn says(&self, flags: u8, key: &[u8]) -> Vec<u8> {
        let party = digest(&SHA256, self.party.as_bytes());
        [party.as_ref(), &[flags], &self.count.to_be_bytes(), key].concat()
    }
}

/// An account with a passkey.
struct Holder {
    staff: Staff,
    device: Device,
    registered: PasskeyRegistered,
}

pub(super) fn begin(staff: &Staff) -> Result<PasskeyBegun, Error> {
    staff.begin_passkey(&BeginPasskey { password: PASSWORD.into() })
}

pub(super) fn account(platform: &Platform, login: &str, role: &str) -> Staff {
    let security = platform.staff(Role::SecurityAdmin, "000000");
    let org = platform.org(OrgKind::Operator, "000000").to_string();
    settled(platform, &security, &org, login, role)
}

fn holder(platform: &Platform, login: &str, role: &str) -> Holder {
    let staff = account(platform, login, role);
    let device = Device::at(platform.origin());
    let registered = staff.register_passkey(&device.make(&begin(&staff).unwrap().challenge)).unwrap();
    Holder { staff, device, registered }
}

fn ask_at(config: &Config, login: &str, password: &str) -> Result<FactorAsked, Error> {
    let client = sdk::client::Client::new(config, sdk::client::Caller::Anonymous)?;
    let request = ChallengeFactor { login: login.into(), password: password.into() };
    client.send(&sdk::client::Call::post("/api/v1/staff/sessions/challenge", &request)?.once())
}

fn ask(platform: &Platform, login: &str) -> PasskeyRequest {
    ask_at(&platform.config(platform.world()), login, PASSWORD).unwrap().passkey.unwrap()
}

fn come_in_at(config: &Config, login: &str, shown: &PasskeyAssertion) -> Result<StaffSessionOpened, Error> {
    let request = CreateStaffSession {
        login: login.into(),
        password: PASSWORD.into(),
        code: None,
        passkey: Some(shown.clone()),
    };
    let client = sdk::client::Client::new(config, sdk::client::Caller::Anonymous)?;
    client.send(&sdk::client::Call::post("/api/v1/staff/sessions", &request)?.once())
}

fn come_in(platform: &Platform, login: &str, shown: &PasskeyAssertion) -> Result<StaffSessionOpened, Error> {
    come_in_at(&platform.config(platform.world()), login, shown)
}

fn by_passkey(shown: PasskeyAssertion) -> StepUp {
    StepUp { passkey: Some(shown), ..StepUp::default() }
}

/// Forgets that a factor was just confirmed in a session of this account.
fn forget(platform: &Platform, login: &str) {
    let (login, now) = (login.to_owned(), platform.world().real_now());
    platform.write(move |tx| {
        let row = store::org::find_staff_by_login(tx, &login)?.unwrap();
        for session in store::staff::list_sessions(tx, &row.id, now.as_micros(), 0, 100)? {
            store::staff::confirm_session(tx, &session.token_hash, now.plus_seconds(-300).as_micros())?;
        }
        Ok(())
    });
}

/// Makes a challenge so many seconds older.
fn age(platform: &Platform, challenge: &str, seconds: i64) {
    let bytes: [u8; 32] = BASE64URL_NOPAD.decode(challenge.as_bytes()).unwrap().try_into().unwrap();
    platform.write(move |tx| {
        let row = store::passkey::take_challenge(tx, &bytes)?.unwrap();
        let expires_at = row.expires_at - seconds * 1_000_000;
        Ok(store::passkey::insert_challenge(tx, &store::passkey::ChallengeRow { expires_at, ..row })?)
    });
}

fn refused(code: &str) -> (u16, String) {
    (403, code.into())
}

on_both! {
    fn the_first_passkey_is_a_second_factor_with_recovery_codes(platform) {
        let staff = account(platform, "lilei", "operator_clerk");
        let elsewhere = sign_in(platform, "lilei", PASSWORD).unwrap();
        assert!(staff.passkeys().unwrap().data.is_empty());
        let wrong = refusal(staff.begin_passkey(&BeginPasskey { password: "wrong password".into() }));
        assert_eq!(wrong, (401, "staff.login_refused".into()));
        let begun = begin(&staff).unwrap();
        assert_eq!((begun.rp_id.as_str(), begun.user_name.as_str()), ("localhost", "lilei@production"));
        assert_eq!(begun.algorithms, [-7, -8, -257]);
        let device = Device::at(platform.origin());
        let registered = staff.register_passkey(&device.make(&begun.challenge)).unwrap();
        assert_eq!(registered.recovery_codes.len(), 10);
        let listed = staff.passkeys().unwrap();
        assert_eq!(listed.data, [registered.passkey]);
        assert_eq!(listed.origin.unwrap(), device.origin, "the loopback by its name");
        assert_eq!((listed.data[0].name.as_str(), &listed.data[0].used_at), ("办公室的钥匙", &None));
        assert_eq!(refusal(elsewhere.orgs().next().unwrap()).0, 401, "sessions without the factor end");
        assert_eq!(refusal(sign_in(platform, "lilei", PASSWORD).map(drop)), (401, "staff.code_required".into()));
        assert!(staff.factor().unwrap().enrolled_at.is_none());
        let code = registered.recovery_codes[0].clone();
        let request = CreateStaffSession { login: "lilei".into(), password: PASSWORD.into(), code: Some(code), passkey: None };
        Staff::sign_in_with(&platform.config(platform.world()), &request).unwrap();
    }

    fn a_passkey_signs_in_with_the_password(platform) {
        let mut holder = holder(platform, "lilei", "operator_clerk");
        let asked = ask(platform, "lilei");
        assert_eq!(asked.credential_ids, [BASE64URL_NOPAD.encode(&holder.device.id)]);
        let shown = holder.device.show(&asked.challenge);
        come_in(platform, "lilei", &shown).unwrap();
        assert!(holder.staff.passkeys().unwrap().data[0].used_at.is_some());
        assert_eq!(refusal(come_in(platform, "lilei", &shown)), refused("passkey.challenge"), "answered once");
        let wrong = refusal(ask_at(&platform.config(platform.world()), "lilei", "wrong password"));
        assert_eq!(wrong, (401, "staff.login_refused".into()), "nothing is said to who does not know the password");
        let nobody = refusal(ask_at(&platform.config(platform.world()), "nobody", PASSWORD));
        assert_eq!(nobody, wrong);
        account(platform, "hanmei", "operator_clerk");
        let asked = ask_at(&platform.config(platform.world()), "hanmei", PASSWORD).unwrap();
        assert_eq!(asked, FactorAsked { takes_code: false, passkey: None });
    }

    /// The challenge lies in the database, so another server takes the answer; only the pages are its own.
    fn a_challenge_of_one_server_is_answered_at_another(platform) {
        let mut holder = holder(platform, "lilei", "operator_clerk");
        let Some(twin) = platform.strict() else { return };
        let asked = ask(platform, "lilei");
        holder.device.origin = RelyingParty::of(&twin.base_url).unwrap().origin;
        let shown = holder.device.show(&asked.challenge);
        come_in_at(&twin, "lilei", &shown).unwrap();
        assert_eq!(refusal(come_in(platform, "lilei", &shown)), refused("passkey.challenge"), "used up everywhere");
    }

    fn what_is_not_the_accounts_own_fresh_answer_is_refused(platform) {
        let mut holder = holder(platform, "lilei", "operator_clerk");
        let mut try_one = |change: &dyn Fn(&mut Device), spoil: &dyn Fn(&mut PasskeyAssertion)| {
            let asked = ask(platform, "lilei");
            change(&mut holder.device);
            let mut shown = holder.device.show(&asked.challenge);
            spoil(&mut shown);
            let outcome = refusal(come_in(platform, "lilei", &shown));
            let party = RelyingParty::of(platform.origin()).unwrap();
            (holder.device.origin, holder.device.party) = (party.origin, party.id);
            holder.device.flags = PRESENT | VERIFIED;
            // Wrong ones are counted, and the right one between them forgets that.
            let again = ask(platform, "lilei");
            come_in(platform, "lilei", &holder.device.show(&again.challenge)).unwrap();
            outcome
        };
        let same = |_: &mut PasskeyAssertion| ();
        assert_eq!(try_one(&|d| d.origin = "https://evil.example".into(), &same), refused("passkey.origin"));
        assert_eq!(try_one(&|d| d.origin = platform.origin().into(), &same), refused("passkey.origin"), "by its address");
        assert_eq!(try_one(&|d| d.party = "evil.example".into(), &same), refused("passkey.origin"));
        assert_eq!(try_one(&|d| d.flags = PRESENT, &same), refused("passkey.unverified"));
        assert_eq!(try_one(&|d| d.flags = VERIFIED, &same), refused("passkey.unverified"), "nobody was there");
        let other = Device::at(platform.origin());
        let unknown = |shown: &mut PasskeyAssertion| shown.credential_id = BASE64URL_NOPAD.encode(&other.id);
        assert_eq!(try_one(&|_| (), &unknown), refused("passkey.unknown"));
        let forged = |shown: &mut PasskeyAssertion| {
            let client = BASE64URL_NOPAD.decode(shown.client_data.as_bytes()).unwrap();
            let device = BASE64URL_NOPAD.decode(shown.authenticator_data.as_bytes()).unwrap();
            let signed = [&device, digest(&SHA256, &client).as_ref()].concat();
            let signature = other.key.sign(&SystemRandom::new(), &signed).unwrap();
            shown.signature = BASE64URL_NOPAD.encode(signature.as_ref());
        };
        assert_eq!(try_one(&|_| (), &forged), refused("passkey.signature"));
        let never = BASE64URL_NOPAD.encode(&[7; 32]);
        let shown = holder.device.show(&never);
        assert_eq!(refusal(come_in(platform, "lilei", &shown)), refused("passkey.challenge"));
        let making = holder.device.show_as("webauthn.create", &ask(platform, "lilei").challenge);
        assert_eq!(refusal(come_in(platform, "lilei", &making)), refused("passkey.origin"), "for something else");
    }

    fn a_challenge_is_good_for_five_minutes(platform) {
        let mut holder = holder(platform, "lilei", "operator_clerk");
        let asked = ask(platform, "lilei");
        assert_eq!(asked.timeout_seconds, 300);
        age(platform, &asked.challenge, 270);
        come_in(platform, "lilei", &holder.device.show(&asked.challenge)).unwrap();
        let asked = ask(platform, "lilei");
        age(platform, &asked.challenge, 300);
        let late = refusal(come_in(platform, "lilei", &holder.device.show(&asked.challenge)));
        assert_eq!(late, refused("passkey.challenge"));
    }

    /// Web Authentication Level 3, 7.2, step 22.
    fn a_counter_that_does_not_go_up_is_a_copy(platform) {
        let mut holder = holder(platform, "lilei", "operator_clerk");
        holder.device.count = 6;
        come_in(platform, "lilei", &holder.device.show(&ask(platform, "lilei").challenge)).unwrap();
        for count in [6, 5] {
            holder.device.count = count;
            let shown = holder.device.show(&ask(platform, "lilei").challenge);
            assert_eq!(refusal(come_in(platform, "lilei", &shown)), refused("passkey.counter"));
        }
        come_in(platform, "lilei", &holder.device.show(&ask(platform, "lilei").challenge)).unwrap_err();
        holder.device.count = 7;
        come_in(platform, "lilei", &holder.device.show(&ask(platform, "lilei").challenge)).unwrap();
    }

    /// Web Authentication Level 3, 7.2: whether a key may be copied never changes.
    fn a_key_that_may_be_copied_stays_one_and_another_becomes_none(platform) {
        for (login, made, shown) in [("lilei", BACKUP_ELIGIBLE, 0), ("hanmei", 0, BACKUP_ELIGIBLE)] {
            let staff = account(platform, login, "operator_clerk");
            let mut device = Device::at(platform.origin());
            device.flags |= made;
            staff.register_passkey(&device.make(&begin(&staff).unwrap().challenge)).unwrap();
            come_in(platform, login, &device.show(&ask(platform, login).challenge)).unwrap();
            device.flags = PRESENT | VERIFIED | shown;
            let other = device.show(&ask(platform, login).challenge);
            assert_eq!(refusal(come_in(platform, login, &other)), refused("passkey.signature"), "{login}");
        }
    }

    /// Somebody with the password who begins an app before its owner has a factor gets no say over what the owner adds.
    fn an_app_that_was_begun_before_the_first_passkey_is_not_confirmed(platform) {
        let staff = account(platform, "lilei", "operator_clerk");
        let begin_app = || {
            let begun = staff.begin_factor(&BeginFactor { password: PASSWORD.into() }).unwrap();
            data_encoding::BASE32_NOPAD.decode(begun.secret.expose().as_bytes()).unwrap()
        };
        let confirm = |secret: &[u8]| {
            let step = server::clock::micros() / 1_000_000 / domain::staff::STEP_SECONDS;
            refusal(staff.confirm_factor(&ConfirmFactor { code: code_at(secret, step).as_str().into() }))
        };
        let before = begin_app();
        staff.register_passkey(&Device::at(platform.origin()).make(&begin(&staff).unwrap().challenge)).unwrap();
        assert_eq!(confirm(&before), (409, "staff.factor_missing".into()), "even right after the passkey was made");
        let after = begin_app();
        forget(platform, "lilei");
        assert_eq!(confirm(&after), refused("staff.step_up_required"), "a fresh proof is asked for at the end too");
        assert_eq!(staff.factor().unwrap().recovery_codes, 10);
    }

    fn five_challenges_wait_for_the_same_and_a_further_one_ends_the_oldest(platform) {
        let mut holder = holder(platform, "lilei", "operator_clerk");
        let stepping = holder.staff.challenge_step_up().unwrap().passkey.unwrap();
        let asked: Vec<_> = (0..6).map(|_| ask(platform, "lilei")).collect();
        let first = holder.device.show(&asked[0].challenge);
        assert_eq!(refusal(come_in(platform, "lilei", &first)), refused("passkey.challenge"));
        come_in(platform, "lilei", &holder.device.show(&asked[1].challenge)).unwrap();
        holder.staff.step_up(&by_passkey(holder.device.show(&stepping.challenge))).unwrap();
    }

    fn another_accounts_passkey_and_challenge_are_refused(platform) {
        let mut lilei = holder(platform, "lilei", "operator_clerk");
        let mut hanmei = holder(platform, "hanmei", "operator_clerk");
        let asked = ask(platform, "lilei");
        assert_eq!(refusal(come_in(platform, "lilei", &hanmei.device.show(&asked.challenge))), refused("passkey.unknown"));
        let asked = ask(platform, "hanmei");
        assert_eq!(refusal(come_in(platform, "lilei", &lilei.device.show(&asked.challenge))), refused("passkey.challenge"));
        let again = begin(&hanmei.staff).unwrap();
        let taken = refusal(hanmei.staff.register_passkey(&lilei.device.make(&again.challenge)));
        assert_eq!(taken, (409, "passkey.taken".into()), "nor is it registered twice");
        let own = begin(&lilei.staff).unwrap();
        assert_eq!(own.credential_ids, [BASE64URL_NOPAD.encode(&lilei.device.id)], "the browser is told which there are");
        let taken = refusal(lilei.staff.register_passkey(&lilei.device.make(&own.challenge)));
        assert_eq!(taken, (409, "passkey.taken".into()));
    }

    fn five_wrong_answers_lock_the_account(platform) {
        let mut holder = holder(platform, "lilei", "operator_clerk");
        for _ in 0..5 {
            holder.device.flags = PRESENT;
            let shown = holder.device.show(&ask(platform, "lilei").challenge);
            assert_eq!(refusal(come_in(platform, "lilei", &shown)), refused("passkey.unverified"));
        }
        let locked = refusal(ask_at(&platform.config(platform.world()), "lilei", PASSWORD));
        assert_eq!(locked, (401, "staff.login_refused".into()));
        platform.clock().advance(15 * 60);
        holder.device.flags |= VERIFIED;
        come_in(platform, "lilei", &holder.device.show(&ask(platform, "lilei").challenge)).unwrap();
    }

    /// Who knows the password must not guess codes without end by asking between the guesses.
    fn asking_for_a_factor_forgets_no_wrong_codes(platform) {
        let holder = holder(platform, "lilei", "operator_clerk");
        drop(holder);
        for _ in 0..5 {
            ask(platform, "lilei");
            let request = CreateStaffSession { login: "lilei".into(), password: PASSWORD.into(), code: Some("000000".into()), passkey: None };
            let wrong = Staff::sign_in_with(&platform.config(platform.world()), &request);
            assert_eq!(refusal(wrong.map(drop)), (401, "staff.login_refused".into()));
        }
        let locked = refusal(ask_at(&platform.config(platform.world()), "lilei", PASSWORD));
        assert_eq!(locked, (401, "staff.login_refused".into()));
    }

    fn a_passkey_steps_up_in_the_session_that_was_asked(platform) {
        let mut security = holder(platform, "security", "security_admin");
        let rotate = |staff: &Staff| refusal(staff.rotate_key(&RotateKey { usage: "code_mac".into() }));
        assert_eq!(rotate(&security.staff).0, 200, "it was made a moment ago");
        forget(platform, "security");
        assert_eq!(rotate(&security.staff), refused("staff.step_up_required"));
        assert_eq!(refusal(begin(&security.staff)), refused("staff.step_up_required"));
        let asked = security.staff.challenge_step_up().unwrap();
        assert!(asked.takes_code, "a recovery code");
        let challenge = asked.passkey.unwrap().challenge;
        let elsewhere = come_in(platform, "security", &security.device.show(&ask(platform, "security").challenge)).unwrap();
        let elsewhere = Staff::with_token(&platform.config(platform.world()), elsewhere.token).unwrap();
        assert_eq!(rotate(&elsewhere).0, 200, "who has just shown it need not show it again");
        let shown = security.device.show(&challenge);
        assert_eq!(refusal(elsewhere.step_up(&by_passkey(shown.clone()))), refused("passkey.challenge"));
        assert_eq!(refusal(security.staff.step_up(&by_passkey(shown))), refused("passkey.challenge"), "and gone");
        let signing = ask(platform, "security").challenge;
        let shown = security.device.show(&signing);
        assert_eq!(refusal(security.staff.step_up(&by_passkey(shown))), refused("passkey.challenge"), "made to sign in");
        forget(platform, "security");
        let challenge = security.staff.challenge_step_up().unwrap().passkey.unwrap().challenge;
        security.staff.step_up(&by_passkey(security.device.show(&challenge))).unwrap();
        assert_eq!(rotate(&security.staff).0, 200);
        let without = platform.staff(Role::SecurityAdmin, "000000");
        assert_eq!(refusal(without.challenge_step_up()), (409, "staff.factor_missing".into()));
    }

    fn a_passkey_is_made_at_our_pages_with_its_user_verified_for_the_session_that_began_it(platform) {
        let staff = account(platform, "lilei", "operator_clerk");
        let other = sign_in(platform, "lilei", PASSWORD).unwrap();
        let mut device = Device::at(platform.origin());
        let challenge = begin(&staff).unwrap().challenge;
        assert_eq!(refusal(other.register_passkey(&device.make(&challenge))), refused("passkey.challenge"));
        assert_eq!(refusal(staff.register_passkey(&device.make(&challenge))), refused("passkey.challenge"), "and gone");
        device.flags = PRESENT;
        let made = device.make(&begin(&staff).unwrap().challenge);
        assert_eq!(refusal(staff.register_passkey(&made)), refused("passkey.unverified"));
        device.flags = PRESENT | VERIFIED;
        device.origin = "https://evil.example".into();
        let made = device.make(&begin(&staff).unwrap().challenge);
        assert_eq!(refusal(staff.register_passkey(&made)), refused("passkey.origin"));
        assert!(staff.passkeys().unwrap().data.is_empty());
    }

    fn what_cannot_be_read_is_refused_by_its_field(platform) {
        let staff = account(platform, "lilei", "operator_clerk");
        let device = Device::at(platform.origin());
        let challenge = begin(&staff).unwrap().challenge;
        let good = device.make(&challenge);
        let fields = |outcome: Result<PasskeyRegistered, Error>| {
            let Err(error) = outcome else { return Vec::new() };
            let errors = error.problem().unwrap().errors.clone();
            errors.into_iter().map(|one| (one.pointer, one.code)).collect::<Vec<_>>()
        };
        let one = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
        for bad in ["", "===", "AAAA", &BASE64URL_NOPAD.encode(b"{}")] {
            let outcome = staff.register_passkey(&RegisterPasskey { client_data: bad.into(), ..good.clone() });
            assert_eq!(fields(outcome), one("/client_data", "passkey.malformed"), "{bad}");
            let outcome = staff.register_passkey(&RegisterPasskey { attestation_object: bad.into(), ..good.clone() });
            assert_eq!(fields(outcome), one("/attestation_object", "passkey.malformed"), "{bad}");
        }
        let long = "A".repeat(4097);
        let outcome = staff.register_passkey(&RegisterPasskey { client_data: long, ..good.clone() });
        assert_eq!(fields(outcome), one("/client_data", "passkey.malformed"), "longer than the schema says");
        let point = device.key.public_key().as_ref();
        let cose = |x: &[u8], more: &[u8]| {
            [&[0xa5 + u8::try_from(more.len().min(1)).unwrap()][..], b"\x01\x02\x03\x26\x20\x01\x21\x58\x20", x, b"\x22\x58\x20", &point[33..], more].concat()
        };
        let mut beside = point[1..33].to_vec();
        beside[31] ^= 1;
        // A label more with so many bytes: 77 of a key, 4 of its head.
        let padded = |length: u16| cose(&point[1..33], &[&b"\x24\x59"[..], &length.to_be_bytes(), &vec![0; length.into()]].concat());
        assert_eq!(padded(1024 - 81).len(), 1024);
        for (key, why) in [
            (cose(&beside, b""), "no point of the curve"),
            (cose(&point[1..33], b"\x01\x02"), "a label twice"),
            (padded(1025 - 81), "more than 1 KiB"),
        ] {
            let outcome = staff.register_passkey(&device.make_of(&challenge, &key));
            assert_eq!(fields(outcome), one("/attestation_object", "passkey.malformed"), "{why}");
        }
        let outcome = Device::at(platform.origin()).make_of(&begin(&staff).unwrap().challenge, &padded(1024 - 81));
        staff.register_passkey(&outcome).map(drop).unwrap_or_else(|error| panic!("{error}"));
        // ES384 on P-384.
        let foreign = device.make_of(&challenge, b"\xa3\x01\x02\x03\x38\x22\x20\x02");
        assert_eq!(fields(staff.register_passkey(&foreign)), one("/attestation_object", "passkey.algorithm"));
        for name in ["", " ", &"长".repeat(41)] {
            let outcome = staff.register_passkey(&RegisterPasskey { name: name.into(), ..good.clone() });
            assert_eq!(fields(outcome), one("/name", "request.text"), "{name}");
        }
        staff.register_passkey(&RegisterPasskey { name: "长".repeat(40), ..good }).unwrap();
    }

    fn an_account_has_ten_passkeys_at_most_and_keeps_its_last_factor(platform) {
        let first = holder(platform, "lilei", "operator_clerk");
        let staff = first.staff;
        let id = first.registered.passkey.passkey_id;
        assert_eq!(refusal(staff.remove_passkey(&id)), (409, "passkey.last".into()));
        for _ in 1..10 {
            let made = Device::at(platform.origin()).make(&begin(&staff).unwrap().challenge);
            assert!(staff.register_passkey(&made).unwrap().recovery_codes.is_empty(), "those of before go on");
        }
        assert_eq!(refusal(begin(&staff)), (409, "passkey.too_many".into()));
        assert_eq!(staff.factor().unwrap().recovery_codes, 10);
        staff.remove_passkey(&id).unwrap();
        assert_eq!(refusal(staff.remove_passkey(&id)), (404, "resource.not_found".into()));
        assert_eq!(refusal(staff.remove_passkey("psk_nonsense")), (404, "resource.not_found".into()));
        begin(&staff).unwrap();
        let other = holder(platform, "hanmei", "operator_clerk");
        let foreign = other.registered.passkey.passkey_id;
        assert_eq!(refusal(staff.remove_passkey(&foreign)), (404, "resource.not_found".into()), "of another account");
        forget(platform, "lilei");
        let left = staff.passkeys().unwrap().data.remove(0).passkey_id;
        assert_eq!(refusal(staff.remove_passkey(&left)), refused("staff.step_up_required"));
    }

    fn a_passkey_and_an_authenticator_app_stand_beside_each_other(platform) {
        let mut both = holder(platform, "lilei", "operator_clerk");
        let begun = both.staff.begin_factor(&BeginFactor { password: PASSWORD.into() }).unwrap();
        let secret = data_encoding::BASE32_NOPAD.decode(begun.secret.expose().as_bytes()).unwrap();
        let step = server::clock::micros() / 1_000_000 / domain::staff::STEP_SECONDS;
        both.staff.confirm_factor(&ConfirmFactor { code: code_at(&secret, step).as_str().into() }).unwrap();
        let config = platform.config(platform.world());
        let asked = ask_at(&config, "lilei", PASSWORD).unwrap();
        assert!(asked.takes_code);
        come_in(platform, "lilei", &both.device.show(&asked.passkey.unwrap().challenge)).unwrap();
        let code = Some(code_at(&secret, step + 1).as_str().into());
        let request = CreateStaffSession { login: "lilei".into(), password: PASSWORD.into(), code, passkey: None };
        Staff::sign_in_with(&config, &request).unwrap();
        both.staff.remove_passkey(&both.registered.passkey.passkey_id).unwrap();
        assert_eq!(ask_at(&config, "lilei", PASSWORD).unwrap(), FactorAsked { takes_code: true, passkey: None });
    }

    fn lost_passkeys_are_taken_away_by_security(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let clerk = holder(platform, "lilei", "operator_clerk");
        let id = id_of(&security, |one| one.staff.login == "lilei" && one.has_factor);
        let why = DecideOnStaff { reason: "手机丢失".into() };
        security.reset_factor(&id, &why).unwrap();
        assert_eq!(refusal(clerk.staff.passkeys()).0, 401, "its sessions end");
        assert_eq!(refusal(security.reset_factor(&id, &why)), (409, "staff.factor_missing".into()));
        let again = sign_in(platform, "lilei", PASSWORD).unwrap();
        assert!(again.passkeys().unwrap().data.is_empty());
        assert_eq!(again.factor().unwrap().recovery_codes, 0);
        again.register_passkey(&clerk.device.make(&begin(&again).unwrap().challenge)).unwrap();
    }

    fn where_a_factor_is_compulsory_a_passkey_is_one(platform) {
        account(platform, "lilei", "operator_clerk");
        let Some(strict) = platform.strict() else { return };
        let clerk = Staff::sign_in(&strict, "lilei", PASSWORD).unwrap();
        assert_eq!(refusal(clerk.orgs().next().unwrap()), refused("staff.factor_required"));
        let device = Device::at(&strict.base_url);
        clerk.register_passkey(&device.make(&begin(&clerk).unwrap().challenge)).unwrap();
        assert_eq!(clerk.orgs().count(), 1);
    }
}
