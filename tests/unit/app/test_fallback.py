from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.unit.app.guarding import CALL

from ytdubber.app.fallback import (
    ByLanguage,
    FallbackShortener,
    FallbackSpeechToText,
    FallbackTranslator,
    fall_back,
)
from ytdubber.domain.errors import Fault, ModelMissing, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.translator import Line
from ytdubber.testing.engines import FakeSpeechToText, FakeTranslator
from ytdubber.testing.shortening import FakeShortener

LINES = [Line("u0", "hello there")]
HELPS = [each for each in Fault if each.falls_back]


def failing(fault: Fault) -> dict[int, VendorError]:
    return dict.fromkeys(range(9), VendorError("fake", fault, "no"))


@pytest.mark.parametrize("fault", list(Fault))
def test_the_next_engine_is_asked_only_where_that_helps(fault: Fault) -> None:
    first, second = FakeTranslator(faults=failing(fault)), FakeTranslator()
    told: list[VendorError] = []
    both = FallbackTranslator(ByLanguage((first, second)), told.append)
    if fault in HELPS:
        assert both.translate(LINES, "en", "pt", (), CALL).lines[0].text == "pt:hello there"
        assert [each.fault for each in told] == [fault]
    else:
        with pytest.raises(VendorError):
            both.translate(LINES, "en", "pt", (), CALL)
    assert second.calls.count == (1 if fault in HELPS else 0)


def test_of_several_failures_the_one_that_says_most_is_raised() -> None:
    errors = [VendorError(name, fault, "no") for name, fault in (
        ("a", Fault.UNSUPPORTED), ("b", Fault.QUOTA), ("c", Fault.UNSUPPORTED)
    )]  # fmt: skip

    def ask(error: VendorError) -> None:
        raise error

    with pytest.raises(VendorError) as raised:
        fall_back(errors, ask)
    assert raised.value is errors[1]


def test_a_language_may_have_an_order_of_its_own() -> None:
    usual, special = FakeTranslator(), FakeTranslator()
    chosen = FallbackTranslator(ByLanguage((usual,), {"pt": (special,)}))
    chosen.translate(LINES, "en", "pt", (), CALL)
    chosen.translate(LINES, "en", "es", (), CALL)
    assert (usual.calls.count, special.calls.count) == (1, 1)
    assert list(chosen.engines) == [usual, special]


def test_a_pair_goes_to_those_that_know_it() -> None:
    narrow, wide = FakeTranslator([("en", "pt")]), FakeTranslator()
    both = FallbackTranslator(ByLanguage((narrow, wide)))
    assert both.translates("en", "ja")
    assert not both.translates("en", "en")
    both.translate(LINES, "en", "ja", (), CALL)
    assert (narrow.calls.count, wide.calls.count) == (0, 1)
    with pytest.raises(VendorError) as raised:
        both.translate(LINES, "en", "en", (), CALL)
    assert raised.value.fault is Fault.UNSUPPORTED


def test_hearing_falls_back_too(tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    sf.write(path, np.full(16_000, 0.3), 16_000)
    audio = AudioFile(path, 16_000, 1, 16_000)
    first, second = FakeSpeechToText("a b", faults=failing(Fault.TIMEOUT)), FakeSpeechToText("a b")
    both = FallbackSpeechToText(ByLanguage((first, second)))
    assert [word.text for word in both.transcribe(audio, None, (), CALL).words] == ["a", "b"]
    assert (first.calls.count, second.calls.count) == (1, 1)
    assert both.engine == first.engine
    assert "pt" in both.languages


def test_a_shortener_that_cannot_leaves_the_lines_as_they_are() -> None:
    overruns = [Overrun("u0", "s", "one two three four", 2_000, 1_500)]
    for fault in Fault:
        told: list[VendorError] = []
        broken = FakeShortener(faults=failing(fault))
        made = FallbackShortener(ByLanguage((broken,)), told.append).shorten(
            overruns, "en", "pt", (), CALL
        )
        assert [line.text for line in made.lines] == ["one two three four"]
        assert made.receipt.quantities == ()
        assert {each.fault for each in told} == {fault}


def test_an_engine_that_is_not_whole_hides_no_earlier_failure() -> None:
    missing = ModelMissing(model="m", reason="r", command="c", folder="f")

    def ask(error: Exception) -> None:
        raise error

    busy, unknown = failing(Fault.UNAVAILABLE)[0], failing(Fault.UNSUPPORTED)[0]
    for errors, raised in (
        ([missing], missing),
        ([busy, missing], busy),
        ([missing, busy], missing),
        ([unknown, missing], missing),
    ):
        with pytest.raises(type(raised)) as found:
            fall_back(errors, ask)
        assert found.value is raised


def test_a_language_nobody_shortens_keeps_its_lines() -> None:
    shortener = FakeShortener()
    some = FallbackShortener(ByLanguage((), {"es": (shortener,)}))
    overruns = [Overrun("u0", "s", "one two three four", 2_000, 1_500)]
    kept = some.shorten(overruns, "en", "pt", (), CALL)
    assert [line.text for line in kept.lines] == ["one two three four"]
    assert shortener.calls.count == 0
    assert some.shorten(overruns, "en", "es", (), CALL).lines[0].text != "one two three four"
