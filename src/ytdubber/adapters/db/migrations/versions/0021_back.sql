drop table ytdubber.edited_lines;
drop table ytdubber.revisions;
-- Every revision that is not shown goes.
delete from ytdubber.download_tokens where artifact_id in
  (select id from ytdubber.artifacts where superseded);
delete from ytdubber.downloads where artifact_id in
  (select id from ytdubber.artifacts where superseded);
delete from ytdubber.artifacts where superseded;
alter table ytdubber.artifacts
  drop column superseded,
  drop column revision,
  add constraint artifacts_job_id_path_key unique (job_id, path);

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
  elsif old.stage in ('complete', 'failed', 'cancelled')
      or array_position(stages, new.stage) < array_position(stages, old.stage) then
    raise exception 'a task cannot go from % to %', old.stage, new.stage
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

alter table ytdubber.language_tasks
  drop column revision,
  drop column rendering,
  drop column edits_version;
