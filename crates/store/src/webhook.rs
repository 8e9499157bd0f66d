//! Rows of webhooks and of the events on their way to them.
//!
//! Invariant: a change of an endpoint starts a new authority epoch, so that a batch may remember a channel's endpoints.

use crate::{ReadTx, Row, StoreError, WriteTx, epoch, params, sql};

/// An endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRow {
    /// The webhook's id.
    pub id: [u8; 16],
    /// The channel.
    pub owner_id: [u8; 16],
    /// Where to.
    pub url: String,
    /// Event types, comma-separated; empty for all.
    pub events: String,
    /// µs.
    pub created_at: i64,
    /// µs; since when nothing is sent.
    pub paused_at: Option<i64>,
}

/// One event on its way to one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// The delivery's id, made from the event and the endpoint.
    pub id: [u8; 16],
    /// The endpoint.
    pub webhook_id: [u8; 16],
    /// Where this one goes, whatever the endpoint's address; none = to the address at the moment of each attempt.
    pub url: Option<String>,
    /// Event type.
    pub event: String,
    /// The body, without personal data.
    pub payload: String,
    /// `pending`, `delivered` or `failed`.
    pub state: String,
    /// Times tried.
    pub attempt: i64,
    /// HTTP status of the last attempt.
    pub last_status: Option<i64>,
    /// µs.
    pub created_at: i64,
    /// µs.
    pub updated_at: i64,
}

fn webhook(r: &Row) -> Result<WebhookRow, StoreError> {
    Ok(WebhookRow {
        id: r.array(0)?,
        owner_id: r.array(1)?,
        url: r.text(2)?,
        events: r.text(3)?,
        created_at: r.i64(4)?,
        paused_at: r.opt_i64(5)?,
    })
}

fn delivery(r: &Row) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        id: r.array(0)?,
        webhook_id: r.array(1)?,
        event: r.text(2)?,
        payload: r.text(3)?,
        state: r.text(4)?,
        attempt: r.i64(5)?,
        last_status: r.opt_i64(6)?,
        created_at: r.i64(7)?,
        updated_at: r.i64(8)?,
        url: r.opt_text(9)?,
    })
}

/// An endpoint by id.
pub fn find(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<WebhookRow>, StoreError> {
    let sql = sql!("select id, owner_id, url, events, created_at, paused_at from webhook where id = $1");
    tx.query_opt(sql, params![id])?.as_ref().map(webhook).transpose()
}

/// The endpoints of a channel, oldest first.
pub fn list(tx: &mut ReadTx<'_>, owner_id: &[u8; 16]) -> Result<Vec<WebhookRow>, StoreError> {
    let sql = sql!(
        "select id, owner_id, url, events, created_at, paused_at from webhook where owner_id = $1 order by id"
    );
    tx.query(sql, params![owner_id])?.iter().map(webhook).collect()
}

/// The endpoints of a channel that has not left, oldest first; none of one that has.
pub fn list_heard(tx: &mut ReadTx<'_>, owner_id: &[u8; 16]) -> Result<Vec<WebhookRow>, StoreError> {
    let sql = sql!(
        "select w.id, w.owner_id, w.url, w.events, w.created_at, w.paused_at
         from webhook w join channel c on c.id = w.owner_id
         where w.owner_id = $1 and c.phase not in ('exited', 'terminated') order by w.id"
    );
    tx.query(sql, params![owner_id])?.iter().map(webhook).collect()
}

/// Adds an endpoint.
pub fn insert(tx: &mut WriteTx<'_>, row: &WebhookRow) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(
        sql!(
            "insert into webhook (id, owner_id, url, events, created_at, paused_at)
             values ($1, $2, $3, $4, $5, $6)"
        ),
        params![&row.id, &row.owner_id, &row.url, &row.events, row.created_at, row.paused_at],
    )
}

/// Changes where an endpoint is.
pub fn update_url(tx: &mut WriteTx<'_>, id: &[u8; 16], url: &str) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(sql!("update webhook set url = $2 where id = $1"), params![id, url])
}

/// Changes what an endpoint is told.
pub fn update_events(tx: &mut WriteTx<'_>, id: &[u8; 16], events: &str) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(sql!("update webhook set events = $2 where id = $1"), params![id, events])
}

/// Pauses an endpoint from a moment on, or lets it go on.
pub fn update_paused(tx: &mut WriteTx<'_>, id: &[u8; 16], paused_at: Option<i64>) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(sql!("update webhook set paused_at = $2 where id = $1"), params![id, paused_at])
}

/// Removes an endpoint.
pub fn delete(tx: &mut WriteTx<'_>, id: &[u8; 16]) -> Result<(), StoreError> {
    epoch::advance(tx)?;
    tx.execute_one(sql!("delete from webhook where id = $1"), params![id])
}

/// Adds an event for an endpoint; `false` when it was added before.
pub fn insert_delivery(tx: &mut WriteTx<'_>, row: &DeliveryRow) -> Result<bool, StoreError> {
    let added = tx.execute(
        sql!(
            "insert into webhook_delivery (id, webhook_id, event, payload, state, attempt, last_status, created_at,
                                           updated_at, url)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing"
        ),
        params![
            &row.id,
            &row.webhook_id,
            &row.event,
            &row.payload,
            &row.state,
            row.attempt,
            row.last_status,
            row.created_at,
            row.updated_at,
            row.url.as_deref()
        ],
    )?;
    Ok(added == 1)
}

/// A delivery by id.
pub fn find_delivery(tx: &mut ReadTx<'_>, id: &[u8; 16]) -> Result<Option<DeliveryRow>, StoreError> {
    let sql = sql!(
        "select id, webhook_id, event, payload, state, attempt, last_status, created_at, updated_at, url
         from webhook_delivery where id = $1"
    );
    tx.query_opt(sql, params![id])?.as_ref().map(delivery).transpose()
}

/// The deliveries to an endpoint before `before`, newest first.
pub fn list_deliveries(
    tx: &mut ReadTx<'_>,
    webhook_id: &[u8; 16],
    before: &[u8],
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let sql = sql!(
        "select id, webhook_id, event, payload, state, attempt, last_status, created_at, updated_at, url
         from webhook_delivery where webhook_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.query(sql, params![webhook_id, before, limit])?.iter().map(delivery).collect()
}

/// The deliveries to an endpoint whose ids lie from `from` to before `end`, oldest first.
pub fn list_deliveries_between(
    tx: &mut ReadTx<'_>,
    webhook_id: &[u8; 16],
    from: &[u8],
    end: &[u8],
    limit: i64,
) -> Result<Vec<DeliveryRow>, StoreError> {
    let sql = sql!(
        "select id, webhook_id, event, payload, state, attempt, last_status, created_at, updated_at, url
         from webhook_delivery where webhook_id = $1 and id >= $2 and id < $3 order by id limit $4"
    );
    tx.query(sql, params![webhook_id, from, end, limit])?.iter().map(delivery).collect()
}

/// Writes how far a delivery has come.
pub fn update_delivery(tx: &mut WriteTx<'_>, row: &DeliveryRow) -> Result<(), StoreError> {
    tx.execute_one(
        sql!(
            "update webhook_delivery set state = $2, attempt = $3, last_status = $4, updated_at = $5, url = $6
             where id = $1"
        ),
        params![&row.id, &row.state, row.attempt, row.last_status, row.updated_at, row.url.as_deref()],
    )
}
