-- Where the database is a Supabase project's: the bucket `media`, private, and what its users may do
-- in it with their own tokens. The service itself comes with the secret key, which no policy binds.
--
-- A file may have 5 GiB, the most that Storage takes in one upload, but no more than the project
-- allows; what users may send is checked by the service, after it has come. Any media type may lie
-- in it: stems, dubs, captions, and what engines made on the way.
do $$
begin
  if to_regclass('storage.buckets') is null then
    return;
  end if;
  insert into storage.buckets (id, name, public, file_size_limit)
  values ('media', 'media', false, 5368709120)
  on conflict (id) do nothing;

  -- A file goes where the service announced it, while it is awaited.
  drop policy if exists ytdubber_own_uploads on storage.objects;
  create policy ytdubber_own_uploads on storage.objects for insert to authenticated
    with check (
      bucket_id = 'media' and exists (
        select 1 from ytdubber.uploads as u
        join ytdubber.dubbing_jobs as j on j.id = u.job_id
        where u.key = objects.name and u.user_id = (select auth.uid())
          and u.deleted_at is null and j.submitted_at is null and j.deleted_at is null));

  -- Users read what was made for them.
  drop policy if exists ytdubber_own_files on storage.objects;
  create policy ytdubber_own_files on storage.objects for select to authenticated
    using (
      bucket_id = 'media' and exists (
        select 1 from ytdubber.artifacts as a
        where a.key = objects.name and a.user_id = (select auth.uid())
          and a.deleted_at is null));
exception when insufficient_privilege then
  raise notice 'the bucket is to be made by hand: %', sqlerrm;
end $$;
