-- sending -------------------------------------------------------------------------------------------------
-- What was put to many channels at once, with its words; `audience` and `content` are JSON as they were sent.
create table sending (
  id bytea not null,
  kind text not null,
  title text not null,
  audience text not null,
  content text not null,
  staff_id bytea not null,
  org_id bytea not null,
  at bigint not null,
  constraint sending_pk primary key (id)
);

-- The matter of each channel, and the step by which it was put to it: what answers it comes later.
create table sending_matter (
  sending_id bytea not null,
  matter_id bytea not null,
  step bigint not null,
  constraint sending_matter_pk primary key (sending_id, matter_id)
) clustered;

-- message -------------------------------------------------------------------------------------------------
-- Whether an owner has read what it was told of a matter.
create index message_matter_ix on message (matter_id);
