-- Files that belong to matters: what was announced and how much has arrived. The bytes are in the data folder.

-- `digest` is SM3 over the whole file; `content_type` is what the content says, once the file is whole.
create table attachment (
  id bytea not null,
  matter_id bytea not null,
  purpose text not null,
  file_name text not null,
  size bigint not null,
  digest bytea not null,
  received bigint not null,
  state text not null,
  content_type text,
  staff_id bytea not null,
  org_id bytea not null,
  created_at bigint not null,
  completed_at bigint,
  version bigint not null,
  constraint attachment_pk primary key (id)
);
create index attachment_matter_ix on attachment (matter_id, id);
