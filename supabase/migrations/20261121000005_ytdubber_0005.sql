BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0004 -> 0005

-- Speech without words.

-- Stretches in which somebody speaks and no word was made out: [{"start_ms": 0, "end_ms": 0}, ...].
alter table ytdubber.transcripts add column uncovered jsonb not null default '[]'::jsonb;;

UPDATE ytdubber.alembic_version SET version_num='0005' WHERE ytdubber.alembic_version.version_num = '0004';

COMMIT;
