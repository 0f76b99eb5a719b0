"""What a worker and the process that calls vendors for it say to each other, pickled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from ytdubber.ports.engine import Operation

DATABASE_AWAY = 75
"""How a process ends that does not start because its database is away: `EX_TEMPFAIL` of BSD's
`sysexits.h`."""


@dataclass(frozen=True, slots=True)
class Target:
    """Who is asked.

    Attributes:
        kind: What it does; who translates shortens, too.
        vendor: The vendor's name.
        place: Which of the vendor's models, in order of preference.
    """

    kind: Literal["transcribe", "translate", "synthesize"]
    vendor: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class FolderKey:
    """A folder of intermediate files, and the key they are encrypted with."""

    folder: Path
    key: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """A call that is wanted.

    Attributes:
        number: What the answer is known by.
        target: Who is asked; None where it is asked what all calls cost so far.
        operation: For what; its sound file is written there, and comes with the answer.
        job_id: The job it is for.
        task_id: The language it is for, or None.
        deadline_ms: As in `Call`; the clock is the machine's.
        folder_key: What the file that is read is encrypted with, or None.
        ids: What lines about it carry.
        traceparent: The span it belongs to.
    """

    number: int
    target: Target | None
    operation: Operation[Any] | None
    job_id: UUID
    task_id: UUID | None
    deadline_ms: int | None
    folder_key: FolderKey | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """A call that is not wanted any more."""

    number: int


@dataclass(frozen=True, slots=True)
class Response:
    """What came of a call: the result and its sound, or what was raised."""

    number: int
    made: Any = None
    error: Exception | None = None
