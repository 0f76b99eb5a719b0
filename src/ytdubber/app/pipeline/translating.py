"""What to say in another language, at the pace of whoever says it."""

from collections.abc import Sequence
from dataclasses import replace

from ytdubber.app.casting import Cast
from ytdubber.app.engines import Engines
from ytdubber.app.pipeline.artifacts import Prepared
from ytdubber.app.pipeline.paces import paces
from ytdubber.app.pipeline.stages.translate import translate
from ytdubber.app.pipeline.translated_script import TranslatedScript
from ytdubber.domain.timing import slots
from ytdubber.ports.call_context import CallContext


def translated_script(
    prepared: Prepared,
    engines: Engines,
    cast: Cast,
    language: str,
    glossary: Sequence[str],
    call: CallContext,
) -> TranslatedScript:
    """All of it.

    Raises:
        VendorError: it could not be translated.
    """
    transcript, total_ms = prepared.transcript, prepared.total_ms
    rooms = slots(transcript.utterances, total_ms, prepared.kept_intervals)
    translated = translate(
        transcript,
        rooms,
        language,
        paces(engines.rates, cast, transcript),
        engines.translator,
        glossary,
        call,
    )
    return TranslatedScript(
        transcript,
        rooms,
        translated.texts,
        translated.engine,
        total_ms,
        translated.review,
        kept=prepared.kept,
    )


def translated_anew(
    script: TranslatedScript,
    engines: Engines,
    cast: Cast,
    language: str,
    glossary: Sequence[str],
    call: CallContext,
) -> TranslatedScript:
    """A given script in which lines are translated of which a person put right what was said, and
    not what is to be said; all others are as they are given.

    Raises:
        VendorError: they could not be translated.
    """
    stale = script.edits.stale
    said = tuple(each for each in script.transcript.utterances if each.id in stale)
    if not said:
        return script
    transcript = replace(script.transcript, utterances=said)
    made = translate(
        transcript,
        [slot for slot in script.rooms if slot.utterance_id in stale],
        language,
        paces(engines.rates, cast, transcript),
        engines.translator,
        glossary,
        call,
    )
    review = {**script.review, **made.review}
    return replace(script, texts={**script.texts, **made.texts}, review=review)
