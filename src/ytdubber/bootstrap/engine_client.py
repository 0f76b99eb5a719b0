"""How vendors are asked: by this process, or by one that outlives it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ytdubber.bootstrap.vendors import Vendors
from ytdubber.engines.direct import Direct
from ytdubber.engines.keyed_lock import KeyedLock
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.remote.client import VendorProcess
from ytdubber.engines.remote.engine import Remote
from ytdubber.engines.remote.protocol import Target
from ytdubber.ports.engine import Engine
from ytdubber.ports.result_store import ResultStore


class EngineClient(Protocol):
    """Gives vendors' engines, none of which makes anything twice."""

    def engine(self, target: Target) -> Engine:
        """Who carries out a vendor's operations."""
        ...


MakeClient = Callable[[ResultStore], EngineClient]
"""How vendors are asked for a job, by what it stores."""


@dataclass(frozen=True, slots=True)
class InProcess:
    """They are asked by this process: what is stored is not asked for, the rest goes through their
    middlewares.

    Attributes:
        vendors: The engines and what is around them.
        lock: Of all that share the results.
        results: What the job stores.
    """

    vendors: Vendors
    lock: KeyedLock
    results: ResultStore

    def engine(self, target: Target) -> Engine:
        return Cache(self.vendors.at(target).engine, self.results, self.lock)


@dataclass(frozen=True, slots=True)
class InAnotherProcess:
    """They are asked by another process, which stores by itself.

    Attributes:
        vendors: The engines, asked here for no more than what they are.
        process: Asks them.
    """

    vendors: Vendors
    process: VendorProcess

    def engine(self, target: Target) -> Engine:
        return Remote(Direct(self.vendors.at(target).port), self.process, target)
