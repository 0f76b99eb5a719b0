"""What a user wrote or said, gone from the rows of a job that stay."""

from uuid import UUID

from sqlalchemy import Connection, text

_NAME = "'Dub of ' || to_char({job}created_at at time zone 'utc', 'YYYY-MM-DD')"
_TASKS = "(select id from ytdubber.language_tasks where job_id = :id)"
_WHY = "case when error_message is not null then 'It could not be dubbed.' end"
_KEPT_OF_EVENTS = ("error", "language", "languages", "reason", "stage", "voice_ms")
"""What of an event's data is ours; anything else may be a user's text."""
FORGET_MESSAGES = "select ytdubber.forget_messages()"
"""What the queue tells of failures, of all jobs that are forgotten."""

_FORGET = tuple(
    text(statement)
    for statement in (
        f"""
        update ytdubber.dubbing_jobs
        set title = {_NAME.format(job="")}, error_message = {_WHY}, forgotten_at = now(),
          request_id = null, traceparent = null,
          options = options - '{{glossary,spoken_as,track,voices,youtube}}'::text[],
          prepared = prepared - '{{notes,speakers}}'::text[],
          refusal = case when refusal is not null then coalesce(
            (select jsonb_object_agg(key, value) from jsonb_each(refusal)
             where jsonb_typeof(value) = 'number'), '{{}}') end
        where id = :id
        """,  # noqa: S608  # our own words
        """
        update ytdubber.uploads
        set file_name = track, content_type = null, declared_sha256 = null
        where job_id = :id
        """,
        f"""
        update ytdubber.language_tasks
        set error_message = {_WHY},
          result = case when result ? 'figures'
            then jsonb_build_object('figures', result -> 'figures') end
        where job_id = :id
        """,  # noqa: S608  # our own words
        "delete from ytdubber.transcripts where job_id = :id",
        "delete from ytdubber.share_links where job_id = :id",
        f"delete from ytdubber.edited_lines where task_id in {_TASKS}",  # noqa: S608  # our own words
        f"delete from ytdubber.revisions where task_id in {_TASKS}",  # noqa: S608  # our own words
        f"delete from ytdubber.line_previews where task_id in {_TASKS}",  # noqa: S608  # our own words
        f"""
        update ytdubber.job_events set data = coalesce(
          (select jsonb_object_agg(key, value) from jsonb_each(data)
           where key = any('{{{",".join(_KEPT_OF_EVENTS)}}}')), '{{}}')
        where job_id = :id
        """,  # noqa: S608  # our own words
        f"""
        update ytdubber.credit_transactions as c set description = {_NAME.format(job="j.")}
        from ytdubber.dubbing_jobs as j where c.job_id = :id and j.id = :id
        """,  # noqa: S608  # our own words
        FORGET_MESSAGES,
    )
)


def forget(connection: Connection, job_id: UUID) -> None:
    """Name the job, its files and its payments after its day, and let go of all other texts: of its
    languages what can be counted stays, of its events what we said of them.

    The transaction may be its user's or the service's.
    """
    for statement in _FORGET:
        connection.execute(statement, {"id": job_id})
