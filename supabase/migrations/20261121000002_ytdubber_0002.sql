BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0001 -> 0002

-- Money: what calls were expected to cost, users' credit, and what the payment service is told.

alter table ytdubber.users add column stripe_customer_id text unique;

-- What a call was expected to cost counts against budgets until it is known what it did cost.
alter table ytdubber.usage_receipts
  add column measured jsonb not null default '[]',
  add column estimate_usd numeric not null default 0;

-- A quantity without a price is recorded with neither article nor amount.
alter table ytdubber.cost_entries
  alter column sku drop not null,
  alter column amount_usd drop not null,
  drop constraint cost_entries_receipt_id_sku_key,
  add unique (receipt_id, unit);

create table ytdubber.credit_transactions (
  id uuid primary key,
  user_id uuid not null references ytdubber.users (id),
  job_id uuid references ytdubber.dubbing_jobs (id),
  kind text not null check (kind in ('purchase', 'grant', 'charge', 'refund')),
  amount_cents bigint not null check (
    case kind when 'charge' then amount_cents < 0 when 'grant' then true else amount_cents > 0 end),
  currency text not null default 'usd',
  status text not null default 'succeeded' check (status in ('succeeded', 'failed')),
  description text not null,
  idempotency_key text not null unique,
  created_at timestamptz not null default now()
);
create index credit_transactions_user on ytdubber.credit_transactions (user_id, created_at);
create trigger append_only before update or delete on ytdubber.credit_transactions
  for each row execute function ytdubber.refuse_change();
create trigger append_only_truncate before truncate on ytdubber.credit_transactions
  for each statement execute function ytdubber.refuse_change();

-- Reports for the payment service; `next_at` is empty once one is sent or given up.
create table ytdubber.outbox (
  id uuid primary key,
  kind text not null,
  payload jsonb not null,
  idempotency_key text not null unique,
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  next_at timestamptz default now(),
  sent_at timestamptz,
  error text
);
create index outbox_due on ytdubber.outbox (next_at) where next_at is not null;

alter table ytdubber.credit_transactions enable row level security;
alter table ytdubber.outbox enable row level security;
create policy service on ytdubber.credit_transactions for all to service_role
  using (true) with check (true);
create policy service on ytdubber.outbox for all to service_role using (true) with check (true);
grant select, insert on ytdubber.credit_transactions to service_role;
grant select, insert, update on ytdubber.outbox to service_role;

-- Users see their own credit, and can only take from it.
create policy own on ytdubber.credit_transactions for select to authenticated
  using (user_id = (select auth.uid()));
create policy pay on ytdubber.credit_transactions for insert to authenticated
  with check (user_id = (select auth.uid()) and kind = 'charge');
grant select, insert on ytdubber.credit_transactions to authenticated;;

UPDATE ytdubber.alembic_version SET version_num='0002' WHERE ytdubber.alembic_version.version_num = '0001';

COMMIT;
