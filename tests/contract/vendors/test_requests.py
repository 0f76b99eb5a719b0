"""What the adapters ask for, and what they make of good answers."""

import json
import typing
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from deepgram.types.speak_v1model import SpeakV1Model
from tests.contract.vendors.vendors import CALL, LINES, vendors_at
from tests.integration.vendor_double.official import ABSENT, FOLDER, Official
from tests.listening import EXAMPLE_TEXT

from ytdubber.adapters.deepgram.client import DeepgramClient
from ytdubber.adapters.deepgram.stt import DeepgramSpeechToText, key_terms
from ytdubber.adapters.deepgram.tts import DeepgramSynthesizer
from ytdubber.adapters.deepgram.voices import VOICES
from ytdubber.adapters.elevenlabs.client import ElevenLabsClient
from ytdubber.adapters.elevenlabs.models import MODELS
from ytdubber.adapters.elevenlabs.tts import ElevenLabsSynthesizer
from ytdubber.adapters.openai.client import OpenAIClient
from ytdubber.adapters.openai.translator import OpenAITranslator
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.languages import NAMES
from ytdubber.domain.media import AudioFile
from ytdubber.domain.voice import Gender
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.batch import Batched, BatchRules
from ytdubber.ports.operations import Shorten, Translate
from ytdubber.ports.shortener import Overrun
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.ports.translator import Line
from ytdubber.testing.vendor_double import KEY, CannedContent, RecordedCall, VendorDouble, running
from ytdubber.testing.vendor_double import Fault as Wrong

SHARED = Path(__file__).parents[4] / "shared" / "vendors.md"


def last(double: VendorDouble) -> RecordedCall:
    return double.calls[-1]


MakeTranslator = Callable[..., OpenAITranslator]


@pytest.fixture
def openai(base_url: str) -> Iterator[MakeTranslator]:
    """Makes translators that are closed at the end."""
    with ExitStack() as made:

        def make(**options: object) -> OpenAITranslator:
            account = OpenAIClient(KEY, f"{base_url}/v1")
            translator = OpenAITranslator(account, **options)  # type: ignore[arg-type]  # by name
            made.callback(translator.close)
            return translator

        yield make


def test_requests_are_what_the_vendors_publish(spoken: AudioFile, tmp_path: Path) -> None:
    if not FOLDER.is_dir():
        pytest.skip(ABSENT)
    official = Official()
    with running(VendorDouble(contracts=official)) as url:
        for vendor in vendors_at(url, spoken, tmp_path).values():
            vendor.ask(CALL)
            vendor.close()
    assert {(route, side) for route, side, _ in official.looked_at} >= {
        ("speak", "request"), ("listen", "reply"), ("responses", "request"), ("responses", "reply")
    }  # fmt: skip


def test_deepgram_hears_with_everything_a_dub_needs(
    base_url: str, double: VendorDouble, spoken: AudioFile
) -> None:
    hearing = DeepgramSpeechToText(DeepgramClient(KEY, base_url))
    heard = hearing.transcribe(spoken, None, ["Dashwood", " ", "Norland Park"], CALL)
    assert sorted(last(double).query) == [
        ("detect_language", "true"), ("diarize_model", "latest"), ("keyterm", "Dashwood"),
        ("keyterm", "Norland Park"), ("mip_opt_out", "true"), ("model", "nova-3"),
        ("punctuate", "true"), ("smart_format", "true"), ("tag", "ytdubber"),
        ("utterances", "true"),
    ]  # fmt: skip
    assert last(double).body["bytes"] < 2 * spoken.samples
    assert " ".join(word.text for word in heard.words) == EXAMPLE_TEXT
    assert {word.speaker for word in heard.words} == {"0"}
    units = ("audio_seconds", "diarized_seconds", "keyterm_seconds")
    assert {unit: heard.receipt.amount(unit) for unit in units} == dict.fromkeys(units, Decimal(3))
    assert heard.receipt.reported
    assert heard.receipt.request_id == last(double).request_id
    hearing.transcribe(spoken, "en", [], CALL)
    assert ("language", "en") in last(double).query
    assert not {name for name, _ in last(double).query} & {"detect_language", "keyterm"}
    hearing.close()


