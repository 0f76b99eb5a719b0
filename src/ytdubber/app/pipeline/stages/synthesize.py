"""Every line spoken at its voice's own pace, and shortened where the translator can and it must.

No line is spoken again to be faster: what is still too long is stretched (ADR 15).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.pipeline.artifacts import SpokenLine
from ytdubber.domain.facts import keeps_facts
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.media import Interval
from ytdubber.domain.schedule import plan_around
from ytdubber.domain.timing import RULES, PlannedLine, Slot
from ytdubber.domain.voice import Voice
from ytdubber.engines.map_concurrently import map_concurrently
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest
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
        around: What the engine was told to be said before and after each line, by utterance id;
            empty where it asks for nothing of it.
    """

    lines: tuple[SpokenLine, ...]
    paces: tuple[Pace, ...]
    around: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _SynthesisRequest:
    """A line to speak: whose it is and its text."""

    utterance_id: str
    text: str


@dataclass(slots=True)
class _SynthesizedLine:
    """A line at its voice's own pace."""

    slot: Slot
    source: str
    text: str
    speech: Speech
    speed: float = 1.0

    @property
    def natural_ms(self) -> int:
        return self.speech.audio.duration_ms

    @property
    def paced_ms(self) -> int:
        """How long it takes at the speed that a person wants for it."""
        return max(1, round(self.natural_ms / self.speed))


