"""The price book: a JSON file of rows, ours or an operator's own."""

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from ytdubber.domain.errors import BadPrice, PriceBookUnreadable
from ytdubber.domain.money import Price, PriceList

Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Money = Annotated[str, StringConstraints(pattern=r"^\d{1,9}(\.\d{1,12})?$")]
"""A decimal number in quotes: a JSON number would pass through binary fractions."""


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    sku: Name
    provider: Name
    model: Name
    operation: Name | None
    unit: Name
    price_usd: Money
    per: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,8}$")]
    ceiling_usd: Money | None = None
    source: Name
    as_of: Annotated[date, Field(strict=False)] | None
    note: str = ""

    def price(self) -> Price:
        """The row as a price."""
        ceiling_usd = Decimal(self.ceiling_usd) if self.ceiling_usd else None
        return Price(
            sku=self.sku,
            provider=self.provider,
            model=self.model,
            unit=self.unit,
            price_usd=Decimal(self.price_usd),
            per=Decimal(self.per),
            operation=self.operation,
            ceiling_usd=ceiling_usd,
            source=self.source,
            as_of=self.as_of,
            note=self.note,
        )


class _PriceFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    version: Name
    currency: Literal["USD"]
    prices: Annotated[list[_Row], Field(min_length=1)]


class FilePriceBook:
    """The book in a file, read once, when it is first asked for.

    Args:
        path: An operator's own book; the one that comes with us when None.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._prices: PriceList | None = None
        self._lock = threading.Lock()

    def prices(self) -> PriceList:
        """Its prices.

        Raises:
            PriceBookUnreadable: there is no such file, or it is not JSON.
            BadPrice: a row is wrong.
        """
        with self._lock:
            if self._prices is None:
                self._prices = _read(self._path or files(__package__) / "default.json")
            return self._prices


def _read(file: Path | Traversable) -> PriceList:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PriceBookUnreadable(file=str(file), reason=reason) from error
    try:
        book = _PriceFile.model_validate_json(text)
    except ValidationError as error:
        raise _complaint(file, error) from None
    prices = tuple(row.price() for row in book.prices)
    _refuse_twins(file, prices)
    return PriceList(book.version, _newest(prices))


def _newest(prices: tuple[Price, ...]) -> tuple[Price, ...]:
    """Of several prices of an article the newest applies: the last date, any date before none."""
    found: dict[str, Price] = {}
    for price in prices:
        known = found.get(price.sku)
        if known is None or _dated(price) > _dated(known):
            found[price.sku] = price
    return tuple(found.values())


def _dated(price: Price) -> date:
    return price.as_of or date.min


def _complaint(file: Path | Traversable, error: ValidationError) -> BadPrice | PriceBookUnreadable:
    """The first thing wrong, with its place: rows count from 1 as a person does."""
    first = error.errors()[0]
    match first["loc"]:
        case ("prices", int(index), *rest):
            field = ".".join(map(str, rest)) or "the row itself"
            return BadPrice(
                file=str(file), row=f"row {index + 1}", field=field, reason=_reason(first)
            )
        case ():
            return PriceBookUnreadable(file=str(file), reason=first["msg"])
        case place:
            field = ".".join(map(str, place))
            return BadPrice(file=str(file), row="at its top", field=field, reason=_reason(first))


def _reason(detail: Mapping[str, Any]) -> str:
    field = detail["loc"][-1]
    if detail["type"] == "extra_forbidden":
        return "there is no such field"
    if detail["type"] == "missing":
        return "it is missing"
    if field in ("price_usd", "ceiling_usd"):
        return 'it must be a decimal number in quotes, like "0.0043"'
    if field == "per":
        return 'it must be a whole number in quotes, like "1000"'
    return f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"


_TWIN = "another row has it, too, with the same as_of or for something else"


def _refuse_twins(file: Path | Traversable, prices: tuple[Price, ...]) -> None:
    """An article may have several prices of different dates; two of one date, or two articles for
    one thing, are a mistake.
    """
    skus = Counter((price.sku, price.as_of) for price in prices)
    articles = {(p.sku, p.provider, p.model, p.operation, p.unit) for p in prices}
    uses = Counter(article[1:] for article in articles)
    names = Counter(article[0] for article in articles)
    for number, price in enumerate(prices, 1):
        if skus[price.sku, price.as_of] > 1 or names[price.sku] > 1:
            raise BadPrice(
                file=str(file),
                row=f"row {number}",
                field="sku",
                reason=_TWIN,
            )
        if uses[price.provider, price.model, price.operation, price.unit] > 1:
            reason = "another row has the same provider, model, operation and unit"
            raise BadPrice(file=str(file), row=f"row {number}", field="unit", reason=reason)
