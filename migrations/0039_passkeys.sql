-- passkey -------------------------------------------------------------------------------------------------
-- Credentials of Web Authentication, each of one account. `public_key` is the COSE key as the device gave it; `sign_count`
-- is the latest counter that it showed, 0 for ever where it has none; `backup_eligible` is 1 for a key that its maker may copy to
-- other devices of its owner, which never changes.
create table staff_passkey (
  id bytea not null,
  staff_id bytea not null,
  credential_id bytea not null,
  public_key bytea not null,
  sign_count bigint not null,
  backup_eligible bigint not null,
  name text not null,
  created_at bigint not null,
  used_at bigint,
  constraint staff_passkey_pk primary key (staff_id, id)
) clustered;
create unique index staff_passkey_credential_uq on staff_passkey (credential_id);

-- What was asked of a passkey and not answered yet; whoever answers takes it away. `session` is the digest of the token of
-- the session that asked, absent before there is one.
create table staff_challenge (
  challenge bytea not null,
  staff_id bytea not null,
  purpose text not null,
  session bytea,
  expires_at bigint not null,
  constraint staff_challenge_pk primary key (challenge),
  constraint staff_challenge_purpose check (
    (purpose = 'sign_in' and session is null) or (purpose in ('register','step_up') and session is not null))
) clustered;
create index staff_challenge_expires_ix on staff_challenge (expires_at);
create index staff_challenge_staff_ix on staff_challenge (staff_id, purpose);
