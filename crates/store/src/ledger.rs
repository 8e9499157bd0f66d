//! Rows of accounts, transfers and pending transfers: read, locked and written as sets.
//!
//! Accounts are locked in the order of their ids, so that two batches never wait for each other in a circle.

use crate::{Column, ReadTx, Row, StoreError, WriteTx, params, sql};
use domain::id::{AccountId, TransferId};
use domain::ledger::address::{filed_under, shard_of};
use domain::ledger::{Account, Pending, Total, Transfer, TransferKind};
use domain::money::{Amount, Fen};

fn account(r: &Row) -> Result<Account, StoreError> {
    let id = AccountId::from_bytes(r.array(0)?);
    let total = |pending: i64, posted: i64| Total { pending: Fen::new(pending), posted: Fen::new(posted) };
    Ok(Account {
        id,
        kind: r.parse(1, |word| word.parse().ok())?,
        floor: Fen::new(r.i64(2)?),
        debits: total(r.i64(3)?, r.i64(4)?),
        credits: total(r.i64(5)?, r.i64(6)?),
    })
}

fn keys(ids: &[AccountId]) -> [Column<'_>; 2] {
    [
        Column::I64(ids.iter().map(|id| i64::from(shard_of(*id))).collect()),
        Column::Bytes(ids.iter().map(|id| id.as_bytes().as_slice()).collect()),
    ]
}

/// The accounts with these ids, sorted and unique, locked until the transaction ends.
pub fn lock_accounts(tx: &mut WriteTx<'_>, ids: &[AccountId]) -> Result<Vec<Option<Account>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, a.id, a.kind, a.floor_fen, a.debits_pending, a.debits_posted, a.credits_pending,
                a.credits_posted
            from unnest($1::bigint[], $2::bytea[]) with ordinality as k(shard, id, n)
            join account a on a.shard = k.shard and a.id = k.id order by k.n for update of a",
        sqlite: "select id, kind, floor_fen, debits_pending, debits_posted, credits_pending, credits_posted
            from account where shard = $1 and id = $2"
    );
    let rows = tx.select_each(sql, &keys(ids))?;
    rows.iter().map(|row| row.as_ref().map(account).transpose()).collect()
}

/// One account.
pub fn find_account(tx: &mut ReadTx<'_>, id: AccountId) -> Result<Option<Account>, StoreError> {
    let sql = sql!(
        "select id, kind, floor_fen, debits_pending, debits_posted, credits_pending, credits_posted
         from account where shard = $1 and id = $2"
    );
    tx.query_opt(sql, params![i64::from(shard_of(id)), id.as_bytes()])?.as_ref().map(account).transpose()
}

/// An account and whose it is.
#[derive(Debug, Clone)]
pub struct OwnedAccount {
    /// The account.
    pub account: Account,
    /// An organisation, a holder, or sixteen zeros for the platform.
    pub owner: [u8; 16],
}

/// A page of accounts by shard and id, after `after`.
pub fn list_accounts(
    tx: &mut ReadTx<'_>,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<OwnedAccount>, StoreError> {
    let sql = sql!(
        "select id, kind, floor_fen, debits_pending, debits_posted, credits_pending, credits_posted, owner
         from account where shard > $1 or (shard = $1 and id > $2) order by shard, id limit $3"
    );
    let (shard, id) = after.map_or((-1, [0; 16]), |id| (i64::from(shard_of(id)), *id.as_bytes()));
    let rows = tx.query(sql, params![shard, &id, limit])?;
    rows.iter().map(|row| Ok(OwnedAccount { account: account(row)?, owner: row.array(7)? })).collect()
}

/// Every account of payees, locked, in the order of their ids.
pub fn lock_payees(tx: &mut WriteTx<'_>) -> Result<Vec<OwnedAccount>, StoreError> {
    let sql = crate::sql_lock!(
        "select id, kind, floor_fen, debits_pending, debits_posted, credits_pending, credits_posted, owner
         from account where kind = 'payee' or kind = 'settled' order by id"
    );
    let rows = tx.query(sql, &[])?;
    rows.iter().map(|row| Ok(OwnedAccount { account: account(row)?, owner: row.array(7)? })).collect()
}

/// Opens accounts that are not there yet.
pub fn open_accounts(tx: &mut WriteTx<'_>, accounts: &[OwnedAccount]) -> Result<(), StoreError> {
    let sql = sql!(
        postgres: "insert into account (shard, id, kind, owner, debits_pending, debits_posted, credits_pending,
                credits_posted, floor_fen)
            select k.shard, k.id, k.kind, k.owner, 0, 0, 0, 0, k.floor
            from unnest($1::bigint[], $2::bytea[], $3::text[], $4::bytea[], $5::bigint[])
                as k(shard, id, kind, owner, floor)
            on conflict do nothing returning id",
        sqlite: "insert into account (shard, id, kind, owner, debits_pending, debits_posted, credits_pending,
                credits_posted, floor_fen)
            values ($1, $2, $3, $4, 0, 0, 0, 0, $5) on conflict do nothing"
    );
    let columns = [
        Column::I64(accounts.iter().map(|a| i64::from(shard_of(a.account.id))).collect()),
        Column::Bytes(accounts.iter().map(|a| a.account.id.as_bytes().as_slice()).collect()),
        Column::Text(accounts.iter().map(|a| a.account.kind.as_str()).collect()),
        Column::Bytes(accounts.iter().map(|a| a.owner.as_slice()).collect()),
        Column::I64(accounts.iter().map(|a| a.account.floor.get()).collect()),
    ];
    tx.insert_each(sql, 1, &columns).map(drop)
}

