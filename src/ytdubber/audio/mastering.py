"""One run of `mixer.master`: measure, converge gains, write, decode what was written, correct."""

import contextlib
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from ytdubber.audio.codec_probe import CodecEffect, Excerpts, probe
from ytdubber.audio.encode import Encoder
from ytdubber.audio.forecast import Peaks
from ytdubber.audio.levels import (
    TOLERANCE_LU,
    GainSetting,
    Levels,
    Measured,
    is_converged,
)
from ytdubber.audio.loudness import LoudnessMeter, TruePeakMeter
from ytdubber.audio.mastering_job import HeldLevel, Job, LevelsBefore, Metered
from ytdubber.audio.passes import THREADS, Chain, Samples, Sink, make_limiter, run_pass
from ytdubber.audio.profiles import Content, Deliverable, LoudnessProfile
from ytdubber.audio.programme import Programme
from ytdubber.audio.stems import StemSplitter
from ytdubber.audio.tags import tags
from ytdubber.audio.verify import Loudness, Meters, meter_file
from ytdubber.log import ContextPool

Result = TypeVar("Result")


_MAX_MEASURING_PASSES = 4
_MAX_WRITING_PASSES = 4
# What the passes cost beside each other, for progress.
_MEASURING, _WRITING, _VERIFYING = 1.0, 3.0, 0.5


