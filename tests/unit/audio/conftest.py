from pathlib import Path

import pytest
from tests.unit.audio.programme import RATE
from tests.unit.audio.sounds import music, speech

from ytdubber.audio.files import write_wav


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three lines at 24 kHz and backgrounds of one and two channels."""
    folder = tmp_path_factory.mktemp("sounds")
    for turn in range(3):
        write_wav(folder / f"line{turn}.wav", speech(2.0 + turn / 2, 24_000, turn), 24_000)
    for channels in (1, 2):
        write_wav(folder / f"bed{channels}.wav", music(12.1, RATE, channels), RATE)
    return folder
