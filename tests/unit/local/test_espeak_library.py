"""espeak-ng from wherever it is installed."""

import os
import subprocess
import sys
from pathlib import Path

import espeakng_loader
import pytest

from ytdubber.adapters.local.espeak_library import LONGEST_PATH, phonemes, samples

SAY = """
import espeakng_loader
from ytdubber.adapters.local.espeak_library import LONGEST_PATH, phonemes, samples
wave, rate_hz = samples("Bom dia.", "pt-br", 170)
print(len(espeakng_loader.get_data_path()), phonemes("Good morning.", "en-us"), len(wave), rate_hz)
"""


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
@pytest.mark.parametrize("length", [LONGEST_PATH, LONGEST_PATH + 1, 400])
def test_a_deep_folder_is_no_trouble(tmp_path: Path, length: int) -> None:
    package = Path(espeakng_loader.__file__).parent
    ending = len("/espeakng_loader/espeak-ng-data")
    deep = tmp_path
    while (missing := length - ending - len(str(deep)) - 1) > 0:
        deep /= "d" * (missing if missing <= 100 else min(100, missing - 2))
    if missing != -1:
        pytest.skip("the folder for temporary files is deep already")
    deep.mkdir(parents=True)
    (deep / "espeakng_loader").symlink_to(package)
    environment = os.environ | {"PYTHONPATH": str(deep), "XDG_CACHE_HOME": str(tmp_path)}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", SAY],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        wave, rate_hz = samples("Bom dia.", "pt-br", 170)
        said = phonemes("Good morning.", "en-us")
        assert done.stdout == f"{length} {said} {len(wave)} {rate_hz}\n"
