import itertools
import json
import math
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.local.whisper import WhisperSpeechToText
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.captions.units import units_of
from ytdubber.domain.facts import keeps_facts
from ytdubber.ports.translator import Line
from ytdubber.settings import load_settings
from ytdubber.testing.engines import FakeSpeechToText, FakeSynthesizer, FakeTranslator
from ytdubber.testing.vendor_double import (
    KEY,
    CannedContent,
    CannotDo,
    Content,
    EngineContent,
    Sound,
    VendorDouble,
    running,
)
from ytdubber.testing.vendor_double.sentences import languages, sentences
from ytdubber.testing.vendor_double.shortening import MOST, shortened

RATE_HZ = 8_000


def sound(*stretches: tuple[float, float]) -> Sound:
    """Silence and noise: seconds, and how loud they are."""
    parts: list[NDArray[np.float32]] = []
    for seconds, level in stretches:
        ramp = np.arange(round(seconds * RATE_HZ), dtype=np.float32)
        parts.append(np.sin(ramp) * np.float32(level))
    return Sound(np.concatenate(parts), RATE_HZ)


def test_canned_words_lie_on_what_is_loud() -> None:
    heard = CannedContent("one two three four five six", speakers=2).transcribe(
        sound((0.5, 0), (2, 0.3), (1, 0), (1, 0.3)), None, ()
    )
    assert heard.language == "en"
    assert [word.text for word in heard.words] == "one two three four five six".split()
    assert [word.speaker for word in heard.words] == ["0"] * 4 + ["1"] * 2
    assert heard.words[0].start_ms == 500
    assert heard.words[3].end_ms == 2_500
    assert heard.words[4].start_ms == 3_500
    assert heard.words[5].end_ms == 4_500


def test_canned_silence_is_nobody_speaking() -> None:
    assert CannedContent().transcribe(sound((2, 0)), "pt", ()).words == ()


def test_canned_translations_have_the_lengths_asked_for() -> None:
    lines = [
        Line("a", "A short line.", target_chars=40, min_chars=34, max_chars=44),
        Line("b", ""),
        Line("c", "No", target_chars=1, min_chars=1, max_chars=1),
    ]
    long, empty, tiny = CannedContent().translate(lines, "en", "pt")
    lengths = [len(text) for text in (long.text, *long.alternatives)]
    assert all(abs(one - two) <= 2 for one, two in zip(lengths, (40, 37, 34), strict=True))
    assert empty.text == ""
    assert tiny.text == "Sim."
    long, empty, tiny = CannedContent().translate(lines, "en", "sv")
    assert [len(text) for text in (long.text, *long.alternatives)] == [40, 37, 34]
    assert long.text.startswith("sv: A short line.")
    assert (empty.text, len(tiny.text)) == ("", 1)


def test_canned_speech_lasts_as_long_as_its_text() -> None:
    content = CannedContent()
    usual = content.synthesize("x" * 50, "pt", "a")
    assert usual.duration_ms == 3_000
    assert np.array_equal(usual.samples, content.synthesize("x" * 50, "pt", "a").samples)
    assert not np.array_equal(usual.samples, content.synthesize("x" * 50, "pt", "b").samples)


@pytest.fixture
def fakes() -> Content:
    return EngineContent(
        FakeSpeechToText("hello there"),
        FakeTranslator([("en", "pt")]),
        [FakeSynthesizer(["pt"]), FakeSynthesizer(["pt", "es"])],
    )


def test_engines_hear_translate_and_speak(fakes: Content) -> None:
    heard = fakes.transcribe(sound((0.5, 0), (1, 0.3)), None, ())
    assert [word.text for word in heard.words] == ["hello", "there"]
    assert heard.words[0].start_ms == pytest.approx(500, abs=20)
    (line,) = fakes.translate([Line("a", "really good and very long words here")], "en", "pt")
    assert line.text == "pt:really good and very long words here"
    assert [len(text) < len(line.text) for text in line.alternatives] == [True, True]
    assert fakes.synthesize("hola", "es", "anybody").duration_ms == 240


def test_a_vendors_voice_is_always_the_same_one(fakes: Content) -> None:
    names = [f"voice-{number}" for number in range(8)]
    spoken = [fakes.synthesize("hola", "es", name).samples.tobytes() for name in names]
    assert spoken == [fakes.synthesize("hola", "es", name).samples.tobytes() for name in names]
    assert len(set(spoken)) == 2


def test_what_engines_cannot_do_is_said(fakes: Content) -> None:
    with pytest.raises(CannotDo, match="speaks fr"):
        fakes.synthesize("bonjour", "fr", "anybody")
    with pytest.raises(CannotDo, match="en to fr"):
        fakes.translate([Line("a", "hello")], "en", "fr")
    with pytest.raises(CannotDo, match="understands xx"):
        fakes.transcribe(sound((1, 0.3)), "xx", ())


def test_an_engines_limits_become_the_vendors_refusal(fakes: Content) -> None:
    with running(double := VendorDouble(fakes)) as url:
        answer = httpx.post(
            f"{url}/v1/speak?model=aura-2-agathe-fr",
            headers={"authorization": f"Token {KEY}"},
            json={"text": "bonjour"},
            verify=NO_TLS,
        )
    assert answer.status_code == 400
    assert "nothing here speaks fr" in answer.json()["err_msg"]
    assert double.books == {}


