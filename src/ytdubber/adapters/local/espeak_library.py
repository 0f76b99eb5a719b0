"""The espeak-ng library, called directly. It is GPL-3.0 and comes with the extra `espeak`."""

import ctypes
import hashlib
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from platformdirs import user_cache_path

from ytdubber.domain.errors import ErrorKind, PartMissing, VendorError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PROVIDER = "espeak-ng"

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_RATE = 1
_IPA = 0x02
_TIED = 0x80
TIE = "^"
"""Stands between the letters of one phoneme, as in `t^ʃ`."""

LONGEST_PATH = 159
"""Bytes of its data folder's path that espeak-ng keeps, a NUL aside (`N_PATH_HOME`, `speech.h`)."""

_LANGUAGE_FLAG = re.compile(r"\([a-z^-]+\)")
"""What espeak-ng writes before and after a word it reads as a foreign one: `(^e^n)`."""

_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)
_LOCK = threading.Lock()
"""espeak-ng keeps its voice and its text in globals: one caller of a loaded library at a time."""


def need_espeak(purpose: str) -> None:
    """Make sure the library is installed.

    Raises:
        PartMissing: it is not; `purpose` says what needs it.
    """
    try:
        import espeakng_loader  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise PartMissing(
            part="espeak-ng", purpose=purpose, command="pip install 'ytdubber[espeak]'"
        ) from error


@cache
def espeak_version() -> str:
    """The package's version and a hash of the library and its data; `none` where there are none."""
    try:
        import espeakng_loader
    except ImportError:
        return "none"
    library = Path(espeakng_loader.get_library_path())
    data = Path(espeakng_loader.get_data_path())
    return f"{version('espeakng-loader')}+{bytes_version(library, data)}"


def bytes_version(library: Path, data: Path) -> str:
    """A hash of a library and of the folder of its data, in hexadecimal digits."""
    digest = hashlib.sha256(library.read_bytes())
    for path in sorted(path for path in data.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(data).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def phonemes(text: str, accent: str) -> str:
    """How an accent says a text, in IPA with stress and ties, its clauses divided by spaces.

    Punctuation shapes the reading of numbers and abbreviations and is then gone.
    """
    with _LOCK:
        library = _shared()
        _set_voice(library, accent)
        buffer = _encoded(text)
        pointer = ctypes.c_void_p(ctypes.addressof(buffer))
        mode = _IPA | _TIED | ord(TIE) << 8
        said = []
        while pointer.value:
            clause = library.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, mode)
            said.append((clause or b"").decode())
    return " ".join(_LANGUAGE_FLAG.sub("", " ".join(said)).split())


def samples(text: str, voice: str, words_per_minute: int) -> "tuple[NDArray[np.int16], int]":
    """A text spoken, and its sample rate. The same request gives the same samples.

    The synthesizer's flutter and phase outlive a call and cannot be reset, so each call has a copy
    of the library to itself; that takes 5 ms.
    """
    import numpy as np

    chunks = [np.zeros(0, np.int16)]

    def keep(wave: Any, count: int, _events: Any) -> int:
        if wave and count > 0:
            chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        return 0

    callback = _CALLBACK(keep)
    with _private() as (library, rate_hz):
        library.espeak_SetSynthCallback(callback)
        _set_voice(library, voice)
        library.espeak_SetParameter(_RATE, words_per_minute, 0)
        buffer = _encoded(text)
        failed = library.espeak_Synth(buffer, len(buffer), 0, 0, 0, _UTF8, None, None)
    if failed:
        raise VendorError(PROVIDER, ErrorKind.BAD_OUTPUT, f"error {failed}")
    return np.concatenate(chunks), rate_hz


def _encoded(text: str) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(text.encode())


def _set_voice(library: Any, voice: str) -> None:
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise VendorError(PROVIDER, ErrorKind.UNSUPPORTED, f"no voice '{voice}'")


@cache
def _shared() -> Any:
    """The library for phonemes, loaded once for the life of the process; with the lock held."""
    import espeakng_loader

    return _initialized(Path(espeakng_loader.get_library_path()))[0]


@contextmanager
def _private() -> Iterator[tuple[Any, int]]:
    """A copy of the library with globals of its own, and its sample rate."""
    import espeakng_loader

    original = Path(espeakng_loader.get_library_path())
    with TemporaryDirectory(prefix="ytdubber-espeak-") as folder:
        copy = Path(shutil.copyfile(original, Path(folder, original.name)))
        library, rate_hz = _initialized(copy)
        try:
            yield library, rate_hz
        finally:
            library.espeak_Terminate()
            _unload(library)


def _unload(library: Any) -> None:
    import _ctypes

    if sys.platform == "win32":
        _ctypes.FreeLibrary(library._handle)
    else:
        _ctypes.dlclose(library._handle)


@cache
def _kept(data: Path) -> bytes:
    """The path of its data as espeak-ng can keep it: a link in the user's cache where it is long,
    the short name on Windows, where espeak-ng reads names in the system's own coding.
    """
    if sys.platform == "win32":
        short = ctypes.create_unicode_buffer(260)
        found = ctypes.windll.kernel32.GetShortPathNameW(str(data), short, len(short))
        return (short.value if 0 < found < len(short) else str(data)).encode("mbcs")
    if len(os.fsencode(data)) <= LONGEST_PATH:
        return os.fsencode(data)
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    link = user_cache_path("ytdubber") / "espeak" / name
    link.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        link.symlink_to(data)
    return os.fsencode(link)


def _initialized(path: Path) -> tuple[Any, int]:
    import espeakng_loader

    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, f"it does not load: {error}") from error
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_TextToPhonemes.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.c_uint,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    data = Path(espeakng_loader.get_data_path())
    rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, _kept(data), _DO_NOT_EXIT)
    if rate_hz <= 0:
        raise VendorError(PROVIDER, ErrorKind.UNAVAILABLE, f"its data in {data} cannot be read")
    return library, rate_hz
