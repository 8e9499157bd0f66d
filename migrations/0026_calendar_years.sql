-- Years of the calendar after the delivered ones, as the State Council arranges them (R0). A row is a proposal until somebody
-- else approves it; of a year the newest approved row holds. `days` is the arrangement as JSON: holidays with name, first
-- and last day, and the weekends worked instead.
create table calendar_year (
  id bytea not null,
  year bigint not null,
  number bigint not null,
  state text not null,
  source text not null,
  days text not null,
  proposed_by bytea not null,
  proposed_at bigint not null,
  decided_by bytea,
  decided_at bigint,
  version bigint not null,
  constraint calendar_year_pk primary key (id),
  constraint calendar_year_state check (state in ('proposed','approved','rejected'))
);
create unique index calendar_year_number_uq on calendar_year (year, number);