/// Writes the counters of locked accounts; ids are sorted and unique.
pub fn update_accounts(tx: &mut WriteTx<'_>, accounts: &[Account]) -> Result<(), StoreError> {
    let sql = sql!(
        postgres: "update account a set debits_pending = k.dp, debits_posted = k.dd, credits_pending = k.cp,
                credits_posted = k.cc
            from unnest($1::bigint[], $2::bytea[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
                as k(shard, id, dp, dd, cp, cc)
            where a.shard = k.shard and a.id = k.id",
        sqlite: "update account set debits_pending = $3, debits_posted = $4, credits_pending = $5,
                credits_posted = $6 where shard = $1 and id = $2"
    );
    let ids: Vec<AccountId> = accounts.iter().map(|a| a.id).collect();
    let [shards, keys] = keys(&ids);
    let sums = |of: fn(&Account) -> Fen| Column::I64(accounts.iter().map(|a| of(a).get()).collect());
    let columns = [
        shards,
        keys,
        sums(|a| a.debits.pending),
        sums(|a| a.debits.posted),
        sums(|a| a.credits.pending),
        sums(|a| a.credits.posted),
    ];
    match tx.update_each(sql, &columns)? {
        touched if touched == accounts.len() as u64 => Ok(()),
        touched => Err(StoreError::RowCount(touched)),
    }
}

fn transfer(r: &Row) -> Result<Transfer, StoreError> {
    let of = r.opt_array(2)?.map(TransferId::from_bytes);
    Ok(Transfer {
        id: TransferId::from_bytes(r.array(0)?),
        kind: r.parse(1, |word| TransferKind::find(word, of))?,
        debit: AccountId::from_bytes(r.array(3)?),
        credit: AccountId::from_bytes(r.array(4)?),
        amount: amount(r, 5)?,
        linked: r.i64(6)? != 0,
        code: r.parse(7, |word| word.parse().ok())?,
        at: domain::time::Timestamp::from_micros(r.i64(8)?),
    })
}

fn amount(r: &Row, column: usize) -> Result<Amount, StoreError> {
    Amount::new(r.i64(column)?).map_err(|_| StoreError::Corrupt {
        table: "transfer",
        column: "amount_fen",
        found: "an amount that moves nothing".into(),
    })
}

fn filed(ids: &[TransferId]) -> [Column<'_>; 3] {
    [
        Column::I64(ids.iter().map(|id| i64::from(filed_under(*id).0)).collect()),
        Column::I64(ids.iter().map(|id| i64::from(filed_under(*id).1)).collect()),
        Column::Bytes(ids.iter().map(|id| id.as_bytes().as_slice()).collect()),
    ]
}

/// The transfers with these ids.
pub fn find_transfers(tx: &mut ReadTx<'_>, ids: &[TransferId]) -> Result<Vec<Option<Transfer>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, t.id, t.kind, t.pending_id, t.debit, t.credit, t.amount_fen, t.linked, t.code, t.at
            from unnest($1::bigint[], $2::bigint[], $3::bytea[]) with ordinality as k(bucket, shard, id, n)
            join transfer t on t.bucket = k.bucket and t.shard = k.shard and t.id = k.id",
        sqlite: "select id, kind, pending_id, debit, credit, amount_fen, linked, code, at
            from transfer where bucket = $1 and shard = $2 and id = $3"
    );
    let rows = tx.select_each(sql, &filed(ids))?;
    rows.iter().map(|row| row.as_ref().map(transfer).transpose()).collect()
}

/// Adds transfers; `false` for each that was there.
pub fn insert_transfers(tx: &mut WriteTx<'_>, transfers: &[Transfer]) -> Result<Vec<bool>, StoreError> {
    let sql = sql!(
        postgres: "insert into transfer (bucket, shard, id, kind, pending_id, debit, credit, amount_fen, linked,
                code, at)
            select * from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[],
                $7::bytea[], $8::bigint[], $9::bigint[], $10::text[], $11::bigint[])
            on conflict do nothing returning id",
        sqlite: "insert into transfer (bucket, shard, id, kind, pending_id, debit, credit, amount_fen, linked, code,
                at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing"
    );
    let ids: Vec<TransferId> = transfers.iter().map(|t| t.id).collect();
    let decided: Vec<Option<TransferId>> = transfers.iter().map(|t| t.kind.of()).collect();
    let [buckets, shards, keys] = filed(&ids);
    let columns = [
        buckets,
        shards,
        keys,
        Column::Text(transfers.iter().map(|t| t.kind.as_str()).collect()),
        Column::OptBytes(decided.iter().map(|of| of.as_ref().map(|id| id.as_bytes().as_slice())).collect()),
        Column::Bytes(transfers.iter().map(|t| t.debit.as_bytes().as_slice()).collect()),
        Column::Bytes(transfers.iter().map(|t| t.credit.as_bytes().as_slice()).collect()),
        Column::I64(transfers.iter().map(|t| t.amount.get()).collect()),
        Column::I64(transfers.iter().map(|t| i64::from(t.linked)).collect()),
        Column::Text(transfers.iter().map(|t| t.code.as_str()).collect()),
        Column::I64(transfers.iter().map(|t| t.at.as_micros()).collect()),
    ];
    tx.insert_each(sql, 2, &columns)
}

