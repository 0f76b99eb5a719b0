"""A film with two voices over music and its dubs in three languages: `python -m benchmarks.film`.

It makes the film, dubs it three times, prints what it found and ends with 1 where something is not as
it should be. `--seconds 60` makes a shorter film. Five minutes of 1080p, one mixed track that begins 0.7 s after the picture. The voices are Kokoro's
and read the beginning of Jane Austen's *Sense and Sensibility* by turns (`film.tsv`), again and
again; the music is the example's, 12 dB under them. It is dubbed without a video, with one MP4 and with one
MKV. Portuguese is translated, Spanish and French are given (`film.tsv` has them, too). Nothing is
remembered from one dub to the next but for the MKV's, which takes the sounds of the MP4's.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import av
import numpy as np
import soundfile
import soxr
from av.stream import Disposition
from tests.integration.audio.films import Picture, Sound, media, steady
from tests.integration.video.films import begins
from tests.mixes import RATE_HZ, Samples

from benchmarks.measuring import Cost, measured
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.captions.cues import Cue
from ytdubber.captions.srt import srt
from ytdubber.domain.media import Interval
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.settings import load_settings

MOST_OFF_MS, MOST_TIMES, MOST_PEAK_MB = 10.0, 1.1, 1_300.0
"""What is wanted of it: where sounds begin, the time against a dub without a video, the peak."""
SECONDS, DELAY_S, PAUSE_S, UNDER_DB = 300.0, 0.7, 0.6, 12.0
VOICES = ("am_michael", "bf_emma")
LANGUAGES = ("pt", "es", "fr")
H264 = {"preset": "ultrafast", "bf": "2", "g": "50", "crf": "30"}
HERE = Path(__file__).parent
MUSIC = HERE.parent / "examples" / "background.flac"


@dataclass(frozen=True)
class Read:
    """A line of the film: when it is read, and what it is in Spanish and in French."""

    when: Interval
    texts: tuple[str, str]


def rows() -> list[tuple[str, str, str]]:
    """What is read, and its translations."""
    lines = (HERE / "film.tsv").read_text("utf-8").splitlines()
    return [(said, spanish, french) for said, spanish, french in map(_cells, lines)]


def _cells(line: str) -> list[str]:
    return line.split("\t")


def spoken(folder: Path) -> list[Samples]:
    """Each line by its voice, at 48 kHz."""
    speak = KokoroSynthesizer(LocalModelStore(load_settings().models)).synthesize
    found = []
    for number, (said, *_) in enumerate(rows()):
        path = folder / f"line-{number}.wav"
        request = SynthesisRequest(said, "en", VOICES[number % len(VOICES)])
        speak(request, path, CallContext(UUID(int=0)))
        samples, rate_hz = soundfile.read(path, dtype="float32")
        found.append(soxr.resample(samples, rate_hz, RATE_HZ).astype(np.float32))
    return found


def film(folder: Path, seconds: float) -> tuple[Path, list[Read]]:
    """The film, and what is read in it, on the picture's clock."""
    takes, texts = spoken(folder), rows()
    total = round((seconds - DELAY_S) * RATE_HZ)
    voice, lines, at, number = np.zeros(total, np.float32), list[Read](), round(0.5 * RATE_HZ), 0
    while at + len(take := takes[number % len(takes)]) < total - RATE_HZ:
        voice[at : at + len(take)] = take
        begin_ms, end_ms = (
            round((edge / RATE_HZ + DELAY_S) * 1000) for edge in (at, at + len(take))
        )
        _, spanish, french = texts[number % len(texts)]
        lines.append(Read(Interval(begin_ms, end_ms), (spanish, french)))
        at += len(take) + round(PAUSE_S * RATE_HZ)
        number += 1
    music, _ = soundfile.read(MUSIC, dtype="float32")
    music = np.resize(music.mean(axis=1), total)
    power = np.square(voice).mean() / np.square(music).mean()
    mixed = voice + music * np.float32(np.sqrt(power * 10 ** (-UNDER_DB / 10)))
    mixed *= np.float32(0.5 / np.abs(mixed).max())
    picture = Picture(steady(seconds), "libx264", H264, size=(1920, 1080))
    track = Sound(mixed.astype(np.float32), "aac", DELAY_S, language="eng")
    return media(folder / "talk.mp4", "mp4", [track], picture=picture), lines


def scripts(folder: Path, lines: list[Read]) -> Iterator[str]:
    """The options that give the Spanish and the French texts."""
    for place, language in enumerate(LANGUAGES[1:]):
        cues = [
            Cue(each.when.start_ms, each.when.end_ms, (each.texts[place],), each.when.end_ms)
            for each in lines
        ]
        path = folder / f"{language}.srt"
        path.write_text(srt(cues), "utf-8")
        yield from ("--translation", f"{language}={path}")


