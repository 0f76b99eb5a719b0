BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0006 -> 0007

-- What is kept is found by index, and what is removed takes its user's texts with it.

-- When everything that a job needs no more was last removed from storage, and when its user's texts
-- went, with the files that were made for them.
alter table ytdubber.dubbing_jobs
  add column purged_at timestamptz,
  add column forgotten_at timestamptz;
update ytdubber.dubbing_jobs as j set purged_at = (
  select max(e.at) from ytdubber.job_events as e
  where e.job_id = j.id and e.kind = 'purged' and e.data ->> 'reason' in ('ended', 'deleted'))
where j.deleted_at is null;  -- those that were deleted are purged once more, for their texts
update ytdubber.dubbing_jobs set expires_at = finished_at + interval '48 hours'
where finished_at is not null and expires_at is null;

create index dubbing_jobs_unpurged on ytdubber.dubbing_jobs (created_at)
  where coalesce(purged_at < greatest(deleted_at, finished_at), true);
create index dubbing_jobs_unforgotten on ytdubber.dubbing_jobs (expires_at)
  where forgotten_at is null and deleted_at is null;

-- The files of a job go when it says so.
drop index ytdubber.artifacts_expiring;

-- What is open is in here; what was announced and never submitted is not.
drop index ytdubber.dubbing_jobs_open;
create index dubbing_jobs_open on ytdubber.dubbing_jobs (stage)
  where submitted_at is not null and finished_at is null;

-- What a user looks at, and what they have going on.
create index dubbing_jobs_user on ytdubber.dubbing_jobs (user_id) where submitted_at is not null;
create index dubbing_jobs_under_way on ytdubber.dubbing_jobs (user_id)
  where submitted_at is not null and stage not in ('complete', 'failed', 'cancelled');
create index downloads_newest on ytdubber.downloads (user_id, downloaded_at desc);
create index download_tokens_artifact on ytdubber.download_tokens (artifact_id);
create index credit_transactions_job on ytdubber.credit_transactions (job_id);

-- The record is only added to, but for a user's texts: an event may lose what is said in it, a
-- payment may come to be called after a date.
create function ytdubber.only_forget() returns trigger language plpgsql as $$
declare
  field constant text := tg_argv[0];
  before constant jsonb := to_jsonb(old);
  after constant jsonb := to_jsonb(new);
begin
  if (after - field) <> (before - field)
    or not ((after -> field) <@ (before -> field)
      or (after ->> field) ~ '^Dub of \d{4}-\d\d-\d\d$')
  then
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
drop trigger append_only on ytdubber.job_events;
create trigger append_only before delete on ytdubber.job_events
  for each row execute function ytdubber.refuse_change();
create trigger only_forget before update on ytdubber.job_events
  for each row execute function ytdubber.only_forget('data');
drop trigger append_only on ytdubber.credit_transactions;
create trigger append_only before delete on ytdubber.credit_transactions
  for each row execute function ytdubber.refuse_change();
create trigger only_forget before update on ytdubber.credit_transactions
  for each row execute function ytdubber.only_forget('description');

-- Who deletes a job has it forgotten at once.
create policy forget on ytdubber.credit_transactions for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
grant update (description) on ytdubber.credit_transactions to authenticated, service_role;
grant update (data) on ytdubber.job_events to authenticated;
grant update (title, options, prepared, forgotten_at) on ytdubber.dubbing_jobs to authenticated;
grant update (file_name, declared_sha256) on ytdubber.uploads to authenticated;
grant update (result) on ytdubber.language_tasks to authenticated;;

UPDATE ytdubber.alembic_version SET version_num='0007' WHERE ytdubber.alembic_version.version_num = '0006';

COMMIT;
