"""A finished file with some of its lines otherwise: they are mixed, all else is taken over.

Mixing is the same to the bit wherever it begins, once its limiter rests: it begins some seconds
before what changed, and goes on until some seconds after. At both ends it must give the samples
that are there already; where it does not, the file is mixed as a whole.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ytdubber.audio import flac_frames, kernels
from ytdubber.audio.encode import Encoded, Encoder
from ytdubber.audio.flac_frames import Frames
from ytdubber.audio.levels import TOLERANCE_LU
from ytdubber.audio.loudness import LoudnessMeter, TruePeakMeter
from ytdubber.audio.mastering_job import Job, Metered
from ytdubber.audio.mix_record import MixRecord, PlacedClip, lufs_of, patched
from ytdubber.audio.passes import make_limiter
from ytdubber.audio.profiles import Content, Deliverable, LoudnessProfile
from ytdubber.audio.programme import Programme
from ytdubber.audio.tags import tags
from ytdubber.audio.verify import Loudness
from ytdubber.files.encrypted import open_file, open_sound

Samples = NDArray[np.float32]

LEAD_S, TAIL_S = 3.0, 3.0
"""Mixing begins so long before what is taken from it and goes on so long after what changed: a
limiter's release, 60 ms for each 8.7 dB, is over long before."""
CHECKED_S = 0.5
"""At either end, in which what is mixed must be what is there."""
MOST_S = 300.0
"""More than so much is mixed as a whole."""
_COPIED_BYTES = 1 << 20
_SAME_DB = 0.001
"""Less than what is told of a peak."""
_PEAK_REACH = 64
"""Samples between which a true peak is interpolated, and more."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A finished file of an earlier mix, the hash it is to have, and how it was mixed."""

    path: Path
    sha256: str
    record: MixRecord


@dataclass(frozen=True, slots=True)
class Part:
    """What is mixed again, in samples.

    Attributes:
        begin: Where mixing begins.
        first: The first that is taken from it.
        last: The one after the last that is.
        end: Where mixing ends.
    """

    begin: int
    first: int
    last: int
    end: int


class NotAsBefore(Exception):
    """A file cannot be made of the earlier one, and is mixed as a whole."""


def changed(
    before: Sequence[PlacedClip], now: Sequence[PlacedClip], reach: int
) -> list[tuple[int, int]]:
    """The stretches in which two mixes differ, in order and apart: where a clip is in one of them,
    and so far around it.
    """
    was, is_now = Counter(before), Counter(now)
    spans = sorted(
        (max(0, each.start - reach), each.stop + reach) for each in (was - is_now) + (is_now - was)
    )
    found: list[tuple[int, int]] = []
    for start, stop in spans:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop))
        else:
            found.append((start, stop))
    return found


