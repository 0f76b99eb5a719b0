"""Every line spoken: all at the voice's own pace, then those that must be faster again."""

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.pipeline.artifacts import SpokenLine
from ytdubber.domain.timing import PlannedLine, Slot, plan
from ytdubber.domain.usage import Receipt
from ytdubber.domain.voice import Voice
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakRequest, Speech, SpeechSynthesizer

STRETCHED_ALONE = 1.03
"""Up to this rate a line is only stretched: nobody hears it, and speaking again takes long."""
_FIRST_SHARE = 0.85  # of the stage's time, spent on speaking at the voice's own pace


@dataclass(frozen=True, slots=True)
class _Wish:
    """A line to speak: its id, its text and how fast."""

    utterance_id: str
    text: str
    speed: float


def speak(
    slots: Sequence[Slot],
    texts: Mapping[str, str],
    total_ms: int,
    voice: Voice,
    synthesizer: SpeechSynthesizer,
    scratch: Path,
    call: Call,
) -> tuple[tuple[SpokenLine, ...], list[Receipt]]:
    """All lines, spoken and planned, as many at once as the engine likes, the longest first.

    Args:
        slots: Each line's place in the original, in order.
        texts: What to say, by utterance id.
        total_ms: The length of the recording.
        voice: Who says it.
        synthesizer: The voice's engine.
        scratch: Where the sound files go.
        call: The work this belongs to.

    Returns:
        The lines in the order of the slots, and a receipt for every call made.

    Raises:
        VendorError: the engine could not do it.
    """
    speaker = _Speaker(synthesizer, voice, scratch, call)
    wishes = [_Wish(slot.utterance_id, texts[slot.utterance_id], 1.0) for slot in slots]
    own = speaker.all(wishes, 0.0, _FIRST_SHARE)
    natural_ms = [own[slot.utterance_id].audio.duration_ms for slot in slots]
    planned = plan(slots, natural_ms, total_ms)
    hurried = [
        _Wish(wish.utterance_id, wish.text, speed)
        for wish, line in zip(wishes, planned, strict=True)
        if (speed := _speed(line, synthesizer)) > 1.0
    ]
    fast = speaker.all(hurried, _FIRST_SHARE, 1.0)
    speeds = {wish.utterance_id: wish.speed for wish in hurried}
    lines = []
    for slot, line, length in zip(slots, planned, natural_ms, strict=True):
        speech, speed = own[slot.utterance_id], 1.0
        again = fast.get(slot.utterance_id)
        if again is not None and again.audio.duration_ms < length:
            speech, speed = again, speeds[slot.utterance_id]
        lines.append(SpokenLine(slot, line, speech.audio, length, speed))
    return tuple(lines), [speech.receipt for speech in (*own.values(), *fast.values())]


def _speed(line: PlannedLine, synthesizer: SpeechSynthesizer) -> float:
    """The speed to ask of the engine; 1.0 to leave the line as it was spoken."""
    if line.rate <= STRETCHED_ALONE:
        return 1.0
    return round(min(line.rate, synthesizer.speed_range[1]), 2)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """One voice speaking into a folder."""

    synthesizer: SpeechSynthesizer
    voice: Voice
    scratch: Path
    call: Call

    def all(self, wishes: Sequence[_Wish], begin: float, end: float) -> dict[str, Speech]:
        """Speak the lines; progress goes from `begin` to `end`."""
        total = sum(len(wish.text) for wish in wishes) or 1
        pool = ThreadPoolExecutor(self.synthesizer.concurrency, thread_name_prefix="speak")
        try:
            order = sorted(wishes, key=lambda wish: -len(wish.text))
            made = {pool.submit(self._one, wish): wish for wish in order}
            pending, done_chars = set(made), 0
            while pending:
                done, pending = wait(pending, timeout=0.1, return_when=FIRST_EXCEPTION)
                self.call.check()
                for future in done:
                    future.result()
                    done_chars += len(made[future].text)
                self.call.progress(begin + (end - begin) * done_chars / total)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        return {wish.utterance_id: future.result() for future, wish in made.items()}

    def _one(self, wish: _Wish) -> Speech:
        self.call.check()
        request = SpeakRequest(wish.text, self.voice.language, self.voice.id, wish.speed)
        into = self.scratch / f"{wish.utterance_id}-{wish.speed:.2f}.wav"
        return self.synthesizer.speak(request, into, self.call)
