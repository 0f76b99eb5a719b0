"""Files signed by the C2PA project's own library, which is loaded when the first is."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from io import BufferedIOBase
from pathlib import Path

from ytdubber.adapters.c2pa.certificates import Identity
from ytdubber.adapters.c2pa.embedding import CHUNK_HEAD, NoPlace, embed
from ytdubber.adapters.c2pa.library import FORMATS, Claim, library, readable
from ytdubber.adapters.c2pa.media import Media, media_of
from ytdubber.domain.errors import NotSigned
from ytdubber.domain.provenance import GENERATOR, Provenance
from ytdubber.files.encrypted import open_file
from ytdubber.version import __version__

SYNTHETIC = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
"""What IPTC calls media that AI made parts of."""
_PARENT = "xmp:iid:original"
_OF_BOXES = frozenset(("m4a", "mov", "mp4"))
"""Formats of ISO/IEC 14496-12, whose boxes are hashed one by one."""


@dataclass(frozen=True, slots=True)
class C2paSigner:
    """Signs with one identity.

    Attributes:
        identity: Whose key; asked for each file.
        parent: What the files are made from, where that is known.
    """

    identity: Callable[[], Identity]
    parent: Path | None = None

    def signs(self, file_format: str) -> bool:
        return file_format in FORMATS

    def with_parent(self, original: Path) -> "C2paSigner":
        return replace(self, parent=original) if readable(original) else self

    def sign(
        self,
        path: Path,
        file_format: str,
        provenance: Provenance,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        signed = path.with_name(path.name + ".signed")
        try:
            with open_file(path) as source, open_file(signed, "w+b") as target:
                self._sign(source, target, file_format, provenance, check)
            signed.replace(path)
        except (library().C2paError, NoPlace) as error:
            raise NotSigned(file=path.name, reason=str(error)) from error
        finally:
            signed.unlink(missing_ok=True)

    def _sign(
        self,
        source: BufferedIOBase,
        target: BufferedIOBase,
        file_format: str,
        provenance: Provenance,
        check: Callable[[], None],
    ) -> None:
        boxes = FORMATS[file_format] if file_format in _OF_BOXES else None
        media = media_of(source) if boxes else None
        expected = None
        if media is not None:  # how long the manifest is depends on how many hashes are in it
            with closing(self._claim(provenance, boxes, media)) as trial:
                trial.placeholder()
                expected = trial.signed(source, 0, 0, check)
        with closing(self._claim(provenance, boxes, media)) as claim:
            reserved = claim.placeholder()
            place = expected or reserved
            source.seek(0)
            begins = embed(file_format, source, target, place, check)
            head = CHUNK_HEAD if file_format == "wav" else 0
            manifest = claim.signed(target, begins - head, len(place) + head, check)
            if expected is not None and len(manifest) != len(expected):
                raise NoPlace("its manifest has another length each time")
            target.seek(begins)
            target.write(manifest)

    def _claim(self, provenance: Provenance, boxes: str | None, media: Media | None) -> Claim:
        claim = Claim(self._manifest(provenance), self._known(), boxes, media)
        if self.parent is not None:
            self._add_parent(claim, self.parent)
        return claim

    def _known(self) -> Identity:
        try:
            return self.identity()
        except OSError as error:
            raise NoPlace(f"the key to sign with: {error.strerror or error}") from error

    def _manifest(self, provenance: Provenance) -> dict[str, object]:
        agent = {"name": GENERATOR, "version": __version__}
        first: dict[str, object] = {"action": "c2pa.created", "digitalSourceType": SYNTHETIC}
        if self.parent is not None:
            first = {"action": "c2pa.opened", "parameters": {"ingredientIds": [_PARENT]}}
        dubbed = {
            "action": "c2pa.dubbed",
            "digitalSourceType": SYNTHETIC,
            "softwareAgent": agent,
            "parameters": {
                "description": provenance.comment,
                "ytdubber.languages": provenance.locales,
                "ytdubber.engines": [
                    f"{each.provider} {each.model} {each.version}" for each in provenance.engines
                ],
            },
        }
        return {
            "claim_generator_info": [agent],
            "title": provenance.title,
            "assertions": [
                {
                    "label": "c2pa.actions.v2",
                    "data": {"actions": [{**first, "softwareAgent": agent}, dubbed]},
                }
            ],
        }

    @staticmethod
    def _add_parent(claim: Claim, parent: Path) -> None:
        ingredient = {"title": parent.name, "relationship": "parentOf", "instance_id": _PARENT}
        with parent.open("rb") as file:
            media_type = FORMATS[parent.suffix.lower().removeprefix(".")]
            claim.add_parent(ingredient, file, media_type)
