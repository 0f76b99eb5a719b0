"""Who signs finished files, by the settings."""

import functools
from pathlib import Path

from ytdubber.adapters.c2pa.certificates import given_identity, own_identity
from ytdubber.adapters.c2pa.reading import read_credentials
from ytdubber.adapters.c2pa.signing import C2paSigner
from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.app.dubs.detect import Detect
from ytdubber.app.dubs.manifest import Manifest, read_manifest
from ytdubber.bootstrap.findings import Finding
from ytdubber.domain.errors import BadSetting
from ytdubber.ports.blob_store import BlobStore
from ytdubber.ports.signer import Signer
from ytdubber.settings import Settings

_REMEDY = (
    "Renew the certificate, or take both settings out: this installation signs by itself then."
)


def signer(settings: Settings) -> Signer | None:
    """An operator's identity, or this installation's own; None where nothing is to be signed.

    Raises:
        BadSetting: the operator's cannot be used.
    """
    if not settings.c2pa:
        return None
    chain, key = settings.c2pa_certificates, settings.c2pa_key
    if chain is None or key is None:
        return C2paSigner(functools.cache(functools.partial(own_identity, settings.data / "c2pa")))
    try:
        identity = given_identity(chain, key)
    except OSError as error:
        reason = f"{error.filename}: {error.strerror or error}."
        raise BadSetting(variable="YTDUBBER_C2PA_CERTIFICATES", reason=reason) from None
    except ValueError as error:
        raise BadSetting(variable="YTDUBBER_C2PA_CERTIFICATES", reason=f"{error}.") from None
    return C2paSigner(lambda: identity)


def examined(settings: Settings) -> Finding:
    """Who signs, for `doctor`."""
    try:
        made = signer(settings)
    except BadSetting as error:
        return Finding("marks", False, True, str(error), _REMEDY)
    if made is None:
        return Finding("marks", True, False, "fields of text alone: YTDUBBER_C2PA is false")
    given = settings.c2pa_certificates
    whose = f"by {given}" if given else "by this installation, whom no list of trust names"
    return Finding("marks", True, False, f"files are signed {whose}")


def detection() -> Detect:
    """The use case that reads the marks of files."""
    return Detect(read_credentials, _dub_in)


def _dub_in(folder: Path) -> tuple[Manifest | None, BlobStore]:
    blobs = FolderBlobStore(folder)
    return read_manifest(blobs), blobs
