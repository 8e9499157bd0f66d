//! Rows of payments: what a handle stands for, payments by key and by order number, and what holders spent today.

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql, sql_lock};

/// The key of a payment: the use that gave its handle, or a key made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentKey {
    /// Minute it is filed under.
    pub bucket: i64,
    /// The holder's shard.
    pub shard: i64,
    /// Unique within both.
    pub id: [u8; 13],
}

/// What the use behind a handle says, and the holder as he is now.
#[derive(Debug, Clone)]
pub struct HandleRow {
    /// The payer.
    pub ecard_id: [u8; 16],
    /// The channel that showed the code.
    pub channel_id: [u8; 16],
    /// Who verified it.
    pub caller: [u8; 16],
    /// `pay:` and the payee.
    pub purpose: String,
    /// `ok`, or the code of a refusal.
    pub outcome: String,
    /// Where.
    pub division: String,
    /// Real time, µs.
    pub at: i64,
    /// State of the binding now.
    pub binding_state: String,
    /// Level of the binding now.
    pub sign_level: i64,
    /// State of the e-card now.
    pub ecard_state: String,
    /// Issuing division.
    pub card_division: String,
}

fn handle(r: &Row) -> Result<HandleRow, StoreError> {
    Ok(HandleRow {
        ecard_id: r.array(0)?,
        channel_id: r.array(1)?,
        caller: r.array(2)?,
        purpose: r.text(3)?,
        outcome: r.text(4)?,
        division: r.text(5)?,
        at: r.i64(6)?,
        binding_state: r.text(7)?,
        sign_level: r.i64(8)?,
        ecard_state: r.text(9)?,
        card_division: r.text(10)?,
    })
}

fn columns(keys: &[PaymentKey]) -> [Column<'_>; 3] {
    [
        Column::I64(keys.iter().map(|k| k.bucket).collect()),
        Column::I64(keys.iter().map(|k| k.shard).collect()),
        Column::Bytes(keys.iter().map(|k| k.id.as_slice()).collect()),
    ]
}

/// What the handles with these keys stand for.
pub fn handles(tx: &mut ReadTx<'_>, keys: &[PaymentKey]) -> Result<Vec<Option<HandleRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, u.ecard_id, u.channel_id, u.caller, u.purpose, u.outcome, u.division, u.at, b.state,
                b.sign_level, e.state, e.division
            from unnest($1::bigint[], $2::bigint[], $3::bytea[]) with ordinality as k(bucket, shard, id, n)
            join code_use u on u.bucket = k.bucket and u.shard = k.shard and u.id = k.id
            join binding b on b.shard = u.shard and b.id = u.binding_id
            join ecard e on e.shard = u.shard and e.id = u.ecard_id",
        sqlite: "select u.ecard_id, u.channel_id, u.caller, u.purpose, u.outcome, u.division, u.at, b.state,
                b.sign_level, e.state, e.division
            from code_use u
            join binding b on b.shard = u.shard and b.id = u.binding_id
            join ecard e on e.shard = u.shard and e.id = u.ecard_id
            where u.bucket = $1 and u.shard = $2 and u.id = $3"
    );
    let rows = tx.select_each(sql, &columns(keys))?;
    rows.iter().map(|row| row.as_ref().map(handle).transpose()).collect()
}

