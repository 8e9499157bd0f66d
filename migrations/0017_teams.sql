-- staff -------------------------------------------------------------------------------------------------
-- The accounts of one organisation.
create index staff_org_ix on staff (org_id, id);
