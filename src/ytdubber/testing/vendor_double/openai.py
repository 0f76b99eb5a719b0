"""OpenAI's routes: responses, chat completions and models."""

import json
import math
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .content import Content
from .exchange import (
    Endpoint,
    Load,
    Refused,
    Reply,
    VendorRequest,
    checked,
    json_reply,
    message_for,
)
from .faults import Kind
from .language_model import done
from .openai_schema import ChatBody, ChatReply, Message, ResponsesBody, ResponsesReply
from .strict_schema import complaints
from .usage_log import Billed

SORRY = "I'm sorry, but I can't help with that."
MODELS: Mapping[str, str | None] = {
    "gpt-6-luna": None,
    "gpt-5.6-luna": None,
    "gpt-4o-mini": "2027-01-14",
}
"""When each is shut down, where that is known."""

WITHOUT_REASONING = frozenset({"gpt-4o-mini"})
_KINDS = {401: "authentication_error", 403: "permission_error", 429: "requests"}
_CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}


@dataclass(frozen=True, slots=True)
class _Written:
    """What the model wrote and what it counts for.

    A token is four characters of all messages, instructions and the schema; of the answer.
    """

    task: str
    text: str
    input_tokens: int
    output_tokens: int
    refused: bool
    cut: bool

    def billed(self, model: str) -> tuple[Billed, ...]:
        """Its tokens."""
        return (
            Billed("openai", model, self.task, "input_tokens", Decimal(self.input_tokens)),
            Billed("openai", model, self.task, "output_tokens", Decimal(self.output_tokens)),
        )


def tokens(texts: Iterable[str]) -> int:
    """The tokens the double counts: one for every four characters begun."""
    return math.ceil(sum(map(len, texts)) / 4)


