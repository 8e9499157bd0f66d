-- export --------------------------------------------------------------------------------------------------
-- Files that the platform makes of long lists. `role`, `org_id` and `division` are what the owner saw by when it was begun;
-- `object_id` is whose trail it is; `filter` is JSON as it was asked. The bytes lie with the attachments under `file_id`,
-- which another attempt replaces; `digest` is SM3 over them.
create table export (
  id bytea not null,
  staff_id bytea not null,
  role text not null,
  org_id bytea not null,
  division text not null,
  list text not null,
  object_id text,
  filter text not null,
  format text not null,
  language text not null,
  state text not null,
  row_count bigint not null,
  file_id bytea,
  size bigint,
  digest bytea,
  reason text,
  created_at bigint not null,
  ended_at bigint,
  version bigint not null,
  constraint export_pk primary key (id)
);
create index export_staff_ix on export (staff_id, id);
create index export_ended_ix on export (ended_at);
