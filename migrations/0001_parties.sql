-- The nouns of the main job. One text for SQLite and PostgreSQL: `bigint` for every integer, `bytea` for
-- every byte string (SQLite keeps a blob as it is under any declared type), microseconds since 1970 for time.
-- A table whose last line is `) clustered;` is stored by its primary key on SQLite (`without rowid`): only narrow rows,
-- because such a tree holds whole rows in its inner pages, and whoever goes down it reads them whole, however long. Wide
-- rows are appended to a table, and the key is an index of narrow entries.
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
);

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
  relation text,
  access_mode text not null,
  regions text not null,
  services text not null,
  platform_level bigint not null,
  phase text not null,
  live_at bigint,
  created_at bigint not null,
  version bigint not null,
  constraint channel_pk primary key (id),
  constraint channel_phase check (phase in ('testing','live','leaving','exited','terminated'))
);
create unique index channel_number_uq on channel (number);
create index channel_owner_ix on channel (owner_id);
create index channel_parent_ix on channel (parent_id);

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
