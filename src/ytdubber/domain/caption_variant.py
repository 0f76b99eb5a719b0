"""Captions besides the usual ones."""

from enum import StrEnum


class CaptionVariant(StrEnum):
    """What else captions may show.

    Attributes:
        SDH: Who speaks, and sounds: for the deaf and hard of hearing.
        BILINGUAL: The translation with what was said below it.
    """

    SDH = "sdh"
    BILINGUAL = "bilingual"

    @property
    def kind(self) -> str:
        """What files of it are called by kind."""
        return f"captions-{self.value}"


def variants_of(names: tuple[str, ...]) -> tuple[CaptionVariant, ...]:
    """The variants named, each once, in an order of their own.

    Raises:
        ValueError: one is not known.
    """
    wanted = {CaptionVariant(name) for name in names}
    return tuple(each for each in CaptionVariant if each in wanted)
