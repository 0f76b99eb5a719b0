"""What the service asks of others: vendors and, where files lie with it, Supabase. Each is a double
of which a fifth of the calls fail while the weather is bad.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from tests.chaos.content import Distinct
from tests.chaos.proxy import Proxy, proxied

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.testing import storage_double, vendor_double
from ytdubber.testing.storage_double import Operation, StorageDouble, StorageFault
from ytdubber.testing.vendor_double import KEY, VendorDouble
from ytdubber.testing.vendor_double.faults import Fault

SHARE = 0.2
"""Of the calls fail while the storm lasts."""
LATENCY_S = {"listen": 1.0, "responses": 0.7, "speak": 0.4}
VENDORS = {
    "vendor answers 503": Fault.status(503),
    "vendor answers 500": Fault.status(500),
    "vendor answers 429, again in 1 s": Fault.retry_after(1),
}
STORAGE = {
    "storage answers 503": StorageFault(status=503),
    "storage answers 500": StorageFault(status=500),
    "storage answers 429, again in 1 s": StorageFault(status=429, retry_after_s=1),
    "storage cuts its answer": StorageFault(cut=True),
    "storage cuts a body": StorageFault(cut_in=True),
}

T = TypeVar("T")


class Weather:
    """A fifth of the calls fail, while it is bad."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._lock = threading.Lock()
        self.bad = True
        self.failed: Counter[str] = Counter()
        """How often each kind happened."""

    def vendors(self, route: str) -> Fault | None:
        """Before any work is done, and paid for."""
        return None if route.startswith("stripe") else self._drawn(VENDORS)

    def storage(self, operation: Operation) -> StorageFault | None:
        """Before the work, within a body, or after the work, when only the answer is lost."""
        return self._drawn(STORAGE)

    def _drawn(self, faults: Mapping[str, T]) -> T | None:
        with self._lock:
            if not self.bad or self._draw.random() >= SHARE:
                return None
            name = self._draw.choice(sorted(faults))
            self.failed[name] += 1
            return faults[name]


@dataclass(frozen=True, slots=True)
class Outside:
    """Others' services.

    Attributes:
        vendors: The vendors' double.
        storage: The project's, where files lie with it.
        ways: The way to each of them.
        variables: Settings that say where they are.
    """

    vendors: VendorDouble
    storage: StorageDouble | None
    ways: Mapping[str, Proxy]
    variables: dict[str, str]

    def token(self, who: UUID, secret: str) -> str:
        """With which a user signs in; the secret is the service's own."""
        address = f"{who}@example.org"
        if self.storage is None:
            return local_session(secret, who, address, timedelta(days=1), False).access_token
        return self.storage.sign_in.token(self.variables["SUPABASE_URL"], who, address)


@contextmanager
def outside(weather: Weather, with_storage: bool) -> Iterator[Outside]:
    """All of them, each on a port of its own."""
    vendors = VendorDouble(Distinct(), latency_s=LATENCY_S, weather=weather.vendors)
    storage = StorageDouble(weather=weather.storage) if with_storage else None
    with ExitStack() as open_:

        def way(url: str) -> Proxy:
            return open_.enter_context(proxied(0, urlsplit(url).port or 0))

        ways = {"vendors": way(open_.enter_context(vendor_double.running(vendors)))}
        url = f"http://127.0.0.1:{ways['vendors'].port}"
        variables = {
            "DEEPGRAM_API_KEY": KEY,
            "YTDUBBER_DEEPGRAM_URL": url,
            "OPENAI_API_KEY": KEY,
            "YTDUBBER_OPENAI_URL": f"{url}/v1",
        }
        if storage is not None:
            ways["storage"] = way(open_.enter_context(storage_double.running(storage)))
            variables |= {
                "SUPABASE_URL": f"http://127.0.0.1:{ways['storage'].port}",
                "SUPABASE_SERVICE_KEY": storage_double.SECRET_KEY,
            }
        yield Outside(vendors, storage, ways, variables)
