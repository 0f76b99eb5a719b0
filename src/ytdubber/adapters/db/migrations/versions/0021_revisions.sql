-- Lines of a finished dub that its user changes, and the dubs that are made of it by and by.

alter table ytdubber.language_tasks
  add column revision integer not null default 1 check (revision > 0),
  add column rendering integer check (rendering > 0),
  add column edits_version integer not null default 0 check (edits_version >= 0);

-- At each path of a job one file is shown: the one of the revision that is.
alter table ytdubber.artifacts
  add column revision integer not null default 1,
  add column superseded boolean not null default false,
  drop constraint artifacts_job_id_path_key,
  add unique (job_id, path, revision);
create unique index artifacts_shown on ytdubber.artifacts (job_id, path) where not superseded;

-- How lines are to be, where that is not as they were made; in the next revision.
create table ytdubber.edited_lines (
  task_id uuid not null,
  user_id uuid not null references ytdubber.users (id),
  line_id text not null,
  edit jsonb not null,
  primary key (task_id, line_id),
  foreign key (task_id, user_id) references ytdubber.language_tasks (id, user_id)
);

-- How they were in each, and what it gives to the manifest; none while it is being made.
create table ytdubber.revisions (
  task_id uuid not null,
  user_id uuid not null references ytdubber.users (id),
  number integer not null,
  edits jsonb not null,
  result jsonb,
  error_message text,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (task_id, number),
  foreign key (task_id, user_id) references ytdubber.language_tasks (id, user_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['edited_lines', 'revisions'] loop
    execute format('alter table ytdubber.%I enable row level security', name);
    execute format('create policy service on ytdubber.%I for all to service_role'
      ' using (true) with check (true)', name);
    execute format('create policy own on ytdubber.%I for all to authenticated'
      ' using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()))', name);
    execute format('grant select, insert, update, delete on ytdubber.%I to service_role', name);
    execute format('grant select, delete on ytdubber.%I to authenticated', name);
  end loop;
end $$;
grant insert, update (edit) on ytdubber.edited_lines to authenticated;
grant update (edits_version) on ytdubber.language_tasks to authenticated;

-- A stage never goes backwards, whoever writes it, but for another revision of what is complete.
create or replace function ytdubber.keep_order() returns trigger language plpgsql as $$
declare
  stages constant text[] := array[
    'awaiting_upload', 'queued', 'stt', 'translating', 'dubbing', 'mixing', 'exporting',
    'complete', 'failed', 'cancelled'];
begin
  if old.stage = new.stage then
    new.progress := greatest(old.progress, new.progress);
  elsif old.stage = 'failed' and new.stage = 'queued' then
    null;  -- replayed by an operator
  elsif old.stage = 'complete' and new.stage = 'queued' and new.rendering is not null then
    null;  -- its lines were changed
  elsif old.stage in ('complete', 'failed', 'cancelled')
      or array_position(stages, new.stage) < array_position(stages, old.stage) then
    raise exception 'a task cannot go from % to %', old.stage, new.stage
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
