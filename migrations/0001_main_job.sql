-- The nouns of the main job. One text for SQLite and PostgreSQL: `bigint` for every integer, `bytea` for
-- every byte string (SQLite keeps a blob as it is under any declared type), microseconds since 1970 for time.
-- A table whose last line is `) clustered;` is stored by its primary key on SQLite (`without rowid`).
-- Person-bound tables carry `shard` first in every unique key; hot append tables carry `(bucket, shard, id)`.

create table epoch (
  name text not null,
  value bigint not null,
  constraint epoch_pk primary key (name)
) clustered;

-- `authority` counts changes of who may do what; `audit_head` is only locked, by whoever makes a head;
-- `statistic_day` is the last day whose distinct users are counted; `use_indexed` is how far the holders' index of
-- uses reaches.
insert into epoch (name, value) values ('authority', 1), ('audit_head', 0), ('statistic_day', 0), ('use_indexed', 0);

-- org ---------------------------------------------------------------------------------------------------
create table org (
  id bytea not null,
  kind text not null,
  name text not null,
  division text not null,
  uscc text,
  created_at bigint not null,
  version bigint not null,
  constraint org_pk primary key (id),
  constraint org_kind check (kind in ('ministry','province','prefecture','operator','channel_owner','department','lab'))
);
create unique index org_uscc_uq on org (uscc);

create table staff (
  id bytea not null,
  org_id bytea not null,
  login text not null,
  role text not null,
  password_hash text not null,
  must_change bigint not null,
  state text not null,
  failed_attempts bigint not null,
  locked_until bigint,
  created_at bigint not null,
  version bigint not null,
  constraint staff_pk primary key (id),
  constraint staff_state check (state in ('active','disabled'))
);
create unique index staff_login_uq on staff (login);

create table staff_session (
  token_hash bytea not null,
  staff_id bytea not null,
  created_at bigint not null,
  expires_at bigint not null,
  constraint staff_session_pk primary key (token_hash)
) clustered;

-- Why somebody decided something, in their own words. The audit log names the deed; this is apart from it because
-- free text may speak of persons and must be deletable.
create table remark (
  object_id bytea not null,
  at bigint not null,
  staff_id bytea not null,
  action text not null,
  words text not null,
  constraint remark_pk primary key (object_id, at, action)
) clustered;

-- key ---------------------------------------------------------------------------------------------------
-- Every stored key is wrapped under the device's master key with its id, usage and version as associated data.
create table key (
  id bytea not null,
  usage text not null,
  version bigint not null,
  owner bytea,
  state text not null,
  wrapped bytea,
  public_key bytea,
  created_at bigint not null,
  retired_at bigint,
  constraint key_pk primary key (id),
  constraint key_state check (state in ('active','retiring','retired','revoked'))
);
create index key_owner_ix on key (owner, usage);
create index key_public_ix on key (public_key);

create table nonce (
  bucket bigint not null,
  key_id bytea not null,
  value bytea not null,
  constraint nonce_pk primary key (bucket, key_id, value)
) clustered;

create table caller_session (
  id bytea not null,
  key_id bytea not null,
  caller bytea not null,
  caller_kind text not null,
  wrapped bytea not null,
  created_at bigint not null,
  expires_at bigint not null,
  closed_at bigint,
  constraint caller_session_pk primary key (id)
) clustered;

create table idempotency (
  bucket bigint not null,
  caller bytea not null,
  key text not null,
  digest bytea not null,
  status bigint not null,
  body text not null,
  constraint idempotency_pk primary key (bucket, caller, key)
) clustered;

-- channel, terminal, service -------------------------------------------------------------------------------
create table channel (
  id bytea not null,
  number text not null,
  name text not null,
  owner_id bytea not null,
  class text not null,
  level bigint not null,
  parent_id bytea,
  form text not null,
  form_name text,
  access_mode text not null,
  regions text not null,
  services text not null,
  state text not null,
  created_at bigint not null,
  version bigint not null,
  constraint channel_pk primary key (id),
  constraint channel_state check (state in ('live','suspended','terminated'))
);
create unique index channel_number_uq on channel (number);

create table terminal (
  id bytea not null,
  serial text not null,
  psam text,
  org_id bytea not null,
  division text not null,
  state text not null,
  created_at bigint not null,
  version bigint not null,
  constraint terminal_pk primary key (id),
  constraint terminal_state check (state in ('active','blocked'))
);
create unique index terminal_serial_uq on terminal (serial);

