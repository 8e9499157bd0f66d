-- statistic -----------------------------------------------------------------------------------------------
-- Uses that were answered, by application and month: added to once for every day that is over.
create table service_use (
  month bigint not null,
  channel_id bytea not null,
  division text not null,
  service text not null,
  uses bigint not null,
  constraint service_use_pk primary key (month, channel_id, division, service)
) clustered;
-- The moment (µs, real time) before which all uses are counted, and the business day, counted from January 1970, with which
-- counting began; 0 before the first.
insert into epoch (name, value) values ('service_use_until', 0), ('service_use_first', 0);
