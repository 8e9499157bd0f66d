-- sign_in_rule --------------------------------------------------------------------------------------------
-- From which networks the accounts of an organisation are used (CIDR, a space between two; none = from anywhere), and
-- whether in one place at a time. An organisation without a row is limited in nothing; its rule has the version 1.
create table sign_in_rule (
  org_id bytea not null,
  networks text not null,
  concurrency text not null,
  changed_at bigint not null,
  version bigint not null,
  constraint sign_in_rule_pk primary key (org_id),
  constraint sign_in_rule_concurrency check (concurrency in ('many','single'))
);

-- staff ---------------------------------------------------------------------------------------------------
-- Sessions that a later sign-in of the same account ended: whoever still holds the token is told so, until it would have
-- expired. Real time, microseconds.
create table staff_superseded (
  token_hash bytea not null,
  at bigint not null,
  expires_at bigint not null,
  constraint staff_superseded_pk primary key (token_hash)
) clustered;
