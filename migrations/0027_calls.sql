-- traffic -------------------------------------------------------------------------------------------------
-- How the requests of a channel ended and how long their answers took, by business day: of each class of latency, how
-- many. As with traffic_key, figures of operation.
create table traffic (
  channel_id bytea not null,
  day bigint not null,
  operation text not null,
  status bigint not null,
  code text not null,
  latency bigint not null,
  calls bigint not null,
  constraint traffic_pk primary key (channel_id, day, operation, status, code, latency)
) clustered in place;
create index traffic_day_ix on traffic (day);
