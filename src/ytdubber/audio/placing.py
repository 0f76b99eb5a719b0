"""A source's sound on its own timeline: each sample where its timestamp says (ADR 16)."""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ytdubber.audio.downmix import Samples, channel_names, has_no_names, to_float, to_stereo
from ytdubber.audio.source import Frame, Refused, Source, is_known_shape

# What an encoder and a decoder put before the first sample, where the container does not say:
# one frame of AAC (ISO/IEC 14496-3: a decoder's first frame is only the window's rise) and WMA, a
# block of AC-3 (ATSC A/52: 256), an MPEG filterbank's 481 and 528 + 1, and LAME's 576.
WHOLE_FRAME = -1
PRIMING = {
    "aac": WHOLE_FRAME, "wmav1": WHOLE_FRAME, "wmav2": WHOLE_FRAME, "ac3": 256, "eac3": 256,
    "mp2": 481, "mp2float": 481, "mp3": 1105, "mp3float": 1105,
}  # fmt: skip
# Before the first sample there is next to nothing; a stream cut out of another has sound there.
PRIMING_POWER = 0.1
# Containers whose time 0 is the recording's, though nothing else may begin there.
WITH_ZERO = ("mov", "matroska")
MAX_LEAD_S = 60.0
"""A sound alone that begins later than that was cut out of something longer."""
TOLERANCE_S = 0.012
"""Timestamps may be so far off: less than any codec's frame, more than a live recorder's jitter."""
LOOK_AHEAD_S, MAX_LOOK_AHEAD_S = 2.0, 10.0
"""How long timestamps must stay off to be believed: as long as they are off, between these."""
DRIFT_S = 10.0
"""Slower than over so long, timestamps may run apart from the samples without being holes."""
MAX_OVERLAP_S = 0.25
"""A step back is an overlap up to here, and from here on a clock that was set anew."""
TOLD_S = 0.05
TOLD_DRIFT_S = 0.1


@dataclass(slots=True)
class Block:
    """Samples float32[n, 1 or 2] with the rate and channel count they came with.

    `start_s` and `lost_s` are its frame's: see `Frame`.
    """

    samples: Samples
    rate_hz: int
    channels: int
    start_s: float | None = None
    lost_s: float | None = None

    @property
    def duration_s(self) -> float:
        """Its length."""
        return len(self.samples) / self.rate_hz

    def without_first(self, samples: int) -> "Block":
        """The rest of it."""
        start_s = None if self.start_s is None else self.start_s + samples / self.rate_hz
        return replace(self, samples=self.samples[samples:], start_s=start_s)


