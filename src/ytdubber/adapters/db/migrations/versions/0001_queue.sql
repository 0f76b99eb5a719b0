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
grant select, insert, update on ytdubber_queue.queue to ytdubber_api;
