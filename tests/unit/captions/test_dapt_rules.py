"""Scripts that we write are documents of DAPT, and another program reads what is in them."""

import logging
from fractions import Fraction
from xml.etree.ElementTree import ElementTree, fromstring

import pytest
import ttconv.imsc.reader  # type: ignore[import-untyped]
from hypothesis import given, settings
from tests.unit.captions.dapt_rules import broken
from tests.unit.captions.test_round_trips import LETTERS, MARKUP, events, scripts, translated
from ttconv.model import Div, Text  # type: ignore[import-untyped]

from ytdubber.captions.dapt import ScriptEvent, dapt
from ytdubber.domain.media import Interval
from ytdubber.domain.script import ScriptLine


class Told(logging.Handler):
    """What a program tells of a document."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


GOOD = dapt(
    [
        ScriptEvent(Interval(1000, 2500), "Hello.", "Olá.", "A"),
        ScriptEvent(Interval(3000, 4000), "(rain)", "(chuva)", sound=True),
    ],
    "A talk",
    "en-US",
    "pt-BR",
)


@settings(deadline=None)
@given(scripts(LETTERS + MARKUP))
def test_whatever_is_said_is_written_by_the_rules(given_: list[ScriptLine]) -> None:
    sounds = [ScriptEvent(Interval(0, 1), "(rain)", sound=True)]
    for written in (
        dapt(events(given_), "A <talk>", "en-US"),
        dapt([*sounds, *events(given_)], " ", "en-US"),
        translated(given_),
    ):
        assert broken(written.encode()) == []


@pytest.mark.parametrize(
    ("was", "becomes", "rule"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "", "5.1"),
        ('encoding="UTF-8"?>', 'encoding="UTF-8"?><!DOCTYPE tt>', "5.1"),
        ("dapt1.0/content", "dapt2/content", "5.3"),
        ('daptm:scriptType="translatedTranscript"', 'daptm:scriptType="draft"', "4.1.2"),
        ('daptm:scriptType="translatedTranscript"', 'daptm:scriptType="originalTranscript"',
         "4.1.2"),
        ('xml:lang="pt-BR"', 'xml:lang=""', "4.1.3"),
        ('daptm:langSrc="en-US"', "", "4.1.5"),
        ("audio.dialogue audio.nonDialogueSounds", "audio.dialogue", "represents something"),
        ("audio.dialogue audio.nonDialogueSounds", "speech", "4.1.1"),
        ('daptm:represents="audio.dialogue"', "", "represents something"),
        ('type="character"', 'type="person"', "a character is"),
        ('type="alias"', 'type="full"', "one name"),
        ('ttm:agent="character_1"', 'ttm:agent="character_2"', "people are agents"),
        ('xml:id="event_2"', 'xml:id="event_1"', "there once"),
        ('xml:id="event_2"', 'xml:id="2"', "is a name"),
        ('xml:id="event_2"', "", "an event has an id"),
        ('end="2.500s"', 'end="0.500s"', "begins before"),
        ('end="2.500s"', 'end="2:5"', "begins before"),
        (' xml:lang="en-US">Hello', ">Hello", "4.4"),
        ("<p>Olá", '<p begin="1s">Olá', "no such attribute"),
        ("<body>", "<body>words", "no text"),
        ("</head>", "</head><head/>", "too many"),
        ("<head>", "<style/><head>", "in their order"),
    ],
)  # fmt: skip
def test_each_rule_is_looked_at(was: str, becomes: str, rule: str) -> None:
    assert GOOD.count(was) >= 1
    assert broken(GOOD.encode()) == []
    assert any(rule in each for each in broken(GOOD.replace(was, becomes).encode()))


@settings(deadline=None)
@given(scripts(LETTERS + MARKUP))
def test_another_program_reads_the_same_words_and_times(given_: list[ScriptLine]) -> None:
    written = fromstring(translated(given_))  # noqa: S314  # it is ours
    told = Told(logging.WARNING)
    logging.getLogger("ttconv").addHandler(told)
    try:
        document = ttconv.imsc.reader.to_model(ElementTree(written))
    finally:
        logging.getLogger("ttconv").removeHandler(told)
    assert told.messages == []
    read = [each for each in document.get_body().dfs_iterator() if isinstance(each, Div)]
    assert [(each.get_begin() or 0, each.get_end()) for each in read] == [
        (Fraction(line.interval.start_ms, 1000), Fraction(line.interval.end_ms, 1000))
        for line in given_
        if line.interval
    ]
    for event, line in zip(read, given_, strict=True):
        texts = {
            text.get_lang(): "".join(
                each.get_text() for each in text.dfs_iterator() if isinstance(each, Text)
            )
            for text in event
        }
        assert texts == {"en-US": "Something else.", "pt-BR": line.text}
