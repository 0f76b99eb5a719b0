"""The memory that Kokoro takes for long lines, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

MOST_GROWTH_MB = 350
SPEAK_TWO = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID
from ytdubber.bootstrap.engines import local, local_models
from ytdubber.ports.call import Call
from ytdubber.ports.speech_synthesizer import SpeakRequest
from ytdubber.settings import load_settings

def memory_mb(name):
    status = Path("/proc/self/status").read_text()
    return int(status.split(name)[1].split()[0]) / 1024

settings = load_settings()
voice = local(settings, local_models(settings)).speaking["kokoro"]
def speak(number, text):
    request = SpeakRequest(text, "pt", "pm_alex", 1.0)
    voice.speak(request, Path(sys.argv[1]) / f"{number}.wav", Call(UUID(int=0)))
speak(0, "Bom dia.")
at_rest_mb = memory_mb("VmRSS:")
text = "o menino que estava na praia viu um barco muito grande que vinha do mar azul e calmo " * 2
with ThreadPoolExecutor(2) as pool:
    list(pool.map(speak, (1, 2), [text[:170]] * 2))
print(memory_mb("VmHWM:") - at_rest_mb, memory_mb("VmRSS:") - at_rest_mb)
"""


@pytest.mark.models
@pytest.mark.xdist_group("local-models")
@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is read from /proc")
def test_long_lines_take_little_and_give_it_back(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SPEAK_TWO, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    growth_mb, kept_mb = map(float, done.stdout.split())
    assert growth_mb < MOST_GROWTH_MB
    assert kept_mb < 40