/// A payment as it is stored.
#[derive(Debug, Clone)]
pub struct PaymentRow {
    /// Its key.
    pub key: PaymentKey,
    /// The terminal or channel that took it.
    pub caller: [u8; 16],
    /// The caller's idempotency key.
    pub idempotency_key: String,
    /// SM3 of the request's body.
    pub digest: [u8; 32],
    /// The payee's order number.
    pub order_no: String,
    /// The payer.
    pub ecard_id: [u8; 16],
    /// The channel through which the payer was served.
    pub channel_id: [u8; 16],
    /// Where.
    pub division: String,
    /// Who is paid.
    pub payee_id: [u8; 16],
    /// How much.
    pub amount_fen: i64,
    /// Sum of the refunds that have not failed.
    pub refunded_fen: i64,
    /// For the holder.
    pub description: Option<String>,
    /// `prepaid` or `bank`.
    pub funding: String,
    /// `handle`, `password`, or the grant's id.
    pub source: String,
    /// Where it is in its life.
    pub state: String,
    /// Why it failed.
    pub failure: Option<String>,
    /// The business day it was posted on, days since 1970.
    pub business_date: Option<i64>,
    /// Business time, µs.
    pub created_at: i64,
    /// Business time, µs.
    pub posted_at: Option<i64>,
    /// Business time, µs.
    pub closed_at: Option<i64>,
    /// How often the bank was asked for the outcome.
    pub asked: i64,
    /// Optimistic version.
    pub version: i64,
}

fn payment(r: &Row) -> Result<PaymentRow, StoreError> {
    Ok(PaymentRow {
        key: PaymentKey { bucket: r.i64(0)?, shard: r.i64(1)?, id: r.array(2)? },
        caller: r.array(3)?,
        idempotency_key: r.text(4)?,
        digest: r.array(5)?,
        order_no: r.text(6)?,
        ecard_id: r.array(7)?,
        channel_id: r.array(8)?,
        division: r.text(9)?,
        payee_id: r.array(10)?,
        amount_fen: r.i64(11)?,
        refunded_fen: r.i64(12)?,
        description: r.opt_text(13)?,
        funding: r.text(14)?,
        source: r.text(15)?,
        state: r.text(16)?,
        failure: r.opt_text(17)?,
        business_date: r.opt_i64(18)?,
        created_at: r.i64(19)?,
        posted_at: r.opt_i64(20)?,
        closed_at: r.opt_i64(21)?,
        asked: r.i64(22)?,
        version: r.i64(23)?,
    })
}

/// The payments with these keys.
pub fn find_each(tx: &mut ReadTx<'_>, keys: &[PaymentKey]) -> Result<Vec<Option<PaymentRow>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, p.bucket, p.shard, p.id, p.caller, p.idempotency_key, p.digest, p.order_no, p.ecard_id,
                p.channel_id, p.division, p.payee_id, p.amount_fen, p.refunded_fen, p.description, p.funding,
                p.source, p.state, p.failure, p.business_date, p.created_at, p.posted_at, p.closed_at, p.asked,
                p.version
            from unnest($1::bigint[], $2::bigint[], $3::bytea[]) with ordinality as k(bucket, shard, id, n)
            join payment p on p.bucket = k.bucket and p.shard = k.shard and p.id = k.id",
        sqlite: "select bucket, shard, id, caller, idempotency_key, digest, order_no, ecard_id, channel_id, division,
                payee_id, amount_fen, refunded_fen, description, funding, source, state, failure, business_date,
                created_at, posted_at, closed_at, asked, version
            from payment where bucket = $1 and shard = $2 and id = $3"
    );
    let rows = tx.select_each(sql, &columns(keys))?;
    rows.iter().map(|row| row.as_ref().map(payment).transpose()).collect()
}

/// A payment by key.
pub fn find(tx: &mut ReadTx<'_>, key: PaymentKey) -> Result<Option<PaymentRow>, StoreError> {
    Ok(find_each(tx, &[key])?.pop().flatten())
}

/// A payment by key, locked until the transaction ends.
pub fn lock(tx: &mut WriteTx<'_>, key: PaymentKey) -> Result<Option<PaymentRow>, StoreError> {
    let sql = sql_lock!(
        "select bucket, shard, id, caller, idempotency_key, digest, order_no, ecard_id, channel_id, division, payee_id,
                amount_fen, refunded_fen, description, funding, source, state, failure, business_date, created_at,
                posted_at, closed_at, asked, version
         from payment where bucket = $1 and shard = $2 and id = $3"
    );
    tx.query_opt(sql, params![key.bucket, key.shard, &key.id])?.as_ref().map(payment).transpose()
}

