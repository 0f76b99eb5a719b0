"""The table of links to hear a dub, as statements need it."""

from sqlalchemy import DateTime, Index, Table, Text, UniqueConstraint

from ytdubber.adapters.db.schema.columns import (
    metadata,
    moment,
    needed,
    own_id,
    parent_id,
    same_user,
    whose,
)

share_links = Table(
    "share_links",
    metadata,
    own_id(),
    parent_id("job_id"),
    whose(),
    needed("language", Text()),
    needed("token_sha256", Text()),
    moment("created_at", now=True),
    needed("expires_at", DateTime(timezone=True)),
    same_user("job_id", "dubbing_jobs"),
    UniqueConstraint("token_sha256"),
)
Index("share_links_job", share_links.c.job_id, share_links.c.created_at)
