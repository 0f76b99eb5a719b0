import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot

from ytdubber.captions.check import passing_share, violations
from ytdubber.captions.cues import Cue, cues
from ytdubber.captions.rules import rules_for
from ytdubber.captions.speech import SpokenText
from ytdubber.captions.srt import srt
from ytdubber.captions.vtt import vtt
from ytdubber.domain.media import Interval

ARABIC = "لم يكن شابا سيئا، إلا إذا كان المرء بارد القلب وأنانيا إلى حد ما فهو سيئ."
HINDI = "वह एक बुरा युवक नहीं था, जब तक कि थोड़ा ठंडे दिल का होना बुरा होना न हो।"
RUSSIAN = "Он не был злым молодым человеком, если только не считать злом холодное сердце."
CHINESE = "他不是一个坏脾气的年轻人，除非冷酷无情和自私自利也算是坏脾气。"
LATIN = "Se ele tivesse casado com uma mulher mais amável, poderia ter sido ainda mais respeitável."


def test_lines_are_short_enough_in_every_script() -> None:
    for language, text in (
        ("pt", LATIN), ("ru", RUSSIAN), ("ar", ARABIC), ("hi", HINDI), ("zh", CHINESE)
    ):  # fmt: skip
        rules = rules_for(language)
        for cue in cues([SpokenText(text, Interval(1_000, 7_500))], language, 10_000):
            assert len(cue.lines) <= rules.lines
            assert all(len(line) <= rules.line_chars for line in cue.lines)
            assert cue.end_ms - cue.start_ms <= rules.longest_ms


def test_a_long_line_becomes_cues_in_the_time_it_is_spoken() -> None:
    made = cues([SpokenText(LATIN, Interval(17_490, 23_490))], "pt", 27_730)
    assert srt(made) == snapshot("""\
1
00:00:17,490 --> 00:00:20,739
Se ele tivesse casado
com uma mulher mais amável,

2
00:00:20,823 --> 00:00:23,490
poderia ter sido ainda mais respeitável.
""")


def test_chinese_breaks_after_its_punctuation() -> None:
    made = cues([SpokenText(CHINESE, Interval(0, 6_000))], "zh", 10_000)
    assert [cue.lines for cue in made] == snapshot(
        [("他不是一个坏脾气的年轻人，",), ("除非冷酷无情和", "自私自利也算是坏脾气。")]
    )


def test_text_is_escaped_in_vtt_and_harmless_in_srt() -> None:
    made = cues([SpokenText("a <b> & c --> d", Interval(0, 2_000))], "en", 10_000)
    body = vtt(made).split("\n\n")[1].split("\n")[1]
    assert "<" not in body
    assert html.unescape(body) == "a <b> & c --> d"
    assert "<" not in srt(made)


def test_srt_and_vtt_have_their_own_clocks() -> None:
    made = cues([SpokenText("Olá.", Interval(3_661_001, 3_662_501))], "pt", 4_000_000)
    assert srt(made) == snapshot("""\
1
01:01:01,001 --> 01:01:02,501
Olá.
""")
    assert vtt(made) == snapshot("""\
WEBVTT

01:01:01.001 --> 01:01:02.501
Olá.
""")


def test_a_cue_stays_long_enough_to_be_read_where_there_is_room() -> None:
    (cue,) = cues(
        [SpokenText("A line of thirty-four characters..", Interval(0, 1_000))], "en", 9_000
    )
    assert cue.end_ms == 1_500


def test_blocks_are_numbered_and_parse() -> None:
    made = cues(
        [SpokenText(LATIN, Interval(0, 6_000)), SpokenText("Sim.", Interval(6_200, 7_000))],
        "pt",
        8_000,
    )
    blocks = srt(made).strip().split("\n\n")
    assert [int(block.split("\n")[0]) for block in blocks] == list(range(1, len(made) + 1))
    clock = r"\d\d:\d\d:\d\d,\d{3}"
    assert all(re.fullmatch(f"{clock} --> {clock}", b.split("\n")[1]) for b in blocks)


