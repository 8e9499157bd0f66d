//! Rows of settlement: the days that were cut, their batches, and what the lines of a day are read from.

use crate::{ReadTx, Row, StoreError, WriteTx, params, sql};

/// A day that was cut.
#[derive(Debug, Clone)]
pub struct DayRow {
    /// Days since 1970.
    pub business_date: i64,
    /// Business time, µs.
    pub cut_at: i64,
    /// Number of batches.
    pub batches: i64,
    /// What all payees get.
    pub net_fen: i64,
}

/// Whether a day was cut.
pub fn is_cut(tx: &mut ReadTx<'_>, business_date: i64) -> Result<bool, StoreError> {
    Ok(find_day(tx, business_date)?.is_some())
}

/// A day, if it was cut.
pub fn find_day(tx: &mut ReadTx<'_>, business_date: i64) -> Result<Option<DayRow>, StoreError> {
    let sql =
        sql!("select business_date, cut_at, batches, net_fen from settlement_day where business_date = $1");
    let row = tx.query_opt(sql, params![business_date])?;
    row.map(|r| {
        Ok(DayRow { business_date: r.i64(0)?, cut_at: r.i64(1)?, batches: r.i64(2)?, net_fen: r.i64(3)? })
    })
    .transpose()
}

/// The latest day that was cut.
pub fn last_day(tx: &mut ReadTx<'_>) -> Result<Option<i64>, StoreError> {
    tx.query_one(sql!("select max(business_date) from settlement_day"), &[])?.opt_i64(0)
}

/// The first business day before or on `until` that has movements and was not cut.
pub fn first_open_day(tx: &mut ReadTx<'_>, until: i64) -> Result<Option<i64>, StoreError> {
    let sql = sql!(
        "select min(m.business_date) from (
           select business_date from payment where business_date <= $1
           union select business_date from refund where business_date <= $1) m
         where not exists (select 1 from settlement_day d where d.business_date = m.business_date)"
    );
    tx.query_one(sql, params![until])?.opt_i64(0)
}

/// Adds a day; `false` when it was cut before.
pub fn insert_day(tx: &mut WriteTx<'_>, day: &DayRow) -> Result<bool, StoreError> {
    let sql = sql!(
        "insert into settlement_day (business_date, cut_at, batches, net_fen) values ($1, $2, $3, $4)
         on conflict do nothing"
    );
    Ok(tx.execute(sql, params![day.business_date, day.cut_at, day.batches, day.net_fen])? == 1)
}

/// A batch as it is stored.
#[derive(Debug, Clone)]
pub struct BatchRow {
    /// Days since 1970.
    pub business_date: i64,
    /// The payee.
    pub payee_id: [u8; 16],
    /// The batch's id.
    pub id: [u8; 16],
    /// Number of payments.
    pub payment_count: i64,
    /// Their sum.
    pub payment_fen: i64,
    /// Number of refunds.
    pub refund_count: i64,
    /// Their sum.
    pub refund_fen: i64,
    /// Fee of the day's lines.
    pub fee_fen: i64,
    /// What the ledger could take of the fee, of this day and those before.
    pub charged_fen: i64,
    /// What was brought to the swept account.
    pub swept_fen: i64,
    /// Payments less refunds less fee.
    pub net_fen: i64,
    /// The day file.
    pub file: String,
    /// The signed text.
    pub manifest: String,
    /// The key that signed.
    pub key_id: [u8; 16],
    /// SM2, r‖s.
    pub signature: [u8; 64],
    /// Business time, µs.
    pub created_at: i64,
}

fn batch(r: &Row) -> Result<BatchRow, StoreError> {
    Ok(BatchRow {
        business_date: r.i64(0)?,
        payee_id: r.array(1)?,
        id: r.array(2)?,
        payment_count: r.i64(3)?,
        payment_fen: r.i64(4)?,
        refund_count: r.i64(5)?,
        refund_fen: r.i64(6)?,
        fee_fen: r.i64(7)?,
        charged_fen: r.i64(8)?,
        swept_fen: r.i64(9)?,
        net_fen: r.i64(10)?,
        file: r.text(11)?,
        manifest: r.text(12)?,
        key_id: r.array(13)?,
        signature: r.array(14)?,
        created_at: r.i64(15)?,
    })
}

/// A batch by id.
pub fn find_batch(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<BatchRow>, StoreError> {
    let sql = sql!(
        "select business_date, payee_id, id, payment_count, payment_fen, refund_count, refund_fen, fee_fen,
                charged_fen, swept_fen, net_fen, file, manifest, key_id, signature, created_at
         from settlement_batch where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(batch).transpose()
}

/// A page of a day's batches by payee, after `after`; of one payee only, if it is given. The files are left out.
pub fn list_batches(
    tx: &mut ReadTx<'_>,
    business_date: i64,
    payee: Option<&[u8; 16]>,
    after: &[u8],
    limit: i64,
) -> Result<Vec<BatchRow>, StoreError> {
    let sql = sql!(
        "select business_date, payee_id, id, payment_count, payment_fen, refund_count, refund_fen, fee_fen,
                charged_fen, swept_fen, net_fen, '', '', key_id, signature, created_at
         from settlement_batch
         where business_date = $1 and payee_id > $2 and (cast($3 as bytea) is null or payee_id = $3)
         order by payee_id limit $4"
    );
    tx.query(sql, params![business_date, after, payee, limit])?.iter().map(batch).collect()
}

/// Adds a batch.
pub fn insert_batch(tx: &mut WriteTx<'_>, b: &BatchRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "insert into settlement_batch (business_date, payee_id, id, payment_count, payment_fen, refund_count,
                    refund_fen, fee_fen, charged_fen, swept_fen, net_fen, file, manifest, key_id, signature, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        ),
        params![
            b.business_date,
            &b.payee_id,
            &b.id,
            b.payment_count,
            b.payment_fen,
            b.refund_count,
            b.refund_fen,
            b.fee_fen,
            b.charged_fen,
            b.swept_fen,
            b.net_fen,
            &b.file,
            &b.manifest,
            &b.key_id,
            &b.signature,
            b.created_at
        ],
    )
}

