"""The tables of the line: who works, whose turn it is, and what was given up."""

from sqlalchemy import Column, Double, Index, Integer, Table, Text, Uuid, text

from ytdubber.adapters.db.schema.columns import metadata, moment, needed, own_id, parent_id

workers = Table(
    "workers",
    metadata,
    own_id(),
    Column("lane", Text, primary_key=True),
    needed("threads", Integer()),
    moment("beat_at", now=True),
)

fair_shares = Table(
    "fair_shares",
    metadata,
    Column("share_of", Uuid, primary_key=True),
    Column("lane", Text, primary_key=True),
    needed("began_s", Double()),
    needed("ends_s", Double()),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    own_id(),
    needed("actor", Text()),
    needed("row_id", Uuid()),
    parent_id("job_id"),
    moment("failed_at", now=True),
    needed("attempts", Integer()),
    needed("traceback", Text()),
)
Index("dead_letters_told", dead_letters.c.job_id, postgresql_where=text("traceback <> ''"))
Index("dead_letters_newest", dead_letters.c.failed_at)
