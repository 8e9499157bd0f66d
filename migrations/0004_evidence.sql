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
);
create index webhook_delivery_webhook_ix on webhook_delivery (webhook_id, id);

-- statistic -----------------------------------------------------------------------------------------------
-- One row per write transaction; folded into `statistic` every few seconds. Both together are the truth.
create table statistic_delta (
  bucket bigint not null,
  id bytea not null,
  delta bytea not null,
  constraint statistic_delta_pk primary key (bucket, id)
);

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
-- of the log's Merkle tree after it, and comes before what is long, so that it is read without reading that.
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
  frontier bytea not null,
  records bytea not null,
  leaves bytea not null,
  constraint audit_block_pk primary key (log, first)
);

create table audit_head (
  at bigint not null,
  logs bytea not null,
  root bytea not null,
  key_id bytea not null,
  signature bytea not null,
  constraint audit_head_pk primary key (at)
);
