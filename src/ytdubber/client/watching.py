"""Waiting for a job: by server-sent events, and by looking where these do not come through."""

from collections.abc import Callable

from ytdubber.client.asking import Retries, asked, told
from ytdubber.client.effects import Answer, Flow, Listen, Send, Sleep, Unreached
from ytdubber.client.errors import (
    AGAIN,
    NotFound,
    TimedOut,
    Unavailable,
    refusal,
)
from ytdubber.client.values import Job, job_of

SILENT_S = 45.0
"""A stream without a byte for so long is broken: the service says every 15 s that it is there."""
AWAY_S = 600.0
"""How long a service that does not answer is waited for."""
LOOK_EVERY_S = 5.0
"""How often a job is looked at where no events come through."""
RECONNECT_S = 2.0
"""The pause before the next stream after one that brought something."""
_MOST_SILENT = 2
"""After so many streams that brought nothing no other is opened."""
_LINE_ENDS = "\r\n"

OnChange = Callable[[Job], None]


def looked_at(job_id: str, retries: Retries) -> Flow[Job]:
    """The job as it is."""
    answer = yield from asked(Send("GET", f"/api/jobs/{job_id}"), retries)
    return told(answer, job_of)


class Watch:
    """What is known of a job that is waited for.

    Args:
        job_id: Its id.
        on_change: Told the job, whenever it changed.
        timeout_s: How long it is waited for; None for as long as it takes.
        retries: How often the same is asked.
    """

    def __init__(
        self, job_id: str, on_change: OnChange, timeout_s: float | None, retries: Retries
    ) -> None:
        self._job_id = job_id
        self._on_change = on_change
        self._retries = retries
        self._ends = None if timeout_s is None else retries.now() + timeout_s
        self._fields: dict[str, str] = {}
        self._last_id = ""
        self._events = 0
        self._job: Job | None = None

    def until_ended(self) -> Flow[Job]:
        """The job, when it has ended.

        Raises:
            TimedOut: it has not ended in time.
            ServiceError: the job is gone, or the service is away for long.
        """
        silent, away_since = 0, None
        while True:
            came = self._events
            if silent < _MOST_SILENT:
                yield from self._listen()
                silent = 0 if self._events > came else silent + 1
            try:
                job = yield from looked_at(self._job_id, self._retries)
            except Unavailable:
                away_since = self._retries.now() if away_since is None else away_since
                if self._retries.now() - away_since > AWAY_S:
                    raise
            else:
                away_since = None
                self._see(job)
                if job.ended:
                    return job
            self._in_time()
            yield Sleep(self._left_s(LOOK_EVERY_S if silent else RECONNECT_S))

    def _listen(self) -> Flow[None]:
        """Hear events until the stream ends, is refused or breaks."""
        headers = {"accept": "text/event-stream", "cache-control": "no-store"}
        if self._last_id:
            headers["last-event-id"] = self._last_id
        path = f"/api/jobs/{self._job_id}/events"
        self._fields.clear()
        try:
            answer: Answer = yield Listen(path, headers, self._heard, self._left_s(SILENT_S))
        except Unreached:
            return
        if not answer.good and answer.status not in AGAIN:
            error = refusal(answer.status, answer.headers, answer.body)
            if not isinstance(error, Unavailable):
                raise error

    def _heard(self, line: str) -> bool:
        """Take in a line; whether the stream is over."""
        self._in_time()
        text = line.rstrip(_LINE_ENDS)
        if text:
            name, _, value = text.partition(":")
            value = value.removeprefix(" ")
            joined = name == "data" and "data" in self._fields
            self._fields[name] = f"{self._fields[name]}\n{value}" if joined else value
            return False
        fields, self._fields = self._fields, {}
        if "data" not in fields:
            return False
        self._last_id = fields.get("id", self._last_id)
        self._events += 1
        return self._event(fields.get("event", ""), fields["data"])

    def _event(self, name: str, data: str) -> bool:
        if name == "deleted":
            raise NotFound("The job was deleted.", code="job_not_found")
        if name == "job":
            self._see(told(Answer(200, {}, data.encode()), job_of))
        return name == "end"

    def _see(self, job: Job) -> None:
        if job != self._job:
            self._job = job
            self._on_change(job)

    def _in_time(self) -> None:
        if self._left_s(1.0) <= 0:
            raise TimedOut("The job has not ended in the time given; it goes on.", code="timed_out")

    def _left_s(self, otherwise_s: float) -> float:
        if self._ends is None:
            return otherwise_s
        return min(otherwise_s, max(0.0, self._ends - self._retries.now()))