/// One payment or refund of a day.
#[derive(Debug, Clone)]
pub struct LineRow {
    /// Whose it is.
    pub payee_id: [u8; 16],
    /// The payment.
    pub payment: crate::payment::PaymentKey,
    /// The payee's order number.
    pub order_no: String,
    /// The refund number; a payment has none.
    pub refund_no: Option<String>,
    /// Number of the channel it came through.
    pub channel_no: String,
    /// How much.
    pub amount_fen: i64,
    /// Business time, µs.
    pub posted_at: i64,
}

/// What was posted on a business day, by payee and time.
pub fn list_lines(tx: &mut ReadTx<'_>, business_date: i64) -> Result<Vec<LineRow>, StoreError> {
    let sql = sql!(
        "select payee_id, bucket, shard, id, order_no, refund_no, number, amount_fen, posted_at from (
           select p.payee_id, p.bucket, p.shard, p.id, p.order_no, null as refund_no, c.number, p.amount_fen, p.posted_at
           from payment p join channel c on c.id = p.channel_id where p.business_date = $1
           union all
           select r.payee_id, p.bucket, p.shard, p.id, p.order_no, r.refund_no, c.number, r.amount_fen, r.posted_at
           from refund r
           join payment p on p.bucket = r.payment_bucket and p.shard = r.shard and p.id = r.payment_id
           join channel c on c.id = p.channel_id where r.business_date = $1
         ) as line order by payee_id, posted_at, bucket, shard, id, refund_no"
    );
    let rows = tx.query(sql, params![business_date])?;
    let line = |r: &Row| {
        Ok(LineRow {
            payee_id: r.array(0)?,
            payment: crate::payment::PaymentKey { bucket: r.i64(1)?, shard: r.i64(2)?, id: r.array(3)? },
            order_no: r.text(4)?,
            refund_no: r.opt_text(5)?,
            channel_no: r.text(6)?,
            amount_fen: r.i64(7)?,
            posted_at: r.i64(8)?,
        })
    };
    rows.iter().map(line).collect()
}

/// What the books beside the ledger say of a payee: sums that its accounts must add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Payments of every batch.
    pub paid: i64,
    /// Refunds of every batch.
    pub refunded: i64,
    /// Fees of every batch.
    pub fee: i64,
    /// Fees that the ledger took.
    pub charged: i64,
}

/// The sums of every batch there is, by payee.
pub fn batch_sums(tx: &mut ReadTx<'_>) -> Result<Vec<([u8; 16], Sums)>, StoreError> {
    let sql = sql!(
        "select payee_id, cast(sum(payment_fen) as bigint), cast(sum(refund_fen) as bigint),
                cast(sum(fee_fen) as bigint), cast(sum(charged_fen) as bigint)
         from settlement_batch group by payee_id"
    );
    let rows = tx.query(sql, &[])?;
    rows.iter()
        .map(|r| {
            let sums = Sums { paid: r.i64(1)?, refunded: r.i64(2)?, fee: r.i64(3)?, charged: r.i64(4)? };
            Ok((r.array(0)?, sums))
        })
        .collect()
}

/// A sum of a payee in one shard.
pub type ShardSum = ([u8; 16], i64, i64);

/// Payments posted after a business day, by payee and shard.
pub fn paid_after(tx: &mut ReadTx<'_>, business_date: i64) -> Result<Vec<ShardSum>, StoreError> {
    let sql = sql!(
        "select payee_id, shard, cast(sum(amount_fen) as bigint) from payment where business_date > $1
         group by payee_id, shard"
    );
    sums(&tx.query(sql, params![business_date])?)
}

/// Refunds posted after a business day, and those the bank has not decided, by payee and shard.
pub fn refunded_after(tx: &mut ReadTx<'_>, business_date: i64) -> Result<Vec<ShardSum>, StoreError> {
    let sql = sql!(
        "select payee_id, shard, cast(sum(amount_fen) as bigint) from refund
         where business_date > $1 or state = 'pending' or state = 'unknown' group by payee_id, shard"
    );
    sums(&tx.query(sql, params![business_date])?)
}

fn sums(rows: &[Row]) -> Result<Vec<ShardSum>, StoreError> {
    rows.iter().map(|r| Ok((r.array(0)?, r.i64(1)?, r.i64(2)?))).collect()
}

/// The root of the newest signed head of the audit, or zeros before there is one.
pub fn audit_root(tx: &mut ReadTx<'_>) -> Result<[u8; 32], StoreError> {
    let row = tx.query_opt(sql!("select root from audit_head order by at desc limit 1"), &[])?;
    row.map_or(Ok([0; 32]), |r| r.array(0))
}