def test_speakers_are_told_apart(spoken: AudioFile) -> None:
    double = VendorDouble(CannedContent("one two three four", speakers=2))
    samples = np.zeros(5 * 16_000, np.float32)
    samples[:16_000] = samples[40_000:56_000] = 0.3
    sf.write(spoken.path, samples, 16_000, subtype="PCM_16")
    audio = AudioFile(spoken.path, 16_000, 1, len(samples))
    with running(double) as url:
        hearing = DeepgramSpeechToText(DeepgramClient(KEY, url))
        words = hearing.transcribe(audio, "en", [], CALL).words
        hearing.close()
    assert [word.speaker for word in words] == ["0", "0", "1", "1"]


def test_a_recording_of_another_kind_is_not_sent(base_url: str, tmp_path: Path) -> None:
    hearing = DeepgramSpeechToText(DeepgramClient(KEY, base_url))
    missing = AudioFile(tmp_path / "none.wav", 16_000, 1, 5)
    with pytest.raises(VendorError) as raised:
        hearing.transcribe(missing, "en", [], CALL)
    assert raised.value.fault is ErrorKind.BAD_INPUT


def test_only_as_many_terms_are_sent_as_are_taken() -> None:
    assert key_terms(["a", "", " b "]) == ["a", "b"]
    assert len(key_terms([f"term {n}" for n in range(300)])) == 100
    assert sum(map(len, key_terms(["long term " * 10] * 100))) <= 1_500


def test_aura_speaks_with_the_voice_asked_for(
    base_url: str, double: VendorDouble, tmp_path: Path
) -> None:
    aura = DeepgramSynthesizer(DeepgramClient(KEY, base_url))
    request = SynthesisRequest("Hola, ¿qué tal?", "es", "aura-2-nestor-es")
    speech = aura.synthesize(request, tmp_path / "line.wav", CALL)
    assert dict(last(double).query) == {
        "model": "aura-2-nestor-es", "encoding": "linear16", "container": "wav",
        "sample_rate": "24000", "mip_opt_out": "true", "tag": "ytdubber",
    }  # fmt: skip
    assert speech.receipt.amount("characters") == 15
    aura.close()


def test_auras_voices_are_those_the_client_knows() -> None:
    known = {name for kind in typing.get_args(SpeakV1Model) for name in typing.get_args(kind)}
    ids = [voice.id for voice in VOICES]
    assert len(set(ids)) == len(ids)
    assert set(ids) == {name for name in known if str(name).startswith("aura-2-")}


ACCENTS = {
    "peninsular": "agustina alvaro carina diana nestor silvia",
    "argentine": "antonia",
    "colombian": "celeste gloria",
    "latin american": "aquila selena",
    "mexican": "estrella javier luciano olivia sirio valerio",
}
"""Source: the table of Spanish voices at developers.deepgram.com/docs/tts-models, 2026-11."""


def test_spanish_is_spoken_as_in_spain_where_nothing_else_is_wished() -> None:
    names = [voice.name.lower() for voice in VOICES if voice.language == "es"]
    assert sorted(names) == sorted(" ".join(ACCENTS.values()).split())
    assert set(names[:6]) == set(ACCENTS["peninsular"].split())
    for language in ("en", "es", "de", "fr", "it", "ja", "nl"):
        first, second = [voice for voice in VOICES if voice.language == language][:2]
        assert {first.gender, second.gender} == {Gender.FEMALE, Gender.MALE}


