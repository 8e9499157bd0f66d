//! Signing keys of organisations over HTTP: registered, and what signs then and what does not any more.

use crate::desk::{Desk, confirming, day_after, filing};
use crate::ecard::scene::channel;
use crate::harness::{CallerHandle, Platform, Reply, refusal};
use crate::org::at_once;
use data_encoding::HEXLOWER;
use domain::id::ChannelId;
use domain::matter::{Kind, evidence};
use domain::org::{OrgKind, Role};
use gm::sm2::SigningKey;
use sdk::client::Staff;
use sdk::types::matter::MatterView;
use serde_json::{Value, json};

/// An agreement that is offered about a second channel of the owner, of a class that has one.
pub fn offered(platform: &Platform, channel: &CallerHandle) -> String {
    let offered = offer(platform, channel, "协议文本");
    assert_eq!(offered.status, 201, "{}", offered.json());
    offered.json()["matter_id"].as_str().unwrap().to_owned()
}

/// What the platform answers to an agreement of this text, offered to a bank of the channel's owner.
pub fn offer(platform: &Platform, channel: &CallerHandle, text: &str) -> Reply {
    let (of, id) = (channel.owner, platform.world().id(ChannelId::make));
    platform.write(move |tx| {
        let first = store::channel::find(tx, &of)?.unwrap();
        let id = *id.as_bytes();
        let number = format!("99{:08}", u32::from_be_bytes([id[12], id[13], id[14], id[15]]) % 100_000_000);
        let bank = store::channel::ChannelRow { id, number, class: "bank".into(), ..first };
        Ok(store::channel::insert(tx, &bank)?)
    });
    let text = json!({
        "version": "1", "text": text, "from": day_after(platform, 0, 0), "until": day_after(platform, 12, 0),
    });
    let offer = json!({"kind": "agreement", "channel_id": id.to_string(), "opening": text});
    Desk::operator(platform).send("POST", "/api/v1/matters", 0, &offer)
}

/// What signs an agreement.
pub fn signing(agreement: &Value, key: &SigningKey) -> Value {
    let statement = agreement["body"]["statement"].as_str().unwrap();
    json!({
        "action": "sign", "public_key": HEXLOWER.encode(&key.verifying_key().to_sec1()),
        "signature": HEXLOWER.encode(key.sign(statement.as_bytes()).as_bytes()),
    })
}

on_both! {
    /// CH-25.2: an agreement is signed with the key that is registered for its owner, and with no other; whoever saves it
    /// finds the registration beside the signature and checks both without the platform.
    fn an_agreement_is_signed_with_the_registered_key(platform) {
        let (handle, _) = channel(platform);
        let (agreement, owner) = (offered(platform, &handle), Desk::owner(platform, &handle));
        let (lost, good) = (SigningKey::generate(), SigningKey::generate());
        let refused = |key: &SigningKey| {
            let refused = owner.try_act(&agreement, &signing(&owner.see(&agreement), key)).json();
            (refused["errors"][0]["pointer"].clone(), refused["errors"][0]["code"].clone())
        };
        let unregistered = (json!("/public_key"), json!("signing_key.unregistered"));
        assert_eq!(refused(&lost), unregistered);

        Desk::stranger(platform).register_key(&good);
        assert_eq!(refused(&good), unregistered, "another organisation's key");

        let (first, statement) = owner.begin_key();
        owner.act(&first, &filing(&lost, &statement));
        assert_eq!(refused(&lost), unregistered, "nobody has confirmed it");
        let clerk = Desk::operator(platform);
        assert_eq!(clerk.see(&first)["body"]["filed"], Value::Null, "the fingerprint is heard and not computed");
        assert_ne!(owner.see(&first)["body"]["filed"], Value::Null);
        let heard = clerk.try_act(&first, &confirming(&good)).json();
        assert_eq!(heard["errors"][0]["pointer"], "/fingerprint");
        assert_eq!(owner.try_act(&first, &confirming(&lost)).code(), "matter.party");
        let confirmed = clerk.act(&first, &confirming(&lost));
        assert_ne!(confirmed["body"]["filed"], Value::Null, "nothing is left to hear");

        let second = owner.register_key(&good);
        assert_eq!(owner.see(&first)["state"], "replaced");
        assert_eq!(refused(&lost), unregistered, "another key has taken its place");
        let signed = owner.act(&agreement, &signing(&owner.see(&agreement), &good));
        assert_eq!(signed["state"], "in_force");

        owner.act(&second, &json!({"action": "revoke", "words": "私钥遗失"}));
        let saved = owner.see(&agreement);
        let id = agreement.parse().unwrap();
        let [found] = &evidence(Kind::Agreement, id, &saved["body"].to_string()).unwrap()[..] else { panic!() };
        assert_eq!(found.faults, [], "what was signed before stays signed");
        assert_eq!(found.registration.as_ref().unwrap().matter.to_string(), second);
    }

    /// CH-25.2: of those who register a key of one organisation at once, one has it registered.
    fn an_organisation_has_one_registered_key_at_most(platform) {
        let org = platform.new_org(OrgKind::ChannelOwner, "330000");
        let owner = platform.staff_of(Role::ChannelAdmin, org);
        let clerk = platform.staff(Role::OperatorClerk, "000000");
        let act = |staff: &Staff, matter: &MatterView, input: Value| {
            staff.act_on_matter(&matter.matter_id, matter.version, &serde_json::from_value(input).unwrap()).unwrap()
        };
        let register = || {
            let opening = serde_json::from_value(json!({"kind": "signing_key", "opening": {}})).unwrap();
            let drafted = match owner.open_matter(&opening) {
                Ok(drafted) => drafted,
                Err(told) => return assert_eq!(refusal::<()>(Err(told)), (409, "matter.already_open".into())),
            };
            let key = SigningKey::generate();
            let filed = filing(&key, drafted.body.as_ref().unwrap()["statement"].as_str().unwrap());
            act(&clerk, &act(&owner, &drafted, filed), confirming(&key));
        };
        for _ in 0..3 {
            at_once(register);
            let known: Vec<_> = owner.open_matters_of("signing_key").map(|known| known.unwrap().state).collect();
            assert_eq!(known, ["registered"]);
        }
    }

    /// CH-5.2: a registration is the owner's and the operator's business.
    fn nobody_else_sees_a_signing_key(platform) {
        let (handle, _) = channel(platform);
        let (matter, _) = Desk::owner(platform, &handle).begin_key();
        let path = format!("/api/v1/matters/{matter}");
        let status = |desk: Desk<'_>| desk.send("GET", &path, 0, &Value::Null).status;
        assert_eq!(status(Desk::stranger(platform)), 404);
        assert_eq!(status(Desk::province(platform, "330000")), 404);
        assert_eq!(status(Desk::operator(platform)), 200);
        let body = json!({"kind": "signing_key", "channel_id": handle.id, "opening": {}});
        let refused = Desk::owner(platform, &handle).send("POST", "/api/v1/matters", 0, &body);
        assert_eq!(refused.code(), "signing_key.of_org");
    }
}
