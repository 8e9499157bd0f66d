//! What a claim reads: the person behind a document, the card that fits, and the lock on it.

use crate::ecard::{ids, shards};
use crate::{Column, ReadTx, Row, StoreError, WriteTx, sql};
use domain::card::State;

/// Who claims, and with which card if they say so.
#[derive(Debug, Clone, Copy)]
pub struct ClaimKey<'a> {
    /// The person's shard.
    pub shard: i64,
    /// Index of the document.
    pub document_index: &'a [u8; 32],
    /// 卡号.
    pub number: Option<&'a str>,
    /// Issuing division.
    pub division: Option<&'a str>,
}

/// The person behind a document and the card that fits: an active one before any other, the e-card's before any
/// other, then the newest.
#[derive(Debug, Clone)]
pub struct Claimant {
    /// The person's id.
    pub person_id: [u8; 16],
    /// Index of the name.
    pub name_index: [u8; 32],
    /// The card, if any fits.
    pub card_id: Option<[u8; 16]>,
}

fn claimant(r: &Row) -> Result<Claimant, StoreError> {
    Ok(Claimant { person_id: r.array(0)?, name_index: r.array(1)?, card_id: r.opt_array(2)? })
}

/// The persons behind documents, each with the card that fits.
pub fn find_each(tx: &mut ReadTx<'_>, keys: &[ClaimKey<'_>]) -> Result<Vec<Option<Claimant>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, p.id, p.name_index,
                (select c.id from card c left join ecard e on e.shard = c.shard and e.card_id = c.id
                 where c.shard = p.shard and c.person_id = p.id
                   and (k.number is null or c.number = k.number) and (k.division is null or c.division = k.division)
                 order by case when c.state = 'active' then 0 else 1 end, case when e.id is null then 1 else 0 end,
                          c.id desc limit 1)
            from unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[]) with ordinality
                as k(shard, document_index, number, division, n)
            join person p on p.shard = k.shard and p.document_index = k.document_index",
        sqlite: "select p.id, p.name_index,
                (select c.id from card c left join ecard e on e.shard = c.shard and e.card_id = c.id
                 where c.shard = p.shard and c.person_id = p.id
                   and ($3 is null or c.number = $3) and ($4 is null or c.division = $4)
                 order by case when c.state = 'active' then 0 else 1 end, case when e.id is null then 1 else 0 end,
                          c.id desc limit 1)
            from person p where p.shard = $1 and p.document_index = $2"
    );
    let columns = [
        Column::I64(keys.iter().map(|key| key.shard).collect()),
        Column::Bytes(keys.iter().map(|key| key.document_index.as_slice()).collect()),
        Column::OptText(keys.iter().map(|key| key.number).collect()),
        Column::OptText(keys.iter().map(|key| key.division).collect()),
    ];
    let rows = tx.select_each(sql, &columns)?;
    rows.iter().map(|found| found.as_ref().map(claimant).transpose()).collect()
}

/// What a claim must know of a card.
#[derive(Debug, Clone)]
pub struct ClaimedCard {
    /// The card's id.
    pub id: [u8; 16],
    /// Issuing division.
    pub division: String,
    /// Where it stands in its life.
    pub state: State,
    /// The last day it may be used, days since 1970.
    pub expires_on: Option<i64>,
}

/// The card whose columns begin at `first`.
fn card(r: &Row, first: usize) -> Result<ClaimedCard, StoreError> {
    let reason = r.opt_text(first + 3)?.map(|word| word.parse().ok());
    let state = r.parse(first + 2, |word| State::from_parts(word.parse().ok()?, reason.flatten()))?;
    let (id, division) = (r.array(first)?, r.text(first + 1)?);
    Ok(ClaimedCard { id, division, state, expires_on: r.opt_i64(first + 4)? })
}

