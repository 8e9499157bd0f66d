-- payment, ledger, settlement -------------------------------------------------------------------------------
-- An organisation that is paid. Its row never changes, so that what was read of it once stays true.
create table payee (
  id bytea not null,
  name text not null,
  fee_basis_points bigint not null,
  home_shard bigint not null,
  created_at bigint not null,
  constraint payee_pk primary key (id)
);

-- A payment by handle has the key of the use that gave the handle: it can be inserted once.
create table payment (
  bucket bigint not null,
  shard bigint not null,
  id bytea not null,
  caller bytea not null,
  idempotency_key text not null,
  digest bytea not null,
  order_no text not null,
  ecard_id bytea not null,
  channel_id bytea not null,
  division text not null,
  payee_id bytea not null,
  amount_fen bigint not null,
  refunded_fen bigint not null,
  description text,
  funding text not null,
  source text not null,
  state text not null,
  failure text,
  business_date bigint,
  created_at bigint not null,
  posted_at bigint,
  closed_at bigint,
  asked bigint not null,
  version bigint not null,
  constraint payment_pk primary key (bucket, shard, id),
  constraint payment_state check (state in ('created','pending','succeeded','failed','unknown','partially_refunded',
    'refunded','closed'))
);
create index payment_day_ix on payment (business_date, payee_id);

-- One order of a payee is one payment (the look-up by order number, written with the payment).
create table payment_order (
  payee_id bytea not null,
  order_no text not null,
  bucket bigint not null,
  shard bigint not null,
  id bytea not null,
  constraint payment_order_pk primary key (payee_id, order_no)
) clustered;

-- What a holder, or a grant, has spent on the latest business day it spent anything.
create table spending (
  shard bigint not null,
  id bytea not null,
  business_date bigint not null,
  spent_fen bigint not null,
  constraint spending_pk primary key (shard, id)
) clustered in place;

create table refund (
  payment_bucket bigint not null,
  shard bigint not null,
  payment_id bytea not null,
  refund_no text not null,
  id bytea not null,
  payee_id bytea not null,
  amount_fen bigint not null,
  reason text not null,
  state text not null,
  source_account bytea not null,
  business_date bigint,
  created_at bigint not null,
  posted_at bigint,
  asked bigint not null,
  version bigint not null,
  constraint refund_pk primary key (payment_bucket, shard, payment_id, refund_no),
  constraint refund_state check (state in ('pending','succeeded','failed','unknown'))
);
create index refund_day_ix on refund (business_date, payee_id);

create table topup (
  shard bigint not null,
  id bytea not null,
  caller bytea not null,
  idempotency_key text not null,
  digest bytea not null,
  number text not null,
  ecard_id bytea not null,
  amount_fen bigint not null,
  state text not null,
  failure text,
  created_at bigint not null,
  posted_at bigint,
  asked bigint not null,
  version bigint not null,
  constraint topup_pk primary key (shard, id),
  constraint topup_state check (state in ('pending','succeeded','failed','unknown'))
);

-- The id of an account begins with its shard and kind; `owner` is an organisation, a holder, or sixteen zeros.
create table account (
  shard bigint not null,
  id bytea not null,
  kind text not null,
  owner bytea not null,
  debits_pending bigint not null,
  debits_posted bigint not null,
  credits_pending bigint not null,
  credits_posted bigint not null,
  floor_fen bigint not null,
  constraint account_pk primary key (shard, id)
) clustered in place;

-- The id of a transfer begins with its bucket and shard and is derived from the event it books.
create table transfer (
  bucket bigint not null,
  shard bigint not null,
  id bytea not null,
  kind text not null,
  pending_id bytea,
  debit bytea not null,
  credit bytea not null,
  amount_fen bigint not null,
  linked bigint not null,
  code text not null,
  at bigint not null,
  constraint transfer_pk primary key (bucket, shard, id)
);

create table pending_transfer (
  bucket bigint not null,
  shard bigint not null,
  id bytea not null,
  state text not null,
  debit bytea not null,
  credit bytea not null,
  amount_fen bigint not null,
  constraint pending_transfer_pk primary key (bucket, shard, id)
) clustered;

create table settlement_day (
  business_date bigint not null,
  cut_at bigint not null,
  batches bigint not null,
  net_fen bigint not null,
  constraint settlement_day_pk primary key (business_date)
);

-- `fee_fen` is the fee of the day's lines; `charged_fen` what the ledger could take of it and of what was owed.
create table settlement_batch (
  business_date bigint not null,
  payee_id bytea not null,
  id bytea not null,
  payment_count bigint not null,
  payment_fen bigint not null,
  refund_count bigint not null,
  refund_fen bigint not null,
  fee_fen bigint not null,
  charged_fen bigint not null,
  swept_fen bigint not null,
  net_fen bigint not null,
  file text not null,
  manifest text not null,
  key_id bytea not null,
  signature bytea not null,
  created_at bigint not null,
  constraint settlement_batch_pk primary key (business_date, payee_id)
);
create unique index settlement_batch_uq on settlement_batch (id);
