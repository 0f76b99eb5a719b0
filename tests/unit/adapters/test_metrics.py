"""What is counted, and that its labels are bounded."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry
from prometheus_client.core import Metric
from tests.log_lines import written

from ytdubber.adapters.memory.ledger import MemoryLedger
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.adapters.prometheus.ledger import CountedLedger
from ytdubber.adapters.prometheus.recorder import MOST_VALUES, Recorder
from ytdubber.adapters.prometheus.state import KEPT_S, StateCollector
from ytdubber.adapters.prometheus.work import counted_work
from ytdubber.app.pipeline.artifacts import Captions, Dub
from ytdubber.app.pipeline.lines import FittedLine, ScriptedLine
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    BudgetExceeded,
    DatabaseAway,
    DiskFull,
    ErrorKind,
    HandedBack,
    PutOff,
    VendorError,
)
from ytdubber.domain.fair_share import Lane
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.media import AudioFile, Interval
from ytdubber.domain.review import ReviewReason
from ytdubber.domain.stage import Stage
from ytdubber.domain.timing import Placement, Slot
from ytdubber.domain.transcript import Utterance
from ytdubber.domain.usage import Quantity, Receipt
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.line import LaneState
from ytdubber.ports.retention import Reason
from ytdubber.ports.service_state import Crowd, ServiceState, Waits

NOVA = EngineId("deepgram", "nova-3", "1")
STATE = ServiceState(
    lanes={Lane.IO: LaneState(3, 12.5, 2, 1, 8, 4.0), Lane.CPU: LaneState()},
    crowds={Lane.IO: Crowd(2, 0.75)},
    languages={"dubbing": 2},
    spent_today_usd={"deepgram": Decimal("1.25")},
    retention_lag_s={reason: 0.0 for reason in Reason},
    dead_letters=1,
    outbox_waiting=0,
    stored_bytes={"uploads": 10, "results": 20},
    connections=7,
    most_connections=97,
    waiting={"deepgram": Waits(2, 61.5)},
)


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def recorder(registry: CollectorRegistry) -> Recorder:
    return Recorder(registry)


def everything(recorder: Recorder, word: str, status: int = 200) -> None:
    """Tell of one of each, with a word wherever a client, a vendor or a setting has a say."""
    engine = EngineId(word, word, word)
    recorder.request(word, word, status, 0.1)
    recorder.ended(
        Stage.FAILED,
        [LanguageTask(uuid4(), uuid4(), word, stage=Stage.FAILED, error_code=word)],
    )
    recorder.heard({"transcribe": 1_000}, 60_000)
    recorder.dubbed(dub(word))
    recorder.worked("job", word)
    recorder.called(engine, "speak", "succeeded", 1.0)
    units = ("input_tokens", "audio_seconds", "characters")
    recorder.used(engine, [Quantity(unit, Decimal(1)) for unit in units], 0.1)
    recorder.retried(engine, VendorError(word, ErrorKind.TIMEOUT, word))
    recorder.circuit_opened(engine, ErrorKind.TIMEOUT, 1.0)
    recorder.circuit_closed(engine)
    recorder.model_ends(word, word, date(2027, 1, 1))
    recorder.decoder_killed(word)
    recorder.refused_by_budget()


def dub(language: str) -> Dub:
    """A minute in which one line is too fast and ten seconds have none."""
    said, slot = Utterance("1", "A", 0, 1_000, None, ()), Slot("1", 0, 1_000, 1_000)
    too_fast = Placement("1", 0, 1_000, 1_300, 1.3, (ReviewReason.TOO_FAST,))
    audio = AudioFile(Path("a.wav"), 24_000, 1, 24_000)
    line = FittedLine(ScriptedLine(said, slot, "A"), audio, too_fast)
    return Dub(
        language,
        {},
        NOVA,
        NOVA,
        NOVA,
        (line, replace(line, placement=Placement("2", 0, 1_000, 1_000, 1.0))),
        Captions((), (), ()),
        (),
        {"speak": 6_000},
        60_000,
        (Interval(20_000, 30_000),),
    )


def series(registry: CollectorRegistry) -> Iterator[tuple[Metric, dict[str, str]]]:
    for family in registry.collect():
        for sample in family.samples:
            yield family, sample.labels


def test_no_label_grows_without_end(registry: CollectorRegistry, recorder: Recorder) -> None:
    for number in range(3 * MOST_VALUES):
        everything(recorder, f"value-{number}", status=200 + number % 300)
    for _ in range(2):
        values: dict[tuple[str, str], set[str]] = {}
        for family, labels in series(registry):
            for label, value in labels.items():
                values.setdefault((family.name, label), set()).add(value)
        bounded = {key for key in values if key[1] not in ("le", "status")}
        assert bounded
        for key in bounded:
            assert len(values[key]) <= MOST_VALUES + 1, key
        everything(recorder, "one more")  # which changes nothing


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.text(), max_size=5), st.lists(st.text(), max_size=5))
def test_methods_are_http_s(routes: list[str], methods: list[str]) -> None:
    registry = CollectorRegistry()
    recorder = Recorder(registry)
    for route in routes:
        for method in methods:
            recorder.request(route, method, 404, None)
    found = {labels["method"] for _, labels in series(registry) if "method" in labels}
    assert found <= {"other", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}


def test_names_are_prometheus_s(registry: CollectorRegistry, recorder: Recorder) -> None:
    everything(recorder, "word")
    for family in registry.collect():
        assert re.fullmatch("ytdubber_[a-z0-9_]+", family.name)
        assert not re.search("_(ms|minutes|hours|kb|mb|percent)$", family.name)
        assert family.documentation.endswith(".")


def value(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(f"ytdubber_{name}", labels)


def test_a_dub_is_counted_with_its_quality(registry: CollectorRegistry, recorder: Recorder) -> None:
    recorder.dubbed(dub("pt"))
    assert value(registry, "dubbed_seconds_total", language="pt") == 60
    assert value(registry, "stage_duration_seconds_sum", stage="speak") == 6
    assert value(registry, "stage_real_time_ratio_sum", stage="speak") == pytest.approx(0.1)
    assert value(registry, "lines_total") == 2
    assert value(registry, "lines_flagged_total", reason="too_fast") == 1
    assert value(registry, "line_rate_ratio_sum") == pytest.approx(2.3)
    assert value(registry, "uncovered_seconds_total") == 10


def test_a_call_is_counted_with_what_it_used_and_cost(
    registry: CollectorRegistry, recorder: Recorder
) -> None:
    book = FilePriceBook(None)
    seconds = iter([10.0, 12.0, 20.0, 21.0, 30.0, 31.0])
    ledger = CountedLedger(MemoryLedger(book, None), recorder, book, lambda: next(seconds))
    call, used = CallContext(uuid4()), (Quantity("audio_seconds", Decimal(60)),)
    of = {"vendor": "deepgram", "model": "nova-3"}
    receipt = Receipt(NOVA, "transcribe", used, 1_000)
    ledger.attempt(call, NOVA, "transcribe", used).settle(receipt)
    ledger.attempt(call, NOVA, "transcribe", used).failed(ErrorKind.TIMEOUT, None)
    ledger.attempt(call, NOVA, "transcribe", used).unknown()
    for outcome in ("succeeded", "timeout", "unknown"):
        how = of | {"operation": "transcribe", "outcome": outcome}
        assert value(registry, "vendor_calls_total", **how) == 1
    sum_s = value(registry, "vendor_call_duration_seconds_sum", **of, operation="transcribe")
    assert sum_s == pytest.approx(4.0)
    assert value(registry, "vendor_audio_seconds_total", **of, unit="audio_seconds") == 60
    price = book.prices().find("deepgram", "nova-3", "transcribe", "audio_seconds")
    assert price is not None
    usd = value(registry, "vendor_cost_usd_total", **of)
    assert usd == pytest.approx(float(price.cost_usd(Decimal(60))))


def test_what_a_budget_refuses_is_counted(registry: CollectorRegistry, recorder: Recorder) -> None:
    book = FilePriceBook(None)
    ledger = CountedLedger(MemoryLedger(book, Decimal(0)), recorder, book)
    used = (Quantity("audio_seconds", Decimal(600)),)
    with pytest.raises(BudgetExceeded):
        ledger.attempt(CallContext(uuid4()), NOVA, "transcribe", used)
    assert value(registry, "budget_refusals_total") == 1


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "done"),
        (PutOff(delay_s=5.0), "put_off"),
        (HandedBack(), "handed_back"),
        (DiskFull(where="disk"), "disk_full"),
        (DatabaseAway(retry_after_s=1), "database_away"),
        (RuntimeError("x"), "failed"),
        (VendorError("openai", ErrorKind.AUTH, "no"), "failed"),
    ],
)
def test_an_attempt_is_counted_by_its_end(error: Exception | None, outcome: str) -> None:
    found: list[tuple[str, str]] = []

    def work(lease: int, check: object) -> None:
        del lease, check
        if error is not None:
            raise error

    counted = counted_work("job", work, lambda kind, how: found.append((kind, how)))
    if error is None:
        counted(1, lambda: None)
    else:
        with pytest.raises(type(error)):
            counted(1, lambda: None)
    assert found == [("job", outcome)]


def test_a_circuit_is_open_until_it_is_closed(
    registry: CollectorRegistry, recorder: Recorder
) -> None:
    of = {"vendor": "deepgram", "model": "nova-3"}
    recorder.circuit_opened(NOVA, ErrorKind.UNAVAILABLE, 15.0)
    assert value(registry, "vendor_circuit_open", **of) == 1
    recorder.circuit_closed(NOVA)
    assert value(registry, "vendor_circuit_open", **of) == 0


def test_the_state_is_told_and_looked_at_once_for_all_who_ask(
    registry: CollectorRegistry,
) -> None:
    looks, now_s = [], 100.0

    def look() -> ServiceState:
        looks.append(now_s)
        return STATE

    registry.register(StateCollector(look, (("day", Decimal(5)),), lambda: now_s))
    assert looks == []  # nothing is asked when it is registered
    assert value(registry, "database_up") == 1
    assert value(registry, "queue_waiting", queue="io") == 3
    assert value(registry, "queue_age_seconds", queue="io") == 12.5
    assert value(registry, "queue_age_seconds", queue="cpu") == 0
    assert value(registry, "queue_largest_user_share_ratio", queue="io") == 0.75
    assert value(registry, "budget_left_usd", scope="day") == 3.75
    assert value(registry, "languages_under_way", stage="mixing") == 0
    assert len(looks) == 1
    now_s += KEPT_S
    assert value(registry, "database_connections") == 7
    assert len(looks) == 2


def test_a_database_that_is_away_is_one_figure(registry: CollectorRegistry) -> None:
    def look() -> ServiceState:
        raise DatabaseAway(retry_after_s=1)

    registry.register(StateCollector(look, (("day", Decimal(5)),)))
    told = {family.name: [s.value for s in family.samples] for family in registry.collect()}
    assert told == {"ytdubber_database_up": [0.0]}


@pytest.mark.parametrize("error", [DatabaseAway(retry_after_s=1), KeyError("a row of ours")])
def test_only_a_fault_of_ours_is_a_line(registry: CollectorRegistry, error: Exception) -> None:
    def look() -> ServiceState:
        raise error

    registry.register(StateCollector(look))
    with written(apart=True) as lines:
        assert value(registry, "database_up") == 0
    ours = [] if isinstance(error, DatabaseAway) else ["metrics.state_unknown"]
    assert lines.events == ours
