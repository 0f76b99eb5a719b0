"""videopython's own code beside ours: `benchmarks.videopython_worker` in an environment of its own.

videopython is no dependency of this project. The first run makes a virtual environment for it in
the user's cache folder, from PyPI, without the extras that hold its models and torch.
"""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from platformdirs import user_cache_path

from benchmarks.segments import FitJob

VERSION = "0.62.2"
PACKAGES = (f"videopython=={VERSION}", "imageio-ffmpeg==0.8.1")
HOME = user_cache_path("ytdubber") / "benchmarks" / f"videopython-{VERSION}"
WORKER = Path(__file__).with_name("videopython_worker.py")
INSTALL_S, RUN_S = 600, 600

Timing = tuple[float, float]
"""How long a line sounds, in milliseconds, and how much faster than spoken."""


class NotInstalled(Exception):
    """videopython could not be installed; the message says why."""


def environment() -> Path:
    """The environment's interpreter; it is made if it is not there.

    Raises:
        NotInstalled: PyPI or the disk would not have it.
    """
    python = HOME / "bin" / "python"
    finished = HOME / "finished"
    if finished.exists():
        return python
    venv.create(HOME, with_pip=True, clear=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    words = [str(word) for word in [*pip, *PACKAGES]]
    try:
        subprocess.run(words, check=True, capture_output=True, text=True, timeout=INSTALL_S)
    except subprocess.CalledProcessError as error:
        raise NotInstalled(str(error.stderr).strip().splitlines()[-1]) from error
    except subprocess.TimeoutExpired as error:
        raise NotInstalled(f"pip took longer than {INSTALL_S} s") from error
    finished.touch()
    return python


def timings(job: FitJob) -> list[Timing]:
    """What videopython makes of each line of a job.

    Raises:
        NotInstalled: it is not there and cannot be had.
    """
    following = [slot.start_ms for slot in job.slots[1:]] + [job.total_ms]
    lines = [
        {
            "natural_ms": natural_ms,
            "source_ms": slot.source_ms,
            "available_ms": next_ms - slot.start_ms,
        }
        for slot, natural_ms, next_ms in zip(job.slots, job.natural_ms, following, strict=True)
    ]
    done = subprocess.run(
        [str(environment()), str(WORKER)],
        input=json.dumps(lines),
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        check=False,
        capture_output=True,
        text=True,
        timeout=RUN_S,
    )
    if done.returncode:
        raise RuntimeError(f"videopython failed: {done.stderr[-2000:]}")
    return [(actual_ms, rate) for actual_ms, rate in json.loads(done.stdout)]


if __name__ == "__main__":
    sys.stdout.write(f"{environment()}\n")
