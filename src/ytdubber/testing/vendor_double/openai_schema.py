"""What OpenAI takes and gives, as far as it is used; everything else is refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_CLOSED = ConfigDict(extra="forbid")


class InputText(BaseModel):
    """A piece of a message."""

    model_config = _CLOSED

    type: Literal["input_text", "text"]
    text: str


class Message(BaseModel):
    """A message of a conversation."""

    model_config = _CLOSED

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[InputText]
    type: Literal["message"] = "message"

    @property
    def text(self) -> str:
        """Its pieces together."""
        if isinstance(self.content, str):
            return self.content
        return "".join(piece.text for piece in self.content)


class SchemaFormat(BaseModel):
    """`text.format` of a response in JSON of a schema."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    type: Literal["json_schema"]
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    strict: Literal[True]
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    description: str | None = None


class Text(BaseModel):
    """`text` of a response."""

    model_config = _CLOSED

    format: SchemaFormat
    verbosity: Literal["low", "medium", "high"] | None = None


class Reasoning(BaseModel):
    """`reasoning` of a response."""

    model_config = _CLOSED

    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None


class ResponsesBody(BaseModel):
    """The body of `POST /v1/responses`."""

    model_config = _CLOSED

    model: str
    input: str | list[Message]
    text: Text
    instructions: str | None = None
    reasoning: Reasoning | None = None
    store: bool = True
    stream: Literal[False] | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = Field(default=None, max_length=64)
    metadata: dict[str, str] | None = None
    max_output_tokens: int | None = Field(default=None, ge=16)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    service_tier: Literal["auto", "default", "flex", "priority"] | None = None

    @property
    def messages(self) -> list[Message]:
        """The conversation."""
        if isinstance(self.input, str):
            return [Message(role="user", content=self.input)]
        return self.input


class ChatSchema(BaseModel):
    """`response_format.json_schema` of a chat."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    strict: Literal[True]
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    description: str | None = None


class ChatFormat(BaseModel):
    """`response_format` of a chat."""

    model_config = _CLOSED

    type: Literal["json_schema"]
    json_schema: ChatSchema


class ChatBody(BaseModel):
    """The body of `POST /v1/chat/completions`, also of other vendors' and local servers."""

    model_config = _CLOSED

    model: str
    messages: list[Message] = Field(min_length=1)
    response_format: ChatFormat
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = Field(default=None, ge=0, le=1)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    reasoning_effort: str | None = None
    seed: int | None = None
    n: Literal[1] | None = None
    store: bool | None = None
    stream: Literal[False] | None = None
    prompt_cache_key: str | None = None
    metadata: dict[str, str] | None = None


class OutputText(BaseModel):
    """What a model says."""

    model_config = _CLOSED

    type: Literal["output_text"]
    text: str
    annotations: list[None]
    logprobs: list[None]


class Refusal(BaseModel):
    """What a model says when it will not."""

    model_config = _CLOSED

    type: Literal["refusal"]
    refusal: str


class OutputMessage(BaseModel):
    """A model's message."""

    model_config = _CLOSED

    id: str
    type: Literal["message"]
    status: Literal["completed", "incomplete"]
    role: Literal["assistant"]
    content: list[OutputText | Refusal] = Field(min_length=1)


class Usage(BaseModel):
    """The tokens of a response."""

    model_config = ConfigDict(extra="forbid", strict=True)

    input_tokens: int
    input_tokens_details: dict[Literal["cached_tokens", "cache_write_tokens"], int]
    output_tokens: int
    output_tokens_details: dict[Literal["reasoning_tokens"], int]
    total_tokens: int


class ResponsesReply(BaseModel):
    """The reply of `POST /v1/responses`, as far as it is read; the rest is as the request was."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(pattern="^resp_")
    object: Literal["response"]
    created_at: int
    status: Literal["completed", "incomplete"]
    error: None
    incomplete_details: dict[Literal["reason"], Literal["max_output_tokens"]] | None
    model: str
    output: list[OutputMessage] = Field(min_length=1)
    store: bool
    usage: Usage


class ChatMessage(BaseModel):
    """A model's message in a chat."""

    model_config = _CLOSED

    role: Literal["assistant"]
    content: str | None
    refusal: str | None


class Choice(BaseModel):
    """One answer of a chat."""

    model_config = _CLOSED

    index: Literal[0]
    finish_reason: Literal["stop", "length"]
    logprobs: None
    message: ChatMessage


class ChatUsage(BaseModel):
    """The tokens of a chat."""

    model_config = _CLOSED

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: dict[Literal["cached_tokens"], int]
    completion_tokens_details: dict[Literal["reasoning_tokens"], int]


class ChatReply(BaseModel):
    """The reply of `POST /v1/chat/completions`."""

    model_config = _CLOSED

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[Choice] = Field(min_length=1, max_length=1)
    usage: ChatUsage
