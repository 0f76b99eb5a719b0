"""The texts of a recording that all its dubs share: what is said in it, and its captions."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ytdubber.app.pipeline.artifacts import OutputFile
from ytdubber.app.pipeline.texts import transcript_json
from ytdubber.captions.original import original_captions
from ytdubber.domain.caption_variant import CaptionVariant
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.script import ScriptLine
from ytdubber.domain.transcript import Transcript


@dataclass(frozen=True, slots=True)
class OriginalText:
    """One of them: its place in the dub, what it is, and what it holds."""

    path: str
    kind: str
    data: bytes

    @property
    def output(self) -> OutputFile:
        """It as a finished file."""
        digest = hashlib.sha256(self.data).hexdigest()
        ending = self.path.rpartition(".")[2]
        return OutputFile(self.path, self.kind, ending, len(self.data), digest)


def original_texts(
    transcript: Transcript,
    kept: Sequence[KeptPassage],
    total_ms: int,
    variants: Iterable[CaptionVariant] = (),
    sounds: Sequence[ScriptLine] = (),
) -> tuple[OriginalText, ...]:
    """`transcript.json` first, then the captions.

    Args:
        transcript: What is said and dubbed.
        kept: What the dubs have as it is.
        total_ms: The length of the recording.
        variants: The captions wanted besides the usual ones.
        sounds: What is heard besides.
    """
    captions = original_captions(transcript, kept, total_ms, variants, sounds)
    return (
        OriginalText("transcript.json", "transcript", transcript_json(transcript, kept)),
        *(OriginalText(path, kind, data) for path, (kind, data) in captions.items()),
    )
