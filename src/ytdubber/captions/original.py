"""Captions of what is said in a recording, as files."""

from collections.abc import Iterable, Sequence

from ytdubber.domain.caption_variant import CaptionVariant
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.languages import language_of
from ytdubber.domain.media import Interval
from ytdubber.domain.script import ScriptLine
from ytdubber.domain.transcript import Transcript, Utterance

from .cues import cues
from .sdh import with_names_and_sounds
from .speech import SpokenText
from .srt import srt
from .vtt import vtt


def original_captions(
    transcript: Transcript,
    kept: Sequence[KeptPassage],
    total_ms: int,
    variants: Iterable[CaptionVariant] = (),
    sounds: Sequence[ScriptLine] = (),
) -> dict[str, tuple[str, bytes]]:
    """`transcript.srt` and `transcript.vtt` and, where they are asked for, the same with names and
    sounds: of each its kind and what it holds.

    Args:
        transcript: What is said and dubbed.
        kept: What else is said, which the dubs have as it is.
        total_ms: No cue is shown past it.
        variants: What else is wanted.
        sounds: What is heard besides, where a person wrote it down.
    """
    said = [*transcript.utterances, *(each for passage in kept for each in passage.said)]
    spoken = sorted(map(caption_text, said), key=lambda text: text.interval)
    found = _files("transcript", "captions", spoken, transcript.language, total_ms)
    if CaptionVariant.SDH in variants:
        spoken = list(with_names_and_sounds(spoken, sounds))
        kind = CaptionVariant.SDH.kind
        found |= _files("transcript.sdh", kind, spoken, transcript.language, total_ms)
    return found


def caption_text(said: Utterance) -> SpokenText:
    """An utterance as captions show it."""
    return SpokenText(said.text, Interval(said.start_ms, said.end_ms), said.speaker)


def _files(
    name: str, kind: str, spoken: Sequence[SpokenText], language: str, total_ms: int
) -> dict[str, tuple[str, bytes]]:
    shown = cues(spoken, language, total_ms)
    texts = {"srt": srt(shown), "vtt": vtt(shown, language_of(language).locale)}
    return {f"{name}.{ending}": (kind, text.encode()) for ending, text in texts.items()}
