"""The double of Supabase Storage: its bucket, its keys and what it was asked."""

import time
from collections.abc import Callable, Sequence

from .bucket import Bucket
from .faults import Faults, Operation, StorageFault, Weather
from .sign_in import SignIn
from .tokens import Tokens

SECRET_KEY = "sb_secret_double_0123456789abcdefghij"  # noqa: S105  # opens nothing but a double
JWT_SECRET = "super-secret-jwt-token-with-at-least-32-characters-long"  # noqa: S105  # the same
BUCKET = "media"


class StorageDouble:
    """A project's storage with one private bucket; `running` puts it on a port.

    Args:
        bucket: The bucket; one without limits when None.
        weather: What goes wrong when nothing is scripted.
        now_s: Tells the time, in seconds since 1970.

    Attributes:
        bucket: What it holds.
        tokens: Its keys and signatures.
        sign_in: Its users, and the key that signs their tokens.
        faults: What goes wrong next.
        listed_at_most: How many names it lists at once, however many are asked for.
        asked: Every operation, in order.
    """

    def __init__(
        self,
        bucket: Bucket | None = None,
        weather: Weather = lambda _: None,
        now_s: Callable[[], float] = time.time,
    ) -> None:
        self.bucket = bucket or Bucket(BUCKET)
        self.tokens = Tokens(SECRET_KEY, JWT_SECRET, now_s)
        self.sign_in = SignIn()
        self.faults = Faults(weather)
        self.listed_at_most: int | None = None
        self.asked: list[Operation] = []

    @property
    def service_role(self) -> str:
        """The legacy key with every right."""
        return self.tokens.of_role("service_role")

    def script(self, operation: Operation, faults: Sequence[StorageFault]) -> None:
        """Let these happen to the next calls of an operation, one each."""
        self.faults.script(operation, faults)
