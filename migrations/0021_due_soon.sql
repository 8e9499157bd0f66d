-- matter --------------------------------------------------------------------------------------------------
-- The last business day, counted from January 1970, on which channels were told what is due soon.
insert into epoch (name, value) values ('due_soon_day', 0);
