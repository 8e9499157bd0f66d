-- key ---------------------------------------------------------------------------------------------------
-- What its owner calls a caller's key.
alter table key add column label text;