class Mastering:
    """The work behind one call."""

    def __init__(
        self,
        programme: Programme,
        profile: LoudnessProfile,
        check: Callable[[], None],
        progress: Callable[[float], None],
        held: LevelsBefore,
    ) -> None:
        self._held = held
        self._programme, self._profile, self._check = programme, profile, check
        self._progress, self._told = progress, 0.0
        self._done, self._planned = 0.0, 2 * _MEASURING + _WRITING + _VERIFYING
        self._excerpts: dict[Content, Excerpts] = {}
        self._measured: dict[Content, Meters] = {}
        self._peaks: dict[Content, Peaks] = {}

    def run(self, deliverables: Sequence[Deliverable]) -> tuple[Levels, list[Job]]:
        """All of it: a job for each deliverable, with its file and what that decodes to."""
        levels = self._measure([each for each in deliverables if not each.content.is_stem])
        every = [Job(each, self._first(levels, each)) for each in deliverables]
        jobs = [job for job in every if not job.deliverable.content.is_stem]
        new = [job for job in jobs if self._before(job.deliverable) is None]
        self._probe_codecs(levels, [job for job in new if not job.deliverable.format.lossless])
        voices = [job for job in new if job.deliverable.content is Content.VOICE]
        settings = levels.under_one_ceiling([job.setting for job in voices])
        for job, setting in zip(voices, settings, strict=True):
            job.setting = setting
        due = jobs
        for turn in range(_MAX_WRITING_PASSES):
            self._planned += (_MEASURING + _WRITING + _VERIFYING) if turn else 0.0
            self._converge(levels, due if turn else new, exactly=turn > 0)
            self._write(levels, due)
            self._verify([job for job in due if not job.deliverable.format.lossless])
            if turn + 1 < _MAX_WRITING_PASSES:
                due = self._corrected(levels, due)
            if not due:
                break
        stems = [job for job in every if job.deliverable.content.is_stem]
        self._write_stems(levels, stems, jobs)
        return levels, every

    def _first(self, levels: Levels, deliverable: Deliverable) -> GainSetting:
        held = self._before(deliverable)
        return held.setting if held else levels.first(_whole(deliverable.content))

    def _before(self, deliverable: Deliverable) -> HeldLevel | None:
        return self._held.get((_whole(deliverable.content), deliverable.format))

    def _stays(self, job: Job) -> bool:
        """Whether a file is as loud as it was before, and no peak of it too high."""
        held = self._before(job.deliverable)
        return (
            held is not None
            and job.setting == held.setting
            and abs(job.loudness.integrated_lufs - held.integrated_lufs) <= TOLERANCE_LU
            and job.loudness.true_peak_dbtp <= self._profile.ceiling_dbtp
        )

    def _measure(self, deliverables: Sequence[Deliverable]) -> Levels:
        """Meter the programme as it is, and its voice in any case; keep excerpts for the codecs."""
        contents = {deliverable.content for deliverable in deliverables} | {Content.VOICE}
        lossy = {each.content for each in deliverables if not each.format.lossless}
        self._measured = {content: self._meters(content) for content in contents}
        self._peaks = {content: Peaks(self._programme.sample_rate_hz) for content in contents}
        sinks: dict[Content, list[Sink]] = {
            content: [self._measured[content].add, self._peaks[content].add] for content in contents
        }
        for content in lossy:
            self._excerpts[content] = Excerpts(self._programme.block_count)
            sinks[content].append(self._excerpts[content].add)
        self._pass(
            [Chain(self._programme, content, None, each) for content, each in sinks.items()],
            _MEASURING,
        )
        measured = {content: meter.read() for content, meter in self._measured.items()}
        return Levels(self._profile, measured, self._programme.channels(Content.MIX))

    def _probe_codecs(self, levels: Levels, jobs: Sequence[Job]) -> None:
        """Probe each lossy codec with excerpts, and allow for what it does to them."""
        effects = self._each([functools.partial(self._effect, job) for job in jobs])
        for job, effect in zip(jobs, effects, strict=True):
            job.setting = levels.first(job.deliverable.content, effect)
        self._excerpts.clear()

    def _effect(self, job: Job) -> CodecEffect:
        self._check()
        deliverable, setting = job.deliverable, job.setting
        return probe(
            self._excerpts[deliverable.content],
            make_limiter(self._programme, setting),
            deliverable.format,
            self._programme.sample_rate_hz,
            deliverable.path.parent,
        )

    def _converge(self, levels: Levels, jobs: Sequence[Job], *, exactly: bool) -> None:
        """Measure what comes out of each limiter, and raise its gain by what it ate.

        Where that leads is measured again if it is uncertain, or in any case if `exactly`; what
        ate next to nothing for certain is not measured unless `exactly`.
        """
        unconverged: dict[GainSetting, Measured | None] = {
            job.setting: None
            for job in jobs
            if levels.is_limited(job.setting) and (exactly or not self._is_converged(levels, job))
        }
        self._planned -= 0.0 if unconverged else _MEASURING
        for turn in range(_MAX_MEASURING_PASSES):
            if not unconverged:
                return
            self._planned += _MEASURING if turn else 0.0
            meters = {setting: self._loudness_meter(setting.content) for setting in unconverged}
            self._pass(
                [
                    Chain(self._programme, setting.content, setting, [meter.add])
                    for setting, meter in meters.items()
                ],
                _MEASURING,
            )
            measured = [
                Measured(setting, meter.integrated_lufs()) for setting, meter in meters.items()
            ]
            raised = {
                each.setting: levels.converge(each, unconverged[each.setting]) for each in measured
            }
            for job in jobs:
                job.setting = raised.get(job.setting, job.setting)
            unconverged = {
                raised[each.setting]: each
                for each in measured
                if each.setting != raised[each.setting]
                and (exactly or not is_converged(each.setting, raised[each.setting]))
            }

    def _is_converged(self, levels: Levels, job: Job) -> bool:
        setting = job.setting
        lufs = self._peaks[setting.content].limited_lufs(
            self._measured[setting.content].mean_squares(),
            levels.measured[setting.content].true_peak_dbtp,
            setting.gain_db,
            setting.ceiling_dbtp,
        )
        return lufs is not None and levels.may_stay(setting, lufs)

    def _write(self, levels: Levels, jobs: Sequence[Job]) -> None:
        """Write the files, and meter what is limited on its way into them."""
        jobs = sorted(jobs, key=self._slowness, reverse=True)
        peaks = {
            job.setting: TruePeakMeter(self._programme.channels(job.deliverable.content))
            for job in jobs
            if job.deliverable.format.lossless and levels.is_limited(job.setting)
        }
        loudness = {
            job.setting: self._loudness_meter(job.setting.content)
            if levels.is_limited(job.setting)
            else None
            for job in jobs
        }
        with contextlib.ExitStack() as unfinished:
            encoders = []
            for job in jobs:
                encoders.append(self._encoder(job.deliverable))
                unfinished.callback(encoders[-1].discard)
            chains = []
            for setting, meter in loudness.items():
                sinks: list[Sink] = [
                    encoder.put
                    for job, encoder in zip(jobs, encoders, strict=True)
                    if job.setting == setting
                ]
                sinks += [each.add for each in (meter, peaks.get(setting)) if each]
                limited = meter is not None
                chains.append(
                    Chain(self._programme, setting.content, setting, sinks, limited=limited)
                )
            self._pass(chains, _WRITING)
            finished = self._each([encoder.close for encoder in encoders])
            unfinished.pop_all()
        for job, encoder, encoded in zip(jobs, encoders, finished, strict=True):
            job.encoded, job.sample_rate_hz = encoded, encoder.sample_rate_hz
            unlimited, gain_db = self._measured[job.setting.content], job.setting.gain_db
            written, highest = unlimited.read(gain_db), unlimited.peak_sample
            squares = unlimited.mean_squares() * 10.0 ** (gain_db / 10.0)
            if (meter := loudness[job.setting]) is not None:
                peak = peaks.get(job.setting)
                peak_dbtp = peak.true_peak_dbtp() if peak else job.setting.ceiling_dbtp
                written = Loudness(meter.integrated_lufs(), peak_dbtp)
                squares, highest = meter.mean_squares(), peak.peak_sample if peak else 0
            job.limited_lufs = written.integrated_lufs
            if job.deliverable.format.lossless:
                job.loudness, voice = written, self._measured[Content.VOICE]
                job.metered = Metered(squares, voice.mean_squares(), voice.read(), highest)

    def _write_stems(self, levels: Levels, stems: Sequence[Job], jobs: Sequence[Job]) -> None:
        """Write what a mix consists of, through the gain it got at every moment."""
        if not stems:
            return
        self._planned += _WRITING
        mixes = {
            job.deliverable.format: job.setting
            for job in jobs
            if job.deliverable.content is Content.MIX
        }
        meters = [self._meters(Content.MIX) for _ in stems]
        with contextlib.ExitStack() as unfinished:
            encoders = []
            for job in stems:
                job.setting = mixes[job.deliverable.format]
                encoders.append(self._encoder(job.deliverable))
                unfinished.callback(encoders[-1].discard)
            splitters = []
            for audio_format in dict.fromkeys(job.deliverable.format for job in stems):
                sinks = {
                    job.deliverable.content: _both(encoder.put, meter.add)
                    for job, encoder, meter in zip(stems, encoders, meters, strict=True)
                    if job.deliverable.format is audio_format
                }
                splitters.append((mixes[audio_format], self._splitter(sinks)))
            self._pass(
                [
                    Chain(
                        self._programme,
                        Content.MIX,
                        setting,
                        [splitter.add],
                        limited=levels.is_limited(setting),
                        with_voice=True,
                    )
                    for setting, splitter in splitters
                ],
                _WRITING,
            )
            finished = self._each([encoder.close for encoder in encoders])
            unfinished.pop_all()
        for job, encoder, encoded, meter in zip(stems, encoders, finished, meters, strict=True):
            job.encoded, job.sample_rate_hz = encoded, encoder.sample_rate_hz
            job.loudness = meter.read()

    def _splitter(self, sinks: Mapping[Content, Sink]) -> StemSplitter:
        return StemSplitter(
            self._programme.channels(Content.MIX),
            sinks[Content.VOICE_STEM],
            sinks[Content.BACKGROUND_STEM],
        )

    def _verify(self, jobs: Sequence[Job]) -> None:
        """Decode the lossy files and meter what they hold."""
        metered = self._each(
            [
                functools.partial(meter_file, job.deliverable.path, job.sample_rate_hz, self._check)
                for job in jobs
            ]
        )
        for job, loudness in zip(jobs, metered, strict=True):
            job.loudness = loudness
        self._advance(_VERIFYING)

    def _corrected(self, levels: Levels, jobs: Sequence[Job]) -> list[Job]:
        """Those that have to be written again, with what they are to be written with."""
        again = []
        for job in jobs:
            if self._stays(job):
                continue
            setting = levels.corrected(job.setting, job.limited_lufs, job.loudness)
            if setting != job.setting:
                job.setting = setting
                again.append(job)
        return again

    def _slowness(self, job: Job) -> tuple[bool, int]:
        """Encoding with loss takes longest, and more channels take longer."""
        deliverable = job.deliverable
        return not deliverable.format.lossless, self._programme.channels(deliverable.content)

    def _encoder(self, deliverable: Deliverable) -> Encoder:
        return Encoder(
            deliverable.path,
            deliverable.format,
            self._programme.sample_rate_hz,
            self._programme.channels(deliverable.content),
            tags(deliverable.provenance, deliverable.format) if deliverable.provenance else None,
        )

    def _loudness_meter(self, content: Content) -> LoudnessMeter:
        return LoudnessMeter(self._programme.sample_rate_hz, self._programme.channels(content))

    def _meters(self, content: Content) -> Meters:
        return Meters(self._programme.sample_rate_hz, self._programme.channels(content))

    def _pass(self, chains: Sequence[Chain], cost: float) -> None:
        run_pass(self._programme, chains, self._check, lambda share: self._advance(share * cost))

    def _each(self, jobs: Sequence[Callable[[], Result]]) -> list[Result]:
        """The results of unrelated jobs, done two at a time."""
        with ContextPool(THREADS) as pool:
            return [future.result() for future in [pool.submit(job) for job in jobs]]

    def _advance(self, cost: float) -> None:
        self._done += cost
        told = min(1.0, self._done / self._planned)
        if told > self._told:
            self._told = told
            self._progress(told)


def _whole(content: Content) -> Content:
    """What a stem is a part of; anything else is whole."""
    return Content.MIX if content.is_stem else content


def _both(*sinks: Sink) -> Sink:
    def put(block: Samples) -> None:
        for sink in sinks:
            sink(block)

    return put
