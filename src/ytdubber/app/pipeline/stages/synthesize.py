"""Every line spoken at its voice's own pace, and shortened where the translator can and it must.

No line is spoken again to be faster: what is still too long is stretched (ADR 15).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ytdubber.app.pipeline.lines import ScriptedLine, SpokenLine
from ytdubber.domain.facts import keeps_facts
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.media import Interval
from ytdubber.domain.pronunciation import as_spoken, with_lines_own
from ytdubber.domain.schedule import plan_around
from ytdubber.domain.timing import RULES, PlannedLine
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
        lines: In order.
        paces: Every voice's.
        around: What the engine was told to be said before and after each line, by its id;
            empty where it asks for nothing of it.
    """

    lines: tuple[SpokenLine, ...]
    paces: tuple[Pace, ...]
    around: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _SynthesizedLine:
    """A line at its voice's own pace; at another speed where a person wants it so."""

    scripted: ScriptedLine
    speech: Speech
    speed: float

    @property
    def id(self) -> str:
        return self.scripted.id

    @property
    def natural_ms(self) -> int:
        return self.speech.audio.duration_ms

    @property
    def paced_ms(self) -> int:
        """How long it takes at the speed that a person wants for it."""
        return max(1, round(self.natural_ms / self.speed))


def synthesize(
    lines: Sequence[ScriptedLine],
    total_ms: int,
    voices: Mapping[str, Voice],
    synthesizer: Synthesizer,
    shorten: AskShorter | None,
    scratch: Path,
    call: CallContext,
    kept: Sequence[Interval] = (),
    edits: LineEdits = LineEdits(),  # noqa: B008  # frozen
    before: Mapping[str, tuple[str, str]] | None = None,
    spoken_as: Mapping[str, str] | None = None,
) -> Spoken:
    """All lines, spoken and planned, as many at once as the engine likes, the longest first.

    Args:
        lines: What to say, in order.
        total_ms: The length of the recording.
        voices: Who says it, by line id.
        synthesizer: The voices' engine.
        shorten: Gives shorter texts, where the translator can.
        scratch: Where the sound files go.
        call: The work this belongs to.
        kept: When the original is kept, in order.
        edits: How fast a person wants lines, and how terms are spoken in them.
        before: What the engine was told around lines when it spoke them before, by line id.
        spoken_as: What voices say for terms: see `domain.pronunciation`.

    Raises:
        VendorError: an engine could not do it.
    """
    around = _told(lines, synthesizer, before)
    said = _Pronunciation(spoken_as or {}, edits)
    line_synthesizer = _LineSynthesizer(synthesizer, voices, around, said, scratch, call)
    spoken = line_synthesizer.synthesize(lines, 0.0, _FIRST_SHARE if shorten else 1.0)
    synthesized = {
        line.id: _SynthesizedLine(line, spoken[line.id], edits.of(line.id).speed) for line in lines
    }
    paces = _paces(synthesized.values(), voices)
    planned = _planned(synthesized, total_ms, kept)
    for _ in range(ROUNDS):
        overruns = _overruns(synthesized, planned)
        if shorten is None or not overruns:
            break
        shorter = _shorter(synthesized, shorten(overruns), line_synthesizer)
        if not shorter:
            break
        synthesized |= shorter
        planned = _planned(synthesized, total_ms, kept)
    made = [
        SpokenLine(each.scripted, each.speech.audio, planned[each.id])
        for each in synthesized.values()
    ]
    return Spoken(tuple(made), paces, around)


def speak_one(
    line_id: str,
    lines: Sequence[ScriptedLine],
    voice: Voice,
    synthesizer: Synthesizer,
    scratch: Path,
    call: CallContext,
    before: Mapping[str, tuple[str, str]],
    spoken_as: Mapping[str, str],
    edits: LineEdits,
) -> Speech:
    """One line as `synthesize` speaks it with the same arguments: nobody asks an engine for it
    twice.

    Raises:
        VendorError: an engine could not do it.
    """
    around = _told(lines, synthesizer, before)
    voices = {line_id: voice}
    said = _Pronunciation(spoken_as, edits)
    line_synthesizer = _LineSynthesizer(synthesizer, voices, around, said, scratch, call)
    one = [line for line in lines if line.id == line_id]
    return line_synthesizer.synthesize(one, 0.0, 1.0)[line_id]


def _told(
    lines: Sequence[ScriptedLine],
    synthesizer: Synthesizer,
    before: Mapping[str, tuple[str, str]] | None,
) -> dict[str, tuple[str, str]]:
    """What an engine that asks for it is told around lines: the same as before, where that is
    known.
    """
    around = _around(lines) if synthesizer.capabilities.uses_context else {}
    return around | {name: told for name, told in (before or {}).items() if name in around}


