-- Speech without words.

-- Stretches in which somebody speaks and no word was made out: [{"start_ms": 0, "end_ms": 0}, ...].
alter table ytdubber.transcripts add column uncovered jsonb not null default '[]'::jsonb;
