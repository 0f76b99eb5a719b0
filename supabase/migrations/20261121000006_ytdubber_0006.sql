BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0005 -> 0006

-- Whose row it is, its parents say, too.

-- A row names its user and its parent together: the parent must be the same user's. Foreign keys
-- look past row-level security, so a key of the parent's id alone would let anybody hang a row of
-- their own onto a row of somebody else's.
alter table ytdubber.dubbing_jobs add unique (id, user_id);
alter table ytdubber.language_tasks add unique (id, user_id);
alter table ytdubber.transcripts add unique (job_id, user_id);
alter table ytdubber.artifacts add unique (id, user_id);
alter table ytdubber.usage_receipts add unique (id, user_id);

alter table ytdubber.uploads
  drop constraint uploads_job_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id);
alter table ytdubber.language_tasks
  drop constraint language_tasks_job_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id);
alter table ytdubber.transcripts
  drop constraint transcripts_job_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id);
alter table ytdubber.utterances
  drop constraint utterances_job_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.transcripts (job_id, user_id)
    on delete cascade;
alter table ytdubber.artifacts
  drop constraint artifacts_job_id_fkey,
  drop constraint artifacts_task_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id),
  add foreign key (task_id, user_id) references ytdubber.language_tasks (id, user_id);
alter table ytdubber.job_events
  drop constraint job_events_job_id_fkey,
  drop constraint job_events_task_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id),
  add foreign key (task_id, user_id) references ytdubber.language_tasks (id, user_id);
alter table ytdubber.usage_receipts
  drop constraint usage_receipts_job_id_fkey,
  drop constraint usage_receipts_task_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id),
  add foreign key (task_id, user_id) references ytdubber.language_tasks (id, user_id);
alter table ytdubber.cost_entries
  drop constraint cost_entries_receipt_id_fkey,
  drop constraint cost_entries_job_id_fkey,
  add foreign key (receipt_id, user_id) references ytdubber.usage_receipts (id, user_id),
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id);
alter table ytdubber.download_tokens
  drop constraint download_tokens_artifact_id_fkey,
  add foreign key (artifact_id, user_id) references ytdubber.artifacts (id, user_id);
alter table ytdubber.downloads
  drop constraint downloads_artifact_id_fkey,
  add foreign key (artifact_id, user_id) references ytdubber.artifacts (id, user_id);
alter table ytdubber.credit_transactions
  drop constraint credit_transactions_job_id_fkey,
  add foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id);

-- What lies in storage under a key is the job's that the key begins with.
alter table ytdubber.uploads
  add constraint uploads_key_of_job check (starts_with(key, job_id::text || '/'));
alter table ytdubber.artifacts
  add constraint artifacts_key_of_job check (starts_with(key, job_id::text || '/'));

-- Users pay for jobs of their own, and take no key that is to be somebody's refund or purchase.
drop policy pay on ytdubber.credit_transactions;
create policy pay on ytdubber.credit_transactions for insert to authenticated
  with check (user_id = (select auth.uid()) and kind = 'charge' and status = 'succeeded'
    and idempotency_key = 'charge:' || job_id::text);

-- What the payment service calls a user is not theirs to say, at their first sign-in either.
revoke insert on ytdubber.users from authenticated;
grant insert (id, email, full_name, avatar_url, timezone, language_preference) on ytdubber.users
  to authenticated;;

UPDATE ytdubber.alembic_version SET version_num='0006' WHERE ytdubber.alembic_version.version_num = '0005';

COMMIT;
