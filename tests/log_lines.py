"""What is logged, as a service writes it."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ytdubber.bootstrap.logs import formatter


class Lines:
    """Lines of JSON, as they were written."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        """Those that tell of an event."""
        return [line for line in self.all if line["event"] == event]

    @property
    def events(self) -> list[str]:
        """What ours tell of, in order."""
        return [line["event"] for line in self.all if line["logger"].startswith("ytdubber")]


@contextmanager
def written(
    level: int = logging.INFO, form: Any = "json", *, apart: bool = False
) -> Iterator[Lines]:
    """What is logged from this level on while the block runs.

    Args:
        level: Of our own lines.
        form: Of the lines.
        apart: Without what threads say that were there before, of other tests in this process, and
            for nobody else: a report takes no surrogates.
    """
    others = {each.ident for each in threading.enumerate()} - {threading.get_ident()}
    lines, root, ours = Lines(), logging.getLogger(), logging.getLogger("ytdubber")
    handler = logging.StreamHandler(lines.stream)
    handler.setFormatter(formatter(form, terminal=False))
    handler.setLevel(level)
    if apart:
        handler.addFilter(lambda record: record.thread not in others)
    before, handlers = (root.level, ours.level), root.handlers[:]
    if apart:
        root.handlers.clear()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    ours.setLevel(level)
    try:
        yield lines
    finally:
        root.handlers[:] = handlers
        root.setLevel(before[0])
        ours.setLevel(before[1])


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """What a line of ours says beside its event."""
    return dict(getattr(record, "fields", {}))
