-- service_form --------------------------------------------------------------------------------------------
-- The forms of personalised services, each version a row: one current at most of a service, which every change locks.
-- The bytes lie with the attachments under the form's own id.
create table service_form (
  id bytea not null,
  service text not null,
  number bigint not null,
  state text not null,
  file_name text not null,
  size bigint not null,
  digest bytea not null,
  content_type text not null,
  published_by bytea not null,
  published_at bigint not null,
  ended_by bytea,
  ended_at bigint,
  reason text,
  constraint service_form_pk primary key (id),
  constraint service_form_state check (state in ('current','replaced','withdrawn'))
);
create unique index service_form_number_uq on service_form (service, number);
create index service_form_state_ix on service_form (state, service);
