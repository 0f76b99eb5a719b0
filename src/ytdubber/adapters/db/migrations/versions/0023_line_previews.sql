-- Lines of a finished dub that its user wants to hear before it is made anew.
create table ytdubber.line_previews (
  id uuid primary key,
  task_id uuid not null,
  user_id uuid not null references ytdubber.users (id),
  line_id text not null,
  edit jsonb not null,
  stage text not null default 'waiting'
    check (stage in ('waiting', 'sent', 'speaking', 'spoken', 'failed')),
  made jsonb,
  error_code text,
  error_message text,
  created_at timestamptz not null default now(),
  foreign key (task_id, user_id) references ytdubber.language_tasks (id, user_id)
);
create index line_previews_waiting on ytdubber.line_previews (created_at) where stage = 'waiting';
create index line_previews_of_user on ytdubber.line_previews (user_id, created_at);
create index line_previews_of_task on ytdubber.line_previews (task_id);

alter table ytdubber.line_previews enable row level security;
create policy service on ytdubber.line_previews for all to service_role
  using (true) with check (true);
create policy own on ytdubber.line_previews for all to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
grant select, insert, update, delete on ytdubber.line_previews to service_role;
grant select, delete on ytdubber.line_previews to authenticated;
grant insert (id, task_id, user_id, line_id, edit) on ytdubber.line_previews to authenticated;
