"""Payments, credit, budgets and prices."""

from .base import BadInput, MachineError, Name, YtDubberError


class PaymentsNotConfigured(YtDubberError):
    code = "payments_not_configured"
    template = "Payments are not set up on this server."


class PaymentsUnavailable(YtDubberError):
    code = "payments_unavailable"
    template = (
        "The payment service does not answer just now, and nothing was paid. Try again in "
        "{retry_after_s} seconds."
    )
    retry_after_s: float | None


class PaymentRefused(BadInput):
    code = "payment_refused"
    template = "The payment service refused this: {reason}."
    reason: str


class WebhookRefused(BadInput):
    code = "webhook_refused"
    template = "This is not a call of the payment service: {reason}."
    reason: str


class InsufficientCredit(YtDubberError):
    code = "insufficient_credit"
    template = (
        "This job costs {price} and your credit is {balance}. Add credit and submit the job "
        "again, or take fewer languages."
    )
    price: str
    balance: str


class BudgetExceeded(YtDubberError):
    code = "budget_exceeded"
    template = (
        "{budget} is {limit_usd} US dollars: {spent_usd} are spent or being spent, and the next "
        "step may cost {next_usd} more. It was stopped before that; what was done is kept. "
        "{remedy}"
    )
    budget: str
    limit_usd: str
    spent_usd: str
    next_usd: str
    remedy: str


class PriceMissing(YtDubberError):
    code = "price_missing"
    template = (
        "The price book does not say what {provider} asks for {unit} of {model}, so that the "
        "budget cannot be watched. Add the price to the book, 0 if it is free, or set no budget."
    )
    provider: str
    unit: str
    model: str


class PriceBookUnreadable(MachineError):
    code = "price_book_unreadable"
    template = (
        "{file}: the price book cannot be read ({reason}). Correct the file, or leave it out to "
        "use the prices that come with ytdubber."
    )
    file: Name
    reason: str


class BadPrice(MachineError):
    code = "bad_price"
    template = (
        "{file}: in the price book, {row}, field '{field}': {reason}. Correct it, or leave the "
        "file out to use the prices that come with ytdubber."
    )
    file: Name
    row: str
    field: str
    reason: str
