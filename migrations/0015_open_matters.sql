-- matter --------------------------------------------------------------------------------------------------
-- What is open, of every kind, without the many that have ended.
create index matter_ended_ix on matter (ended, id);
