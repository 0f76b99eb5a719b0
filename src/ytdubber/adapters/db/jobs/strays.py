"""Keys in storage that belong to nothing."""

from collections.abc import Sequence

from sqlalchemy import Engine, text

from ytdubber.adapters.db.connection.service_role import service_role

# Rows are counted: `exists` may become a join that reads those of all jobs.
_STRAYS = text(
    """
    select k from unnest(cast(:keys as text[])) as k
    where (select count(*) from ytdubber.uploads as u
        where u.key = k and u.deleted_at is null) = 0
      and (select count(*) from ytdubber.artifacts as a
        where a.key = k and a.deleted_at is null) = 0
      and (select count(*) from ytdubber.dubbing_jobs as j
        where j.id = cast(split_part(k, '/', 1) as uuid)
          and coalesce(j.purged_at < greatest(j.deleted_at, j.finished_at), true)) = 0
    """
)


def strays(engine: Engine, keys: Sequence[str]) -> Sequence[str]:
    """As `ports.retention.Strays`: a job needs what lies under its id until it is purged."""
    with service_role(engine) as connection:
        return list(connection.execute(_STRAYS, {"keys": list(keys)}).scalars())
