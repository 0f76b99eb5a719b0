import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import httpx
import pytest
from tests.integration.vendor_double.conftest import SPEAK, Served
from tests.plain_http import NO_TLS
from tests.waiting import FOR_EVER_S, PATIENCE_S, until

from ytdubber.testing.vendor_double import (
    KEY,
    DoubleBroken,
    Exchange,
    Fault,
    VendorDouble,
    running,
)

TOKEN = {"authorization": f"Token {KEY}"}
TTS = "/v1/text-to-speech/EXAVITQu4vr4xnSDxMaL?output_format=pcm_16000"


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504])
def test_any_status_comes_in_each_vendors_own_words(served: Served, status: int) -> None:
    bodies: dict[str, Callable[[], str]] = {
        "speak": lambda: served.speak().json()["err_msg"],
        "responses": lambda: served.post("/v1/responses", json={}).json()["error"]["message"],
        "tts": lambda: served.post(TTS, json={"text": "a"}).json()["detail"]["message"],
        "stripe.customers": lambda: served.get("/v1/customers").json()["error"]["message"],
    }
    for route, message in bodies.items():
        served.double.script(route, Fault.status(status))
        assert message()
    assert [call.status for call in served.double.calls] == [status] * 4
    assert served.double.books == {}


def test_faults_come_one_a_call_and_in_order(served: Served) -> None:
    served.double.script("speak", Fault.status(503), Fault.status(429, headers={"x-a": "b"}))
    served.double.script("speak", Fault.status(500, body="Internal Server Error"))
    served.double.script("speak", Fault.status(400, body={"message": "no"}))
    answers = [served.speak() for _ in range(5)]
    assert [answer.status_code for answer in answers] == [503, 429, 500, 400, 200]
    assert answers[1].headers["x-a"] == "b"
    assert answers[2].text == "Internal Server Error"
    assert answers[3].json() == {"message": "no"}
    assert served.double.books == {"deepgram/aura-2/characters": Decimal(5)}


def test_a_call_that_is_wrong_uses_up_no_fault_of_another_route(served: Served) -> None:
    served.double.script("speak", Fault.status(503))
    assert served.post(TTS, json={"text": "a"}).status_code == 200
    assert served.speak().status_code == 503


def test_retry_after(served: Served) -> None:
    served.double.script("speak", Fault.retry_after(0.5), Fault.retry_after(3))
    assert [served.speak().headers["retry-after"] for _ in range(2)] == ["0.5", "3"]


@pytest.mark.parametrize("after_bytes", [0, 100])
def test_a_disconnect_in_the_body_is_billed(served: Served, after_bytes: int) -> None:
    served.double.script("speak", Fault.disconnect(after_bytes))
    got: list[bytes] = []
    with httpx.stream("POST", served.url + SPEAK, headers=TOKEN, json={"text": "Hello"}) as answer:
        assert answer.status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            got.extend(answer.iter_raw())
    assert sum(map(len, got)) == after_bytes
    (call,) = served.double.calls
    assert not call.delivered
    assert served.double.books == {"deepgram/aura-2/characters": Decimal(5)}


def test_json_that_is_cut_in_half(served: Served) -> None:
    served.double.script("tts", Fault.truncated_json())
    path = TTS.replace("?", "/with-timestamps?")
    answer = served.post(path, json={"text": "Hello"})
    assert answer.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match="Unterminated"):
        answer.json()


def test_a_page_of_another_kind(served: Served) -> None:
    served.double.script("speak", Fault.content_type("text/html"))
    answer = served.speak()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html")
    assert "<title>" in answer.text
    assert served.double.books == {}


def test_sound_without_samples(served: Served) -> None:
    served.double.script("speak", Fault.empty_audio())
    served.double.script("tts", Fault.empty_audio())
    assert served.speak().content[:4] == b"RIFF"
    assert len(served.speak().content) > 1_000
    assert served.post(TTS, json={"text": "a"}).content == b""


def test_an_answer_that_does_not_come_in_time_is_billed_and_lost(served: Served) -> None:
    served.double.script("speak", Fault.hang(30))
    with pytest.raises(httpx.ReadTimeout):
        served.speak(timeout=0.3)
    until(lambda: bool(served.double.calls))
    (call,) = served.double.calls
    assert call.billed[0].amount == 5
    assert not call.delivered
    assert served.speak().status_code == 200


def test_an_answer_that_trickles_arrives_whole(served: Served) -> None:
    usual = served.speak().content
    served.double.script("speak", Fault.slow(0.5))
    started = time.monotonic()
    assert served.speak().content == usual
    assert time.monotonic() - started > 0.4


def test_the_end_does_not_wait_for_what_hangs() -> None:
    double = VendorDouble()
    double.script("speak", Fault.hang(FOR_EVER_S))
    with ThreadPoolExecutor(1) as pool:
        with running(double) as url:
            asked = partial(
                httpx.post, url + SPEAK, headers=TOKEN, json={"text": "a"}, timeout=PATIENCE_S
            )
            waiting = pool.submit(asked)
            until(lambda: bool(double.calls))
        assert waiting.exception(PATIENCE_S) or waiting.result().status_code == 500
    assert not double.calls[0].delivered


def test_an_unknown_route_cannot_be_scripted(served: Served) -> None:
    with pytest.raises(ValueError, match=r"no route 'spaek'; there are audio.speech, "):
        served.double.script("spaek", Fault.status(500))


def test_a_reply_that_breaks_a_contract_is_a_defect_of_the_double() -> None:
    def hates_replies(exchange: Exchange) -> list[str]:
        return ["never right"] if exchange.side == "reply" else []

    def speak_once() -> int:
        with running(VendorDouble(contracts=hates_replies)) as url:
            return httpx.post(
                url + SPEAK, headers=TOKEN, json={"text": "a"}, verify=NO_TLS
            ).status_code

    with pytest.raises(DoubleBroken, match="speak: never right"):
        speak_once()


Post = Callable[[Served], httpx.Response]


@pytest.mark.parametrize(
    "post",
    [
        lambda s: s.post(SPEAK, headers=TOKEN, content=b"{}"),
        lambda s: s.post(SPEAK, headers=TOKEN | {"content-type": "application/json"}, content=b"{"),
        lambda s: s.post("/v1/responses", content=b"[", headers={"content-type": "json"}),
        lambda s: s.post("/v1/responses", json=[]),
        lambda s: s.post(TTS, json=None),
    ],
)
def test_what_is_not_json_is_refused(served: Served, post: Post) -> None:
    assert post(served).status_code in (400, 422)
    assert len(served.double.calls) == 1
