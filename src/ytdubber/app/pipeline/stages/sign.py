"""Signed metadata into finished sound, where its format holds it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from ytdubber.app.pipeline.artifacts import Signed
from ytdubber.audio.mixer import Mastered
from ytdubber.domain.errors import NotSigned
from ytdubber.files.encrypted import open_file
from ytdubber.log import get_logger
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.signer import Signer

log = get_logger(__name__)


def sign(mastered: Sequence[Mastered], signer: Signer | None, call: CallContext) -> Signed:
    """Sign every file in which a machine speaks and whose format allows it; one that fails is kept
    as it is, and that is told.
    """
    files, paths, notes = list(mastered), set(), []
    for index, file in enumerate(mastered):
        call.raise_if_cancelled()
        provenance, file_format = file.deliverable.provenance, file.deliverable.format.value
        if provenance is None or signer is None or not signer.signs(file_format):
            continue
        try:
            signer.sign(file.path, file_format, provenance, call.raise_if_cancelled)
        except NotSigned as error:
            log.error("file.not_signed", error=error)
            notes.append(f"{file.path.name} could not be signed as made by AI.")
        else:
            paths.add(file.path)
            files[index] = _measured(file)
    return Signed(tuple(files), frozenset(paths), tuple(notes))


def _measured(file: Mastered) -> Mastered:
    with open_file(file.path) as opened:
        digest = hashlib.file_digest(opened, "sha256")
        return replace(file, bytes=opened.tell(), sha256=digest.hexdigest())
