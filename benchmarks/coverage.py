"""How much of what is said in real recordings has words: `python -m benchmarks.coverage FOLDER`.

Reads every `LANGUAGE-NAME.wav` of the folder (16 kHz mono; `xx` where the language is to be found
or changes), and `LANGUAGE-NAME.txt` beside it where what is said is known. `recordings.md` lists the
packages that the recordings of our own table come from. What counts is worked out here, apart from
the product's own check: seconds in which the detector hears speech and no word sounds, in stretches
of at least 0.3 s, words taken 0.3 s longer at either end and never longer than people take for one.
"""

import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from uuid import UUID

import soundfile

from ytdubber.adapters.local.silero import SileroVoiceActivity
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.app.pipeline.stages.transcribe import transcribe
from ytdubber.bootstrap.engines import local_models
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.transcript import Transcript, Word
from ytdubber.engines.direct import Direct
from ytdubber.ports.call_context import CallContext
from ytdubber.settings import load_settings

EDGE_MS = 300
SHORTEST_MS = 300
STEP_MS = 1
SLOWEST_MS, A_LETTER_MS = 600, 150
"""No word is taken to sound longer than the one and the other for every letter."""


def main(folder: Path, scratch: Path) -> None:
    """Print a table, a row for every recording; parts of them go into the scratch folder."""
    settings = load_settings()
    hearing = Direct(WhisperSpeechToText(local_models(settings)))
    activity = SileroVoiceActivity()
    print("| recording | seconds | speech s | uncovered s | % | not flagged s | word error | heard in"
          " s | languages |", "| --- |" + " ---: |" * 7 + " --- |", sep="\n")  # fmt: skip
    for path in sorted(folder.glob("*.wav")):
        info = soundfile.info(path)
        audio = AudioFile(_linked(path, scratch), info.samplerate, info.channels, info.frames)
        code = path.stem.split("-")[0]
        speech = activity.speech(audio)
        began = time.process_time()
        found, _ = transcribe(
            audio, path.name, None, hearing, activity, (), CallContext(UUID(int=0))
        )
        spent_s = time.process_time() - began
        words = [word for utterance in found.utterances for word in utterance.words]
        spoken_s = sum(each.duration_ms for each in speech) / 1000
        bare = uncovered(speech, [heard(word) for word in words])
        silent = uncovered(speech, [heard(word) for word in words] + list(found.uncovered))
        print(f"| {path.stem} | {info.duration:.1f} | {spoken_s:.1f} | {seconds(bare):.2f}"
              f" | {100 * seconds(bare) / spoken_s:.1f} | {seconds(silent):.2f}"
              f" | {_error(path.with_suffix('.txt'), found)} | {spent_s:.1f}"
              f" | {_languages(found, code)} |", flush=True)  # fmt: skip
        for each in bare:
            print(f"  bare {each.start_ms}-{each.end_ms}", file=sys.stderr)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"\nPeak memory {peak / 1024:.0f} MB.")


def _linked(path: Path, scratch: Path) -> Path:
    """The recording under its name in the scratch folder."""
    link = scratch / path.name
    link.symlink_to(path.resolve())
    return link


def heard(word: Word) -> Interval:
    """When a word may be taken to sound."""
    longest = SLOWEST_MS + A_LETTER_MS * len(word.text)
    return Interval(word.start_ms - EDGE_MS, min(word.end_ms, word.start_ms + longest) + EDGE_MS)


def uncovered(speech: Iterable[Interval], covers: Iterable[Interval]) -> list[Interval]:
    """The stretches of speech that nothing covers."""
    bare = {at for each in speech for at in range(each.start_ms // STEP_MS, each.end_ms // STEP_MS)}
    for each in covers:
        bare -= set(range(each.start_ms // STEP_MS, each.end_ms // STEP_MS))
    found: list[Interval] = []
    for at in sorted(bare):
        if found and found[-1].end_ms == at * STEP_MS:
            found[-1] = Interval(found[-1].start_ms, (at + 1) * STEP_MS)
        else:
            found.append(Interval(at * STEP_MS, (at + 1) * STEP_MS))
    return [each for each in found if each.duration_ms >= SHORTEST_MS]


def seconds(intervals: Sequence[Interval]) -> float:
    """How long they are together."""
    return sum(each.duration_ms for each in intervals) / 1000


def word_error(reference: str, text: str) -> float:
    """Words added, left out and changed, by the reference's words (Levenshtein)."""
    wanted, said = _plain(reference), _plain(text)
    row = list(range(len(said) + 1))
    for number, word in enumerate(wanted, start=1):
        last, row[0] = row[0], number
        for place, other in enumerate(said, start=1):
            last, row[place] = (
                row[place],
                min(last + (word != other), row[place] + 1, row[place - 1] + 1),
            )
    return row[-1] / max(1, len(wanted))


def _plain(text: str) -> list[str]:
    return re.sub(r"[^\w']+", " ", text.lower()).split()


def _error(path: Path, found: Transcript) -> str:
    if not path.exists():
        return "-"
    return f"{word_error(path.read_text('utf-8'), found.text):.3f}"


def _languages(found: Transcript, code: str) -> str:
    every = {found.language} | {
        getattr(utterance, "language", None) or found.language for utterance in found.utterances
    }
    return " ".join(sorted(every)) + ("" if code in ("xx", found.language) else f" (not {code})")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(sys.argv[1]), Path(made))
