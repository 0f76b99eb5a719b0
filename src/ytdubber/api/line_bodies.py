"""What is asked and answered about lines of a dub."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from ytdubber.api.requests import Number, Request, Term, Text, whole_number
from ytdubber.app.lines.dub_lines import DubLine, DubLines
from ytdubber.domain import line_edit
from ytdubber.domain.glossary import MOST_TERMS

MOST_LINES = 500
"""So many are changed at once."""
_LONGEST_MS = 24 * 3_600_000


_Milliseconds = Annotated[
    Number,
    Field(ge=-line_edit.MOST_SHIFT_MS, le=line_edit.MOST_SHIFT_MS),
    BeforeValidator(whole_number),
]
_Moment = Annotated[Number, Field(ge=0, le=_LONGEST_MS), BeforeValidator(whole_number)]
_LineText = Annotated[str, Field(min_length=1, max_length=line_edit.MOST_LETTERS)]
_Decibels = Annotated[
    float, Field(strict=True, ge=line_edit.LEAST_GAIN_DB, le=line_edit.MOST_GAIN_DB)
]


class LineChange(Request):
    """How a line is to be. What is left out stays, and what is null is as it was made: `text` as it
    was translated, `voice` its person's. `shift_ms`: how much later than its original it begins.
    `gain_db`: how much louder it is. `speed`: how much faster than its voice's own pace, at least.
    `source`: what was said there, where it was misheard; without a `text` it is translated anew.
    `removed`: it is not said. `keep_original`: the original is heard there as it is, and nothing
    said. `start_ms` and `end_ms`: which stretch of the original it is. `spoken_as`: what its voice
    says for terms of it, all of them; captions write the terms.
    """

    text: _LineText | None = None
    voice: Text | None = None
    shift_ms: _Milliseconds | None = None
    gain_db: _Decibels | None = None
    speed: Annotated[float, Field(strict=True, ge=1.0, le=line_edit.MOST_SPEED)] | None = None
    source: _LineText | None = None
    removed: Annotated[bool, Field(strict=True)] | None = None
    keep_original: Annotated[bool, Field(strict=True)] | None = None
    start_ms: _Moment | None = None
    end_ms: _Moment | None = None
    spoken_as: Annotated[dict[Term, Term], Field(max_length=MOST_TERMS)] | None = None


class NewLine(Request):
    """Something to be said where nobody heard a line."""

    text: _LineText
    start_ms: _Moment
    end_ms: _Moment


class SplitRequest(Request):
    """A line is to be two: `at` so many letters of its text the second begins."""

    at: Annotated[Number, Field(ge=1, le=line_edit.MOST_LETTERS), BeforeValidator(whole_number)]


class PreviewRequest(Request):
    """How the line is to be, where that is not kept yet."""

    change: LineChange = LineChange()


class LinesRequest(Request):
    """Lines to change, by their ids or their numbers."""

    lines: Annotated[
        dict[Annotated[str, Field(max_length=40)], LineChange],
        Field(min_length=1, max_length=MOST_LINES),
    ]


class LineEditBody(BaseModel):
    """How a line is to be, where that is not as it was made."""

    text: str | None
    voice: str | None
    shift_ms: int
    gain_db: float
    speed: float
    source: str | None
    removed: bool
    keep_original: bool
    start_ms: int | None
    end_ms: int | None
    speaker: str | None
    spoken_as: dict[str, str]


class LineBody(BaseModel):
    """A line: `source` was said, `translated` is what was made of it, `spoken` is what the dub
    says, `text` what it is to say. `edited`: it is to be otherwise than in the dub; `state` says
    how: `fresh`, `edited`, `stale` (what was said was put right, and is translated when the dub is
    made anew) or `rendering`. Times in the dub are those of the one that is shown, and no time at
    all (`natural_ms` 0) where it has no such line.
    """

    id: str
    number: int
    speaker: str | None
    source: str
    translated: str
    spoken: str
    text: str
    edit: LineEditBody
    edited: bool
    state: Literal["fresh", "edited", "stale", "rendering"]
    source_start_ms: int
    source_end_ms: int
    room_ms: int
    dub_start_ms: int
    dub_end_ms: int
    natural_ms: int
    rate: float
    review: list[str]


class LinesBody(BaseModel):
    """The lines of a language. `version` counts changes, `revision` is the dub that is shown, and
    `rendering` the one that is being made. `editable`: what is needed to make lines anew is there.
    `edited`: how many lines are to be otherwise. `spoken_as`: what voices say for terms in all of
    them, unless a line has its own.
    """

    language: str
    version: int
    revision: int
    rendering: int | None
    editable: bool
    edited: int
    spoken_as: dict[str, str]
    lines: list[LineBody]


class PreviewBody(BaseModel):
    """A line as it would be heard: what it says and who says it, how long it takes at the voice's
    own pace and in the dub, when it begins there, and how much faster than that pace it is; `url`
    is good for a quarter of an hour.
    """

    line: str
    text: str
    voice: str
    natural_ms: int
    spoken_ms: int
    start_ms: int
    rate: float
    review: list[str]
    url: str
    mime: str


class RevisionFileBody(BaseModel):
    """A file of a version, with a link that is good for a quarter of an hour."""

    path: str
    kind: str
    format: str
    bytes: int
    sha256: str
    url: str


class RevisionBody(BaseModel):
    """A version of a dub. `edited_lines` counts those that are not as they were made at first."""

    revision: int
    shown: bool
    made: bool
    edited_lines: int
    error: str | None
    created_at: datetime
    finished_at: datetime | None
    files: list[RevisionFileBody]


def lines_body(lines: DubLines) -> dict[str, Any]:
    """As `LinesBody`."""
    return {
        "language": lines.language,
        "version": lines.version,
        "revision": lines.revision,
        "rendering": lines.rendering,
        "editable": lines.editable,
        "edited": lines.edited,
        "spoken_as": dict(lines.spoken_as),
        "lines": [_line(line) for line in lines.lines],
    }


def _line(line: DubLine) -> dict[str, Any]:
    edit = line.edit
    changed = {name: getattr(edit, name) for name in LineEditBody.model_fields}
    plain = {name: getattr(line, name) for name in LineBody.model_fields if name != "edit"}
    return plain | {"edit": changed, "review": list(line.review)}
