-- Takes 0007 back.
revoke update (result) on ytdubber.language_tasks from authenticated;
revoke update (file_name, declared_sha256) on ytdubber.uploads from authenticated;
revoke update (title, options, prepared, forgotten_at) on ytdubber.dubbing_jobs from authenticated;
revoke update (data) on ytdubber.job_events from authenticated;
revoke update (description) on ytdubber.credit_transactions from authenticated, service_role;
drop policy forget on ytdubber.credit_transactions;
drop trigger only_forget on ytdubber.credit_transactions;
drop trigger append_only on ytdubber.credit_transactions;
create trigger append_only before update or delete on ytdubber.credit_transactions
  for each row execute function ytdubber.refuse_change();
drop trigger only_forget on ytdubber.job_events;
drop trigger append_only on ytdubber.job_events;
create trigger append_only before update or delete on ytdubber.job_events
  for each row execute function ytdubber.refuse_change();
drop function ytdubber.only_forget;
drop index ytdubber.credit_transactions_job, ytdubber.download_tokens_artifact,
  ytdubber.downloads_newest, ytdubber.dubbing_jobs_under_way, ytdubber.dubbing_jobs_user,
  ytdubber.dubbing_jobs_open, ytdubber.dubbing_jobs_unforgotten, ytdubber.dubbing_jobs_unpurged;
create index dubbing_jobs_open on ytdubber.dubbing_jobs (stage) where finished_at is null;
create index artifacts_expiring on ytdubber.artifacts (expires_at) where deleted_at is null;
alter table ytdubber.dubbing_jobs drop column purged_at, drop column forgotten_at;
