"""How lines look, and what is never in them."""

import io
import json
import logging
import threading
from collections.abc import Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.log_lines import written as written_by_all

from ytdubber.bootstrap.logs import formatter, set_levels, start_log
from ytdubber.domain.errors import (
    BadSetting,
    DatabaseAway,
    ErrorKind,
    NoSpeech,
    StorageNotWorking,
    VendorError,
)
from ytdubber.domain.printable import printable
from ytdubber.log import ContextPool, Outage, bind, bound, carried, get_logger
from ytdubber.settings import LogLevels

written = partial(written_by_all, apart=True)
log = get_logger("ytdubber.tests")
MARK = "SECRET"
"""Split, so that no line of this file has it."""
ANYTHING = st.text(st.characters(exclude_categories=[]))


def test_a_line_is_an_event_with_its_fields_and_the_ids_in_force() -> None:
    with written() as lines, bound(job_id="j1", user_id=None):
        log.info("job.submitted", languages=["pt", "es"], voice_ms=4000, background_ms=None)
    (line,) = lines.all
    at = line.pop("timestamp")
    assert len(at) == len("2026-11-29T12:00:00.000Z")
    assert line == {
        "level": "info",
        "event": "job.submitted",
        "logger": "ytdubber.tests",
        "job_id": "j1",
        "languages": ["pt", "es"],
        "voice_ms": 4000,
    }


def test_libraries_lines_have_the_same_form_and_the_same_ids() -> None:
    with written() as lines, bound(task_id="t1"):
        logging.getLogger("psycopg.pool").warning("%d connections are lost", 3)
    (line,) = lines.all
    assert (line["event"], line["logger"]) == ("3 connections are lost", "psycopg.pool")
    assert (line["task_id"], line["level"]) == ("t1", "warning")


@given(ANYTHING, ANYTHING)
def test_nobody_adds_a_line_or_acts_on_a_terminal(text: str, other: str) -> None:
    for form in ("json", "console"):
        with written(form=form) as lines:
            log.info("a.b", field=text, more=[other])
            logging.getLogger("library").warning("%s said %s", text, other)
        assert lines.text.count("\n") == 2
        shown = lines.text.replace("\n", "")
        assert printable(shown) == shown


@given(ANYTHING)
def test_json_says_what_was_said(text: str) -> None:
    with written() as lines:
        log.info("a.b", field=f"<{text}>")
    assert lines.all[0]["field"].startswith("<")


def _traced(error: Exception) -> str:
    with written() as lines:
        try:
            try:
                raise ValueError(f"{MARK} line of a transcript")
            except ValueError as cause:
                raise error from cause
        except Exception as raised:
            log.exception("a.b", error=raised)
            logging.getLogger("library").exception("it failed")
    assert "test_lines.py" in lines.text
    assert "_traced" in lines.text
    assert "ValueError" in lines.text
    return lines.text


