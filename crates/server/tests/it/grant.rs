//! Standing grants: given by the holder, for a service and a party, with limits and an end, and taken back at once.

use crate::ecard::scene::{channel, holder};
use crate::harness::{HANGZHOU, Platform, refusal};
use domain::id::{BindingId, GrantId, OrgId};
use domain::org::OrgKind;
use sdk::client::{Error, GrantWish};
use sdk::types::grant::GrantState;

fn code<T>(outcome: Result<T, Error>) -> String {
    refusal(outcome).1
}

/// A grant to look at the card for ten days.
fn wish(platform: &Platform, party: OrgId) -> GrantWish {
    GrantWish {
        service: "query.card".into(),
        party_id: party.to_string(),
        purpose: "办理公积金".into(),
        expires_at: platform.world().now().plus_seconds(864_000).to_string(),
        limit_fen_per_use: None,
        limit_fen_per_day: None,
    }
}

on_both! {
    fn a_grant_is_given_listed_and_taken_back_at_once(platform) {
        let (handle, client) = channel(platform);
        let (_, other) = channel(platform);
        let holder = holder(platform, &client);
        let party = platform.org(OrgKind::Department, HANGZHOU);
        let give = holder.device.create_grant(wish(platform, party)).unwrap();
        let given = client.create_grant(&holder.binding_id, &give).unwrap();
        assert_eq!((given.state, given.binding_id.as_str()), (GrantState::Active, holder.binding_id.as_str()));
        assert_eq!(code(client.create_grant(&holder.binding_id, &give)), "holder.proof_invalid", "a replayed proof");

        let standing = || {
            let (ecard, channel) = (holder.person.id, handle.channel_id());
            let (shard, now) = (holder.person.shard, platform.world().now());
            platform
                .read(move |tx| {
                    server::grant::service::find_standing(tx, shard, &ecard, (party, channel), "query.card", now)
                })
                .unwrap()
        };
        assert_eq!(standing().revoked_at, None);
        let listed: Vec<_> = client.grants(&holder.binding_id).map(Result::unwrap).collect();
        assert_eq!(listed, std::slice::from_ref(&given));

        let revoke = holder.device.revoke_grant(&given.grant_id).unwrap();
        assert_eq!(refusal(other.revoke_grant(&given.grant_id, &revoke)).0, 404, "another channel's grant");
        let revoked = client.revoke_grant(&given.grant_id, &revoke).unwrap();
        assert_eq!(revoked.state, GrantState::Revoked);
        assert!(standing().revoked_at.is_some());
        let again = holder.device.revoke_grant(&given.grant_id).unwrap();
        assert_eq!(refusal(client.revoke_grant(&given.grant_id, &again)), (409, "grant.revoked".into()));
    }

    fn a_grant_outside_the_rules_is_refused(platform) {
        let (_, client) = channel(platform);
        let holder = holder(platform, &client);
        let party = platform.org(OrgKind::Department, HANGZHOU);
        let give = |change: fn(&mut GrantWish, &Platform)| {
            let mut wanted = wish(platform, party);
            change(&mut wanted, platform);
            code(client.create_grant(&holder.binding_id, &holder.device.create_grant(wanted).unwrap()))
        };
        assert_eq!(give(|wish, _| wish.service = "query.nothing".into()), "request.fields");
        assert_eq!(give(|wish, _| wish.party_id = OrgId::from_bytes([9; 16]).to_string()), "request.fields");
        assert_eq!(give(|wish, _| wish.purpose = String::new()), "request.fields");
        assert_eq!(give(|wish, _| wish.limit_fen_per_use = Some(1)), "request.fields");
        assert_eq!(give(|wish, _| (wish.limit_fen_per_use, wish.limit_fen_per_day) = (Some(1), Some(2))),
            "grant.limits_unexpected");
        assert_eq!(give(|wish, _| wish.service = "pay.standing".into()), "grant.limits_missing");
        assert_eq!(give(|wish, platform| wish.expires_at = platform.world().now().plus_seconds(-1).to_string()),
            "grant.ended");
        let too_long = |wish: &mut GrantWish, platform: &Platform| {
            wish.expires_at = platform.world().now().plus_seconds(367 * 86_400).to_string();
        };
        assert_eq!(give(too_long), "grant.too_long");
        assert_eq!(give(|_, _| ()), "");
    }

    fn a_grant_to_a_terminal_is_one_to_who_runs_it(platform) {
        let (_, client) = channel(platform);
        let holder = holder(platform, &client);
        let terminal = platform.terminal(HANGZHOU);
        let party = platform.org(OrgKind::Department, HANGZHOU);
        let wanted = GrantWish { party_id: terminal.id.clone(), ..wish(platform, party) };
        let given =
            client.create_grant(&holder.binding_id, &holder.device.create_grant(wanted).unwrap()).unwrap();
        assert_eq!(given.party_id, party.to_string());
        let ids = (given.binding_id.parse::<BindingId>().unwrap(), given.grant_id.parse::<GrantId>().unwrap());
        assert_eq!(ids.0.shard(), ids.1.shard(), "the grant lives where its holder does");
    }

    fn grants_expire_and_end_with_their_binding(platform) {
        let (_, client) = channel(platform);
        let mut holder = holder(platform, &client);
        let party = platform.org(OrgKind::Department, HANGZHOU);
        let give = holder.device.create_grant(wish(platform, party)).unwrap();
        client.create_grant(&holder.binding_id, &give).unwrap();
        client.unbind(&holder.binding_id, &holder.device.unbind().unwrap()).unwrap();
        let states = || client.grants(&holder.binding_id).map(|grant| grant.unwrap().state).collect::<Vec<_>>();
        assert_eq!(states(), [GrantState::Revoked]);
        client.claim_ecard(&crate::ecard::scene::claim(&holder.person, &holder.device)).unwrap();
        holder.sign_in(&client, crate::ecard::scene::PASSWORD).unwrap();
        let give = holder.device.create_grant(wish(platform, party)).unwrap();
        client.create_grant(&holder.binding_id, &give).unwrap();
        platform.clock().advance(864_001);
        let states = client.grants(&holder.binding_id).map(|grant| grant.unwrap().state).collect::<Vec<_>>();
        assert_eq!(states, [GrantState::Expired, GrantState::Revoked]);
    }
}
