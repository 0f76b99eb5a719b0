import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytdubber.adapters.local.espeak_voices import LANGUAGES
from ytdubber.adapters.local.text_normalization import spoken_form
from ytdubber.adapters.local.text_normalization.readings import READINGS
from ytdubber.adapters.local.text_normalization.spellout import IN_WORDS, roman_value

SPOKEN = sorted({*LANGUAGES, "en", "es", "fr", "hi", "it", "pt"})
"""The languages that have a voice here: Kokoro's and espeak-ng's."""

SIGNS = re.compile(r"[$€£¥₹₽₩₺₴₪฿₫₦₱¢%٪‰°²³@#&+=/_~<>|^*\\§×−]")
"""Signs that espeak-ng reads in English, spells or skips in some of its languages."""

NUMBERS = st.one_of(
    st.integers(0, 10**14).map(str),
    st.integers(0, 10**9).map(lambda number: f"{number:,}"),
    st.integers(0, 10**9).map(lambda number: f"{number:,}".replace(",", ".")),
    st.integers(0, 10**9).map(lambda number: f"{number:,}".replace(",", "\u00a0")),
    st.decimals(0, 10**6, places=2).map(lambda number: f"{number:.2f}"),
    st.decimals(0, 10**6, places=2).map(lambda number: f"{number:.2f}".replace(".", ",")),
    st.decimals(0, 10**6, places=2).map(lambda number: f"-{number:,.2f}"),
    st.sampled_from(
        "0 007 1/2 ½ 5–10 3-1 3rd 3º 1er 3. 3:e 10/11/2024 3.10.2024 14:30 9:05 24/7".split()
    ),
    st.sampled_from("XIV 192.168.0.1 3.11 555-123-4567 +15551234567 (11)98765-4321 1990s".split()),
    st.sampled_from("2½ 3:2 §5 p.25 24.12. 1990er 5'te 80-е 5'10\" 7½h 2⅓ 12/15 XX. ½ ¾".split()),
    st.sampled_from("0171/2345678 +33.1.23.45 06-12345678 13812345678 912345678 １２ ২৩".split()),
    st.text("0123456789٠١٢٣٤१२३४", min_size=1, max_size=6),
)
BEFORE = st.sampled_from(
    ["", "$", "US$", "R$ ", "A$", "€", "£ ", "₹", "¥", "#", "nº ", "No. ", "+", "@"]
)
AFTER = st.sampled_from(
    [
        "",
        " €",
        " km",
        "km/h",
        "%",
        " %",
        " °C",
        "°",
        " m²",
        " kg",
        "M",
        "k",
        " zł",
        "kr",
        " GB",
        "th",
        " час",
        " godziny",
        " uur",
        ". Stock",
        "-й",
        " hours",
        "x",
        "=",
        ".",
    ]
)