def test_elevenlabs_is_told_what_its_model_takes(
    base_url: str, double: VendorDouble, tmp_path: Path
) -> None:
    line = SynthesisRequest("Kumusta ka?", "tl", "", before="Magandang umaga.", after="Oo.")
    told = {}
    for model in MODELS:
        voice = ElevenLabsSynthesizer(ElevenLabsClient(KEY, base_url), model)
        request = SynthesisRequest(line.text, "tl", voice.voices("tl")[1].id, line.before, "Oo.")
        speech = voice.synthesize(request, tmp_path / "line.wav", CALL)
        assert speech.receipt.amount("characters") == 11
        assert speech.receipt.request_id == last(double).request_id
        told[model] = set(last(double).body)
        voice.close()
    assert told == {
        "eleven_flash_v2_5": {"text", "model_id", "language_code", "previous_text", "next_text"},
        "eleven_multilingual_v2": {"text", "model_id", "previous_text", "next_text"},
        "eleven_v3": {"text", "model_id", "language_code"},
        "eleven_v4": {"text", "model_id", "language_code"},
        "eleven_v4_turbo": {"text", "model_id", "language_code"},
    }


def test_elevenlabs_speaks_filipino_by_its_own_code(
    base_url: str, double: VendorDouble, tmp_path: Path
) -> None:
    voice = ElevenLabsSynthesizer(ElevenLabsClient(KEY, base_url))
    request = SynthesisRequest("Oo.", "tl", voice.voices("tl")[0].id)
    voice.synthesize(request, tmp_path / "line.wav", CALL)
    body = last(double).body
    assert body["language_code"] == "fil"
    assert voice.voices("xx") == ()
    voice.close()


def test_languages_and_limits_are_those_of_the_contract() -> None:
    if not SHARED.exists():
        pytest.skip("the vendors' contracts are not beside this checkout")
    text = SHARED.read_text()
    first = text[text.index("- A. ") :].splitlines()[0].partition("targets: ")[2].split()
    second = text[text.index("- B. ") :].splitlines()[0].partition("also: ")[2]
    both = {*first, *(word for word in second.replace("(ElevenLabs: fil)", "").split())}
    assert both == MODELS["eleven_flash_v2_5"].languages
    assert {voice.language for voice in VOICES} == set(first)
    assert all(each in NAMES for model in MODELS.values() for each in model.languages)


@pytest.mark.parametrize("api", ["responses", "chat"])
def test_a_language_model_is_asked_for_three_lengths(
    openai: MakeTranslator, double: VendorDouble, api: str
) -> None:
    translator = openai(api=api)
    made = translator.translate(LINES, "en", "pt", ["mar"], CALL)
    assert [line.id for line in made.lines] == ["u1", "u2", "u3"]
    first, second, _ = made.lines
    assert (abs(len(first.text) - 20) <= 3, second.text) == (True, "")
    assert [16 <= len(text) <= 20 for text in made.lines[0].alternatives] == [True, True]
    billed = {each.unit: each.amount for each in last(double).billed}
    assert {q.unit: q.amount for q in made.receipt.quantities if q.amount} == billed
    assert made.receipt.reported
    body = last(double).body
    if api == "responses":
        assert (body["store"], body["reasoning"]) == (False, {"effort": "none"})
        assert body["prompt_cache_key"] == "ytdubber-translate-en-pt"
        assert body["text"]["format"]["strict"] is True
        assert '"glossary": ["mar"]' in body["input"]
    else:
        assert set(body) == {"model", "messages", "response_format"}


def test_a_model_that_does_not_reason_is_not_asked_to(
    openai: MakeTranslator, double: VendorDouble
) -> None:
    translator = openai(model="gpt-4o-mini", api="responses")
    translator.translate(LINES, "en", "pt", (), CALL)
    assert "reasoning" not in last(double).body
    assert translator.model_shutdown_date() == date(2027, 1, 14)
    assert openai().model_shutdown_date() is None
    with pytest.raises(VendorError) as raised:
        openai(model="gpt-0").model_shutdown_date()
    assert raised.value.fault is ErrorKind.UNSUPPORTED


