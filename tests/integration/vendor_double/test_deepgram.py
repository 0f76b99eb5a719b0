import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

import httpx
import pytest
import soundfile as sf
from deepgram import DeepgramClient, DeepgramClientEnvironment
from deepgram.core.api_error import ApiError
from tests.integration.vendor_double.conftest import Served
from tests.integration.vendor_double.official import Official
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.testing.vendor_double import KEY, CannedContent, Fault, VendorDouble, running

pytestmark = pytest.mark.filterwarnings(  # raised within the client itself, once it is loaded
    "ignore:websockets:DeprecationWarning"
)
VOICE = "aura-2-celeste-es"


Connect = Callable[..., DeepgramClient]


@pytest.fixture
def client() -> Iterator[Connect]:
    """Makes clients at a URL, with the right key or another."""
    with httpx.Client(verify=NO_TLS, timeout=PATIENCE_S) as connections:

        def connect(url: str, key: str = KEY) -> DeepgramClient:
            where = DeepgramClientEnvironment(base=url, production=url, agent=url, agent_rest=url)
            return DeepgramClient(
                api_key=key, environment=where, max_retries=0, httpx_client=connections
            )

        yield connect


def listen(deepgram: DeepgramClient, data: bytes, **wishes: Any) -> Any:
    """As the product asks; a wish of None leaves a parameter out."""
    usual: dict[str, Any] = {
        "model": "nova-3",
        "language": "en",
        "smart_format": True,
        "punctuate": True,
        "utterances": True,
        "diarize_model": "latest",
        "mip_opt_out": True,
        "tag": "ytdubber",
    }
    return deepgram.listen.v1.media.transcribe_file(request=data, **(usual | wishes))


def speak(deepgram: DeepgramClient, text: str, **wishes: Any) -> tuple[bytes, Any]:
    usual: dict[str, Any] = {
        "model": VOICE,
        "encoding": "linear16",
        "container": "wav",
        "sample_rate": 24_000,
        "mip_opt_out": True,
    }
    with deepgram.speak.v1.audio.with_raw_response.generate(
        text=text, **(usual | wishes)
    ) as answer:
        return b"".join(answer.data), answer.headers


def test_listening_gives_words_where_there_is_sound(
    client: Connect, served: Served, recording: bytes
) -> None:
    answer = listen(client(served.url), recording)
    assert answer.metadata.duration == 4.0
    assert answer.metadata.tags == ["ytdubber"]
    words = answer.results.channels[0].alternatives[0].words
    assert all(0.5 <= w.start < w.end <= 2 or 3 <= w.start < w.end <= 4 for w in words)
    assert all(a.end <= b.start for a, b in pairwise(words))
    assert words[0].punctuated_word == "The"
    assert words[0].word == "the"
    assert {w.speaker for w in words} == {0}
    first, second = answer.results.utterances
    assert first.transcript.startswith("The river rises")
    assert (first.end, second.start) == (2.0, 3.0)
    assert answer.results.channels[0].detected_language is None


def test_the_language_is_detected_when_asked(client: Connect, recording: bytes) -> None:
    with running(VendorDouble(CannedContent("Bom dia a todos.", language="pt"))) as url:
        answer = listen(client(url), recording, language=None, detect_language=True)
    assert answer.results.channels[0].detected_language == "pt"
    assert answer.results.channels[0].alternatives[0].transcript == "Bom dia a todos."


def test_speakers_take_turns(client: Connect, recording: bytes) -> None:
    with running(VendorDouble(CannedContent(speakers=2))) as url:
        told_apart = listen(client(url), recording)
        together = listen(client(url), recording, diarize_model=None)
    assert [u.speaker for u in told_apart.results.utterances] == [0, 1]
    assert {w.speaker for u in together.results.utterances for w in u.words} == {None}


def test_speech_is_sound_of_the_rate_asked_for(client: Connect, served: Served) -> None:
    data, headers = speak(client(served.url), "Hola, mundo")
    sound, rate_hz = sf.read(io.BytesIO(data))
    assert rate_hz == 24_000
    assert len(sound) == 11 * 60 * 24
    assert headers["content-type"] == "audio/wav"
    assert headers["dg-char-count"] == "11"
    assert headers["dg-model-name"] == VOICE
    assert headers["dg-request-id"] == served.double.calls[0].request_id


