-- callback changes ----------------------------------------------------------------------------------------
-- Where one delivery goes, whatever becomes of its endpoint's address: the address before is told that it was left. None = to
-- the address of the endpoint at the moment of each attempt.
alter table webhook_delivery add column url text;

-- letters -------------------------------------------------------------------------------------------------
-- What is written once to an address that is no account's, or no more: gone when it was taken, or is too old. The address is
-- sealed under `key_version`. `at` is business time; `next_at`, before which nobody sends it, real time; both microseconds.
create table letter (
  id bytea not null,
  occasion text not null,
  channel_id bytea,
  key_version bigint not null,
  sealed bytea not null,
  at bigint not null,
  next_at bigint not null,
  constraint letter_pk primary key (id),
  constraint letter_occasion check (
    occasion in ('callback_asked','callback_changed','contact_changed','address_changed'))
);
create index letter_next_ix on letter (next_at);

-- messages ------------------------------------------------------------------------------------------------
-- In which batch a message was placed after it was committed, by whoever counts up `message_batch`; none = not placed yet. A mark of
-- a mailbox is a batch, so it passes over nothing that is committed later. What every mailbox was told already is batch 0.
alter table message add column batch bigint;
update message set batch = 0
  where id < (select told_before from mail_address order by told_before limit 1) or not exists (select 1 from mail_address);
create index message_batch_ix on message (batch, id);
create index message_party_batch_ix on message (party, batch, id);
create index message_org_batch_ix on message (org_id, batch, id);
create table message_batch (
  id bigint not null,
  last bigint not null,
  constraint message_batch_pk primary key (id)
);
insert into message_batch (id, last) values (1, 0);
alter table mail_address add column told_batch bigint not null default 0;
