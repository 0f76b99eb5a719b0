"""What is signed in a file."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ytdubber.adapters.c2pa.library import FORMATS, context, library
from ytdubber.ports.signer import Credentials

_UNKNOWN_SIGNER = "signingCredential.untrusted"
_BY_AI = ("compositeWithTrainedAlgorithmicMedia", "trainedAlgorithmicMedia")


def read_credentials(path: Path) -> Credentials | None:
    """What is signed in a file; None where nothing is, or its format can hold nothing.

    Raises:
        OSError: the file cannot be read.
    """
    media_type = FORMATS.get(path.suffix.lower().removeprefix("."))
    if media_type is None:
        return None
    c2pa = library()
    with path.open("rb") as file:
        try:
            reader = c2pa.Reader.try_create(media_type, file, context=context())
        except c2pa.C2paError as error:
            return Credentials(False, False, "", "", synthetic=False, problems=(str(error),))
        if reader is None:
            return None
        with reader:
            return _credentials(json.loads(reader.json()))


def _credentials(store: Mapping[str, Any]) -> Credentials:
    manifest = store["manifests"][store["active_manifest"]]
    problems = [each["code"] for each in store.get("validation_status", [])]
    made_by: Mapping[str, str] = next(iter(manifest.get("claim_generator_info", [])), {})
    signed_by = manifest.get("signature_info", {})
    return Credentials(
        whole=store.get("validation_state") in ("Valid", "Trusted"),
        trusted=store.get("validation_state") == "Trusted",
        signer=signed_by.get("common_name") or signed_by.get("issuer") or "",
        generator=" ".join(filter(None, (made_by.get("name"), made_by.get("version")))),
        synthetic=any(source.endswith(_BY_AI) for source in _source_types(manifest)),
        problems=tuple(code for code in problems if code != _UNKNOWN_SIGNER),
    )


def _source_types(manifest: Mapping[str, Any]) -> Iterator[str]:
    for assertion in manifest.get("assertions", []):
        if assertion["label"].startswith("c2pa.actions"):
            for action in assertion["data"]["actions"]:
                yield action.get("digitalSourceType", "")
