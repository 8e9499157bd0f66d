use crate::desk::{Desk, confirming, filing};
use crate::ecard::scene::{PASSWORD, holder};
use crate::harness::{CallerHandle, Platform, Reply, refusal};
use crate::qr::scene::{counter, identity};
use domain::org::Role;
use gm::sm2::SigningKey;
use sdk::client::{self, Acceptance, Call, Channel, Error, KeyPair, platform_keys};
use sdk::types::key::{AddKey, KeyState, KeyUsage, KeyView, RevokeKey, RotateKey};
use sdk::types::session::{Ping, Pong};
use serde_json::json;
use store::db::Engine;

fn add(key: &SigningKey) -> AddKey {
    AddKey { usage: KeyUsage::Sign, public_key: hex(&key.verifying_key().to_sec1()) }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}

/// The owner files a key of its channel, and the operator confirms it: how that was answered, and what its id is.
fn change(
    platform: &Platform,
    channel: &CallerHandle,
    usage: &str,
    key: &SigningKey,
) -> Result<KeyView, (u16, String)> {
    let owner = Desk::owner(platform, channel);
    let opened = owner.try_open("key_change", channel, &json!({"usage": usage, "label": "下一把密钥"}));
    if opened.status != 201 {
        return Err((opened.status, opened.code()));
    }
    let text = |pointer: &str| opened.json().pointer(pointer).unwrap().as_str().unwrap().to_owned();
    let (matter, statement) = (text("/matter_id"), text("/body/statement"));
    owner.act(&matter, &filing(key, &statement));
    let confirmed: Reply = Desk::operator(platform).try_act(&matter, &confirming(key));
    if confirmed.status != 200 {
        owner.act(&matter, &json!({"action": "withdraw"}));
        return Err((confirmed.status, confirmed.code()));
    }
    let keys = platform.staff(Role::SecurityAdmin, "000000").channel(&channel.id).unwrap().keys;
    Ok(keys.into_iter().find(|one| one.public_key == hex(&key.verifying_key().to_sec1())).unwrap())
}

fn leaked() -> RevokeKey {
    RevokeKey { reason: "私钥泄露".into() }
}

/// A read-free call that still spends a nonce: opening a session.
fn open(channel: &Channel, point: &str) -> Result<serde_json::Value, Error> {
    let body = sdk::types::session::OpenSession { encryption_key: point.to_owned() };
    channel.client().send(&Call::post("/api/v1/sessions", &body).unwrap().repeatable())
}

