"""Engines that remember: a result is stored before anybody sees it and never made twice.

The key is the SHA-256 of the engine's identity, the parameters and the input, so that a changed
line is made again alone, and a changed engine makes everything again. What is not remembered is
made through a guard, which may count, limit and repeat it; what another process is having made is
waited for.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from ytdubber.app.guard import Guard, Work, unguarded
from ytdubber.app.turns import TakesTurns, Turns
from ytdubber.audio.sealed import open_file, read_bytes, write_bytes
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import CallUnderWay, Fault, VendorError, YtDubberError
from ytdubber.domain.media import AudioFile
from ytdubber.domain.usage import Quantity
from ytdubber.domain.voice import Voice
from ytdubber.log import get_logger
from ytdubber.ports.call import Call
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.shortener import Overrun, Shortener
from ytdubber.ports.speech_synthesizer import SpeakerTraits, SpeakRequest, Speech, SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText, Transcription
from ytdubber.ports.translator import Line, Translation, Translator

LOOK_S = 0.2
"""How often it is looked whether what another process is having made is there."""
FORMAT = 2
"""Raised whenever what is stored changes its shape."""

_NONSENSE = b"null"
_TRANSCRIPTION = TypeAdapter(Transcription)
_TRANSLATION = TypeAdapter(Translation)
_SPEECH = TypeAdapter(Speech)

log = get_logger(__name__)

Made = TypeVar("Made", Transcription, Translation, Speech)


def _key(engine: EngineId, operation: str, **parameters: object) -> str:
    parts = [FORMAT, asdict(engine), operation, parameters]
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _file_sha256(path: Path) -> str:
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _characters(count: int) -> tuple[Quantity, ...]:
    return (Quantity("characters", Decimal(count)),)


def _read(form: TypeAdapter[Made], stored: bytes) -> Made:
    """A result made before: its receipt says that nothing was used now."""
    made = form.validate_json(stored)
    return replace(made, receipt=replace(made.receipt, quantities=(), measured=(), elapsed_ms=0))


@dataclass(slots=True)
class _Kept(Generic[Made]):
    """Saves what was made, once."""

    save: Callable[[Made], None]
    done: bool = False

    def __call__(self, made: Made) -> None:
        if not self.done:
            self.save(made)
            self.done = True


@dataclass(frozen=True, slots=True)
class _Memory:
    """Results by key; the same is not made by two at once."""

    results: ResultStore
    turns: TakesTurns
    guard: Guard

    def once(self, work: Work, form: TypeAdapter[Made], make: Callable[[], Made]) -> Made:
        """What is stored under the work's key, or what `make` gives, stored."""

        def load() -> Made | None:
            stored = self.results.load(work.key)
            if stored == _NONSENSE:
                detail = "its answer to these lines together made no sense"
                raise VendorError(work.engine.provider, Fault.BAD_OUTPUT, detail)
            return None if stored is None else _read(form, stored)

        def save(made: Made) -> None:
            self.results.save(work.key, form.dump_json(made))

        return self._remembered(work, load, make, save)

    def several(self, work: Work, lines: int, make: Callable[[], Translation]) -> Translation:
        """The same for lines that can be asked for apart. Where they were, because the answer to
        all of them made no sense, that answer is not paid for again.
        """

        def made() -> Translation:
            try:
                return make()
            except VendorError as error:
                if error.fault is Fault.BAD_OUTPUT and lines > 1:
                    self._note_nonsense(work.key)
                raise

        return self.once(work, _TRANSLATION, made)

    def _note_nonsense(self, key: str) -> None:
        try:
            self.results.save(key, _NONSENSE)
        except YtDubberError as error:  # the book has to know what the answer cost all the same
            log.warning("result.not_kept", error=error)

    def speech(self, work: Work, into: Path, make: Callable[[], Speech]) -> Speech:
        """The same for speech, whose sound goes into a file."""
        key = work.key

        def load() -> Speech | None:
            stored, sound = self.results.load(key), self.results.load(f"{key}.wav")
            if stored is None or sound is None:
                return None
            write_bytes(into, sound)
            speech = _read(_SPEECH, stored)
            return replace(speech, audio=replace(speech.audio, path=into))

        def save(made: Speech) -> None:
            self.results.save(f"{key}.wav", read_bytes(into))
            self.results.save(key, _SPEECH.dump_json(made))

        return self._remembered(work, load, make, save)

    def _remembered(
        self,
        work: Work,
        load: Callable[[], Made | None],
        make: Callable[[], Made],
        save: Callable[[Made], None],
    ) -> Made:
        keep = _Kept(save)
        with self.turns.take(work.key):
            while (made := load()) is None:
                try:
                    made = self.guard(replace(work, keep=keep), make)
                except CallUnderWay:
                    work.call.check()
                    time.sleep(LOOK_S)
                else:
                    keep(made)
                    break
            return made


