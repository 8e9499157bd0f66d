-- audit ---------------------------------------------------------------------------------------------------
-- Where a request of staff came from, apart from the records that it left, so that it can be forgotten: a record holds
-- only what shows that the row is true.
create table audit_request (
  id bytea not null,
  address text not null,
  salt bytea not null,
  constraint audit_request_pk primary key (id)
) clustered;
