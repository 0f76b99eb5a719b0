"""Traces that cannot be had are refused before anything else is begun."""

from pathlib import Path

import pytest
from tests.integration.roles.home import home
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.xdist_group("roles")


@pytest.mark.parametrize(
    "words", ["serve --port 0", "worker", "worker --processes 2", "maintenance"]
)
def test_a_protocol_that_is_not_to_be_had_is_refused(tmp_path: Path, words: str) -> None:
    asked = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
    }
    with home(tmp_path) as made:
        role = made.start(*words.split(), **asked)
        assert role.process.wait(PATIENCE_S) == 2
        assert "OTEL_EXPORTER_OTLP_PROTOCOL: traces are sent by http/protobuf" in (
            made.log.read_text("utf-8")
        )
        assert not (made.folder / "postgres").exists()
