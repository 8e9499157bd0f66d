-- contacts ------------------------------------------------------------------------------------------------
-- Whom to call about a channel is told by applications; this is only what is known of the address that they told: when
-- whoever reads it showed so to an owner, and the code that was mailed to it last. An address is a keyed digest, and stands
-- nowhere here in clear. Once a code is used or void its digest is gone, and the counters stay. Real time, microseconds.
create table contact_mail (
  owner_id bytea not null,
  address bytea not null,
  verified_at bigint,
  digest bytea,
  expires_at bigint not null,
  wrong bigint not null,
  mailed_at bigint not null,
  since bigint not null,
  mailed bigint not null,
  constraint contact_mail_pk primary key (owner_id, address)
);

-- companies -----------------------------------------------------------------------------------------------
-- What an organisation that runs channels is by the register of companies: the day of its registration, and its legal
-- representative, sealed under `key_version`. One of before has no row until it states them. Business time, microseconds.
create table company (
  org_id bytea not null,
  registered_on text not null,
  key_version bigint not null,
  sealed bytea not null,
  stated_at bigint not null,
  version bigint not null,
  constraint company_pk primary key (org_id)
);
