-- staff -------------------------------------------------------------------------------------------------
-- The last sign-in of an account that succeeded, and how many failed since. `request` finds the address for as long as
-- that is kept (`audit_request`), and nothing here holds it.
create table staff_sign_in (
  staff_id bytea not null,
  at bigint,
  request bytea,
  failures bigint not null,
  constraint staff_sign_in_pk primary key (staff_id)
) clustered;

-- What the account's last sign-in was when the session began, which is what whoever signs in is told. A session of before
-- knows none: its `previous_failures` is null.
alter table staff_session add column previous_at bigint;
alter table staff_session add column previous_request bytea;
alter table staff_session add column previous_failures bigint;
