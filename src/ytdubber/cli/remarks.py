"""What commands that end by themselves say beside their result."""

import logging

from ytdubber.cli.console import err


class Remarks(logging.Handler):
    """Prints warnings for the person at the terminal, in place of a log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)

    def emit(self, record: logging.LogRecord) -> None:
        """Print one."""
        fields = getattr(record, "fields", None)
        if fields is None:
            err.print(record.getMessage().partition("\n")[0])
            return
        words = record.getMessage().replace(".", " ").replace("_", " ")
        told = ", ".join(f"{name} {value}" for name, value in fields.items())
        err.print(f"Warning: {words}: {told}" if told else f"Warning: {words}")
