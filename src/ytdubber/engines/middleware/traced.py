"""Every request to a vendor is a span, with what it used."""

from dataclasses import dataclass

from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.tracing import SpanKind, span

from .base import Middleware


@dataclass(frozen=True, slots=True)
class Traced(Middleware):
    """Around one request over the network, however often it is made again."""

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the inner engine."""
        engine = self.describe(operation)
        who = {"vendor": engine.provider, "model": engine.model}
        with span("vendor.attempt", SpanKind.CLIENT, None, operation=operation.name, **who) as ours:
            made = self.inner.run(operation, call)
            used = {each.unit: float(each.amount) for each in made.receipt.quantities}
            ours.tell(vendor_request_id=made.receipt.request_id, **used)
        return made
