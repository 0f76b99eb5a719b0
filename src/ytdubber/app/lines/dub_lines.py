"""The lines of a finished dub, as they are and as they are to be."""

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ytdubber.app.lines.task_edits import TaskEdits
from ytdubber.app.pipeline.artifacts import Dub
from ytdubber.domain.errors import MediaMissing
from ytdubber.domain.held_levels import levels_of
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.line_cuts import LineAsItIs
from ytdubber.domain.line_edit import LineEdit
from ytdubber.domain.media import Interval
from ytdubber.domain.script import Script, ScriptLine
from ytdubber.files.encrypted import read_bytes
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.revisions import Revision


class LineState(enum.StrEnum):
    """How a line stands to the dub that is shown."""

    FRESH = "fresh"
    EDITED = "edited"
    STALE = "stale"
    RENDERING = "rendering"


@dataclass(frozen=True, slots=True)
class DubLine:
    """A line of a finished dub, as it is to be.

    Attributes:
        number: Its place, from 1.
        id: The utterance it is of, or its own where nobody heard one.
        speaker: Who said it, where that is known.
        source: What was said.
        text: What it is to say.
        spoken: What the dub that is shown says; empty where it has no such line.
        translated: What it said before anybody changed it; empty where nobody heard it.
        edit: How it is to be.
        heard: When it was said before anybody changed that.
        state: Whether it is as in the dub that is shown.
        source_start_ms: When it was said.
        source_end_ms: Until when.
        room_ms: How long it may last where it was said.
        dub_start_ms: When it is heard in the dub that is shown.
        dub_end_ms: Until when.
        natural_ms: How long its voice takes for it at its own pace.
        rate: How much faster than that it is heard.
        review: Why a person should listen to it.
    """

    number: int
    id: str
    speaker: str | None
    source: str
    text: str
    spoken: str
    translated: str
    edit: LineEdit
    heard: Interval
    state: LineState
    source_start_ms: int
    source_end_ms: int
    room_ms: int
    dub_start_ms: int
    dub_end_ms: int
    natural_ms: int
    rate: float
    review: Sequence[str]

    @property
    def edited(self) -> bool:
        """Whether it is to be otherwise than in the dub that is shown."""
        return self.state is not LineState.FRESH

    @property
    def as_it_is(self) -> LineAsItIs:
        """What cuts of it need."""
        return LineAsItIs(
            self.id, self.source, self.text, self.source_start_ms, self.source_end_ms, self.speaker
        )


@dataclass(frozen=True, slots=True)
class DubLines:
    """All of a language.

    Attributes:
        language: The target.
        version: Counts the changes, so that nobody overwrites what they have not seen.
        revision: Which dub is shown.
        rendering: Which one is being made.
        editable: Whether lines can be changed.
        lines: In order.
        spoken_as: What voices say for terms in all lines.
    """

    language: str
    version: int
    revision: int
    rendering: int | None
    editable: bool
    lines: Sequence[DubLine]
    spoken_as: Mapping[str, str] = field(default_factory=dict)

    @property
    def edited(self) -> int:
        """How many lines are to be otherwise than they are."""
        return sum(line.edited for line in self.lines)


def dub_lines(known: TaskEdits, media: MediaStore, scratch: Path) -> DubLines:
    """The lines of a language, from the texts of its files.

    Raises:
        MediaMissing: they are not there any more.
        StorageNotWorking: they cannot be read just now.
    """
    task = known.task
    spoken = _by_id(_lines_of(known, task.revision, media, scratch))
    first = spoken if task.revision == 1 else _by_id(_lines_of(known, 1, media, scratch))
    lines = [
        _line(0, name, first.get(name), spoken.get(name), known)
        for name in {**first, **spoken, **known.edits.by_id}
    ]
    lines.sort(key=lambda line: (line.source_start_ms, line.id))
    return DubLines(
        task.language,
        task.edits_version,
        task.revision,
        task.rendering,
        known.editable,
        [replace(line, number=number) for number, line in enumerate(lines, 1)],
    )


