import dataclasses

import pytest

from ytdubber.domain.errors import Cancelled, ErrorKind, VendorError
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.translator import Line, Translator

HALVES = (
    "He was not an ill-disposed young man,",
    "unless to be rather cold-hearted and rather selfish is to be ill-disposed.",
    "when the rain had finally stopped falling on the roof",
    "we went out into the garden, where everything",
    "was still wet.",
)


def lines(*texts: str) -> list[Line]:
    return [Line(f"line-{number}", text) for number, text in enumerate(texts)]


def test_ids_and_order_are_kept_and_empty_lines_stay_empty(
    translator: Translator, call: CallContext
) -> None:
    asked = lines("Good morning.", "", "  ", "How are you?", "...")
    fractions: list[float] = []
    answer = translator.translate(
        asked, "en", "pt", [], dataclasses.replace(call, progress=fractions.append)
    )
    assert [line.id for line in answer.lines] == [line.id for line in asked]
    assert [bool(line.text) for line in answer.lines] == [True, False, False, True, True]
    assert answer.lines[0].text != "Good morning."
    assert fractions[-1] == 1.0
    assert answer.receipt.engine == translator.engine("en", "pt")
    assert answer.receipt.operation == "translate"
    assert answer.receipt.amount("characters") == sum(len(line.text) for line in asked)


def test_parts_of_a_sentence_are_all_translated(translator: Translator, call: CallContext) -> None:
    answer = translator.translate(lines(*HALVES), "en", "pt", [], call)
    assert all(line.text.strip() for line in answer.lines)
    assert all(line.text == " ".join(line.text.split()) for line in answer.lines)


def test_no_line_at_all(translator: Translator, call: CallContext) -> None:
    assert translator.translate([], "en", "pt", [], call).lines == ()


def test_the_same_text_gives_the_same_translation(
    translator: Translator, call: CallContext
) -> None:
    first = translator.translate(lines(*HALVES), "en", "pt", [], call).lines
    translator.close()
    assert translator.translate(lines(*HALVES), "en", "pt", [], call).lines == first


def test_there_and_back(translator: Translator, call: CallContext) -> None:
    there = translator.translate(lines("I am going to the beach."), "en", "pt", [], call).lines
    back = translator.translate(lines(there[0].text), "pt", "en", [], call).lines
    assert back[0].text.endswith("going to the beach.")


@pytest.mark.parametrize(("source", "target"), [("en", "ja"), ("ja", "pt"), ("en", "en")])
def test_an_unknown_pair_is_unsupported(
    translator: Translator, call: CallContext, source: str, target: str
) -> None:
    assert translator.translates("en", "pt")
    assert not translator.translates(source, target)
    with pytest.raises(VendorError) as raised:
        translator.translate(lines("Hello."), source, target, [], call)
    assert raised.value.fault is ErrorKind.UNSUPPORTED


def test_a_cancelled_call_stops(translator: Translator, call: CallContext) -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        translator.translate(
            lines("Hello."), "en", "pt", [], dataclasses.replace(call, raise_if_cancelled=stop)
        )
