"""Every line spoken at its voice's own pace, and shortened where the translator can and it must.

No line is spoken again to be faster: what is still too long is stretched (ADR 15).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.pipeline.artifacts import SpokenLine
from ytdubber.domain.facts import keeps_facts
from ytdubber.domain.schedule import plan
from ytdubber.domain.timing import RULES, PlannedLine, Slot
from ytdubber.domain.voice import Voice
from ytdubber.engines.map_concurrently import map_concurrently
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.call import Call
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.speech_synthesizer import SpeakRequest, Speech
from ytdubber.ports.translator import Translation

ROUNDS = 2
"""How often shorter texts are asked for."""
_FIRST_SHARE = 0.8  # of the stage's time, spent on every line before any is shortened

AskShorter = Callable[[Sequence[Overrun]], Translation]
"""Asks the translator for shorter texts."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a voice took, at its own pace, for so many characters."""

    voice: Voice
    chars: int
    natural_ms: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """All lines of a dub, spoken.

    Attributes:
        lines: In the order of their slots.
        paces: Every voice's.
    """

    lines: tuple[SpokenLine, ...]
    paces: tuple[Pace, ...]


@dataclass(frozen=True, slots=True)
class _Wish:
    """A line to speak: whose it is and its text."""

    utterance_id: str
    text: str


@dataclass(slots=True)
class _Take:
    """A line at its voice's own pace."""

    slot: Slot
    source: str
    text: str
    speech: Speech

    @property
    def natural_ms(self) -> int:
        return self.speech.audio.duration_ms


def speak(
    slots: Sequence[Slot],
    sources: Sequence[str],
    texts: Mapping[str, str],
    total_ms: int,
    voices: Mapping[str, Voice],
    synthesizer: Synthesizer,
    shorten: AskShorter | None,
    scratch: Path,
    call: Call,
) -> Spoken:
    """All lines, spoken and planned, as many at once as the engine likes, the longest first.

    Args:
        slots: Each line's place in the original, in order.
        sources: What was said in each.
        texts: What to say, by utterance id.
        total_ms: The length of the recording.
        voices: Who says it, by utterance id.
        synthesizer: The voices' engine.
        shorten: Gives shorter texts, where the translator can.
        scratch: Where the sound files go.
        call: The work this belongs to.

    Raises:
        VendorError: an engine could not do it.
    """
    around = _around(slots, texts) if synthesizer.traits.uses_context else {}
    booth = _Booth(synthesizer, voices, around, scratch, call)
    spoken = booth.record(
        [_Wish(s.utterance_id, texts[s.utterance_id]) for s in slots],
        0.0,
        _FIRST_SHARE if shorten else 1.0,
    )
    takes = [
        _Take(slot, source, texts[slot.utterance_id], spoken[slot.utterance_id])
        for slot, source in zip(slots, sources, strict=True)
    ]
    paces = _paces(takes, voices)
    planned = plan(slots, [take.natural_ms for take in takes], total_ms)
    for _ in range(ROUNDS):
        overruns = _overruns(takes, planned)
        if shorten is None or not overruns or not _shortened(takes, shorten(overruns), booth):
            break
        planned = plan(slots, [take.natural_ms for take in takes], total_ms)
    lines = [
        SpokenLine(take.slot, line, take.text, take.speech.audio)
        for take, line in zip(takes, planned, strict=True)
    ]
    return Spoken(tuple(lines), paces)


def _around(slots: Sequence[Slot], texts: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """What a speaker says just before and after each line; nothing where somebody else speaks.

    These are the texts before any was shortened, so that a line does not change with its neighbour.
    """

    def said(place: int, speaker: str | None) -> str:
        if not 0 <= place < len(slots) or slots[place].speaker != speaker:
            return ""
        return texts[slots[place].utterance_id]

    return {
        slot.utterance_id: (said(place - 1, slot.speaker), said(place + 1, slot.speaker))
        for place, slot in enumerate(slots)
    }


def _paces(takes: Sequence[_Take], voices: Mapping[str, Voice]) -> tuple[Pace, ...]:
    paces: dict[Voice, Pace] = {}
    for take in takes:
        voice = voices[take.slot.utterance_id]
        before = paces.get(voice, Pace(voice, 0, 0))
        chars, natural_ms = before.chars + len(take.text), before.natural_ms + take.natural_ms
        paces[voice] = Pace(voice, chars, natural_ms)
    return tuple(paces.values())


def _overruns(takes: Sequence[_Take], planned: Sequence[PlannedLine]) -> list[Overrun]:
    """The lines that would be heard as fast and take longer than their room."""
    return [
        Overrun(take.slot.utterance_id, take.source, take.text, take.natural_ms, take.slot.room_ms)
        for take, line in zip(takes, planned, strict=True)
        if line.rate > RULES.comfortable_rate and take.natural_ms > take.slot.source_ms
    ]


def _shortened(takes: Sequence[_Take], offered: Translation, booth: "_Booth") -> bool:
    """Speak the shorter texts that keep the facts, and keep those that take less time."""
    by_id = {take.slot.utterance_id: take for take in takes}
    wishes = []
    for line in offered.lines:
        before, source = by_id[line.id].text, by_id[line.id].source
        language = booth.voices[line.id].language
        options = [
            text
            for text in (line.text, *line.alternatives)
            if text.strip()
            and len(text) < len(before)
            and keeps_facts(before, text, language, source)
        ]
        if options:
            wishes.append(_Wish(line.id, options[0]))
    better = False
    for wish, speech in booth.record(wishes, _FIRST_SHARE, _FIRST_SHARE).items():
        take = by_id[wish]
        if speech.audio.duration_ms < take.natural_ms:
            take.speech = speech
            take.text = next(each.text for each in wishes if each.utterance_id == wish)
            better = True
    return better


@dataclass(frozen=True, slots=True)
class _Booth:
    """Voices of one engine speaking into a folder; lines and their surroundings by utterance id."""

    synthesizer: Synthesizer
    voices: Mapping[str, Voice]
    around: Mapping[str, tuple[str, str]]
    scratch: Path
    call: Call

    def record(self, wishes: Sequence[_Wish], begin: float, end: float) -> dict[str, Speech]:
        """Speak the lines; progress goes from `begin` to `end`."""
        order = sorted(wishes, key=lambda wish: -len(wish.text))
        total, done_chars = sum(len(wish.text) for wish in wishes) or 1, 0

        def made(wish: _Wish) -> None:
            nonlocal done_chars
            done_chars += len(wish.text)
            self.call.progress(begin + (end - begin) * done_chars / total)

        at_once = self.synthesizer.traits.concurrency
        spoken = map_concurrently(order, self._one, at_once, self.call.check, made)
        return {wish.utterance_id: speech for wish, speech in zip(order, spoken, strict=True)}

    def _one(self, wish: _Wish) -> Speech:
        self.call.check()
        voice = self.voices[wish.utterance_id]
        around = self.around.get(wish.utterance_id, ("", ""))
        request = SpeakRequest(wish.text, voice.language, voice.id, *around)
        into = self.scratch / f"{wish.utterance_id}-{len(wish.text)}.wav"
        return self.synthesizer.run(Synthesize(request, into), self.call)
