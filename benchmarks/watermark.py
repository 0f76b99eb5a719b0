"""The watermark: whether it can be heard, whether it is found, and whether it is found where it is not.

    python -m benchmarks.watermark

writes `watermark.md` beside this. Voices are Kokoro's and people's (`watermark_material`); each is
marked, goes through a codec or under music, and is cut. Where nothing is marked, the real pattern and
as many others as make the count are looked for: to a sound without it, ours is one of them.
"""

import io
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from benchmarks.stretching import judge
from benchmarks.watermark_hearing import Heard, heard, pesq
from benchmarks.watermark_material import RATE_HZ, Sound, human_voices, machine_voices, music
from ytdubber.audio.watermark import WatermarkedTrack, pattern
from ytdubber.audio.watermark_detection import RATE_HZ as LOOKED_HZ
from ytdubber.audio.watermark_detection import (
    Presence,
    WatermarkFound,
    detect_patterns,
    detect_watermark,
)

REPORT = Path(__file__).with_suffix(".md")
LENGTHS_S = (3, 10, 30)
MOST_CUTS = {3: 6, 10: 6, 30: 2}
"""Of a voice, by length."""
OTHER_PATTERNS = 63
WORKERS = 2
HEARD_S = 40
NOISE = "street noise"

Attack = Callable[[Sound], NDArray[np.floating]]


@dataclass(frozen=True)
class Trial:
    """A voice's results: by condition and length, and what was found without the mark."""

    voice: str
    machine: bool
    heard: Heard
    pesq: list[float]
    found: dict[tuple[str, int], list[WatermarkFound]]
    unmarked: dict[str, list[WatermarkFound]]
    others: list[WatermarkFound]


def through(sound: Sound, container: str, codec: str, bit_rate: int, rate_hz: int) -> Sound:
    """Encoded and decoded again."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate_hz, layout="mono")
        if not isinstance(stream, av.AudioStream):
            raise TypeError(codec)
        if bit_rate:
            stream.bit_rate = bit_rate
        stream.codec_context.open()
        context = stream.codec_context
        resampler = av.AudioResampler(
            context.format.name, "mono", rate_hz, frame_size=context.frame_size or 1024
        )
        for frame in [*resampler.resample(_frame(sound)), *resampler.resample(None)]:
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    buffer.seek(0)
    resampler = av.AudioResampler("flt", "mono", RATE_HZ)
    with av.open(buffer, "r") as back:
        parts = [
            each.to_ndarray()[0]
            for frame in (*back.decode(audio=0), None)
            for each in resampler.resample(frame)
        ]
    return np.concatenate(parts)


def at_tempo(sound: Sound, tempo: float) -> Sound:
    """Faster or slower by FFmpeg's atempo."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=RATE_HZ, format="flt", layout="mono", time_base=Fraction(1, RATE_HZ)
    )
    changed, sink = graph.add("atempo", str(tempo)), graph.add("abuffersink")
    source.link_to(changed)
    changed.link_to(sink)
    graph.configure()
    source.push(_frame(sound, "flt"))
    source.push(None)
    parts = []
    while True:
        try:
            parts.append(cast(av.AudioFrame, sink.pull()).to_ndarray()[0])
        except (av.error.EOFError, av.error.BlockingIOError):
            return np.concatenate(parts)


def _frame(sound: Sound, form: str = "fltp") -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(sound[np.newaxis].astype(np.float32), form, "mono")
    frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
    return frame


def under(bed: Sound, below_db: float, first: int) -> Attack:
    """With music under it, softer by so much."""

    def mixed(sound: Sound) -> Sound:
        rolled = np.resize(np.roll(bed, -first), len(sound))
        gain = np.sqrt(np.mean(sound**2) / np.mean(rolled**2)) * 10 ** (-below_db / 20)
        return np.asarray(sound + gain * rolled, np.float32)

    return mixed


CODECS: dict[str, Attack] = {
    "as it is": lambda sound: sound,
    "MP3 128 kbit/s": lambda sound: through(sound, "mp3", "libmp3lame", 128_000, RATE_HZ),
    "MP3 64 kbit/s": lambda sound: through(sound, "mp3", "libmp3lame", 64_000, RATE_HZ),
    "AAC 96 kbit/s": lambda sound: through(sound, "adts", "aac", 96_000, RATE_HZ),
    "Opus 24 kbit/s": lambda sound: through(sound, "ogg", "libopus", 24_000, RATE_HZ),
    "telephone: 8 kHz, mu-law": lambda sound: through(sound, "wav", "pcm_mulaw", 0, 8_000),
    "22.05 kHz and back": lambda sound: soxr.resample(
        soxr.resample(sound, RATE_HZ, 22_050), 22_050, RATE_HZ
    ),
    "tempo 1.05": lambda sound: at_tempo(sound, 1.05),
    "12 dB softer": lambda sound: sound / 4,
}


