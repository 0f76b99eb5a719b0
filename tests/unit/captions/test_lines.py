"""Where lines end in each script, and what stays together."""

import pytest
from inline_snapshot import snapshot

from ytdubber.captions.check import violations
from ytdubber.captions.clusters import clusters, syllables, width
from ytdubber.captions.cues import cues
from ytdubber.captions.rules import rules_for
from ytdubber.captions.speech import SpokenText
from ytdubber.captions.units import units_of
from ytdubber.domain.media import Interval


def rows(text: str, language: str, length_ms: int = 6_000) -> list[tuple[str, ...]]:
    spoken = [SpokenText(text, Interval(0, length_ms))]
    made = cues(spoken, language, length_ms + 2_000)
    assert violations(made, spoken, language) == ()
    return [cue.lines for cue in made]


def test_a_word_longer_than_a_line_is_parted_and_not_the_cue() -> None:
    url = "https://www.example.org/a/very/long/path/to-the/file.html?query=string&page=1"
    assert {
        "zh": rows("请访问www.microsoft.com获取更多信息", "zh"),
        "en": rows(f"See {url} for more of this.", "en", 7_000),
        "de": rows(
            "Das Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz gilt.", "de"
        ),
        "ja": rows("国際化は英語でinternationalizationといいます。", "ja"),
    } == snapshot(
        {
            "zh": [("请访问www.microsoft.com", "获取更多信息")],
            "en": [
                (
                    "See https://www.example.org/a/very/long/",
                    "path/to-the/file.html?query=string&page=1",
                ),
                ("for more of this.",),
            ],
            "de": [
                ("Das Rindfleischetikettierungsüberwa-", "chungsaufgabenübertragungsgesetz gilt.")
            ],
            "ja": [("国際化は英語で", "internationalizationと"), ("いいます。",)],
        }
    )


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("请访问www.microsoft.com获取更多信息", "zh"),
        ("a" * 200, "en"),
        ("https://example.org/" + "x" * 60, "fr"),
        ("漢" * 90, "ja"),
        ("ก" * 120, "th"),
        ("!" * 120, "en"),
    ],
)
def test_no_cue_is_shorter_than_the_shortest_for_a_long_word(text: str, language: str) -> None:
    rules = rules_for(language)
    spoken = [SpokenText(text, Interval(0, 12_000))]
    made = cues(spoken, language, 14_000)
    assert all(cue.end_ms - cue.start_ms >= rules.shortest_ms for cue in made)
    assert all(width(row, rules.half_width) <= rules.line_chars for c in made for row in c.lines)
    assert "".join(row.removesuffix("-") for cue in made for row in cue.lines) == text


def test_spaces_that_belong_in_a_text_stay() -> None:
    assert {
        "zh": rows("我在New York Times工作了十年。", "zh"),
        "ja": rows("彼はNew York Timesで十年働きました。", "ja"),
        "th": rows("เขาทำงานที่ New York Times มาสิบปี แล้วก็กลับบ้าน", "th"),
    } == snapshot(
        {
            "zh": [("我在New York Times工作了十年。",)],
            "ja": [("彼はNew York Timesで", "十年働きました。")],
            "th": [("เขาทำงานที่ New York Times", "มาสิบปี แล้วก็กลับบ้าน")],
        }
    )


def test_japanese_lines_begin_with_no_particle_no_small_kana_and_no_long_mark() -> None:
    assert [
        rows(
            "私たちはニューヨークのスーパーマーケットでちょっと変わったチョコレートを買いました。",
            "ja",
        ),
        rows("コンピューターネットワークセキュリティーエンジニアリング", "ja"),
    ] == snapshot(
        [
            [
                ("私たちはニューヨークの", "スーパーマーケットで"),
                ("ちょっと変わった", "チョコレートを買いました。"),
            ],
            [("コンピューターネットワー",), ("クセキュリティー", "エンジニアリング")],
        ]
    )


