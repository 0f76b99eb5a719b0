BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0008 -> 0009

-- How long a stem lasts, found out once: all of it, and its sound (a film's picture may last longer).
alter table ytdubber.uploads
  add column duration_ms bigint,
  add column sound_ms bigint;;

UPDATE ytdubber.alembic_version SET version_num='0009' WHERE ytdubber.alembic_version.version_num = '0008';

COMMIT;