def marked(sound: Sound) -> Sound:
    """With the watermark."""

    class Track:
        at = 0

        def render(self, samples: int) -> Sound:
            block = sound[self.at : self.at + samples]
            self.at += samples
            return block

    track = WatermarkedTrack(Track(), len(sound), RATE_HZ)
    return np.concatenate(
        [track.render(2 * RATE_HZ) for _ in range(-(-len(sound) // 2 // RATE_HZ))]
    )


def cuts(sound: NDArray[np.floating], length_s: int, seed: int) -> Iterator[NDArray[np.float32]]:
    """Pieces from all over, which begin anywhere, as they are looked at."""
    random, size = np.random.default_rng(seed), length_s * LOOKED_HZ
    looked = soxr.resample(sound, RATE_HZ, LOOKED_HZ).astype(np.float32)
    count = min(MOST_CUTS[length_s], len(looked) // size)
    for number in range(count):
        room = len(looked) // count - size
        start = number * (len(looked) // count) + int(random.integers(0, max(1, room)))
        yield looked[start : start + size]


def trial(given: tuple[int, str, bool, Sound]) -> Trial:
    """Everything of one voice."""
    seed, name, machine, voice = given
    *beds, noise = music().values()
    conditions = dict(CODECS)
    for number, below_db in enumerate((20, 10, 5, 0)):
        bed = beds[(seed + number) % len(beds)]
        conditions[f"music {below_db} dB below"] = under(bed, below_db, 48_000 * seed)
    for below_db in (20, 10):
        conditions[f"{NOISE} {below_db} dB below"] = under(noise, below_db, 48_000 * seed)
    after = marked(voice)
    found = {
        (condition, length_s): [detect_watermark([each]) for each in cuts(sound, length_s, seed)]
        for condition, attack in conditions.items()
        for sound in (attack(after),)
        for length_s in LENGTHS_S
    }
    unmarked, others = dict[str, list[WatermarkFound]](), list[WatermarkFound]()
    for condition in ("as it is", "MP3 64 kbit/s", "Opus 24 kbit/s", "music 5 dB below"):
        sound = conditions[condition](voice)
        for piece in cuts(sound, 10, seed):
            ours, *rest = detect_patterns([piece], _patterns(seed))
            unmarked.setdefault(condition, []).append(ours)
            others += rest if condition in ("as it is", "music 5 dB below") else []
    short = slice(0, HEARD_S * RATE_HZ)
    scores = pesq(judge(), voice[short], after[short])
    return Trial(name, machine, heard(voice[short], after[short]), scores, found, unmarked, others)


def _patterns(seed: int) -> NDArray[np.int8]:
    signs = np.array([-1, 1], np.int8)
    others = np.random.default_rng(seed).choice(signs, (OTHER_PATTERNS, *pattern().shape))
    return np.concatenate([pattern()[np.newaxis], others])


def of_music(seed: int) -> tuple[list[WatermarkFound], list[WatermarkFound]]:
    """What is found in music alone: of our pattern, and of others."""
    ours, others = list[WatermarkFound](), list[WatermarkFound]()
    for bed in music().values():
        for piece in cuts(bed, 10, seed):
            one, *rest = detect_patterns([piece], _patterns(seed))
            ours.append(one)
            others += rest
    return ours, others


def share(found: Sequence[WatermarkFound], presence: Presence = Presence.PRESENT) -> float:
    """Of those, in which it is so."""
    return sum(each.presence is presence for each in found) / max(1, len(found))


def report(trials: Sequence[Trial], alone: Sequence[tuple[list[WatermarkFound], ...]]) -> str:
    """The page."""
    machines = sum(each.machine for each in trials)
    lines = [
        "# The watermark",
        f"Written by `python -m benchmarks.watermark`: {machines} voices of Kokoro and"
        f" {len(trials) - machines} of people, a minute of each at most.",
        "",
        "## Whether it is heard",
        "Nobody listened; it is reckoned. PESQ (P.862.2, wide band) of the marked voice against the"
        " one that is not, pieces of 8 s; and an ear after BS.1387: how far what is changed lies"
        " under what the voice masks, in how many frames of 43 ms all bands are under it, and how"
        " much the excitation differs in any band. 1 dB is the step that is just heard: whoever"
        " compares A, B and X has nothing else to go by.",
        "",
        "| voices | PESQ mean | lowest | noise to mask | frames all masked | 95 % of bands differ by"
        " less than | frames with 1 dB in some band | most anywhere |",
        "|" + " --- |" * 8,
    ]
    for name, group in _groups(trials):
        scores = [score for each in group for score in each.pesq]
        ears = [each.heard for each in group]
        lines.append(
            f"| {name} | {np.mean(scores):.2f} | {min(scores):.2f} |"
            f" {np.mean([e.nmr_db for e in ears]):.1f} dB |"
            f" {100 * np.mean([e.masked for e in ears]):.2f} % |"
            f" {np.mean([e.step_95_db for e in ears]):.2f} dB |"
            f" {100 * np.mean([e.steps for e in ears]):.2f} % |"
            f" {max(e.most_db for e in ears):.2f} dB |"
        )
    lines += [
        "",
        "## Whether it is found",
        "The share of pieces in which it is said to be present, by their length; behind it, how"
        " many pieces, and by how much 9 of 10 of them at least pass the score that is needed.",
    ]
    for name, group in _groups(trials):
        lines += ["", f"**{name}**", "", "| |" + "".join(f" {each} s |" for each in LENGTHS_S)]
        lines.append("|" + " --- |" * (len(LENGTHS_S) + 1))
        for condition in dict.fromkeys(key for each in trials for key, _ in each.found):
            cells = []
            for length_s in LENGTHS_S:
                found = [f for each in group for f in each.found[condition, length_s]]
                above = [each.score - each.needed for each in found]
                low = f"{np.quantile(above, 0.1):+.1f}" if above else ""
                cells.append(f" {share(found):.3f} ({len(found)}, {low}) |")
            lines.append(f"| {condition} |" + "".join(cells))
        for length_s in LENGTHS_S:
            every = [
                one
                for each in group
                for (condition, at), found in each.found.items()
                if at == length_s and not condition.startswith(NOISE)
                for one in found
            ]
            said = f"All of {length_s} s but for {NOISE}: {share(every):.4f} of {len(every)}."
            lines += ["", said]
    ours = [f for each in trials for found in each.unmarked.values() for f in found]
    ours += [f for one, _ in alone for f in one]
    others = [f for each in trials for f in each.others] + [f for _, many in alone for f in many]
    every = [*ours, *others]
    wrong = sum(each.presence is Presence.PRESENT for each in every)
    lines += [
        "",
        "## Whether it is found where it is not",
        "Pieces of 10 s of the same voices unmarked, through codecs and under music, and of music"
        " alone; our pattern, and others drawn by chance.",
        "",
        "| | looked for | said to be present | not sure | highest score against the one needed |",
        "|" + " --- |" * 5,
    ]
    for name, found in (("our pattern", ours), ("others", others)):
        lines.append(
            f"| {name} | {len(found)} | {sum(e.presence is Presence.PRESENT for e in found)} |"
            f" {100 * share(found, Presence.UNSURE):.2f} % |"
            f" {max(e.score - e.needed for e in found):+.2f} |"
        )
    bound = (3.0 if not wrong else wrong + 2 * wrong**0.5 + 2) / len(every)
    lines.append("")
    lines.append(f"{wrong} of {len(every)}: with 95 % certainty at most {bound:.5f} are.")
    return "\n".join(lines) + "\n"


def _groups(trials: Sequence[Trial]) -> list[tuple[str, list[Trial]]]:
    machines = [each for each in trials if each.machine]
    people = [each for each in trials if not each.machine]
    return [("Kokoro's voices", machines), ("people's voices", people)]


def main() -> None:
    """Measure, and write the page."""
    begin = time.monotonic()
    given = [(name, True, sound) for name, sound in machine_voices().items()]
    given += [(name, False, sound) for name, sound in human_voices().items()]
    judge()
    trials = []
    with ProcessPoolExecutor(WORKERS) as pool:
        jobs = [(seed, *each) for seed, each in enumerate(given)]
        for each in pool.map(trial, jobs):
            trials.append(each)
            print(each.voice, f"{time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
        alone = list(pool.map(of_music, range(4)))
    REPORT.write_text(report(trials, alone))


if __name__ == "__main__":
    main()
