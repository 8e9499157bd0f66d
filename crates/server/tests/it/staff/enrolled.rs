//! Accounts with a second factor, as if they had enrolled.

use crate::harness::Platform;
use domain::id::StaffId;
use domain::time::Timestamp;
use sdk::types::Private;
use server::World;
use store::staff::FactorRow;

impl Platform {
    /// Gives the account behind a token a second factor, confirmed in the token's session at the time that is given.
    pub fn enrol(&self, world: &World, token: &Private, confirmed_at: Option<Timestamp>) -> StaffId {
        let (hash, now) = (gm::sm3::digest(token.expose().as_bytes()), world.real_now().as_micros());
        let signed_in = world
            .db()
            .read_blocking(move |tx| store::staff::find_signed_in(tx, &hash, now))
            .unwrap()
            .unwrap();
        let made = world.keys().ring().make_totp(&signed_in.staff.id);
        let factor = FactorRow {
            staff_id: signed_in.staff.id,
            state: "active".into(),
            key_version: made.key_version,
            sealed: made.sealed,
            last_step: 0,
            created_at: now,
        };
        self.write_in(world, move |tx| {
            store::staff::replace_factor(tx, &factor)?;
            if let Some(at) = confirmed_at {
                store::staff::confirm_session(tx, &hash, at.as_micros())?;
            }
            Ok(())
        });
        StaffId::from_bytes(signed_in.staff.id)
    }
}
