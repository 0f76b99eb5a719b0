import dataclasses
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.unit.engines.scripted import CALL

from ytdubber.adapters.filesystem.results import FolderResultStore
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.punctuation import parts_of
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.cache import Cache
from ytdubber.engines.middleware.split import CLAUSE_PAUSE_MS, SENTENCE_PAUSE_MS, SplitText
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities
from ytdubber.testing.engines import CHAR_MS, RATE_HZ, FakeSynthesizer

REQUEST = SynthesisRequest("", "pt", "pt-female", before="What came before.", after="What comes.")


class ShortOfBreath(FakeSynthesizer):
    """Takes 40 characters at most, and remembers what it was asked."""

    def __init__(self, listens: bool = False) -> None:
        super().__init__()
        self._listens = listens
        self.asked: list[SynthesisRequest] = []

    @property
    def capabilities(self) -> TTSCapabilities:
        return replace(super().capabilities, max_chars=40, uses_context=self._listens)

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        self.asked.append(request)
        return super().synthesize(request, into, call)


LONG = "This is the first sentence of a line. And a second, which has a clause, and ends here."
PARTS = [
    "This is the first sentence of a line.",
    "And a second, which has a clause,",
    "and ends here.",
]


def spoken(port: FakeSynthesizer, request: SynthesisRequest, folder: Path) -> Speech:
    engine = SplitText(Direct(port), port.capabilities)
    return engine.run(Synthesize(request, folder / "line.wav"), CALL)


def test_parts_are_joined_to_the_sample_without_a_click(tmp_path: Path) -> None:
    inner = ShortOfBreath()
    speech = spoken(inner, dataclasses.replace(REQUEST, text=LONG), tmp_path)
    assert [each.text for each in inner.asked] == PARTS
    said_ms = sum(len(part) for part in PARTS) * CHAR_MS
    assert speech.audio.duration_ms == said_ms + SENTENCE_PAUSE_MS + CLAUSE_PAUSE_MS
    samples, rate_hz = sf.read(tmp_path / "line.wav")
    assert (len(samples), rate_hz) == (speech.audio.samples, RATE_HZ)
    steps = np.abs(np.diff(samples))
    joint = len(PARTS[0]) * CHAR_MS * RATE_HZ // 1000
    around = slice(joint - 480, joint + SENTENCE_PAUSE_MS * RATE_HZ // 1000 + 480)
    assert steps[around].max() <= np.quantile(steps, 0.99)
    assert np.all(samples[joint : joint + SENTENCE_PAUSE_MS * RATE_HZ // 1000] == 0)
    assert [path.name for path in tmp_path.iterdir()] == ["line.wav"]
    assert speech.receipt.amount("characters") == sum(len(part) for part in PARTS)


def test_a_line_that_fits_is_passed_on_as_it_is(tmp_path: Path) -> None:
    inner = ShortOfBreath()
    request = dataclasses.replace(REQUEST, text=PARTS[0])
    spoken(inner, request, tmp_path)
    assert inner.asked == [request]


def test_parts_know_their_neighbours_where_the_engine_listens(tmp_path: Path) -> None:
    inner = ShortOfBreath(listens=True)
    spoken(inner, dataclasses.replace(REQUEST, text=LONG), tmp_path)
    assert [(each.before, each.after) for each in inner.asked] == [
        ("What came before.", PARTS[1]),
        (PARTS[0], PARTS[2]),
        (PARTS[1], "What comes."),
    ]


def test_a_part_that_was_spoken_is_not_spoken_again(tmp_path: Path) -> None:
    broken = VendorError("fake", ErrorKind.UNAVAILABLE, "no")
    inner = FakeSynthesizer(faults={2: broken})
    results = FolderResultStore(tmp_path / "results")
    split = SplitText(Cache(Direct(inner), results), inner.capabilities)
    request = dataclasses.replace(REQUEST, text=f"{'word ' * 300}. {'other ' * 200}. End.")
    with pytest.raises(VendorError):
        split.run(Synthesize(request, tmp_path / "line.wav"), CALL)
    assert list(tmp_path.iterdir()) == [tmp_path / "results"]
    split.run(Synthesize(request, tmp_path / "line.wav"), CALL)
    assert inner.calls.count == len(parts_of(request.text, inner.capabilities.max_chars)) + 1


def test_an_absurd_length_is_refused(tmp_path: Path) -> None:
    request = dataclasses.replace(REQUEST, text="word " * 20_000)
    with pytest.raises(VendorError) as raised:
        spoken(FakeSynthesizer(), request, tmp_path)
    assert raised.value.fault is ErrorKind.BAD_INPUT
