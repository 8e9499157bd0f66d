-- matter --------------------------------------------------------------------------------------------------
-- Who was reminded of a matter, on which day: once a day for each party of an area.
create table matter_reminder (
  matter_id bytea not null,
  party text not null,
  division text not null,
  on_day text not null,
  at bigint not null,
  staff_id bytea not null,
  org_id bytea not null,
  constraint matter_reminder_pk primary key (matter_id, party, division, on_day)
) clustered;

-- What somebody has done, and what an organisation has opened.
create index matter_step_staff_ix on matter_step (staff_id, matter_id);
create index matter_step_org_ix on matter_step (org_id, number, matter_id);

-- message -------------------------------------------------------------------------------------------------
-- What a party has not read.
create index message_unread_ix on message (party, read_at, division);