class Placing:
    """Puts a source's frames on its timeline.

    Attributes:
        lead_s: Silence before the first sample.
        primed: Samples of an encoder's priming that were left out.
        zero_s: The container's time where the timeline begins.
        end_s: Where all of it ends so far.
    """

    def __init__(self, source: Source, max_duration_s: float) -> None:
        self._source, self._max_duration_s = source, max_duration_s
        self._tick_s = source.tick_s
        self._fine_s = min(2.0 * self._tick_s, TOLERANCE_S)
        self._origin_s: float | None = None  # the container's time where the timeline begins
        self._unseen_s = 0.0  # lost sound that timestamps do not count
        self._drift_s = 0.0
        self._suspects: list[tuple[Block, float]] = []  # and how late each seems
        self._suspects_at_s = self._suspects_s = 0.0
        self._holes: list[tuple[float, float]] = []  # start and length
        self._overlap_s = 0.0
        self._unnamed = 0  # channels
        self._after_s = 0.0  # silence under the picture's end
        self._last: Block | None = None
        self.lead_s = self.end_s = self.zero_s = 0.0
        self.primed = 0

    def blocks(self) -> Iterator[Block]:
        """All of the sound, and silence where some of it is missing.

        Raises:
            Refused: it cannot be all within the longest recording that we take.
        """
        for block in self._unprimed():
            late_s = self._late_s(block)
            if abs(late_s) <= self._fine_s and not self._suspects:  # nearly all
                yield self._in_place(block, late_s)
            else:
                yield from self._take(block)
        while self._suspects:
            yield from self._settle()

    def after(self) -> Iterator[Block]:
        """Silence from the sound's end to the picture's."""
        end_s, header_s = self._source.picture_end, self._source.container_duration_s
        if end_s is None or self._origin_s is None or self._last is None:
            return
        end_s -= self._origin_s
        if header_s is not None:  # one packet's timestamp alone is not believed
            end_s = min(end_s, header_s + 1.0)
        if end_s > self._max_duration_s:
            raise Refused("too_long")
        self._after_s = max(0.0, end_s - self.end_s)
        yield from self._silence(self._last, self._after_s)

    @property
    def end_of_sound_s(self) -> float:
        """Where its sound ends, whatever the picture does."""
        return self.end_s - self._after_s

    def notes(self) -> list[str]:
        """What a person should know of it, each as the rest of a sentence on the file."""
        notes = [self._source.chosen_among]
        if self.lead_s > TOLD_S:
            notes.append(f"its sound begins {self.lead_s:.2f} s late: silence stands before it")
        if self._holes:
            notes.append(_told_holes(self._holes))
        if self._overlap_s:
            notes.append(f"{self._overlap_s:.2f} s of it were there twice and are heard once")
        if abs(self._drift_s) > TOLD_DRIFT_S:
            notes.append(
                f"its sound and its timestamps run {abs(self._drift_s):.2f} s apart by its end;"
                " its sound's own pace was kept"
            )
        if self._unnamed:
            notes.append(
                f"nothing says what its {self._unnamed} channels are: they were taken in the usual"
                " order (left, right, centre, low effects, surrounds)"
            )
        if self._after_s > TOLD_S:
            notes.append(f"its picture lasts {self._after_s:.2f} s longer than its sound")
        return [note for note in notes if note]

    def _converted(self) -> Iterator[Block]:
        shape = (0, 0)
        names: list[str] = []
        for frame in self._source.frames():
            audio = frame.audio
            samples = to_float(audio)
            found = (audio.sample_rate, samples.shape[1])
            if found != shape:
                if not samples.size or (shape[0] and not is_known_shape(*found)):
                    continue  # a damaged frame of a sound that has begun
                shape = found
                names = channel_names(audio.layout)
                if shape[1] > 2 and has_no_names(audio.layout):
                    self._unnamed = shape[1]
            if shape[1] > 2:
                samples = to_stereo(samples, names)
            yield Block(samples, *shape, self._start_of(frame), frame.lost_s)

    def _start_of(self, frame: Frame) -> float | None:
        if frame.lost_s:
            self._unseen_s += frame.lost_s
        ticks = frame.audio.pts
        if ticks is None:
            return None
        return ticks * self._tick_s + self._unseen_s

    def _unprimed(self) -> Iterator[Block]:
        """The blocks without what an encoder put before the first sample."""
        blocks = self._converted()
        head: list[Block] = []
        for block in blocks:
            if not head:
                need = self._priming(block)
            head.append(block)
            if sum(each.samples.shape[0] for each in head) >= 2 * need:
                break
        if not head:
            return
        first_s = head[0].start_s
        if need and _is_priming([each.samples for each in head], need):
            self.primed = need
            head = _without_first(head, need)
        self._origin_s = self._origin(first_s, head[0].start_s)
        known = self._source.picture_start if self._origin_s is None else self._origin_s
        self.zero_s = known or 0.0
        yield from head
        yield from blocks

    def _priming(self, first: Block) -> int:
        if self._source.trimmed:
            return 0
        samples = PRIMING.get(self._source.codec_name, 0)
        return first.samples.shape[0] if samples == WHOLE_FRAME else samples

    def _origin(self, stated_s: float | None, start_s: float | None) -> float | None:
        """Where the timeline begins, for a sound whose first sample is at `start_s`.

        Args:
            stated_s: The time of its first sample, priming and all.
            start_s: Without priming.
        """
        if stated_s is None or start_s is None:
            return None
        picture_s = self._source.picture_start
        if picture_s is not None:
            return min(picture_s, start_s)
        has_zero = any(name in self._source.container_name for name in WITH_ZERO)
        if has_zero and not self._source.from_zero and 0.0 <= stated_s <= MAX_LEAD_S:
            return start_s - stated_s
        return start_s

    def _take(self, block: Block) -> Iterator[Block]:
        """Place a block, or keep it until its place is certain."""
        late_s = self._late_s(block)
        if abs(late_s) <= self._tolerance_s(block):
            yield from self._release()
            yield self._in_place(block, late_s)
            return
        if not self._suspects:
            self._suspects_at_s, self._suspects_s = self.end_s, 0.0
        self._suspects.append((block, late_s))
        self._suspects_s += block.duration_s
        self.end_s += block.duration_s
        known = block.lost_s is not None and len(self._suspects) == 1
        look_ahead_s = min(MAX_LOOK_AHEAD_S, max(LOOK_AHEAD_S, abs(late_s)))
        if self._suspects_s >= (0.0 if known and late_s < 1.0 else look_ahead_s):
            yield from self._settle()

    def _late_s(self, block: Block) -> float:
        """How much later than the sound before it the block says it is."""
        if block.start_s is None or self._origin_s is None:
            return 0.0
        late_s = block.start_s - self._origin_s - self.end_s - self._drift_s
        return late_s if abs(late_s) > 1e-9 else 0.0

    def _tolerance_s(self, block: Block) -> float:
        """Two ticks where silence is certain to be silence: at the start, and after a loss."""
        certain = self._last is None or block.lost_s is not None
        return self._fine_s if certain else max(TOLERANCE_S, self._fine_s)

    def _in_place(self, block: Block, late_s: float) -> Block:
        if late_s:
            self._drift_s += late_s * min(1.0, block.duration_s / DRIFT_S)
        return self._placed(block)

    def _release(self) -> Iterator[Block]:
        """Place those that were only jittering."""
        suspects, self._suspects = self._suspects, []
        self.end_s -= self._suspects_s if suspects else 0.0
        for block, _ in suspects:
            yield self._placed(block)

    def _placed(self, block: Block) -> Block:
        self.end_s += block.duration_s
        self._last = block
        return block

    def _settle(self) -> Iterator[Block]:
        """Place those that stayed off: after a hole, over an overlap or by a new clock."""
        suspects, self._suspects = self._suspects, []
        self.end_s = self._suspects_at_s
        blocks = [block for block, _ in suspects]
        late_s = self._agreed_s([each for _, each in suspects], blocks[0])
        if late_s > 0.0:
            yield from self._hole(blocks[0], late_s)
        elif -MAX_OVERLAP_S <= late_s < 0.0 and self._last is not None:
            overlap = min(round(-late_s * blocks[0].rate_hz), _samples(blocks) - 1)
            self._overlap_s += overlap / blocks[0].rate_hz
            blocks = _without_first(blocks, overlap)
        elif self._origin_s is not None:
            self._origin_s += statistics.median(each for _, each in suspects)
        for number, block in enumerate(blocks):
            if number == 0:
                yield self._placed(block)
            else:
                yield from self._take(block)

    def _agreed_s(self, late_s: list[float], first: Block) -> float:
        """By how much all of them are off, to the sample where ticks allow; 0 if they disagree."""
        nearest = min(late_s, key=abs)
        if any(each * nearest <= 0.0 for each in late_s):
            return 0.0
        tick_s = self._tick_s
        agreed = statistics.median(each for each in late_s if abs(each - nearest) <= 2 * tick_s)
        frame_s = first.duration_s
        whole = round(agreed / frame_s) * frame_s
        coarse = tick_s * first.rate_hz > 1.0 and self._last is not None
        return whole if coarse and whole and abs(agreed - whole) <= 1.5 * tick_s else agreed

    def _hole(self, block: Block, late_s: float) -> Iterator[Block]:
        if self.end_s + late_s > self._max_duration_s:
            hours = (self.end_s + late_s) / 3600
            raise Refused(
                "unsupported",
                f"its timestamps jump to {hours:.3g} hours, past the longest that we take;"
                " copy its sound into a new file and try that",
            )
        if self._last is None:
            self.lead_s = late_s
        else:
            self._holes.append((self.end_s, late_s))
        yield from self._silence(block, late_s)

    def _silence(self, like: Block, seconds: float) -> Iterator[Block]:
        """Silence in blocks of at most a second."""
        left = round(seconds * like.rate_hz)
        silence = np.zeros((min(left, like.rate_hz), like.samples.shape[1]), np.float32)
        while left > 0:
            block = Block(silence[:left], like.rate_hz, like.channels)
            left -= block.samples.shape[0]
            self.end_s += block.duration_s
            yield block


def _is_priming(samples: list[Samples], need: int) -> bool:
    """Whether the first `need` samples are next to silent beside as many after them."""
    if len({each.shape[1] for each in samples}) != 1:
        return False
    powers = np.concatenate(samples)[: 2 * need].astype(np.float64) ** 2
    return bool(powers[:need].sum() <= PRIMING_POWER * powers[need:].sum())


def _samples(blocks: list[Block]) -> int:
    return sum(block.samples.shape[0] for block in blocks)


def _without_first(blocks: list[Block], samples: int) -> list[Block]:
    """The blocks without their first samples; what is gone entirely is left out."""
    rest = []
    for block in blocks:
        cut = min(samples, block.samples.shape[0])
        samples -= cut
        if cut < block.samples.shape[0]:
            rest.append(block.without_first(cut) if cut else block)
    return rest or [blocks[-1].without_first(0)]


def _told_holes(holes: list[tuple[float, float]]) -> str:
    total_s = sum(length for _, length in holes)
    places = ", ".join(f"{int(at) // 60}:{at % 60:04.1f}" for at, _ in holes[:3])
    more = f" and {len(holes) - 3} more" if len(holes) > 3 else ""
    return f"{total_s:.2f} s of it are missing (at {places}{more}): silence stands there"