@pytest.mark.parametrize(
    ("encoding", "container", "opens"),
    [("mp3", None, "MP3"), ("flac", None, "FLAC"), ("opus", "ogg", "OGG")],
)
def test_other_encodings(
    client: Connect, served: Served, encoding: str, container: str, opens: str
) -> None:
    data, _ = speak(
        client(served.url), "Hola", encoding=encoding, container=container, sample_rate=None
    )
    with sf.SoundFile(io.BytesIO(data)) as file:
        assert file.format == opens


def test_the_books_hold_seconds_and_characters(
    client: Connect, served: Served, recording: bytes
) -> None:
    deepgram = client(served.url)
    listen(deepgram, recording, keyterm=["Tejo", "Lisboa"])
    listen(deepgram, recording, language="multi", diarize_model=None)
    speak(deepgram, "Hola")
    assert served.double.books == {
        "deepgram/nova-3/audio_seconds": Decimal("4.0"),
        "deepgram/nova-3/diarized_seconds": Decimal("4.0"),
        "deepgram/nova-3/keyterm_seconds": Decimal("4.0"),
        "deepgram/nova-3-multi/audio_seconds": Decimal("4.0"),
        "deepgram/aura-2/characters": Decimal(4),
    }
    assert ("keyterm", "Lisboa") in served.double.calls[0].query
    assert served.double.calls[0].tag == "ytdubber"


Ask = Callable[[DeepgramClient, bytes], object]


@pytest.mark.parametrize(
    ("ask", "status", "says"),
    [
        (lambda dg, data: listen(dg, data, sentiment=True), 400, "sentiment: unknown"),
        (lambda dg, data: listen(dg, data, model="nova-9"), 400, "model"),
        (lambda dg, data: listen(dg, data, language="xx"), 400, "No such model/language"),
        (lambda dg, _: listen(dg, b""), 400, "corrupt or unsupported"),
        (lambda dg, _: listen(dg, b"not sound at all"), 400, "corrupt or unsupported"),
        (lambda dg, _: speak(dg, "a" * 2_001), 413, "2000"),
        (lambda dg, _: speak(dg, " "), 400, "empty"),
        (lambda dg, _: speak(dg, "a", model="aura-2-nobody-pt"), 400, "No such model"),
        (lambda dg, _: speak(dg, "a", sample_rate=22_050), 400, "sample rate"),
    ],
)
def test_what_deepgram_refuses(
    client: Connect, served: Served, recording: bytes, ask: Ask, status: int, says: str
) -> None:
    with pytest.raises(ApiError) as caught:
        ask(client(served.url), recording)
    assert caught.value.status_code == status
    assert isinstance(caught.value.body, dict)
    assert says in caught.value.body["err_msg"]
    assert caught.value.body["request_id"] == served.double.calls[0].request_id
    assert served.double.books == {}


def test_a_wrong_key_is_refused(client: Connect, served: Served, recording: bytes) -> None:
    with pytest.raises(ApiError) as caught:
        listen(client(served.url, key="wrong"), recording)
    assert caught.value.status_code == 401
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["err_code"] == "INVALID_AUTH"


def test_the_published_contract_holds(
    client: Connect, official: Official, recording: bytes
) -> None:
    """Deepgram's own words: bodies and queries both ways, errors too."""
    with running(double := VendorDouble(contracts=official)) as url:
        deepgram = client(url)
        listen(deepgram, recording, keyterm=["Tejo"], language=None, detect_language=True)
        speak(deepgram, "Hola")
        for status in (400, 402, 413, 429, 503):
            double.script("speak", Fault.status(status))
            with pytest.raises(ApiError):
                speak(deepgram, "Hola")
        with pytest.raises(ApiError):
            speak(deepgram, "Hola", model="aura-2-nobody-es")
    assert double.calls[-1].status == 400
    assert official.looked_at == {
        ("listen", "reply", 200),
        ("speak", "request", 0),
        *(("speak", "reply", status) for status in (400, 402, 413, 429, 503)),
    }
