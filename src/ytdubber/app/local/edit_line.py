"""A line of a finished dub in a folder, as it is and as a person wants it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from ytdubber.domain.errors import LineNotThere
from ytdubber.domain.line_cuts import LineAsItIs
from ytdubber.domain.line_edit import ADDED, LineEdit, LineEdits


@dataclass(frozen=True, slots=True)
class EditLine:
    """A line of a finished dub.

    Attributes:
        number: Its place, from 1.
        id: The utterance it is of.
        start_ms: When it begins in the dub.
        source: What was said.
        spoken: What the dub says.
        text: What it is to say; the same where nothing was changed.
        rate: How much faster than its voice's own pace it is heard.
        review: Why a person should listen to it.
        edit: How it is to be besides its text, where that is not as it would be made.
        shown: How it is in the dub.
        source_start_ms: When it was said.
        source_end_ms: Until when.
        speaker: Who said it, where that is known.
        in_dub: Whether the dub says it.
    """

    number: int
    id: str
    start_ms: int
    source: str
    spoken: str
    text: str
    rate: float
    review: tuple[str, ...]
    edit: LineEdit = field(default_factory=LineEdit)
    shown: LineEdit = field(default_factory=LineEdit)
    source_start_ms: int = 0
    source_end_ms: int = 0
    speaker: str | None = None
    in_dub: bool = True

    @property
    def edited(self) -> bool:
        """Whether it is to be otherwise than it is."""
        return (self.edit.said and self.text != self.spoken) or self.edit != self.shown

    @property
    def spoken_anew(self) -> bool:
        """Whether another take of it is needed."""
        before, now = self.shown, self.edit
        takes = [(each.start_ms, each.end_ms, each.voice, each.spoken_as) for each in (before, now)]
        return self.text != self.spoken or takes[0] != takes[1]

    @property
    def as_it_is(self) -> LineAsItIs:
        """What cuts of it need."""
        start_ms, end_ms = self.source_start_ms, self.source_end_ms
        return LineAsItIs(self.id, self.source, self.text, start_ms, end_ms, self.speaker)

    def cut(self, edit: LineEdit) -> "EditLine":
        """It, as a cut of lines has it."""
        return replace(
            self,
            text=edit.text or self.text,
            source=self.source if edit.source is None else edit.source,
            source_start_ms=self.source_start_ms if edit.start_ms is None else edit.start_ms,
            source_end_ms=self.source_end_ms if edit.end_ms is None else edit.end_ms,
            speaker=edit.speaker or self.speaker,
            edit=replace(edit, text=None),
        )


NOT_THERE = EditLine(0, "", 0, "", "", "", 1.0, (), shown=LineEdit(removed=True), in_dub=False)


def _edit_of(utterance: Mapping[str, Any]) -> LineEdit:
    return replace(LineEdit().with_changes(utterance.get("edit", {})), text=None)


def edit_json(line: EditLine) -> dict[str, object]:
    """The key `edit` of a line that is otherwise; one that was cut is not translated anew."""
    text = None if line.edit.source is None else line.text
    differs = replace(line.edit, text=text).to_json()
    return {"edit": differs} if differs else {}


def edit_line(
    name: str,
    changed: Mapping[str, Any] | None,
    made: Mapping[str, Any] | None,
    originals: Collection[int],
) -> EditLine:
    """A line by the file of edits and by the dub, where it is there."""
    told = {**(made or {}), **(changed or {})}
    start_ms = told["source_start_ms"]
    edit = _edit_of(changed or made or {})
    is_kept = start_ms in originals
    shown = _edit_of(made) if made else replace(edit, removed=not is_kept, keep_original=is_kept)
    return EditLine(
        0,
        name,
        made["dub_start_ms"] if made else start_ms,
        told["source"],
        made["target"] if made else "",
        told["target"],
        made["rate"] if made else 1.0,
        tuple(made.get("review", ())) if made else (),
        edit,
        shown,
        start_ms,
        told["source_end_ms"],
        told.get("speaker"),
        made is not None,
    )


def place_of(lines: Sequence[EditLine], name: str, language: str, shown: str | None = None) -> int:
    """Which of the lines has a number or an id.

    Raises:
        LineNotThere: none has.
    """
    known = {each: at for at, line in enumerate(lines) for each in (str(at + 1), line.id)}
    if name not in known:
        raise LineNotThere(line=shown or name, language=language, lines=len(lines))
    return known[name]


def line_edits(lines: Sequence[EditLine]) -> LineEdits:
    """The lines' edits, as cuts of lines take them."""
    return LineEdits({line.id: line.edit for line in lines if line.edit != LineEdit()})


def new_id() -> str:
    """Of a line that nobody heard as one."""
    return f"{ADDED}{uuid4().hex[:8]}"
