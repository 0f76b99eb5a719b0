BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0023 -> 0024

grant update (title) on ytdubber.dubbing_jobs to authenticated;

UPDATE ytdubber.alembic_version SET version_num='0024' WHERE ytdubber.alembic_version.version_num = '0023';

COMMIT;
