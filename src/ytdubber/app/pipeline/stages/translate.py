"""The same lines in another language, as long as their time allows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ytdubber.app.localization import localize
from ytdubber.domain.budget import budget, choose
from ytdubber.domain.casting import Speaker
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.review import Reasons, ReviewReason
from ytdubber.domain.timing import Slot
from ytdubber.domain.transcript import Transcript
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine
from ytdubber.ports.operations import Translate
from ytdubber.ports.translator import Line, TranslatedLine, Translation


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
    translator: Engine,
    glossary: Sequence[str],
    call: CallContext,
) -> Translated:
    """The target text of every utterance; of several offered, the one that fits.

    What is spoken in the target already stays as it is. What is in a language that nobody
    translates stays, too, and needs review.

    Args:
        transcript: What was said.
        slots: Each utterance's place and room.
        target: The language to translate into.
        chars_per_second: How fast the voice does that speaks each speaker's lines.
        translator: Translates.
        glossary: Terms to write as they are given.
        call: The work this belongs to.

    Raises:
        VendorError: the engine could not do it; `bad_output` when lines are missing or empty.
    """
    main = transcript.source_for(target) or transcript.language
    lines: dict[str, list[Line]] = {main: []}
    for language, line in _lines(transcript, slots, chars_per_second):
        lines.setdefault(language, []).append(line)
    found: dict[str, TranslatedLine] = {}
    engine = translator.describe(Translate((), main, target))
    for source, asked in lines.items():
        able = source == main or translator.supports(Translate((), source, target))
        if source == target or not able:
            why = () if source == target else (ReviewReason.NOT_TRANSLATED,)
            found |= {line.id: TranslatedLine(line.id, line.text, review=why) for line in asked}
        elif asked:
            made = _asked(asked, source, target, translator, glossary, call)
            found |= {line.id: line for line in made.lines}
            engine = made.receipt.engine if source == main else engine
    texts = {
        slot.utterance_id: choose(
            _candidates(found[slot.utterance_id], at, transcript, target),
            slot,
            chars_per_second[slot.speaker],
        )
        for at, slot in enumerate(slots)
    }
    review = {line.id: line.review for line in found.values() if line.review}
    return Translated(texts, engine, review)


def _lines(
    transcript: Transcript, slots: Sequence[Slot], chars_per_second: Mapping[Speaker, float]
) -> Iterator[tuple[str, Line]]:
    """What there is to translate and from which language, with the length that each line's time
    allows.
    """
    places = {slot.utterance_id: slot for slot in slots}
    spoken_until_ms = 0
    for utterance in transcript.utterances:
        chars = budget(places[utterance.id], chars_per_second[utterance.speaker])
        yield (
            transcript.language_of(utterance),
            Line(
                utterance.id,
                utterance.text,
                max_chars=chars.max_chars,
                speaker=utterance.speaker,
                target_chars=chars.target_chars,
                min_chars=chars.min_chars,
                pause_before_ms=max(0, utterance.start_ms - spoken_until_ms),
            ),
        )
        spoken_until_ms = utterance.end_ms


def _asked(
    lines: Sequence[Line],
    source: str,
    target: str,
    translator: Engine,
    glossary: Sequence[str],
    call: CallContext,
) -> Translation:
    """The translation of exactly these lines."""
    made = translator.run(Translate(lines, source, target, glossary), call)
    found = {line.id: line for line in made.lines}
    lost = [line.id for line in lines if line.id not in found or not found[line.id].text.strip()]
    if lost or len(made.lines) != len(lines):
        detail = f"the translation does not have the lines asked for ({', '.join(lost[:5])})"
        raise VendorError(
            made.receipt.engine.provider, ErrorKind.BAD_OUTPUT, detail, receipt=made.receipt
        )
    return made


def _candidates(line: TranslatedLine, at: int, said: Transcript, target: str) -> list[str]:
    """What the translator offers for the line at a position, in the target's way of writing."""
    source, spoken = said.utterances[at].text, said.language_of(said.utterances[at])
    if spoken == target:
        return [line.text]
    around = " ".join(each.text for each in said.utterances[max(0, at - 1) : at + 2])
    offered = [line.text, *(text for text in line.alternatives if text.strip())]
    return [localize(source, text, spoken, target, around) for text in offered]
