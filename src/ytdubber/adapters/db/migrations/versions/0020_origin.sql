-- The request that submitted a job, and its span: what workers do for it goes on under these ids.
-- They are written where lines are, so nothing else can be in them.
alter table ytdubber.dubbing_jobs
  add column request_id text check (request_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$'),
  add column traceparent text
    check (traceparent ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');
grant update (request_id, traceparent) on ytdubber.dubbing_jobs to authenticated;
