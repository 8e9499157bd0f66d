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
-- The last business day, counted from January 1970, whose uses are counted; 0 before the first.
insert into epoch (name, value) values ('service_use_day', 0);
