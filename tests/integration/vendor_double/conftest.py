import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import numpy as np
import pytest
import soundfile as sf
from tests.integration.vendor_double.official import ABSENT, FOLDER, Official
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.testing.vendor_double import KEY, VendorDouble, running

SPEAK = "/v1/speak?model=aura-2-thalia-en&encoding=linear16&container=wav&tag=job-1"


@dataclass(frozen=True)
class Served:
    """A double, where it is, and a caller with every vendor's right key but Deepgram's."""

    double: VendorDouble
    url: str
    caller: httpx.Client

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.caller.post(path, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.caller.get(path, **more)

    def speak(self, text: str = "Hello", **more: Any) -> httpx.Response:
        """A call of Deepgram's, whose key goes into the same header as others' keys."""
        token = {"authorization": f"Token {KEY}"}
        return self.caller.post(SPEAK, headers=token, json={"text": text}, **more)


@pytest.fixture
def served() -> Iterator[Served]:
    headers = {"authorization": f"Bearer {KEY}", "xi-api-key": KEY}
    with (
        running(double := VendorDouble()) as url,
        httpx.Client(verify=NO_TLS, base_url=url, headers=headers, timeout=PATIENCE_S) as caller,
    ):
        yield Served(double, url, caller)


@pytest.fixture
def official() -> Official:
    if not FOLDER.is_dir():
        pytest.skip(ABSENT)
    return Official()


@pytest.fixture
def recording() -> bytes:
    """Four seconds with two stretches of sound, as FLAC."""
    rate_hz = 16_000
    sound = 0.3 * np.sin(np.arange(4 * rate_hz) * 0.05)
    sound[: rate_hz // 2] = 0
    sound[2 * rate_hz : 3 * rate_hz] = 0
    file = io.BytesIO()
    sf.write(file, sound, rate_hz, format="FLAC", subtype="PCM_16")
    return file.getvalue()
