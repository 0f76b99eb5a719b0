"""Learned speaking rates in a small JSON file."""

import json
from pathlib import Path

from filelock import FileLock

from ytdubber.domain.budget import first_guess, learned
from ytdubber.domain.engine import EngineId
from ytdubber.domain.voice import Voice


class FileSpeakingRates:
    """`SpeakingRates` in a file; several processes may learn at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def chars_per_second(self, engine: EngineId, voice: Voice, recording: str = "") -> float:
        del recording
        return self._read().get(_key(engine, voice), first_guess(voice.language))

    def learn(self, engine: EngineId, voice: Voice, chars: int, spoken_ms: int) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._path.with_suffix(".lock")):
            rates = self._read()
            key = _key(engine, voice)
            before = rates.get(key, first_guess(voice.language))
            rates[key] = round(learned(before, chars, spoken_ms), 3)
            part = self._path.with_suffix(".part")
            part.write_text(json.dumps(rates, indent=1, sort_keys=True), encoding="utf-8")
            part.replace(self._path)

    def _read(self) -> dict[str, float]:
        try:
            rates = json.loads(self._path.read_bytes())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return {str(key): float(rate) for key, rate in rates.items()}


def _key(engine: EngineId, voice: Voice) -> str:
    return f"{engine.provider}/{engine.model}/{voice.id}/{voice.language}"
