"""Decoders are forked from one process that has everything loaded, and share nothing."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.decoders import children, decoders, killed_decoders, servers
from tests.waiting import until

from ytdubber.audio.decode import DecodeLimits, DecodeOutput, decode
from ytdubber.domain.errors import Cancelled, DecoderStopped, NotAudio

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere each decoder is a program of its own"
)


@pytest.fixture(scope="module")
def long_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Something that takes a while to decode."""
    path: Path = tmp_path_factory.mktemp("long") / "in.flac"
    noise = np.random.default_rng(0).uniform(-0.1, 0.1, (192_000, 2)).astype(np.float32)
    with soundfile.SoundFile(path, "w", 192_000, 2, format="FLAC") as file:
        for _ in range(20):
            file.write(noise)
    return path


@pytest.fixture(scope="module")
def short_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("short") / "in.flac"
    soundfile.write(path, np.zeros(4800), 48_000)
    return path


def files_of(pid: int) -> list[str]:
    """What a process has open."""
    folder = Path(f"/proc/{pid}/fd")
    return [os.readlink(folder / each) for each in os.listdir(folder)]


def at_work(then: Callable[[int], None]) -> Callable[[], None]:
    """A check that does something, once, to the decoder."""
    done: list[int] = []

    def check() -> None:
        if not done and (found := decoders()):
            done.append(found[0])
            then(found[0])

    return check


def test_one_process_serves_many_files(short_file: Path) -> None:
    decode(short_file, [])
    (server,) = servers()
    for _ in range(3):
        decode(short_file, [])
    assert servers() == [server]
    assert children(server) == []
    assert len(os.listdir(f"/proc/{server}/task")) == 1, "it forks, and so has no other thread"
    held = files_of(server)
    assert str(short_file) not in held
    assert len(held) == 6, "0 to 2, where files come from, and the two ends that wake it"


def test_a_decoder_has_its_own_file_open_and_no_other(
    long_file: Path, short_file: Path, tmp_path: Path
) -> None:
    opened: set[str] = set()

    def look(pid: int) -> None:
        until(lambda: str(tmp_path / "0.wav") in files_of(pid))
        os.kill(pid, signal.SIGSTOP)
        opened.update(files_of(pid))
        assert os.getsid(pid) == pid
        decode(short_file, [DecodeOutput(tmp_path / "1.wav")])  # beside it
        opened.update(files_of(pid))
        os.kill(pid, signal.SIGCONT)

    decode(long_file, [DecodeOutput(tmp_path / "0.wav")], check=at_work(look))
    named = {path for path in opened if path.startswith(str(tmp_path.parent))}
    assert named == {str(long_file), str(tmp_path / "0.wav")}
    pipes = {path for path in opened if path.startswith("pipe:")}
    assert len(pipes) == 2, "its orders and its reports"
    assert not [path for path in opened if path.startswith("socket:")]


def test_it_stands_back_and_nobody_else_does(long_file: Path) -> None:
    nice: list[int] = []

    def look(pid: int) -> None:
        until(lambda: os.getpriority(os.PRIO_PROCESS, pid) == 7)
        nice.append(os.getpriority(os.PRIO_PROCESS, servers()[0]))

    decode(long_file, [], DecodeLimits(niceness=7), check=at_work(look))
    assert nice == [os.getpriority(os.PRIO_PROCESS, 0)]


def test_a_file_that_fells_its_decoder_meets_no_other_of_the_same_layout(
    long_file: Path, short_file: Path
) -> None:
    decode(short_file, [])
    before = servers()
    with pytest.raises(NotAudio):
        decode(long_file, [], check=at_work(lambda pid: os.kill(pid, signal.SIGSEGV)))
    decode(short_file, [])
    assert not set(servers()) & set(before)


def test_one_that_the_system_kills_changes_nothing(long_file: Path, short_file: Path) -> None:
    decode(short_file, [])
    before = servers()
    with killed_decoders(), pytest.raises(DecoderStopped, match="SIGKILL"):
        decode(long_file, [])
    decode(short_file, [])
    assert servers() == before


def test_one_that_nobody_waits_for_is_ended_alone(
    long_file: Path, short_file: Path, tmp_path: Path
) -> None:
    decode(short_file, [])
    before = servers()

    def left(pid: int) -> None:
        os.kill(pid, signal.SIGSTOP)  # it does not end by itself
        raise Cancelled

    with pytest.raises(Cancelled):
        decode(long_file, [DecodeOutput(tmp_path / "0.wav")], check=at_work(left))
    assert not (tmp_path / "0.wav").exists()
    until(lambda: not decoders())
    decode(short_file, [])
    assert servers() == before


def test_when_the_server_is_killed_its_decoders_end_and_another_takes_its_place(
    long_file: Path, short_file: Path, tmp_path: Path
) -> None:
    felled: list[int] = []

    def kill(pid: int) -> None:
        felled.append(pid)
        os.kill(servers()[0], signal.SIGKILL)

    with pytest.raises(DecoderStopped, match="SIGKILL"):
        decode(long_file, [DecodeOutput(tmp_path / "0.wav")], check=at_work(kill))
    until(lambda: not Path("/proc", str(felled[0])).exists())
    assert not (tmp_path / "0.wav").exists()
    assert decode(short_file, []).samples == 4800


def test_many_at_once_each_get_their_own(short_file: Path, tmp_path: Path) -> None:
    made: list[tuple[int, int]] = []
    for number in range(12):
        soundfile.write(tmp_path / f"{number}.flac", np.zeros(4800 + number), 48_000)

    def work(number: int) -> None:
        for _ in range(3):
            made.append((number, decode(tmp_path / f"{number}.flac", []).samples))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {(number, 4800 + number) for number in range(12)} == set(made)
    assert len(made) == 36


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.decoders import decoders, servers
from ytdubber.audio.decode import decode

def check():
    if found := decoders():
        print(*servers(), *found, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

decode(Path(sys.argv[1]), [], check=check)
"""


def test_they_end_with_whoever_started_them(long_file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(long_file)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    pids = done.stdout.split()
    assert len(pids) == 2
    until(lambda: not any(Path("/proc", pid).exists() for pid in pids))
