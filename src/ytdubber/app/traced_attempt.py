"""Every call that is made is a span, with what it used."""

from collections.abc import Callable

from ytdubber.app.guard import Made, Work
from ytdubber.tracing import SpanKind, span


def traced_attempt(work: Work, make: Callable[[], Made]) -> Made:
    """The guard around one call over the network, however often it is made again."""
    who = {"vendor": work.engine.provider, "model": work.engine.model}
    with span("vendor.attempt", SpanKind.CLIENT, None, operation=work.operation, **who) as ours:
        made = make()
        used = {each.unit: float(each.amount) for each in made.receipt.quantities}
        ours.tell(vendor_request_id=made.receipt.request_id, **used)
    return made
