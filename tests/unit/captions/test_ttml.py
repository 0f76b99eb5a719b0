"""TTML as people and programs write it."""

import pytest

from ytdubber.captions.dapt import ScriptEvent, dapt
from ytdubber.captions.scripts import read_script
from ytdubber.captions.ttml import DAPTM, METADATA, STYLING, TTML
from ytdubber.captions.ttml_times import PARAMETER
from ytdubber.domain.errors import ScriptEmpty, ScriptNotReadable
from ytdubber.domain.media import Interval
from ytdubber.domain.script import Script

NAMES = (
    f'xmlns="{TTML}" xmlns:ttm="{METADATA}" xmlns:ttp="{PARAMETER}" xmlns:tts="{STYLING}"'
    f' xmlns:daptm="{DAPTM}"'
)


def document(body: str, root: str = 'xml:lang="en"', head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<tt {NAMES} {root}><head>{head}</head>'
        f"<body>{body}</body></tt>"
    ).encode()


def read(body: str, root: str = 'xml:lang="en"', language: str | None = None) -> Script:
    return read_script(document(body, root), "talk.ttml", language)


def spans(script: Script) -> list[tuple[int, int]]:
    return [(x.start_ms, x.end_ms) for line in script.lines if (x := line.interval)]


@pytest.mark.parametrize(
    ("root", "times", "wanted"),
    [
        ("", 'begin="00:00:01.500" end="00:00:02.250"', (1_500, 2_250)),
        ("", 'begin="1.5s" dur="750ms"', (1_500, 2_250)),
        ("", 'begin="0.025m" end="0.001h"', (1_500, 3_600)),
        ('ttp:frameRate="25"', 'begin="00:00:01:05" end="50f"', (1_200, 2_000)),
        (
            'ttp:frameRate="25" ttp:subFrameRate="2"',
            'begin="00:00:01:05.1" end="2s"',
            (1_220, 2_000),
        ),
        ('ttp:tickRate="10000000"', 'begin="15000000t" end="22500000t"', (1_500, 2_250)),
        (
            'ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"',
            'begin="00:00:10:00" end="300f"',
            (10_000, 10_010),
        ),
        (
            'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"',
            'begin="00:00:10:00" end="00:01:00:00"',
            (10_010, 60_060),
        ),
        (
            'ttp:timeBase="smpte" ttp:frameRate="30" ttp:frameRateMultiplier="1000 1001"'
            ' ttp:dropMode="dropNTSC"',
            'begin="00:10:00:00" end="01:00:00:00"',
            (599_999, 3_599_996),
        ),
    ],
)  # fmt: skip
def test_times_are_read_as_they_are_written(root: str, times: str, wanted: tuple[int, int]) -> None:
    script = read(f"<div><p {times}>Good evening.</p></div>", f'xml:lang="en" {root}')
    assert spans(script) == [wanted]


def test_times_count_from_what_they_are_in_and_spans_have_theirs() -> None:
    script = read(
        '<div begin="10s" end="20s"><p begin="1s" end="3s">One.</p><p>Two.</p></div>'
        '<div timeContainer="seq" begin="30s"><p dur="2s">Three.</p><p dur="1s">Four.</p></div>'
        '<div><p><span begin="40s" end="40.5s">Fi</span><span begin="40.5s" end="41s">ve.</span>'
        "</p></div>"
    )
    assert [line.text for line in script.lines] == ["One.", "Two.", "Three.", "Four.", "Five."]
    assert spans(script) == [
        (11_000, 13_000), (10_000, 20_000), (30_000, 32_000), (32_000, 33_000), (40_000, 41_000)
    ]  # fmt: skip


def test_text_is_what_is_shown() -> None:
    script = read(
        '<div begin="0s" end="2s"><metadata><ttm:desc>A street.</ttm:desc></metadata>'
        "<p>Good\n   evening,<br/><span>every<!-- no -->body</span> &amp; all."
        '<span tts:ruby="container"><span tts:ruby="base">漢</span>'
        '<span tts:ruby="text">かん</span></span> [applause]</p></div>'
    )
    assert [line.text for line in script.lines] == ["Good evening, everybody & all.漢"]
    assert script.left_out == ("[applause]",)


