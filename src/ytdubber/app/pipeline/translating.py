"""What to say in another language, at the pace of whoever says it."""

from collections.abc import Sequence
from dataclasses import replace

from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.voices import Cast
from ytdubber.app.pipeline.artifacts import Prepared
from ytdubber.app.pipeline.lines import scripted_lines
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
    lines = scripted_lines(transcript.utterances, rooms, translated.texts, translated.review)
    engine, kept = translated.engine, prepared.kept
    return TranslatedScript(transcript, tuple(lines), engine, total_ms, kept=kept)


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
    stale = {line.id: line for line in script.lines if line.id in script.edits.stale}
    if not stale:
        return script
    said = tuple(line.utterance for line in stale.values())
    transcript = replace(script.transcript, utterances=said)
    made = translate(
        transcript,
        [line.slot for line in stale.values()],
        language,
        paces(engines.rates, cast, transcript),
        engines.translator,
        glossary,
        call,
    )
    lines = (
        replace(line, text=made.texts[line.id], review=made.review.get(line.id, line.review))
        if line.id in stale
        else line
        for line in script.lines
    )
    return replace(script, lines=tuple(lines))
