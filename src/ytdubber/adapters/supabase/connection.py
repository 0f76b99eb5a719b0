"""Requests to Supabase Storage: signed with the secret key, bounded in time, asked again."""

import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx

from ytdubber.app.vendors.call_limits import AnswerLimits, AnswerOverran, bounded, within

from .refusals import Refused, overran, refusal, unanswered

SECRET_PREFIX = "sb_secret_"  # noqa: S105  # how such keys begin

T = TypeVar("T")

_ANSWER_BYTES = 16_000_000
"""Of an answer that is no file: of 1,000 names at most, which is some 500 kB."""
_BYTES_A_SECOND = 50_000
"""What a file comes or goes at, at least."""
_SILENCES = 2
"""After so many attempts that took all their time nobody waits for another."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the storage is waited for.

    Attributes:
        attempts: Requests in all, the first among them.
        initial_backoff_s: The bound of the wait before the second; it doubles. Waits are drawn
            evenly below it ("full jitter", AWS Architecture Blog, 2015).
        connect_s: For a connection.
        silent_s: For the next bytes of a file, either way, and for any other answer in all.
        soon_s: For a whole answer that somebody waits for at a page: those that sign, and those
            that tell what has arrived.
        soon_attempts: Their requests in all.
        untold_s: For a file whose length is not told.
        untold_bytes: Of such a file, at most.
    """

    attempts: int = 5
    initial_backoff_s: float = 0.25
    connect_s: float = 5.0
    silent_s: float = 60.0
    soon_s: float = 5.0
    soon_attempts: int = 3
    untold_s: float = 1800.0
    untold_bytes: int = 2**32


class StorageConnection:
    """A project's Storage API. Safe to use from several threads.

    Args:
        project_url: The project, such as `https://ref.supabase.co`.
        key: A secret key (`sb_secret_...`), or the legacy service_role token.
        patience: How long it is waited for.
        sleep: Waits so many seconds.
    """

    def __init__(
        self,
        project_url: str,
        key: str,
        patience: Patience = Patience(),  # frozen
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = project_url.rstrip("/") + "/storage/v1"
        self._headers = {"apikey": key, "accept-encoding": "identity"}
        if not key.startswith(SECRET_PREFIX):
            self._headers["authorization"] = f"Bearer {key}"
        self._patience, self._sleep = patience, sleep
        self._usual = httpx.Timeout(patience.silent_s, connect=patience.connect_s)
        self._trust = ssl.create_default_context()
        self._client = self._fresh()
        self._lock = threading.Lock()
        self._uploading: list[httpx.Client] = []
        """Clients that sent their last upload whole, one connection each."""

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
        with self._lock:
            idle, self._uploading = self._uploading, []
        for each in idle:
            each.close()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON that a request is answered with.

        Raises:
            Refused: it was refused, for good.
            StorageNotWorking: the storage does not answer.
        """
        return self._again(lambda: self._asked(method, path, body, self._patience.silent_s))

    def ask_soon(self, method: str, path: str, body: object = None) -> Any:
        """The same, where somebody waits; it gives up sooner."""
        patience = self._patience
        return self._again(
            lambda: self._asked(method, path, body, patience.soon_s), patience.soon_attempts
        )

    def download(self, path: str, read: Callable[[Iterator[bytes]], T]) -> T:
        """What `read` makes of a file's bytes; it may be called again, from the first byte.

        Raises:
            Refused, StorageNotWorking: as `ask`.
        """
        return self._again(lambda: self._downloaded(path, read))

    def upload(
        self, path: str, headers: dict[str, str], pieces: Callable[[], Iterator[bytes]]
    ) -> None:
        """Send a file; `pieces` gives its bytes from the first, for each attempt.

        A connection on which an upload was refused may hang on its next request, since the server
        leaves the body unread: it is not used again.

        Raises:
            Refused, StorageNotWorking: as `ask`.
        """
        self._again(lambda: self._uploaded(path, headers, pieces))

    def _asked(self, method: str, path: str, body: object, seconds: float) -> Any:
        with within(AnswerLimits(seconds, _ANSWER_BYTES)):
            answer = self._client.request(
                method, self.base_url + path, json=body, headers=self._headers, timeout=self._usual
            )
        _expect(answer)
        try:
            return answer.json()
        except ValueError:
            raise Refused(502, "no JSON", "") from None

    def _downloaded(self, path: str, read: Callable[[Iterator[bytes]], T]) -> T:
        request = self._client.build_request(
            "GET", self.base_url + path, headers=self._headers, timeout=self._usual
        )
        with within(AnswerLimits(self._patience.silent_s, _ANSWER_BYTES)):
            answer = self._client.send(request, stream=True)
        try:
            with within(self._of_file(answer.headers.get("content-length"))):
                if not answer.is_success:
                    answer.read()
                    _expect(answer)
                return read(answer.iter_raw())
        finally:
            answer.close()

    def _uploaded(
        self, path: str, headers: dict[str, str], pieces: Callable[[], Iterator[bytes]]
    ) -> None:
        with self._line() as line, within(self._of_file(headers["content-length"])):
            _expect(
                line.post(
                    self.base_url + path,
                    content=pieces(),
                    headers=self._headers | headers,
                    timeout=self._usual,
                )
            )

    def _of_file(self, length: str | None) -> AnswerLimits:
        patience = self._patience
        if length is None:
            return AnswerLimits(patience.untold_s, patience.untold_bytes)
        seconds = patience.silent_s + int(length) / _BYTES_A_SECOND
        return AnswerLimits(seconds, int(length) + _ANSWER_BYTES)

    @contextmanager
    def _line(self) -> Iterator[httpx.Client]:
        """A client for one upload; it is closed unless that succeeds."""
        with self._lock:
            line = self._uploading.pop() if self._uploading else None
        line = line or self._fresh()
        try:
            yield line
        except BaseException:
            line.close()
            raise
        with self._lock:
            self._uploading.append(line)

    def _fresh(self) -> httpx.Client:
        client: httpx.Client = bounded(httpx.Client(verify=self._trust, follow_redirects=False))
        return client

    def _again(self, attempt: Callable[[], T], attempts: int | None = None) -> T:
        last = (attempts or self._patience.attempts) - 1
        silences = 0
        for number in range(last + 1):
            asked_s = None
            try:
                return attempt()
            except Refused as error:
                if not error.passing:
                    raise
                asked_s, failed = error.retry_after_s, error.not_working()
            except AnswerOverran as error:
                failed, silences = overran(error), silences + 1
            except httpx.TimeoutException as error:
                failed, silences = unanswered(error), silences + 1
            except httpx.HTTPError as error:
                failed = unanswered(error)
            if number == last or silences == _SILENCES:
                raise failed
            self._sleep(asked_s or random.uniform(0, self._patience.initial_backoff_s * 2**number))  # noqa: S311  # no secret
        raise AssertionError("the last attempt returns or raises")


def _expect(answer: httpx.Response) -> None:
    error = refusal(answer)
    if error is not None:
        raise error
