"""Lines longer than an engine takes at once, spoken in parts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import cast

from ytdubber.audio.speech import joined
from ytdubber.domain.punctuation import ends_sentence, parts_of
from ytdubber.domain.usage import total
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities

from .base import Middleware

LONGEST = 50_000
"""The longest text that is taken: this bounds a mistake."""
SENTENCE_PAUSE_MS = 200
CLAUSE_PAUSE_MS = 100
"""Pauses between the parts of a line, by how a part ends."""


@dataclass(frozen=True, slots=True)
class SplitText(Middleware):
    """Speaks texts of any length.

    What the inner engine takes at once is passed on as it is. Longer texts are parted at sentence
    ends, clause ends or spaces, and the parts joined without a click, to the sample. Put it around
    a cache: a part that was spoken is not spoken again because a later one failed.

    Attributes:
        capabilities: What the inner engine takes.
    """

    capabilities: TTSCapabilities

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine; one receipt over all parts."""
        most = self.capabilities.max_chars
        if isinstance(operation, Synthesize) and most < len(operation.request.text) <= LONGEST:
            return cast("Result", self._in_parts(operation, call))
        return self.inner.run(operation, call)

    def _in_parts(self, operation: Synthesize, call: CallContext) -> Speech:
        request, into = operation.request, operation.path
        texts = parts_of(request.text, self.capabilities.max_chars, request.language)
        spoken: list[Speech] = []
        try:
            for number, part in enumerate(self._requests(request, texts)):
                call.raise_if_cancelled()
                path = into.with_name(f"{into.stem}.part{number}.wav")
                spoken.append(self.inner.run(Synthesize(part, path), call))
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

    def _requests(self, request: SynthesisRequest, texts: Sequence[str]) -> list[SynthesisRequest]:
        """One request a part, each with its neighbours where the engine listens to them."""
        parts = [replace(request, text=text) for text in texts]
        if self.capabilities.uses_context:
            around = [request.before, *texts, request.after]
            parts = [
                replace(part, before=around[place], after=around[place + 2])
                for place, part in enumerate(parts)
            ]
        return parts
