-- Business in a channel's life: matters of every kind, whom they wait for, what a party was told, and the measures that
-- withhold services from a channel.

-- `body` is the matter as its kind writes it, JSON sealed under `key_version`; `regions` are the areas that see it before
-- there is a channel; `parent_id` is the level-1 channel that it names.
create table matter (
  id bytea not null,
  kind text not null,
  state text not null,
  ended bigint not null,
  channel_id bytea,
  parent_id bytea,
  owner_id bytea not null,
  regions text not null,
  title text not null,
  key_version bigint not null,
  body bytea not null,
  opened_at bigint not null,
  changed_at bigint not null,
  version bigint not null,
  constraint matter_pk primary key (id)
);
create index matter_channel_ix on matter (channel_id, id);
create index matter_owner_ix on matter (owner_id, id);
create index matter_kind_ix on matter (kind, ended, id);

-- Everything that ever happened to a matter, in order.
create table matter_step (
  matter_id bytea not null,
  number bigint not null,
  at bigint not null,
  party text not null,
  staff_id bytea,
  org_id bytea,
  action text not null,
  from_state text,
  to_state text not null,
  words text,
  constraint matter_step_pk primary key (matter_id, number)
) clustered;

-- For whom a matter waits now. `due_on` is YYYY-MM-DD, the last day in time; `expiry` is `recorded` or the action that the
-- platform then does; `overdue_at` is set once, when the day has passed.
create table matter_wait (
  matter_id bytea not null,
  slot bigint not null,
  party text not null,
  division text not null,
  task text not null,
  since bigint not null,
  starts_on text,
  due_on text,
  provisional bigint not null,
  clause text,
  expiry text,
  overdue_at bigint,
  constraint matter_wait_pk primary key (matter_id, slot)
) clustered;
create index matter_wait_party_ix on matter_wait (party, division);
create index matter_wait_due_ix on matter_wait (due_on);

-- What a party was told. Of an owner, `org_id` says which; of an area, `division`.
create table message (
  id bytea not null,
  party text not null,
  org_id bytea,
  division text not null,
  channel_id bytea,
  matter_id bytea,
  zh text not null,
  en text not null,
  at bigint not null,
  read_at bigint,
  constraint message_pk primary key (id)
);
create index message_party_ix on message (party, id);
create index message_org_ix on message (org_id, id);

-- What is withheld from a channel, by which matter, from when until when. Suspension is the union of the open ones.
create table measure (
  id bytea not null,
  channel_id bytea not null,
  matter_id bytea,
  withheld text not null,
  opened_at bigint not null,
  lifted_at bigint,
  constraint measure_pk primary key (id)
);
create index measure_channel_ix on measure (channel_id);
