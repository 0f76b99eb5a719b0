"""The finished files of one language: voice and mix, levelled, in every format asked for."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ytdubber.audio.ducking import Ducking
from ytdubber.audio.levels import GainSetting
from ytdubber.audio.loudness import SILENCE_LUFS
from ytdubber.audio.mastering_job import LevelsBefore
from ytdubber.audio.mix_record import MixRecord
from ytdubber.audio.mixing import EarlierFiles, Made, Material, Mixing
from ytdubber.audio.profiles import YOUTUBE, Content, Deliverable, LoudnessProfile
from ytdubber.audio.timeline import Clip
from ytdubber.domain.media import AudioFile

__all__ = ["Clip", "Deliverable", "Ducking", "Mastered", "master"]


@dataclass(frozen=True, slots=True)
class Mastered:
    """A finished file.

    Attributes:
        deliverable: What was asked for.
        bytes: Its size.
        sha256: Its digest, in hex.
        sample_rate_hz: Its rate: the timeline's, or 48 kHz where the format does not have that.
        channels: Its channel count.
        samples: Samples a channel put into it.
        integrated_lufs: The integrated loudness of what it decodes to; -70 for silence.
        target_lufs: What that was to be, or the dialogue's where the profile levels by it; None for
            a stem, which is as loud as it is in the mix.
        dialogue_lufs: The gated loudness of the voice within it, before its limiter; -70 for
            silence.
        true_peak_dbtp: The true peak of what it decodes to; -inf for silence.
        setting: What it was levelled with.
        record: How it was mixed, of a FLAC file that is not a stem.
        watermark: Whether the voice in it carries the watermark.
    """

    deliverable: Deliverable
    bytes: int
    sha256: str
    sample_rate_hz: int
    channels: int
    samples: int
    integrated_lufs: float
    target_lufs: float | None
    dialogue_lufs: float
    true_peak_dbtp: float
    setting: GainSetting
    record: MixRecord | None = None
    watermark: bool = False

    @property
    def gain_db(self) -> float:
        """The gain before its limiter."""
        return self.setting.gain_db

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.deliverable.path


def master(
    clips: Sequence[Clip],
    background: AudioFile | None,
    total_samples: int,
    deliverables: Sequence[Deliverable],
    *,
    sample_rate_hz: int = 48_000,
    profile: LoudnessProfile = YOUTUBE,
    ducking: Ducking | None = None,
    check: Callable[[], None] = lambda: None,
    progress: Callable[[float], None] = lambda done: None,
    held: LevelsBefore = {},  # noqa: B006  # only read
    earlier: EarlierFiles = {},  # noqa: B006  # only read
    basis: str = "",
    watermark: bool = False,
) -> tuple[Mastered, ...]:
    """Mix, level, limit and encode one language.

    Args:
        clips: The spoken lines.
        background: The music and effects, at `sample_rate_hz`, one or two channels; padded with
            silence or cut to `total_samples`. None for a mix of the voice alone.
        total_samples: The length of every deliverable.
        deliverables: The files to write; the voice is mono, the mix has the background's channels,
            and so have the stems, both of which come with a mix of their format, which is lossless.
        sample_rate_hz: The timeline's rate.
        profile: How loud.
        ducking: Whether and how the background steps back.
        check: Called for every block of two seconds; raises to cancel, which removes what was
            written.
        progress: Told how much is done, 0 to 1, never backwards.
        held: What files are levelled with in any case, as long as it keeps their loudness.
        earlier: Files of an earlier mix, of which what did not change is taken over.
        basis: What tells the background, and everything else that is not said here, from others.
        watermark: Whether the lines that a machine speaks carry the watermark.

    Returns:
        One for each deliverable, in order.
    """
    try:
        with tempfile.TemporaryDirectory(dir=deliverables[0].path.parent) as scratch:
            mixing = Mixing(
                Material(clips, background, total_samples, sample_rate_hz, ducking, watermark),
                profile,
                Path(scratch),
                basis,
                check,
                progress,
            )
            made = mixing(deliverables, held, earlier)
    except BaseException:
        for deliverable in deliverables:
            deliverable.path.unlink(missing_ok=True)
        raise
    progress(1.0)
    spoken = watermark and any(clip.synthetic for clip in clips)
    return tuple(_mastered(each, spoken) for each in made)


def _mastered(made: Made, watermark: bool) -> Mastered:
    job, levels = made.job, made.levels
    content = job.deliverable.content
    dialogue_lufs = levels.dialogue_lufs(Content.VOICE if content is Content.VOICE else Content.MIX)
    target_lufs = levels.reached_lufs(job.setting, job.loudness.integrated_lufs)
    if dialogue_lufs > SILENCE_LUFS:
        dialogue_lufs += job.setting.gain_db
    return Mastered(
        deliverable=job.deliverable,
        bytes=job.encoded.bytes,
        sha256=job.encoded.sha256,
        sample_rate_hz=job.sample_rate_hz,
        channels=made.channels,
        samples=job.encoded.samples,
        integrated_lufs=job.loudness.integrated_lufs,
        target_lufs=None if content.is_stem else target_lufs,
        dialogue_lufs=dialogue_lufs,
        true_peak_dbtp=job.loudness.true_peak_dbtp,
        setting=job.setting,
        record=made.record,
        watermark=watermark and content is not Content.BACKGROUND_STEM,
    )
