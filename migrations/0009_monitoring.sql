-- The monthly close of the channels' figures. `monitoring_month` is the last month, counted from January 1970, whose
-- figures were measured against the rules.
insert into epoch (name, value) values ('monitoring_month', 0);
