-- statistic -----------------------------------------------------------------------------------------------
-- How many have a card and how many its electronic form, by issuing division, counted once a day.
create table coverage (
  day bigint not null,
  division text not null,
  holders bigint not null,
  ecards bigint not null,
  constraint coverage_pk primary key (day, division)
);
-- The last business day, counted from January 1970, for which that was counted.
insert into epoch (name, value) values ('coverage_day', 0);
