"""What a process counts and times, under Prometheus' names.

Labels are bounded: none is a user, a job, an address or a text, and of a label whose values come
from settings, vendors or clients only the first are told apart.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from ytdubber.app.pipeline.artifacts import Dub
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import Stage
from ytdubber.domain.usage import Quantity

OTHER = "other"
"""Stands for every value of a label after the first `MOST_VALUES`."""
MOST_VALUES = 128
METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_CALL_S = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600)
_STAGE_S = (1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200)
_RATIOS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 4, 8)
_RATES = (0.9, 1, 1.03, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.5)
_FINAL = tuple(stage for stage in Stage if stage.final)

Metric = TypeVar("Metric", Counter, Gauge, Histogram)


class Recorder:
    """One a process; its methods are quick and never raise.

    Args:
        registry: Where its metrics are found, where no folder is shared with other processes.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._lock = threading.Lock()
        self._known: dict[str, set[str]] = {}
        self._children: dict[tuple[object, ...], Any] = {}
        self._requests()
        self._jobs()
        self._vendors()
        self._decoder_kills = self._counter(
            "decoder_kills", "Decoders that were ended, by what for", "reason"
        )

    def request(self, route: str, method: str, status: int, elapsed_s: float | None) -> None:
        """A request was answered; streams, which last as long as somebody looks, have no time."""
        method = method if method in METHODS else OTHER
        self._inc(self._http_requests, 1, self._of("route", route), method, str(status))
        if elapsed_s is not None:
            self._observe(self._http_seconds, elapsed_s, self._of("route", route), method)

    def heard(self, timings_ms: Mapping[str, int], total_ms: int) -> None:
        """As `JobObserver`."""
        self._staged(timings_ms, total_ms)

    def dubbed(self, dub: Dub) -> None:
        """As `JobObserver`."""
        self._staged(dub.timings_ms, dub.total_ms)
        self._inc(self._dubbed_seconds, dub.total_ms / 1000, self._of("language", dub.language))
        self._inc(self._lines, len(dub.lines))
        for line in dub.lines:
            self._observe(self._line_rates, line.placement.rate)
            for reason in line.review:
                self._inc(self._flagged, 1, reason.value)
        self._inc(self._uncovered, sum(e.end_ms - e.start_ms for e in dub.uncovered) / 1000)

    def ended(self, stage: Stage, tasks: Sequence[LanguageTask]) -> None:
        """As `JobObserver`."""
        self._inc(self._jobs_finished, 1, stage.value)
        for task in tasks:
            self._inc(self._languages_finished, 1, task.stage.value)
            if task.stage is Stage.FAILED:
                self._inc(self._failures, 1, self._of("code", task.error_code or OTHER))

    def worked(self, kind: str, outcome: str) -> None:
        """A worker's attempt at a piece of work ended."""
        self._inc(self._work, 1, kind, self._of("outcome", outcome))

    def called(self, engine: EngineId, operation: str, outcome: str, elapsed_s: float) -> None:
        """A vendor was called, with this outcome: succeeded, a fault or unknown."""
        model = self._model(engine)
        self._inc(self._calls, 1, *model, operation, outcome)
        self._observe(self._call_seconds, elapsed_s, *model, operation)

    def used(self, engine: EngineId, quantities: Sequence[Quantity], usd: float) -> None:
        """What a vendor counted and asks for."""
        model = self._model(engine)
        for each in quantities:
            amount, unit = float(each.amount), self._of("unit", each.unit)
            if each.unit.endswith("tokens"):
                self._inc(self._tokens, amount, *model, unit)
            elif each.unit.endswith("seconds"):
                self._inc(self._audio_seconds, amount, *model, unit)
            else:
                self._inc(self._characters, amount, *model)
        self._inc(self._cost, usd, *model)

    def retried(self, engine: EngineId, error: VendorError) -> None:
        """A vendor's call failed and is made again."""
        self._inc(self._retries, 1, *self._model(engine), error.fault.value)

    def refused_by_budget(self) -> None:
        """A call was not made since a budget does not allow it."""
        self._inc(self._refusals, 1)

    def circuit_opened(self, engine: EngineId, fault: ErrorKind, open_s: float) -> None:
        """A vendor is left alone."""
        del fault, open_s
        self._set(self._circuit, 1, *self._model(engine))

    def circuit_closed(self, engine: EngineId) -> None:
        """It answers again."""
        self._set(self._circuit, 0, *self._model(engine))

    def model_ends(self, vendor: str, model: str, day: date) -> None:
        """A vendor takes a model away on a day."""
        moment = datetime.combine(day, time(), UTC).timestamp()
        self._set(self._shutdown, moment, self._of("vendor", vendor), self._of("model", model))

    def decoder_killed(self, reason: str) -> None:
        """A decoder was ended, or ended by a signal."""
        self._inc(self._decoder_kills, 1, self._of("reason", reason))

    def _requests(self) -> None:
        self._http_requests = self._counter(
            "http_requests", "Requests answered", "route", "method", "status"
        )
        self._http_seconds = self._histogram(
            "http_request_duration_seconds",
            "From a request's head to its answer's end, without event streams",
            _REQUEST_S,
            "route",
            "method",
        )

    def _jobs(self) -> None:
        self._jobs_finished = self._counter("jobs_finished", "Jobs that ended", "outcome")
        self._languages_finished = self._counter(
            "languages_finished", "Languages of jobs that ended", "outcome"
        )
        for stage in _FINAL:  # so that the first of each is seen to come
            self._inc(self._jobs_finished, 0, stage.value)
            self._inc(self._languages_finished, 0, stage.value)
        self._failures = self._counter(
            "language_failures", "Languages that failed, by the error's code", "code"
        )
        self._work = self._counter(
            "work_attempts", "Attempts of workers at pieces of work", "kind", "outcome"
        )
        self._dubbed_seconds = self._counter(
            "dubbed_seconds", "Length of complete dubs", "language"
        )
        self._stage_seconds = self._histogram(
            "stage_duration_seconds", "How long a stage took", _STAGE_S, "stage"
        )
        self._stage_ratios = self._histogram(
            "stage_real_time_ratio",
            "How long a stage took, divided by the recording's length",
            _RATIOS,
            "stage",
        )
        self._lines = self._counter("lines", "Lines of complete dubs")
        self._flagged = self._counter("lines_flagged", "Lines that need a person's ear", "reason")
        self._line_rates = self._histogram(
            "line_rate_ratio", "How much faster lines are spoken than the voice would", _RATES
        )
        self._uncovered = self._counter(
            "uncovered_seconds", "Speech of complete dubs in which no word was made out"
        )

    def _vendors(self) -> None:
        model = ("vendor", "model")
        self._calls = self._counter(
            "vendor_calls", "Calls to vendors, each attempt", *model, "operation", "outcome"
        )
        self._call_seconds = self._histogram(
            "vendor_call_duration_seconds", "How long calls took", _CALL_S, *model, "operation"
        )
        self._retries = self._counter(
            "vendor_retries", "Calls that were made again, by why", *model, "fault"
        )
        self._circuit = self._gauge(
            "vendor_circuit_open", "Whether a vendor's model is left alone", *model
        )
        self._tokens = self._counter("vendor_tokens", "Tokens that were charged", *model, "unit")
        self._characters = self._counter(
            "vendor_characters", "Characters that were charged", *model
        )
        self._audio_seconds = self._counter(
            "vendor_audio_seconds", "Seconds of sound that were charged", *model, "unit"
        )
        self._cost = self._counter("vendor_cost_usd", "What vendors ask, in US dollars", *model)
        self._refusals = self._counter("budget_refusals", "Calls that a budget did not allow")
        self._shutdown = self._gauge(
            "vendor_model_shutdown_timestamp_seconds", "When a vendor takes a model away", *model
        )

    def _staged(self, timings_ms: Mapping[str, int], total_ms: int) -> None:
        for stage, elapsed_ms in timings_ms.items():
            self._observe(self._stage_seconds, elapsed_ms / 1000, stage)
            if total_ms:
                self._observe(self._stage_ratios, elapsed_ms / total_ms, stage)

    def _model(self, engine: EngineId) -> tuple[str, str]:
        return self._of("vendor", engine.provider), self._of("model", engine.model)

    def _of(self, label: str, value: str) -> str:
        """The value, where it is one of the first of its label."""
        known = self._known.setdefault(label, set())
        if value in known:
            return value
        with self._lock:
            if len(known) >= MOST_VALUES:
                return OTHER
            known.add(value)
        return value

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"ytdubber_{name}", f"{text}.", labels, registry=self._registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(
            f"ytdubber_{name}",
            f"{text}.",
            labels,
            registry=self._registry,
            multiprocess_mode="livemax",
        )

    def _histogram(self, name: str, text: str, buckets: Sequence[float], *labels: str) -> Histogram:
        return Histogram(
            f"ytdubber_{name}", f"{text}.", labels, buckets=buckets, registry=self._registry
        )

    def _inc(self, metric: Counter, amount: float, *labels: str) -> None:
        self._do(metric, labels, lambda child: child.inc(amount))

    def _observe(self, metric: Histogram, value: float, *labels: str) -> None:
        self._do(metric, labels, lambda child: child.observe(value))

    def _set(self, metric: Gauge, value: float, *labels: str) -> None:
        self._do(metric, labels, lambda child: child.set(value))

    def _do(self, metric: Metric, labels: tuple[str, ...], act: Callable[[Metric], None]) -> None:
        """The folder may have gone with the process that made it: then nobody asks any more."""
        try:
            child = self._children.get((metric, labels))
            if child is None:
                child = metric.labels(*labels) if labels else metric
                self._children[metric, labels] = child
            act(child)
        except OSError:
            return
