"""A double of the vendors: one server that speaks their languages, for tests and for trying out.

    with running(double := VendorDouble()) as base_url:
        ...
    assert not double.repeated
    double.invoice(price_book)

All of them know `KEY`; `double.variables(base_url)` points our settings at each.
"""

from .canned import CannedContent
from .content import CannotDo, Content, Heard, Sound
from .double import KEY, VendorDouble
from .engine_content import EngineContent
from .exchange import Contracts, Exchange
from .faults import Fault
from .serving import DoubleBroken, running, serve
from .stripe import signed_event
from .usage_log import Billed, RecordedCall

__all__ = [
    "KEY",
    "Billed",
    "CannedContent",
    "CannotDo",
    "Content",
    "Contracts",
    "DoubleBroken",
    "EngineContent",
    "Exchange",
    "Fault",
    "Heard",
    "RecordedCall",
    "Sound",
    "VendorDouble",
    "running",
    "serve",
    "signed_event",
]
