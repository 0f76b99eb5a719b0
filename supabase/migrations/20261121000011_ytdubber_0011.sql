BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0010 -> 0011

-- What the queue tells of a failure may hold what a user wrote or said: it goes with their job.

-- Of messages about jobs that are forgotten the account of the failure goes; returns of how many.
-- It may be called by anybody: what it lets go of has to be gone.
create function ytdubber.forget_messages() returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  found bigint;
begin
  with told as materialized (
    select q.message_id, (q.message -> 'args' ->> 0)::uuid as about
    from ytdubber_queue.queue as q where q.message -> 'options' ? 'traceback'
  ), gone as (
    select m.message_id from told as m
    join ytdubber.dubbing_jobs as j on j.id =
      coalesce((select t.job_id from ytdubber.language_tasks as t where t.id = m.about), m.about)
    where j.forgotten_at is not null
  ), free as (  -- what a worker is just writing is for the next time
    select q.message_id from ytdubber_queue.queue as q
    where q.message_id in (select g.message_id from gone as g) for update skip locked
  )
  update ytdubber_queue.queue as q set message = q.message #- '{options,traceback}'
  where q.message_id in (select f.message_id from free as f);
  get diagnostics found = row_count;
  return found;
end $$;
revoke execute on function ytdubber.forget_messages from public;
grant execute on function ytdubber.forget_messages to authenticated, service_role;;

UPDATE ytdubber.alembic_version SET version_num='0011' WHERE ytdubber.alembic_version.version_num = '0010';

COMMIT;
