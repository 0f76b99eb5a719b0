"""Files mixed as a whole, or only where they differ from those of an earlier mix."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ytdubber.audio.ducking import Ducking
from ytdubber.audio.levels import Levels
from ytdubber.audio.limiter import AHEAD_MS
from ytdubber.audio.mastering import Mastering
from ytdubber.audio.mastering_job import HeldLevel, Job, LevelsBefore
from ytdubber.audio.mix_record import MixRecord, PlacedClip
from ytdubber.audio.offset import has_offset
from ytdubber.audio.passes import THREADS
from ytdubber.audio.profiles import AudioFormat, Content, Deliverable, LoudnessProfile
from ytdubber.audio.programme import Programme
from ytdubber.audio.remix import Earlier, NotAsBefore, Part, changed, parts_of, remix
from ytdubber.audio.timeline import Clip, stretch_clips
from ytdubber.audio.watermark import REACH_MS
from ytdubber.domain.media import AudioFile
from ytdubber.files.encrypted import open_file
from ytdubber.log import ContextPool, get_logger

EarlierFiles = Mapping[tuple[Content, AudioFormat], Earlier]
"""By content and format."""

_STRETCHING = 0.15  # of the time, where anything is stretched

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Material:
    """What one language is made of: as `Programme`, but that clips may have to be stretched."""

    clips: Sequence[Clip]
    background: AudioFile | None
    total_samples: int
    sample_rate_hz: int
    ducking: Ducking | None
    watermark: bool = False

    def programme(self, clips: Sequence[Clip]) -> Programme:
        """It, with clips of their own length where it is rendered."""
        bed = self.background
        offset = bed is not None and has_offset(bed)
        total, rate_hz = self.total_samples, self.sample_rate_hz
        return Programme(clips, bed, total, rate_hz, self.ducking, offset, self.watermark)


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file, with the levels of its programme and, where it may be mixed again in parts,
    how it was mixed.
    """

    job: Job
    levels: Levels
    channels: int
    record: MixRecord | None


