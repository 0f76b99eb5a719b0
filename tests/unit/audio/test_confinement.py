"""What a decoder that was taken over could still do."""

import json
import platform
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, os, socket, sys, threading
from ytdubber.audio.decoder_confinement import confine

media = os.open(sys.argv[1], os.O_RDONLY)
out = open(sys.argv[2], "wb")
taken = confine(media)

def tried(act):
    try:
        act()
    except OSError as error:
        return error.errno
    except RuntimeError:
        return "refused"
    return "done"

def thread():
    each = threading.Thread(target=lambda: None)
    each.start()
    each.join()

def forked():
    if os.fork() == 0:
        os._exit(0)

acts = {
    "media": lambda: open(f"/dev/fd/{media}", "rb").read(),
    "written": lambda: (out.write(b"sound"), out.seek(0), out.truncate(3), out.close()),
    "thread": thread,
    "passwords": lambda: open("/etc/passwd").read(),
    "listing": lambda: os.listdir("/"),
    "made": lambda: open(sys.argv[2] + "2", "w"),
    "removed": lambda: os.remove(sys.argv[2]),
    "tcp": lambda: socket.create_connection(("127.0.0.1", 9)),
    "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "forked": forked,
    "program": lambda: os.execv("/bin/true", ["true"]),
    "killed": lambda: os.kill(os.getppid(), 0),
}
print(json.dumps({"taken": taken, **{name: tried(act) for name, act in acts.items()}}))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"),
    reason="what is tried here is the Linux kernel's to refuse, on these architectures",
)
def test_it_computes_reads_its_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"media")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "media"), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert {name: found[name] for name in ("media", "written", "thread")} == {
        "media": "done",
        "written": "done",
        "thread": "done",
    }
    assert (tmp_path / "out").read_bytes() == b"sou"
    taken = found["taken"]
    assert "no_new_privs" in taken
    if "seccomp" in taken:
        for name in ("tcp", "udp", "unix", "forked", "program", "killed"):
            assert found[name] != "done", name
    if "landlock" in taken:
        for name in ("passwords", "listing", "made", "removed", "program"):
            assert found[name] != "done", name
    assert {"seccomp", "landlock"} & set(taken) or found["udp"] == "done"