/// The payments that these orders of payees are.
pub fn orders(
    tx: &mut ReadTx<'_>,
    orders: &[([u8; 16], &str)],
) -> Result<Vec<Option<PaymentKey>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, o.bucket, o.shard, o.id
            from unnest($1::bytea[], $2::text[]) with ordinality as k(payee, number, n)
            join payment_order o on o.payee_id = k.payee and o.order_no = k.number",
        sqlite: "select bucket, shard, id from payment_order where payee_id = $1 and order_no = $2"
    );
    let columns = [
        Column::Bytes(orders.iter().map(|(payee, _)| payee.as_slice()).collect()),
        Column::Text(orders.iter().map(|(_, number)| *number).collect()),
    ];
    let key = |r: &Row| Ok(PaymentKey { bucket: r.i64(0)?, shard: r.i64(1)?, id: r.array(2)? });
    tx.select_each(sql, &columns)?.iter().map(|row| row.as_ref().map(key).transpose()).collect()
}

/// Adds payments, sorted by key and unique; `false` for each whose key was taken.
pub fn insert(tx: &mut WriteTx<'_>, rows: &[&PaymentRow]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into payment (bucket, shard, id, caller, idempotency_key, digest, order_no, ecard_id,
                channel_id, division, payee_id, amount_fen, refunded_fen, description, funding, source, state, failure,
                business_date, created_at, posted_at, closed_at, asked, version)
            select * from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::text[], $6::bytea[],
                $7::text[], $8::bytea[], $9::bytea[], $10::text[], $11::bytea[], $12::bigint[], $13::bigint[],
                $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::bigint[], $20::bigint[],
                $21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[])
            on conflict do nothing returning id",
        sqlite: "insert into payment (bucket, shard, id, caller, idempotency_key, digest, order_no, ecard_id,
                channel_id, division, payee_id, amount_fen, refunded_fen, description, funding, source, state, failure,
                business_date, created_at, posted_at, closed_at, asked, version)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
                $22, $23, $24) on conflict do nothing"
    );
    let numbers = |of: fn(&PaymentRow) -> i64| Column::I64(rows.iter().map(|r| of(r)).collect());
    let optional = |of: fn(&PaymentRow) -> Option<i64>| Column::OptI64(rows.iter().map(|r| of(r)).collect());
    let columns = [
        numbers(|r| r.key.bucket),
        numbers(|r| r.key.shard),
        Column::Bytes(rows.iter().map(|r| r.key.id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.caller.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.idempotency_key.as_str()).collect()),
        Column::Bytes(rows.iter().map(|r| r.digest.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.order_no.as_str()).collect()),
        Column::Bytes(rows.iter().map(|r| r.ecard_id.as_slice()).collect()),
        Column::Bytes(rows.iter().map(|r| r.channel_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.division.as_str()).collect()),
        Column::Bytes(rows.iter().map(|r| r.payee_id.as_slice()).collect()),
        numbers(|r| r.amount_fen),
        numbers(|r| r.refunded_fen),
        Column::OptText(rows.iter().map(|r| r.description.as_deref()).collect()),
        Column::Text(rows.iter().map(|r| r.funding.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.source.as_str()).collect()),
        Column::Text(rows.iter().map(|r| r.state.as_str()).collect()),
        Column::OptText(rows.iter().map(|r| r.failure.as_deref()).collect()),
        optional(|r| r.business_date),
        numbers(|r| r.created_at),
        optional(|r| r.posted_at),
        optional(|r| r.closed_at),
        numbers(|r| r.asked),
        numbers(|r| r.version),
    ];
    tx.insert_each(sql, 2, &columns)
}

