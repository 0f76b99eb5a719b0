"""The tables of changed lines and of the dubs made of them, as statements need them."""

from sqlalchemy import Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from ytdubber.adapters.db.schema.columns import (
    metadata,
    moment,
    needed,
    own_id,
    parent_id,
    same_user,
    stage_column,
    whose,
)

edited_lines = Table(
    "edited_lines",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    whose(),
    Column("line_id", Text, primary_key=True),
    needed("edit", JSONB()),
    same_user("task_id", "language_tasks"),
)
revisions = Table(
    "revisions",
    metadata,
    Column("task_id", Uuid, primary_key=True),
    whose(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    needed("edits", JSONB()),
    Column("result", JSONB),
    Column("error_message", Text),
    moment("created_at", now=True),
    moment("finished_at"),
    same_user("task_id", "language_tasks"),
)
line_previews = Table(
    "line_previews",
    metadata,
    own_id(),
    parent_id("task_id"),
    whose(),
    needed("line_id", Text()),
    needed("edit", JSONB()),
    stage_column("waiting"),
    Column("made", JSONB),
    Column("error_code", Text),
    Column("error_message", Text),
    moment("created_at", now=True),
    same_user("task_id", "language_tasks"),
)
Index(
    "line_previews_waiting",
    line_previews.c.created_at,
    postgresql_where=text("stage = 'waiting'"),
)
Index("line_previews_of_user", line_previews.c.user_id, line_previews.c.created_at)
Index("line_previews_of_task", line_previews.c.task_id)