TEXTS = [
    "Na verdade, o rio nasce nas serras e corre para sul durante muitos quilómetros.",
    "A Maria não comprou 3 livros, mas vendeu 12 na feira do Porto.",
    "Really, we simply have to go now, because it is very late and nobody waits for us.",
    "Sim.",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("share", [0.95, 0.85, 0.72, 0.2])
def test_shortening_never_loses_a_fact_or_more_than_its_share(text: str, share: float) -> None:
    language = "en" if "Really" in text else "pt"
    shorter = shortened(text, round(len(text) * share), language)
    assert keeps_facts(text, shorter, language)
    assert len(text) * (1 - MOST) <= len(shorter) <= len(text)
    assert shorter[-1:] == text[-1:]


WITHOUT_SPACES = [
    ("zh", "我们的向导认得路上的每一块石头，还叫着名字跟它们打招呼。"),
    ("zh", "猫睡在阳光照得到的地板上。"),
    ("ja", "案内人は道の石を一つ残らず知っていて、名前で挨拶をした。"),
    ("ja", "子どもたちは石と苔で堰を作った。"),
    ("th", "ตอนไฟดับ คนทั้งถนนออกมานั่งเล่าเรื่องกันจนถึงเที่ยงคืน"),
    ("th", "ลมพัดกลิ่นขนมปังมาถึงเรา"),
    ("hi", "हमारा गाइड रास्ते का हर पत्थर जानता था और नाम लेकर नमस्ते करता था।"),
]


@pytest.mark.parametrize(("language", "text"), WITHOUT_SPACES)
def test_what_has_no_spaces_is_shortened_by_its_words(language: str, text: str) -> None:
    shorter = shortened(text, round(len(text) * 0.8), language)
    assert len(text) * (1 - MOST) <= len(shorter) < len(text)
    assert shorter[-1:] == text[-1:] or language == "th"
    starts = itertools.accumulate(
        len(unit.text + unit.glue) for unit in units_of(text, language, math.inf)
    )
    bare = shorter.rstrip("。।")
    assert not text.startswith(bare) or any(text[:at].rstrip("。，、 ।") == bare for at in starts)


@pytest.mark.parametrize("language", sorted(languages()))
def test_most_sentences_of_every_language_become_shorter(language: str) -> None:
    long = [each for each in sentences(language) if len(each) >= 20]
    shorter = [shortened(each, round(len(each) * 0.85), language) for each in long]
    assert all(
        keeps_facts(text, short, language) for text, short in zip(long, shorter, strict=True)
    )
    assert sum(map(len, shorter)) < 0.95 * sum(map(len, long))


def test_what_is_heard_has_words_also_without_spaces() -> None:
    sound = CannedContent().synthesize("a" * 200, "en", "anybody")
    heard = CannedContent("猫睡在阳光照得到的地板上。", "zh").transcribe(sound, "zh", ())
    assert [word.text for word in heard.words][:3] == ["猫", "睡", "在"]


def test_shortening_takes_no_more_than_it_must() -> None:
    text = TEXTS[0]
    without_clause = "O rio nasce nas serras e corre para sul durante muitos quilómetros."
    assert shortened(text, 70, "pt") == without_clause
    assert shortened("It is so very cold here today.", 25, "en") == "It is cold here today."
    assert len(shortened(text, 0, "pt")) < len(without_clause)


@pytest.fixture(scope="module")
def local() -> Iterator[Content]:
    settings = load_settings()
    models = LocalModelStore(settings.models, settings.translation_folders)
    engines = EngineContent(
        WhisperSpeechToText(models), FirefoxTranslator(models), [KokoroSynthesizer(models)]
    )
    yield engines
    engines.close()


@pytest.mark.models
@pytest.mark.xdist_group("local-models")
def test_real_engines_answer_for_the_vendors(local: Content) -> None:
    """What one vendor's voice says, another hears; the third translates it."""
    said = "Good morning. The river is very long."
    key = {"authorization": f"Token {KEY}"}
    voice = "model=aura-2-thalia-en&encoding=linear16&container=wav&sample_rate=16000"
    with (
        running(VendorDouble(local)) as url,
        httpx.Client(verify=NO_TLS, base_url=url, timeout=PATIENCE_S) as vendor,
    ):
        spoken = vendor.post(f"/v1/speak?{voice}", headers=key, json={"text": said})
        heard = vendor.post(
            "/v1/listen?model=nova-3&detect_language=true&smart_format=true",
            headers=key,
            content=spoken.content,
        ).json()
        channel = heard["results"]["channels"][0]
        item = {
            "type": "object",
            "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
            "required": ["id", "text"],
            "additionalProperties": False,
        }
        schema = {
            "type": "object",
            "properties": {"lines": {"type": "array", "items": item}},
            "required": ["lines"],
            "additionalProperties": False,
        }
        task = {"source": "en", "target": "pt", "lines": [{"id": "1", "text": said}]}
        form = {"type": "json_schema", "name": "x", "strict": True, "schema": schema}
        translated = vendor.post(
            "/v1/responses",
            headers={"authorization": f"Bearer {KEY}"},
            json={"model": "gpt-6-luna", "input": json.dumps(task), "text": {"format": form}},
        ).json()
    assert channel["detected_language"] == "en"
    assert "river" in channel["alternatives"][0]["transcript"]
    text = translated["output"][0]["content"][0]["text"]
    assert "rio" in json.loads(text)["lines"][0]["text"].lower()
