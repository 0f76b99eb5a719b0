"""One way of mixing, in a process of its own: `python -m benchmarks.mixing_worker ORDER`."""

import json
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile as sf

from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.audio.encode import Encoder
from ytdubber.audio.files import inspect_wav, read_blocks
from ytdubber.audio.mixer import master
from ytdubber.audio.profiles import AudioFormat, Content, Deliverable
from ytdubber.audio.timeline import Clip

RATE_HZ, CLIP_RATE_HZ = 48_000, 24_000
CLIPS_A_MINUTE, CLIP_S = 6, 5.0
DIFFERENT_CLIPS = 12


def make(folder: Path, minutes: int, **_: Any) -> None:
    """A FLAC background of soft noise and tones, and a dozen spoken-like clips."""
    chance = np.random.default_rng(7)
    with sf.SoundFile(folder / "background.flac", "w", RATE_HZ, 2, "PCM_16") as file:
        t = np.arange(60 * RATE_HZ) / RATE_HZ
        for minute in range(minutes):
            tones = sum(0.02 * np.sin(2 * np.pi * hz * t + minute) for hz in (110, 165, 220, 331))
            noise = chance.normal(0, 0.01, (len(t), 2))
            file.write(noise + np.asarray(tones)[:, None])
    for number in range(DIFFERENT_CLIPS):
        t = np.arange(int(CLIP_S * CLIP_RATE_HZ)) / CLIP_RATE_HZ
        tone = np.sign(np.sin(2 * np.pi * (90 + 9 * number) * t)) * np.abs(np.sin(9 * t))
        sound = 0.15 * tone + chance.normal(0, 0.01, len(t))
        sf.write(folder / f"clip{number}.wav", sound, CLIP_RATE_HZ, subtype="FLOAT")


def starts_s(minutes: int) -> list[float]:
    """When the clips begin."""
    return [k * 60 / CLIPS_A_MINUTE + 1.0 for k in range(minutes * CLIPS_A_MINUTE)]


def ours(folder: Path, minutes: int, languages: int = 1, **more: Any) -> None:
    """This project: the background decoded once, then every language from it, two at a time."""
    background = decode(
        folder / "background.flac", [DecodeOutput(folder / "background.wav", RATE_HZ)]
    ).files[0]
    clips = [inspect_wav(folder / f"clip{n}.wav") for n in range(DIFFERENT_CLIPS)]
    length = round(CLIP_S * RATE_HZ / 1.08)
    placed = [
        Clip(clips[k % len(clips)], round(start * RATE_HZ), length)
        for k, start in enumerate(starts_s(minutes))
    ]

    def one(language: int) -> None:
        wanted = [
            Deliverable(content, AudioFormat(name), folder / f"{language}-{content}.{name}")
            for content in (Content.VOICE, Content.MIX)
            for name in more.get("formats", ["flac"])
        ]
        master(placed, background, minutes * 60 * RATE_HZ, wanted)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(languages)))


def limit(folder: Path, minutes: int, **more: Any) -> None:
    """Decode the background and write it, and one channel of it, in every format: no mixing."""
    background = decode(
        folder / "background.flac", [DecodeOutput(folder / "limit.wav", RATE_HZ)]
    ).files[0]

    def write(task: tuple[str, int]) -> None:
        name, channels = task
        path = folder / f"limit-{channels}.{name}"
        encoder = Encoder(path, AudioFormat(name), RATE_HZ, channels)
        for block in read_blocks(background):
            encoder.put(np.ascontiguousarray(block[:, :channels]))
        encoder.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, [(n, c) for n in more.get("formats", ["flac"]) for c in (2, 1)]))


def pydub(folder: Path, minutes: int, clips_placed: int | None = None, **_: Any) -> None:
    """As most dubbing scripts do: overlay after overlay, each a copy of the whole."""
    from pydub import AudioSegment  # noqa: PLC0415 -- the other ways need not have it in memory

    def segment(path: Path) -> AudioSegment:
        sound, rate_hz = sf.read(path, dtype="int16", always_2d=True)
        return AudioSegment(
            sound.tobytes(), sample_width=2, frame_rate=rate_hz, channels=sound.shape[1]
        )

    clips = [segment(folder / f"clip{n}.wav") for n in range(DIFFERENT_CLIPS)]
    mix = segment(folder / "background.flac")
    for k, start in enumerate(starts_s(minutes)[:clips_placed]):
        mix = mix.overlay(clips[k % len(clips)], position=round(start * 1000))
    samples = np.array(mix.get_array_of_samples()).reshape(-1, 2)
    sf.write(folder / "pydub.flac", samples, RATE_HZ)


def filter_graph(folder: Path, minutes: int, **_more: Any) -> None:
    """One FFmpeg graph: every clip delayed, all of them mixed with the background at once."""
    graph = av.filter.Graph()
    starts = starts_s(minutes)
    inputs = [
        graph.add_abuffer(
            sample_rate=RATE_HZ, format="fltp", layout="stereo", time_base=Fraction(1, RATE_HZ)
        )
    ]
    for _start in starts:
        inputs.append(
            graph.add_abuffer(
                sample_rate=CLIP_RATE_HZ,
                format="fltp",
                layout="mono",
                time_base=Fraction(1, CLIP_RATE_HZ),
            )
        )
    mix = graph.add("amix", f"inputs={len(inputs)}:normalize=0:duration=first")
    inputs[0].link_to(mix, 0, 0)
    for k, start in enumerate(starts, start=1):
        delay = graph.add("adelay", f"delays={round(start * 1000)}:all=1")
        inputs[k].link_to(delay)
        delay.link_to(mix, 0, k)
    sink = graph.add("abuffersink")
    mix.link_to(sink)
    graph.configure()
    for k in range(1, len(inputs)):
        sound, _ = sf.read(folder / f"clip{(k - 1) % DIFFERENT_CLIPS}.wav", dtype="float32")
        frame = av.AudioFrame.from_ndarray(sound[None, :], format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = CLIP_RATE_HZ, 0, Fraction(1, CLIP_RATE_HZ)
        inputs[k].push(frame)
        inputs[k].push(None)
    with sf.SoundFile(folder / "graph.flac", "w", RATE_HZ, 2, "PCM_16") as out:
        at = 0
        with sf.SoundFile(folder / "background.flac") as file:
            for block in file.blocks(blocksize=2 * RATE_HZ, dtype="float32"):
                frame = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(block.T), format="fltp", layout="stereo"
                )
                frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, at, Fraction(1, RATE_HZ)
                at += len(block)
                inputs[0].push(frame)
                drain(sink, out)
        inputs[0].push(None)
        drain(sink, out)


def drain(sink: Any, out: sf.SoundFile) -> None:
    """Write what the graph has ready."""
    while True:
        try:
            out.write(sink.pull().to_ndarray().T)
        except (av.error.BlockingIOError, av.error.EOFError):
            return


WAYS: dict[str, Callable[..., None]] = {
    "make": make, "ours": ours, "limit": limit, "pydub": pydub, "filter_graph": filter_graph
}  # fmt: skip

if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    way = WAYS[order.pop("way")]
    cores = order.pop("cores", None)
    if cores is not None:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    way(Path(order.pop("folder")), **order)
