-- audit ---------------------------------------------------------------------------------------------------
-- Where the records about a thing of long life are, in the order in which they came: written with the block.
create table audit_trail (
  object bytea not null,
  at bigint not null,
  log bytea not null,
  place bigint not null,
  constraint audit_trail_pk primary key (object, at, log, place)
) clustered;

-- terminal ------------------------------------------------------------------------------------------------
-- Codes that a terminal presented and that are none: what was counted in memory, added up.
create table terminal_refusal (
  terminal_id bytea not null,
  forged bigint not null,
  malformed bigint not null,
  first_at bigint not null,
  last_at bigint not null,
  constraint terminal_refusal_pk primary key (terminal_id)
);