def test_nothing_to_translate_is_not_sent(openai: MakeTranslator, double: VendorDouble) -> None:
    translator, before = openai(), len(double.calls)
    made = translator.translate([Line("a", " ")], "en", "pt", (), CALL)
    assert [line.text for line in made.lines] == [""]
    assert translator.shorten([], "en", "pt", (), CALL).lines == ()
    assert len(double.calls) == before
    with pytest.raises(VendorError) as raised:
        translator.translate(LINES, "en", "en", (), CALL)
    assert raised.value.fault is ErrorKind.UNSUPPORTED


def test_the_model_is_told_of_silences_that_end_a_sentence(
    openai: MakeTranslator, double: VendorDouble
) -> None:
    lines = [
        Line("a", "Good", pause_before_ms=9_000),
        Line("b", "morning", pause_before_ms=600),
        Line("c", "to you", pause_before_ms=1_240),
    ]
    translator = openai(api="responses")
    translator.translate(lines, "en", "pt", (), CALL)
    told = json.loads(last(double).body["input"])["lines"]
    assert [line.get("pause_before_s") for line in told] == [9.0, None, 1.2]
    assert "`pause_before_s`" in last(double).body["instructions"]


def test_a_line_is_shortened_by_as_much_as_it_is_too_long(
    openai: MakeTranslator, double: VendorDouble
) -> None:
    text = "Ela abriu a janela bem devagar e ouviu o mar"
    translator = openai(api="responses")
    made = translator.shorten([Overrun("u1", "…", text, 3_000, 2_400)], "en", "pt", (), CALL)
    assert len(made.lines[0].text) <= len(text) * 0.8
    assert made.receipt.operation == "shorten"
    assert '"spoken_s": 3.0, "room_s": 2.4, "max_chars": 35' in last(double).body["input"]


def test_a_server_without_responses_is_asked_by_chat_from_then_on(
    openai: MakeTranslator, double: VendorDouble
) -> None:
    double.script("responses", Wrong.status(404, body={"detail": "Not Found"}))
    translator, before = openai(api="auto"), len(double.calls)
    for _ in range(2):
        translator.translate(LINES, "en", "pt", (), CALL)
    assert [call.route for call in double.calls[before:]] == ["responses", "chat", "chat"]


def test_a_missing_model_is_not_a_missing_route(
    openai: MakeTranslator, double: VendorDouble
) -> None:
    translator, before = openai(model="gpt-0", api="auto"), len(double.calls)
    with pytest.raises(VendorError) as raised:
        translator.translate(LINES, "en", "pt", (), CALL)
    assert raised.value.fault is ErrorKind.UNSUPPORTED
    assert "there is no such model for this account" in str(raised.value)
    assert [call.route for call in double.calls[before:]] == ["responses"]


def test_a_whole_script_goes_in_batches_and_survives_nonsense(
    openai: MakeTranslator, double: VendorDouble
) -> None:
    lines = [Line(f"u{n}", f"This is line number {n}.") for n in range(20)]
    double.script("responses", Wrong.bad_ids(), Wrong.incomplete())
    translator, before = openai(api="responses"), len(double.calls)
    asked = Batched(Direct(translator), BatchRules(at_once=1))
    made = asked.run(Translate(lines, "en", "pt"), CALL)
    assert [line.id for line in made.lines] == [line.id for line in lines]
    assert all(line.text for line in made.lines)
    charged = sum(each.amount for call in double.calls[before:] for each in call.billed)
    assert sum(quantity.amount for quantity in made.receipt.quantities) == charged
    overruns = [Overrun(line.id, line.text, line.text, 2_000, 1_000) for line in lines]
    assert len(asked.run(Shorten(overruns, "en", "pt"), CALL).lines) == 20
