"""Numbers, money and addresses of a translation, as its language writes them."""

from .localize import localize

__all__ = ["localize"]
