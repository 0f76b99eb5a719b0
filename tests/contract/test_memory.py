"""The memory that engines take and keep, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

MOST_GROWTH_MB = 470
BEGIN = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID
from ytdubber.bootstrap.engines import local, local_models
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.settings import load_settings

def memory_mb(name):
    status = Path("/proc/self/status").read_text()
    return int(status.split(name)[1].split()[0]) / 1024

settings = load_settings()
here = local(settings, local_models(settings))
"""
TRANSLATE = """
import fxtranslate
from ytdubber.ports.translator import Line
at_rest_mb = memory_mb("VmRSS:")
lines = [Line("1", "The boy saw a very big boat.")]
said = here.translator.translate(lines, "en", "pt", (), CallContext(UUID(int=0))).lines[0].text
print(memory_mb("VmHWM:") - at_rest_mb, memory_mb("VmRSS:") - at_rest_mb, said)
"""
SPEAK_TWO = """
voice = here.synthesizers["kokoro"]
def speak(number, text):
    request = SynthesisRequest(text, "pt", "pm_alex")
    voice.synthesize(request, Path(sys.argv[1]) / f"{number}.wav", CallContext(UUID(int=0)))
speak(0, "Bom dia.")
at_rest_mb = memory_mb("VmRSS:")
text = "o menino que estava na praia viu um barco muito grande que vinha do mar azul e calmo " * 2
with ThreadPoolExecutor(2) as pool:
    list(pool.map(speak, (1, 2), [text[:165]] * 2))
print(memory_mb("VmHWM:") - at_rest_mb, memory_mb("VmRSS:") - at_rest_mb)
"""


pytestmark = [
    pytest.mark.models,
    pytest.mark.xdist_group("local-models"),
    pytest.mark.skipif(
        sys.platform != "linux", reason="the memory of a process is read from /proc"
    ),
]


def run(program: str, folder: Path) -> list[str]:
    """What a program of its own prints about its memory."""
    command = [sys.executable, "-c", BEGIN + program, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_long_lines_take_little_and_give_it_back(tmp_path: Path) -> None:
    growth_mb, kept_mb = map(float, run(SPEAK_TWO, tmp_path))
    assert growth_mb < MOST_GROWTH_MB
    assert kept_mb < 40


def test_a_translator_keeps_nothing(tmp_path: Path) -> None:
    growth_mb, kept_mb, *said = run(TRANSLATE, tmp_path)
    assert said[:2] == ["O", "menino"]
    assert float(growth_mb) > 20, "the model was loaded"
    assert float(kept_mb) < 12