@settings(deadline=None)  # the first line in a language loads its data
@given(st.sampled_from(SPOKEN), st.lists(st.tuples(BEFORE, NUMBERS, AFTER), min_size=1, max_size=3))
def test_no_sign_and_no_figure_reaches_a_voice_that_would_spell_it(
    language: str, parts: list[tuple[str, str, str]]
) -> None:
    said = spoken_form(" ".join("".join(part) for part in parts), language)
    assert not SIGNS.search(said), said
    if language in IN_WORDS:
        assert not any(map(str.isdigit, said)), said
    assert not re.search(r"\d[.,:'\u00a0\u202f]\d", said), said


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("pt", "O Sr. Silva e a Sra. Lima", "O senhor Silva e a senhora Lima"),
        ("pt", "às 17h30 e 2h", "às dezessete e trinta e duas horas"),
        (
            "pt",
            "R$ 3,50 ou US $ 5 milhões",
            "três reais e cinquenta centavos ou cinco milhões de dólares",
        ),
        (
            "pt",
            "de 1990-1995, um 3-1",
            "de mil novecentos e noventa a mil novecentos e noventa e cinco, um três um",
        ),
        ("en", "Ms. Lee of St. James St., No. 5", "Miz Lee of Saint James Street, number five"),
        ("en", "9:05, 17:00, 5:00 p.m.", "nine oh five, seventeen hundred hours, five p.m."),
        (
            "en",
            "in 1995, 1805, the 1990s",
            "in nineteen ninety five, eighteen oh five, the nineteen nineties",
        ),
        (
            "en",
            "1234 apples in 1999",
            "one thousand two hundred thirty four apples in nineteen ninety nine",
        ),
        ("es", "EE. UU., 21.º a las 9:05", "Estados Unidos, vigésimo primero a las nueve y cinco"),
        (
            "fr",
            "M. Roux, 17h30, XVIIIe siècle",
            "monsieur Roux, dix-sept heures trente, dix-huitième siècle",
        ),
        (
            "it",
            "il Sig. Rossi, € 5,50, ecc.",
            "il signor Rossi, cinque euro cinquanta centesimi, eccetera",
        ),
        ("hi", "डॉ. शर्मा 20 किमी", "डॉक्टर शर्मा 20 किलोमीटर"),
        ("de", "Dr. Weiß um 17:30", "Doktor Weiß um siebzehn Uhr dreißig"),
        ("en", "vitamin C. It helps", "vitamin C. It helps"),
        ("pt", "vitamina C. Depois, as 2 irmãs", "vitamina C, Depois, as duas irmãs"),
        ("en", "an IV drip at 16:9", "an I V drip at sixteen nine"),
        ("de", "2 Mio. Menschen, 1 Mio. Euro.", "zwei Millionen Menschen, eine Million Euro."),
        ("zh", "他花了$5买5km的东西", "他花了5美元买5公里的东西"),
        ("ko", "5km를", "오킬로미터를"),
        ("ko", "1/2을", "이분의 일을"),
        ("zh", "他用1/2的时间打13812345678", "他用2分之1的时间打1 3 8 1 2 3 4 5 6 7 8"),
        ("de", "Er kam am 2. Das war gut.", "Er kam am zweiten. Das war gut."),
        ("de", "Kapitel 2.1. ist neu", "Kapitel zwei Punkt eins. ist neu"),
        ("pt", "50°, E = mc²", "cinquenta graus, E igual a mc dois"),
        ("es", "31.001 personas", "treinta y un mil una personas"),
        ("pt", "", ""),
    ],
)
def test_what_would_be_read_wrong_is_written_out(language: str, written: str, said: str) -> None:
    assert spoken_form(written, language) == said


@pytest.mark.parametrize("language", SPOKEN)
def test_plain_words_stay_as_they_are(language: str) -> None:
    plain = "Ele disse que sim e foi embora, não? «Sim!»"
    assert spoken_form(plain, language) == plain
    assert spoken_form(f"{plain}…", language) == f"{plain}…"


@pytest.mark.parametrize("language", sorted(READINGS))
def test_initials_are_no_roman_numerals(language: str) -> None:
    said = spoken_form("D. C. Smith", language)
    assert said == ("D C Smith" if language == "pt" else "D. C. Smith")
    assert "CD" in spoken_form("CD", language)


@pytest.mark.parametrize("language", SPOKEN)
def test_units_have_names(language: str) -> None:
    for unit in "km m kg g l GB min °C m² km/h kWh Hz".split():
        said = spoken_form(f"5 {unit}", language)
        assert not re.search(rf"(?<!\w){re.escape(unit)}(?!\w)", said), said
        assert loosely(said) not in ("5", loosely(spoken_form("5", language))), unit


@pytest.mark.parametrize(
    ("numeral", "value"), [("XIV", 14), ("MCMXCIV", 1994), ("IIX", None), ("IC", None), ("", None)]
)
def test_roman_numerals_have_one_value(numeral: str, value: int | None) -> None:
    assert roman_value(numeral) == value


def table() -> list[tuple[str, str, str]]:
    """Readings by published rules: language, written, said."""
    lines = Path(__file__).with_name("readings.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    spaces = {r"\u00a0": "\u00a0", r"\u202f": "\u202f"}
    for row in rows:
        for name, space in spaces.items():
            row[1] = row[1].replace(name, space)
    return [(row[0], row[1], row[2]) for row in rows]


def loosely(text: str) -> str:
    """Text by its letters alone."""
    return re.sub(r"[\s-]+", "", text.replace("’", "'")).lower()


@pytest.mark.parametrize(("language", "written", "said"), table())
def test_readings_follow_published_rules(language: str, written: str, said: str) -> None:
    assert loosely(spoken_form(written, language)) == loosely(said)


def test_there_are_thirty_readings_for_each_language_of_the_page_and_five_more() -> None:
    rows = [language for language, _, _ in table()]
    wanted = "ar de en es fr hi it ko nl pl pt ru sv tr uk zh".split()  # Japanese has no voice here
    assert {language: min(30, rows.count(language)) for language in wanted} == dict.fromkeys(
        wanted, 30
    )
