"""The espeak-ng library, called directly. It is GPL-3.0 and comes with the extra `espeak`."""

import ctypes
import re
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytdubber.domain.errors import Fault, PartMissing, VendorError

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

_LANGUAGE_FLAG = re.compile(r"\([a-z^-]+\)")
"""What espeak-ng writes before and after a word it reads as a foreign one: `(^e^n)`."""

_LOCK = threading.Lock()
"""espeak-ng keeps its voice, its rate and its text in globals: one caller at a time."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    library: Any
    rate_hz: int
    callback: Any
    chunks: "list[NDArray[np.int16]]"


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


def phonemes(text: str, accent: str) -> str:
    """How an accent says a text, in IPA with stress and ties, its clauses divided by spaces.

    Punctuation shapes the reading of numbers and abbreviations and is then gone.
    """
    with _LOCK:
        library = _load().library
        _set_voice(library, accent)
        pointer = ctypes.c_void_p(ctypes.cast(buffer := _encoded(text), ctypes.c_void_p).value)
        mode = _IPA | _TIED | ord(TIE) << 8
        said = []
        while pointer.value:
            clause = library.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, mode)
            said.append((clause or b"").decode())
        del buffer
    return " ".join(_LANGUAGE_FLAG.sub("", " ".join(said)).split())


def samples(text: str, voice: str, words_per_minute: int) -> "tuple[NDArray[np.int16], int]":
    """A text spoken, and its sample rate."""
    import numpy as np

    with _LOCK:
        loaded = _load()
        _set_voice(loaded.library, voice)
        loaded.library.espeak_SetParameter(_RATE, words_per_minute, 0)
        loaded.chunks.clear()
        buffer = _encoded(text)
        failed = loaded.library.espeak_Synth(buffer, len(buffer), 0, 0, 0, _UTF8, None, None)
        spoken = np.concatenate([np.zeros(0, np.int16), *loaded.chunks])
        loaded.chunks.clear()
    if failed:
        raise VendorError(PROVIDER, Fault.BAD_OUTPUT, f"error {failed}")
    return spoken, loaded.rate_hz


def _encoded(text: str) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(text.encode())


def _set_voice(library: Any, voice: str) -> None:
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise VendorError(PROVIDER, Fault.UNSUPPORTED, f"no voice '{voice}'")


@cache
def _load() -> _Loaded:
    """The library, initialized once for the life of the process. Called with the lock held."""
    import espeakng_loader
    import numpy as np

    library = ctypes.CDLL(espeakng_loader.get_library_path())
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
    data = str(Path(espeakng_loader.get_data_path()))
    rate_hz = library.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _DO_NOT_EXIT)
    if rate_hz <= 0:
        raise VendorError(PROVIDER, Fault.UNAVAILABLE, f"its data in {data} cannot be read")
    chunks: list[NDArray[np.int16]] = []

    def keep(wave: Any, count: int, _events: Any) -> int:
        if wave and count > 0:
            chunks.append(np.ctypeslib.as_array(wave, (count,)).copy())
        return 0

    callback = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
    )(keep)
    library.espeak_SetSynthCallback(callback)
    return _Loaded(library, rate_hz, callback, chunks)