create table service (
  code text not null,
  name_zh text not null,
  name_en text not null,
  family text not null,
  standard bigint not null,
  created_at bigint not null,
  constraint service_pk primary key (code)
);

create table service_opening (
  id bytea not null,
  target_id bytea not null,
  service text not null,
  division text not null,
  opened_by bytea not null,
  opened_at bigint not null,
  closed_at bigint,
  version bigint not null,
  constraint service_opening_pk primary key (target_id, service, division)
) clustered;
create unique index service_opening_id_uq on service_opening (id);

-- person, card, ecard -------------------------------------------------------------------------------------
-- `sealed` holds name, document number and phone under the personal-data key `key_version`; the indexes are
-- keyed digests under the blind-index key: equal values are found, nothing is read back.
create table person (
  shard bigint not null,
  id bytea not null,
  document_kind text not null,
  document_index bytea not null,
  name_index bytea not null,
  phone_index bytea,
  key_version bigint not null,
  sealed bytea not null,
  created_at bigint not null,
  version bigint not null,
  constraint person_pk primary key (shard, id)
) clustered;
create unique index person_document_uq on person (shard, document_index);

create table card (
  shard bigint not null,
  id bytea not null,
  person_id bytea not null,
  division text not null,
  number text not null,
  recognition bytea,
  generation bigint not null,
  state text not null,
  reason text,
  issued_on bigint,
  expires_on bigint,
  updated_at bigint not null,
  version bigint not null,
  constraint card_pk primary key (shard, id)
) clustered;
create index card_person_ix on card (shard, person_id);

-- Finds a card by what is printed on it. `digest` is a keyed digest of the registry's last row for the card: an equal
-- row is known to change nothing without opening anything sealed.
create table card_number (
  division text not null,
  number text not null,
  shard bigint not null,
  card_id bytea not null,
  digest bytea not null,
  constraint card_number_pk primary key (division, number)
) clustered;

create table invalid_card (
  division text not null,
  number text not null,
  shard bigint not null,
  card_id bytea not null,
  reason text not null,
  at bigint not null,
  constraint invalid_card_pk primary key (division, number)
) clustered;

-- The first `rows_done` rows of a file are done, and counted once each: both change in the transaction that writes
-- the rows themselves.
create table card_import (
  id bytea not null,
  org_id bytea not null,
  staff_id bytea not null,
  digest bytea not null,
  name text not null,
  total bigint not null,
  rows_done bigint not null,
  inserted bigint not null,
  updated bigint not null,
  unchanged bigint not null,
  refused bigint not null,
  created_at bigint not null,
  finished_at bigint,
  constraint card_import_pk primary key (id)
);
create unique index card_import_digest_uq on card_import (org_id, digest);

-- One e-card per person: the e-card's key is the person's (ND-1.3). `state` repeats the state of the card that
-- `card_id` names and changes only in the transaction that changes the card (ND-1.4). Whoever changes an e-card, its
-- bindings, holder sessions or grants holds its row; a new `generation` ends all of its holder sessions.
create table ecard (
  shard bigint not null,
  id bytea not null,
  card_id bytea not null,
  division text not null,
  state text not null,
  generation bigint not null,
  password_algorithm bigint,
  password_salt bytea,
  password_hash bytea,
  failed_at text not null,
  locked_until bigint,
  created_at bigint not null,
  version bigint not null,
  constraint ecard_pk primary key (shard, id)
) clustered;
create unique index ecard_card_uq on ecard (shard, card_id);

-- `activated_at` is the first activation in the channel, which counts as an issuance once and for ever (R26).
create table binding (
  shard bigint not null,
  id bytea not null,
  ecard_id bytea not null,
  channel_id bytea not null,
  state text not null,
  sign_level bigint not null,
  sign_no text not null,
  ecard_no bytea not null,
  pseudonym bytea not null,
  display bytea not null,
  key_version bigint not null,
  first_bound_at bigint not null,
  bound_at bigint not null,
  activated_at bigint,
  unbound_at bigint,
  version bigint not null,
  constraint binding_pk primary key (shard, id),
  constraint binding_state check (state in ('unset_password','active','unbound'))
) clustered;
create unique index binding_ecard_uq on binding (shard, ecard_id, channel_id);

