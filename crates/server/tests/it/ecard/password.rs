//! Setting, changing and resetting the holder's password.

use super::scene::{self, OTHER_PASSWORD, PASSWORD, channel, claim, device, holder, person, seconds};
use crate::harness::refusal;
use domain::card::Phase;
use sdk::client::Error;

fn code<T>(outcome: Result<T, Error>) -> String {
    refusal(outcome).1
}

on_both! {
    fn a_password_that_is_easy_to_guess_is_refused_and_the_session_goes_on(platform) {
        let (_, client) = channel(platform);
        let person = person(platform, Phase::Active);
        let mut device = device(&client);
        let claimed = client.claim_ecard(&claim(&person, &device)).unwrap();
        device.take_up(&claimed.binding_id, claimed.holder_session.as_ref().unwrap()).unwrap();
        let set = |password: &str| {
            code(client.set_password(&claimed.binding_id, &device.set_password(password, seconds()).unwrap()))
        };
        for (password, refused) in [
            ("12345", "password.shape"),
            ("111111", "password.repeated"),
            ("123456", "password.consecutive"),
            (&person.number[6..12], "password.from_id_number"),
        ] {
            assert_eq!(set(password), refused, "{password}");
        }
        let before = client.create_code(&claimed.binding_id, &device.create_code().unwrap());
        assert_eq!(code(before), "ecard.password_unset", "no code before the first password");
        assert_eq!(set(PASSWORD), "");
        assert_eq!(set(OTHER_PASSWORD), "ecard.password_set");
    }

    fn a_change_takes_the_current_password_and_ends_the_other_sessions(platform) {
        let (_, client) = channel(platform);
        let (_, other) = channel(platform);
        let mut here = holder(platform, &client);
        let mut there = device(&other);
        let claimed = other.claim_ecard(&claim(&here.person, &there)).unwrap();
        let opened = there.open_by_password(&claimed.binding_id, PASSWORD, seconds());
        there.take_up(&claimed.binding_id, &other.open_holder_session(&opened).unwrap()).unwrap();
        other.create_code(&claimed.binding_id, &there.create_code().unwrap()).unwrap();

        let change = |current: &str, new: &str| {
            let request = here.device.change_password(current, new, seconds()).unwrap();
            code(client.change_password(&here.binding_id, &request))
        };
        assert_eq!(change(OTHER_PASSWORD, "864209"), "password.wrong");
        assert_eq!(change(PASSWORD, "000000"), "password.repeated");
        assert_eq!(change(PASSWORD, OTHER_PASSWORD), "");
        here.code(&client).unwrap();
        let ended = other.create_code(&claimed.binding_id, &there.create_code().unwrap());
        assert_eq!(code(ended), "holder_session.ended");
        assert_eq!(code(here.sign_in(&client, PASSWORD)), "password.wrong");
        here.sign_in(&client, OTHER_PASSWORD).unwrap();
    }

    fn a_forgotten_password_is_reset_after_a_real_person_check_only(platform) {
        let (_, client) = channel(platform);
        let mut holder = holder(platform, &client);
        holder.sign_in(&client, PASSWORD).unwrap();
        let reset = |holder: &scene::Holder| {
            let request = holder.device.reset_password(OTHER_PASSWORD, seconds()).unwrap();
            client.reset_password(&holder.binding_id, &request)
        };
        assert_eq!(code(reset(&holder)), "holder_session.factor");
        for _ in 0..6 {
            let _ = holder.sign_in(&client, "864209");
        }
        assert_eq!(code(holder.sign_in(&client, PASSWORD)), "password.locked");
        holder.sign_in_in_person(&client, "sim:pass").unwrap();
        let view = reset(&holder).unwrap();
        assert_eq!(view.password_locked_until, None, "the lock ends with the password");
        assert_eq!(code(holder.code(&client)), "holder_session.ended", "and so does every session");
        assert_eq!(code(holder.sign_in(&client, PASSWORD)), "password.wrong");
        holder.sign_in(&client, OTHER_PASSWORD).unwrap();
        holder.code(&client).unwrap();
    }
}
