"""Lines longer than an engine takes at once, spoken in parts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from ytdubber.audio.speech import joined
from ytdubber.domain.engine import EngineId
from ytdubber.domain.punctuation import ends_sentence, parts_of
from ytdubber.domain.usage import total
from ytdubber.domain.voice import Voice
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakerTraits, SpeakRequest, Speech, SpeechSynthesizer

LONGEST = 50_000
"""The longest text that is taken: this bounds a mistake."""
SENTENCE_PAUSE_MS = 200
CLAUSE_PAUSE_MS = 100
"""Pauses between the parts of a line, by how a part ends."""


class SplitLong:
    """A `SpeechSynthesizer` that takes texts of any length.

    What the inner engine takes at once is passed on as it is. Longer texts are parted at sentence
    ends, clause ends or spaces, and the parts joined without a click, to the sample. Put it around
    an engine that remembers: a part that was spoken is not spoken again because a later one failed.
    """

    def __init__(self, inner: SpeechSynthesizer) -> None:
        self._inner = inner

    @property
    def engine(self) -> EngineId:
        """The inner engine."""
        return self._inner.engine

    @property
    def traits(self) -> SpeakerTraits:
        """The inner engine's, without its limit."""
        return replace(self._inner.traits, max_chars=LONGEST)

    def voices(self, language: str) -> Sequence[Voice]:
        """The inner engine's."""
        return self._inner.voices(language)

    def speak(self, request: SpeakRequest, into: Path, call: Call) -> Speech:
        """As the inner engine; one receipt over all parts."""
        limit = self._inner.traits.max_chars
        if len(request.text) <= limit or len(request.text) > LONGEST:
            return self._inner.speak(request, into, call)
        texts = parts_of(request.text, limit, request.language)
        spoken: list[Speech] = []
        try:
            for number, part in enumerate(self._requests(request, texts)):
                call.check()
                path = into.with_name(f"{into.stem}.part{number}.wav")
                spoken.append(self._inner.speak(part, path, call))
            pauses = [
                SENTENCE_PAUSE_MS
                if ends_sentence(text, request.language, following)
                else CLAUSE_PAUSE_MS
                for text, following in pairwise(texts)
            ]
            audio = joined([each.audio for each in spoken], pauses, into)
        finally:
            for number in range(len(texts)):
                into.with_name(f"{into.stem}.part{number}.wav").unlink(missing_ok=True)
        return Speech(audio, total([each.receipt for each in spoken]))

    def _requests(self, request: SpeakRequest, texts: Sequence[str]) -> list[SpeakRequest]:
        """One request a part, each with its neighbours where the engine listens to them."""
        parts = [replace(request, text=text) for text in texts]
        if self._inner.traits.uses_context:
            around = [request.before, *texts, request.after]
            parts = [
                replace(part, before=around[place], after=around[place + 2])
                for place, part in enumerate(parts)
            ]
        return parts

    def warm_up(self) -> None:
        """Warm up the inner engine."""
        self._inner.warm_up()

    def close(self) -> None:
        """Close the inner engine."""
        self._inner.close()
