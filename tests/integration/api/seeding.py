"""A service that has been at work for a long time: rows of jobs that ended long ago.

python -m tests.integration.api.seeding URL 100000
"""

import sys
from typing import LiteralString

import psycopg

USERS = """
insert into ytdubber.users (id, email)
select md5('user' || n)::uuid, 'user' || n || '@example.org'
from generate_series(0, %(jobs)s / 10) as n
"""
JOBS = """
insert into ytdubber.dubbing_jobs (id, user_id, title, stage, source_language, target_languages,
  has_background, voice_duration_ms, created_at, submitted_at, updated_at, finished_at, expires_at,
  deleted_at, sources_deleted_at, heard_at, prepared)
select md5('job' || n)::uuid, md5('user' || n / 10)::uuid, 'Dub of a day',
  case mod(n, 20) when 0 then 'awaiting_upload' when 1 then 'failed' when 2 then 'cancelled'
    else 'complete' end,
  'en', '{pt,es}', true, 61000, at, case when mod(n, 20) > 0 then at end, at,
  case when mod(n, 20) > 0 then at + interval '1 hour' end,
  case when mod(n, 20) > 0 then at + interval '49 hours' end,
  case when mod(n, 20) = 0 or mod(n, 7) = 0 then at + interval '25 hours' end,
  at + interval '25 hours', at, '{}'
from (select n, now() - interval '4 days' - n * interval '5 minutes' as at
  from generate_series(0, %(jobs)s - 1) as n) as spread
"""
CHILDREN: tuple[LiteralString, ...] = (
    """
    insert into ytdubber.uploads (id, job_id, user_id, track, key, file_name, bytes, created_at,
      deleted_at)
    select gen_random_uuid(), id, user_id, track, id || '/' || track, track, 1000000, created_at,
      created_at + interval '1 day'
    from ytdubber.dubbing_jobs, unnest(array['voice', 'background']) as track
    """,
    """
    insert into ytdubber.language_tasks (id, job_id, user_id, position, language, stage, result,
      updated_at)
    select md5(id || language)::uuid, id, user_id, place, language, stage,
      '{"figures": {"needs_review": 1}}', updated_at
    from ytdubber.dubbing_jobs, unnest(target_languages) with ordinality as each (language, place)
    where submitted_at is not null
    """,
    """
    insert into ytdubber.transcripts (job_id, user_id, language)
    select id, user_id, 'en' from ytdubber.dubbing_jobs where submitted_at is not null
    """,
    """
    insert into ytdubber.utterances (job_id, position, user_id, utterance_id, start_ms, end_ms,
      text, words)
    select job_id, place, user_id, 'u' || place, 0, 1, 'x', '[]'
    from ytdubber.transcripts, generate_series(0, 1) as place
    """,
    """
    insert into ytdubber.edited_lines (task_id, user_id, line_id, edit)
    select id, user_id, 'u0001', '{}' from ytdubber.language_tasks
    """,
    """
    insert into ytdubber.revisions (task_id, user_id, number, edits)
    select id, user_id, 2, '{}' from ytdubber.language_tasks
    """,
    """
    insert into ytdubber.line_previews (id, task_id, user_id, line_id, edit, stage)
    select md5(id || 'heard')::uuid, id, user_id, 'u0001', '{}', 'spoken'
    from ytdubber.language_tasks
    """,
    """
    insert into ytdubber.artifacts (id, job_id, task_id, user_id, path, language, kind, format, key,
      bytes, sha256, mime, duration_ms, expires_at, deleted_at)
    select md5(t.id || kind)::uuid, t.job_id, t.id, t.user_id, language || '/' || kind || '.mp3',
      language, kind, 'mp3', t.job_id || '/' || t.id || kind, 1000000, repeat('0', 64),
      'audio/mpeg', 61000, now() - interval '1 day', now() - interval '1 day'
    from ytdubber.language_tasks as t, unnest(array['voice', 'mix']) as kind
    """,
    """
    insert into ytdubber.job_events (job_id, user_id, task_id, kind, data, at)
    select t.job_id, t.user_id, t.id, 'stage', jsonb_build_object('stage', stage), now()
    from ytdubber.language_tasks as t
    union all
    select j.id, j.user_id, null, 'purged', jsonb_build_object('reason', reason), now()
    from ytdubber.dubbing_jobs as j, unnest(array['ended', 'expired', 'deleted']) as reason
    """,
    """
    insert into ytdubber.usage_receipts (id, job_id, task_id, user_id, provider, model, version,
      operation, outcome, quantities, started_at, work_key)
    select md5(t.id::text || place)::uuid, t.job_id, t.id, t.user_id, 'acme', 'm', '1', 'speak',
      'succeeded', '[]', j.created_at, md5(t.id::text || place)
    from ytdubber.language_tasks as t join ytdubber.dubbing_jobs as j on j.id = t.job_id,
      generate_series(1, 2) as place
    """,
    """
    insert into ytdubber.cost_entries (id, receipt_id, job_id, user_id, provider, sku, unit,
      quantity, amount_usd, at)
    select gen_random_uuid(), id, job_id, user_id, provider, 'a', 'characters', 10, 0.01, started_at
    from ytdubber.usage_receipts
    """,
    """
    insert into ytdubber.credit_transactions (id, user_id, job_id, kind, amount_cents, description,
      idempotency_key)
    select gen_random_uuid(), user_id, id, 'charge', -1, 'Dub of a day', 'charge:' || id
    from ytdubber.dubbing_jobs where submitted_at is not null
    """,
    """
    insert into ytdubber.download_tokens (token_sha256, artifact_id, user_id, expires_at)
    select md5(id::text), id, user_id, now() from ytdubber.artifacts
    """,
    """
    insert into ytdubber.share_links (id, job_id, user_id, language, token_sha256, expires_at)
    select gen_random_uuid(), id, user_id, 'pt', md5('share' || id), now() - interval '1 day'
    from ytdubber.dubbing_jobs where submitted_at is not null
    """,
    """
    insert into ytdubber.downloads (id, artifact_id, user_id)
    select gen_random_uuid(), id, user_id from ytdubber.artifacts
    """,
    """
    insert into ytdubber.outbox (id, kind, payload, idempotency_key, next_at, sent_at)
    select gen_random_uuid(), 'dub_minutes', '{}', id || ':minutes', null, now()
    from ytdubber.dubbing_jobs where submitted_at is not null
    """,
)
WEBHOOKS: tuple[LiteralString, ...] = (
    """
    insert into ytdubber.webhooks (id, user_id, url, secret)
    select md5('hook' || id)::uuid, id, 'https://example.org/', 'x' from ytdubber.users
    """,
    """
    insert into ytdubber.webhook_deliveries (id, webhook_id, user_id, payload, next_at, sent_at)
    select gen_random_uuid(), md5('hook' || user_id)::uuid, user_id, '{}', null, now()
    from ytdubber.dubbing_jobs where submitted_at is not null
    """,
)
FORGOTTEN = """
update ytdubber.dubbing_jobs set purged_at = created_at + interval '50 hours',
  forgotten_at = created_at + interval '50 hours'
"""
FORGETS = """
select 1 from information_schema.columns
where table_schema = 'ytdubber' and column_name = 'forgotten_at'
"""
"""Whether it is a database that does; an older one is seeded to be measured beside it."""


def seed(url: str, jobs: int) -> None:
    """Fill a database with so many jobs of long ago, two languages each, and their users."""
    with psycopg.connect(url) as connection:
        connection.execute("set local session_replication_role = replica")  # no triggers: quick
        known = connection.execute(FORGETS).fetchone()
        for statement in (USERS, JOBS, *([FORGOTTEN] if known else []), *CHILDREN, *WEBHOOKS):
            connection.execute(statement, {"jobs": jobs} if "%(jobs)s" in statement else None)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


if __name__ == "__main__":
    seed(sys.argv[1], int(sys.argv[2]))
