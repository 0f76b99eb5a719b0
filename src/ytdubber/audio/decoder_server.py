"""A process that has everything loaded, and forks a decoder for each file it is handed.

It is started as `python -I -m ytdubber.audio.decoder_server N`, N being an open socket of sequenced
packets. Each packet hands down what one decoder has open, in the order of `HANDED`; a decoder
keeps nothing else, reads one file, confines itself before that, and ends. This process reads no
media and no order. It ends when whoever started it does, and with it every decoder.
"""

import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import sys
from typing import NoReturn

from ytdubber.audio import decoder
from ytdubber.audio.decoder_limits import MEDIA_FD

HANDED = ("media", "order", "reports", "complaints", "status")
"""The files of a packet: the media, standard input, output and error of the decoder, and a pipe on
which this process writes the decoder's status and which, closed by its reader, ends the decoder."""
IDLE_MS = 60_000
"""Without a file for so long it ends, and gives its memory back."""
MAX_FORKS = 500
"""After so many decoders another one takes its place, laid out differently in memory."""
_PR_SET_PDEATHSIG = 1
"""linux/prctl.h"""
_ENDED = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGXCPU)


class Server:
    """Forks and reaps, in one thread.

    Args:
        control: Where files come from.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._pids: dict[int, int] = {}  # by the pipe that waits for a decoder's status
        self._forks = 0
        self._taking = True
        self._woken, waking = os.pipe()
        for end in (self._woken, waking):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._poll.register(self._woken, select.POLLIN)

    def run(self) -> None:
        """Serve until nobody is left who could ask, or it is time for another one."""
        while self._taking or self._pids:
            ready = self._poll.poll(None if self._pids else IDLE_MS)
            if not ready:
                self._take_no_more()
            for each, _ in ready:
                if each == self._control.fileno():
                    self._take()
                elif each == self._woken:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self._woken, 4096)
                elif each in self._pids:  # nobody waits for it any more
                    os.kill(self._pids[each], signal.SIGKILL)
            self._reap()

    def _take(self) -> None:
        """Fork a decoder for the next file; end with whoever started this."""
        data, files, _, _ = socket.recv_fds(self._control, 1, len(HANDED))
        if not data:
            sys.exit()  # the kernel ends the decoders
        self._fork(files)
        if self._forks == MAX_FORKS:
            self._take_no_more()

    def _take_no_more(self) -> None:
        """From here on whoever asks is told that nobody listens; what was asked before is done."""
        self._taking = False
        self._control.shutdown(socket.SHUT_RD)
        self._poll.unregister(self._control)
        while True:
            data, files, _, _ = socket.recv_fds(self._control, 1, len(HANDED))
            if not data:
                return
            self._fork(files)

    def _fork(self, files: list[int]) -> None:
        self._forks += 1
        own = os.getpid()
        *theirs, status = files
        try:
            pid = os.fork()
        except OSError as error:  # no memory, or too many processes
            os.write(files[HANDED.index("complaints")], str(error).encode())
            os.write(status, b"1")
            theirs.append(status)
        else:
            if pid == 0:
                _become_decoder(own, files)
            self._pids[status] = pid
            self._poll.register(status, 0)
        for each in theirs:
            os.close(each)

    def _reap(self) -> None:
        for status, pid in list(self._pids.items()):
            ended, how = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            code = os.waitstatus_to_exitcode(how)
            if code < 0 and -code not in _ENDED and self._taking:
                # A file may have tried where things lie in memory: the next meets another layout.
                self._take_no_more()
            with contextlib.suppress(BrokenPipeError):  # nobody wants to know
                os.write(status, str(code).encode())
            self._poll.unregister(status)
            os.close(status)
            del self._pids[status]


def _become_decoder(server: int, files: list[int]) -> NoReturn:
    """Be a decoder of these files, in a process that was forked from the server."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != server:
        os._exit(1)
    os.setsid()
    media, order, reports, complaints, _ = files
    for each, place in ((order, 0), (reports, 1), (complaints, 2), (media, MEDIA_FD)):
        os.dup2(each, place)
    most = max(map(int, os.listdir("/proc/self/fd")))
    os.closerange(MEDIA_FD + 1, most + 1)
    code = 1
    try:
        decoder.main()
        code = 0
    except BaseException:  # as the interpreter does, but nothing of the server's is tidied up
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Load everything, then serve."""
    decoder.load_all()
    gc.collect()
    gc.freeze()  # a decoder that collects garbage need not copy what all share
    with socket.socket(fileno=int(sys.argv[1])) as control:
        Server(control).run()


if __name__ == "__main__":
    main()