def synthesize(
    slots: Sequence[Slot],
    sources: Sequence[str],
    texts: Mapping[str, str],
    total_ms: int,
    voices: Mapping[str, Voice],
    synthesizer: Synthesizer,
    shorten: AskShorter | None,
    scratch: Path,
    call: CallContext,
    kept: Sequence[Interval] = (),
    edits: LineEdits = LineEdits(),  # noqa: B008  # frozen
    before: Mapping[str, tuple[str, str]] | None = None,
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
        kept: When the original is kept, in order.
        edits: How fast a person wants lines.
        before: What the engine was told around lines when it spoke them before, by utterance id.

    Raises:
        VendorError: an engine could not do it.
    """
    around = _told(slots, texts, synthesizer, before)
    line_synthesizer = _LineSynthesizer(synthesizer, voices, around, scratch, call)
    spoken = line_synthesizer.synthesize(
        [_SynthesisRequest(s.utterance_id, texts[s.utterance_id]) for s in slots],
        0.0,
        _FIRST_SHARE if shorten else 1.0,
    )
    synthesized = [
        _SynthesizedLine(slot, source, texts[name], spoken[name], edits.of(name).speed)
        for slot, source in zip(slots, sources, strict=True)
        for name in (slot.utterance_id,)
    ]
    paces = _paces(synthesized, voices)
    planned = plan_around(slots, [each.paced_ms for each in synthesized], total_ms, kept)
    for _ in range(ROUNDS):
        overruns = _overruns(synthesized, planned)
        if (
            shorten is None
            or not overruns
            or not _shortened(synthesized, shorten(overruns), line_synthesizer)
        ):
            break
        planned = plan_around(slots, [each.paced_ms for each in synthesized], total_ms, kept)
    lines = [
        SpokenLine(each.slot, line, each.text, each.speech.audio)
        for each, line in zip(synthesized, planned, strict=True)
    ]
    return Spoken(tuple(lines), paces, around)


def speak_one(
    utterance_id: str,
    slots: Sequence[Slot],
    texts: Mapping[str, str],
    voice: Voice,
    synthesizer: Synthesizer,
    scratch: Path,
    call: CallContext,
    before: Mapping[str, tuple[str, str]],
) -> Speech:
    """One line as `speak` speaks it with the same arguments: nobody asks an engine for it twice.

    Raises:
        VendorError: an engine could not do it.
    """
    around = _told(slots, texts, synthesizer, before)
    line_synthesizer = _LineSynthesizer(synthesizer, {utterance_id: voice}, around, scratch, call)
    request = _SynthesisRequest(utterance_id, texts[utterance_id])
    return line_synthesizer.synthesize([request], 0.0, 1.0)[utterance_id]


def _told(
    slots: Sequence[Slot],
    texts: Mapping[str, str],
    synthesizer: Synthesizer,
    before: Mapping[str, tuple[str, str]] | None,
) -> dict[str, tuple[str, str]]:
    """What an engine that asks for it is told around lines: the same as before, where that is
    known.
    """
    around = _around(slots, texts) if synthesizer.capabilities.uses_context else {}
    return around | {name: told for name, told in (before or {}).items() if name in around}


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


def _paces(
    synthesized: Sequence[_SynthesizedLine], voices: Mapping[str, Voice]
) -> tuple[Pace, ...]:
    paces: dict[Voice, Pace] = {}
    for each in synthesized:
        voice = voices[each.slot.utterance_id]
        before = paces.get(voice, Pace(voice, 0, 0))
        chars, natural_ms = before.chars + len(each.text), before.natural_ms + each.natural_ms
        paces[voice] = Pace(voice, chars, natural_ms)
    return tuple(paces.values())


def _overruns(
    synthesized: Sequence[_SynthesizedLine], planned: Sequence[PlannedLine]
) -> list[Overrun]:
    """The lines that would be heard as fast and take longer than their room."""
    return [
        Overrun(each.slot.utterance_id, each.source, each.text, each.natural_ms, each.slot.room_ms)
        for each, line in zip(synthesized, planned, strict=True)
        if line.rate > RULES.comfortable_rate and each.natural_ms > each.slot.source_ms
    ]


def _shortened(
    synthesized: Sequence[_SynthesizedLine],
    offered: Translation,
    line_synthesizer: "_LineSynthesizer",
) -> bool:
    """Speak the shorter texts that keep the facts, and keep those that take less time."""
    by_id = {each.slot.utterance_id: each for each in synthesized}
    requests = []
    for line in offered.lines:
        before, source = by_id[line.id].text, by_id[line.id].source
        language = line_synthesizer.voices[line.id].language
        options = [
            text
            for text in (line.text, *line.alternatives)
            if text.strip()
            and len(text) < len(before)
            and keeps_facts(before, text, language, source)
        ]
        if options:
            requests.append(_SynthesisRequest(line.id, options[0]))
    better = False
    for utterance_id, speech in line_synthesizer.synthesize(
        requests, _FIRST_SHARE, _FIRST_SHARE
    ).items():
        known = by_id[utterance_id]
        if speech.audio.duration_ms < known.natural_ms:
            known.speech = speech
            known.text = next(each.text for each in requests if each.utterance_id == utterance_id)
            better = True
    return better


@dataclass(frozen=True, slots=True)
class _LineSynthesizer:
    """Synthesizes lines with the voices of one engine into a folder; by utterance id."""

    synthesizer: Synthesizer
    voices: Mapping[str, Voice]
    around: Mapping[str, tuple[str, str]]
    scratch: Path
    call: CallContext

    def synthesize(
        self, requests: Sequence[_SynthesisRequest], begin: float, end: float
    ) -> dict[str, Speech]:
        """Synthesize the lines; progress goes from `begin` to `end`."""
        order = sorted(requests, key=lambda request: -len(request.text))
        total, done_chars = sum(len(request.text) for request in requests) or 1, 0

        def made(request: _SynthesisRequest) -> None:
            nonlocal done_chars
            done_chars += len(request.text)
            self.call.progress(begin + (end - begin) * done_chars / total)

        at_once = self.synthesizer.capabilities.concurrency
        spoken = map_concurrently(
            order, self._synthesize, at_once, self.call.raise_if_cancelled, made
        )
        return {request.utterance_id: speech for request, speech in zip(order, spoken, strict=True)}

    def _synthesize(self, request: _SynthesisRequest) -> Speech:
        self.call.raise_if_cancelled()
        voice = self.voices[request.utterance_id]
        around = self.around.get(request.utterance_id, ("", ""))
        synthesis_request = SynthesisRequest(request.text, voice.language, voice.id, *around)
        into = self.scratch / f"{request.utterance_id}-{len(request.text)}.wav"
        return self.synthesizer.run(Synthesize(synthesis_request, into), self.call)
