"""Reports of usage go to the payment service, and go again until it has heard them."""

from dataclasses import dataclass
from datetime import timedelta

from ytdubber.domain.errors import PaymentRefused, PaymentsUnavailable
from ytdubber.log import get_logger
from ytdubber.ports.clock import Clock
from ytdubber.ports.outbox import OutboxRows, Waiting
from ytdubber.ports.payments import Payments

AT_ONCE = 100
FIRST_S, LONGEST_S = 60.0, 6 * 3600.0
"""The pause after the first failure; it doubles with each, up to the longest."""

TAKEN_FOR = timedelta(days=35)
"""The payment service takes no report that is older."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of what was due."""

    sent: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class SendOutbox:
    """A periodic task of one worker at a time; a report sent twice is heard once, by its key.

    Attributes:
        rows: What is to be sent.
        payments: Who is told.
        clock: Tells the time.
    """

    rows: OutboxRows
    payments: Payments
    clock: Clock

    def __call__(self) -> Sent:
        """Send what is due; no more after the first that is not answered."""
        sent = failed = 0
        for waiting in self.rows.due(AT_ONCE):
            try:
                self.payments.report(waiting.report)
            except PaymentRefused as error:
                # The account may lack the meter, until somebody makes it.
                log.error("usage_report.refused", key=waiting.report.key, error=error)
                taken = self.clock.now() - waiting.report.at < TAKEN_FOR
                self.rows.failed(waiting.id, str(error), LONGEST_S if taken else None)
                failed += 1
            except PaymentsUnavailable as error:
                self.rows.failed(waiting.id, str(error), pause_s(waiting))
                failed += 1
                break
            else:
                self.rows.sent(waiting.id)
                sent += 1
        return Sent(sent, failed)


def pause_s(waiting: Waiting) -> float:
    """How long to wait after one more failure."""
    return float(min(LONGEST_S, FIRST_S * 2.0 ** min(waiting.attempts, 20)))