def test_lines_break_where_they_read_well() -> None:
    texts = (
        "The doctor who came with Mary Ann Smith said nothing at all.",
        "I bought a book and a very old lamp at the market in town.",
        "Он не был злым молодым человеком, если не считать холода.",
    )
    spoken = [SpokenText(text, Interval(0, 4_000)) for text in texts]
    lines = [cue.lines for text in spoken for cue in cues([text], "en", 20_000)]
    assert lines == snapshot(
        [
            ("The doctor who came", "with Mary Ann Smith said nothing at all."),
            ("I bought a book and a very old lamp", "at the market in town."),
            ("Он не был злым молодым человеком,", "если не считать холода."),
        ]
    )


def made_of(*lines: str, start_ms: int = 0, end_ms: int = 2_000, speech_end_ms: int = 2_000) -> Cue:
    return Cue(start_ms, end_ms, lines, speech_end_ms)


def test_the_checker_names_every_broken_rule() -> None:
    spoken = [SpokenText("abc", Interval(500, 2_000)), SpokenText("x", Interval(3_000, 5_000))]
    found = violations(
        [
            made_of("a", "b", "c", end_ms=2_950),
            made_of("x" * 43, start_ms=3_000, end_ms=3_500, speech_end_ms=5_000),
            made_of("fine", start_ms=3_800, end_ms=11_000, speech_end_ms=11_000),
        ],
        spoken,
        "en",
    )
    assert [(v.cue, v.rule) for v in found] == [
        (1, "lines"),
        (1, "lingers"),
        (1, "gap"),
        (2, "line_length"),
        (2, "too_short"),
        (2, "reading_speed"),
        (2, "open_gap"),
        (3, "too_long"),
        (1, "onset"),
    ]
    assert passing_share([made_of("x")] * 4, found) == 0.25
    assert passing_share([], []) == 1.0


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(12, 90), st.integers(120, 2_500)), min_size=1, max_size=12),
    st.sampled_from(["pt", "ru"]),
)
def test_speech_at_an_ordinary_pace_breaks_no_rule(
    words: list[tuple[int, int]], language: str
) -> None:
    """Lines of words of five letters, spoken at 14 characters a second with pauses between."""
    at, spoken = 0, []
    for count, pause_ms in words:
        text = " ".join(["palav"] * (count // 6 + 2)) + "."
        end = at + len(text) * 1000 // 14
        spoken.append(SpokenText(text, Interval(at, end)))
        at = end + pause_ms
    assert violations(cues(spoken, language, at), spoken, language) == ()


def test_five_scripts() -> None:
    texts = {"pt": LATIN, "ru": RUSSIAN, "ar": ARABIC, "hi": HINDI, "zh": CHINESE}
    shown = {}
    for language, text in texts.items():
        spoken = [SpokenText(text, Interval(500, 6_500))]
        made = cues(spoken, language, 10_000)
        assert violations(made, spoken, language) == ()
        shown[language] = [cue.lines for cue in made]
    assert shown == snapshot(
        {
            "pt": [
                ("Se ele tivesse casado", "com uma mulher mais amável,"),
                ("poderia ter sido ainda mais respeitável.",),
            ],
            "ru": [
                (
                    "Он не был злым молодым человеком, если",
                    "только не считать злом холодное сердце.",
                )
            ],
            "ar": [
                ("لم يكن شابا سيئا، إلا إذا كان المرء", "بارد القلب وأنانيا إلى حد ما فهو سيئ.")
            ],
            "hi": [("वह एक बुरा युवक नहीं था, जब तक", "कि थोड़ा ठंडे दिल का होना बुरा होना न हो।")],
            "zh": [("他不是一个坏脾气的年轻人，",), ("除非冷酷无情和", "自私自利也算是坏脾气。")],
        }
    )