def _by_id(lines: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {line["id"]: dict(line) for line in lines}


def keep_around(results: ResultStore, task: LanguageTask, dub: Dub) -> None:
    """Keep what an engine was told around lines, for when they are spoken again."""
    if dub.around:
        results.save(_around_key(task), json.dumps(dict(dub.around)).encode())


def _around_key(task: LanguageTask) -> str:
    return f"around the lines of {task.id}"


def script_of(
    known: TaskEdits,
    revision: Revision,
    media: MediaStore,
    results: ResultStore,
    scratch: Path,
) -> Script:
    """What a revision is to say, line by line.

    Raises:
        MediaMissing: the texts of its language are not there any more.
        StorageNotWorking: they cannot be read just now.
    """
    edits, first = revision.edits, _texts_of(known, 1, media, scratch)
    made = {line["id"]: line["target"] for line in first["utterances"]}
    lines = [
        ScriptLine(edits.of(name).text or edits.of(name).source or made[name], utterance_id=name)
        for name in {**made, **edits.by_id}
        if edits.of(name).said
    ]
    told = json.loads(results.load(_around_key(known.task)) or b"{}")
    around = {
        name: (before, after) for name, (before, after) in told.items() if not edits.of(name).placed
    }
    levels = levels_of(first.get("levels"))
    return Script(
        f"revision {revision.number}",
        tuple(lines),
        edits=edits,
        around=around,
        levels=levels and levels.without(edits.spoken_anew),
    )


def _line(
    number: int,
    name: str,
    first: Mapping[str, Any] | None,
    spoken: Mapping[str, Any] | None,
    known: TaskEdits,
) -> DubLine:
    """A line by the texts of the first dub and of the one that is shown, where it is there."""
    edit, before = known.edits.of(name), known.shown.of(name)
    if first is None and not edit.placed:  # it was added, and is to go again
        edit = replace(edit, removed=True)
    heard = {**(first or spoken or _nothing_heard(edit))}
    place = Interval(heard["source_start_ms"], heard["source_end_ms"])
    heard |= {} if edit.source is None else {"source": edit.source}
    heard |= {} if edit.start_ms is None else {"source_start_ms": edit.start_ms}
    heard |= {} if edit.end_ms is None else {"source_end_ms": edit.end_ms}
    shown = spoken or _not_spoken(heard)
    translated = first["target"] if first else ""
    as_shown = (edit.text, edit.source) == (before.text, before.source)
    text = shown["target"] if spoken and as_shown else edit.text or translated
    state = LineState.FRESH
    if edit != before and (first or spoken or not edit.removed):
        state = LineState.STALE if edit.stale and not as_shown else LineState.EDITED
        state = LineState.RENDERING if known.task.rendering else state
    return DubLine(
        number=number,
        id=name,
        speaker=edit.speaker or heard["speaker"],
        source=heard["source"],
        text=text,
        spoken=shown["target"],
        translated=translated,
        edit=edit,
        heard=place,
        state=state,
        source_start_ms=heard["source_start_ms"],
        source_end_ms=heard["source_end_ms"],
        room_ms=shown["slot_ms"],
        dub_start_ms=shown["dub_start_ms"],
        dub_end_ms=shown["dub_end_ms"],
        natural_ms=shown["natural_ms"],
        rate=shown["rate"],
        review=shown["review"],
    )


def _nothing_heard(edit: LineEdit) -> dict[str, Any]:
    start_ms = edit.start_ms or 0
    end_ms = edit.end_ms or start_ms
    said = {"source": "", "speaker": edit.speaker}
    return said | {"source_start_ms": start_ms, "source_end_ms": end_ms}


def _not_spoken(heard: Mapping[str, Any]) -> dict[str, Any]:
    """As the dub that is shown has a line that is not in it."""
    start_ms, end_ms = heard["source_start_ms"], heard["source_end_ms"]
    place = {"dub_start_ms": start_ms, "dub_end_ms": end_ms, "slot_ms": end_ms - start_ms}
    return place | {"target": "", "natural_ms": 0, "rate": 1.0, "review": []}


def _lines_of(
    known: TaskEdits, revision: int, media: MediaStore, scratch: Path
) -> Sequence[Mapping[str, Any]]:
    lines: Sequence[Mapping[str, Any]] = _texts_of(known, revision, media, scratch)["utterances"]
    return lines


def _texts_of(
    known: TaskEdits, revision: int, media: MediaStore, scratch: Path
) -> Mapping[str, Any]:
    found = [
        each for each in known.files if each.kind == "translation" and each.revision == revision
    ]
    if not found:
        raise MediaMissing
    path = scratch / f"lines-{revision}"
    media.fetch(found[0].key, path, lambda: None)
    texts: Mapping[str, Any] = json.loads(read_bytes(path))
    return texts
