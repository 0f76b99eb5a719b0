"""No more operations at once than an account allows."""

from dataclasses import dataclass

from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.ports.semaphores import Semaphores

from .base import Middleware


@dataclass(frozen=True, slots=True)
class ConcurrencyLimit(Middleware):
    """Waits for one of `limit` permits under a name, such as `acme-speak`."""

    semaphores: Semaphores
    name: str
    limit: int

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine, when there is a permit."""
        with self.semaphores.acquire(self.name, self.limit, call):
            return self.inner.run(operation, call)
