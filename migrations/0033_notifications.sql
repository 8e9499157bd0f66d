-- notification --------------------------------------------------------------------------------------------
-- What an account does not want counted, and of what it wants no mail: words with a space between two. An account without a
-- row wants everything; its settings have the version 1.
create table notification (
  staff_id bytea not null,
  muted text not null,
  unmailed text not null,
  language text not null,
  version bigint not null,
  constraint notification_pk primary key (staff_id)
);

-- Where the mail of an account goes: an address whose owner has shown that they read it, sealed under `key_version`. Told is
-- what lies before the message id `told_before`, and what waited as `told_waits` has it, eight bytes for each. `next_at` is when
-- it is looked at again, or the end of the lease of whoever looks. Real time, microseconds.
create table mail_address (
  staff_id bytea not null,
  key_version bigint not null,
  sealed bytea not null,
  state text not null,
  verified_at bigint not null,
  told_before bytea not null,
  told_waits bytea not null,
  mailed_at bigint,
  next_at bigint not null,
  attempt bigint not null,
  refused_since bigint,
  constraint mail_address_pk primary key (staff_id),
  constraint mail_address_state check (state in ('active','failing'))
);
create index mail_address_next_ix on mail_address (state, next_at);

-- The code that was mailed last to an address that an account gave, and how many were. Once it is used or void, the address and
-- the digest are gone, and the counters stay. Real time, microseconds.
create table mail_code (
  staff_id bytea not null,
  key_version bigint not null,
  sealed bytea,
  digest bytea,
  expires_at bigint not null,
  wrong bigint not null,
  mailed_at bigint not null,
  since bigint not null,
  mailed bigint not null,
  constraint mail_code_pk primary key (staff_id)
);
