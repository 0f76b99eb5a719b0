"""What decoding a hostile file does, as the system sees it: it starts no program, reaches no
network and writes nothing but what was asked for.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.integration.audio.hostile import id3_with_picture, playlists, silent_flac, wav

# Decodes every file of a folder, then shows that what is looked for would be seen.
TRACED = """
import socket
import subprocess
import sys
from pathlib import Path
from ytdubber.audio.decode import DecodeOutput, decode
from ytdubber.domain.errors import BadInput

folder = Path(sys.argv[1])
for number, path in enumerate(sorted((folder / "given").iterdir())):
    try:
        decode(path, [DecodeOutput(folder / "made" / f"{number}.wav")])
        print("decoded", path.name)
    except BadInput:
        print("refused", path.name)
program = (
    "import socket, pathlib, os; pathlib.Path('written-elsewhere').write_text('x');"
    " socket.socket().connect_ex(('127.0.0.1', 9)); os.execv('/bin/true', ['true'])"
)
subprocess.run([sys.executable, "-c", program], cwd=folder, check=True)
"""
CALLS = "clone,clone3,fork,vfork,"
CALLS += "execve,execveat,socket,connect,bind,sendto,open,openat,creat,unlink,unlinkat,rename,mkdir"
RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
BORN = re.compile(r"(?:v?fork|clone3?)\(.* = (\d+)$")
WRITES = re.compile(r'\bopen(?:at)?\((?:AT_FDCWD, )?"([^"]*)", [^)]*O_(?:WRONLY|RDWR|CREAT)')


def _hostile(folder: Path) -> dict[str, bytes]:
    noise = np.random.default_rng(0).bytes(20_000)
    return playlists(folder / "canary.wav") | {
        "lying wav": wav(claimed_bytes=2**31),
        "wide wav": wav(channels=60_000),
        "odd coding": wav(format_tag=0x7777),
        "picture": id3_with_picture(),
        "silence": silent_flac(20),
        "noise": noise,
        "noise as matroska": b"\x1a\x45\xdf\xa3" + noise,
        "noise as mp4": b"\x00\x00\x00\x18ftypM4A " + noise,
        "noise as ogg": b"OggS" + noise,
        "noise as flac": b"fLaC" + noise,
        "a program": b"\x7fELF" + noise,
        "a script": b"#!/bin/sh\ntouch written-elsewhere\n",
    }


def _by_process(trace: str) -> dict[str, list[str]]:
    calls: dict[str, list[str]] = {}
    for line in trace.splitlines():
        process, _, call = line.partition(" ")
        made = calls.setdefault(process, [])
        if resumed := RESUMED.match(call.strip()):  # another process came between
            made[-1] = made[-1].removesuffix("<unfinished ...>") + resumed[1]
        else:
            made.append(call.strip())
    return calls


def _programs(calls: list[str]) -> list[str]:
    return [call for call in calls if call.startswith("execve") and call.endswith("= 0")]


def _harm(calls: list[str], made: Path) -> list[str]:
    """What no decoder may do."""
    found = [f"a program: {call}" for call in _programs(calls)]
    found += [f"the network: {call}" for call in calls if "AF_INET" in call]
    for call in calls:
        write = WRITES.search(call)
        if write and "= -1" not in call and not _own(write[1], made):
            found.append(f"a file: {call}")
    return found


def _begun(calls: list[str]) -> list[str]:
    """The processes and threads that one has begun."""
    return [born[1] for call in calls if (born := BORN.match(call))]


def _own(path: str, made: Path) -> bool:
    return path.startswith((str(made), "/dev/null", "/dev/fd/", "/proc/self/"))


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace to see what is called")
def test_no_hostile_file_makes_its_decoder_do_harm(tmp_path: Path) -> None:
    given, made, trace = tmp_path / "given", tmp_path / "made", tmp_path / "trace"
    given.mkdir()
    made.mkdir()
    files = _hostile(tmp_path)
    for name, data in files.items():
        (given / name).write_bytes(data)
    words = ["strace", "-f", "-q", "--seccomp-bpf", "-e", f"trace={CALLS}", "-s", "300"]
    done = subprocess.run(
        [*words, "-o", str(trace), sys.executable, "-c", TRACED, str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip("may not trace processes here")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("refused") + done.stdout.count("decoded") == len(files)
    calls = _by_process(trace.read_text(errors="replace"))
    (server,) = [
        each for each in calls.values() if any("decoder_server" in call for call in _programs(each))
    ]
    decoders = [calls[process] for process in _begun(server)]
    assert len(decoders) == len(files)
    decoders += [calls[thread] for each in decoders for thread in _begun(each) if thread in calls]
    assert [harm for each in decoders for harm in _harm(each, made)] == []
    (shown,) = [each for each in calls.values() if any("bin/true" in c for c in _programs(each))]
    kinds = {harm.partition(":")[0] for harm in _harm(shown, made)}
    assert kinds == {"a program", "the network", "a file"}, "what is looked for is seen"
    assert not (given / "written-elsewhere").exists()
