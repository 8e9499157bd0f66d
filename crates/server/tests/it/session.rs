use sdk::client::Call;
use sdk::types::session::{Ping, Pong};

on_both! {
    fn a_channel_that_signs_is_answered_with_a_signature(platform) {
        let channel = platform.channel();
        let call = Call::post("/api/v1/ping", &Ping { text: "你好".into() }).unwrap().once();
        let pong: Pong = sdk::client::Acceptance::client(&channel.signed()).send(&call).unwrap();
        assert_eq!(pong.text, "你好");
        let pong: Pong = sdk::client::Acceptance::client(&channel.client()).send(&call).unwrap();
        assert_eq!(pong.text, "你好", "a session answers the same");
    }
}
