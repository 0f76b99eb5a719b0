"""Numbers read aloud by the voices of this machine, and heard again: `python -m benchmarks.readings de`.

Each sentence of `readings.tsv` is spoken by the first voice of its language; whisper hears all of a
language in one recording, a second of silence between them. A sentence is right where the part that
matters is in what was heard, both written out in words: whisper writes `21` or `twenty-one`.
"""

import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from ytdubber.adapters.local.espeak import EspeakSynthesizer
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.local.text_normalization import spoken_form
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.bootstrap.engines import local_models
from ytdubber.domain.media import AudioFile
from ytdubber.domain.transcript import Word
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer, SynthesisRequest
from ytdubber.settings import load_settings

RATE_HZ = 16_000
TABLE = Path(__file__).with_name("readings.tsv")
CALL = CallContext(UUID(int=0))


def main(scratch: Path, chosen: Sequence[str]) -> None:
    """Print a table, a row for every language, or for those that are chosen."""
    models = local_models(load_settings())
    voices: list[SpeechSynthesizer] = [KokoroSynthesizer(models), EspeakSynthesizer()]
    hearing = WhisperSpeechToText(models)
    print("| language | voice | right | of | heard otherwise |\n| --- | --- | ---: | ---: | --- |")
    for language, rows in _rows().items():
        if chosen and language not in chosen:
            continue
        speaker = next(each for each in voices if each.voices(language))
        voice = speaker.voices(language)[0]
        said = [_spoken(speaker, text, language, voice.id, scratch) for text, _ in rows]
        heard = _heard(hearing, said, language, scratch)
        wrong = [
            f"{part}: {text}"
            for (_, part), text in zip(rows, heard, strict=True)
            if not any(_plain(way, language) in _plain(text, language) for way in _ways(part))
        ]
        right = len(rows) - len(wrong)
        print(
            f"| {language} | {voice.id} | {right} | {len(rows)} | {'; '.join(wrong)} |", flush=True
        )
    hearing.close()


def _rows() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            language, text, part = line.split("\t")
            found[language].append((text, part))
    return found


def _spoken(
    speaker: SpeechSynthesizer, text: str, language: str, voice: str, scratch: Path
) -> NDArray[np.float32]:
    made = speaker.synthesize(SynthesisRequest(text, language, voice), scratch / "line.wav", CALL)
    samples, rate_hz = soundfile.read(made.audio.path, dtype="float32")
    sound: NDArray[np.float32] = soxr.resample(samples, rate_hz, RATE_HZ)
    return sound


def _heard(
    hearing: WhisperSpeechToText,
    said: Sequence[NDArray[np.float32]],
    language: str,
    scratch: Path,
) -> list[str]:
    """What was heard of each sentence."""
    pause = np.zeros(RATE_HZ, np.float32)
    path = scratch / f"{language}.wav"
    whole = np.concatenate([part for sound in said for part in (sound, pause)])
    soundfile.write(path, whole, RATE_HZ, subtype="PCM_16")
    words = hearing.transcribe(AudioFile(path, RATE_HZ, 1, len(whole)), language, [], CALL).words
    ends_ms = np.cumsum([len(sound) + RATE_HZ for sound in said]) * 1000 // RATE_HZ
    starts_ms = [0, *ends_ms[:-1].tolist()]
    return [
        " ".join(word.text.strip() for word in words if begin <= _middle_ms(word) + 250 < end)
        for begin, end in zip(starts_ms, ends_ms.tolist(), strict=True)
    ]


def _ways(part: str) -> set[str]:
    """How else whisper writes the same: `10.30`, `2.5`."""
    return {part, part.replace(":", "."), part.replace("½", ".5"), part.replace("½", ",5")}


def _middle_ms(word: Word) -> int:
    return (word.start_ms + word.end_ms) // 2


def _plain(text: str, language: str) -> str:
    """The letters of a text in words."""
    said = spoken_form(text, language).lower().replace("ё", "е")
    return re.sub(r"[^\w]|_", "", said)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made), sys.argv[1:])
