"""A server of one's own: what it is asked for, and the sound that it may send."""

import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf
from tests.contract.vendors.vendors import CALL, SERVER_VOICES
from tests.listening import EXAMPLE_TEXT

from ytdubber.adapters.openai_compatible.client import SpeechServer
from ytdubber.adapters.openai_compatible.punctuation import punctuated
from ytdubber.adapters.openai_compatible.stt import SpeechServerRecognizer
from ytdubber.adapters.openai_compatible.tts import RATE_HZ, SpeechServerSynthesizer
from ytdubber.adapters.openai_compatible.voices import ServerVoice, read_voices
from ytdubber.adapters.openai_compatible.wav import wav_samples
from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.domain.voice import Gender
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.ports.speech_to_text import Transcription
from ytdubber.testing.vendor_double import KEY, VendorDouble

LINE = SynthesisRequest("Bom dia.", "pt", "pt-alice")
TONE = (0.4 * np.sin(np.arange(48_000) * 0.05)).astype(np.float32)


def wav(samples: Any = TONE, rate_hz: int = RATE_HZ, subtype: str = "PCM_16") -> bytes:
    file = io.BytesIO()
    sf.write(file, samples, rate_hz, format="WAV", subtype=subtype)
    return file.getvalue()


@dataclass
class Local:
    """A little server on this machine, and the paths, heads and bodies of what it was asked.

    Attributes:
        kind: The content type of what it answers.
        answer: What it answers.
        status: And how.
    """

    url: str
    kind: str = "audio/wav"
    answer: bytes = field(default_factory=wav)
    status: int = 200
    asked: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)


def _body(sent: bytes) -> Any:
    return json.loads(sent) if sent.startswith(b"{") else sent


@contextmanager
def little_server() -> Iterator[Local]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["Content-Length"])
            heads = {name.lower(): value for name, value in self.headers.items()}
            served.asked.append((self.path, heads, _body(self.rfile.read(size))))
            self.send_response(served.status)
            self.send_header("Content-Type", served.kind)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(served.answer)))
            self.end_headers()
            self.wfile.write(served.answer)

        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = Local(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def local() -> Iterator[Local]:
    with little_server() as made:
        yield made


Speak = Callable[..., tuple[Any, int]]


@pytest.fixture
def speak(local: Local, tmp_path: Path) -> Speak:
    """Speaks the line at the little server; gives what lies in the file."""

    def spoken(path: str = "", **how: Any) -> tuple[Any, int]:
        with closing(SpeechServer(f"{local.url}{path}", how.pop("key", ""))) as server:
            voice = SpeechServerSynthesizer(server, SERVER_VOICES, **how)
            voice.synthesize(LINE, tmp_path / "line.wav", CALL)
        samples, rate_hz = sf.read(tmp_path / "line.wav", dtype="float32")
        return samples, rate_hz

    return spoken


def test_it_is_asked_as_openai_publishes_it(base_url: str, double: VendorDouble) -> None:
    with closing(SpeechServer(f"{base_url}/v1/", KEY)) as server:
        voice = SpeechServerSynthesizer(server, SERVER_VOICES, "kokoro", "pcm")
        made = voice.synthesize(LINE, Path("/dev/null"), CALL).receipt
    assert double.calls[-1].body == {
        "model": "kokoro", "input": "Bom dia.", "voice": "pt-alice", "response_format": "pcm"
    }  # fmt: skip
    assert (made.engine.provider, made.engine.model, made.reported) == (
        "openai-compatible",
        "kokoro",
        False,
    )
    assert made.request_id == double.calls[-1].request_id


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_its_address_may_end_with_the_version_or_without(
    path: str, local: Local, speak: Speak
) -> None:
    speak(path)
    assert [asked[0] for asked in local.asked] == ["/v1/audio/speech"]


def test_it_is_told_a_key_where_there_is_one(local: Local, speak: Speak) -> None:
    speak()
    speak(key="sesame")
    keys = [heads.get("authorization") for _, heads, _ in local.asked]
    assert keys == [None, "Bearer sesame"]


@pytest.mark.parametrize(
    ("rate_hz", "subtype", "channels"),
    [
        (24_000, "PCM_16", 1),
        (24_000, "FLOAT", 1),
        (44_100, "PCM_16", 2),
        (16_000, "PCM_32", 1),
        (48_000, "FLOAT", 2),
    ],
)
def test_whatever_kind_of_wav_it_sends_lines_have_one_rate(
    rate_hz: int, subtype: str, channels: int, local: Local, speak: Speak
) -> None:
    seconds = np.arange(rate_hz) / rate_hz
    tone = (0.4 * np.sin(2 * np.pi * 200 * seconds)).astype(np.float32)
    local.answer = wav(np.stack([tone] * channels, axis=1), rate_hz, subtype)
    samples, kept_hz = speak()
    assert kept_hz == RATE_HZ
    assert len(samples) == pytest.approx(RATE_HZ, rel=0.01)
    assert np.abs(samples).max() == pytest.approx(0.4, abs=0.01)
    crossings = np.flatnonzero(np.diff(np.signbit(samples)))
    assert len(crossings) == pytest.approx(400, abs=4)


def test_raw_sound_has_no_head(local: Local, speak: Speak) -> None:
    local.kind, local.answer = "audio/pcm", (TONE * 32_000).astype("<i2").tobytes()
    samples, _ = speak(form="pcm")
    assert len(samples) == pytest.approx(len(TONE), rel=0.01)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"<html>" * 9, "it is not a WAV file"),
        (wav()[:3_000], "it is cut short"),
        (wav()[:40], "it has no sound in it"),
        (wav(rate_hz=384_000), "it has 384000 Hz"),
        (wav(subtype="PCM_U8"), "of coding 1, 8 bits and 1 channels"),
        (wav(np.zeros((9, 6), np.float32)), "6 channels"),
        (wav(np.full(9, np.nan, np.float32), subtype="FLOAT"), "it holds what is no number"),
    ],
    ids=["html", "short", "head alone", "rate", "bits", "channels", "nan"],
)
def test_what_is_no_sound_is_told(answer: bytes, told: str, local: Local, speak: Speak) -> None:
    local.answer = answer
    with pytest.raises(VendorError, match=told) as raised:
        speak()
    assert raised.value.fault is ErrorKind.BAD_OUTPUT