-- `counter` is the highest one spent by a proof that changed something.
create table holder_session (
  shard bigint not null,
  id bytea not null,
  binding_id bytea not null,
  ecard_id bytea not null,
  channel_id bytea not null,
  ecard_generation bigint not null,
  factor text not null,
  device_key bytea not null,
  wrapped bytea not null,
  counter bigint not null,
  created_at bigint not null,
  expires_at bigint not null,
  closed_at bigint,
  constraint holder_session_pk primary key (shard, id)
) clustered;

-- grant, use ----------------------------------------------------------------------------------------------
create table holder_grant (
  shard bigint not null,
  id bytea not null,
  ecard_id bytea not null,
  party_id bytea not null,
  channel_id bytea not null,
  service text not null,
  purpose text not null,
  limit_fen_per_use bigint,
  limit_fen_per_day bigint,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  version bigint not null,
  constraint holder_grant_pk primary key (shard, id)
) clustered;
create index holder_grant_ecard_ix on holder_grant (shard, ecard_id, party_id, service);

-- A code that was spent, and the recorded answer. The primary key is built from the code itself: a code is
-- spent once because its row can be inserted once.
create table code_use (
  bucket bigint not null,
  shard bigint not null,
  id bytea not null,
  ecard_id bytea not null,
  binding_id bytea not null,
  channel_id bytea not null,
  caller bytea not null,
  request_id text not null,
  purpose text not null,
  service text not null,
  division text not null,
  outcome text not null,
  at bigint not null,
  constraint code_use_pk primary key (bucket, shard, id)
) clustered;

-- Finds the uses of an e-card; filled a few minutes behind the uses, up to the mark `use_indexed` in `epoch`.
create table code_use_holder (
  shard bigint not null,
  ecard_id bytea not null,
  at bigint not null,
  id bytea not null,
  bucket bigint not null,
  constraint code_use_holder_pk primary key (shard, ecard_id, at, id)
) clustered;

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
) clustered;
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
) clustered;

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
) clustered;
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
) clustered;

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
) clustered;

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
) clustered;

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
) clustered;
create unique index settlement_batch_uq on settlement_batch (id);

-- job, webhook --------------------------------------------------------------------------------------------
create table job (
  id bytea not null,
  kind text not null,
  subject text not null,
  due_at bigint not null,
  attempt bigint not null,
  last_error text,
  created_at bigint not null,
  constraint job_pk primary key (id)
);
create index job_due_ix on job (due_at);

create table webhook (
  id bytea not null,
  owner_id bytea not null,
  url text not null,
  events text not null,
  created_at bigint not null,
  constraint webhook_pk primary key (id)
);
create index webhook_owner_ix on webhook (owner_id);

create table webhook_delivery (
  id bytea not null,
  webhook_id bytea not null,
  event text not null,
  payload text not null,
  state text not null,
  attempt bigint not null,
  last_status bigint,
  created_at bigint not null,
  updated_at bigint not null,
  constraint webhook_delivery_pk primary key (id),
  constraint webhook_delivery_state check (state in ('pending','delivered','failed'))
) clustered;
create index webhook_delivery_webhook_ix on webhook_delivery (webhook_id, id);

-- statistic -----------------------------------------------------------------------------------------------
-- One row per write transaction; folded into `statistic` every few seconds. Both together are the truth.
create table statistic_delta (
  bucket bigint not null,
  id bytea not null,
  delta bytea not null,
  constraint statistic_delta_pk primary key (bucket, id)
) clustered;

create table statistic (
  day bigint not null,
  channel_id bytea not null,
  division text not null,
  kind text not null,
  value bigint not null,
  constraint statistic_pk primary key (day, channel_id, division, kind)
) clustered;

-- audit ---------------------------------------------------------------------------------------------------
-- One log per writer and process run. A block is the records of one transaction; `frontier` is the right edge
-- of the log's Merkle tree after it.
create table audit_log (
  id bytea not null,
  opened_at bigint not null,
  constraint audit_log_pk primary key (id)
);

create table audit_block (
  log bytea not null,
  first bigint not null,
  count bigint not null,
  at bigint not null,
  records bytea not null,
  leaves bytea not null,
  frontier bytea not null,
  constraint audit_block_pk primary key (log, first)
) clustered;

create table audit_head (
  at bigint not null,
  logs bytea not null,
  root bytea not null,
  key_id bytea not null,
  signature bytea not null,
  constraint audit_head_pk primary key (at)
) clustered;
