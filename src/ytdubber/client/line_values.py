"""Lines and versions of a dub, as a service tells of them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypedDict

from ytdubber.client.values import Told, moment_of


class LineChange(TypedDict, total=False):
    """How a line is to be. What is left out stays, and what is None is as it was made.

    Attributes:
        text: What it says.
        voice: The id of who speaks it.
        shift_ms: How much later than its original it begins.
        gain_db: How much louder it is.
        speed: How much faster than its voice's own pace it is at least.
        source: What was said there, where it was misheard; without a `text` it is translated anew.
        removed: It is not said.
        start_ms: Where the stretch of the original begins that it is.
        end_ms: Where that ends.
        keep_original: The original is heard there as it is, and nothing said.
        spoken_as: What its voice says for terms of it that are written otherwise: all of them.
    """

    text: str | None
    voice: str | None
    shift_ms: int | None
    gain_db: float | None
    speed: float | None
    source: str | None
    removed: bool | None
    start_ms: int | None
    end_ms: int | None
    keep_original: bool | None
    spoken_as: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class LineEdit:
    """How a line is to be, as `LineChange` has it; what is None is as it was made."""

    text: str | None
    voice: str | None
    shift_ms: int
    gain_db: float
    speed: float
    source: str | None
    removed: bool
    start_ms: int | None
    end_ms: int | None
    keep_original: bool
    spoken_as: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a dub. Times in the dub are those of the one that is shown; there is none
    (`natural_ms` is 0) where it has no such line.

    Attributes:
        id: Names it, whatever is split, joined or added.
        number: Its place, from 1.
        speaker: Who says it; None where people were not told apart.
        source: What was said.
        translated: What was made of it.
        spoken: What the dub says.
        text: What it is to say.
        edit: How it is to be.
        edited: Whether that is otherwise than in the dub.
        state: `fresh`, `edited`, `stale` (translated anew when the dub is made anew) or
            `rendering`.
        source_start_ms: Where it begins in the original.
        source_end_ms: Where it ends there.
        room_ms: How long it may be.
        dub_start_ms: Where it begins in the dub.
        dub_end_ms: Where it ends there.
        natural_ms: How long it takes at the voice's own pace.
        rate: How much faster than that it is.
        review: Why a person should listen to it.
    """

    id: str
    number: int
    speaker: str | None
    source: str
    translated: str
    spoken: str
    text: str
    edit: LineEdit
    edited: bool
    state: str
    source_start_ms: int
    source_end_ms: int
    room_ms: int
    dub_start_ms: int
    dub_end_ms: int
    natural_ms: int
    rate: float
    review: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a language, as they were when they were looked at.

    Attributes:
        language: Its code.
        version: Counts changes; given with one, it is refused where there was another meanwhile.
        revision: The dub that is shown.
        rendering: The one that is being made; None where none is.
        editable: Whether what is needed to make lines anew was kept.
        edited: How many are to be otherwise than in the dub.
        spoken_as: What voices say for terms in all of them; a line's own goes before it.
        lines: In order.
    """

    language: str
    version: int
    revision: int
    rendering: int | None
    editable: bool
    edited: int
    spoken_as: Mapping[str, str]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A line as it would be heard.

    Attributes:
        line: Its id.
        text: What it says.
        voice: The id of who speaks it.
        natural_ms: How long it takes at the voice's own pace.
        spoken_ms: How long it takes in the dub.
        start_ms: When it begins there.
        rate: How much faster than its own pace it is.
        review: Why a person should listen to it.
        mime: The sound's media type.
        audio: The sound.
    """

    line: str
    text: str
    voice: str
    natural_ms: int
    spoken_ms: int
    start_ms: int
    rate: float
    review: tuple[str, ...]
    mime: str
    audio: bytes


@dataclass(frozen=True, slots=True)
class RevisionFile:
    """A file of a version; `url` fetches it without a token, for a quarter of an hour."""

    path: str
    kind: str
    format: str
    bytes: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class Revision:
    """A version of a language's dub.

    Attributes:
        number: From 1, which is the dub as it was made first.
        shown: Whether it is the job's.
        made: Whether it is whole.
        edited_lines: How many of its lines are not as they were made first.
        error: Why it was not made, for people.
        created_at: When it was asked for.
        finished_at: When it was made, or could not be.
        files: Its files.
    """

    number: int
    shown: bool
    made: bool
    edited_lines: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    files: tuple[RevisionFile, ...]


def lines_of(told: Told) -> Lines:
    """Lines, from their JSON."""
    given = _fields(Lines, told)
    return Lines(**given | {"lines": tuple(_line(each) for each in told["lines"])})


def preview_of(told: Told, audio: bytes) -> Preview:
    """A preview, from its JSON and its sound."""
    told = {**told, "audio": audio}
    return Preview(**_fields(Preview, told) | {"review": tuple(told["review"])})


def revision_of(told: Told) -> Revision:
    """A version, from its JSON."""
    return Revision(
        number=told["revision"],
        shown=told["shown"],
        made=told["made"],
        edited_lines=told["edited_lines"],
        error=told["error"],
        created_at=datetime.fromisoformat(told["created_at"]),
        finished_at=moment_of(told["finished_at"]),
        files=tuple(RevisionFile(**_fields(RevisionFile, each)) for each in told["files"]),
    )


def _line(told: Told) -> Line:
    edit = LineEdit(**_fields(LineEdit, told["edit"]))
    return Line(**_fields(Line, told) | {"edit": edit, "review": tuple(told["review"])})


def _fields(shape: Any, told: Told) -> dict[str, Any]:
    return {each.name: told[each.name] for each in fields(shape)}