/// The pending transfers with these ids, sorted and unique, locked until the transaction ends.
pub fn lock_pendings(tx: &mut WriteTx<'_>, ids: &[TransferId]) -> Result<Vec<Option<Pending>>, StoreError> {
    let sql = sql!(
        postgres: "select k.n, p.state, p.debit, p.credit, p.amount_fen
            from unnest($1::bigint[], $2::bigint[], $3::bytea[]) with ordinality as k(bucket, shard, id, n)
            join pending_transfer p on p.bucket = k.bucket and p.shard = k.shard and p.id = k.id
            order by k.n for update of p",
        sqlite: "select state, debit, credit, amount_fen
            from pending_transfer where bucket = $1 and shard = $2 and id = $3"
    );
    let read = |r: &Row| {
        Ok(Pending {
            state: r.parse(0, |word| word.parse().ok())?,
            debit: AccountId::from_bytes(r.array(1)?),
            credit: AccountId::from_bytes(r.array(2)?),
            amount: amount(r, 3)?,
        })
    };
    let rows = tx.select_each(sql, &filed(ids))?;
    rows.iter().map(|row| row.as_ref().map(read).transpose()).collect()
}

/// Adds pending transfers or writes what became of them.
pub fn put_pendings(tx: &mut WriteTx<'_>, pendings: &[(TransferId, Pending)]) -> Result<(), StoreError> {
    let sql = sql!(
        postgres: "insert into pending_transfer (bucket, shard, id, state, debit, credit, amount_fen)
            select * from unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::text[], $5::bytea[], $6::bytea[],
                $7::bigint[])
            on conflict (bucket, shard, id) do update set state = excluded.state",
        sqlite: "insert into pending_transfer (bucket, shard, id, state, debit, credit, amount_fen)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (bucket, shard, id) do update set state = excluded.state"
    );
    let ids: Vec<TransferId> = pendings.iter().map(|(id, _)| *id).collect();
    let [buckets, shards, keys] = filed(&ids);
    let columns = [
        buckets,
        shards,
        keys,
        Column::Text(pendings.iter().map(|(_, p)| p.state.as_str()).collect()),
        Column::Bytes(pendings.iter().map(|(_, p)| p.debit.as_bytes().as_slice()).collect()),
        Column::Bytes(pendings.iter().map(|(_, p)| p.credit.as_bytes().as_slice()).collect()),
        Column::I64(pendings.iter().map(|(_, p)| p.amount.get()).collect()),
    ];
    tx.update_each(sql, &columns).map(drop)
}

/// What an account's counters must be, summed from its transfers alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recomputed {
    /// The account.
    pub id: AccountId,
    /// Debits posted, credits posted, debits pending, credits pending.
    pub sums: [i64; 4],
}

/// Every account's counters, summed from transfers and pending transfers. Reads the whole ledger.
pub fn recompute(tx: &mut ReadTx<'_>) -> Result<Vec<Recomputed>, StoreError> {
    let sql = sql!(
        "select id, cast(sum(dd) as bigint), cast(sum(cc) as bigint), cast(sum(dp) as bigint), cast(sum(cp) as bigint)
         from (
           select debit as id, amount_fen as dd, 0 as cc, 0 as dp, 0 as cp from transfer where kind in ('posted','post')
           union all
           select credit, 0, amount_fen, 0, 0 from transfer where kind in ('posted','post')
           union all
           select debit, 0, 0, amount_fen, 0 from pending_transfer where state = 'pending'
           union all
           select credit, 0, 0, 0, amount_fen from pending_transfer where state = 'pending'
         ) as movement group by id order by id"
    );
    let rows = tx.query(sql, &[])?;
    let read = |r: &Row| {
        let sums = [r.i64(1)?, r.i64(2)?, r.i64(3)?, r.i64(4)?];
        Ok(Recomputed { id: AccountId::from_bytes(r.array(0)?), sums })
    };
    rows.iter().map(read).collect()
}
