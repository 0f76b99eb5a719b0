"""Runs a module of the program as where there is no Unix: `PYTHON -m MODULE ...`, where PYTHON is
the script that `python_without_unix` writes.

Modules, functions and signals that Windows has not are hidden from the program's own code, in this
process and in every one that it starts; libraries, which know both systems, see what there is. What
was looked for in vain is written down.
"""

import builtins
import os
import runpy
import signal
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

MODULES = frozenset(
    ("crypt", "fcntl", "grp", "nis", "ossaudiodev", "posix", "pty", "pwd", "resource", "spwd")
) | {"syslog", "termios", "tty", "readline", "curses"}
OS = frozenset(
    ("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "WNOHANG")
) | {
    "chown", "chroot", "confstr", "ctermid", "fchdir", "fchown", "fdatasync", "fork", "forkpty",
    "fpathconf", "fstatvfs", "getegid", "geteuid", "getgid", "getgroups", "getloadavg", "getpgid",
    "getpgrp", "getpriority", "getsid", "getuid", "initgroups", "killpg", "lchown", "lockf",
    "memfd_create", "mkfifo", "mknod", "nice", "openpty", "pathconf", "pidfd_open", "pipe2",
    "posix_fadvise", "posix_fallocate", "posix_spawn", "pread", "pwrite", "readv",
    "register_at_fork", "sched_getaffinity", "sched_setaffinity", "sendfile", "setegid", "seteuid",
    "setgid", "setgroups", "setpgid", "setpriority", "setsid", "setuid", "statvfs", "sync",
    "sysconf", "tcgetpgrp", "ttyname", "uname", "wait3", "wait4", "waitid", "writev",
}  # fmt: skip
SIGNALS = frozenset(
    ("alarm", "setitimer", "getitimer", "pthread_kill", "pthread_sigmask", "sigwait", "pause")
) | {
    name
    for name in dir(signal)
    if name.startswith("SIG")
    and name not in ("SIGABRT", "SIGFPE", "SIGILL", "SIGINT", "SIGSEGV", "SIGTERM")
    and not name.startswith("SIG_")
}
"""Python's documentation of `os` and `signal` says "Availability: Unix" of these."""


def python_without_unix(folder: Path) -> tuple[Path, Path]:
    """A Python of this kind, and the file in which it writes what was looked for in vain."""
    python, missed = folder / "python", folder / "missed"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{__file__}" "$0" "{missed}" "$@"\n')
    python.chmod(0o700)
    return python, missed


class Less(ModuleType):
    """A module without some of its names."""

    def __init__(self, whole: ModuleType, hidden: frozenset[str], missed: int) -> None:
        super().__init__(whole.__name__)
        self.__dict__.update(_whole=whole, _hidden=hidden, _missed=missed)

    def __getattr__(self, name: str) -> Any:
        if name in self.__dict__["_hidden"]:
            os.write(self._missed, f"{self.__name__}.{name}\n".encode())
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return "nt" if (self.__name__, name) == ("os", "name") else getattr(self._whole, name)


class Hiding:
    """`__import__` that gives the program's own modules only what Windows has."""

    def __init__(self, missed: int) -> None:
        self._import = builtins.__import__
        self._missed = missed
        self._less = {"os": Less(os, OS, missed), "signal": Less(signal, SIGNALS, missed)}

    def __call__(
        self,
        name: str,
        globals: Any = None,  # the names that `__import__` has
        locals: Any = None,
        fromlist: Any = (),
        level: int = 0,
    ) -> Any:
        spec = (globals or {}).get("__spec__")
        asking = spec.name if spec else (globals or {}).get("__name__", "")
        if level == 0 and asking.partition(".")[0] == "ytdubber":
            if name in MODULES:
                os.write(self._missed, f"{asking} {name}\n".encode())
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            if name in self._less:
                return self._less[name]
        return self._import(name, globals, locals, fromlist, level)


def main(python: str, missed: str, *words: str) -> None:
    """Run the module with its own words; what it starts is started in the same way."""
    sys.executable = python
    # Left open: the decoder opens nothing any more when it is confined.
    writing = os.open(missed, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    builtins.__import__ = Hiding(writing)
    after = words.index("-m") + 1
    sys.argv = list(words[after:])
    runpy.run_module(words[after], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