@dataclass(frozen=True, slots=True)
class Mixing:
    """The work behind one call of `mixer.master`.

    Attributes:
        material: What is mixed.
        profile: How loud.
        scratch: For stretched lines.
        basis: What tells the background, and all else that is not said here, from others.
        check: Raises to cancel.
        progress: Told how much is done.
    """

    material: Material
    profile: LoudnessProfile
    scratch: Path
    basis: str
    check: Callable[[], None]
    progress: Callable[[float], None]

    def __call__(
        self, deliverables: Sequence[Deliverable], held: LevelsBefore, earlier: EarlierFiles
    ) -> list[Made]:
        """One for each deliverable, in order."""
        clips = self._placed()
        basis = self._whole_basis()
        again = self._again(deliverables, clips, basis, held, earlier)
        rest = [each for each in deliverables if each not in again]
        levels, jobs = self._whole(rest, held) if rest else (None, [])
        made = {job.deliverable: job for job in (*again.values(), *jobs)}
        return [self._made(made[each], levels, clips, basis) for each in deliverables]

    def _placed(self) -> list[PlacedClip]:
        """What tells each clip from others."""
        found = []
        for clip in self.material.clips:
            with open_file(clip.audio.path) as file:
                digest = hashlib.file_digest(file, "sha256")
            told = (clip.gain_db, clip.begins_whole, clip.ends_whole, clip.synthetic)
            digest.update(json.dumps(told).encode())
            found.append(PlacedClip(digest.hexdigest(), clip.start_sample, clip.end_sample))
        return found

    def _whole_basis(self) -> str:
        """The hash of all but the clips."""
        ducking, bed = self.material.ducking, self.material.background
        told = (
            self.basis,
            asdict(self.profile),
            ducking and asdict(ducking),
            bed and (bed.sample_rate_hz, bed.channels, bed.samples),
            self.material.total_samples,
            self.material.sample_rate_hz,
            self.material.watermark,
        )
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def _again(
        self,
        deliverables: Sequence[Deliverable],
        clips: Sequence[PlacedClip],
        basis: str,
        held: LevelsBefore,
        earlier: EarlierFiles,
    ) -> dict[Deliverable, Job]:
        """Those of which most is taken over; none where there are stems, which go with a mix."""
        due = list[tuple[Deliverable, Earlier, HeldLevel]]()
        if not self.basis or any(each.content.is_stem for each in deliverables):
            return {}
        for each in deliverables:
            key = each.content, each.format
            before, level = earlier.get(key), held.get(key)
            if before is None or level is None or level.setting != before.record.setting:
                continue
            if each.format is AudioFormat.FLAC and before.record.basis == basis:
                due.append((each, before, level))

        def one(of: tuple[Deliverable, Earlier, HeldLevel]) -> Job | None:
            try:
                return self._remixed(of[0], clips, *of[1:])
            except NotAsBefore:
                log.info("file.mixed_as_a_whole", file=of[0].path.name)
                return None

        with ContextPool(THREADS) as pool:
            found = zip(due, pool.map(one, due), strict=True)
            return {of[0]: job for of, job in found if job}

    def _remixed(
        self,
        deliverable: Deliverable,
        clips: Sequence[PlacedClip],
        earlier: Earlier,
        held: HeldLevel,
    ) -> Job:
        material, rate_hz = self.material, self.material.sample_rate_hz
        reach_ms = 2 * AHEAD_MS
        if material.ducking is not None:
            reach_ms += 2 * (material.ducking.attack_ms + material.ducking.release_ms)
        if material.watermark:
            reach_ms += 2 * REACH_MS
        spans = changed(earlier.record.clips, clips, round(reach_ms * rate_hz / 1000))
        frame_samples = earlier.record.frames.samples
        parts = parts_of(spans, material.total_samples, rate_hz, frame_samples)
        scratch = self.scratch / deliverable.content
        scratch.mkdir(exist_ok=True)
        programme = material.programme(self._stretched(parts, scratch))
        if programme.has_offset or not parts:
            raise NotAsBefore
        return remix(
            programme, deliverable, earlier, parts, self.profile, held.integrated_lufs, self.check
        )

    def _stretched(self, parts: Sequence[Part], scratch: Path) -> list[Clip]:
        """The clips, those within the parts as long as they are to be."""
        clips = list(self.material.clips)
        due = [
            number
            for number, clip in enumerate(clips)
            if any(clip.start_sample < p.end and clip.end_sample > p.begin for p in parts)
        ]
        fitted = stretch_clips(
            [clips[number] for number in due],
            self.material.sample_rate_hz,
            scratch,
            self.check,
            lambda _: None,
        )
        for number, clip in zip(due, fitted, strict=True):
            clips[number] = clip
        return clips

    def _whole(
        self, deliverables: Sequence[Deliverable], held: LevelsBefore
    ) -> tuple[Levels, list[Job]]:
        clips, rate_hz = self.material.clips, self.material.sample_rate_hz
        begin = _STRETCHING if any(clip.is_stretched(rate_hz) for clip in clips) else 0.0
        fitted = stretch_clips(
            clips, rate_hz, self.scratch, self.check, lambda done: self.progress(begin * done)
        )
        mastering = Mastering(
            self.material.programme(fitted),
            self.profile,
            self.check,
            lambda done: self.progress(begin + (1.0 - begin) * done),
            held,
        )
        return mastering.run(deliverables)

    def _made(
        self, job: Job, levels: Levels | None, clips: Sequence[PlacedClip], basis: str
    ) -> Made:
        content, bed = job.deliverable.content, self.material.background
        stereo = bed.channels if bed is not None else 1
        channels = 1 if content is Content.VOICE else stereo
        record, frames, metered = None, job.encoded.frames, job.metered
        if frames is not None and metered is not None and not content.is_stem:
            peak_dbtp = job.loudness.true_peak_dbtp
            record = MixRecord(basis, clips, job.setting, frames, metered, peak_dbtp)
        if levels is None:
            assert metered is not None  # noqa: S101 -- a file that is mixed in parts has it
            levels = Levels(self.profile, {Content.VOICE: metered.voice}, stereo)
        return Made(job, levels, channels, record)
