BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0018 -> 0019

-- Rows wait in the database and are given to workers in a fair order; messages only wake.

-- What threads a row is worked on by; until when nobody takes it up, and since when; how often it
-- failed and was tried again.
alter table ytdubber.dubbing_jobs
  add column lane text not null default 'io' check (lane in ('io', 'cpu')),
  add column not_before timestamptz,
  add column held_at timestamptz,
  add column retries integer not null default 0;
alter table ytdubber.language_tasks
  add column lane text not null default 'io' check (lane in ('io', 'cpu')),
  add column not_before timestamptz,
  add column held_at timestamptz,
  add column retries integer not null default 0;
grant update (lane) on ytdubber.dubbing_jobs to authenticated;

-- When a job was heard: how fast the line gets on, and since when its languages wait. Whoever
-- watches it is told.
alter table ytdubber.dubbing_jobs add column heard_at timestamptz;
create index dubbing_jobs_heard on ytdubber.dubbing_jobs (heard_at);
create function ytdubber.tell_heard() returns trigger language plpgsql as $$
begin
  perform pg_notify('ytdubber_jobs', new.id::text);
  return null;
end $$;
create trigger tell_heard after update of heard_at on ytdubber.dubbing_jobs
  for each row when (new.heard_at is distinct from old.heard_at)
  execute function ytdubber.tell_heard();
create index language_tasks_ended on ytdubber.language_tasks (updated_at)
  where stage in ('complete', 'failed', 'cancelled');

-- The workers that live, and how many threads each has for a lane. Nothing here outlives a crash of
-- the server, and nothing needs to: unlogged.
create unlogged table ytdubber.workers (
  id uuid not null,
  lane text not null check (lane in ('io', 'cpu')),
  threads integer not null,
  beat_at timestamptz not null default now(),
  primary key (id, lane)
);

-- Each user's virtual clock in a lane, in seconds of work.
create table ytdubber.fair_shares (
  share_of uuid not null,
  lane text not null check (lane in ('io', 'cpu')),
  began_s double precision not null,
  ends_s double precision not null,
  primary key (share_of, lane)
);

-- Work that was given up. `traceback` goes with what the job's user wrote and said.
create table ytdubber.dead_letters (
  id uuid primary key,
  actor text not null check (actor in ('prepare', 'dub')),
  row_id uuid not null,
  job_id uuid not null,
  failed_at timestamptz not null default now(),
  attempts integer not null,
  traceback text not null
);
create index dead_letters_told on ytdubber.dead_letters (job_id) where traceback <> '';
create index dead_letters_newest on ytdubber.dead_letters (failed_at);

do $$
declare
  name text;
begin
  foreach name in array array['workers', 'fair_shares', 'dead_letters'] loop
    execute format('alter table ytdubber.%I enable row level security', name);
    execute format(
      'create policy service on ytdubber.%I for all to service_role using (true) with check (true)',
      name);
    execute format('grant select, insert, update, delete on ytdubber.%I to service_role', name);
  end loop;
end $$;

-- What the broker kept of failures moves here; its other messages are sent anew.
insert into ytdubber.dead_letters
  (id, actor, row_id, job_id, failed_at, attempts, traceback)
select q.message_id, q.message ->> 'actor_name', r.id, r.job_id, q.mtime,
  coalesce((q.message #>> '{options,retries}')::integer, 0),
  coalesce(q.message #>> '{options,traceback}', '')
from ytdubber_queue.queue as q join (
  select t.id, t.job_id from ytdubber.language_tasks as t
  union all
  select j.id, j.id from ytdubber.dubbing_jobs as j
) as r on r.id = (q.message -> 'args' ->> 0)::uuid
where q.state = 'rejected' and q.message ->> 'actor_name' in ('prepare', 'dub');
delete from ytdubber_queue.queue where state in ('queued', 'rejected');
update ytdubber.dubbing_jobs set woken_at = null where woken_at is not null and finished_at is null;
update ytdubber.language_tasks set woken_at = null
  where woken_at is not null and stage not in ('complete', 'failed', 'cancelled');

-- Of letters about jobs that are forgotten the account of the failure goes; returns of how many.
-- It may be called by anybody: what it lets go of has to be gone.
create or replace function ytdubber.forget_messages() returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  found bigint;
begin
  update ytdubber.dead_letters as d set traceback = ''
  from ytdubber.dubbing_jobs as j
  where d.traceback <> '' and j.id = d.job_id and j.forgotten_at is not null;
  get diagnostics found = row_count;
  return found;
end $$;;

UPDATE ytdubber.alembic_version SET version_num='0019' WHERE ytdubber.alembic_version.version_num = '0018';

COMMIT;
