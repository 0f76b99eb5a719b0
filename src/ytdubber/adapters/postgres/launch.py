"""Becomes a PostgreSQL program that ends when the process that started it ends.

Run by its path, so that nothing else is loaded:
`python -I -S launch.py PARENT_PID UID:GID|- DATA PROGRAM [ARGUMENT ...]`

The data is opened before the account changes, and named to the program as this open folder: the
server can use a folder whose parents it may not read. The kernel is asked last to send SIGINT (to
PostgreSQL a fast shutdown) when the parent ends, because a change of account revokes that wish.
Only Linux grants either.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: str, account: str, data: str, program: str, *arguments: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.chdir("/")  # which every account may return to, as older versions do while they start
    if account != "-":
        if sys.platform == "linux":
            opened = os.open(data, os.O_PATH | os.O_DIRECTORY)
            os.set_inheritable(opened, True)
            data = f"/proc/self/fd/{opened}"
        uid, gid = map(int, account.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
    if os.getppid() != int(parent):
        sys.exit("the process that asked for the server has ended")
    os.execv(program, [program, "-D", data, *arguments])  # noqa: S606 - the command is ours; no shell is wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
