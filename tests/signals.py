"""Signals as a kernel may deliver them."""

import ctypes
import os

import psutil
from tests.waiting import until


def hand_to_another_thread(pid: int, number: int) -> None:
    """Have a thread take it that is not the main one: the kernel may choose any."""
    process = psutil.Process(pid)
    until(lambda: process.num_threads() > 1)
    others = [each.id for each in process.threads() if each.id != pid]
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.tgkill(pid, others[0], number):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