on_both! {
    fn anybody_reads_the_platforms_public_keys_and_can_compare_fingerprints(platform) {
        let keys = platform_keys(platform.origin()).unwrap();
        let usages: Vec<_> = keys.data.iter().map(|key| (key.usage, key.algorithm.as_str())).collect();
        assert_eq!(usages, [(KeyUsage::Encrypt, "sm2"), (KeyUsage::Sign, "sm2-sm3")]);
        for key in &keys.data {
            let point = data_encoding::HEXLOWER.decode(key.public_key.as_bytes()).unwrap();
            assert_eq!(point.len(), 65);
            assert_eq!(key.fingerprint, hex(&gm::sm3::digest(&point)[..16]));
        }
        let sandbox = platform_keys(&format!("{}/sandbox", platform.origin())).unwrap();
        assert!(sandbox.data.iter().all(|key| !keys.data.contains(key)), "two worlds have two key roots");
    }

    fn two_keys_are_valid_during_a_rotation_and_no_third(platform) {
        let channel = platform.channel();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let (new, third) = (SigningKey::generate(), SigningKey::generate());
        let added = change(platform, &channel, "caller", &new).unwrap();
        assert_eq!((added.state, added.owner_id.as_str()), (KeyState::Active, channel.id.as_str()));
        let old = channel.signed();
        let config = platform.config(platform.world());
        let fresh = Channel::signed(&config, KeyPair { key_id: added.key_id.clone(), key: new }).unwrap();
        open(&old, &added.public_key).unwrap();
        open(&fresh, &added.public_key).unwrap();
        assert_eq!(change(platform, &channel, "caller", &third), Err((409, "key.overlap".into())));

        let revoked = security.revoke_key(&channel.key_id, &leaked()).unwrap();
        assert_eq!((revoked.state, revoked.revoked_at.is_some()), (KeyState::Revoked, true));
        assert_eq!(refusal(open(&old, &added.public_key)), (401, "signature.invalid".into()));
        open(&fresh, &added.public_key).unwrap();
        change(platform, &channel, "caller", &third).unwrap();
        let states: Vec<_> = security.channel(&channel.id).unwrap().keys.iter().map(|key| key.state).collect();
        assert_eq!(states, [KeyState::Revoked, KeyState::Retiring, KeyState::Active]);
    }

    /// CH-31.3
    fn a_revoked_key_ends_the_sessions_it_opened(platform) {
        let channel = platform.channel();
        let session = channel.client();
        let claim = Call::get("/api/v1/ecards/bnd_00000000000000000000000000");
        assert_eq!(refusal(session.client().send::<Pong>(&claim)).0, 404);
        platform.staff(Role::SecurityAdmin, "000000").revoke_key(&channel.key_id, &leaked()).unwrap();
        assert_eq!(refusal(session.client().send::<Pong>(&claim)), (401, "signature.invalid".into()));
    }

    /// CH-26.2: nobody gives a production channel a key alone.
    fn a_key_of_a_production_channel_comes_by_a_matter_and_no_other_way(platform) {
        let channel = platform.channel();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let key = SigningKey::generate();
        assert_eq!(refusal(security.add_channel_key(&channel.id, &add(&key))), (409, "key.by_matter".into()));
        let added = change(platform, &channel, "caller", &key).unwrap();
        assert_eq!((added.state, added.label.as_deref()), (KeyState::Active, Some("下一把密钥")));
    }

    /// CH-26.2: a lost key is revoked at once; its owner changes it without it.
    fn a_channel_whose_only_key_was_revoked_gets_the_next_one(platform) {
        let channel = platform.channel();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        security.revoke_key(&channel.key_id, &leaked()).unwrap();
        let key = SigningKey::generate();
        let added = change(platform, &channel, "caller", &key).unwrap();
        let pair = KeyPair { key_id: added.key_id, key };
        open(&Channel::signed(&platform.config(platform.world()), pair).unwrap(), &added.public_key).unwrap();
    }

    fn a_key_belongs_to_one_owner_and_is_revoked_once(platform) {
        let (one, other) = (platform.channel(), platform.channel());
        let (terminal, sandboxed) = (platform.terminal("330100"), platform.channel_in(platform.sandbox(), &["000000"]));
        let security = platform.staff(Role::SecurityAdmin, "000000");
        assert_eq!(change(platform, &other, "caller", &one.key), Err((409, "resource.exists".into())));
        let compressed = {
            let point = one.key.verifying_key().to_sec1();
            let sign = if point[64] & 1 == 1 { 3 } else { 2 };
            [&[sign], &point[1..33]].concat()
        };
        let same = AddKey { usage: KeyUsage::Sign, public_key: hex(&compressed) };
        assert_eq!(refusal(security.add_terminal_key(&terminal.id, &same)), (409, "resource.exists".into()));
        security.revoke_key(&one.key_id, &leaked()).unwrap();
        assert_eq!(refusal(security.revoke_key(&one.key_id, &leaked())), (409, "key.state".into()));
        let there = platform.staff_in(platform.sandbox(), Role::SecurityAdmin, "000000");
        for bad in ["", "04", "zz", &"00".repeat(65)] {
            let request = AddKey { usage: KeyUsage::Sign, public_key: bad.into() };
            assert_eq!(refusal(there.add_channel_key(&sandboxed.id, &request)), (422, "request.fields".into()), "{bad}");
        }
        let own = platform_keys(platform.origin()).unwrap().data[1].key_id.clone();
        assert_eq!(refusal(security.revoke_key(&own, &leaked())), (404, "resource.not_found".into()), "the platform's own");
        assert_eq!(refusal(security.add_channel_key("chn_nonsense", &add(&SigningKey::generate()))).0, 404);
        there.add_channel_key(&sandboxed.id, &add(&SigningKey::generate())).unwrap();
    }

    /// SE-2.5a
    fn a_key_to_encrypt_to_signs_nothing(platform) {
        let channel = platform.channel();
        let key = SigningKey::generate();
        let added = change(platform, &channel, "encrypt", &key).unwrap();
        assert_eq!(added.usage, KeyUsage::Encrypt);
        let pair = KeyPair { key_id: added.key_id, key };
        let misused = Channel::signed(&platform.config(platform.world()), pair).unwrap();
        assert_eq!(refusal(open(&misused, &added.public_key)), (401, "signature.invalid".into()));
    }

    fn the_platforms_data_keys_rotate_while_serving(platform) {
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let ring = platform.world().keys().ring();
        let (version, sealed) = ring.seal(b"for", b"somebody");
        for usage in ["personal_data", "code_mac", "encrypt", "sign"] {
            let rotated = security.rotate_key(&RotateKey { usage: usage.into() }).unwrap();
            assert_eq!((rotated.usage.as_str(), rotated.version), (usage, 2));
        }
        let ring = platform.world().keys().ring();
        assert_eq!(ring.seal(b"for", b"somebody").0, version + 1);
        assert_eq!(ring.open(version, b"for", &sealed).unwrap(), b"somebody", "what was sealed still opens");
        let keys = platform_keys(platform.origin()).unwrap();
        assert_eq!(keys.data.len(), 4, "old and new of two usages");
        let channel = platform.channel();
        let ping = Call::post("/api/v1/ping", &Ping { text: "在".into() }).unwrap().repeatable();
        let answered: Pong = channel.signed().client().send(&ping).unwrap();
        assert_eq!(answered.text, "在", "answers are signed with the new key");
        for fixed in ["shard", "blind_index", "audit_commitment", "password_pepper", "master"] {
            let outcome = security.rotate_key(&RotateKey { usage: fixed.into() });
            assert_eq!(refusal(outcome), (409, "key.state".into()), "{fixed}");
        }
        assert_eq!(refusal(security.rotate_key(&RotateKey { usage: "nonsense".into() })).0, 422);
    }
}

