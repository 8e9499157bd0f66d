-- How far the sandbox's business time runs ahead of real time, microseconds. In production it stays 0.
insert into epoch (name, value) values ('clock', 0);
