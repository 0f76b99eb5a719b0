"""How well a voice and what is under it are taken apart: `python -m benchmarks.separation [FOLDER]`.

Mixes the example's voice with its music, and every `NAME.voice.*` of the folder with
`NAME.background.*`, at several ratios, and takes the mixes apart as a dub does. What is said is in
`NAME.txt`, where it is known. The ghost of the voice is what of it passes into the background: the
gain of each bin of the background against the mix, times the voice; it is heard where it is louder
than the music that is left in the same band.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from tests.listening import EXAMPLE_TEXT, word_error_rate
from tests.mixes import RATE_HZ, example_mix, si_sdr_db

from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.adapters.local.spleeter import SpleeterSeparator
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.audio.background import FADE_MS, LEAD_MS, TAIL_MS, write_background
from ytdubber.audio.files import write_wav
from ytdubber.audio.resample import write_mono
from ytdubber.audio.spectrum import HOP, Analysis
from ytdubber.audio.surroundings import WIDTHS
from ytdubber.bootstrap.engines import local_models
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.ports.call_context import CallContext
from ytdubber.settings import load_settings

RATIOS_DB = (20, 10, 5, 0)
HEAD = (
    "recording", "voice over background dB", "mix SI-SDR", "voice", "background as separated",
    "background as it is delivered", "ghost dB", "ghost heard dB", "music's level dB",
    "identical outside speech", "word error: clean, mix, separated", "x real time a core",
)  # fmt: skip
CALL = CallContext(UUID(int=0))

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Pair:
    """A voice and what it is mixed with, float32[n, 2], and what is said."""

    name: str
    voice: Samples
    background: Samples
    text: str = ""

    def at(self, ratio_db: float) -> "Pair":
        """The same with the background so far under the voice."""
        power = np.square(self.voice.mean(axis=1)).mean()
        under = np.square(self.background.mean(axis=1)).mean()
        gain = np.float32(np.sqrt(power / under / 10 ** (ratio_db / 10)))
        return Pair(self.name, self.voice, gain * self.background, self.text)


@dataclass(frozen=True)
class Engines:
    """Those of a dub."""

    separator: SpleeterSeparator
    activity: SileroVoiceActivity
    hearing: WhisperSpeechToText

    def word_error(self, sound: AudioFile, text: str) -> str:
        """Against what is said; a dash where that is not known."""
        if not text:
            return "-"
        heard = self.hearing.transcribe(sound, "en", (), CALL)
        return f"{word_error_rate(text, ' '.join(word.text for word in heard.words)):.3f}"


def main(folder: Path | None, scratch: Path) -> None:
    """Print a table, a row for each mix."""
    models = local_models(load_settings())
    engines = Engines(SpleeterSeparator(models), SileroVoiceActivity(), WhisperSpeechToText(models))
    print(f"| {' | '.join(HEAD)} |", f"| --- |{' ---: |' * (len(HEAD) - 1)}", sep="\n")
    for pair in pairs(folder):
        clean = write_mono(written(pair.voice, scratch / "clean.wav"), 16_000, scratch / "c16.wav")
        error = engines.word_error(clean, pair.text)
        for ratio_db in RATIOS_DB:
            cells = row(pair.at(ratio_db), engines, scratch, error)
            print(f"| {pair.name} | {ratio_db} | {' | '.join(cells)} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\nPeak memory {peak / 1024:.0f} MB.")


def pairs(folder: Path | None) -> Iterator[Pair]:
    """What is mixed."""
    example = example_mix(0)
    yield Pair("example", example.voice, example.background, EXAMPLE_TEXT)
    for voice in sorted(folder.glob("*.voice.*")) if folder else ():
        name = voice.name.split(".")[0]
        sounds = [read(voice), read(next(voice.parent.glob(f"{name}.background.*")))]
        samples = min(map(len, sounds))
        words = voice.with_name(f"{name}.txt")
        text = words.read_text("utf-8") if words.exists() else ""
        yield Pair(name, sounds[0][:samples], sounds[1][:samples], text)


def row(pair: Pair, engines: Engines, scratch: Path, clean_error: str) -> list[str]:
    """The cells of one mix."""
    sound = pair.voice + pair.background
    mix = written(sound, scratch / "mix.wav")
    began_s = time.process_time()
    whole = engines.separator.separate(mix, scratch / "voice.wav", CALL).voice
    spoken = write_mono(whole, 16_000, scratch / "spoken.wav")
    speech = engines.activity.speech(spoken)
    made = write_background(mix, whole, speech, scratch / "background.wav")
    spent_s = time.process_time() - began_s
    voice, left = read(whole.path)[: len(sound)], read(made.path)
    voice = np.pad(voice, ((0, len(sound) - len(voice)), (0, 0)))
    ghost = ghosts(pair, sound, left, _spoken(speech, len(sound)))
    quiet = ~_spoken(speech, len(sound), LEAD_MS + FADE_MS + 1, TAIL_MS + FADE_MS + 1)
    mixed = write_mono(mix, 16_000, scratch / "mixed.wav")
    errors = [clean_error, *(engines.word_error(each, pair.text) for each in (mixed, spoken))]
    return [
        f"{si_sdr_db(sound, pair.voice):.1f}",
        f"{si_sdr_db(voice, pair.voice):.1f}",
        f"{si_sdr_db(sound - voice, pair.background):.1f}",
        f"{si_sdr_db(left, pair.background):.1f}",
        *(f"{each:.1f}" for each in ghost),
        f"{np.mean(left[quiet] == sound[quiet]):.6f} of {quiet.mean():.2f}",
        ", ".join(errors),
        f"{len(sound) / RATE_HZ / spent_s:.1f}",
    ]


def ghosts(
    pair: Pair, mix: Samples, left: Samples, spoken: NDArray[np.bool_]
) -> tuple[float, float, float]:
    """The ghost's power while somebody speaks against the voice's, all of it and what is heard of
    it, and the power of the music that is left against that of the music; in dB.
    """
    frames = spoken[: len(spoken) // HOP * HOP : HOP]
    ghost = heard = voice = music = kept = 0.0
    spectra = [Analysis(2) for _ in range(4)]
    starts = np.concatenate([[0], np.cumsum(WIDTHS)[:-1]])
    for place in range(0, len(frames) * HOP, 96 * HOP):
        part = slice(place, min(place + 96 * HOP, len(frames) * HOP))
        now = frames[part.start // HOP : part.stop // HOP]
        v, b, x, y = (
            np.abs(analysis.spectra(sound[part]))
            for analysis, sound in zip(
                spectra, (pair.voice, pair.background, mix, left), strict=True
            )
        )
        gain = np.minimum(1.0, y / (x + 1e-9))
        powers = [
            np.add.reduceat(np.square(each).sum(axis=0), starts, axis=1)[now]
            for each in (gain * v, gain * b, v, b)
        ]
        ghost += float(powers[0].sum())
        heard += float(powers[0][powers[0] > powers[1]].sum())
        kept, voice, music = (
            total + float(each.sum())
            for total, each in zip((kept, voice, music), powers[1:], strict=True)
        )
    return tuple(  # type: ignore[return-value]  # three of them
        10 * float(np.log10(each + 1e-12)) for each in (ghost / voice, heard / voice, kept / music)
    )


def written(sound: Samples, path: Path) -> AudioFile:
    """A file as decoding makes them."""
    return write_wav(path, sound, RATE_HZ)


def read(path: Path) -> Samples:
    """A file with two channels at the rate of dubs."""
    sound, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    both = np.repeat(sound, 2, axis=1) if sound.shape[1] == 1 else sound[:, :2]
    resampled: Samples = soxr.resample(both, rate_hz, RATE_HZ)
    return resampled


def _spoken(
    speech: tuple[Interval, ...], samples: int, lead_ms: int = 0, tail_ms: int = 0
) -> NDArray[np.bool_]:
    """Whether somebody speaks, for each sample."""
    found, per_ms = np.zeros(samples, bool), RATE_HZ // 1000
    for each in speech:
        start_ms = max(0, each.start_ms - lead_ms)
        found[start_ms * per_ms : (each.end_ms + tail_ms) * per_ms] = True
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        main(Path(sys.argv[1]) if sys.argv[1:] else None, Path(temporary))
