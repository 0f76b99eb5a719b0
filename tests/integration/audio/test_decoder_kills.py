"""Decoders that do not end by themselves are told of, and others are not."""

import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import pytest
from tests.decoders import killed_decoders
from tests.integration.audio.test_decode import long_file

from ytdubber.audio.confined import KILLED
from ytdubber.audio.decode import DecodeLimits, DecodeOutput, decode
from ytdubber.domain.errors import BadInput, MachineError


@pytest.fixture
def told() -> Iterator[list[str]]:
    found: list[str] = []
    KILLED.append(found.append)
    yield found
    KILLED.pop()


@pytest.mark.parametrize(
    ("limits", "meanwhile", "reasons"),
    [
        (DecodeLimits(), nullcontext(), []),
        (DecodeLimits(max_duration_s=0.5), nullcontext(), []),  # refused, and ended by itself
        (DecodeLimits(max_wall_s=0.0), nullcontext(), ["time"]),
        (DecodeLimits(max_cpu_s=0), nullcontext(), ["time"]),
        (DecodeLimits(max_memory_bytes=1_000_000), nullcontext(), ["memory"]),
        (DecodeLimits(), killed_decoders(), ["stopped"]),
        (DecodeLimits(), killed_decoders(signal.SIGSEGV), ["crashed"]),
    ],
)
def test_a_decoder_that_is_ended_is_told_of(
    told: list[str],
    tmp_path: Path,
    limits: DecodeLimits,
    meanwhile: AbstractContextManager[None],
    reasons: list[str],
) -> None:
    source = long_file(tmp_path)
    with meanwhile:
        try:
            decode(source, [DecodeOutput(tmp_path / "out.wav")], limits)
        except (BadInput, MachineError):
            assert reasons or limits.max_duration_s < 5
    assert told == reasons
