"""The same lines in another language, as long as their time allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ytdubber.app.localization import localize
from ytdubber.domain.budget import budget, choose
from ytdubber.domain.casting import Speaker
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Fault, VendorError
from ytdubber.domain.review import Reasons
from ytdubber.domain.timing import Slot
from ytdubber.domain.transcript import Transcript
from ytdubber.ports.call import Call
from ytdubber.ports.translator import Line, TranslatedLine, Translator


@dataclass(frozen=True, slots=True)
class Translated:
    """What to say.

    Attributes:
        texts: By utterance id.
        engine: Who translated.
        review: Why a line needs review, by the ids of those that do.
    """

    texts: Mapping[str, str]
    engine: EngineId
    review: Mapping[str, Reasons]


def translate(
    transcript: Transcript,
    slots: Sequence[Slot],
    target: str,
    chars_per_second: Mapping[Speaker, float],
    translator: Translator,
    glossary: Sequence[str],
    call: Call,
) -> Translated:
    """The target text of every utterance; of several offered, the one that fits.

    Args:
        transcript: What was said.
        slots: Each utterance's place and room, in the same order.
        target: The language to translate into.
        chars_per_second: How fast the voice does that speaks each speaker's lines.
        translator: Translates.
        glossary: Terms to write as they are given.
        call: The work this belongs to.

    Raises:
        VendorError: the engine could not do it; `bad_output` when lines are missing or empty.
    """
    lines = []
    spoken_until_ms = 0
    for utterance, slot in zip(transcript.utterances, slots, strict=True):
        chars = budget(slot, chars_per_second[utterance.speaker])
        lines.append(
            Line(
                utterance.id,
                utterance.text,
                max_chars=chars.max_chars,
                speaker=utterance.speaker,
                target_chars=chars.target_chars,
                min_chars=chars.min_chars,
                pause_before_ms=max(0, utterance.start_ms - spoken_until_ms),
            )
        )
        spoken_until_ms = utterance.end_ms
    made = translator.translate(lines, transcript.language, target, glossary, call)
    found = {line.id: line for line in made.lines}
    lost = [line.id for line in lines if line.id not in found or not found[line.id].text.strip()]
    if lost or len(made.lines) != len(lines):
        detail = f"the translation does not have the lines asked for ({', '.join(lost[:5])})"
        raise VendorError(
            made.receipt.engine.provider, Fault.BAD_OUTPUT, detail, receipt=made.receipt
        )
    texts = {
        slot.utterance_id: choose(
            _candidates(found[slot.utterance_id], at, transcript, target),
            slot,
            chars_per_second[slot.speaker],
        )
        for at, slot in enumerate(slots)
    }
    review = {line.id: line.review for line in made.lines if line.review}
    return Translated(texts, made.receipt.engine, review)


def _candidates(line: TranslatedLine, at: int, said: Transcript, target: str) -> list[str]:
    """What the translator offers for the line at a position, in the target's way of writing."""
    source = said.utterances[at].text
    around = " ".join(each.text for each in said.utterances[max(0, at - 1) : at + 2])
    offered = [line.text, *(text for text in line.alternatives if text.strip())]
    return [localize(source, text, said.language, target, around) for text in offered]
