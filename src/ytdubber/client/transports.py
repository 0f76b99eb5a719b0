"""How effects are done: in the thread that asks, and in an event loop."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import IO, Any, Self, TypeVar

import anyio
import httpx
from anyio import to_thread

from ytdubber.client import connection
from ytdubber.client.asking import Retries
from ytdubber.client.connection import Token, token_of
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

T = TypeVar("T")


class SyncTransport:
    """Does effects in the thread that asks.

    Args:
        url: The service's address.
        token: The user's token, or a function that gives one that is good just now.
        attempts: How often a request is made where the service, or the way to it, does not work.
        http: How requests are made; the caller closes it.

    Raises:
        ValueError: `url` is no address.
    """

    def __init__(
        self, url: str, token: Token, *, attempts: int = 6, http: httpx.Client | None = None
    ) -> None:
        self._url = connection.base_url(url)
        self._token = token
        self.retries = Retries(attempts)
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

    def carry_out(self, flow: Flow[T]) -> T:
        """Do what a flow decides, and give what it leads to.

        Raises:
            ServiceError: as the flow.
        """
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
            headers=connection.headers(token_of(self._token)) | dict(send.headers),
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


class AsyncTransport:
    """Does effects in an event loop; it is made as `SyncTransport` is."""

    def __init__(
        self, url: str, token: Token, *, attempts: int = 6, http: httpx.AsyncClient | None = None
    ) -> None:
        self._url = connection.base_url(url)
        self._token = token
        self.retries = Retries(attempts)
        self._own = http is None
        self._http = http or httpx.AsyncClient(headers={"user-agent": connection.AGENT})

    async def close(self) -> None:
        """Give the connections back."""
        if self._own:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def carry_out(self, flow: Flow[T]) -> T:
        """Do what a flow decides, and give what it leads to.

        Raises:
            ServiceError: as the flow.
        """
        with contextlib.closing(flow):
            try:
                effect = next(flow)
                while True:
                    try:
                        came = await self._do(effect)
                    except Exception as error:  # the flow knows what it means
                        effect = flow.throw(error)
                    else:
                        effect = flow.send(came)
            except StopIteration as end:
                result: T = end.value
                return result

    async def _do(self, effect: Effect) -> Any:
        try:
            match effect:
                case Send():
                    return await self._send(effect)
                case Put():
                    return await self._put(effect)
                case Fetch():
                    return await self._fetch(effect)
                case Listen():
                    return await self._listen(effect)
                case Sleep(seconds):
                    return await anyio.sleep(seconds)
                case Blocking(function):
                    return await to_thread.run_sync(function)
        except httpx.HTTPError as error:
            raise connection.unreached(error) from None

    async def _send(self, send: Send) -> Answer:
        response = await self._http.request(
            send.method,
            self._url + send.path,
            json=send.json,
            params=send.query,
            headers=connection.headers(token_of(self._token)) | dict(send.headers),
            timeout=httpx.Timeout(send.timeout_s, connect=connection.CONNECT_S),
        )
        return connection.answer_of(response, response.content)

    async def _put(self, put: Put) -> Answer:
        with connection.opened(put) as stream:
            response = await self._http.put(
                put.url,
                content=_pieces(stream, put.on_bytes),
                headers=put.headers,
                timeout=connection.FILE_TIMEOUT,
            )
        return connection.answer_of(response, response.content)

    async def _fetch(self, fetch: Fetch) -> Answer:
        headers = {"accept-encoding": "identity"}
        timeout = connection.FILE_TIMEOUT
        async with self._http.stream(
            "GET", fetch.url, headers=headers, timeout=timeout
        ) as response:
            if not response.is_success:
                return connection.answer_of(response, await self._refusal(response))
            fetch.sink.begin()
            with contextlib.closing(fetch.sink):
                async for piece in response.aiter_bytes(connection.PIECE_BYTES):
                    fetch.sink.write(piece)
            return connection.answer_of(response, b"")

    async def _listen(self, listen: Listen) -> Answer:
        headers = connection.headers(token_of(self._token)) | dict(listen.headers)
        timeout = httpx.Timeout(listen.silent_s, connect=connection.CONNECT_S)
        url = self._url + listen.path
        async with self._http.stream("GET", url, headers=headers, timeout=timeout) as response:
            if not response.is_success:
                return connection.answer_of(response, await self._refusal(response))
            async for line in response.aiter_lines():
                if listen.heard(line):
                    break
            return connection.answer_of(response, b"")

    async def _refusal(self, response: httpx.Response) -> bytes:
        body = b""
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > connection.MOST_REFUSAL_BYTES:
                break
        return body


async def _pieces(stream: IO[bytes], on_bytes: Callable[[int], None]) -> AsyncIterator[bytes]:
    """A file's bytes, read beside the event loop, told as they go."""
    done = 0
    while piece := await to_thread.run_sync(stream.read, connection.PIECE_BYTES):
        yield piece
        done += len(piece)
        on_bytes(done)
