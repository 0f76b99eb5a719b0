"""What a person should listen to is named wherever a dub is described."""

import json
from collections.abc import Sequence
from dataclasses import replace

from tests.unit.app.conftest import FakeDubbing

from ytdubber.domain.media import Interval
from ytdubber.domain.review import Place, Reasons, ReviewReason, counted, merged, places
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.translator import Line, Translation
from ytdubber.testing.engines import FakeTranslator


class HalfTranslator(FakeTranslator):
    """Does not know what to make of the second line."""

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        made = super().translate(lines, source, target, glossary, call)
        odd = replace(made.lines[1], text=lines[1].text, review=(ReviewReason.NOT_TRANSLATED,))
        return replace(made, lines=(made.lines[0], odd, *made.lines[2:]))


def reasons(fakes: FakeDubbing) -> list[list[str]]:
    lines = json.loads((fakes.out / "pt" / "translation.json").read_bytes())["utterances"]
    assert all(line["needs_review"] == bool(line["review"]) for line in lines)
    return [line["review"] for line in lines]


def test_a_line_that_could_not_be_translated_says_so(fakes: FakeDubbing) -> None:
    fakes.translator = HalfTranslator()
    figures = fakes.dub(fakes.request()).manifest.languages["pt"].figures
    assert reasons(fakes) == [[], ["not_translated"], []]
    assert figures is not None
    assert figures.needs_review == 1
    assert figures.review == {ReviewReason.NOT_TRANSLATED: 1}


def test_a_line_has_every_reason_and_counts_once(fakes: FakeDubbing) -> None:
    fakes.translator = HalfTranslator(growth=4.0)
    manifest = fakes.dub(fakes.request()).manifest
    found, figures = reasons(fakes), manifest.languages["pt"].figures
    assert figures is not None
    assert found[0] == ["too_fast"]
    assert found[1][0] == "not_translated"
    assert figures.needs_review == sum(map(bool, found))
    places = manifest.languages["pt"].review
    assert [[str(why) for why in place.reasons] for place in places] == [e for e in found if e]
    assert figures.review == {
        why: sum(str(why) in each for each in found)
        for why in (ReviewReason.TOO_FAST, ReviewReason.NOT_TRANSLATED)
    }


def test_what_is_translated_again_keeps_its_reasons(fakes: FakeDubbing) -> None:
    fakes.translator = HalfTranslator()
    fakes.dub(fakes.request())
    fakes.dub(fakes.request(loudness="ebu"))
    assert fakes.counts()[1] == 1
    assert reasons(fakes) == [[], ["not_translated"], []]


def test_reasons_are_merged_once_each_and_counted_by_place() -> None:
    fast: Reasons = (ReviewReason.TOO_FAST,)
    both = merged(fast, (ReviewReason.PAST_END, ReviewReason.TOO_FAST), ())
    assert both == (ReviewReason.TOO_FAST, ReviewReason.PAST_END)
    lines = [Place(500, 900, "u2", both), Place(0, 400, "u1", ()), Place(950, 980, "u3", fast)]
    past = Place(980, 1_200, None, (ReviewReason.PAST_END,))
    found = places(lines, [Interval(400, 450), Interval(980, 1_200)], 1_000)
    assert found == (Place(400, 450, None, (ReviewReason.UNCOVERED,)), lines[0], lines[2], past)
    assert counted(found) == {
        ReviewReason.TOO_FAST: 2,
        ReviewReason.PAST_END: 2,
        ReviewReason.UNCOVERED: 1,
    }