def test_who_says_it_and_what_is_no_speech() -> None:
    head = (
        '<metadata><ttm:agent xml:id="a" type="person"><ttm:name type="full">Ann Lee</ttm:name>'
        '</ttm:agent><ttm:agent xml:id="c" type="character">'
        '<ttm:name type="full">Miss Marple</ttm:name><ttm:name type="alias">MISS M</ttm:name>'
        '<ttm:actor agent="a"/></ttm:agent></metadata>'
    )
    body = (
        '<div begin="1s" end="2s" ttm:agent="c" daptm:represents="audio.dialogue"><p>Yes.</p></div>'
        '<div begin="3s" end="4s" daptm:represents="audio.nonDialogueSounds"><p>(rain)</p></div>'
        '<div begin="5s" end="6s" daptm:represents="visual.text"><p>EXIT</p></div>'
    )
    script = read_script(document(body, head=head), "talk.ttml")
    assert [(line.text, line.speaker) for line in script.lines] == [("Yes.", "MISS M")]
    assert [(each.text, each.interval) for each in script.sounds] == [
        ("(rain)", Interval(3_000, 4_000))
    ]
    assert script.left_out == ("(rain)", "EXIT")


BOTH = (
    '<div begin="1s" end="2s"><p xml:lang="en-GB">Yes.</p><p>Sim.</p></div>'
    '<div begin="3s" end="4s"><p xml:lang="en-GB">No,</p><p xml:lang="en-GB">no.</p><p>Não.</p>'
    "</div>"
)
PT = 'xml:lang="pt-BR" daptm:langSrc="en-US"'


def test_the_language_that_is_wanted_is_taken() -> None:
    assert [line.text for line in read(BOTH, PT).lines] == ["Yes.", "No, no."]
    assert [line.text for line in read(BOTH, PT, "pt").lines] == ["Sim.", "Não."]
    alone = '<div begin="1s" end="2s"><p>Sim.</p></div>'
    assert [line.text for line in read(alone, 'xml:lang=""', "pt").lines] == ["Sim."]


@pytest.mark.parametrize(
    ("data", "language", "reason"),
    [
        (document(BOTH, PT), "de", "nothing in it is in German; it is in English, Portuguese"),
        (document(BOTH.replace("en-GB", "pt-BR"), PT), None, "all of it is a translation"),
        (b"<tt><body>", None, "line 1: no element found"),
        (b"<?xml version='1.0'?><html/>", None, "its root is <html>"),
        (document('<p begin="soon" end="2s">One.</p>'), None, "times cannot be read: soon"),
        (
            document('<p begin="1s">One.</p>', 'xml:lang="en" ttp:timeBase="clock"'),
            None,
            "ttp:timeBase clock",
        ),
        (document("", 'xml:lang="en" ttp:frameRate="0"'), None, "ttp:frameRate"),
        (b"<?xml version='1.0'?>" + b"<tt>" * 2_000, None, "more than 100 deep"),
    ],
)
def test_what_cannot_be_taken_is_refused(data: bytes, language: str | None, reason: str) -> None:
    with pytest.raises(ScriptNotReadable, match=reason):
        read_script(data, "talk.ttml", language)


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        "",
    ],
)
def test_no_file_declares_entities(declared: str) -> None:
    data = f'<!DOCTYPE tt [{declared}]><tt xmlns="{TTML}"><body><p>&b;</p></body></tt>'
    with pytest.raises(ScriptNotReadable, match="declares a document type"):
        read_script(b"<?xml version='1.0'?>" + data.encode(), "talk.ttml")


def test_nothing_to_be_said_is_told() -> None:
    with pytest.raises(ScriptEmpty):
        read("<div/>")


def test_a_script_for_dubbing_is_as_the_profile_has_it() -> None:
    said = [
        ScriptEvent(Interval(1_000, 2_005), "Yes & no.", "Sim\x07.", "Ann"),
        ScriptEvent(Interval(3_000, 4_000), "", "[chuva]", sound=True),
    ]
    assert dapt(said, "A talk", "en-US", "pt-BR").splitlines()[5:] == [
        '    ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/dapt1.0/content"',
        '    xml:lang="pt-BR"',
        '    daptm:langSrc="en-US"',
        '    daptm:scriptRepresents="audio.dialogue audio.nonDialogueSounds"',
        '    daptm:scriptType="translatedTranscript">',
        "  <head>",
        "    <metadata>",
        "      <ttm:title>A talk</ttm:title>",
        '      <ttm:agent type="character" xml:id="character_1">',
        '        <ttm:name type="alias">Ann</ttm:name>',
        "      </ttm:agent>",
        "    </metadata>",
        "  </head>",
        "  <body>",
        '    <div xml:id="event_1" begin="1.000s" end="2.005s" ttm:agent="character_1"'
        ' daptm:represents="audio.dialogue">',
        '      <p xml:lang="en-US">Yes &amp; no.</p>',
        "      <p>Sim.</p>",
        "    </div>",
        '    <div xml:id="event_2" begin="3.000s" end="4.000s"'
        ' daptm:represents="audio.nonDialogueSounds">',
        "      <p>[chuva]</p>",
        "    </div>",
        "  </body>",
        "</tt>",
    ]
