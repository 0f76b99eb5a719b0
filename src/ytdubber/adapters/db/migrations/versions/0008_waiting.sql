-- Work that waits for a vendor.

-- {"vendor": "", "since": "", "again_at": "", "tries": 1, "unknown": 0}, until there is progress.
alter table ytdubber.language_tasks add column waiting jsonb;
-- How often a row was put off: those claims are none that failed.
alter table ytdubber.language_tasks add column waits integer not null default 0;
alter table ytdubber.dubbing_jobs add column waits integer not null default 0;
-- Who cancels a job has what waits end.
grant update (waiting) on ytdubber.language_tasks to authenticated;
