//! Agreements over HTTP: what the end of a term comes to is told before it.

use crate::desk::Desk;
use crate::ecard::scene::channel;
use crate::signing_key::{offer, offered, signing};
use gm::sm2::SigningKey;
use serde_json::{Value, json};

on_both! {
    /// CH-9.3e: the longest text that the rule admits is one that a request carries, whatever its letters.
    fn the_longest_text_is_carried(platform) {
        let (handle, _) = channel(platform);
        let longest = "协".repeat(80_000);
        let offered = offer(platform, &handle, &longest).json();
        let seen = Desk::owner(platform, &handle).see(offered["matter_id"].as_str().unwrap());
        assert_eq!(seen["body"]["text"]["text"], longest);
        let longer = offer(platform, &handle, &(longest + "议")).json();
        let [wrong] = &longer["errors"].as_array().unwrap()[..] else { panic!("{longer}") };
        assert_eq!((&wrong["pointer"], &wrong["code"]), (&json!("/opening/text"), &json!("agreement.text")));
    }

    /// CH-24.1: both sides read what stands against an extension of itself while the term runs, and nothing before or after.
    fn what_stands_against_an_extension_is_told_while_the_term_runs(platform) {
        let (handle, _) = channel(platform);
        let (agreement, owner) = (offered(platform, &handle), Desk::owner(platform, &handle));
        let operator = Desk::operator(platform);
        assert_eq!(owner.see(&agreement)["renewal"], Value::Null, "it is not in force");
        let key = SigningKey::generate();
        owner.register_key(&key);
        owner.act(&agreement, &signing(&owner.see(&agreement), &key));
        for desk in [&owner, &operator] {
            assert_eq!(desk.see(&agreement)["renewal"], json!({"becomes": "in_force", "hindrances": []}));
        }
        operator.act(&agreement, &json!({"action": "object", "words": "不再续约"}));
        let objection = json!({"ground": "objection", "clause": "CH-24.1", "party": "operator"});
        for desk in [&owner, &operator] {
            assert_eq!(desk.see(&agreement)["renewal"], json!({"becomes": "lapsed", "hindrances": [objection]}));
        }
    }
}