def dub(source: Path, home: Path, out: Path, given: list[str], *more: str) -> Cost:
    """One run of the command."""
    words = [sys.executable, "-m", "ytdubber", "dub", source, "--format", "flac", "--out", out]
    words += [word for language in LANGUAGES for word in ("--to", language)]
    models = str(load_settings().models)
    return measured([*words, *given, *more], YTDUBBER_HOME=str(home), YTDUBBER_MODELS=models)


def frame_md5(path: Path) -> str:
    """Of all packets of the picture, in their order, as framemd5 has them."""
    with av.open(str(path)) as file:
        found = [
            hashlib.md5(bytes(packet)).hexdigest()  # noqa: S324 -- as framemd5
            for packet in file.demux(file.streams.video[0])
            if packet.size
        ]
    return f"{len(found)} packets, {hashlib.md5(''.join(found).encode()).hexdigest()}"  # noqa: S324


def tracks(path: Path) -> Iterator[str]:
    """Every track as libavformat reads it, as ffprobe does."""
    with av.open(str(path)) as file:
        for stream in file.streams:
            kinds = [each.name for each in Disposition if each.value and stream.disposition & each]
            language = stream.metadata.get("language", "")
            title = stream.metadata.get("title", stream.metadata.get("name", ""))
            codec = stream.codec_context.name
            yield f"{stream.type} {codec} {language} {title!r} {' '.join(map(str, kinds))}"


class Checks:
    """What is to be so, and whether it is."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def __call__(self, what: str, *, good: bool) -> None:
        """Print it."""
        print(f"{'as it should be' if good else 'NOT as it should be'}: {what}", flush=True)
        if not good:
            self.failed.append(what)


def main() -> int:
    """Print what was found, as a section of the README; 1 where something is not as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    check = Checks()
    with tempfile.TemporaryDirectory(prefix="ytdubber-film-") as name:
        folder = Path(name)
        source, lines = film(folder, parser.parse_args().seconds)
        given = list(scripts(folder, lines))
        print(f"{len(lines)} lines, {source.stat().st_size / 1e6:.0f} MB, {frame_md5(source)}")
        plain = dub(source, folder / "home-0", folder / "plain", given)
        print(f"without a video: {_shown(plain)}", flush=True)
        out = folder / "filmed"
        mp4 = dub(source, folder / "home-1", out, given, "--video", "mp4")
        times = mp4.cpu_s / plain.cpu_s
        print(f"one MP4: {_shown(mp4)}", flush=True)
        check(f"{times:.2f} times the processor time without one", good=times <= MOST_TIMES)
        _told(source, out / "talk.dubbed.mp4", out, check)
        mkv = dub(source, folder / "home-1", out, given, "--video", "mkv")
        print(f"one MKV of the same dubs: {_shown(mkv)}", flush=True)
        _told(source, out / "talk.dubbed.mkv", out, check)
        peak_mb = max(each.peak_mb for each in (mp4, mkv))
        check(f"{peak_mb:.0f} MB in one process at most", good=peak_mb <= MOST_PEAK_MB)
        _drift(out, lines)
    return 1 if check.failed else 0


def _shown(cost: Cost) -> str:
    held = ", ".join(f"{name} {mb:.0f}" for name, mb in cost.held_mb.items())
    return (
        f"{cost.wall_s:.0f} s, {cost.cpu_s:.0f} s of processors, {cost.peak_mb:.0f} MB in one process;"
        f" most together (MB): {held}"
    )


def _told(source: Path, video: Path, out: Path, check: Checks) -> None:
    """The picture, the tracks, and where each dub's sound is against where it belongs."""
    found = frame_md5(video)
    check(f"{video.suffix}: {found} of the picture", good=found == frame_md5(source))
    print("\n".join(tracks(video)))
    for number, language in enumerate(LANGUAGES, start=2):
        mix, rate_hz = soundfile.read(out / language / "mix.flac", dtype="float32")
        sound = mix if mix.ndim == 1 else mix.mean(axis=1)
        off_ms = begins(video, number, sound.astype(np.float32)) * 1000 / rate_hz
        good = abs(off_ms) <= MOST_OFF_MS
        check(f"{language}: {off_ms:+.2f} ms from where it belongs", good=good)


def _drift(out: Path, lines: list[Read]) -> None:
    """How far lines of the dubs begin from where the film's do."""
    manifest = json.loads((out / "manifest.json").read_bytes())
    print([(each["id"], each["seconds"]) for each in manifest["speakers"]])
    begins = np.array([each.when.start_ms for each in lines])
    for language in LANGUAGES:
        entry = manifest["languages"][language]
        told = json.loads((out / language / "translation.json").read_bytes())["utterances"]
        away = [int(np.abs(begins - each["dub_start_ms"]).min()) for each in told]
        print(
            f"{language}: {len(told)} lines, {np.median(away):.0f} ms in the median and"
            f" {np.percentile(away, 95):.0f} ms at the 95th percentile from a line of the film;"
            f" {entry['loudness']}, {entry['voices']}, {entry['figures']}"
        )


if __name__ == "__main__":
    sys.exit(main())
