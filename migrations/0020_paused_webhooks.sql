-- webhook -------------------------------------------------------------------------------------------------
-- Since when nothing is sent to an endpoint.
alter table webhook add column paused_at bigint;
