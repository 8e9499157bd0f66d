-- traffic -------------------------------------------------------------------------------------------------
-- What each signing key of a channel was used for in requests, by business day. Figures of operation: no evidence, and
-- a server that is killed takes its last minute with it.
create table traffic_key (
  channel_id bytea not null,
  key_id bytea not null,
  day bigint not null,
  calls bigint not null,
  last_at bigint not null,
  constraint traffic_key_pk primary key (channel_id, key_id, day)
) clustered in place;
create index traffic_key_day_ix on traffic_key (day);
