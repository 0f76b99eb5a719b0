import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import httpx
import pytest
from tests.integration.vendor_double.conftest import SPEAK, Served
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.domain.engine import EngineId
from ytdubber.domain.money import Price, PriceList, price, total_usd
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.testing.vendor_double import KEY, Fault, VendorDouble, running

TOKEN = {"authorization": f"Token {KEY}"}
LISTEN = "/v1/listen?model=nova-3&diarize_model=latest"


class OnePrice:
    """A book with a single row."""

    def __init__(self, row: Price) -> None:
        self._row = row

    def prices(self) -> PriceList:
        return PriceList("1", (self._row,))


def speak(url: str, text: str) -> int:
    answer = httpx.post(
        url + SPEAK, headers=TOKEN, json={"text": text}, timeout=PATIENCE_S, verify=NO_TLS
    )
    return answer.status_code


def test_the_invoice_is_what_an_exact_ledger_adds_up_to(served: Served, recording: bytes) -> None:
    book = FilePriceBook()
    receipts = []
    for number in range(1, 8):
        served.speak("x" * 7 * number)
        receipts.append(("aura-2", "speak", [("characters", Decimal(7 * number))]))
    answer = served.post(LISTEN, headers=TOKEN, content=recording)
    seconds = Decimal(str(answer.json()["metadata"]["duration"]))
    receipts.append(
        ("nova-3", "transcribe", [("audio_seconds", seconds), ("diarized_seconds", seconds)])
    )
    ledger = [
        cost
        for model, operation, used in receipts
        for cost in price(
            Receipt(
                EngineId("deepgram", model, "1"),
                operation,
                tuple(Quantity(*each) for each in used),
                elapsed_ms=0,
            ),
            book.prices(),
        )
    ]
    invoice = served.double.invoice(book)
    assert invoice[0] == ("deepgram/aura-2/characters", Decimal(196), Decimal("0.00588"))
    assert [sku for sku, _, _ in invoice[1:]] == [
        "deepgram/nova-3/audio_seconds",
        "deepgram/nova-3/diarized_seconds",
    ]
    billed_usd = sum(amount_usd for _, _, amount_usd in invoice)
    assert abs(total_usd(ledger) - billed_usd) < Decimal("1E-8")


def test_an_invoice_without_a_price_is_not_made(served: Served) -> None:
    served.speak("Hello")
    row = Price("x", "deepgram", "aura-3", "characters", Decimal(1), Decimal(1))
    with pytest.raises(ValueError, match="no price for deepgram/aura-2/characters"):
        served.double.invoice(OnePrice(row))


def test_books_over_http_say_what_has_no_price() -> None:
    row = Price("x", "deepgram", "aura-3", "characters", Decimal(1), Decimal(1))
    with running(VendorDouble(price_book=OnePrice(row))) as url:
        assert httpx.get(f"{url}/_double/books", verify=NO_TLS).json()["invoice"] == []
        speak(url, "Hello")
        books = httpx.get(f"{url}/_double/books", verify=NO_TLS).json()
    assert books["no_invoice"] == "the price book has no price for deepgram/aura-2/characters"


def test_what_is_asked_twice_is_noticed(served: Served) -> None:
    served.double.script("speak", Fault.status(503))
    for text in ("one", "one", "two", "one"):
        served.speak(text)
    (again,) = served.double.repeated
    assert again.number == 3
    assert again.body == {"text": "one"}


def test_calls_are_recorded_without_keys(served: Served) -> None:
    served.speak("Hello")
    (call,) = served.double.calls
    assert (call.route, call.status, call.tag, call.delivered) == ("speak", 200, "job-1", True)
    assert ("model", "aura-2-thalia-en") in call.query
    assert "authorization" not in call.headers
    assert KEY not in repr(call)


def test_more_than_the_limit_is_refused_and_seen() -> None:
    double = VendorDouble(limits={"speak": 3}, latency_s={"speak": 1.0})
    with (
        running(double) as url,
        ThreadPoolExecutor(5) as pool,
        httpx.Client(verify=NO_TLS, headers=TOKEN, timeout=PATIENCE_S) as caller,
    ):
        asked = [pool.submit(caller.post, url + SPEAK, json={"text": f"{n}"}) for n in range(5)]
        statuses = sorted(each.result().status_code for each in asked)
        assert statuses == [200, 200, 200, 429, 429]
        assert 3 < double.max_concurrency("speak") <= 5
        assert speak(url, "after") == 200
    assert double.books["deepgram/aura-2/characters"] == 3 + 5


def test_one_after_another_is_never_two_at_once() -> None:
    double = VendorDouble(limits={"speak": 1})
    with running(double) as url, httpx.Client(verify=NO_TLS, headers=TOKEN) as caller:
        for number in range(50):
            assert caller.post(url + SPEAK, json={"text": f"{number}"}).status_code == 200
    assert double.max_concurrency("speak") == 1


def test_latency_is_the_least_a_call_takes() -> None:
    with running(VendorDouble(latency_s=0.3)) as url:
        started = time.monotonic()
        speak(url, "Hello")
        assert time.monotonic() - started > 0.29


def test_books_and_faults_over_http(served: Served) -> None:
    wanted = [{"kind": "status", "code": 503}, {"kind": "retry_after", "seconds": 2}]
    answer = served.post("/_double/script", json={"route": "speak", "faults": wanted})
    assert answer.json() == {"route": "speak", "faults": 2}
    assert [served.speak().status_code for _ in range(3)] == [503, 429, 200]
    books = served.get("/_double/books").json()
    assert books["units"] == {"deepgram/aura-2/characters": "5"}
    assert books["max_concurrency"]["speak"] == 1
    assert books["broken"] == []
    calls = served.get("/_double/calls").json()["calls"]
    assert [(call["status"], call["fault"]) for call in calls] == [
        (503, "status"),
        (429, "retry_after"),
        (200, None),
    ]
    assert calls[2]["billed"][0]["amount"] == "5"


@pytest.mark.parametrize(
    ("script", "status"),
    [
        ({"route": "nowhere", "faults": []}, 404),
        ({"route": "speak", "faults": [{"kind": "explode"}]}, 422),
        ({"route": "speak", "faults": [{"kind": "status", "colour": "red"}]}, 422),
    ],
)
def test_a_wrong_script_is_refused(served: Served, script: dict[str, object], status: int) -> None:
    answer = served.post("/_double/script", json=script)
    assert answer.status_code == status
    assert answer.json()["error"]
