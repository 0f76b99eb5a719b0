"""What the kernel takes from the decoding child for good: privileges, files, programs, the network.

A file that takes the decoder over finds a process that can compute, read the one file it was
given, and write to what was open already. Where a kernel, or a system, knows none of it, the limits
on memory, time and open files remain.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
"""linux/prctl.h"""
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Landlock's system calls, the same on every architecture (asm-generic/unistd.h)."""
_ASK_VERSION, _PATH_BENEATH = 1, 1
_READ_FILE = 1 << 2
_FILE_RIGHTS_BY_VERSION = ((1, 13), (2, 14), (3, 15), (5, 16))
"""How many rights on files Landlock knows, by the version from which on (linux/landlock.h)."""
_BIND_AND_CONNECT, _SOCKETS_AND_SIGNALS = 0b11, 0b11
_NET_SINCE, _SCOPES_SINCE = 4, 6

_SET_MODE_FILTER, _ALL_THREADS = 1, 1
"""linux/seccomp.h"""
_ALLOW, _KILL, _ERRNO = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""Instructions of classic BPF (linux/bpf_common.h)."""
_NUMBER_AT, _ARCHITECTURE_AT, _FIRST_ARGUMENT_AT = 0, 4, 16
_CLONE_THREAD = 0x1_0000
_OTHER_TABLE = 0x4000_0000
"""From here on x86-64 has its calls a second time, for x32."""


@dataclass(frozen=True, slots=True)
class _Calls:
    """An architecture's numbers (x86/entry/syscalls/syscall_64.tbl, asm-generic/unistd.h)."""

    audit: int
    seccomp: int
    clone: int
    clone3: int
    denied: tuple[int, ...]


_CALLS = {
    "x86_64": _Calls(
        0xC000_003E,
        317,
        56,
        435,
        # Sockets; programs, processes and their memory; what reaches deep into the kernel.
        (
            *range(41, 51),
            53,
            288,
            299,
            307,
            57,
            58,
            59,
            322,
            62,
            101,
            129,
            297,
            310,
            311,
            424,
            434,
            438,
            155,
            161,
            165,
            175,
            246,
            248,
            249,
            250,
            272,
            298,
            304,
            308,
            313,
            321,
            323,
            425,
        ),
    ),
    "aarch64": _Calls(
        0xC000_00B7,
        277,
        220,
        435,
        (
            *range(198, 208),
            211,
            212,
            242,
            243,
            269,
            221,
            281,
            117,
            129,
            138,
            240,
            270,
            271,
            424,
            434,
            438,
            40,
            41,
            51,
            97,
            104,
            105,
            217,
            218,
            219,
            241,
            265,
            268,
            273,
            280,
            282,
            425,
        ),
    ),
}


def confine(media_fd: int | None) -> tuple[str, ...]:
    """Give it all up; returns what the kernel has taken.

    Args:
        media_fd: The one file that can still be opened, to be read; None for none.
    """
    if not sys.platform.startswith("linux"):
        return ()
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return ()
    taken = {"landlock": _landlock(library, media_fd), "seccomp": _seccomp(library)}
    return ("no_new_privs", *(name for name, done in taken.items() if done))


def _landlock(library: ctypes.CDLL, media_fd: int | None) -> bool:
    """No file but this one, and no TCP."""
    version = library.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    rights = max(count for since, count in _FILE_RIGHTS_BY_VERSION if version >= since)
    words = [(1 << rights) - 1]
    words += [_BIND_AND_CONNECT] if version >= _NET_SINCE else []
    words += [_SOCKETS_AND_SIGNALS] if version >= _SCOPES_SINCE else []
    asked = struct.pack(f"={len(words)}Q", *words)
    rules = library.syscall(_CREATE_RULESET, asked, ctypes.c_size_t(len(asked)), 0)
    if rules < 0:
        return False
    try:
        # A file without a path, in memory alone, is refused here, and needs no rule.
        if media_fd is not None:
            rule = struct.pack("=Qi", _READ_FILE, media_fd)
            library.syscall(_ADD_RULE, rules, _PATH_BENEATH, rule, 0)
        return bool(library.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


def _seccomp(library: ctypes.CDLL) -> bool:
    """No socket, no program, no process; threads remain, as decoders use them."""
    calls = _CALLS.get(platform.machine())
    if calls is None:
        return False
    program = _program(calls)
    code = b"".join(struct.pack("=HBBI", *each) for each in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    whole = struct.pack("@HP", len(program), ctypes.addressof(buffer))
    done = library.syscall(calls.seccomp, _SET_MODE_FILTER, _ALL_THREADS, whole)
    return bool(done == 0)


def _program(calls: _Calls) -> list[tuple[int, int, int, int]]:
    """A filter of system calls: (instruction, skipped when true, when false, operand)."""
    denied, missing = _ERRNO | errno.EPERM, _ERRNO | errno.ENOSYS
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, calls.audit),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, 0, 1, _OTHER_TABLE),
        (_RETURN, 0, 0, denied),
        # Its flags lie where no filter sees them; without it the C library takes `clone`.
        (_EQUAL, 0, 1, calls.clone3),
        (_RETURN, 0, 0, missing),
    ]
    for number in calls.denied:
        program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, denied)]
    return [
        *program,
        (_EQUAL, 0, 3, calls.clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        (_ANY_BIT, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, denied),
        (_RETURN, 0, 0, _ALLOW),
    ]
