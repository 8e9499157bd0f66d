//! Retention: what has expired is forgotten, a little at a time while serving.
//!
//! Invariant: nothing is forgotten that a rule still asks for. A nonce outlives the window in which a signature with
//! it would be accepted; a use outlives the quarter in which it counts. Audit records are never forgotten, and of the
//! heads over them one an hour stays. Where a request of staff came from is no part of them and is forgotten.

use crate::{Error, World};
use domain::id::{DeliveryId, RequestId};
use domain::parameter::Name;
use domain::time::Timestamp;

/// How long nonces are kept: three times the window of a signature, seconds.
const NONCE_WINDOWS: i64 = 3;
/// How long a session is kept after its end, so that "closed" and "unknown" can be told apart, seconds.
const SESSION_SECONDS: i64 = 3600;
/// How long it is kept that a code was mailed, so that those of a day are counted, seconds.
const CODE_SECONDS: i64 = 86_400;
/// How long every head is kept, seconds; older ones are thinned to one an hour.
const HEAD_SECONDS: i64 = 3600;

/// Forgets what is past its time.
///
/// # Errors
/// The store's.
pub async fn forget(world: &World) -> Result<(), Error> {
    let real = world.real_now();
    let parameters = world.parameters();
    let today = world.now().business_date();
    let days = |name: Name| -86_400 * parameters.get(name, today);
    let nonce = real.plus_seconds(-NONCE_WINDOWS * parameters.get(Name::SignatureWindow, today)).as_seconds();
    let session = real.plus_seconds(-SESSION_SECONDS).as_micros();
    let head = real.plus_seconds(-HEAD_SECONDS).as_micros();
    let delivery = world.now().plus_seconds(days(Name::DeliveryRetention));
    let code = real.plus_seconds(-CODE_SECONDS).as_micros();
    let answers = crate::idempotency::bucket(real) - 1;
    let first_kept = *DeliveryId::make(delivery, [0; 10]).as_bytes();
    let first_addressed = first_addressed(world, real);
    world
        .db()
        .write(move |tx| {
            tx.unaudited("rows past their time");
            store::key::forget_nonces(tx, nonce)?;
            store::session::forget_before(tx, session)?;
            store::holder_session::forget_before(tx, session)?;
            store::idempotency::forget(tx, answers)?;
            store::retention::forget_staff_sessions(tx, session)?;
            store::passkey::forget_challenges(tx, real.as_micros())?;
            store::retention::forget_deliveries(tx, &first_kept, delivery.as_micros())?;
            store::notification::forget_codes(tx, code)?;
            store::contact::forget(tx, code)?;
            store::audit::thin_heads(tx, head)?;
            store::audit::forget_requests(tx, &first_addressed)?;
            Ok::<_, Error>(())
        })
        .await?;
    let bucket = real.plus_seconds(days(Name::UseRetention)).as_seconds() / 60;
    forget_uses(world, bucket).await
}

/// The first request of which the address is still kept at `now`.
#[must_use]
pub fn first_addressed(world: &World, now: Timestamp) -> [u8; 16] {
    let days = world.parameters().get(Name::AddressRetention, world.now().business_date());
    *RequestId::make(now.plus_seconds(-86_400 * days), [0; 10]).as_bytes()
}

/// Drops whole buckets of uses, an hour's in a transaction.
async fn forget_uses(world: &World, bucket: i64) -> Result<(), Error> {
    while let Some(oldest) = world.db().read(store::retention::oldest_use).await? {
        if oldest >= bucket {
            break;
        }
        world
            .db()
            .write(move |tx| {
                tx.unaudited("uses past their retention");
                store::retention::forget_uses(tx, oldest, bucket)
            })
            .await?;
    }
    Ok(())
}
