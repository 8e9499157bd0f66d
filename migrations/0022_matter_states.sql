-- matter --------------------------------------------------------------------------------------------------
-- What of a kind stands where, such as the agreements whose change was not signed.
create index matter_state_ix on matter (kind, state, id);
