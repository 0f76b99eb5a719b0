import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray

from ytdubber.adapters.local.speaking import trimmed, write

RATE_HZ = 24_000


def tone(seconds: float, level: float = 0.5) -> NDArray[np.float32]:
    wave: NDArray[np.float64] = level * np.sin(np.arange(int(seconds * RATE_HZ)) * 0.1)
    return wave.astype(np.float32)


def printed(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_silence_is_cut_at_the_ends_and_kept_inside() -> None:
    silence = np.zeros(RATE_HZ // 2, np.float32)
    line = np.concatenate([silence, tone(0.3), silence, tone(0.2), silence])
    assert len(trimmed(line, RATE_HZ)) / RATE_HZ == pytest.approx(1.0 + 0.04, abs=0.012)


def test_ends_fade_and_peaks_stay_in_range() -> None:
    line = trimmed(tone(0.5, level=1.4), RATE_HZ)
    assert line[0] == line[-1] == 0
    assert 0.9 < np.abs(line).max() <= 0.981


def test_silence_alone_leaves_nothing() -> None:
    assert len(trimmed(np.zeros(1_000, np.float32), RATE_HZ)) == 0
    assert len(trimmed(np.zeros(0, np.float32), RATE_HZ)) == 0


def test_a_line_is_written_as_16_bit_wav(tmp_path: Path) -> None:
    audio = write(tone(0.1), RATE_HZ, tmp_path / "line.wav")
    assert (audio.samples, audio.duration_ms) == (2_400, 100)
    assert sf.info(tmp_path / "line.wav").subtype == "PCM_16"


def test_a_missing_extra_names_the_command() -> None:
    code = """
import sys
sys.modules["espeakng_loader"] = None
from ytdubber.adapters.local.espeak_library import need_espeak
from ytdubber.domain.errors import PartMissing
try:
    need_espeak("Kokoro's voices")
except PartMissing as error:
    print(error)
"""
    assert "pip install 'ytdubber[espeak]'" in printed(code)


def test_engines_load_no_heavy_library_when_imported() -> None:
    heavy = ["numpy", "onnxruntime", "faster_whisper", "fxtranslate", "espeakng_loader"]
    code = (
        "import sys;"
        "from ytdubber.adapters.local import espeak, firefox, kokoro, silero, whisper;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert printed(code) == "[]"
