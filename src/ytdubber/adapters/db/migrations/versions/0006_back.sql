-- Takes 0006 back.
grant insert on ytdubber.users to authenticated;
drop policy pay on ytdubber.credit_transactions;
create policy pay on ytdubber.credit_transactions for insert to authenticated
  with check (user_id = (select auth.uid()) and kind = 'charge');
alter table ytdubber.uploads drop constraint uploads_key_of_job;
alter table ytdubber.artifacts drop constraint artifacts_key_of_job;
alter table ytdubber.uploads
  drop constraint uploads_job_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.dubbing_jobs (id);
alter table ytdubber.language_tasks
  drop constraint language_tasks_job_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.dubbing_jobs (id);
alter table ytdubber.transcripts
  drop constraint transcripts_job_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.dubbing_jobs (id);
alter table ytdubber.utterances
  drop constraint utterances_job_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.transcripts (job_id) on delete cascade;
alter table ytdubber.artifacts
  drop constraint artifacts_job_id_user_id_fkey,
  drop constraint artifacts_task_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.dubbing_jobs (id),
  add foreign key (task_id) references ytdubber.language_tasks (id);
alter table ytdubber.job_events
  drop constraint job_events_job_id_user_id_fkey,
  drop constraint job_events_task_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.dubbing_jobs (id),
  add foreign key (task_id) references ytdubber.language_tasks (id);
alter table ytdubber.usage_receipts
  drop constraint usage_receipts_job_id_user_id_fkey,
  drop constraint usage_receipts_task_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.dubbing_jobs (id),
  add foreign key (task_id) references ytdubber.language_tasks (id);
alter table ytdubber.cost_entries
  drop constraint cost_entries_receipt_id_user_id_fkey,
  drop constraint cost_entries_job_id_user_id_fkey,
  add foreign key (receipt_id) references ytdubber.usage_receipts (id),
  add foreign key (job_id) references ytdubber.dubbing_jobs (id);
alter table ytdubber.download_tokens
  drop constraint download_tokens_artifact_id_user_id_fkey,
  add foreign key (artifact_id) references ytdubber.artifacts (id);
alter table ytdubber.downloads
  drop constraint downloads_artifact_id_user_id_fkey,
  add foreign key (artifact_id) references ytdubber.artifacts (id);
alter table ytdubber.credit_transactions
  drop constraint credit_transactions_job_id_user_id_fkey,
  add foreign key (job_id) references ytdubber.dubbing_jobs (id);
alter table ytdubber.dubbing_jobs drop constraint dubbing_jobs_id_user_id_key;
alter table ytdubber.language_tasks drop constraint language_tasks_id_user_id_key;
alter table ytdubber.transcripts drop constraint transcripts_job_id_user_id_key;
alter table ytdubber.artifacts drop constraint artifacts_id_user_id_key;
alter table ytdubber.usage_receipts drop constraint usage_receipts_id_user_id_key;
