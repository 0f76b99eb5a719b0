"""One transaction over all tables."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import Connection, text

from ytdubber.adapters.db.jobs.deliverables import SqlArtifacts, SqlDownloads, SqlResults
from ytdubber.adapters.db.jobs.history import SqlEvents
from ytdubber.adapters.db.jobs.jobs import SqlJobRepository, SqlJobs
from ytdubber.adapters.db.jobs.line_previews import SqlLinePreviews
from ytdubber.adapters.db.jobs.revisions import SqlRevisions
from ytdubber.adapters.db.jobs.share_links import SqlShareLinks
from ytdubber.adapters.db.jobs.tasks import SqlTasks
from ytdubber.adapters.db.jobs.transcripts import SqlTranscripts
from ytdubber.adapters.db.jobs.uploads import SqlUploads
from ytdubber.adapters.db.money.credits import SqlCredits
from ytdubber.adapters.db.money.outbox import SqlOutbox
from ytdubber.adapters.db.users.users import SqlUsers
from ytdubber.adapters.db.users.webhooks import SqlWebhooks

_LEARN = """
insert into ytdubber.stage_speeds (stage, seconds_per_second) values (:stage, :speed)
on conflict (stage) do update set updated_at = now(),
  seconds_per_second = 0.7 * stage_speeds.seconds_per_second + 0.3 * excluded.seconds_per_second
"""


class SqlWork:
    """A `ServiceWork` on a connection whose role is set; its owner rolls back and closes it."""

    def __init__(
        self,
        connection: Connection,
        dispatch: Callable[[], object],
        user_id: UUID | None,
    ) -> None:
        self._connection = connection
        self._dispatch = dispatch
        self._wakes = False
        self.jobs = SqlJobs(connection)
        self.job_repository = SqlJobRepository(connection)
        self.tasks = SqlTasks(connection)
        self.transcripts = SqlTranscripts(connection)
        self.users = SqlUsers(connection)
        self.uploads = SqlUploads(connection)
        self.artifacts = SqlArtifacts(connection)
        self.results = SqlResults(connection)
        self.revisions = SqlRevisions(connection)
        self.previews = SqlLinePreviews(connection)
        self.shares = SqlShareLinks(connection)
        self.events = SqlEvents(connection)
        self.downloads = SqlDownloads(connection, user_id)
        self.credits = SqlCredits(connection)
        self.outbox = SqlOutbox(connection)
        self.webhooks = SqlWebhooks(connection)

    def learn_speed(self, stage: str, seconds_per_second: float) -> None:
        self._connection.execute(text(_LEARN), {"stage": stage, "speed": seconds_per_second})

    def wake(self) -> None:
        self._wakes = True

    def commit(self) -> None:
        self._connection.commit()
        if self._wakes:
            self._wakes = False
            self._dispatch()
