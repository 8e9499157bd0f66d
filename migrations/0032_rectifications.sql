-- service -------------------------------------------------------------------------------------------------
-- The rectification that a region has ordered of what it opened, while it lasts, and since when the service is withheld by it.
alter table service_opening add column rectification_id bytea;
alter table service_opening add column suspended_at bigint;
