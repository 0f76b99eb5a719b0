"""What a vendor can be made to do wrong, once per fault."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field


class Kind(enum.StrEnum):
    """The ways to go wrong. The first four happen before any work is done, and cost nothing."""

    STATUS = "status"
    RETRY_AFTER = "retry_after"
    QUOTA = "quota"
    CONTENT_TYPE = "content_type"
    DISCONNECT = "disconnect"
    TRUNCATED_JSON = "truncated_json"
    EMPTY_AUDIO = "empty_audio"
    REFUSAL = "refusal"
    INCOMPLETE = "incomplete"
    HANG = "hang"
    SLOW = "slow"
    BAD_IDS = "bad_ids"
    DRIP = "drip"
    ENDLESS = "endless"
    PACKED = "packed"


FREE = frozenset({Kind.STATUS, Kind.RETRY_AFTER, Kind.QUOTA, Kind.CONTENT_TYPE})
"""Faults that come instead of the work."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing going wrong. Made by the methods below, which say what happens and who pays."""

    kind: Kind
    code: int = 0
    body: Any = None
    headers: Mapping[str, str] | None = None
    seconds: float = 0.0
    after_bytes: int = 0
    media_type: str = ""

    @property
    def free(self) -> bool:
        """Whether the call is not billed."""
        return self.kind in FREE

    @property
    def foreign(self) -> bool:
        """Whether the answer is not in the vendor's own words."""
        return self.kind is Kind.CONTENT_TYPE or self.body is not None

    @classmethod
    def status(
        cls, code: int, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Self:
        """This status, with the vendor's own body for it unless one is given. Not billed."""
        return cls(Kind.STATUS, code=code, body=body, headers=headers)

    @classmethod
    def retry_after(cls, seconds: float) -> Self:
        """A 429 that says when to come back. Not billed."""
        return cls(Kind.RETRY_AFTER, seconds=seconds)

    @classmethod
    def quota(cls) -> Self:
        """The account is out of money, in the vendor's own way. Not billed."""
        return cls(Kind.QUOTA)

    @classmethod
    def content_type(cls, media_type: str) -> Self:
        """A page of this type with status 200, as from a proxy that was not asked. Not billed."""
        return cls(Kind.CONTENT_TYPE, media_type=media_type)

    @classmethod
    def disconnect(cls, after_bytes: int = 0) -> Self:
        """The work is done and billed; the connection breaks so many bytes after the headers."""
        return cls(Kind.DISCONNECT, after_bytes=after_bytes)

    @classmethod
    def truncated_json(cls) -> Self:
        """The work is done and billed; the first half of the answer arrives, as if it were all."""
        return cls(Kind.TRUNCATED_JSON)

    @classmethod
    def empty_audio(cls) -> Self:
        """The work is billed; the sound has no samples, the transcript no words."""
        return cls(Kind.EMPTY_AUDIO)

    @classmethod
    def refusal(cls) -> Self:
        """A language model will not do it. Billed by its tokens."""
        return cls(Kind.REFUSAL)

    @classmethod
    def incomplete(cls) -> Self:
        """A language model stops in the middle of its answer. Billed by its tokens."""
        return cls(Kind.INCOMPLETE)

    @classmethod
    def hang(cls, seconds: float) -> Self:
        """The work is done and billed; the answer begins so many seconds later."""
        return cls(Kind.HANG, seconds=seconds)

    @classmethod
    def slow(cls, seconds: float) -> Self:
        """The work is done and billed; the answer trickles in over so many seconds."""
        return cls(Kind.SLOW, seconds=seconds)

    @classmethod
    def drip(cls, seconds: float) -> Self:
        """The work is done and billed; a byte comes every so many seconds, and never the last."""
        return cls(Kind.DRIP, seconds=seconds)

    @classmethod
    def endless(cls) -> Self:
        """The work is done and billed; the answer goes on and on."""
        return cls(Kind.ENDLESS)

    @classmethod
    def packed(cls) -> Self:
        """The work is done and billed; the answer says that it is packed, unasked."""
        return cls(Kind.PACKED)

    @classmethod
    def bad_ids(cls) -> Self:
        """A language model answers under ids nobody asked for. Billed by its tokens."""
        return cls(Kind.BAD_IDS)


class ScriptedFault(BaseModel):
    """A fault as it is asked for over HTTP."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    code: int = Field(default=500, ge=400, le=599)
    body: Any = None
    headers: dict[str, str] | None = None
    seconds: float = Field(default=1.0, ge=0)
    after_bytes: int = Field(default=0, ge=0)
    media_type: str = "text/html"

    def fault(self) -> Fault:
        """The fault itself."""
        return Fault(
            self.kind,
            code=self.code,
            body=self.body,
            headers=self.headers,
            seconds=self.seconds,
            after_bytes=self.after_bytes,
            media_type=self.media_type,
        )


class Script(BaseModel):
    """What `POST /_double/script` takes: faults for the next calls of a route, in order."""

    model_config = ConfigDict(extra="forbid")

    route: str
    faults: list[ScriptedFault]