def test_a_length_that_was_not_known_is_read_to_the_end() -> None:
    whole = wav()
    place = whole.index(b"data") + 4
    for size in (b"\xff\xff\xff\xff", b"\0\0\0\0"):
        samples, rate_hz = wav_samples(whole[:place] + size + whole[place + 4 :])
        assert (len(samples), rate_hz) == (len(TONE), RATE_HZ)


def test_more_than_a_line_can_be_is_not_read(local: Local, speak: Speak) -> None:
    local.answer = wav(np.zeros(4_000_000, np.float32))
    with pytest.raises(VendorError, match="its answer is longer than") as raised:
        speak()
    assert raised.value.fault is ErrorKind.UNAVAILABLE


def test_nobody_is_sent_elsewhere(local: Local, speak: Speak) -> None:
    local.status = 307
    with pytest.raises(VendorError, match="the answer cannot be read"):
        speak(key="sesame")
    assert len(local.asked) == 1


def test_a_server_that_lists_no_models_is_there(local: Local) -> None:
    with closing(SpeechServer(local.url)) as server:
        server.check()


def test_a_key_that_is_refused_is_told(base_url: str, nowhere: str) -> None:
    with closing(SpeechServer(base_url, KEY)) as server:
        server.check()
    with closing(SpeechServer(base_url, "other")) as server, pytest.raises(VendorError) as raised:
        server.check()
    assert raised.value.fault is ErrorKind.AUTH
    with closing(SpeechServer(nowhere)) as server, pytest.raises(VendorError) as raised:
        server.check()
    assert raised.value.fault is ErrorKind.UNAVAILABLE


def test_voices_are_named_by_language() -> None:
    assert read_voices("pt=alice, pt-BR=bob:male:Bob,*=nova:female ,") == (
        ServerVoice("pt", "alice", Gender.NEUTRAL, "alice"),
        ServerVoice("pt", "bob", Gender.MALE, "Bob"),
        ServerVoice("*", "nova", Gender.FEMALE, "nova"),
    )


@pytest.mark.parametrize("text", ["alice", "pt=", "pt=a:tenor", "=a", "xx=a", "pt=a,pt=a:male"])
def test_voices_written_otherwise_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"voice|language"):
        read_voices(text)


def test_a_voice_for_every_language_comes_after_its_own() -> None:
    voices = SpeechServerSynthesizer(SpeechServer("http://x"), SERVER_VOICES).voices
    assert [each.id for each in voices("pt")] == ["pt-alice", "pt-bob"]
    assert [each.id for each in voices("ja")] == ["pt-bob"]
    assert not voices("xx")


Hear = Callable[..., Any]


@pytest.fixture
def hear(local: Local, spoken: AudioFile) -> Hear:
    """What is heard at the little server, which answers with this."""

    def heard(told: str | None = None, **answer: Any) -> Transcription:
        local.kind, local.answer = "application/json", json.dumps(answer).encode()
        with closing(SpeechServer(local.url)) as server:
            return SpeechServerRecognizer(server, "whisper-1").transcribe(
                spoken, told, ["Dashwood", " ", "Norland"], CALL
            )

    return heard


