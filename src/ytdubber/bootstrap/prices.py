"""The price book in force."""

from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.domain.errors import BadPrice, BadSetting, PriceBookUnreadable
from ytdubber.settings import MoneySettings


def price_book(settings: MoneySettings) -> FilePriceBook:
    """The operator's own, or the one that comes with us; read at once, not by the first who asks.

    Raises:
        BadSetting: it cannot be read, or a row is wrong.
    """
    book = FilePriceBook(settings.price_book)
    try:
        book.prices()
    except (BadPrice, PriceBookUnreadable) as error:
        raise BadSetting(variable="YTDUBBER_PRICE_BOOK", reason=error) from None
    return book
