import subprocess
import sys

import pytest
from tests.waiting import PATIENCE_S


def printed(code: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=PATIENCE_S
    )
    return done.stdout.strip()


def test_vendors_clients_are_loaded_when_they_are_first_used() -> None:
    heavy = ["numpy", "soundfile", "httpx", "deepgram", "openai", "elevenlabs"]
    code = (
        "import sys;"
        "from ytdubber.adapters.deepgram import stt, tts;"
        "from ytdubber.adapters.openai import translator;"
        "from ytdubber.adapters.elevenlabs import tts;"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    assert printed(code) == "[]"


@pytest.mark.parametrize(
    ("vendor", "client"),
    [
        ("deepgram", "DeepgramClient"),
        ("openai", "OpenAIClient"),
        ("elevenlabs", "ElevenLabsClient"),
    ],
)
def test_a_missing_client_names_the_command(vendor: str, client: str) -> None:
    code = f"""
import sys
sys.modules["{vendor}"] = None
from tests.waiting import PATIENCE_S
from ytdubber.adapters.{vendor}.client import {client}
from ytdubber.domain.errors import PartMissing
try:
    {client}("key").sdk()
except PartMissing as error:
    print(error)
"""
    assert "pip install 'ytdubber[vendors]'" in printed(code)