def test_thai_and_its_neighbours_part_no_character() -> None:
    assert [
        rows("แม่น้ำขึ้นทุกฤดูใบไม้ผลิและผู้คนที่อยู่ริมฝั่งก็เรียนรู้ที่จะรออย่างอดทน", "th"),
        rows("ភាសាខ្មែរជាភាសាផ្លូវការរបស់ប្រទេសកម្ពុជានិងមានអ្នកនិយាយច្រើនលាននាក់", "km"),
        rows("ພາສາລາວເປັນພາສາທາງການຂອງປະເທດລາວແລະມີຄົນເວົ້າຫຼາຍລ້ານຄົນໃນພາກພື້ນນີ້", "lo"),
        rows("မြန်မာနိုင်ငံသည်အရှေ့တောင်အာရှတွင်တည်ရှိပြီးလူဦးရေသန်းငါးဆယ်ကျော်ရှိသည်။", "my"),
    ] == snapshot(
        [
            [("แม่น้ำขึ้นทุกฤดูใบไม้ผลิและผู้คน", "ที่อยู่ริมฝั่งก็เรียนรู้ที่จะรออย่างอดทน")],
            [("ភាសាខ្មែរជាភាសាផ្លូវការរបស់ប្រ", "ទេសកម្ពុជានិងមានអ្នកនិយាយច្រើនលាននាក់")],
            [("ພາສາລາວເປັນພາສາທາງການຂອງປະເທດ", "ລາວແລະມີຄົນເວົ້າຫຼາຍລ້ານຄົນໃນພາກພື້ນນີ້")],
            [("မြန်မာနိုင်ငံသည်အရှေ့တောင်အာရှတွင်တည်", "ရှိပြီးလူဦးရေသန်းငါးဆယ်ကျော်ရှိသည်။")],
        ]
    )
    assert clusters("ខ្មែរ") == ["ខ្មែ", "រ"]
    assert clusters("क्षेत्र") == ["क्षे", "त्र"]
    assert clusters("น้ำเก่า") == ["น้ำ", "เก่า"]
    assert syllables("မြန်မာ") == ["မြန်", "မာ"]
    assert syllables("ປະເທດລາວ") == ["ປະ", "ເທດ", "ລາວ"]
    assert syllables("ភាសាខ្មែរ") == ["ភា", "សា", "ខ្មែរ"]


def test_french_keeps_its_no_break_spaces_and_begins_no_line_with_a_mark() -> None:
    text = "Vous avez dit «\u00a0Oui, bien sûr\u00a0»\u202f? Non\u202f! 10\u202f000\u202f€, oui."
    assert "".join(sum(rows(text, "fr"), ())).count("\u202f") == text.count("\u202f")
    for row in sum(
        rows("Vous avez dit « Oui, je le veux bien » ? Non ! Jamais : pas moi ; lui !", "fr"), ()
    ):
        assert row[0] not in "»?!:;"
        assert row[-1] != "«"


@pytest.mark.parametrize(
    ("text", "language", "together"),
    [
        ("The village with the old mill is about 5 km from the little town.", "en", "5 km"),
        ("The boat that they wanted to buy cost R$ 50 more than the other one.", "en", "R$ 50"),
        ("Le vieux château au bord de la rivière a coûté 10 000 € à la ville.", "fr", "10 000 €"),
        ("Das alte Haus an der langen Straße kostet genau 300 € in dem Monat.", "de", "300 €"),
        ("До ближайшей большой деревни остаётся 15 км по этой дороге.", "ru", "15 км"),
    ],
)
def test_numbers_stay_with_their_unit(text: str, language: str, together: str) -> None:
    assert any(together in row for row in sum(rows(text, language), ()))


def test_what_is_isolated_for_its_direction_is_not_parted() -> None:
    text = (
        "قالت الشركة إن المنتج الجديد \u2068Microsoft Windows Server\u2069 سيصل قريبا إلى الأسواق."
    )
    found = sum(rows(text, "ar"), ())
    assert all(row.count("\u2068") == row.count("\u2069") for row in found)


def test_a_line_of_hebrew_that_begins_with_latin_letters_is_still_set_from_the_right() -> None:
    (lines,) = rows("Microsoft הודיעה שתשקיע באזור.", "he")
    assert lines == ("\u200fMicrosoft הודיעה שתשקיע באזור.",)


@pytest.mark.parametrize(
    ("text", "half", "size"),
    [
        ("abc, d", False, 6),
        ("abc, d", True, 3),
        ("漢字abc", True, 3.5),
        ("안녕 ABC.", True, 4.5),
        ("น้ำ", False, 2),
        ("हिन्दी", False, 5),
        ("שָׁלוֹם", False, 4),
        ("\u200fab", False, 2),
    ],
)
def test_width_counts_what_a_person_sees(text: str, half: bool, size: float) -> None:
    assert width(text, half) == size


def test_units_are_the_text() -> None:
    text = "Das ist — wie gesagt — »Komm!«  und  https://example.org/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o"
    units = units_of(text, "de", 42)
    assert "".join(unit.text + unit.glue for unit in units) == " ".join(text.split())
