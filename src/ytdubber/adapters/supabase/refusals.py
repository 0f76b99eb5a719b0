"""What Supabase Storage says when it does not do what was asked."""

from dataclasses import dataclass

import httpx

from ytdubber.app.vendors.call_limits import AnswerOverran
from ytdubber.domain.errors import ErrorKind, StorageNotWorking

SLOW_DOWN = 429
_SERVER_FAULT = 500
_REFUSED = 400
_UNKNOWN, _DENIED, _MISSING, _EXISTS = 401, 403, 404, 409
_KEY_REFUSED = "Supabase Storage does not take SUPABASE_SERVICE_KEY"
_REASONS = {
    413: "the bucket's or the project's size limit is smaller than a file of ours",
    415: "the bucket does not allow a media type of ours",
    SLOW_DOWN: "Supabase Storage has too much to do",
}
_NO_BUCKET = "NoSuchBucket"
_BAD_TOKENS = ("InvalidJWT", "InvalidSignature")
_MOST_RETRY_AFTER_S = 10.0


@dataclass(eq=False)
class Refused(Exception):
    """A refusal. Its HTTP status is 400 whatever the matter is; the real code is in the body.

    Attributes:
        status: The real code, as an HTTP status.
        name: What the server calls it, such as `NoSuchKey`.
        message: Its words.
        retry_after_s: When it wants to be asked again, where it says so.
    """

    status: int
    name: str
    message: str
    retry_after_s: float | None = None

    @property
    def passing(self) -> bool:
        """Whether the same request may be taken a moment later."""
        return self.status == SLOW_DOWN or self.status >= _SERVER_FAULT

    @property
    def missing(self) -> bool:
        """Whether it says that nothing lies under the key."""
        return self.status == _MISSING and not self._bucket

    @property
    def exists(self) -> bool:
        """Whether it says that something lies under the key already."""
        return self.status == _EXISTS

    @property
    def _key_refused(self) -> bool:
        return self.status in (_UNKNOWN, _DENIED) or self.name in _BAD_TOKENS

    @property
    def _bucket(self) -> bool:
        return self.name == _NO_BUCKET or self.message.lower().startswith("bucket not found")

    def not_working(self) -> StorageNotWorking:
        """The same for whoever runs the service."""
        shut = self.passing or self._bucket or self._key_refused
        reason = f"{self._reason()} ({self.status} {self.name})"
        return StorageNotWorking(reason, away=shut)

    def _reason(self) -> str:
        if self._bucket:
            return "Supabase has no such bucket; create it with `supabase db push`"
        if self._key_refused:
            return _KEY_REFUSED
        if self.status >= _SERVER_FAULT:
            return "Supabase Storage is out of order"
        told = f"Supabase Storage refused a request: {self.message[:200]}"
        return _REASONS.get(self.status, told)


def refusal(answer: httpx.Response) -> Refused | None:
    """The refusal in an answer whose body was read, or None for one that is none."""
    if answer.is_success:
        return None
    said = _body(answer)
    status, told = answer.status_code, str(said.get("statusCode", ""))
    if status == _REFUSED and told.isdigit():
        status = int(told)
    name = str(said.get("code") or said.get("error") or "no code")
    message = str(said.get("message") or "")
    return Refused(status, name, message, _retry_after_s(answer))


def _body(answer: httpx.Response) -> dict[str, object]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _retry_after_s(answer: httpx.Response) -> float | None:
    told = answer.headers.get("retry-after", "")
    return min(float(told), _MOST_RETRY_AFTER_S) if told.isdigit() else None


def unanswered(error: httpx.HTTPError) -> StorageNotWorking:
    """A connection that failed, in words that name no address and no key."""
    if isinstance(error, httpx.TimeoutException):
        return StorageNotWorking("Supabase Storage did not answer in time", away=True)
    if isinstance(error, httpx.ConnectError):
        return StorageNotWorking("Supabase Storage cannot be reached", away=True)
    return StorageNotWorking("the connection to Supabase Storage broke", away=True)


def overran(error: AnswerOverran) -> StorageNotWorking:
    """An answer without an end, in time or in bytes."""
    if error.fault is ErrorKind.TIMEOUT:
        return StorageNotWorking("Supabase Storage did not answer in time", away=True)
    return StorageNotWorking(f"Supabase Storage: {error.detail}", away=True)
