-- Calls to vendors that outlive the worker that wanted them.

-- What a call is for, and until when it is taken to be under way: whoever makes it renews that. The
-- same is not asked for meanwhile; after a success it stays, until what came of it is stored.
alter table ytdubber.usage_receipts add column work_key text;
alter table ytdubber.usage_receipts add column under_way_until timestamptz;
create index usage_receipts_work on ytdubber.usage_receipts (work_key);
