BEGIN;

create schema if not exists ytdubber;

CREATE TABLE ytdubber.alembic_version (
    version_num VARCHAR(32) NOT NULL, 
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

-- Running upgrade  -> 0001

-- The service: users, uploads, jobs, their languages, what came of them, and what it took.
--
-- Everything lives in the schema `ytdubber`, which no public interface exposes. Row-level security
-- lets a user (role `authenticated`, claims in `request.jwt.claims`) see and touch only rows of
-- their own; workers and maintenance use the role `service_role`.

-- Roles and functions that a Supabase database has already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'anon') then
    create role anon nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then
    create role authenticated nologin noinherit;
  end if;
  if not exists (select from pg_roles where rolname = 'service_role') then
    create role service_role nologin noinherit;
  end if;
exception when duplicate_object or unique_violation then
  null;  -- another database of this server is being migrated at the same moment
end $$;

-- Whoever migrates may act as them; an administrator of the server may already.
do $$
begin
  execute format('grant anon, authenticated, service_role to %I', current_user);
exception when insufficient_privilege or invalid_grant_operation then
  raise notice 'not granted: %', sqlerrm;
end $$;

create schema if not exists auth;

do $$
begin
  if to_regprocedure('auth.uid()') is null then
    create function auth.uid() returns uuid language sql stable as $f$
      select coalesce(
        nullif(current_setting('request.jwt.claim.sub', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
      )::uuid
    $f$;
  end if;
  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb language sql stable as $f$
      select coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
      )::jsonb
    $f$;
  end if;
end $$;

grant usage on schema auth to anon, authenticated, service_role;
grant usage on schema ytdubber to anon, authenticated, service_role;

create table ytdubber.users (
  id uuid primary key,
  email text,
  full_name text,
  avatar_url text,
  timezone text,
  language_preference text,
  created_at timestamptz not null default now()
);

create table ytdubber.dubbing_jobs (
  id uuid primary key,
  user_id uuid not null references ytdubber.users (id),
  title text not null,
  stage text not null default 'awaiting_upload' check (stage in (
    'awaiting_upload', 'queued', 'stt', 'translating', 'dubbing', 'mixing', 'exporting',
    'complete', 'failed', 'cancelled')),
  source_language text,
  target_languages text[] not null,
  options jsonb not null default '{}',
  has_background boolean not null,
  voice_duration_ms bigint,
  background_duration_ms bigint,
  created_at timestamptz not null default now(),
  submitted_at timestamptz,
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  deadline_at timestamptz,
  expires_at timestamptz,
  deleted_at timestamptz,
  sources_deleted_at timestamptz,
  cancel_requested boolean not null default false,
  error_code text,
  error_message text,
  prepared jsonb,
  lease_owner uuid,
  lease_until timestamptz,
  attempts integer not null default 0,
  woken_at timestamptz
);
create index dubbing_jobs_newest on ytdubber.dubbing_jobs (user_id, created_at desc, id desc)
  where submitted_at is not null and deleted_at is null;
create index dubbing_jobs_open on ytdubber.dubbing_jobs (stage)
  where finished_at is null;

create table ytdubber.uploads (
  id uuid primary key,
  job_id uuid not null references ytdubber.dubbing_jobs (id),
  user_id uuid not null references ytdubber.users (id),
  track text not null check (track in ('voice', 'background')),
  key text not null unique,
  file_name text not null,
  content_type text,
  declared_bytes bigint,
  declared_sha256 text,
  bytes bigint,
  sha256 text,
  created_at timestamptz not null default now(),
  uploaded_at timestamptz,
  deleted_at timestamptz,
  unique (job_id, track)
);
create index uploads_user on ytdubber.uploads (user_id, created_at);

create table ytdubber.language_tasks (
  id uuid primary key,
  job_id uuid not null references ytdubber.dubbing_jobs (id),
  user_id uuid not null references ytdubber.users (id),
  position integer not null,
  language text not null,
  stage text not null default 'queued' check (stage in (
    'queued', 'stt', 'translating', 'dubbing', 'mixing', 'exporting',
    'complete', 'failed', 'cancelled')),
  progress double precision not null default 0 check (progress between 0 and 1),
  entered_at jsonb not null default '{}',
  error_code text,
  error_message text,
  result jsonb,
  heartbeat_at timestamptz,
  updated_at timestamptz not null default now(),
  lease_owner uuid,
  lease_until timestamptz,
  attempts integer not null default 0,
  woken_at timestamptz,
  unique (job_id, language)
);
create index language_tasks_open on ytdubber.language_tasks (woken_at)
  where stage not in ('complete', 'failed', 'cancelled');

create table ytdubber.transcripts (
  job_id uuid primary key references ytdubber.dubbing_jobs (id),
  user_id uuid not null references ytdubber.users (id),
  language text not null,
  created_at timestamptz not null default now()
);

create table ytdubber.utterances (
  job_id uuid not null references ytdubber.transcripts (job_id) on delete cascade,
  position integer not null,
  user_id uuid not null references ytdubber.users (id),
  utterance_id text not null,
  start_ms integer not null,
  end_ms integer not null,
  speaker text,
  text text not null,
  words jsonb not null,
  primary key (job_id, position)
);

create table ytdubber.artifacts (
  id uuid primary key,
  job_id uuid not null references ytdubber.dubbing_jobs (id),
  task_id uuid references ytdubber.language_tasks (id),
  user_id uuid not null references ytdubber.users (id),
  path text not null,
  language text,
  kind text not null,
  format text not null,
  key text not null unique,
  bytes bigint not null,
  sha256 text not null,
  mime text not null,
  duration_ms double precision,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  deleted_at timestamptz,
  unique (job_id, path)
);
create index artifacts_expiring on ytdubber.artifacts (expires_at) where deleted_at is null;

create table ytdubber.job_events (
  id bigint generated always as identity primary key,
  job_id uuid not null references ytdubber.dubbing_jobs (id),
  user_id uuid not null references ytdubber.users (id),
  task_id uuid references ytdubber.language_tasks (id),
  kind text not null,
  data jsonb not null default '{}',
  at timestamptz not null default now()
);
create index job_events_job on ytdubber.job_events (job_id, id);

create table ytdubber.usage_receipts (
  id uuid primary key,
  job_id uuid not null references ytdubber.dubbing_jobs (id),
  task_id uuid references ytdubber.language_tasks (id),
  user_id uuid not null references ytdubber.users (id),
  language text,
  provider text not null,
  model text not null,
  version text not null,
  operation text not null,
  outcome text not null check (outcome in ('started', 'succeeded', 'failed', 'unknown')),
  fault text,
  reported boolean not null default false,
  request_id text,
  quantities jsonb not null,
  elapsed_ms bigint,
  started_at timestamptz not null default now(),
  settled_at timestamptz
);
create index usage_receipts_job on ytdubber.usage_receipts (job_id, started_at);
create index usage_receipts_open on ytdubber.usage_receipts (started_at) where outcome = 'started';

create table ytdubber.cost_entries (
  id uuid primary key,
  receipt_id uuid not null references ytdubber.usage_receipts (id),
  job_id uuid not null references ytdubber.dubbing_jobs (id),
  user_id uuid not null references ytdubber.users (id),
  language text,
  provider text not null,
  sku text not null,
  unit text not null,
  quantity numeric not null,
  amount_usd numeric not null,
  price_as_of date,
  at timestamptz not null default now(),
  unique (receipt_id, sku)
);
create index cost_entries_job on ytdubber.cost_entries (job_id);
create index cost_entries_user on ytdubber.cost_entries (user_id, at);
create index cost_entries_day on ytdubber.cost_entries (at);

create table ytdubber.download_tokens (
  token_sha256 text primary key,
  artifact_id uuid not null references ytdubber.artifacts (id),
  user_id uuid not null references ytdubber.users (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table ytdubber.downloads (
  id uuid primary key,
  artifact_id uuid not null references ytdubber.artifacts (id),
  user_id uuid not null references ytdubber.users (id),
  downloaded_at timestamptz not null default now(),
  unique (user_id, artifact_id)
);

-- How long stages take for a second of sound, and how fast voices speak: learned, nobody's own.
create table ytdubber.stage_speeds (
  stage text primary key,
  seconds_per_second double precision not null,
  updated_at timestamptz not null default now()
);
create table ytdubber.speaking_rates (
  voice text primary key,
  chars_per_second double precision not null,
  updated_at timestamptz not null default now()
);

-- The audit trail is only added to.
create function ytdubber.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete on ytdubber.job_events
  for each row execute function ytdubber.refuse_change();
create trigger append_only_truncate before truncate on ytdubber.job_events
  for each statement execute function ytdubber.refuse_change();
create trigger append_only before update or delete on ytdubber.cost_entries
  for each row execute function ytdubber.refuse_change();
create trigger append_only_truncate before truncate on ytdubber.cost_entries
  for each statement execute function ytdubber.refuse_change();

-- Whoever watches a job is told that there is something new: ids only.
create function ytdubber.tell_event() returns trigger language plpgsql as $$
begin
  perform pg_notify('ytdubber_jobs', new.job_id::text || ' ' || new.id::text);
  return null;
end $$;
create trigger tell after insert on ytdubber.job_events
  for each row execute function ytdubber.tell_event();
create function ytdubber.tell_progress() returns trigger language plpgsql as $$
begin
  perform pg_notify('ytdubber_jobs', new.job_id::text);
  return null;
end $$;
create trigger tell after update of progress, stage on ytdubber.language_tasks
  for each row when (old.progress is distinct from new.progress)
  execute function ytdubber.tell_progress();

-- A stage never goes backwards, whoever writes it.
create function ytdubber.keep_order() returns trigger language plpgsql as $$
declare
  stages constant text[] := array[
    'awaiting_upload', 'queued', 'stt', 'translating', 'dubbing', 'mixing', 'exporting',
    'complete', 'failed', 'cancelled'];
begin
  if old.stage = new.stage then
    new.progress := greatest(old.progress, new.progress);
  elsif old.stage = 'failed' and new.stage = 'queued' then
    null;  -- replayed by an operator
  elsif old.stage in ('complete', 'failed', 'cancelled')
      or array_position(stages, new.stage) < array_position(stages, old.stage) then
    raise exception 'a task cannot go from % to %', old.stage, new.stage
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger keep_order before update of stage, progress on ytdubber.language_tasks
  for each row execute function ytdubber.keep_order();

-- Row-level security: every table that holds users' rows.
do $$
declare
  name text;
begin
  foreach name in array array[
    'users', 'dubbing_jobs', 'uploads', 'language_tasks', 'transcripts', 'utterances',
    'artifacts', 'job_events', 'usage_receipts', 'cost_entries', 'download_tokens', 'downloads',
    'stage_speeds', 'speaking_rates'
  ] loop
    execute format('alter table ytdubber.%I enable row level security', name);
    execute format('create policy service on ytdubber.%I for all to service_role'
      ' using (true) with check (true)', name);
    execute format('grant select, insert, update, delete on ytdubber.%I to service_role', name);
  end loop;
  foreach name in array array[
    'dubbing_jobs', 'uploads', 'language_tasks', 'transcripts', 'utterances', 'artifacts',
    'job_events', 'usage_receipts', 'cost_entries', 'download_tokens', 'downloads'
  ] loop
    execute format('create policy own on ytdubber.%I for all to authenticated'
      ' using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()))', name);
    execute format('grant select on ytdubber.%I to authenticated', name);
  end loop;
end $$;
create policy own on ytdubber.users for all to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));
create policy known on ytdubber.stage_speeds for select to authenticated using (true);

grant select, insert on ytdubber.users to authenticated;
grant update (email, full_name, avatar_url, timezone, language_preference) on ytdubber.users
  to authenticated;
grant insert on ytdubber.dubbing_jobs, ytdubber.uploads, ytdubber.language_tasks,
  ytdubber.job_events, ytdubber.download_tokens, ytdubber.downloads to authenticated;
grant update (stage, target_languages, voice_duration_ms, background_duration_ms, submitted_at,
  updated_at, finished_at, deadline_at, expires_at, deleted_at, sources_deleted_at,
  cancel_requested, error_code, error_message, woken_at) on ytdubber.dubbing_jobs to authenticated;
grant update (bytes, sha256, content_type, uploaded_at, deleted_at) on ytdubber.uploads
  to authenticated;
grant update (stage, entered_at, updated_at, error_code, error_message) on ytdubber.language_tasks
  to authenticated;
grant update (deleted_at) on ytdubber.artifacts to authenticated;
grant delete on ytdubber.transcripts, ytdubber.utterances to authenticated;
grant update (used_at) on ytdubber.download_tokens to authenticated;
grant update (downloaded_at) on ytdubber.downloads to authenticated;
grant select on ytdubber.stage_speeds to authenticated;;

CREATE SCHEMA IF NOT EXISTS "ytdubber_queue";



CREATE TYPE "ytdubber_queue"."state" AS ENUM (

  'queued',

  'consumed',

  'rejected'

);



CREATE TABLE "ytdubber_queue"."queue"(

  message_id uuid PRIMARY KEY,

  queue_name TEXT NOT NULL DEFAULT 'default',

  "state" "ytdubber_queue"."state",

  mtime TIMESTAMP WITH TIME ZONE DEFAULT NOW(),

  -- message as encoded by dramatiq.

  message JSONB,

  -- Monotonic enqueue counter, tie-breaker for FIFO ordering.

  position BIGINT GENERATED BY DEFAULT AS IDENTITY,

  -- Do not deliver before this timestamp. Implements delay/eta server-side.

  available_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT NOW(),

  -- Worker owning the message while consumed. NULL once requeued.

  worker_id uuid,

  consumed_at TIMESTAMP WITH TIME ZONE

) WITHOUT OIDS;



-- Hot claim path: workers poll due messages per queue in FIFO order. The

-- partial predicate keeps the index tiny whatever the table size.

CREATE INDEX ON "ytdubber_queue"."queue"(queue_name, available_at, position)

  WHERE "state" = 'queued';



-- Index state and mtime together to speed up purge and recovery.

CREATE INDEX ON "ytdubber_queue"."queue"("state", mtime);



-- One row per live worker process. Rows with a stale heartbeat mark dead

-- workers whose consumed messages must be requeued.

CREATE TABLE "ytdubber_queue"."worker"(

  worker_id uuid PRIMARY KEY,

  heartbeat_at TIMESTAMP WITH TIME ZONE NOT NULL

) WITHOUT OIDS;



-- Actor results, decoupled from the queue so acknowledged messages can be

-- deleted from the hot table immediately.

CREATE TABLE "ytdubber_queue"."result"(

  message_id uuid PRIMARY KEY,

  "result" JSONB,

  expires_at TIMESTAMP WITH TIME ZONE

) WITHOUT OIDS;;

-- The API's own login: it may act as a signed-in user, and wake workers. It has no password until
-- an administrator sets one; without it, only a local socket lets it in.
do $$
begin
  if not exists (select from pg_roles where rolname = 'ytdubber_api') then
    create role ytdubber_api login noinherit;
  end if;
exception
  when duplicate_object or unique_violation then null;
end $$;
grant anon, authenticated to ytdubber_api;
grant usage on schema ytdubber_queue to ytdubber_api;
grant select, insert, update on ytdubber_queue.queue to ytdubber_api;;

INSERT INTO ytdubber.alembic_version (version_num) VALUES ('0001') RETURNING ytdubber.alembic_version.version_num;

COMMIT;
