"""What vendors ask for their work."""

from typing import Protocol

from ytdubber.domain.money import PriceList


class PriceBook(Protocol):
    """A book of prices."""

    def prices(self) -> PriceList:
        """The prices in force; cheap.

        Raises:
            BadInput: the book cannot be read, or a row of it is wrong.
        """
        ...
