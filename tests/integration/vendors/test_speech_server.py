"""A server of one's own speaks, on the command line and in the service."""

import os
from pathlib import Path

import pytest
from tests.integration.vendors.conftest import Open, Serve, Setting
from tests.integration.vendors.harness import EXAMPLES, brief
from tests.integration.vendors.test_jobs import spoken_by
from tests.integration.vendors.test_machine import ytdubber

from ytdubber.bootstrap.engines import engine_routing
from ytdubber.bootstrap.local import local_runtime
from ytdubber.settings import load_settings
from ytdubber.testing.vendor_double import Fault as Wrong
from ytdubber.testing.vendor_double import VendorDouble

VOICES = "pt=pt-alice, de=de-kurt:male:Kurt"


@pytest.fixture
def own_server(serve: Serve, set_up: Setting) -> VendorDouble:
    """The double as all vendors and as a server of one's own, which knows no key."""
    double = serve()
    set_up(YTDUBBER_SPEECH_URL=os.environ["YTDUBBER_DEEPGRAM_URL"], YTDUBBER_SPEECH_VOICES=VOICES)
    return double


def test_a_dub_is_spoken_by_it_where_it_has_a_voice_and_costs_what_the_others_do(
    own_server: VendorDouble, tmp_path: Path
) -> None:
    words = [EXAMPLES / "voice.flac", "--to", "pt,es", "--format", "flac"]
    made = ytdubber("dub", *words, "--out", tmp_path / "out")["manifest"]["languages"]
    assert {entry["status"] for entry in made.values()} == {"complete"}
    speakers = {name: entry["engines"]["synthesizer"] for name, entry in made.items()}
    assert speakers["pt"]["provider"] == "openai-compatible"
    assert speakers["pt"]["model"] == "tts-1"
    assert speakers["es"]["provider"] == "deepgram"
    assert made["pt"]["voice"] == "pt-alice"
    asked = [call for call in own_server.calls if call.route == "audio.speech"]
    assert asked
    assert {call.status for call in asked} == {200}
    assert {call.body["voice"] for call in asked} == {"pt-alice"}
    assert {call.body["response_format"] for call in asked} == {"wav"}
    assert not own_server.repeated


def test_a_dub_is_heard_by_it_where_it_is_told_a_model(
    own_server: VendorDouble, set_up: Setting, tmp_path: Path
) -> None:
    set_up(YTDUBBER_SPEECH_LISTEN_MODEL="whisper-1")
    words = [EXAMPLES / "voice.flac", "--to", "pt", "--format", "flac"]
    made = ytdubber("dub", *words, "--out", tmp_path / "out")["manifest"]
    heard = made["engines"]["speech_to_text"]
    assert (heard["provider"], heard["model"]) == ("openai-compatible", "whisper-1")
    assert made["languages"]["pt"]["status"] == "complete"
    routes = [call.route for call in own_server.calls if call.route != "models"]
    assert set(routes) == {"audio.transcriptions", "responses", "audio.speech"}
    assert not own_server.repeated


def test_a_server_that_only_hears_stands_in_no_order_of_voices(
    own_server: VendorDouble, set_up: Setting
) -> None:
    set_up(YTDUBBER_SPEECH_VOICES="", YTDUBBER_SPEECH_LISTEN_MODEL="whisper-1")
    made = engine_routing(load_settings().vendors)
    assert made.listen.usual[0] == "openai-compatible"
    assert "openai-compatible" not in made.speak.usual


def test_a_job_of_the_service_is_spoken_by_it_or_by_the_next(
    own_server: VendorDouble, set_up: Setting, harness: Open
) -> None:
    set_up(YTDUBBER_JOB_BUDGET_USD="5")  # for which it needs no price
    own_server.script("audio.speech", Wrong.status(404))
    service = harness()
    languages = service.dub(service.send("de", recording=brief()))
    assert spoken_by(languages["de"]) == "deepgram"
    languages = service.dub(service.send("pt", recording=brief()))
    assert spoken_by(languages["pt"]) == "openai-compatible"


def test_it_is_no_premium_voice_unless_an_order_says_so(
    own_server: VendorDouble, set_up: Setting
) -> None:
    with local_runtime() as machine:
        premium = machine.engines.premium.usual
        assert [each.engine.provider for each in premium] == ["elevenlabs"]
    set_up(YTDUBBER_PREMIUM_SPEAK="openai-compatible")
    with local_runtime() as machine:
        premium = machine.engines.premium.usual
        assert [each.engine.provider for each in premium] == ["openai-compatible"]
