"""The log of a process that runs for long."""

import logging

from ytdubber.domain.printable import printable_message


class _Plain(logging.Formatter):
    """Names and answers of others do nothing to a terminal, also in the log."""

    def format(self, record: logging.LogRecord) -> str:
        return printable_message(super().format(record))


def start_log(level: int) -> None:
    """Log to standard error from this level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler])
