"""Lists of jobs, quickly."""

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from ytdubber.api.job_view import JobView, fresh_since
from ytdubber.ports.clock import Clock
from ytdubber.ports.identity import Claims
from ytdubber.ports.job_reads import JobMark, JobReads

_MOST_USERS = 200

Shown = dict[UUID, tuple[str, bytes]]
"""By job, the version it had and how it looked."""


class JobList:
    """Jobs as lists show them.

    A job that has ended rarely changes: how it looked is kept while its links are fresh, and shown
    again while the database says that the user has it and that it is the same.
    """

    def __init__(self, reads: JobReads, view: JobView, clock: Clock) -> None:
        self._reads = reads
        self._view = view
        self._clock = clock
        self._kept: OrderedDict[UUID, tuple[datetime, Shown]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, claims: Claims, marks: Sequence[JobMark]) -> bytes:
        """The jobs in this order, as a JSON array."""
        now = self._clock.now()
        kept = self._of_user(claims.user_id, fresh_since(now))
        shown = {
            mark.id: kept[mark.id][1]
            for mark in marks
            if mark.version is not None and kept.get(mark.id, ("",))[0] == mark.version
        }
        missing = [mark for mark in marks if mark.id not in shown]
        if missing:
            rows = self._reads.jobs(claims, [mark.id for mark in missing])
            self._view.sign_ahead(rows, now)
            shown |= {row.id: json.dumps(self._view.summary(row, now)).encode() for row in rows}
            kept.update(
                (mark.id, (mark.version, shown[mark.id]))
                for mark in missing
                if mark.version is not None and mark.id in shown
            )
        return b"[" + b",".join(shown[mark.id] for mark in marks if mark.id in shown) + b"]"

    def _of_user(self, user_id: UUID, since: datetime) -> Shown:
        with self._lock:
            made, shown = self._kept.pop(user_id, (since, Shown()))
            if made != since:
                made, shown = since, {}
            self._kept[user_id] = (made, shown)
            if len(self._kept) > _MOST_USERS:
                self._kept.popitem(last=False)
            return shown
