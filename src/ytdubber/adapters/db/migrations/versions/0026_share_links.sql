-- Links that let somebody without an account hear one language of a job.
create table ytdubber.share_links (
  id uuid primary key,
  job_id uuid not null,
  user_id uuid not null references ytdubber.users (id),
  language text not null,
  token_sha256 text not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  foreign key (job_id, user_id) references ytdubber.dubbing_jobs (id, user_id)
);
create index share_links_job on ytdubber.share_links (job_id, created_at);

-- Users make and take back their own, and are never told a token again.
alter table ytdubber.share_links enable row level security;
create policy service on ytdubber.share_links for all to service_role
  using (true) with check (true);
create policy own on ytdubber.share_links for all to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
grant select, insert, update, delete on ytdubber.share_links to service_role;
grant select (id, job_id, user_id, language, created_at, expires_at), insert, delete
  on ytdubber.share_links to authenticated;
