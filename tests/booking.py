"""Booking as workers do it, by the price book that comes with us."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.prices.price_book import FilePriceBook


def booked(connection: Connection, receipt_ids: Sequence[UUID]) -> None:
    """Book what receipts cost."""
    SqlLedger(connection.engine, FilePriceBook(None)).enter_costs(connection, receipt_ids)
