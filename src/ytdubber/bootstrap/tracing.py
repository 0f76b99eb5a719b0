"""Whether this process keeps spans, and where they are sent: the OTEL_* variables say (ADR 49)."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec

from ytdubber.domain.errors import BadSetting, PartMissing
from ytdubber.tracing import traced

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_EXPORTER = "OTEL_TRACES_EXPORTER"
_SPOKEN = "http/protobuf"


@contextmanager
def tracing(role: str) -> Iterator[None]:
    """Spans of this process are kept and sent while this is open, where the variables ask for it.
    Entered before anything else, it is left after all of it.

    Args:
        role: What it is.

    Raises:
        BadSetting: a variable asks for what is not to be had.
        PartMissing: the SDK is not installed.
    """
    if not asked_for():
        yield
        return
    from ytdubber.adapters.opentelemetry.start import exported  # noqa: PLC0415  # slow, and seldom

    with exported(role) as tracer, traced(tracer):
        yield


def asked_for() -> bool:
    """Whether the variables in force ask for traces.

    Raises:
        BadSetting: one asks for what is not to be had.
        PartMissing: the SDK is not installed.
    """
    asked = wanted(os.environ)
    if asked is None:
        return False
    if find_spec("opentelemetry.sdk") is None or find_spec("opentelemetry.exporter") is None:
        raise PartMissing(
            part="OpenTelemetry's SDK", purpose=asked, command="pip install 'ytdubber[tracing]'"
        )
    return True


def wanted(environment: Mapping[str, str]) -> str | None:
    """The variable that asks for traces; None where none does. An empty one says nothing.

    Raises:
        BadSetting: it asks for what is not to be had.
    """
    said = {name: value.strip() for name, value in environment.items() if value.strip()}
    exporter = said.get(_EXPORTER, "").lower()
    if said.get("OTEL_SDK_DISABLED", "").lower() == "true" or exporter == "none":
        return None
    endpoints = [name for name in _ENDPOINTS if name in said]
    if not exporter and not endpoints:
        return None
    if exporter not in ("", "otlp"):
        raise BadSetting(
            variable=_EXPORTER, reason=f"{exporter} is not to be had; set it to otlp or none."
        )
    for name in _PROTOCOLS:
        if said.get(name, _SPOKEN) != _SPOKEN:
            reason = f"traces are sent by {_SPOKEN}, which collectors take at port 4318."
            raise BadSetting(variable=name, reason=reason)
    for name in endpoints:
        if not said[name].lower().startswith(("http://", "https://")):
            raise BadSetting(variable=name, reason="it has to begin with http:// or https://.")
    return endpoints[0] if endpoints else _EXPORTER
