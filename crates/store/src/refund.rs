//! Rows of refunds.

use crate::payment::PaymentKey;
use crate::{ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// A refund as it is stored.
#[derive(Debug, Clone)]
pub struct RefundRow {
    /// The payment.
    pub payment: PaymentKey,
    /// The caller's number, unique within the payment.
    pub refund_no: String,
    /// The refund's id.
    pub id: [u8; 16],
    /// Whose money goes back.
    pub payee_id: [u8; 16],
    /// How much.
    pub amount_fen: i64,
    /// As given.
    pub reason: String,
    /// Where it is in its life.
    pub state: String,
    /// The payee's account it was drawn on.
    pub source_account: [u8; 16],
    /// The business day the money was back, days since 1970.
    pub business_date: Option<i64>,
    /// Business time, µs.
    pub created_at: i64,
    /// Business time, µs: when the money was back.
    pub posted_at: Option<i64>,
    /// How often the bank was asked for the outcome.
    pub asked: i64,
    /// Optimistic version.
    pub version: i64,
}

fn row(r: &Row) -> Result<RefundRow, StoreError> {
    Ok(RefundRow {
        payment: PaymentKey { bucket: r.i64(0)?, shard: r.i64(1)?, id: r.array(2)? },
        refund_no: r.text(3)?,
        id: r.array(4)?,
        payee_id: r.array(5)?,
        amount_fen: r.i64(6)?,
        reason: r.text(7)?,
        state: r.text(8)?,
        source_account: r.array(9)?,
        business_date: r.opt_i64(10)?,
        created_at: r.i64(11)?,
        posted_at: r.opt_i64(12)?,
        asked: r.i64(13)?,
        version: r.i64(14)?,
    })
}

/// A refund by payment and number.
pub fn find(
    tx: &mut ReadTx<'_>,
    payment: PaymentKey,
    refund_no: &str,
) -> Result<Option<RefundRow>, StoreError> {
    let sql = sql!(
        "select payment_bucket, shard, payment_id, refund_no, id, payee_id, amount_fen, reason, state, source_account,
                business_date, created_at, posted_at, asked, version
         from refund where payment_bucket = $1 and shard = $2 and payment_id = $3 and refund_no = $4"
    );
    let key = params![payment.bucket, payment.shard, &payment.id, refund_no];
    tx.query_opt(sql, key)?.as_ref().map(row).transpose()
}

/// A refund by payment and number, locked until the transaction ends.
pub fn lock(
    tx: &mut WriteTx<'_>,
    payment: PaymentKey,
    refund_no: &str,
) -> Result<Option<RefundRow>, StoreError> {
    let sql = sql_lock!(
        "select payment_bucket, shard, payment_id, refund_no, id, payee_id, amount_fen, reason, state, source_account,
                business_date, created_at, posted_at, asked, version
         from refund where payment_bucket = $1 and shard = $2 and payment_id = $3 and refund_no = $4"
    );
    let key = params![payment.bucket, payment.shard, &payment.id, refund_no];
    tx.query_opt(sql, key)?.as_ref().map(row).transpose()
}

/// A page of a payment's refunds by number, after `after`.
pub fn list(
    tx: &mut ReadTx<'_>,
    payment: PaymentKey,
    after: &str,
    limit: i64,
) -> Result<Vec<RefundRow>, StoreError> {
    let sql = sql!(
        "select payment_bucket, shard, payment_id, refund_no, id, payee_id, amount_fen, reason, state, source_account,
                business_date, created_at, posted_at, asked, version
         from refund where payment_bucket = $1 and shard = $2 and payment_id = $3 and refund_no > $4
         order by refund_no limit $5"
    );
    let key = params![payment.bucket, payment.shard, &payment.id, after, limit];
    tx.query(sql, key)?.iter().map(row).collect()
}

/// Adds a refund.
pub fn insert(tx: &mut WriteTx<'_>, r: &RefundRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into refund (payment_bucket, shard, payment_id, refund_no, id, payee_id, amount_fen, reason, state,
                    source_account, business_date, created_at, posted_at, asked, version)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        ),
        params![
            r.payment.bucket,
            r.payment.shard,
            &r.payment.id,
            &r.refund_no,
            &r.id,
            &r.payee_id,
            r.amount_fen,
            &r.reason,
            &r.state,
            &r.source_account,
            r.business_date,
            r.created_at,
            r.posted_at,
            r.asked,
            r.version
        ],
    )
}

/// Writes what may change of a refund; `Stale` when its version is another.
pub fn update(tx: &mut WriteTx<'_>, r: &RefundRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update refund set state = $5, business_date = $6, posted_at = $7, asked = $8, version = version + 1
             where payment_bucket = $1 and shard = $2 and payment_id = $3 and refund_no = $4 and version = $9"
        ),
        params![
            r.payment.bucket,
            r.payment.shard,
            &r.payment.id,
            &r.refund_no,
            &r.state,
            r.business_date,
            r.posted_at,
            r.asked,
            r.version
        ],
    )
}
