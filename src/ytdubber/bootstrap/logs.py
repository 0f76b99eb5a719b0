"""The log of a process that runs for long."""

import logging


def start_log(level: int) -> None:
    """Log to standard error from this level on."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
