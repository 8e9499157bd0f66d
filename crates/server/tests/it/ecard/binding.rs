//! A binding is its channel's alone, ends when the holder says so, and comes back under its numbers.

use super::scene::{self, PASSWORD, channel, claim, device, holder, issuances, seconds};
use crate::harness::refusal;
use sdk::client::Error;

fn code<T>(outcome: Result<T, Error>) -> String {
    refusal(outcome).1
}

on_both! {
    fn another_channels_binding_does_not_exist(platform) {
        let (_, client) = channel(platform);
        let (_, other) = channel(platform);
        let holder = holder(platform, &client);
        let id = &holder.binding_id;
        assert_eq!(refusal(other.ecard(id)), (404, "resource.not_found".into()));
        assert_eq!(refusal(other.create_code(id, &holder.device.create_code().unwrap())).0, 404);
        let session = holder.device.open_by_password(id, PASSWORD, seconds());
        assert_eq!(refusal(other.open_holder_session(&session)).0, 404);
        assert_eq!(refusal(other.unbind(id, &holder.device.unbind().unwrap())).0, 404);
        let set = holder.device.set_password(PASSWORD, seconds()).unwrap();
        assert_eq!(refusal(other.set_password(id, &set)).0, 404);
        assert_eq!(refusal(other.uses(id).next().unwrap()).0, 404);
        assert_eq!(refusal(client.ecard("bnd_00000000000000000000000000")).0, 404);
        assert_eq!(refusal(client.ecard("nonsense")).0, 404);
    }

    /// R26: issuance counts the first activation of a person in a channel; binding again does not count again.
    fn binding_again_keeps_the_numbers_and_counts_no_second_issuance(platform) {
        let (handle, client) = channel(platform);
        let mut holder = holder(platform, &client);
        let other_session = holder.device.open_by_password(&holder.binding_id, PASSWORD, seconds());
        let other_session = client.open_holder_session(&other_session).unwrap();
        let view = client.unbind(&holder.binding_id, &holder.device.unbind().unwrap()).unwrap();
        assert!(view.unbound_at.is_some());
        holder.device.take_up(&holder.binding_id, &other_session).unwrap();
        assert_eq!(code(holder.code(&client)), "holder_session.ended", "every session ends with the binding");
        assert_eq!(code(holder.sign_in(&client, PASSWORD)), "ecard.not_bound");

        let again = client.claim_ecard(&claim(&holder.person, &holder.device)).unwrap();
        assert_eq!(
            (&again.binding_id, &again.ecard_no, &again.sign_no),
            (&holder.claimed.binding_id, &holder.claimed.ecard_no, &holder.claimed.sign_no)
        );
        assert!(again.password_required, "the password is the e-card's and outlives the binding");
        assert_eq!(code(holder.code(&client)), "holder_session.ended", "no session comes back");
        holder.sign_in(&client, PASSWORD).unwrap();
        holder.code(&client).unwrap();
        assert_eq!(holder.view(&client).unbound_at, None);
        assert_eq!(issuances(platform, &handle), 1);
    }

    fn a_suspended_channel_serves_nobody_and_still_lets_go(platform) {
        let (handle, client) = channel(platform);
        let mut holder = holder(platform, &client);
        platform.put(&handle, "suspended");
        assert_eq!(code(holder.code(&client)), "authorization.channel_missing");
        assert_eq!(code(holder.sign_in(&client, PASSWORD)), "authorization.channel_missing");
        client.unbind(&holder.binding_id, &holder.device.unbind().unwrap()).unwrap();
    }

    fn signing_every_request_does_the_same(platform) {
        let handle = platform.channel();
        platform.open_service(&handle, "ecard.issue", "330000");
        let client = handle.signed();
        let holder = holder(platform, &client);
        holder.code(&client).unwrap();
        assert_eq!(holder.view(&client).binding_id, holder.binding_id);
        let stranger = device(&client);
        assert!(client.claim_ecard(&scene::claim(&holder.person, &stranger)).unwrap().already_claimed);
    }
}
