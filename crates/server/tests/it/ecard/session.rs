//! Holder sessions: who opens one, what a proof is good for, and what ends it.

use super::scene::{self, OTHER_PASSWORD, PASSWORD, channel, device, holder, issuances, seconds};
use crate::harness::refusal;
use domain::card::Phase;
use sdk::client::{Channel, Error};

fn code<T>(outcome: Result<T, Error>) -> String {
    refusal(outcome).1
}

/// Enters a wrong password.
fn miss(client: &Channel, holder: &mut scene::Holder) -> String {
    code(holder.sign_in(client, OTHER_PASSWORD))
}

on_both! {
    /// ND-2.3
    fn a_password_opens_a_session_in_every_channel_and_activates_there(platform) {
        let (one, first) = channel(platform);
        let (two, second) = channel(platform);
        let mut here = holder(platform, &first);
        here.sign_in(&first, PASSWORD).unwrap();
        assert_eq!(issuances(platform, &one), 1, "signing in issues nothing");

        let mut other = device(&second);
        let claimed = second.claim_ecard(&scene::claim(&here.person, &other)).unwrap();
        assert!(claimed.already_claimed && claimed.password_required && claimed.holder_session.is_none());
        assert_ne!(claimed.ecard_no, here.claimed.ecard_no, "two channels cannot join their numbers");
        assert_ne!(claimed.pseudonym, here.claimed.pseudonym);
        assert_eq!(issuances(platform, &two), 0);
        let request = other.open_by_password(&claimed.binding_id, PASSWORD, seconds());
        let opened = second.open_holder_session(&request).unwrap();
        other.take_up(&claimed.binding_id, &opened).unwrap();
        assert_eq!(issuances(platform, &two), 1);
        assert!(second.create_code(&claimed.binding_id, &other.create_code().unwrap()).is_ok());
    }

    fn the_sixth_wrong_password_in_a_day_locks_it_for_a_day_in_every_channel(platform) {
        let (_, client) = channel(platform);
        let (_, other) = channel(platform);
        let mut holder = holder(platform, &client);
        for _ in 0..5 {
            assert_eq!(miss(&client, &mut holder), "password.wrong");
        }
        assert!(holder.view(&client).password_locked_until.is_none());
        assert_eq!(refusal(holder.sign_in(&client, OTHER_PASSWORD)), (429, "password.locked".into()));
        assert!(holder.view(&client).password_locked_until.is_some(), "the lock stands although it was refused");
        assert_eq!(code(holder.sign_in(&client, PASSWORD)), "password.locked", "the right one is not looked at");

        let elsewhere = device(&other);
        let claimed = other.claim_ecard(&scene::claim(&holder.person, &elsewhere)).unwrap();
        let request = elsewhere.open_by_password(&claimed.binding_id, PASSWORD, seconds());
        assert_eq!(code(other.open_holder_session(&request)), "password.locked");

        platform.clock().advance(86_400 - 60);
        assert_eq!(code(holder.sign_in(&client, PASSWORD)), "password.locked", "a minute is left");
        platform.clock().advance(60);
        holder.sign_in(&client, PASSWORD).unwrap();
        assert!(holder.view(&client).password_locked_until.is_none());
    }

    fn an_error_counts_until_it_is_a_day_old_and_the_right_password_forgets_it(platform) {
        let (_, client) = channel(platform);
        let mut holder = holder(platform, &client);
        assert_eq!(miss(&client, &mut holder), "password.wrong");
        platform.clock().advance(86_400 - 60);
        for _ in 0..4 {
            assert_eq!(miss(&client, &mut holder), "password.wrong");
        }
        platform.clock().advance(60);
        assert_eq!(miss(&client, &mut holder), "password.wrong", "the first one has aged: this is the fifth");
        holder.sign_in(&client, PASSWORD).unwrap();
        for _ in 0..5 {
            assert_eq!(miss(&client, &mut holder), "password.wrong");
        }
        assert_eq!(miss(&client, &mut holder), "password.locked");
    }

    fn an_envelope_is_good_for_its_binding_device_operation_and_moment_only(platform) {
        let (_, client) = channel(platform);
        let holder = holder(platform, &client);
        let stranger = device(&client);
        let mut stolen = holder.device.open_by_password(&holder.binding_id, PASSWORD, seconds());
        stolen.device_key = stranger.device_key();
        assert_eq!(code(client.open_holder_session(&stolen)), "password.envelope");
        let late = holder.device.open_by_password(&holder.binding_id, PASSWORD, seconds() - 301);
        assert_eq!(code(client.open_holder_session(&late)), "password.envelope");
        assert_eq!(holder.view(&client).password_locked_until, None);
    }

    fn a_real_person_check_opens_a_session_and_a_failed_one_does_not(platform) {
        let (_, client) = channel(platform);
        let mut holder = holder(platform, &client);
        for (token, refused) in [
            ("sim:fail", "real_person.failed"),
            ("sim:other_person", "real_person.other_person"),
            ("sim:timeout", "real_person.no_answer"),
        ] {
            assert_eq!(code(holder.sign_in_in_person(&client, token)), refused);
        }
        holder.sign_in_in_person(&client, "sim:pass").unwrap();
        holder.code(&client).unwrap();
    }

    fn a_proof_is_for_one_operation_and_is_used_once(platform) {
        let (_, client) = channel(platform);
        let holder = holder(platform, &client);
        let asked = holder.device.create_code().unwrap();
        client.create_code(&holder.binding_id, &asked).unwrap();
        assert_eq!(
            refusal(client.create_code(&holder.binding_id, &asked)),
            (403, "holder.proof_invalid".into()),
            "a code is not minted twice for one proof"
        );
        let mut forged = holder.device.create_code().unwrap();
        forged.proof.counter += 1;
        assert_eq!(code(client.create_code(&holder.binding_id, &forged)), "holder.proof_invalid");

        let change = holder.device.change_password(PASSWORD, OTHER_PASSWORD, seconds()).unwrap();
        let mut bent = change.clone();
        bent.new_password_envelope.clone_from(&change.current_password_envelope);
        assert_ne!(code(client.change_password(&holder.binding_id, &bent)), "", "other values than were proven");
        let unbind = sdk::types::ecard::Unbind { proof: change.proof.clone() };
        assert_eq!(code(client.unbind(&holder.binding_id, &unbind)), "holder.proof_invalid", "another operation");
        client.change_password(&holder.binding_id, &change).unwrap();
        let back = holder.device.change_password(OTHER_PASSWORD, PASSWORD, seconds()).unwrap();
        client.change_password(&holder.binding_id, &back).unwrap();
        assert_eq!(
            code(client.change_password(&holder.binding_id, &change)),
            "holder.proof_invalid",
            "a captured change is not made again"
        );
    }

    /// ND-1.4: losing the card ends the sessions, and finding it again does not bring them back.
    fn a_lost_card_ends_the_sessions_of_its_ecard(platform) {
        let (_, client) = channel(platform);
        let mut holder = holder(platform, &client);
        holder.code(&client).unwrap();
        scene::move_card(platform, &holder.person, Phase::TemporarilyLost);
        assert_eq!(code(holder.code(&client)), "holder_session.ended");
        assert_eq!(code(holder.sign_in(&client, PASSWORD)), "card.temporarily_lost");
        scene::move_card(platform, &holder.person, Phase::Active);
        assert_eq!(code(holder.code(&client)), "holder_session.ended");
        holder.sign_in(&client, PASSWORD).unwrap();
        holder.code(&client).unwrap();
    }

    fn a_session_ends_with_its_time(platform) {
        let (_, client) = channel(platform);
        let holder = holder(platform, &client);
        let id: domain::id::HolderSessionId =
            holder.claimed.holder_session.as_ref().unwrap().id.parse().unwrap();
        let shard = holder.person.shard;
        platform.write(move |tx| {
            let mut row = store::holder_session::find(tx, shard, id.as_bytes())?.unwrap();
            store::holder_session::forget_before(tx, i64::MAX)?;
            row.expires_at = server::clock::micros();
            Ok(store::holder_session::insert_each(tx, &[row])?)
        });
        assert_eq!(code(holder.code(&client)), "holder_session.ended");
    }
}
