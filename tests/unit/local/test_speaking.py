import subprocess
import sys

from tests.waiting import PATIENCE_S


def printed(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    return done.stdout.strip()


def test_a_missing_extra_names_the_command() -> None:
    code = """
import sys
sys.modules["espeakng_loader"] = None
from tests.waiting import PATIENCE_S
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
