"""How effects are done: in the thread that asks, and in an event loop."""

import contextlib
import time
from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import anyio
import httpx
from anyio import to_thread

from ytdubber.client import connection
from ytdubber.client.asking import Retries
from ytdubber.client.connection import Pieces, Token, token_of
from ytdubber.client.effects import (
    Answer,
    Blocking,
    Effect,
    Fetch,
    Flow,
    Listen,
    Send,
    Sleep,
    Store,
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
                case Store():
                    return self._store(effect)
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

    def _store(self, store: Store) -> Answer:
        with contextlib.ExitStack() as opened:
            content = None
            if store.body:
                content = _sent(opened.enter_context(contextlib.closing(Pieces(store.body))))
            response = self._http.request(
                store.method,
                store.url,
                content=content,
                headers=connection.store_headers(store),
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
                case Store():
                    return await self._store(effect)
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

    async def _store(self, store: Store) -> Answer:
        with contextlib.ExitStack() as opened:
            content = None
            if store.body:
                content = _sent_beside(opened.enter_context(contextlib.closing(Pieces(store.body))))
            response = await self._http.request(
                store.method,
                store.url,
                content=content,
                headers=connection.store_headers(store),
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


def _sent(pieces: Pieces) -> Iterator[bytes]:
    while piece := pieces.read():
        yield piece
        pieces.sent(piece)


async def _sent_beside(pieces: Pieces) -> AsyncIterator[bytes]:
    """Read beside the event loop."""
    while piece := await to_thread.run_sync(pieces.read):
        yield piece
        pieces.sent(piece)
