"""The texts of a recording that all its dubs share: what is said in it, and its captions."""

from collections.abc import Iterable, Sequence

from ytdubber.app.pipeline.file_entry import TextFile
from ytdubber.app.pipeline.texts import transcript_json
from ytdubber.captions.dapt import ScriptEvent, dapt
from ytdubber.captions.original import original_captions
from ytdubber.domain.caption_variant import CaptionVariant
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval
from ytdubber.domain.script import ScriptLine
from ytdubber.domain.transcript import Transcript, Utterance


def original_texts(
    transcript: Transcript,
    kept: Sequence[KeptPassage],
    total_ms: int,
    title: str,
    variants: Iterable[CaptionVariant] = (),
    sounds: Sequence[ScriptLine] = (),
) -> tuple[TextFile, ...]:
    """`transcript.json` first, then the script and the captions.

    Args:
        transcript: What is said and dubbed.
        kept: What the dubs have as it is.
        total_ms: The length of the recording.
        title: What it is called.
        variants: The captions wanted besides the usual ones.
        sounds: What is heard besides.
    """
    captions = original_captions(transcript, kept, total_ms, variants, sounds)
    return (
        TextFile("transcript.json", "transcript", transcript_json(transcript, kept)),
        TextFile("transcript.ttml", "script", _script(transcript, kept, title, sounds)),
        *(TextFile(path, kind, data) for path, (kind, data) in captions.items()),
    )


def _script(
    transcript: Transcript,
    kept: Sequence[KeptPassage],
    title: str,
    sounds: Sequence[ScriptLine],
) -> bytes:
    said = [*transcript.utterances, *(each for passage in kept for each in passage.said)]
    events = [*map(said_event, said), *sound_events(sounds)]
    events.sort(key=lambda event: event.interval)
    return dapt(events, title, language_of(transcript.language).locale).encode()


def said_event(said: Utterance, translation: str = "") -> ScriptEvent:
    """An utterance in a script."""
    when = Interval(said.start_ms, said.end_ms)
    return ScriptEvent(when, said.text, translation, said.speaker)


def sound_events(sounds: Sequence[ScriptLine]) -> list[ScriptEvent]:
    """What else is heard, in a script."""
    return [ScriptEvent(each.interval, each.text, sound=True) for each in sounds if each.interval]
