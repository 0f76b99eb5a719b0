"""Signed metadata in finished files."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ytdubber.domain.provenance import Provenance


class Signer(Protocol):
    """Signs finished files."""

    def signs(self, file_format: str) -> bool:
        """Whether files of a format, by their extension, can hold signed metadata."""
        ...

    def with_parent(self, original: Path) -> "Signer":
        """One that also says what a file was made from, where the original says something."""
        ...

    def sign(
        self,
        path: Path,
        file_format: str,
        provenance: Provenance,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """Put signed metadata into a file; sound and picture stay as they are.

        Args:
            path: The file, which another takes the place of.
            file_format: Its extension.
            provenance: What is said.
            check: Called now and then; raises to stop, with the file as it was.

        Raises:
            NotSigned: it cannot be signed; the file is as it was.
        """
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """Signed metadata as it was found in a file.

    Attributes:
        whole: Whether the file is as it was when it was signed.
        trusted: Whether the signer's certificate is from an issuer that is known.
        signer: Who signed it, by the certificate.
        generator: What made it.
        synthetic: Whether it says that the file was made by AI.
        problems: What is wrong with it, by the standard's codes.
    """

    whole: bool
    trusted: bool
    signer: str
    generator: str
    synthetic: bool
    problems: tuple[str, ...] = ()


class CredentialsReader(Protocol):
    """Reads signed metadata."""

    def __call__(self, path: Path) -> Credentials | None:
        """What is signed in a file; None where nothing is."""
        ...
