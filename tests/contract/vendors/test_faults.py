"""Every adapter against everything that can go wrong between it and its vendor, over real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.contract.vendors.vendors import Vendor, guarded, vendors_at

from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.engines.middleware.fallback import fall_back
from ytdubber.testing.vendor_double import Fault as Wrong
from ytdubber.testing.vendor_double import VendorDouble

ROUTES = ["listen", "speak", "tts", "audio.speech", "audio.transcriptions", "responses", "chat"]
SPEECH = ["speak", "tts", "audio.speech"]
MODELS = ["responses", "chat"]
JSON = ["listen", "audio.transcriptions", *MODELS]


@dataclass(frozen=True)
class Case:
    """One thing going wrong.

    Attributes:
        name: What it is called.
        wrong: What the double does.
        fault: What it must become.
        detail: What a person reads.
        attempts: How often it is asked for.
        unknown: Whether nobody knows what it cost.
        routes: Where it can happen.
        request_id: Whether the vendor gives its name for the call.
    """

    name: str
    wrong: Wrong
    fault: ErrorKind
    detail: str
    attempts: int = 1
    unknown: bool = False
    routes: tuple[str, ...] = tuple(ROUTES)
    request_id: bool = True


def status(code: int, fault: ErrorKind, detail: str, attempts: int = 1, **more: object) -> Case:
    made = Case(str(code), Wrong.status(code), fault, detail, attempts, **more)  # type: ignore[arg-type]  # by name
    return made


CASES = [
    status(400, ErrorKind.BAD_INPUT, "the request was not understood"),
    status(401, ErrorKind.AUTH, "the API key was not accepted"),
    status(402, ErrorKind.QUOTA, "the account has no credit left"),
    status(403, ErrorKind.AUTH, "the API key does not allow this"),
    status(404, ErrorKind.UNSUPPORTED, "what was asked for does not exist there"),
    status(408, ErrorKind.TIMEOUT, "the request took too long to arrive", 5),
    status(413, ErrorKind.BAD_INPUT, "what was sent is too large"),
    status(422, ErrorKind.BAD_INPUT, "what was sent could not be processed"),
    status(500, ErrorKind.UNAVAILABLE, "it failed inside", 5),
    status(502, ErrorKind.UNAVAILABLE, "it cannot be reached behind its gateway", 5),
    status(503, ErrorKind.UNAVAILABLE, "it is overloaded or down", 5),
    status(504, ErrorKind.TIMEOUT, "it did not finish in time", 2, unknown=True),
    status(
        429,
        ErrorKind.RATE_LIMITED,
        "too many requests at once",
        5,
        routes=("listen", "speak", "audio.speech", "audio.transcriptions", *MODELS),
    ),
    Case(
        "429 busy", Wrong.status(429), ErrorKind.UNAVAILABLE, "it is overloaded", 5, routes=("tts",)
    ),
    Case("quota", Wrong.quota(), ErrorKind.QUOTA, "the account has no credit left"),
    Case(
        "disconnect",
        Wrong.disconnect(),
        ErrorKind.UNAVAILABLE,
        "the connection broke",
        2,
        unknown=True,
        request_id=False,
    ),
    Case(
        "disconnect in mid-body",
        Wrong.disconnect(after_bytes=60),
        ErrorKind.UNAVAILABLE,
        "the connection broke",
        2,
        unknown=True,
        request_id=False,
    ),
    Case(
        "truncated JSON",
        Wrong.truncated_json(),
        ErrorKind.BAD_OUTPUT,
        "the answer cannot be read",
        2,
        unknown=True,
        routes=tuple(JSON),
    ),
    Case(
        "wrong content type",
        Wrong.content_type("text/html"),
        ErrorKind.BAD_OUTPUT,
        "the answer cannot be read",
        2,
        unknown=True,
        routes=tuple(JSON),
        request_id=False,
    ),
    Case(
        "wrong content type for sound",
        Wrong.content_type("text/html"),
        ErrorKind.BAD_OUTPUT,
        "the answer is not sound",
        2,
        unknown=True,
        routes=tuple(SPEECH),
        request_id=False,
    ),
    Case(
        "empty audio",
        Wrong.empty_audio(),
        ErrorKind.BAD_OUTPUT,
        "nothing was spoken",
        2,
        routes=tuple(SPEECH),
    ),
    Case(
        "refusal",
        Wrong.refusal(),
        ErrorKind.REFUSED,
        "it refuses to work on this text",
        routes=tuple(MODELS),
    ),
    Case(
        "incomplete",
        Wrong.incomplete(),
        ErrorKind.BAD_OUTPUT,
        "the answer ends in the middle",
        2,
        routes=tuple(MODELS),
    ),
    Case(
        "other ids",
        Wrong.bad_ids(),
        ErrorKind.BAD_OUTPUT,
        "the answer has other lines than were asked for",
        2,
        routes=tuple(MODELS),
    ),
]


def cases() -> Iterator[object]:
    for case in CASES:
        for route in case.routes:
            yield pytest.param(route, case, id=f"{route}-{case.name}")


HELPED = {
    ErrorKind.RATE_LIMITED,
    ErrorKind.TIMEOUT,
    ErrorKind.UNAVAILABLE,
    ErrorKind.QUOTA,
    ErrorKind.UNSUPPORTED,
}


def fallen_back(make: Callable[[], object]) -> tuple[VendorError, bool]:
    """Why it failed, and whether another engine was asked then."""
    told: list[VendorError] = []
    engines: list[Callable[[], object]] = [make, lambda: None]
    try:
        fall_back(engines, lambda engine: engine(), told.append)
    except VendorError as error:
        return error, False
    return told[0], True


@pytest.mark.parametrize(("route", "case"), list(cases()))
def test_what_goes_wrong_becomes_a_fault(
    route: str, case: Case, vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    vendor = vendors[route]
    double.script(route, *[case.wrong] * case.attempts)
    before = len(double.calls)
    make, asked = guarded(vendor)
    error, helped = fallen_back(make)
    calls = double.calls[before:]
    assert helped is (case.fault in HELPED)
    assert [call.route for call in calls] == [route] * case.attempts
    assert error.fault is case.fault
    named = f" (request {calls[-1].request_id})" if case.request_id else ""
    assert str(error) == f"{vendor.name} could not do it ({case.fault}): {case.detail}{named}"
    assert error.outcome_unknown is case.unknown
    known = all(attempt.receipt for attempt in asked.ledger.attempts)
    assert set(asked.outcomes) == {"unknown" if case.unknown and not known else "failed"}
    make()
    assert asked.outcomes[-1] == "settled"


@pytest.mark.parametrize("route", ROUTES)
def test_the_wait_that_was_asked_for_is_kept(
    route: str, vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    double.script(route, Wrong.retry_after(7), Wrong.retry_after(0.25))
    make, asked = guarded(vendors[route])
    make()
    assert sum(asked.clock.slept) == pytest.approx(7.25)
    assert asked.outcomes == ["failed", "failed", "settled"]


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_there(route: str, nowhere: str, spoken: AudioFile, tmp_path: Path) -> None:
    vendor = vendors_at(nowhere, spoken, tmp_path)[route]
    make, asked = guarded(vendor)
    with pytest.raises(VendorError) as raised:
        make()
    assert str(raised.value) == (
        f"{vendor.name} could not do it (unavailable): it cannot be reached"
    )
    assert asked.outcomes == ["failed"] * 5
    vendor.close()


@pytest.mark.parametrize("route", ROUTES)
def test_no_answer_in_time(
    route: str, base_url: str, double: VendorDouble, spoken: AudioFile, tmp_path: Path
) -> None:
    double.script(route, Wrong.hang(20), Wrong.hang(20))
    vendor = vendors_at(base_url, spoken, tmp_path, answer_s=0.4)[route]
    make, asked = guarded(vendor)
    with pytest.raises(VendorError) as raised:
        make()
    error = raised.value
    assert (error.fault, error.outcome_unknown) == (ErrorKind.TIMEOUT, True)
    assert str(error).endswith("(timeout): it did not answer in time")
    assert asked.outcomes == ["unknown", "unknown"]
    vendor.close()


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "wrong", ["nothing", "disconnect", "truncated", "empty", "other ids", "busy"]
)
def test_what_we_booked_is_what_they_charge(
    route: str, wrong: str, vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    """Also for answers that never arrived, where what was asked for says what it costs."""
    script = {
        "nothing": [],
        "disconnect": [Wrong.disconnect(after_bytes=60)],
        "truncated": [Wrong.truncated_json()] if route == "listen" else [],
        "empty": [Wrong.empty_audio()] if route in SPEECH else [],
        "other ids": [Wrong.bad_ids()] if route in MODELS else [],
        "busy": [Wrong.status(503), Wrong.retry_after(1)],
    }[wrong]
    double.script(route, *script)
    before = len(double.calls)
    make, asked = guarded(vendors[route])
    make()
    charged: dict[str, object] = {}
    for call in double.calls[before:]:
        for billed in call.billed:
            charged[billed.unit] = charged.get(billed.unit, 0) + billed.amount  # type: ignore[operator]  # amounts
    booked = {unit: amount for unit, amount in asked.units().items() if amount}
    if wrong == "disconnect" and route in MODELS:
        assert set(booked) == set(charged)
        assert all(booked[unit] >= charged[unit] for unit in charged)  # type: ignore[operator]  # amounts
    else:
        assert booked == charged


def test_a_fault_without_request_id_or_body_is_told_all_the_same(
    vendors: dict[str, Vendor], double: VendorDouble
) -> None:
    for route in ROUTES:
        double.script(route, Wrong.status(413, body="<html>secret-key-123</html>"))
        with pytest.raises(VendorError) as raised:
            guarded(vendors[route])[0]()
        assert "what was sent is too large" in str(raised.value)
        assert "secret" not in str(raised.value)
        assert raised.value.__cause__ is None
