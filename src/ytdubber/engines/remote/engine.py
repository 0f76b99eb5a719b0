"""Engines whose operations another process carries out. What they are is known here, unasked."""

from dataclasses import dataclass
from typing import Any

from ytdubber.engines.middleware.base import Middleware
from ytdubber.files.encrypted import key_of, write_bytes
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result

from .client import VendorProcess
from .protocol import FolderKey, Target


@dataclass(frozen=True, slots=True)
class Remote(Middleware):
    """An `Engine`; the inner one says what it is.

    Attributes:
        process: Carries operations out.
        target: Who is asked there.
    """

    process: VendorProcess
    target: Target

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the engine there, or as it did before."""
        made: Result
        made, sound = self.process.ask(self.target, operation, call, _folder_key(operation))
        if operation.into is None:
            call.progress(1.0)
            return made
        write_bytes(operation.into, sound)
        return operation.with_file(made)

    def warm_up(self) -> None:
        """Start the process."""
        self.process.start()

    def close(self) -> None:
        """Nothing is held here."""


def _folder_key(operation: Operation[Any]) -> FolderKey | None:
    """What the file that it reads is encrypted with."""
    if operation.reads is None:
        return None
    key = key_of(operation.reads)
    return FolderKey(operation.reads.parent, key) if key else None
