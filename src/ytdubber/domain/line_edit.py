"""What a person wants otherwise in a line of a finished dub."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

from .errors import BadField
from .pronunciation import spoken_in_line
from .spacing import one_line
from .timing import Slot

MOST_SHIFT_MS = 5_000
LEAST_GAIN_DB, MOST_GAIN_DB = -24.0, 12.0
MOST_SPEED = 1.5
MOST_LETTERS = 2_000
ADDED = "n"
"""How ids begin of lines that nobody heard as one; those of utterances do not."""


@dataclass(frozen=True, slots=True)
class LineEdit:
    """How a line differs from what was made by itself. Every field has a value that changes
    nothing.

    Attributes:
        text: What is said; None for what was translated.
        voice: The id of the voice that says it; None for its person's.
        shift_ms: How much later than its original it is to begin; negative for earlier.
        gain_db: How much louder it is.
        speed: How much faster it is than its voice's own pace, at least.
        source: What was said there, where it was misheard; without a text it is translated anew.
        removed: Whether it is not said at all.
        start_ms: When the original of it begins; None as it was heard.
        end_ms: When that ends.
        speaker: Who says it, of a line that nobody heard.
        keep_original: Whether the original is heard there as it is, and nothing said instead.
        spoken_as: What its voice says for terms of it that are written otherwise, before what the
            job has for them.
    """

    text: str | None = None
    voice: str | None = None
    shift_ms: int = 0
    gain_db: float = 0.0
    speed: float = 1.0
    source: str | None = None
    removed: bool = False
    start_ms: int | None = None
    end_ms: int | None = None
    speaker: str | None = None
    keep_original: bool = False
    spoken_as: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no line can be.

        Raises:
            BadField: a text is empty or too long, or a number is outside its bounds.
        """
        for name, text in (("text", self.text), ("source", self.source)):
            if text is not None and not (name == "text") <= len(text) <= MOST_LETTERS:
                raise BadField(field=name, reason=f"give 1 to {MOST_LETTERS} letters")
        _need("shift_ms", self.shift_ms, -MOST_SHIFT_MS, MOST_SHIFT_MS)
        _need("gain_db", self.gain_db, LEAST_GAIN_DB, MOST_GAIN_DB)
        _need("speed", self.speed, 1.0, MOST_SPEED)

    def with_changes(self, changes: Mapping[str, object]) -> "LineEdit":
        """The same, but for some fields; None stands for what was made by itself.

        Raises:
            BadField: as above.
        """
        given = {
            name: getattr(_NOTHING, name) if value is None else value
            for name, value in changes.items()
        }
        for name in ("text", "source"):
            if isinstance(text := given.get(name), str):
                given[name] = one_line(text)
        if isinstance(said := given.get("spoken_as"), Mapping):
            given["spoken_as"] = spoken_in_line(said)
        return replace(self, **given)  # type: ignore[arg-type]  # its callers check the types

    @property
    def stale(self) -> bool:
        """Whether what was said is another than was translated, and nobody translated it."""
        return self.source is not None and self.text is None and self.said

    @property
    def said(self) -> bool:
        """Whether a voice says it."""
        return not (self.removed or self.keep_original)

    @property
    def spoken_anew(self) -> bool:
        """Whether it needs another take than was made by itself."""
        changed = (self.text, self.voice) != (None, None) or bool(self.spoken_as)
        return changed or self.stale or self.placed

    @property
    def placed(self) -> bool:
        """Whether it is another stretch of the original than was heard as a line."""
        return self.start_ms is not None or self.end_ms is not None

    def to_json(self) -> dict[str, object]:
        """What differs, by field."""
        usual = asdict(_NOTHING)
        return {name: value for name, value in asdict(self).items() if value != usual[name]}


def _need(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise BadField(field=name, reason=f"give a number from {least:g} to {most:g}")


_NOTHING = LineEdit()


@dataclass(frozen=True, slots=True)
class LineEdits:
    """The edits of a dub's lines, by utterance id; lines without one are as they were made."""

    by_id: Mapping[str, LineEdit] = field(default_factory=dict)

    def of(self, utterance_id: str) -> LineEdit:
        """A line's."""
        return self.by_id.get(utterance_id, _NOTHING)

    def changed(self, utterance_id: str, changes: Mapping[str, object]) -> "LineEdits":
        """With a line changed.

        Raises:
            BadField: as `LineEdit.with_changes`.
        """
        return self.replaced(utterance_id, self.of(utterance_id).with_changes(changes))

    def replaced(self, utterance_id: str, edit: LineEdit) -> "LineEdits":
        """With a line's edit as it is given."""
        kept = {each: known for each, known in self.by_id.items() if each != utterance_id}
        return LineEdits(kept if edit == _NOTHING else kept | {utterance_id: edit})

    @property
    def heard(self) -> "LineEdits":
        """Without lines that were added and removed again: nobody hears of those."""
        of_use = {
            name: edit
            for name, edit in self.by_id.items()
            if not (edit.removed and name.startswith(ADDED))
        }
        return LineEdits(of_use)

    @property
    def stale(self) -> frozenset[str]:
        """The lines that are to be translated anew."""
        return frozenset(name for name, edit in self.by_id.items() if edit.stale)

    @property
    def keep_original(self) -> bool:
        """Whether the original of some line is heard as it is."""
        return any(edit.keep_original and not edit.removed for edit in self.by_id.values())

    @property
    def hurried(self) -> frozenset[str]:
        """The lines that a person wants faster than they are by themselves."""
        return frozenset(name for name, edit in self.by_id.items() if edit.speed > 1.0)

    @property
    def spoken_anew(self) -> set[str]:
        """The lines that another text, voice, place or pronunciation makes another take of."""
        return {name for name, edit in self.by_id.items() if edit.spoken_anew}

    def to_json(self) -> dict[str, dict[str, object]]:
        """What differs, by line and field."""
        return {each: edit.to_json() for each, edit in self.by_id.items()}


def edits_of(stored: Mapping[str, Mapping[str, object]]) -> LineEdits:
    """The edits as `to_json` wrote them.

    Raises:
        BadField: something in it is none.
    """
    return LineEdits({each: _NOTHING.with_changes(edit) for each, edit in stored.items()})


def shifted(rooms: Sequence[Slot], edits: LineEdits, total_ms: int) -> tuple[Slot, ...]:
    """The lines' places with those that a person moved where they want them; nothing begins before
    the recording or after it. A line that was moved has as much room as is left of its own, and at
    least as long as its original took.
    """
    moved = []
    for slot in rooms:
        shift_ms = edits.of(slot.utterance_id).shift_ms
        start_ms = min(max(0, slot.start_ms + shift_ms), max(0, total_ms - 1))
        by_ms = start_ms - slot.start_ms
        source_end_ms = min(slot.source_end_ms + by_ms, total_ms)
        source_end_ms = max(source_end_ms, start_ms + 1)
        room_end_ms = max(slot.room_end_ms, source_end_ms)
        moved.append(
            replace(slot, start_ms=start_ms, source_end_ms=source_end_ms, room_end_ms=room_end_ms)
            if by_ms
            else slot
        )
    return tuple(moved)