class OpenAI:
    """Speaks as OpenAI does, with what the content translates."""

    def __init__(self, content: Content, load: Load) -> None:
        del load  # it tells nobody how much it has to do
        self._content = content

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Its routes."""
        return (
            Endpoint("responses", "POST", "/v1/responses", self, self.responses),
            Endpoint("chat", "POST", "/v1/chat/completions", self, self.chat),
            Endpoint("models", "GET", "/v1/models", self, self.models),
        )

    def variables(self, base_url: str, key: str) -> Mapping[str, str]:
        """What points our settings at it."""
        return {"OPENAI_API_KEY": key, "YTDUBBER_OPENAI_URL": f"{base_url}/v1"}

    def knows(self, headers: Mapping[str, str], key: str) -> bool:
        """`Authorization: Bearer <key>`."""
        return headers.get("authorization", "") == f"Bearer {key}"

    def no(self, request_id: str, status: int, message: str = "", code: str | None = None) -> Reply:
        """`{error: {message, type, param, code}}`."""
        usual = "server_error" if status >= 500 else "invalid_request_error"
        error = {
            "message": message_for(status, message),
            "type": _KINDS.get(status, usual),
            "param": None,
            "code": code or _CODES.get(status),
        }
        return json_reply({"error": error}, status, {"x-request-id": request_id})

    def quota(self, request_id: str) -> Reply:
        """A 429 that waiting does not help."""
        error = {
            "message": "You exceeded your current quota, please check your plan and billing.",
            "type": "insufficient_quota",
            "param": None,
            "code": "insufficient_quota",
        }
        return json_reply({"error": error}, 429, {"x-request-id": request_id})

    def busy(self, request_id: str) -> Reply:
        """429."""
        return self.no(request_id, 429, "Rate limit reached for requests.")

    def responses(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/responses`, in JSON of a strict schema."""
        body = asked.json_as(ResponsesBody)
        _check_model(body.model, body.reasoning is not None)
        wish = _Wish(
            messages=body.messages,
            instructions=body.instructions or "",
            schema=body.text.format.schema_,
            place="text.format.schema",
            max_tokens=body.max_output_tokens,
        )
        written = self._write(wish, fault)
        payload = _response(body, written)
        return json_reply(
            checked(ResponsesReply, payload),
            headers=_headers(asked),
            billed=written.billed(body.model),
            tag=body.prompt_cache_key,
        )

    def chat(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`POST /v1/chat/completions`, of any model: many servers speak this."""
        body = asked.json_as(ChatBody)
        wish = _Wish(
            messages=body.messages,
            instructions="",
            schema=body.response_format.json_schema.schema_,
            place="response_format",
            max_tokens=body.max_completion_tokens or body.max_tokens,
        )
        written = self._write(wish, fault)
        payload = _completion(body, written)
        return json_reply(
            checked(ChatReply, payload),
            headers=_headers(asked),
            billed=written.billed(body.model),
            tag=body.prompt_cache_key,
        )

    def models(self, asked: VendorRequest, fault: Kind | None) -> Reply:
        """`GET /v1/models`."""
        if asked.query:
            raise Refused(400, "Unrecognized request arguments supplied.")
        found = [
            {
                "id": name,
                "object": "model",
                "created": 1_780_000_000,
                "owned_by": "system",
                "shutdown_date": shutdown,
            }
            for name, shutdown in MODELS.items()
        ]
        return json_reply({"object": "list", "data": found}, headers=_headers(asked))

    def _write(self, wish: "_Wish", fault: Kind | None) -> _Written:
        for complaint in complaints(wish.schema):
            message = f"Invalid schema for {wish.place}: {complaint}"
            raise Refused(400, message, "invalid_json_schema")
        said = [message.text for message in wish.messages if message.role == "user"]
        if not said:
            raise Refused(400, "there is no message of the user")
        made = done(self._content, said[-1], wish.schema, fault is Kind.BAD_IDS)
        refused = fault is Kind.REFUSAL
        text = SORRY if refused else json.dumps(made.answer, ensure_ascii=False)
        most_chars = wish.max_tokens * 4 if wish.max_tokens else len(text)
        if fault is Kind.INCOMPLETE:
            most_chars = len(text) * 2 // 3
        cut = len(text) > most_chars
        text = text[:most_chars]
        read = [wish.instructions, json.dumps(wish.schema), *(m.text for m in wish.messages)]
        return _Written(made.task, text, tokens(read), tokens([text]), refused, cut)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is asked of the model, by either interface."""

    messages: Sequence[Message]
    instructions: str
    schema: Mapping[str, Any]
    place: str
    max_tokens: int | None


def _check_model(model: str, reasons: bool) -> None:
    if model not in MODELS:
        message = f"The model `{model}` does not exist or you do not have access to it."
        raise Refused(404, message, "model_not_found")
    if reasons and model in WITHOUT_REASONING:
        message = "Unsupported parameter: 'reasoning.effort' is not supported with this model."
        raise Refused(400, message, "unsupported_parameter")


def _headers(asked: VendorRequest) -> dict[str, str]:
    return {"x-request-id": asked.request_id, "openai-processing-ms": "1"}


def _response(body: ResponsesBody, written: _Written) -> dict[str, Any]:
    status = "incomplete" if written.cut else "completed"
    piece: dict[str, Any] = {"type": "refusal", "refusal": written.text}
    if not written.refused:
        piece = {"type": "output_text", "text": written.text, "annotations": [], "logprobs": []}
    given = body.model_dump(by_alias=True, exclude_none=True)
    return {
        "id": f"resp_{uuid.uuid4().hex}",
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if written.cut else None,
        "instructions": body.instructions,
        "max_output_tokens": body.max_output_tokens,
        "model": body.model,
        "output": [
            {
                "id": f"msg_{uuid.uuid4().hex}",
                "type": "message",
                "status": status,
                "role": "assistant",
                "content": [piece],
            }
        ],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "prompt_cache_key": body.prompt_cache_key,
        "reasoning": given.get("reasoning", {"effort": None}) | {"summary": None},
        "store": body.store,
        "temperature": 1.0 if body.temperature is None else body.temperature,
        "text": given["text"],
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0 if body.top_p is None else body.top_p,
        "truncation": "disabled",
        "usage": {
            "input_tokens": written.input_tokens,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": written.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": written.input_tokens + written.output_tokens,
        },
        "metadata": body.metadata or {},
    }


def _completion(body: ChatBody, written: _Written) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": body.model,
        "choices": [
            {
                "index": 0,
                "finish_reason": "length" if written.cut else "stop",
                "logprobs": None,
                "message": {
                    "role": "assistant",
                    "content": None if written.refused else written.text,
                    "refusal": written.text if written.refused else None,
                },
            }
        ],
        "usage": {
            "prompt_tokens": written.input_tokens,
            "completion_tokens": written.output_tokens,
            "total_tokens": written.input_tokens + written.output_tokens,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    }