class RememberedSpeechToText:
    """A `SpeechToText` that hears a recording once.

    Args:
        inner: Hears.
        results: What was heard before.
        guard: Stands before `inner`.
        turns: Of all that share `results`.
    """

    def __init__(
        self,
        inner: SpeechToText,
        results: ResultStore,
        guard: Guard = unguarded,
        turns: TakesTurns | None = None,
    ) -> None:
        self._inner = inner
        self._memory = _Memory(results, turns or Turns(), guard)

    @property
    def engine(self) -> EngineId:
        """The inner engine."""
        return self._inner.engine

    @property
    def languages(self) -> frozenset[str]:
        """The inner engine's."""
        return self._inner.languages

    def transcribe(
        self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: Call
    ) -> Transcription:
        """As the inner engine, or as it did before."""
        key = _key(
            self.engine,
            "transcribe",
            audio=_file_sha256(audio.path),
            language=language,
            glossary=list(glossary),
        )
        seconds = Decimal(audio.samples) / audio.sample_rate_hz
        units = ["audio_seconds", *(["keyterm_seconds"] if glossary else [])]
        size = tuple(Quantity(unit, seconds) for unit in units)
        work = Work(call, self.engine, "transcribe", size, key)
        return self._memory.once(
            work,
            _TRANSCRIPTION,
            lambda: self._inner.transcribe(audio, language, glossary, call),
        )

    def warm_up(self) -> None:
        """Warm up the inner engine."""
        self._inner.warm_up()

    def close(self) -> None:
        """Close the inner engine."""
        self._inner.close()


class RememberedTranslator:
    """A `Translator` that translates the same lines once.

    Lengths wished for are not part of the key: they are learned anew with every job, and what was
    translated is not paid for again because of them.

    Args:
        inner: Translates.
        results: What was translated before.
        guard: Stands before `inner`.
        turns: Of all that share `results`.
    """

    def __init__(
        self,
        inner: Translator,
        results: ResultStore,
        guard: Guard = unguarded,
        turns: TakesTurns | None = None,
    ) -> None:
        self._inner = inner
        self._memory = _Memory(results, turns or Turns(), guard)

    def engine(self, source: str, target: str) -> EngineId:
        """The inner engine's."""
        return self._inner.engine(source, target)

    def translates(self, source: str, target: str) -> bool:
        """As the inner engine says."""
        return self._inner.translates(source, target)

    def translate(
        self, lines: Sequence[Line], source: str, target: str, glossary: Sequence[str], call: Call
    ) -> Translation:
        """As the inner engine, or as it did before."""
        engine = self.engine(source, target)
        key = _key(
            engine,
            "translate",
            lines=[[each.id, each.text, each.speaker, each.before, each.after] for each in lines],
            pair=[source, target],
            glossary=list(glossary),
        )
        size = _characters(sum(len(each.text) for each in lines))
        work = Work(call, engine, "translate", size, key)
        return self._memory.several(
            work,
            len(lines),
            lambda: self._inner.translate(lines, source, target, glossary, call),
        )

    def close(self) -> None:
        """Close the inner engine."""
        self._inner.close()


class RememberedShortener:
    """A `Shortener` that shortens the same lines once.

    Args:
        inner: Shortens.
        results: What was shortened before.
        guard: Stands before `inner`.
        turns: Of all that share `results`.
    """

    def __init__(
        self,
        inner: Shortener,
        results: ResultStore,
        guard: Guard = unguarded,
        turns: TakesTurns | None = None,
    ) -> None:
        self._inner = inner
        self._memory = _Memory(results, turns or Turns(), guard)

    def engine(self, source: str, target: str) -> EngineId:
        """The inner engine's."""
        return self._inner.engine(source, target)

    def shorten(
        self,
        overruns: Sequence[Overrun],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: Call,
    ) -> Translation:
        """As the inner engine, or as it did before."""
        engine = self.engine(source, target)
        key = _key(
            engine,
            "shorten",
            overruns=[asdict(overrun) for overrun in overruns],
            pair=[source, target],
            glossary=list(glossary),
        )
        size = _characters(sum(len(each.text) for each in overruns))
        work = Work(call, engine, "shorten", size, key)
        return self._memory.several(
            work,
            len(overruns),
            lambda: self._inner.shorten(overruns, source, target, glossary, call),
        )


class RememberedSynthesizer:
    """A `SpeechSynthesizer` that speaks a line once.

    Args:
        inner: Speaks.
        results: What was spoken before.
        guard: Stands before `inner`.
        turns: Of all that share `results`.
    """

    def __init__(
        self,
        inner: SpeechSynthesizer,
        results: ResultStore,
        guard: Guard = unguarded,
        turns: TakesTurns | None = None,
    ) -> None:
        self._inner = inner
        self._memory = _Memory(results, turns or Turns(), guard)

    @property
    def engine(self) -> EngineId:
        """The inner engine."""
        return self._inner.engine

    @property
    def traits(self) -> SpeakerTraits:
        """The inner engine's."""
        return self._inner.traits

    def voices(self, language: str) -> Sequence[Voice]:
        """The inner engine's."""
        return self._inner.voices(language)

    def speak(self, request: SpeakRequest, into: Path, call: Call) -> Speech:
        """As the inner engine, or as it did before."""
        key = _key(self.engine, "speak", **asdict(request))
        work = Work(call, self.engine, "speak", _characters(len(request.text)), key)
        return self._memory.speech(
            work,
            into,
            lambda: self._inner.speak(request, into, call),
        )

    def warm_up(self) -> None:
        """Warm up the inner engine."""
        self._inner.warm_up()

    def close(self) -> None:
        """Close the inner engine."""
        self._inner.close()
