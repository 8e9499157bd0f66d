-- Keys that several servers share, and what protects accounts of staff beyond a password.

-- `platform_key` counts the platform's own keys: a server that has read another number reads them again.
insert into epoch (name, value) values ('platform_key', 1);

-- key ---------------------------------------------------------------------------------------------------
-- The end of a superseded key is written when it is superseded. Those of before had no end: they get theirs, seven
-- days after they were superseded.
create index key_state_ix on key (state, retired_at);
update key set retired_at = retired_at + 604800000000 where state = 'retiring' and owner is not null;

-- staff -------------------------------------------------------------------------------------------------
-- Sessions get an id by which they are listed and ended, the moment of their last use, and when the second factor was
-- last confirmed in them. Whoever is signed in signs in again.
drop table staff_session;
create table staff_session (
  token_hash bytea not null,
  id bytea not null,
  staff_id bytea not null,
  carrier text not null,
  created_at bigint not null,
  seen_at bigint not null,
  expires_at bigint not null,
  confirmed_at bigint,
  constraint staff_session_pk primary key (token_hash),
  constraint staff_session_carrier check (carrier in ('bearer','cookie'))
) clustered;
create index staff_session_staff_ix on staff_session (staff_id, id);

-- The secret of a one-time password, sealed under a data key. A new one is `pending` beside the `active` one until its
-- first code was shown. `last_step` is the latest step of time whose code was used.
create table staff_factor (
  staff_id bytea not null,
  state text not null,
  key_version bigint not null,
  sealed bytea not null,
  last_step bigint not null,
  created_at bigint not null,
  constraint staff_factor_pk primary key (staff_id, state),
  constraint staff_factor_state check (state in ('pending','active'))
) clustered;

-- Keyed digests of recovery codes; a code that was used is gone.
create table staff_recovery (
  staff_id bytea not null,
  digest bytea not null,
  constraint staff_recovery_pk primary key (staff_id, digest)
) clustered;
