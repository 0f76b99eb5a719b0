"""Captions timed to the dub."""

from collections.abc import Sequence
from pathlib import Path

from ytdubber.app.pipeline.artifacts import Captions, FittedLine
from ytdubber.captions.check import violations
from ytdubber.captions.cues import cues
from ytdubber.captions.speech import SpokenText
from ytdubber.captions.srt import srt
from ytdubber.captions.vtt import vtt
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.media import Interval
from ytdubber.domain.provenance import Provenance
from ytdubber.files.encrypted import write_bytes


def caption(
    lines: Sequence[FittedLine],
    kept: Sequence[KeptPassage],
    language: str,
    provenance: Provenance,
    total_ms: int,
    scratch: Path,
) -> Captions:
    """Write `captions.srt` and `captions.vtt` into `scratch`, and check them. What is kept of the
    original is shown as it was said.
    """
    spoken = [
        SpokenText(
            line.text,
            Interval(line.placement.start_ms, line.placement.end_ms),
            line.slot.speaker,
        )
        for line in lines
    ]
    spoken += [
        SpokenText(said.text, Interval(said.start_ms, said.end_ms), said.speaker)
        for passage in kept
        for said in passage.said
    ]
    if kept:
        spoken.sort(key=lambda text: text.interval)
    shown = cues(spoken, language, total_ms)
    files = scratch / "captions.srt", scratch / "captions.vtt"
    texts = srt(shown), vtt(shown, provenance.locales[0], provenance.comment)
    for file, text in zip(files, texts, strict=True):
        write_bytes(file, text.encode())
    return Captions(shown, violations(shown, spoken, language), files)
