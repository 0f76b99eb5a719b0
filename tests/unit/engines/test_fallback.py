from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.unit.engines.scripted import CALL

from ytdubber.domain.errors import ErrorKind, ModelMissing, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.fallback import ByLanguage, Fallback, fall_back
from ytdubber.ports.operations import Shorten, Transcribe, Translate
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.translator import Line
from ytdubber.testing.engines import FakeSpeechToText, FakeTranslator
from ytdubber.testing.shortening import FakeShortener

HELLO = Translate([Line("u0", "hello there")], "en", "pt")
HELPS = [each for each in ErrorKind if each.falls_back]


def failing(fault: ErrorKind) -> dict[int, VendorError]:
    return dict.fromkeys(range(9), VendorError("fake", fault, "no"))


@pytest.mark.parametrize("fault", list(ErrorKind))
def test_the_next_engine_is_asked_only_where_that_helps(fault: ErrorKind) -> None:
    first, second = FakeTranslator(faults=failing(fault)), FakeTranslator()
    told: list[VendorError] = []
    both = Fallback(ByLanguage((Direct(first), Direct(second))), told.append)
    if fault in HELPS:
        assert both.run(HELLO, CALL).lines[0].text == "pt:hello there"
        assert [each.fault for each in told] == [fault]
    else:
        with pytest.raises(VendorError):
            both.run(HELLO, CALL)
    assert second.calls.count == (1 if fault in HELPS else 0)


def test_of_several_failures_the_one_that_says_most_is_raised() -> None:
    errors = [VendorError(name, fault, "no") for name, fault in (
        ("a", ErrorKind.UNSUPPORTED), ("b", ErrorKind.QUOTA), ("c", ErrorKind.UNSUPPORTED)
    )]  # fmt: skip

    def ask(error: VendorError) -> None:
        raise error

    with pytest.raises(VendorError) as raised:
        fall_back(errors, ask)
    assert raised.value is errors[1]


def test_a_language_may_have_an_order_of_its_own() -> None:
    usual, special = FakeTranslator(), FakeTranslator()
    engines = Direct(usual), Direct(special)
    chosen = Fallback(ByLanguage((engines[0],), {"pt": (engines[1],)}))
    chosen.run(HELLO, CALL)
    chosen.run(replace(HELLO, target="es"), CALL)
    assert (usual.calls.count, special.calls.count) == (1, 1)
    assert tuple(chosen.engines) == engines


def test_a_pair_goes_to_those_that_know_it() -> None:
    narrow, wide = FakeTranslator([("en", "pt")]), FakeTranslator()
    both = Fallback(ByLanguage((Direct(narrow), Direct(wide))))
    assert both.supports(replace(HELLO, target="ja"))
    assert not both.supports(replace(HELLO, target="en"))
    both.run(replace(HELLO, target="ja"), CALL)
    assert (narrow.calls.count, wide.calls.count) == (0, 1)
    with pytest.raises(VendorError) as raised:
        both.run(replace(HELLO, target="en"), CALL)
    assert raised.value.fault is ErrorKind.UNSUPPORTED


def test_hearing_falls_back_too(tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    sf.write(path, np.full(16_000, 0.3), 16_000)
    audio = AudioFile(path, 16_000, 1, 16_000)
    first, second = (
        FakeSpeechToText("a b", faults=failing(ErrorKind.TIMEOUT)),
        FakeSpeechToText("a b"),
    )
    both = Fallback(ByLanguage((Direct(first), Direct(second))))
    assert [word.text for word in both.run(Transcribe(audio), CALL).words] == ["a", "b"]
    assert (first.calls.count, second.calls.count) == (1, 1)
    assert both.describe(Transcribe(audio)) == first.engine
    assert both.supports(Transcribe.probe("pt"))


def test_a_shortener_that_cannot_leaves_the_lines_as_they_are() -> None:
    overruns = [Overrun("u0", "s", "one two three four", 2_000, 1_500)]
    for fault in ErrorKind:
        told: list[VendorError] = []
        broken = FakeShortener(faults=failing(fault))
        engine = Fallback(ByLanguage((Direct(broken),)), told.append)
        made = engine.run(Shorten(overruns, "en", "pt"), CALL)
        assert [line.text for line in made.lines] == ["one two three four"]
        assert made.receipt.quantities == ()
        assert {each.fault for each in told} == {fault}


def test_an_engine_that_is_not_whole_hides_no_earlier_failure() -> None:
    missing = ModelMissing(model="m", reason="r", command="c", folder="f")

    def ask(error: Exception) -> None:
        raise error

    busy, unknown = failing(ErrorKind.UNAVAILABLE)[0], failing(ErrorKind.UNSUPPORTED)[0]
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
    some = Fallback(ByLanguage((), {"es": (Direct(shortener),)}))
    overruns = [Overrun("u0", "s", "one two three four", 2_000, 1_500)]
    kept = some.run(Shorten(overruns, "en", "pt"), CALL)
    assert [line.text for line in kept.lines] == ["one two three four"]
    assert shortener.calls.count == 0
    assert some.run(Shorten(overruns, "en", "es"), CALL).lines[0].text != "one two three four"
