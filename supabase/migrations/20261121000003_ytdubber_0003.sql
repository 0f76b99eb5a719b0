BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0002 -> 0003

-- Vendors: places for calls under way, and who speaks a language.

-- Every place that a name has; whoever holds one renews `until`, and one whose time is past is free.
-- Nothing here outlives a crash of the server, and nothing needs to: unlogged.
create unlogged table ytdubber.slots (
  name text not null,
  number integer not null,
  holder uuid,
  until timestamptz,
  primary key (name, number)
);
alter table ytdubber.slots enable row level security;
create policy service on ytdubber.slots for all to service_role using (true) with check (true);
grant select, insert, update, delete on ytdubber.slots to service_role;

-- The engine that speaks a language and everybody's voice: another attempt goes on with the same.
alter table ytdubber.language_tasks add column casting jsonb;
grant update (casting) on ytdubber.language_tasks to authenticated;;

UPDATE ytdubber.alembic_version SET version_num='0003' WHERE ytdubber.alembic_version.version_num = '0002';

COMMIT;
