"""What a process says of itself: events with fields, under the ids of what it works on.

An event has a static name of dotted words in snake_case (`job.submitted`); everything that differs
from one time to another is a field. Fields hold ids, numbers, codes and times, never what users
said, sent or are called. How lines look is decided in `bootstrap.logs`.
"""

from .context import ContextPool, bind, bound, carried, ids, replace_ids
from .logger import Logger, get_logger
from .outage import Outage

__all__ = [
    "ContextPool",
    "Logger",
    "Outage",
    "bind",
    "bound",
    "carried",
    "get_logger",
    "ids",
    "replace_ids",
]
