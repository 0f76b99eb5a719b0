-- What a refusal at submission said beside its message, so that the job is refused the same way
-- whenever it is submitted again. Null where it was not refused.
alter table ytdubber.dubbing_jobs add column refusal jsonb;
grant update (refusal) on ytdubber.dubbing_jobs to authenticated;
