"""The client for programs without asyncio."""

import contextlib
import time
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import httpx

from ytdubber.client import connection, dubbing, requests, uploads
from ytdubber.client.asking import Retries
from ytdubber.client.connection import Token, ignored, token_of, tracks
from ytdubber.client.downloads import downloaded
from ytdubber.client.effects import (
    Answer,
    Blocking,
    Effect,
    Fetch,
    Flow,
    Listen,
    Put,
    Send,
    Sleep,
)
from ytdubber.client.uploads import JobOptions, OnTransfer
from ytdubber.client.values import Account, Job, Quote, SpokenLanguage
from ytdubber.client.watching import OnChange, looked_at

T = TypeVar("T")


class Client:
    """A service, as one of its users. Safe to use from several threads.

    Args:
        url: The service's address, such as `https://dub.example.org`.
        token: The user's token, or a function that gives one that is good just now.
        attempts: How often a request is made where the service, or the way to it, does not work.
        http: How requests are made, with a proxy or certificates of one's own; the caller closes
            it.

    Raises:
        ValueError: `url` is no address.
    """

    def __init__(
        self, url: str, token: Token, *, attempts: int = 6, http: httpx.Client | None = None
    ) -> None:
        self._url = connection.base_url(url)
        self._token = token
        self._retries = Retries(attempts)
        self._own = http is None
        self._http = http or httpx.Client(headers={"user-agent": connection.AGENT})

    def close(self) -> None:
        """Give the connections back."""
        if self._own:
            self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def dub(
        self,
        voice: str | Path,
        *,
        to: str | Sequence[str],
        background: str | Path | None = None,
        out: str | Path | None = None,
        on_transfer: OnTransfer = ignored,
        on_change: OnChange = ignored,
        **options: Unpack[JobOptions],
    ) -> Job:
        """Send a recording, wait for its dubs and fetch them.

        Args:
            voice: The recording: a sound or video file.
            to: A language or several, by code or name.
            background: Music and effects.
            out: The folder that the files go to; they are not fetched where it is None.
            on_transfer: Told how far each file is on its way, in either direction.
            on_change: Told the job, whenever it changed.
            **options: How the dubs are made, as `JobOptions` has it.

        Returns:
            The job, with at least one dub. Languages that failed have `error`.

        Raises:
            JobFailed: it ended without a dub.
            ServiceError: it was refused, or the service does not answer.
        """
        files, folder = tracks(voice, background), None if out is None else Path(out)
        return self._run(
            dubbing.dubbed(files, to, folder, options, on_transfer, on_change, self._retries)
        )

    def create(
        self,
        voice: str | Path,
        *,
        to: str | Sequence[str],
        background: str | Path | None = None,
        on_transfer: OnTransfer = ignored,
        **options: Unpack[JobOptions],
    ) -> str:
        """Announce a job and send its files; the job's id. It costs nothing before `submit`.

        Raises:
            ServiceError: it was refused, or the service does not answer.
        """
        files = tracks(voice, background)
        return self._run(uploads.created(files, to, options, on_transfer, self._retries))

    def submit(self, job_id: str) -> None:
        """Queue a job whose files were sent; however often, it is charged once.

        Raises:
            ServiceError: it was refused, or the service does not answer.
        """
        self._run(uploads.submitted(job_id, self._retries))

    def quote(
        self,
        job_id: str | None = None,
        *,
        seconds: float | None = None,
        to: str | Sequence[str] | None = None,
        source_language: str | None = None,
        voice_tier: str | None = None,
    ) -> Quote:
        """What a job will cost that was created, or one of so many `seconds`.

        Raises:
            ServiceError: it was refused, or the service does not answer.
        """
        return self._run(
            requests.quote(job_id, seconds, to, source_language, voice_tier, self._retries)
        )

    def wait(
        self, job_id: str, *, on_change: OnChange = ignored, timeout_s: float | None = None
    ) -> Job:
        """Wait until a job has ended with a dub.

        Events tell of it; where they do not come through it is looked at every few seconds. A
        service that is away is waited for, for ten minutes.

        Args:
            job_id: The job.
            on_change: Told the job, whenever it changed.
            timeout_s: How long to wait; as long as it takes where it is None.

        Raises:
            JobFailed: it ended without a dub.
            TimedOut: it has not ended in that time.
            ServiceError: the job is gone, or the service does not answer.
        """
        return self._run(dubbing.waited(job_id, on_change, timeout_s, self._retries))

    def download(
        self,
        job_id: str,
        out: str | Path,
        *,
        languages: Collection[str] | None = None,
        kinds: Collection[str] | None = None,
        on_transfer: OnTransfer = ignored,
    ) -> tuple[Path, ...]:
        """Fetch finished files into a folder; those that are there already stay as they are.

        Args:
            job_id: The job.
            out: The folder.
            languages: Only these, and what belongs to no language.
            kinds: Only these: `voice`, `mix`, `captions`, `manifest` and the like.
            on_transfer: Told how far each file is.

        Returns:
            Where they are, each checked against its hash.

        Raises:
            BadDownload: a file came otherwise than the service names it.
            ServiceError: there are none, or the service does not answer.
        """
        return self._run(
            downloaded(job_id, Path(out), languages, kinds, on_transfer, self._retries)
        )

    def job(self, job_id: str) -> Job:
        """A job as it is.

        Raises:
            ServiceError: there is none, or the service does not answer.
        """
        return self._run(looked_at(job_id, self._retries))

    def jobs(self) -> Iterator[Job]:
        """Submitted jobs, newest first, without their files.

        Raises:
            ServiceError: the service does not answer.
        """
        cursor = None
        while True:
            page, cursor = self._run(requests.page(cursor, self._retries))
            yield from page
            if cursor is None:
                return

    def cancel(self, job_id: str) -> Job:
        """Stop a job; languages that are complete stay.

        Raises:
            ServiceError: there is none, or the service does not answer.
        """
        return self._run(requests.cancelled(job_id, self._retries))

    def delete(self, job_id: str) -> None:
        """Stop a job and remove all of it, if it is there.

        Raises:
            ServiceError: the service does not answer.
        """
        self._run(requests.deleted(job_id, self._retries))

    def languages(self) -> tuple[SpokenLanguage, ...]:
        """What can be dubbed into, with its voices.

        Raises:
            ServiceError: the service does not answer.
        """
        return self._run(requests.languages(self._retries))

    def account(self) -> Account:
        """Who is signed in, and their credit.

        Raises:
            ServiceError: the token is not good, or the service does not answer.
        """
        return self._run(requests.account(self._retries))

    def _run(self, flow: Flow[T]) -> T:
        with contextlib.closing(flow):
            try:
                effect = next(flow)
                while True:
                    try:
                        came = self._do(effect)
                    except Exception as error:  # the flow knows what it means
                        effect = flow.throw(error)
                    else:
                        effect = flow.send(came)
            except StopIteration as end:
                result: T = end.value
                return result

    def _do(self, effect: Effect) -> Any:
        try:
            match effect:
                case Send():
                    return self._send(effect)
                case Put():
                    return self._put(effect)
                case Fetch():
                    return self._fetch(effect)
                case Listen():
                    return self._listen(effect)
                case Sleep(seconds):
                    return time.sleep(seconds)
                case Blocking(function):
                    return function()
        except httpx.HTTPError as error:
            raise connection.unreached(error) from None

    def _send(self, send: Send) -> Answer:
        response = self._http.request(
            send.method,
            self._url + send.path,
            json=send.json,
            params=send.query,
            headers=connection.headers(token_of(self._token)),
            timeout=httpx.Timeout(send.timeout_s, connect=connection.CONNECT_S),
        )
        return connection.answer_of(response, response.content)

    def _put(self, put: Put) -> Answer:
        with connection.opened(put) as stream:
            response = self._http.put(
                put.url,
                content=connection.pieces(stream, put.on_bytes),
                headers=put.headers,
                timeout=connection.FILE_TIMEOUT,
            )
        return connection.answer_of(response, response.content)

    def _fetch(self, fetch: Fetch) -> Answer:
        headers = {"accept-encoding": "identity"}
        timeout = connection.FILE_TIMEOUT
        with self._http.stream("GET", fetch.url, headers=headers, timeout=timeout) as response:
            if not response.is_success:
                return connection.answer_of(response, self._refusal(response))
            fetch.sink.begin()
            with contextlib.closing(fetch.sink):
                for piece in response.iter_bytes(connection.PIECE_BYTES):
                    fetch.sink.write(piece)
            return connection.answer_of(response, b"")

    def _listen(self, listen: Listen) -> Answer:
        headers = connection.headers(token_of(self._token)) | dict(listen.headers)
        timeout = httpx.Timeout(listen.silent_s, connect=connection.CONNECT_S)
        url = self._url + listen.path
        with self._http.stream("GET", url, headers=headers, timeout=timeout) as response:
            if not response.is_success:
                return connection.answer_of(response, self._refusal(response))
            for line in response.iter_lines():
                if listen.heard(line):
                    break
            return connection.answer_of(response, b"")

    def _refusal(self, response: httpx.Response) -> bytes:
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > connection.MOST_REFUSAL_BYTES:
                break
        return body
