import base64
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
import soundfile as sf
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.types import VoiceSettings
from tests.integration.vendor_double.conftest import Served
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.testing.vendor_double import KEY, Fault, VendorDouble, running

VOICE = "EXAVITQu4vr4xnSDxMaL"
Connect = Callable[..., ElevenLabs]


@pytest.fixture
def client() -> Iterator[Connect]:
    """Makes clients at a URL, with the right key or another."""
    with httpx.Client(verify=NO_TLS, timeout=PATIENCE_S) as connections:
        yield lambda url, key=KEY: ElevenLabs(
            api_key=key, base_url=url, timeout=None, httpx_client=connections
        )


def convert(labs: ElevenLabs, text: str, voice: str = VOICE, **wishes: Any) -> tuple[bytes, Any]:
    usual: dict[str, Any] = {
        "model_id": "eleven_flash_v2_5",
        "output_format": "pcm_24000",
        "language_code": "pt",
        "previous_text": "Before.",
        "next_text": "After.",
        "voice_settings": VoiceSettings(stability=0.5),
    }
    with labs.text_to_speech.with_raw_response.convert(
        voice, text=text, **(usual | wishes)
    ) as answer:
        return b"".join(answer.data), answer.headers


@pytest.mark.parametrize("rate_hz", [16_000, 22_050, 24_000, 44_100])
def test_raw_samples_at_the_rate_asked_for(client: Connect, served: Served, rate_hz: int) -> None:
    data, headers = convert(client(served.url), "Bom dia", output_format=f"pcm_{rate_hz}")
    assert len(data) / 2 == pytest.approx(7 * 0.060 * rate_hz, abs=2)
    assert headers["character-cost"] == "7"
    assert headers["request-id"] == served.double.calls[0].request_id
    assert headers["current-concurrent-requests"] == "1"


def test_mp3(client: Connect, served: Served) -> None:
    data, _ = convert(
        client(served.url),
        "Bom dia a todos",
        output_format="mp3_44100_128",
    )
    with sf.SoundFile(io.BytesIO(data)) as file:
        assert (file.format, file.samplerate) == ("MP3", 44_100)
        assert file.frames / 44_100 == pytest.approx(15 * 0.060, abs=0.06)


def test_timestamps_cover_the_sound(client: Connect, served: Served) -> None:
    answer = client(served.url).text_to_speech.convert_with_timestamps(
        VOICE, text="Bom dia", model_id="eleven_multilingual_v2", output_format="pcm_16000"
    )
    assert answer.alignment is not None
    assert "".join(answer.alignment.characters) == "Bom dia"
    samples = len(base64.b64decode(answer.audio_base_64)) / 2
    ends = answer.alignment.character_end_times_seconds
    assert ends[-1] == pytest.approx(samples / 16_000, abs=0.001)
    assert served.double.books == {"elevenlabs/eleven_multilingual_v2/characters": Decimal(7)}


def test_streaming_gives_the_same_sound(client: Connect, served: Served) -> None:
    labs = client(served.url)
    whole, _ = convert(labs, "Bom dia")
    wishes: dict[str, Any] = {"model_id": "eleven_flash_v2_5", "output_format": "pcm_24000"}
    streamed = b"".join(labs.text_to_speech.stream(VOICE, text="Bom dia", **wishes))
    assert streamed == whole


def test_there_are_voices(client: Connect, served: Served) -> None:
    found = client(served.url).voices.search(page_size=2)
    assert [voice.name for voice in found.voices] == ["Sarah", "George"]
    assert found.has_more
    convert(client(served.url), "Bom dia", voice=found.voices[1].voice_id)


@pytest.mark.parametrize(
    ("wishes", "status", "reason"),
    [
        ({"voice": "nobody"}, 404, "voice_not_found"),
        ({"model_id": "eleven_v9"}, 400, "model_not_found"),
        ({"model_id": "eleven_multilingual_v2"}, 400, "unsupported_language"),
        ({"model_id": "eleven_v3"}, 400, "unsupported_model"),
        ({"text": "a" * 40_001}, 400, "max_character_limit_exceeded"),
        ({"text": ""}, 422, "unprocessable_entity"),
        ({"output_format": "pcm_12345"}, 422, "unprocessable_entity"),
        ({"voice_settings": VoiceSettings(stability=1.5)}, 422, "unprocessable_entity"),
        ({"optimize_streaming_latency": 3}, 400, "bad_request"),
        ({"use_pvc_as_ivc": True}, 422, "unprocessable_entity"),
    ],
)
def test_what_elevenlabs_refuses(
    client: Connect, served: Served, wishes: dict[str, Any], status: int, reason: str
) -> None:
    with pytest.raises(ApiError) as caught:
        convert(client(served.url), **({"text": "Bom dia"} | wishes))
    assert caught.value.status_code == status
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["detail"]["status"] == reason
    assert served.double.books == {}


def test_a_wrong_key_and_a_used_up_quota_are_both_401(client: Connect, served: Served) -> None:
    served.double.script("tts", Fault.quota())
    reasons = []
    for key in ("wrong", KEY):
        with pytest.raises(ApiError) as caught:
            convert(client(served.url, key), "Bom dia")
        assert caught.value.status_code == 401
        assert isinstance(caught.value.body, dict)
        reasons.append(caught.value.body["detail"]["status"])
    assert reasons == ["invalid_api_key", "quota_exceeded"]


def test_too_many_at_once_says_so(client: Connect) -> None:
    with running(VendorDouble(limits={"tts": 0})) as url, pytest.raises(ApiError) as caught:
        convert(client(url), "Bom dia")
    assert caught.value.status_code == 429
    assert isinstance(caught.value.body, dict)
    assert caught.value.body["detail"]["status"] == "too_many_concurrent_requests"
