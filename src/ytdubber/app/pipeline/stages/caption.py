"""Captions timed to the dub."""

from collections.abc import Sequence

from ytdubber.app.pipeline.artifacts import Captions
from ytdubber.app.pipeline.file_entry import TextFile
from ytdubber.app.pipeline.lines import FittedLine
from ytdubber.app.pipeline.translated_script import TranslatedScript
from ytdubber.captions.bilingual import BilingualText, bilingual
from ytdubber.captions.check import violations
from ytdubber.captions.cues import Cue, cues
from ytdubber.captions.original import caption_text
from ytdubber.captions.sdh import with_names_and_sounds
from ytdubber.captions.speech import SpokenText
from ytdubber.captions.srt import srt
from ytdubber.captions.vtt import vtt
from ytdubber.domain.caption_variant import CaptionVariant
from ytdubber.domain.provenance import Provenance


def caption(
    script: TranslatedScript,
    lines: Sequence[FittedLine],
    variants: Sequence[CaptionVariant],
    provenance: Provenance,
) -> Captions:
    """`captions.srt` and `captions.vtt`, checked; then the variants that are asked for, as
    `captions.sdh.srt`. What is kept of the original is shown as it was said.
    """
    (language,) = provenance.languages
    total_ms = script.total_ms
    kept = [caption_text(said) for passage in script.kept for said in passage.said]
    spoken = [SpokenText(line.text, line.interval, line.utterance.speaker) for line in lines] + kept
    if kept:
        spoken.sort(key=lambda text: text.interval)
    shown = cues(spoken, language, total_ms)
    made = {"captions": ("captions", shown)}
    for variant in variants:
        if variant is CaptionVariant.SDH:
            heard = with_names_and_sounds(spoken, script.sounds)
            other = cues(heard, language, total_ms)
        else:
            other = bilingual(_both(script, lines), language, script.transcript.language, total_ms)
        made[f"captions.{variant}"] = variant.kind, other
    files = [
        TextFile(f"{language}/{name}.{ending}", kind, text.encode())
        for name, (kind, each) in made.items()
        for ending, text in _written(each, provenance).items()
    ]
    return Captions(shown, violations(shown, spoken, language), tuple(files))


def _both(script: TranslatedScript, lines: Sequence[FittedLine]) -> list[BilingualText]:
    """What the dub says and what it says it for; of what is kept, what was said alone."""
    both = [BilingualText(line.text, line.utterance.text, line.interval) for line in lines]
    kept = (caption_text(each) for passage in script.kept for each in passage.said)
    return both + [BilingualText("", each.text, each.interval) for each in kept]


def _written(shown: Sequence[Cue], provenance: Provenance) -> dict[str, str]:
    """Cues in every format, by its ending."""
    return {"srt": srt(shown), "vtt": vtt(shown, provenance.locales[0], provenance.comment)}
