"""A job into the languages of the web client and two more, in real text of each."""

import unicodedata

from tests.integration.vendors.conftest import Open, Serve

from ytdubber.domain.job import DubOptions
from ytdubber.domain.voice import VoiceTier

LANGUAGES = "es fr de ja zh ko pt it ru ar hi vi ta".split()
SCRIPTS = {
    "ar": "ARABIC", "hi": "DEVANAGARI", "ja": "CJK", "ko": "HANGUL", "ru": "CYRILLIC",
    "ta": "TAMIL", "zh": "CJK",
}  # fmt: skip
PREMIUM = DubOptions(formats=("flac",), voice_tier=VoiceTier.PREMIUM)


def test_every_language_fits_and_can_be_read(serve: Serve, harness: Open) -> None:
    double, service = serve(), harness()
    service.learn_paces(PREMIUM, *LANGUAGES)
    job_id = service.send(*LANGUAGES, options=PREMIUM)
    missed = {}
    for language, entry in service.dub(job_id).items():
        found = entry.figures
        assert found is not None, (language, entry.error_message)
        fits = (
            found.speech_overlap >= 0.9,
            found.double_talk_s == 0,
            found.rate_max <= 1.25,
            found.onset_drift_max_s <= 0.4,
            found.captions_passing_share >= 0.99,
        )
        if not all(fits):
            missed[language] = (fits, found)
        asked = [call.body for call in double.calls if call.route == "tts"]
        script = SCRIPTS.get(language, "LATIN")
        texts = [body["text"] for body in asked if body.get("language_code") == language]
        assert texts
        assert any(script in unicodedata.name(letter, "") for letter in "".join(texts))
    assert missed == {}
