"""What is read from the answers of both interfaces: the text, why it ended, what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import BaseModel

from ytdubber.domain.usage import Quantity

FLEX = "flex"
"""The service tier that waits its turn, at half the price."""


class _Cached(BaseModel):
    cached_tokens: int | None = 0
    cache_write_tokens: int | None = 0


class _Part(BaseModel):
    type: str = ""
    text: str | None = None
    refusal: str | None = None


class _Item(BaseModel):
    type: str = ""
    content: list[_Part] | None = None


class _Reason(BaseModel):
    reason: str | None = None


class _Failure(BaseModel):
    code: str | None = None


class _ResponseUsage(BaseModel):
    input_tokens: int
    output_tokens: int
    input_tokens_details: _Cached | None = None


class ResponsesAnswer(BaseModel):
    """An answer of `POST /responses`."""

    status: str | None = None
    incomplete_details: _Reason | None = None
    error: _Failure | None = None
    output: list[_Item]
    usage: _ResponseUsage | None = None
    service_tier: str | None = None

    def said(self) -> "Said":
        """What matters of it."""
        parts = [part for item in self.output for part in item.content or []]
        usage = self.usage
        cached = usage.input_tokens_details if usage else None
        flex = self.service_tier == FLEX
        return Said(
            text="".join(part.text or "" for part in parts if part.type == "output_text"),
            refused=any(part.type == "refusal" for part in parts) or self._filtered,
            cut_short=self.status == "incomplete",
            failure=self.error.code or "server_error" if self.error else None,
            used=tokens(usage.input_tokens, cached, usage.output_tokens, flex) if usage else (),
        )

    @property
    def _filtered(self) -> bool:
        details = self.incomplete_details
        return details is not None and details.reason == "content_filter"


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _ChatUsage(BaseModel):
    prompt_tokens: int
    completion_tokens: int
    prompt_tokens_details: _Cached | None = None


class ChatAnswer(BaseModel):
    """An answer of `POST /chat/completions`."""

    choices: list[_Choice]
    usage: _ChatUsage | None = None
    service_tier: str | None = None

    def said(self) -> "Said":
        """What matters of it."""
        choice = self.choices[0] if self.choices else _Choice(message=_Message())
        usage = self.usage
        cached = usage.prompt_tokens_details if usage else None
        flex = self.service_tier == FLEX
        return Said(
            text=choice.message.content or "",
            refused=bool(choice.message.refusal) or choice.finish_reason == "content_filter",
            cut_short=choice.finish_reason == "length",
            failure=None,
            used=tokens(usage.prompt_tokens, cached, usage.completion_tokens, flex)
            if usage
            else (),
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a model answered.

    Attributes:
        text: Its words.
        refused: Whether it would not do it.
        cut_short: Whether it had more to say.
        failure: The code of what went wrong inside, if something did.
        used: What it cost; nothing where the server does not say.
    """

    text: str
    refused: bool
    cut_short: bool
    failure: str | None
    used: tuple[Quantity, ...]


class AnsweredLine(BaseModel):
    """One line of the text a model answers with."""

    id: str
    candidates: list[str]


class AnsweredLines(BaseModel):
    """The text a model answers with."""

    lines: list[AnsweredLine]


def tokens(
    asked: int, cached: _Cached | None, answered: int, flex: bool = False
) -> tuple[Quantity, ...]:
    """The tokens of a call; those read from the cache and written to it apart, and all of them
    apart that were asked for at the flex tier, which costs half.
    """
    remembered = (cached.cached_tokens or 0) if cached else 0
    written = (cached.cache_write_tokens or 0) if cached else 0
    counted = {
        "input_tokens": max(0, asked - remembered - written),
        "cached_input_tokens": remembered,
        "cache_write_tokens": written,
        "output_tokens": answered,
    }
    tier = "flex_" if flex else ""
    return tuple(
        Quantity(f"{tier}{unit}", Decimal(amount))
        for unit, amount in counted.items()
        if amount or unit != "cache_write_tokens"
    )


def tokens_counted(size: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """What a language model will count for so many characters, on the high side.

    Instructions, ids and lengths come on top of the text, whose characters are at most about one
    token each; the answer has three candidates of some four characters a token.
    """
    characters = sum((each.amount for each in size if each.unit == "characters"), Decimal(0))
    return (
        Quantity("input_tokens", 1_200 + characters),
        Quantity("output_tokens", 400 + characters * 3 / 2),
    )
