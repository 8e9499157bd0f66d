-- sending -------------------------------------------------------------------------------------------------
-- The channels of an audience to which another text could not be put, and what the rule said then.
create table sending_left_out (
  sending_id bytea not null,
  channel_id bytea not null,
  code text not null,
  zh text not null,
  en text not null,
  constraint sending_left_out_pk primary key (sending_id, channel_id)
) clustered;

-- By which key a request is recognised when it comes again, and the digest of its body; none of those sent before.
alter table sending add column idempotency_key text;
alter table sending add column digest bytea;
create unique index sending_key_uq on sending (staff_id, idempotency_key);

-- Of one that begins later: its moment, what became of it, and why nothing did. Until it is sent, `at` is when it was planned.
alter table sending add column state text not null default 'sent';
alter table sending add column send_at bigint;
alter table sending add column ended_at bigint;
alter table sending add column failure_code text;
alter table sending add column failure_zh text;
alter table sending add column failure_en text;