/// Files payments under their orders; `false` for each order that was taken. Keys are unique within the call.
pub fn insert_orders(tx: &mut WriteTx<'_>, rows: &[&PaymentRow]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into payment_order (payee_id, order_no, bucket, shard, id)
            select * from unnest($1::bytea[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[])
            on conflict do nothing returning id",
        sqlite: "insert into payment_order (payee_id, order_no, bucket, shard, id) values ($1, $2, $3, $4, $5)
            on conflict do nothing"
    );
    let columns = [
        Column::Bytes(rows.iter().map(|r| r.payee_id.as_slice()).collect()),
        Column::Text(rows.iter().map(|r| r.order_no.as_str()).collect()),
        Column::I64(rows.iter().map(|r| r.key.bucket).collect()),
        Column::I64(rows.iter().map(|r| r.key.shard).collect()),
        Column::Bytes(rows.iter().map(|r| r.key.id.as_slice()).collect()),
    ];
    tx.insert_each(sql, 4, &columns)
}

/// Writes what may change of a payment; `Stale` when its version is another.
pub fn update(tx: &mut WriteTx<'_>, p: &PaymentRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update payment set refunded_fen = $4, state = $5, failure = $6, business_date = $7, posted_at = $8,
                    closed_at = $9, asked = $10, version = version + 1
             where bucket = $1 and shard = $2 and id = $3 and version = $11"
        ),
        params![
            p.key.bucket,
            p.key.shard,
            &p.key.id,
            p.refunded_fen,
            &p.state,
            p.failure.as_ref(),
            p.business_date,
            p.posted_at,
            p.closed_at,
            p.asked,
            p.version
        ],
    )
}

/// Whose spending, and in which shard.
pub type Spender = (i64, [u8; 16]);

/// The latest business day each spender spent on, and how much.
pub fn spent(tx: &mut ReadTx<'_>, spenders: &[Spender]) -> Result<Vec<Option<(i64, i64)>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, s.business_date, s.spent_fen
            from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, id, n)
            join spending s on s.shard = k.shard and s.id = k.id",
        sqlite: "select business_date, spent_fen from spending where shard = $1 and id = $2"
    );
    let columns = [
        Column::I64(spenders.iter().map(|s| s.0).collect()),
        Column::Bytes(spenders.iter().map(|s| s.1.as_slice()).collect()),
    ];
    let read = |r: &Row| Ok((r.i64(0)?, r.i64(1)?));
    tx.select_each(sql, &columns)?.iter().map(|row| row.as_ref().map(read).transpose()).collect()
}

/// Writes what spenders have spent on a business day.
pub fn put_spent(tx: &mut WriteTx<'_>, rows: &[(Spender, (i64, i64))]) -> Result<(), StoreError> {
    let sql = sql!(
        postgres: "insert into spending (shard, id, business_date, spent_fen)
            select * from unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[])
            on conflict (shard, id) do update set business_date = excluded.business_date,
                spent_fen = excluded.spent_fen",
        sqlite: "insert into spending (shard, id, business_date, spent_fen) values ($1, $2, $3, $4)
            on conflict (shard, id) do update set business_date = excluded.business_date,
                spent_fen = excluded.spent_fen"
    );
    let columns = [
        Column::I64(rows.iter().map(|r| r.0.0).collect()),
        Column::Bytes(rows.iter().map(|r| r.0.1.as_slice()).collect()),
        Column::I64(rows.iter().map(|r| r.1.0).collect()),
        Column::I64(rows.iter().map(|r| r.1.1).collect()),
    ];
    tx.update_each(sql, &columns).map(drop)
}

/// Takes back from what a spender has spent on a day; nothing when the day is over for that spender. The sum is changed
/// where it stands: a payment that has read it at the same moment may write over this, never the other way round, so
/// a limit is never exceeded.
pub fn give_back_spent(
    tx: &mut WriteTx<'_>,
    spender: Spender,
    business_date: i64,
    fen: i64,
) -> Result<u64, StoreError> {
    let sql = sql!(
        "update spending set spent_fen = case when spent_fen > $4 then spent_fen - $4 else 0 end
         where shard = $1 and id = $2 and business_date = $3"
    );
    tx.execute(sql, params![spender.0, &spender.1, business_date, fen])
}
