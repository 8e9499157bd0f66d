//! Taking and reading payments.

use super::order::{Order, Taken, key_of};
use super::take::{Command, Pay};
use crate::auth::{Caller, CallerKind};
use crate::{Error, World};
use domain::id::OrgId;
use domain::locator::Locator;
use domain::payment::Number;
use store::payment::PaymentRow;
use store::{ReadTx, StoreError};

/// The job that asks a bank for the money of a payment.
pub const DEBIT: &str = "bank.debit";

/// The job that closes a payment no bank was asked about in its time.
pub const EXPIRE: &str = "transfer.expire";

/// How often a payment is decided anew after another process was faster with its handle or order.
const ATTEMPTS: usize = 3;

/// Takes a payment by handle: from the order to the posted transfer in one request where the money is prepaid.
///
/// # Errors
/// In order: the caller's admission; `payment.order_reused`, `idempotency.mismatch`; the payee; `handle.other_payee`,
/// `handle.other_terminal`, `handle.spent`, `handle.expired`; the three authorizations; the binding's, the card's
/// (ND-1.4), `ecard.level`; `payment.over_payment_limit`, `payment.over_day_limit`; `transfer.overdraft`.
pub async fn pay_by_handle(world: &World, order: Order, handle: Locator) -> Result<Taken, Error> {
    for _ in 1..ATTEMPTS {
        let command = Command { order: order.clone(), handle };
        match world.db().submit::<Pay>(handle.shard, command).await {
            Err(StoreError::Unique(_)) => {}
            decided => return decided?,
        }
    }
    world.db().submit::<Pay>(handle.shard, Command { order, handle }).await?
}

/// A payment that the caller took, or that its organisation received.
///
/// # Errors
/// `resource.not_found`.
pub async fn get(world: &World, caller: Caller, locator: Locator) -> Result<Taken, Error> {
    caller
        .read(world, move |tx| {
            let row = store::payment::find(tx, key_of(&locator))?;
            visible(tx, &caller, row)
        })
        .await
}

/// The payment of an order of this payee; by default the caller's own organisation.
///
/// # Errors
/// `resource.not_found`.
pub async fn get_order(
    world: &World,
    caller: Caller,
    payee: Option<OrgId>,
    order_no: Number,
) -> Result<Taken, Error> {
    caller
        .read(world, move |tx| {
            let payee = payee.map_or_else(|| party(tx, &caller), Ok)?;
            let found =
                store::payment::orders(tx, &[(*payee.as_bytes(), order_no.as_str())])?.pop().flatten();
            let key = found.ok_or_else(Error::not_found)?;
            let row = store::payment::find(tx, key)?;
            visible(tx, &caller, row)
        })
        .await
}

/// The payment, if the caller took it or its organisation is paid by it.
pub(super) fn visible(tx: &mut ReadTx<'_>, caller: &Caller, row: Option<PaymentRow>) -> Result<Taken, Error> {
    let row = row.ok_or_else(Error::not_found)?;
    let party = party(tx, caller)?;
    if row.caller == caller.id || row.payee_id == *party.as_bytes() {
        Ok(Taken { row, party, replayed: false })
    } else {
        Err(Error::not_found())
    }
}

/// The organisation behind a caller.
pub(super) fn party(tx: &mut ReadTx<'_>, caller: &Caller) -> Result<OrgId, Error> {
    let gone = || Error::platform("caller.suspended");
    let org = match caller.kind {
        CallerKind::Channel => store::channel::find(tx, &caller.id)?.ok_or_else(gone)?.owner_id,
        CallerKind::Terminal => store::terminal::find(tx, &caller.id)?.ok_or_else(gone)?.org_id,
    };
    Ok(OrgId::from_bytes(org))
}
