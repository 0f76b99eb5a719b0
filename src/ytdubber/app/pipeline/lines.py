"""A line of a dub from stage to stage: each knows all that was known of it before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.review import Reasons, merged
from ytdubber.domain.scoreboard import ScoredLine, pauses_between
from ytdubber.domain.timing import Placement, PlannedLine, Slot
from ytdubber.domain.transcript import Utterance


@dataclass(frozen=True, slots=True)
class ScriptedLine:
    """What was said, what to say instead, and where there is room for it.

    Attributes:
        utterance: What was said.
        slot: Its place and room.
        text: What to say; what is said once it is spoken, which may be shorter.
        review: Why it needs review.
    """

    utterance: Utterance
    slot: Slot
    text: str
    review: Reasons = ()

    @property
    def id(self) -> str:
        """The same from the transcript to the finished dub."""
        return self.utterance.id


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line as an engine spoke it, and where it should go."""

    scripted: ScriptedLine
    audio: AudioFile
    planned: PlannedLine


@dataclass(frozen=True, slots=True)
class FittedLine:
    """A line as it is spoken, and where it goes.

    Attributes:
        scripted: What it says.
        audio: Its sound, at its voice's own pace.
        placement: Where it goes.
        pauses: When it is silent there for a while.
    """

    scripted: ScriptedLine
    audio: AudioFile
    placement: Placement
    pauses: tuple[Interval, ...] = ()

    @property
    def id(self) -> str:
        """As of the line in the script."""
        return self.scripted.id

    @property
    def utterance(self) -> Utterance:
        """What was said."""
        return self.scripted.utterance

    @property
    def text(self) -> str:
        """What is said instead."""
        return self.scripted.text

    @property
    def interval(self) -> Interval:
        """When it is heard."""
        return Interval(self.placement.start_ms, self.placement.end_ms)

    @property
    def review(self) -> Reasons:
        """Why it needs review."""
        return merged(self.scripted.review, self.placement.review)

    @property
    def scored(self) -> ScoredLine:
        """The line as the scoreboard counts it."""
        return ScoredLine(
            speaker=self.utterance.speaker,
            source_start_ms=self.utterance.start_ms,
            source_end_ms=self.utterance.end_ms,
            room_ms=self.scripted.slot.room_ms,
            dub_start_ms=self.placement.start_ms,
            dub_end_ms=self.placement.end_ms,
            rate=self.placement.rate,
            source_pauses=pauses_between(word.interval for word in self.utterance.words),
            dub_pauses=self.pauses,
        )


def scripted_lines(
    utterances: Sequence[Utterance],
    slots: Sequence[Slot],
    texts: Mapping[str, str],
    review: Mapping[str, Reasons],
) -> Iterator[ScriptedLine]:
    """A line for each utterance, in order.

    Args:
        utterances: What was said.
        slots: Each one's place and room.
        texts: What to say, by utterance id.
        review: Why lines need review, by the ids of those that do.
    """
    place = {slot.utterance_id: slot for slot in slots}
    for each in utterances:
        yield ScriptedLine(each, place[each.id], texts[each.id], review.get(each.id, ()))
