"""Every line spoken: at the voice's own pace, and again faster where it overflows its room."""

from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

from ytdubber.app.pipeline.artifacts import SpokenLine
from ytdubber.domain.timing import Slot, rate_needed
from ytdubber.domain.usage import Receipt
from ytdubber.domain.voice import Voice
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakRequest, SpeechSynthesizer

STRETCHED_ALONE = 1.03
"""Up to this rate a line is only stretched: nobody hears it, and speaking again takes long."""


@dataclass(frozen=True, slots=True)
class _Speaker:
    """One voice speaking into a folder."""

    synthesizer: SpeechSynthesizer
    voice: Voice
    scratch: Path
    call: Call

    def line(self, slot: Slot, text: str) -> tuple[SpokenLine, list[Receipt]]:
        """Speak a line so that it fits its slot as well as the engine can."""
        self.call.check()
        request = SpeakRequest(text, self.voice.language, self.voice.id)
        name = slot.utterance_id
        own = self.synthesizer.speak(request, self.scratch / f"{name}.wav", self.call)
        natural_ms = own.audio.duration_ms
        needed = rate_needed(natural_ms, slot)
        speed = round(min(needed, self.synthesizer.speed_range[1]), 2)
        if needed <= STRETCHED_ALONE or speed <= 1.0:
            return SpokenLine(slot, own.audio, natural_ms, 1.0), [own.receipt]
        self.call.check()
        request = replace(request, speed=speed)
        again = self.synthesizer.speak(request, self.scratch / f"{name}.fast.wav", self.call)
        receipts = [own.receipt, again.receipt]
        if again.audio.duration_ms >= natural_ms:
            return SpokenLine(slot, own.audio, natural_ms, 1.0), receipts
        return SpokenLine(slot, again.audio, natural_ms, speed), receipts


def speak(
    slots: Sequence[Slot],
    texts: Mapping[str, str],
    voice: Voice,
    synthesizer: SpeechSynthesizer,
    scratch: Path,
    call: Call,
) -> tuple[tuple[SpokenLine, ...], list[Receipt]]:
    """All lines, spoken as many at once as the engine likes, the longest first.

    Args:
        slots: Where each line must fit, in order.
        texts: What to say, by utterance id.
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
    pool = ThreadPoolExecutor(synthesizer.concurrency, thread_name_prefix="speak")
    order = sorted(slots, key=lambda slot: -len(texts[slot.utterance_id]))
    total = sum(len(text) for text in texts.values()) or 1
    try:
        made = {pool.submit(speaker.line, slot, texts[slot.utterance_id]): slot for slot in order}
        pending, done_chars = set(made), 0
        while pending:
            done, pending = wait(pending, timeout=0.1, return_when=FIRST_EXCEPTION)
            call.check()
            for future in done:
                future.result()
                done_chars += len(texts[made[future].utterance_id])
            call.progress(done_chars / total)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    results = {slot.utterance_id: future.result() for future, slot in made.items()}
    lines = tuple(results[slot.utterance_id][0] for slot in slots)
    return lines, [receipt for _, receipts in results.values() for receipt in receipts]
