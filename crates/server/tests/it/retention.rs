use crate::harness::Platform;
use sdk::client::Acceptance;
use server::retention::forget;

fn counted(platform: &Platform, table: &'static str) -> i64 {
    platform.read(move |tx| {
        let text: &'static str = Box::leak(format!("select count(*) from {table}").into_boxed_str());
        Ok(tx.query_one(store::Sql { postgres: text, sqlite: text }, &[])?.i64(0)?)
    })
}

on_both! {
    fn a_nonce_is_kept_as_long_as_its_signature_could_be_accepted(platform) {
        let now = platform.world().real_now().as_seconds();
        platform.write(move |tx| {
            for second in [now - 905, now - 890, now] {
                store::key::spend_nonce(tx, second, &[0; 16], &[0; 16])?;
            }
            Ok(())
        });
        platform.block_on(forget(platform.world())).unwrap();
        assert_eq!(counted(platform, "nonce"), 2);
    }

    fn what_is_in_force_is_not_forgotten(platform) {
        let channel = platform.channel();
        let client = channel.client();
        let ping = sdk::client::Call::post("/api/v1/ping", &sdk::types::session::Ping { text: "a".into() }).unwrap().once();
        let pong = || client.client().send::<sdk::types::session::Pong>(&ping);
        pong().unwrap();
        let staff = platform.operator();
        platform.block_on(forget(platform.world())).unwrap();
        assert_eq!(counted(platform, "caller_session"), 1);
        pong().unwrap();
        staff.orgs().all().unwrap();
    }
}