def parts_of(
    spans: Sequence[tuple[int, int]], total: int, sample_rate_hz: int, frame_samples: int
) -> list[Part]:
    """What is to be mixed for stretches that changed: whole frames, and metered from a whole
    stretch of 100 ms on.

    Raises:
        NotAsBefore: it is too much.
    """
    checked, lead, tail = (round(s * sample_rate_hz) for s in (CHECKED_S, LEAD_S, TAIL_S))
    step, found = round(sample_rate_hz / 10), list[Part]()
    for start, stop in spans:
        first = max(0, start - 2 * checked) // frame_samples * frame_samples
        last = min(total, -(-(stop + tail + checked) // frame_samples) * frame_samples)
        if found and first <= found[-1].last + lead:
            first = found.pop().first
        begin = max(0, first - lead) // step * step
        found.append(Part(begin, first, last, min(total, last + checked)))
    if sum(part.last - part.first for part in found) > MOST_S * sample_rate_hz:
        raise NotAsBefore
    return found


def remix(
    programme: Programme,
    deliverable: Deliverable,
    earlier: Earlier,
    parts: Sequence[Part],
    profile: LoudnessProfile,
    held_lufs: float,
    check: Callable[[], None],
) -> Job:
    """The file, with its parts mixed again.

    Args:
        programme: What it is made of; clips within the parts have their length.
        deliverable: A FLAC file.
        earlier: The file as it was.
        parts: What is mixed again, in order and apart.
        profile: How loud it is to be.
        held_lufs: How loud it was when it was levelled.
        check: Called for every part; raises to cancel.

    Raises:
        NotAsBefore: it does not go on as it was at the end of a part, or would be too loud, too
            soft or too high.
    """
    record = earlier.record
    metered, peak_dbtp = record.metered, record.true_peak_dbtp
    highest = metered.peak_sample
    since = highest - programme.block_samples - _PEAK_REACH
    unsure = any(part.first < highest and part.last > since for part in parts)
    frames, replaced = record.frames, list[tuple[int, list[bytes]]]()
    head = b""
    for part in parts:
        check()
        mixed, voice = _mixed(programme, record, part)
        _need_same_ends(earlier, mixed, part, programme.sample_rate_hz)
        first = part.begin * 10 // programme.sample_rate_hz
        metered = _metered(programme, metered, part, first, mixed, voice)
        part_dbtp, at = _highest(programme, part, mixed)
        if part_dbtp >= peak_dbtp - _SAME_DB:
            peak_dbtp, unsure = max(peak_dbtp, part_dbtp), False
            metered = replace(metered, peak_sample=at)
        number = part.first // frames.samples
        head, encoded = _encoded(programme, deliverable, part, mixed, number)
        replaced.append((number, encoded))
        sizes = np.array([len(each) for each in encoded], np.uint64)
        frames = frames.spliced(number, Frames(frames.samples, sizes))
    lufs = lufs_of(metered.mean_squares)
    if unsure:  # what was highest is gone: now it may be anything
        raise NotAsBefore
    if abs(lufs - held_lufs) > TOLERANCE_LU or peak_dbtp > profile.ceiling_dbtp:
        raise NotAsBefore
    head = flac_frames.with_stream_info(head, frames, programme.total_samples)
    encoded_file = _written(deliverable.path, head, earlier, replaced, frames, programme)
    loudness = Loudness(lufs, peak_dbtp)
    rate_hz, setting = programme.sample_rate_hz, record.setting
    return Job(deliverable, setting, rate_hz, encoded_file, lufs, loudness, metered)


def _mixed(programme: Programme, record: MixRecord, part: Part) -> tuple[Samples, Samples]:
    """A part as it is in the file, and the voice within it before any gain."""
    content = record.setting.content
    limiter = make_limiter(programme, record.setting)
    mixed, voice = list[Samples](), list[Samples]()
    contents = frozenset((content, Content.VOICE))
    for block in programme.blocks(contents, part.begin, part.end):
        voice.append(block[Content.VOICE])
        mixed.append(limiter.process(block[content]))
    mixed.append(limiter.flush())
    return np.concatenate(mixed), np.concatenate(voice)


def _need_same_ends(earlier: Earlier, mixed: Samples, part: Part, sample_rate_hz: int) -> None:
    """Make sure that a part begins and ends as the file does that it goes into."""
    checked = round(CHECKED_S * sample_rate_hz)
    with open_sound(earlier.path) as file:
        ends = [(part.last - checked, part.last)] if part.last < file.frames else []
        ends += [(part.first, part.first + checked)] if part.first else []
        for start, stop in ends:
            file.seek(start)
            was = file.read(stop - start, dtype="int32", always_2d=True)
            now = kernels.to_24_bits(mixed[start - part.begin : stop - part.begin])
            if not np.array_equal(was, now):
                raise NotAsBefore


def _metered(
    programme: Programme, metered: Metered, part: Part, first: int, mixed: Samples, voice: Samples
) -> Metered:
    """What is metered of the file with the part in it: its first second, in which a meter begins
    anew, is as it was.
    """
    found = []
    for samples in (mixed, voice):
        meter = LoudnessMeter(programme.sample_rate_hz, samples.shape[1])
        meter.add(np.ascontiguousarray(samples))
        found.append(meter.mean_squares())
    whole = 10 if part.begin else 0
    peak = TruePeakMeter(1)
    peak.add(voice)
    return patched(
        metered, first + whole, found[0][whole:], found[1][whole:], peak.true_peak_dbtp()
    )


def _highest(programme: Programme, part: Part, mixed: Samples) -> tuple[float, int]:
    """The true peak of what is taken from a part, between the samples around it, and a sample that
    it is before by less than a block.
    """
    first, last = part.first - part.begin, part.last - part.begin
    meter = TruePeakMeter(mixed.shape[1], mixed[max(0, first - _PEAK_REACH) : first])
    for start in range(first, last, programme.block_samples):
        meter.add(mixed[start : min(last, start + programme.block_samples)])
    ended = part.last == programme.total_samples
    meter.add(mixed[last : last if ended else last + _PEAK_REACH])
    return meter.true_peak_dbtp(ended=ended), part.first + meter.peak_sample


def _encoded(
    programme: Programme, deliverable: Deliverable, part: Part, mixed: Samples, number: int
) -> tuple[bytes, list[bytes]]:
    """A part as frames, numbered from a number on, and what stands before them."""
    path = deliverable.path.with_name(f"part-{part.first}-{deliverable.path.name}")
    fields = tags(deliverable.provenance, deliverable.format) if deliverable.provenance else None
    encoder = Encoder(path, deliverable.format, programme.sample_rate_hz, mixed.shape[1], fields)
    try:
        encoder.put(np.ascontiguousarray(mixed[part.first - part.begin : part.last - part.begin]))
        frames = encoder.close().frames
        assert frames is not None  # noqa: S101 -- it is FLAC
        with open_file(path) as file:
            head = flac_frames.header(file)
            encoded = [file.read(int(size)) for size in frames.sizes]
            return head, [
                flac_frames.renumbered(frame, at) for at, frame in enumerate(encoded, number)
            ]
    finally:
        path.unlink(missing_ok=True)


def _written(
    path: Path,
    head: bytes,
    earlier: Earlier,
    replaced: Sequence[tuple[int, list[bytes]]],
    frames: Frames,
    programme: Programme,
) -> Encoded:
    """The file: what is there already, and the parts in their places."""
    old = earlier.record.frames
    digest, was, size = hashlib.sha256(), hashlib.sha256(), 0
    with open_file(earlier.path) as source, open_file(path, "wb") as target:

        def write(data: bytes) -> None:
            nonlocal size
            target.write(data)
            digest.update(data)
            size += len(data)

        def passed(count: int | None) -> Iterator[bytes]:
            """The next so many bytes of the earlier file, or all that are left."""
            while data := source.read(
                _COPIED_BYTES if count is None else min(count, _COPIED_BYTES)
            ):
                was.update(data)
                count = None if count is None else count - len(data)
                yield data

        flac_frames.header(source)
        start = source.tell()
        source.seek(0)
        deque(passed(start), 0)
        write(head)
        at = 0
        for number, encoded in replaced:
            deque(map(write, passed(old.place(number) - old.place(at))), 0)
            write(b"".join(encoded))
            at = number + len(encoded)
            deque(passed(old.place(at) - old.place(number)), 0)
        deque(map(write, passed(old.place(len(old.sizes)) - old.place(at))), 0)
        deque(passed(None), 0)
    if was.hexdigest() != earlier.sha256:
        raise NotAsBefore
    return Encoded(size, digest.hexdigest(), programme.total_samples, frames)