@pytest.mark.parametrize(
    "error",
    [
        KeyError("SECRET"),
        RuntimeError("SECRET"),
        FileNotFoundError(2, "No such file or directory", "/SECRET.wav"),
        UnicodeDecodeError("utf-8", b"SECRET", 0, 1, "invalid start byte"),
        NoSpeech(file="SECRET.wav"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_told_without_what_it_holds(error: Exception) -> None:
    text = _traced(error)
    assert "SECRET" not in text
    assert type(error).__name__ in text or "no_speech" in text


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            VendorError("openai", ErrorKind.AUTH, "the API key was not accepted"),
            "openai auth: the API",
        ),
        (StorageNotWorking(reason="the disk is full"), "reason=the disk is full"),
        (DatabaseAway(retry_after_s=5), "retry_after_s=5"),
        (BadSetting(variable="REDIS_URL", reason="it is none"), "variable=REDIS_URL reason=it is"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (AttributeError("'Job' object has no attribute 'x'"), "no attribute 'x'"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_an_operator_needs_is_told(error: Exception, told: str) -> None:
    assert told in _traced(error)
    with written() as lines:
        log.warning("a.b", error=error)
    assert told in lines.all[0]["reason"]


JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJTRUNSRVQifQ.c2lnbmF0dXJl"
SECRETS = [
    f"https://store.example/x/a.wav?token={JWT}&X-Amz-Signature=SECRET",
    f"https://store.example/upload/sign/{JWT}/x#SECRET",
    "postgresql://owner:SECRET@db.example:5432/x",
    f"Authorization: Bearer {JWT}",
    "bearer SECRET",
    "SECRET.person+tag@mail.example.org wrote",
    "key sk_test_SECRET12345 and sk-proj-SECRET12345",
    "sb_secret_SECRET12345",
    "whsec_SECRET12345",
]


@pytest.mark.parametrize("text", SECRETS)
def test_what_looks_like_a_secret_is_not_written(text: str) -> None:
    with written() as lines:
        log.info("a.b", field=text, more=[text])
        logging.getLogger("library").warning("it said %s", text)
    for secret in ("SECRET", JWT, JWT.split(".")[1]):
        assert secret not in lines.text


@given(ANYTHING.filter(lambda text: "SECRET" not in text), st.sampled_from(SECRETS))
def test_wherever_it_stands(text: str, secret: str) -> None:
    with written() as lines:
        log.info("a.b", field=f"{text} {secret}")
    assert "SECRET" not in lines.text


def test_an_address_keeps_where_it_leads() -> None:
    with written() as lines:
        log.info("a.b", at="postgresql://me:pw@db.example:5432/x?sslmode=require")
    assert lines.all[0]["at"] == "postgresql://db.example:5432/x"


@pytest.fixture
def levels() -> Iterator[None]:
    names = ("", "ytdubber", "ytdubber.tests", "dramatiq")
    before = {name: logging.getLogger(name).level for name in names}
    yield
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.usefixtures("levels")
def test_levels_are_set_for_all_and_for_one() -> None:
    set_levels(LogLevels(logging.INFO, {"ytdubber.tests": logging.ERROR, "dramatiq": logging.INFO}))
    on = {name: logging.getLogger(name).getEffectiveLevel() for name in ("ytdubber.x", "psycopg")}
    assert on == {"ytdubber.x": logging.INFO, "psycopg": logging.WARNING}
    assert logging.getLogger("ytdubber.tests").getEffectiveLevel() == logging.ERROR
    assert logging.getLogger("dramatiq.worker").getEffectiveLevel() == logging.INFO
    set_levels(LogLevels(), logging.DEBUG)
    assert logging.getLogger("ytdubber.x").getEffectiveLevel() == logging.DEBUG
    assert logging.getLogger("httpx").getEffectiveLevel() == logging.WARNING
    set_levels(LogLevels(), logging.CRITICAL)
    assert logging.getLogger("httpx").getEffectiveLevel() == logging.CRITICAL


def _line(form: str, terminal: bool) -> str:
    record = logging.LogRecord("ytdubber", logging.INFO, "", 0, "a.b", (), None)
    record.fields = {"n": 1}
    return formatter(form, terminal=terminal).format(record)  # type: ignore[arg-type]  # a setting's


def test_the_form_is_by_setting_and_else_by_who_reads_it() -> None:
    assert json.loads(_line("auto", False))["n"] == 1
    assert json.loads(_line("json", True))["n"] == 1
    for line in (_line("auto", True), _line("console", False)):
        assert "a.b" in line
        assert not line.startswith("{")
    assert "\x1b" not in _line("console", False)


def test_a_thread_that_dies_is_a_line(monkeypatch: pytest.MonkeyPatch, levels: None) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)  # and as it was, afterwards
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:]
    root.handlers.clear()
    try:
        start_log(stream=stream)
        thread = threading.Thread(target=dict[str, int]().__getitem__, args=(MARK,), name="mixer")
        thread.start()
        thread.join()
    finally:
        root.handlers[:] = before
    line = json.loads(stream.getvalue())
    assert (line["event"], line["thread"], line["error"]) == ("thread.crashed", "mixer", "KeyError")
    assert "SECRET" not in stream.getvalue()


def test_ids_last_as_long_as_what_they_are_of() -> None:
    with written() as lines:
        with bound(job_id="j1"):
            bind(task_id="t1")
            log.info("a.inside")
        log.info("a.outside")
    inside, outside = lines.all
    assert (inside["job_id"], inside["task_id"]) == ("j1", "t1")
    assert not {"job_id", "task_id"} & set(outside)


def test_threads_have_the_ids_of_whoever_began_their_work() -> None:
    def tell(number: int) -> None:
        log.info("a.b", number=number)

    with written() as lines, ContextPool(2) as pool:
        for number in range(3):
            with bound(job_id=f"j{number}"):
                pool.submit(tell, number).result()
        with bound(job_id="j3"):
            list(pool.map(tell, [3]))
            thread = threading.Thread(target=carried(tell), args=(3,))
        thread.start()
        thread.join()
    assert [(line["job_id"], line["number"]) for line in lines.all] == [
        (f"j{number}", number) for number in (0, 1, 2, 3, 3)
    ]


def test_an_outage_is_two_lines_however_often_it_is_met() -> None:
    now_s = [100.0]
    outage = Outage(log, "redis", lambda: now_s[0], queue="main")
    with written() as lines:
        outage.over()
        for _ in range(50):
            outage.begun(error=ConnectionRefusedError(111, "Connection refused"))
            now_s[0] += 24.5
        assert outage.standing
        for _ in range(3):
            outage.over()
    away, back = lines.all
    assert (away["event"], away["level"], away["queue"]) == ("redis.away", "warning", "main")
    assert (away["error"], away["reason"]) == ("ConnectionRefusedError", "Connection refused")
    assert (back["event"], back["level"], back["away_s"]) == ("redis.back", "warning", 1225.0)
    assert not outage.standing