on_both! {
    /// A key that was superseded works for seven days, and not a second longer.
    fn a_superseded_key_ends_with_its_overlap_and_its_sessions_with_it(platform) {
        let retire = || platform.block_on(server::key::service::retire_overdue(platform.world())).unwrap();
        let channel = platform.channel();
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let (new, third) = (SigningKey::generate(), SigningKey::generate());
        let added = change(platform, &channel, "caller", &new).unwrap();
        let shown = |id: &str| {
            let keys = security.channel(&channel.id).unwrap().keys;
            keys.into_iter().find(|key| key.key_id == id).unwrap()
        };
        assert_eq!((added.state, added.retires_at.is_none()), (KeyState::Active, true));
        let end = shown(&channel.key_id).retires_at.unwrap();
        let session = channel.client();
        let ask = Call::get("/api/v1/ecards/bnd_00000000000000000000000000");
        assert_eq!(refusal(session.client().send::<Pong>(&ask)).0, 404, "a session opened under the old key");

        platform.clock().advance(7 * 86_400 - 60);
        retire();
        open(&channel.signed(), &added.public_key).unwrap();
        assert_eq!(shown(&channel.key_id).state, KeyState::Retiring);
        assert_eq!(change(platform, &channel, "caller", &third), Err((409, "key.overlap".into())));
        platform.clock().advance(60);
        retire();
        let old = shown(&channel.key_id);
        assert_eq!((old.state, old.revoked_at.is_none()), (KeyState::Retired, true));
        assert!(old.retires_at.unwrap() >= end);
        assert_eq!(refusal(open(&channel.signed(), &added.public_key)), (401, "signature.invalid".into()));
        assert_eq!(refusal(session.client().send::<Pong>(&ask)), (401, "signature.invalid".into()));
        let pair = KeyPair { key_id: added.key_id.clone(), key: new };
        open(&Channel::signed(&platform.config(platform.world()), pair).unwrap(), &added.public_key).unwrap();
        change(platform, &channel, "caller", &third).unwrap();
    }
}

/// Several servers on one database: what one makes with a new key, the others open at their next request.
#[test]
fn a_server_meets_the_keys_that_another_one_rotated() {
    Platform::run(Engine::Postgres, |platform| {
        let twin = platform.twin();
        let counter = counter(platform);
        let security = platform.staff(Role::SecurityAdmin, "000000");
        let there = counter.handle.at(&twin).terminal();
        there.verify_code(&identity(&counter.code(), "before")).unwrap();
        for usage in ["code_cipher", "personal_data", "encrypt", "sign"] {
            security.rotate_key(&RotateKey { usage: usage.into() }).unwrap();
        }
        let verified = there.verify_code(&identity(&counter.code(), "after")).unwrap();
        assert_eq!(verified.sign_level, 1);
        let new = platform.config(platform.world());
        assert_eq!(new.platform_keys.data.len(), 4, "the keys before and after");
        let here = counter.channel.at(&new).client();
        let fresh = holder(platform, &here);
        let code = fresh.code(&here).unwrap();
        there.verify_code(&identity(&code, "sealed")).unwrap();
        let at_twin = client::Config { platform_keys: new.platform_keys, ..twin };
        let elsewhere = counter.channel.at(&at_twin).client();
        let mut fresh = fresh;
        fresh.sign_in(&elsewhere, PASSWORD).unwrap();
    });
}

/// A server that meets nothing new notices a rotation all the same, in its periodic work.
#[test]
fn a_refreshed_ring_signs_and_seals_with_what_another_server_rotated() {
    Platform::run(Engine::Postgres, |platform| {
        let other = platform.twin_world();
        let before = *other.keys().ring().signing_key().0;
        let security = platform.staff(Role::SecurityAdmin, "000000");
        for usage in ["sign", "personal_data"] {
            security.rotate_key(&RotateKey { usage: usage.into() }).unwrap();
        }
        assert_eq!(*other.keys().ring().signing_key().0, before);
        platform.block_on(other.keys().refresh(other.db())).unwrap();
        let (own, others) = (platform.world().keys().ring(), other.keys().ring());
        assert_eq!(own.signing_key().0, others.signing_key().0);
        let (version, sealed) = others.seal(b"for", b"somebody");
        assert_eq!(own.open(version, b"for", &sealed).unwrap(), b"somebody");
    });
}
