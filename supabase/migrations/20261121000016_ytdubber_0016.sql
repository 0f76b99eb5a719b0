BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0012 -> 0016

-- Uploads that outlive their connection count toward a user's day as they come.

alter table ytdubber.uploads
  add column received_bytes bigint not null default 0;;

UPDATE ytdubber.alembic_version SET version_num='0016' WHERE ytdubber.alembic_version.version_num = '0012';

COMMIT;