/// What stands behind a claim, seen without a lock.
#[derive(Debug, Clone)]
pub struct Preview {
    /// Index of the name.
    pub name_index: [u8; 32],
    /// The card that fits, if any does.
    pub card: Option<ClaimedCard>,
    /// The holder has a password.
    pub password_set: bool,
    /// The binding in the channel that asks, ended ones too.
    pub binding: Option<[u8; 16]>,
}

fn preview(r: &Row) -> Result<Preview, StoreError> {
    let id: Option<[u8; 16]> = r.opt_array(1)?;
    Ok(Preview {
        name_index: r.array(0)?,
        card: id.map(|_| card(r, 1)).transpose()?,
        password_set: r.opt_i64(6)?.is_some(),
        binding: r.opt_array(7)?,
    })
}

/// What stands behind claims, each by its key and the channel that asks.
pub fn preview_each(
    tx: &mut ReadTx<'_>,
    keys: &[(ClaimKey<'_>, [u8; 16])],
) -> Result<Vec<Option<Preview>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, p.name_index, c.id, c.division, c.state, c.reason, c.expires_on, e.password_algorithm,
                b.id
            from unnest($1::bigint[], $2::bytea[], $3::text[], $4::text[], $5::bytea[]) with ordinality
                as k(shard, document_index, number, division, channel_id, n)
            join person p on p.shard = k.shard and p.document_index = k.document_index
            left join card c on c.shard = p.shard and c.id =
                (select c.id from card c left join ecard e on e.shard = c.shard and e.card_id = c.id
                 where c.shard = p.shard and c.person_id = p.id
                   and (k.number is null or c.number = k.number) and (k.division is null or c.division = k.division)
                 order by case when c.state = 'active' then 0 else 1 end, case when e.id is null then 1 else 0 end,
                          c.id desc limit 1)
            left join ecard e on e.shard = p.shard and e.id = p.id
            left join binding b on b.shard = p.shard and b.ecard_id = p.id and b.channel_id = k.channel_id",
        sqlite: "select p.name_index, c.id, c.division, c.state, c.reason, c.expires_on, e.password_algorithm, b.id
            from person p
            left join card c on c.shard = p.shard and c.id =
                (select c.id from card c left join ecard e on e.shard = c.shard and e.card_id = c.id
                 where c.shard = p.shard and c.person_id = p.id
                   and ($3 is null or c.number = $3) and ($4 is null or c.division = $4)
                 order by case when c.state = 'active' then 0 else 1 end, case when e.id is null then 1 else 0 end,
                          c.id desc limit 1)
            left join ecard e on e.shard = p.shard and e.id = p.id
            left join binding b on b.shard = p.shard and b.ecard_id = p.id and b.channel_id = $5
            where p.shard = $1 and p.document_index = $2"
    );
    let columns = [
        Column::I64(keys.iter().map(|(key, _)| key.shard).collect()),
        Column::Bytes(keys.iter().map(|(key, _)| key.document_index.as_slice()).collect()),
        Column::OptText(keys.iter().map(|(key, _)| key.number).collect()),
        Column::OptText(keys.iter().map(|(key, _)| key.division).collect()),
        Column::Bytes(keys.iter().map(|(_, channel)| channel.as_slice()).collect()),
    ];
    let rows = tx.select_each(sql, &columns)?;
    rows.iter().map(|found| found.as_ref().map(preview).transpose()).collect()
}

/// Cards, each by shard and id, locked until the transaction ends: no card changes while its e-card is made.
pub fn lock_cards(
    tx: &mut WriteTx<'_>,
    keys: &[(i64, [u8; 16])],
) -> Result<Vec<Option<ClaimedCard>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, c.id, c.division, c.state, c.reason, c.expires_on
            from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, id, n)
            join card c on c.shard = k.shard and c.id = k.id
            order by c.shard, c.id for update of c",
        sqlite: "select id, division, state, reason, expires_on from card where shard = $1 and id = $2"
    );
    let rows = tx.select_each(sql, &[shards(keys), ids(keys)])?;
    rows.iter().map(|found| found.as_ref().map(|row| card(row, 0)).transpose()).collect()
}
