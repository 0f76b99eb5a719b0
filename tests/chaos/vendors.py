"""What the service asks of others: vendors and, where files lie with it, Supabase. Each is a double
of which a fifth of the calls fail while the weather is bad.
"""

import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from tests.chaos.content import Distinct

from ytdubber.adapters.identity.tokens import local_session
from ytdubber.testing import storage_double, vendor_double
from ytdubber.testing.storage_double import Operation, StorageDouble, StorageFault
from ytdubber.testing.vendor_double import KEY, VendorDouble
from ytdubber.testing.vendor_double.faults import Fault

SHARE = 0.2
"""Of the calls fail while the storm lasts."""
LATENCY_S = {"listen": 1.0, "responses": 0.7, "speak": 0.4}


class Weather:
    """A fifth of the calls fail, while it is bad."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._lock = threading.Lock()
        self.bad = True
        self.failed = {"vendors": 0, "storage": 0}

    def vendors(self, route: str) -> Fault | None:
        """Before any work is done, and paid for."""
        if route.startswith("stripe") or not self._strikes("vendors"):
            return None
        return self._draw.choice([Fault.status(503), Fault.status(500), Fault.retry_after(1)])

    def storage(self, operation: Operation) -> StorageFault | None:
        """Before the work, within a body, or after the work, when only the answer is lost."""
        if not self._strikes("storage"):
            return None
        return self._draw.choice(
            [
                StorageFault(status=503),
                StorageFault(status=500),
                StorageFault(status=429, retry_after_s=1),
                StorageFault(cut=True),
                StorageFault(cut_in=True),
            ]
        )

    def _strikes(self, whom: str) -> bool:
        with self._lock:
            if not self.bad or self._draw.random() >= SHARE:
                return False
            self.failed[whom] += 1
            return True


@dataclass(frozen=True, slots=True)
class Outside:
    """Others' services.

    Attributes:
        vendors: The vendors' double.
        storage: The project's, where files lie with it.
        variables: Settings that say where they are.
    """

    vendors: VendorDouble
    storage: StorageDouble | None
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
        url = open_.enter_context(vendor_double.running(vendors))
        variables = {
            "DEEPGRAM_API_KEY": KEY,
            "YTDUBBER_DEEPGRAM_URL": url,
            "OPENAI_API_KEY": KEY,
            "YTDUBBER_OPENAI_URL": f"{url}/v1",
        }
        if storage is not None:
            project = open_.enter_context(storage_double.running(storage))
            variables |= {
                "SUPABASE_URL": project,
                "SUPABASE_SERVICE_KEY": storage_double.SECRET_KEY,
            }
        yield Outside(vendors, storage, variables)
