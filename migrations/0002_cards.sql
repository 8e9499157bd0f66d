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
);
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
);
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
);
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
);
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
);

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
);
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
);

-- Finds the uses of an e-card; filled a few minutes behind the uses, up to the mark `use_indexed` in `epoch`.
create table code_use_holder (
  shard bigint not null,
  ecard_id bytea not null,
  at bigint not null,
  id bytea not null,
  bucket bigint not null,
  constraint code_use_holder_pk primary key (shard, ecard_id, at, id)
) clustered;
