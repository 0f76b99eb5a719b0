"""The C2PA project's library, told to stay off the network.

Its `Builder.sign` holds a whole file in memory, up to three times over. What its C interface has
for whoever writes files by themselves does not, and its Python has no names for it; they are here.
The version that this was written for is pinned.
"""

import ctypes
import functools
import hashlib
import importlib
import json
from collections.abc import Callable
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from ytdubber.adapters.c2pa.certificates import Identity
from ytdubber.adapters.c2pa.media import Media, media_of

FORMATS = {
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "wav": "audio/wav",
}
"""The formats that can hold signed metadata, by their extension, and their media types. Ogg and
Matroska cannot.
"""
_SETTINGS: dict[str, dict[str, object]] = {
    "core": {"allowed_network_hosts": []},
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
}
"""A file must not make whoever reads it ask an address that the file names."""

Check = Callable[[], None]

_ALONE = "application/c2pa"
"""The media type of a manifest that is in no file yet."""
_CHUNK = 1 << 20
_Bytes = ctypes.POINTER(ctypes.c_ubyte)


@functools.cache
def library() -> Any:
    """The library, which takes a moment to load."""
    return importlib.import_module("c2pa")


@functools.cache
def context() -> Any:
    """What files are read under."""
    return library().Context.from_dict(_SETTINGS)


def readable(path: Path) -> bool:
    """Whether a file holds signed metadata, whole or not."""
    media_type = FORMATS.get(path.suffix.lower().removeprefix("."))
    if media_type is None:
        return False
    unverified = _SETTINGS | {"verify": {**_SETTINGS["verify"], "verify_after_reading": False}}
    with path.open("rb") as file, library().Context.from_dict(unverified) as quick:
        try:
            found = library().Reader.try_create(media_type, file, context=quick)
        except library().C2paError:
            return False
    if found is None:
        return False
    found.close()
    return True


class Claim:
    """One manifest on its way into one file: a placeholder first, then it, bound to the file.

    Args:
        manifest: What is said, as the library takes it.
        identity: Who says it.
        boxes: The media type of a file that is made of boxes (ISO/IEC 14496-12), which are hashed
            one by one; None for any other, which is hashed whole.
        media: The one box of it with media, which is hashed in parts (C2PA 2.2, 18.7.2); None where
            the library is to hash it, which takes up to 512 MB of memory for that.
    """

    def __init__(
        self,
        manifest: dict[str, object],
        identity: Identity,
        boxes: str | None,
        media: Media | None = None,
    ) -> None:
        c2pa = library()
        info = c2pa.C2paSignerInfo(
            alg=identity.algorithm.encode(),
            sign_cert=identity.chain,
            private_key=identity.key,
            ta_url=None,
        )
        self._signer = c2pa.Signer.from_info(info)
        self._boxes, self._kind = boxes is not None, (boxes or _ALONE).encode()
        # One that is given to the context is not ours any more.
        signer = self._signer if self._boxes else None
        self._media = media
        settings = _SETTINGS if media is None else _in_parts(media)
        self._context = c2pa.Context.from_dict(settings, signer=signer)
        self._builder = c2pa.Builder(json.dumps(manifest), self._context)
        if media is not None:
            set_size = _function("c2pa_builder_set_fixed_size_merkle", ctypes.c_int)
            _need(set_size(self._builder._handle, ctypes.c_size_t(media.leaf_kb)))

    def add_parent(self, ingredient: dict[str, str], file: BufferedIOBase, media_type: str) -> None:
        """Say what the file is made from."""
        self._builder.add_ingredient(json.dumps(ingredient), media_type, file)

    def placeholder(self) -> bytes:
        """What the file has to have where the signed manifest will be, as long as that: an even
        number of bytes in a file without boxes, because chunks of RIFF want it.
        """
        if self._boxes:
            return self._made("c2pa_builder_placeholder", self._kind)
        made = self._reserved_for(self._signer.reserve_size())
        return made if len(made) % 2 == 0 else self._reserved_for(self._signer.reserve_size() + 1)

    def _reserved_for(self, signature_bytes: int) -> bytes:
        size = ctypes.c_size_t(signature_bytes)
        return self._made("c2pa_builder_data_hashed_placeholder", size, self._kind)

    def signed(self, file: BufferedIOBase, begins: int, length: int, check: Check) -> bytes:
        """The manifest, signed, as long as the placeholder.

        Args:
            file: The file with the placeholder in it.
            begins: Where that part of it begins that the manifest is not bound to.
            length: How long that is.
            check: Called now and then; raises to stop.
        """
        if self._boxes:
            self._hash_media(file, check)
            file.seek(0)
            with library().Stream(file) as stream:
                hashed = _function("c2pa_builder_update_hash_from_stream", ctypes.c_int)
                _need(hashed(self._builder._handle, self._kind, stream._stream))
            return self._made("c2pa_builder_sign_embeddable", self._kind)
        digest = sha256_around(file, begins, length, check)
        binding = {
            "exclusions": [{"start": begins, "length": length}],
            "name": "jumbf manifest",
            "alg": "sha256",
            "hash": list(digest),
            "pad": "",
        }
        return self._made(
            "c2pa_builder_sign_data_hashed_embeddable",
            self._signer._handle,
            json.dumps(binding).encode(),
            self._kind,
            None,
        )

    def _hash_media(self, file: BufferedIOBase, check: Check) -> None:
        media = media_of(file) if self._media is not None else None
        if media is None:
            return
        hashed = _function("c2pa_builder_hash_mdat_bytes", ctypes.c_int)
        only, wide, left = ctypes.c_size_t(0), ctypes.c_bool(media.wide), media.bytes
        file.seek(media.begins)
        while left and (chunk := file.read(min(_CHUNK, left))):
            check()
            _need(hashed(self._builder._handle, only, chunk, ctypes.c_size_t(len(chunk)), wide))
            left -= len(chunk)

    def close(self) -> None:
        """Free what it holds."""
        self._builder.close()
        self._context.close()
        self._signer.close()

    def _made(self, name: str, *given: object) -> bytes:
        made = _Bytes()
        make = _function(name, ctypes.c_int64)
        count = _need(make(self._builder._handle, *given, ctypes.byref(made)))
        try:
            return ctypes.string_at(made, count)
        finally:
            _function("c2pa_free", ctypes.c_int)(made)


def _in_parts(media: Media) -> dict[str, dict[str, object]]:
    core = {**_SETTINGS["core"], "merkle_tree_chunk_size_in_kb": media.leaf_kb}
    return {**_SETTINGS, "core": core}


def sha256_around(file: BufferedIOBase, begins: int, length: int, check: Check) -> bytes:
    """The SHA-256 of a file but for a part of it."""
    digest = hashlib.sha256()
    file.seek(0)
    left = begins
    while left and (chunk := file.read(min(_CHUNK, left))):
        check()
        digest.update(chunk)
        left -= len(chunk)
    file.seek(begins + length)
    while chunk := file.read(_CHUNK):
        check()
        digest.update(chunk)
    return digest.digest()


def _function(name: str, result: type[Any]) -> Callable[..., int]:
    function = ctypes.CDLL.__getitem__(library().c2pa._lib, name)
    function.restype = result
    made: Callable[..., int] = function
    return made


def _need(result: int) -> int:
    """Raise the library's last error where it tells of one."""
    if result < 0:
        raise library().C2paError(library().c2pa._read_native_error() or "no reason is told")
    return result
