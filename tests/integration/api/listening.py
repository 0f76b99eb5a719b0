"""Listening to server-sent events, as a browser does."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from tests.integration.api.api_user import ApiUser
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S


@dataclass(frozen=True)
class Event:
    id: int | None
    kind: str
    data: Any


class Listener:
    """Collects what a stream says, in a thread of its own, until it ends or is closed."""

    def __init__(self, who: ApiUser, job_id: UUID, last_event_id: int | None = None) -> None:
        headers = {"Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        self._request = who.http.build_request("GET", f"/api/jobs/{job_id}/events", headers=headers)
        self._client = httpx.Client(verify=NO_TLS, timeout=PATIENCE_S)
        self._came = threading.Condition()
        self._thread = threading.Thread(target=self._listen)
        self.response: httpx.Response | None = None
        self.events: list[Event] = []
        self.comments: list[str] = []
        self.ended = False
        self._thread.start()

    def until(self, kind: str, **data: object) -> Event:
        """The first event of this kind whose data holds these values; waits for it."""

        def found() -> Event | None:
            for event in self.events:
                if event.kind == kind and data.items() <= dict(event.data).items():
                    return event
            return None

        with self._came:
            assert self._came.wait_for(lambda: found() is not None or self.ended, PATIENCE_S), (
                f"no {kind} {data} among {[(e.kind, e.id) for e in self.events]}"
            )
            event = found()
        assert event is not None, f"it ended without {kind} {data}"
        return event

    def finish(self) -> list[Event]:
        """Everything, once the stream has ended by itself."""
        self._thread.join(PATIENCE_S)
        assert self.ended
        return self.events

    def ids(self) -> list[int]:
        return [event.id for event in self.events if event.id is not None]

    def close(self) -> None:
        """Go away in the middle."""
        if self.response is not None and not self.ended:
            stream = self.response.extensions["network_stream"]
            with contextlib.suppress(OSError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._client.close()

    def _listen(self) -> None:
        try:
            self.response = self._client.send(self._request, stream=True)
            self._read(self.response)
        except httpx.TransportError:
            pass  # closed in the middle, by either side
        finally:
            with self._came:
                self.ended = True
                self._came.notify_all()

    def _read(self, response: httpx.Response) -> None:
        fields: dict[str, str] = {}
        for line in response.iter_lines():
            if line.startswith(":"):
                self.comments.append(line)
            elif line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "event" in fields:
                number = int(fields["id"]) if "id" in fields else None
                event = Event(number, fields["event"], json.loads(fields["data"]))
                with self._came:
                    self.events.append(event)
                    self._came.notify_all()
                fields = {}


@contextmanager
def listening(who: ApiUser, job_id: UUID, last_event_id: int | None = None) -> Iterator[Listener]:
    """Listens while the block runs."""
    listener = Listener(who, job_id, last_event_id)
    try:
        yield listener
    finally:
        listener.close()
