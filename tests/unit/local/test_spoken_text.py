import re

import pytest

from ytdubber.adapters.local.spoken_readings import READINGS
from ytdubber.adapters.local.spoken_text import spoken


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("pt", "O Sr. Silva e a Sra. Lima", "O senhor Silva e a senhora Lima"),
        ("pt", "às 17h30, 17h, 2h e 17:00", "às 17 e 30, 17 horas, duas horas e 17 horas"),
        ("pt", "R$ 3,50 ou US $ 5 milhões", "3 reais e 50 ou 5 milhões de dólares"),
        ("pt", "20 km/h e 1 kg.", "20 quilômetros por hora e 1 quilo."),
        ("pt", "de 1990-1995, um 3-1", "de 1990 a 1995, um 3-1"),
        ("en", "Ms. Lee of St. James St., No. 5", "Miz Lee of St. James Street, number 5"),
        ("en", "9:05, 17:00, 5:00 p.m.", "9 oh 5, 17 hundred hours, 5 p.m."),
        ("en", "$3.50, £1, $2 million", "3 dollars 50, 1 pound, 2 million dollars"),
        ("en", "in 1995, 1805, the 1990s", "in 19 95, 18 oh 5, the 19 nineties"),
        ("en", "call 555-1234, 1600x1200", "call 555-1234, 1600x1200"),
        ("es", "EE. UU., 21.º a las 9:05", "Estados Unidos, 21º a las 9 y 5"),
        ("fr", "M. Roux, 17h30, XVIIIe siècle", "monsieur Roux, 17 heures 30, dix-huitième siècle"),
        ("it", "il Sig. Rossi, € 5,50, ecc.", "il signor Rossi, 5 euro e 50, eccetera"),
        ("hi", "डॉ. शर्मा 20 किमी", "डॉक्टर शर्मा 20 किलोमीटर"),
        ("de", "Dr. Weiß um 17:30", "Dr. Weiß um 17:30"),
        ("pt", "", ""),
    ],
)
def test_what_would_be_read_wrong_is_written_out(language: str, written: str, said: str) -> None:
    assert spoken(written, language) == said


@pytest.mark.parametrize("language", sorted(READINGS))
def test_plain_words_stay_as_they_are(language: str) -> None:
    plain = "Ele disse que sim e foi embora"
    assert spoken(plain, language) == plain
    assert all(re.compile(pattern) for pattern in READINGS[language].abbreviations)
