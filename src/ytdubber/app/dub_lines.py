"""The lines of a finished dub, as they are and as they are to be."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytdubber.app.pipeline.artifacts import Dub
from ytdubber.domain.artifact import Artifact
from ytdubber.domain.errors import MediaMissing
from ytdubber.domain.held_levels import levels_of
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.line_edit import LineEdit, LineEdits
from ytdubber.domain.script import Script, ScriptLine
from ytdubber.files.encrypted import read_bytes
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.revisions import Revision
from ytdubber.ports.service_work import ServiceWork


@dataclass(frozen=True, slots=True)
class DubLine:
    """A line of a finished dub.

    Attributes:
        number: Its place, from 1.
        id: The utterance it is of.
        speaker: Who said it, where that is known.
        source: What was said.
        text: What it is to say.
        spoken: What the dub that is shown says.
        translated: What it said before anybody changed it.
        edit: How it is to be.
        edited: Whether that is otherwise than in the dub that is shown.
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
    edited: bool
    source_start_ms: int
    source_end_ms: int
    room_ms: int
    dub_start_ms: int
    dub_end_ms: int
    natural_ms: int
    rate: float
    review: Sequence[str]


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
    """

    language: str
    version: int
    revision: int
    rendering: int | None
    editable: bool
    lines: Sequence[DubLine]

    @property
    def edited(self) -> int:
        """How many lines are to be otherwise than they are."""
        return sum(line.edited for line in self.lines)


@dataclass(frozen=True, slots=True)
class TaskEdits:
    """What the records know of a language's lines.

    Attributes:
        task: The language.
        edits: How lines are to be.
        revisions: The dubs that were made.
        files: Those that are there, of every revision.
        editable: Whether what is needed to change lines is there.
    """

    task: LanguageTask
    edits: LineEdits
    revisions: Sequence[Revision]
    files: Sequence[Artifact]
    editable: bool

    @property
    def to_make(self) -> Revision | None:
        """The revision that is being made, or made the one that is shown."""
        return next((r for r in self.revisions if r.number == self.task.rendering), None)

    @property
    def shown(self) -> LineEdits:
        """How they were to be in the dub that is shown."""
        numbered = {each.number: each.edits for each in self.revisions}
        return numbered.get(self.task.revision, LineEdits())


def task_edits(work: ServiceWork, task: LanguageTask, *, kept: bool = True) -> TaskEdits:
    """What they know of one; `kept` says whether the recording is."""
    files = work.artifacts.of_task(task)
    revisions = work.revisions.of_task(task.id)
    return TaskEdits(task, work.revisions.edits(task.id), revisions, files, kept and bool(files))


def dub_lines(known: TaskEdits, media: MediaStore, scratch: Path) -> DubLines:
    """The lines of a language, from the texts of its files.

    Raises:
        MediaMissing: they are not there any more.
        StorageNotWorking: they cannot be read just now.
    """
    task, shown = known.task, known.shown
    spoken = _lines_of(known, task.revision, media, scratch)
    first = spoken if task.revision == 1 else _lines_of(known, 1, media, scratch)
    made = {line["id"]: line["target"] for line in first}
    return DubLines(
        task.language,
        task.edits_version,
        task.revision,
        task.rendering,
        known.editable,
        [
            _line(number, line, made[line["id"]], known.edits, shown)
            for number, line in enumerate(spoken, 1)
        ],
    )


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
    lines = []
    first = _texts_of(known, 1, media, scratch)
    for line in first["utterances"]:
        text = revision.edits.of(line["id"]).text
        said = line["target"] if text is None else text
        lines.append(ScriptLine(said, utterance_id=line["id"], speaker=line["speaker"]))
    told = json.loads(results.load(_around_key(known.task)) or b"{}")
    around = {name: (before, after) for name, (before, after) in told.items()}
    levels = levels_of(first.get("levels"))
    return Script(
        f"revision {revision.number}",
        tuple(lines),
        edits=revision.edits,
        around=around,
        levels=levels and levels.without(revision.edits.spoken_anew),
    )


def _line(
    number: int, line: Mapping[str, Any], translated: str, edits: LineEdits, shown: LineEdits
) -> DubLine:
    edit, before = edits.of(line["id"]), shown.of(line["id"])
    text = translated if edit.text is None else edit.text
    if edit.text == before.text:
        text = line["target"]
    return DubLine(
        number=number,
        id=line["id"],
        speaker=line["speaker"],
        source=line["source"],
        text=text,
        spoken=line["target"],
        translated=translated,
        edit=edit,
        edited=edit != before,
        source_start_ms=line["source_start_ms"],
        source_end_ms=line["source_end_ms"],
        room_ms=line["slot_ms"],
        dub_start_ms=line["dub_start_ms"],
        dub_end_ms=line["dub_end_ms"],
        natural_ms=line["natural_ms"],
        rate=line["rate"],
        review=line["review"],
    )


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