def words(*texts: str) -> list[dict[str, Any]]:
    """One after another, each of half a second."""
    return [{"word": text, "start": n / 2, "end": n / 2 + 0.5} for n, text in enumerate(texts)]


def test_it_is_sent_the_recording_and_told_what_to_listen_for(
    base_url: str, double: VendorDouble, spoken: AudioFile
) -> None:
    with closing(SpeechServer(base_url, KEY)) as server:
        hearing = SpeechServerRecognizer(server, "whisper-1")
        heard = hearing.transcribe(spoken, None, ["Dashwood"], CALL)
        hearing.transcribe(spoken, None, ["Dashwood"], CALL)
    assert " ".join(word.text for word in heard.words) == EXAMPLE_TEXT
    assert heard.language == "en"
    assert heard.receipt.amount("audio_seconds") == 3
    assert {word.speaker for word in heard.words} == {None}
    call, again = double.calls[-2:]
    assert call.body["bytes"] < 2 * spoken.samples
    assert call.fingerprint == again.fingerprint
    assert heard.receipt.request_id == call.request_id


def test_the_form_is_openais(hear: Hear, local: Local) -> None:
    hear("pt", text="", words=[])
    path, heads, form = local.asked[0]
    assert path == "/v1/audio/transcriptions"
    assert heads["content-type"].startswith("multipart/form-data; boundary=")
    plain = re.sub(rb'name="file"; filename="voice.flac".*', b"", form, flags=re.DOTALL)
    fields = re.findall(rb'name="([^"]+)"\r\n\r\n(.*?)\r\n', plain)
    assert sorted(fields) == [
        (b"language", b"pt"),
        (b"model", b"whisper-1"),
        (b"prompt", b"Dashwood, Norland"),
        (b"response_format", b"verbose_json"),
        (b"timestamp_granularities[]", b"segment"),
        (b"timestamp_granularities[]", b"word"),
    ]
    assert b"fLaC" in form


@pytest.mark.parametrize(
    ("named", "code"), [("english", "en"), ("Portuguese", "pt"), ("de", "de"), (None, "en")]
)
def test_languages_come_by_name_or_by_code(named: str | None, code: str, hear: Hear) -> None:
    assert hear(text="Oi", words=words("Oi"), language=named).language == code


def test_a_language_that_nobody_knows_is_told(hear: Hear) -> None:
    with pytest.raises(VendorError, match="a language we do not know, klingon") as raised:
        hear(text="Oi", words=words("Oi"), language="klingon")
    assert raised.value.fault is ErrorKind.UNSUPPORTED


def test_a_word_is_as_sure_as_the_server_says_or_its_segment(hear: Hear) -> None:
    segments = [{"start": 0.0, "avg_logprob": -0.1}, {"start": 0.5, "avg_logprob": -2.0}]
    heard = hear(text="a b", words=words("a", "b"), segments=segments).words
    assert [word.confidence for word in heard] == pytest.approx([0.905, 0.135], abs=0.001)
    sure = [word | {"probability": 0.7} for word in words("a", "b")]
    assert {word.confidence for word in hear(text="a b", words=sure).words} == {0.7}
    assert [word.confidence for word in hear(text="a", words=words("a")).words] == [0.0]


def test_a_text_without_times_makes_no_dub(hear: Hear) -> None:
    with pytest.raises(VendorError, match="without the times of its words") as raised:
        hear(text="Hello there.", segments=[])
    assert raised.value.fault is ErrorKind.BAD_OUTPUT
    assert hear(text=" ", words=None).words == ()


@pytest.mark.parametrize(
    ("bare", "text", "whole"),
    [
        (["hello", "there", "friend"], "Hello, there… friend!", ["Hello,", "there…", "friend!"]),
        (["Hola", "qué", "tal"], "¡Hola! ¿Qué tal?", ["¡Hola!", "¿Qué", "tal?"]),
        (["he", "said", "go", "now"], 'He said: "Go" now.', ["He", "said:", '"Go"', "now."]),
        (["今日", "は", "雨"], "今日は、雨。", ["今日", "は、", "雨。"]),
        (["Hello,", "you."], " Hello, you. ", ["Hello,", "you."]),
        (["one", "lost", "two"], "One. Two!", ["One.", "lost", "Two!"]),
        (["alone"], "", ["alone"]),
        ([], "Text", []),
    ],
)
def test_words_have_the_punctuation_of_the_text(
    bare: list[str], text: str, whole: list[str]
) -> None:
    assert punctuated(bare, text) == whole
