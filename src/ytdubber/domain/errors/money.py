"""Payments, credit, budgets and prices."""

from .base import BadInput, MachineError, YtDubberError


class PaymentsNotConfigured(YtDubberError):
    """Payments are not set up on this server."""

    code = "payments_not_configured"


class PaymentsUnavailable(YtDubberError):
    """The payment service does not answer just now, and nothing was paid. Try again in
    {retry_after_s} seconds."""

    code = "payments_unavailable"


class PaymentRefused(BadInput):
    """The payment service refused this: {reason}."""

    code = "payment_refused"


class WebhookRefused(BadInput):
    """This is not a call of the payment service: {reason}."""

    code = "webhook_refused"


class InsufficientCredit(YtDubberError):
    """This job costs {price} and your credit is {balance}. Add credit and submit the job again, or
    take fewer languages."""

    code = "insufficient_credit"


class BudgetExceeded(YtDubberError):
    """{budget} is {limit_usd} US dollars: {spent_usd} are spent or being spent, and the next step
    may cost {next_usd} more. It was stopped before that; what was done is kept. {remedy}"""

    code = "budget_exceeded"


class PriceMissing(YtDubberError):
    """The price book does not say what {provider} asks for {unit} of {model}, so that the budget
    cannot be watched. Add the price to the book, 0 if it is free, or set no budget."""

    code = "price_missing"


class PriceBookUnreadable(MachineError):
    """{file}: the price book cannot be read ({reason}). Correct the file, or leave it out to use
    the prices that come with ytdubber."""

    code = "price_book_unreadable"


class BadPrice(MachineError):
    """{file}: in the price book, {row}, field '{field}': {reason}. Correct it, or leave the file
    out to use the prices that come with ytdubber."""

    code = "bad_price"