def _around(lines: Sequence[ScriptedLine]) -> dict[str, tuple[str, str]]:
    """What a speaker says just before and after each line; nothing where somebody else speaks.

    These are the texts before any was shortened, so that a line does not change with its neighbour.
    """

    def said(place: int, speaker: str | None) -> str:
        if not 0 <= place < len(lines) or lines[place].slot.speaker != speaker:
            return ""
        return lines[place].text

    return {
        line.id: (said(place - 1, line.slot.speaker), said(place + 1, line.slot.speaker))
        for place, line in enumerate(lines)
    }


def _paces(
    synthesized: Iterable[_SynthesizedLine], voices: Mapping[str, Voice]
) -> tuple[Pace, ...]:
    paces: dict[Voice, Pace] = {}
    for each in synthesized:
        voice = voices[each.id]
        before = paces.get(voice, Pace(voice, 0, 0))
        chars = before.chars + len(each.scripted.text)
        paces[voice] = Pace(voice, chars, before.natural_ms + each.natural_ms)
    return tuple(paces.values())


def _planned(
    synthesized: Mapping[str, _SynthesizedLine], total_ms: int, kept: Sequence[Interval]
) -> Mapping[str, PlannedLine]:
    slots = [each.scripted.slot for each in synthesized.values()]
    lengths_ms = {name: each.paced_ms for name, each in synthesized.items()}
    hurried = {name for name, each in synthesized.items() if each.speed > 1.0}
    return plan_around(slots, lengths_ms, total_ms, kept, hurried)


def _overruns(
    synthesized: Mapping[str, _SynthesizedLine], planned: Mapping[str, PlannedLine]
) -> list[Overrun]:
    """The lines that would be heard as fast and take longer than their room."""
    return [
        Overrun(name, line.utterance.text, line.text, each.natural_ms, line.slot.room_ms)
        for name, each in synthesized.items()
        for line in (each.scripted,)
        if planned[name].rate > RULES.comfortable_rate and each.natural_ms > line.slot.source_ms
    ]


def _shorter(
    synthesized: Mapping[str, _SynthesizedLine],
    offered: Translation,
    line_synthesizer: "_LineSynthesizer",
) -> dict[str, _SynthesizedLine]:
    """The lines with the shorter texts that keep the facts and take less time, spoken."""
    wanted = []
    for offer in offered.lines:
        line = synthesized[offer.id].scripted
        language = line_synthesizer.voices[line.id].language
        options = [
            text
            for text in (offer.text, *offer.alternatives)
            if text.strip()
            and len(text) < len(line.text)
            and keeps_facts(line.text, text, language, line.utterance.text)
        ]
        if options:
            wanted.append(replace(line, text=options[0]))
    spoken = line_synthesizer.synthesize(wanted, _FIRST_SHARE, _FIRST_SHARE)
    return {
        line.id: replace(synthesized[line.id], scripted=line, speech=spoken[line.id])
        for line in wanted
        if spoken[line.id].audio.duration_ms < synthesized[line.id].natural_ms
    }


@dataclass(frozen=True, slots=True)
class _Pronunciation:
    """What voices say for terms: in all lines, and in one line of its own."""

    spoken_as: Mapping[str, str]
    edits: LineEdits

    def of(self, line: ScriptedLine, around: tuple[str, str], language: str) -> tuple[str, ...]:
        """A line and what is said around it, as an engine is given them. What a line has of its own
        does not reach its neighbours, which would be spoken anew for it.
        """
        own = with_lines_own(self.spoken_as, self.edits.of(line.id).spoken_as, language)
        beside = [as_spoken(text, self.spoken_as, language) for text in around]
        return as_spoken(line.text, own, language), *beside


@dataclass(frozen=True, slots=True)
class _LineSynthesizer:
    """Synthesizes lines with the voices of one engine into a folder; by line id."""

    synthesizer: Synthesizer
    voices: Mapping[str, Voice]
    around: Mapping[str, tuple[str, str]]
    pronunciation: _Pronunciation
    scratch: Path
    call: CallContext

    def synthesize(
        self, lines: Sequence[ScriptedLine], begin: float, end: float
    ) -> dict[str, Speech]:
        """Synthesize the lines; progress goes from `begin` to `end`."""
        order = sorted(lines, key=lambda line: -len(line.text))
        total, done_chars = sum(len(line.text) for line in lines) or 1, 0

        def made(line: ScriptedLine) -> None:
            nonlocal done_chars
            done_chars += len(line.text)
            self.call.progress(begin + (end - begin) * done_chars / total)

        at_once = self.synthesizer.capabilities.concurrency
        spoken = map_concurrently(
            order, self._synthesize, at_once, self.call.raise_if_cancelled, made
        )
        return dict(spoken)

    def _synthesize(self, line: ScriptedLine) -> tuple[str, Speech]:
        self.call.raise_if_cancelled()
        voice = self.voices[line.id]
        around = self.around.get(line.id, ("", ""))
        text, *beside = self.pronunciation.of(line, around, voice.language)
        request = SynthesisRequest(text, voice.language, voice.id, *beside)
        into = self.scratch / f"{line.id}-{len(line.text)}.wav"
        return line.id, self.synthesizer.inner.run(Synthesize(request, into), self.call)
