"""Whole jobs of the service through the vendors' own clients, over HTTP, to the vendors' double."""

from collections.abc import Sequence

import pytest
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import FLAC, billed, brief
from tests.listening import EXAMPLE_TEXT

from ytdubber.app.dubs.manifest import LanguageEntry
from ytdubber.domain.errors import ErrorKind, HandedBack, NoPremiumVoices, VendorError
from ytdubber.domain.job import DubOptions
from ytdubber.domain.voice import VoiceTier
from ytdubber.ports.leases import Kind
from ytdubber.testing.vendor_double import CannedContent, VendorDouble
from ytdubber.testing.vendor_double import Fault as Wrong

PREMIUM = DubOptions(formats=("flac",), voice_tier=VoiceTier.PREMIUM)


def routes(double: VendorDouble) -> list[str]:
    """The routes of all calls but those about models, which are asked for in the background."""
    return [call.route for call in double.calls if call.route != "models"]


def spoken_by(entry: LanguageEntry) -> str:
    return entry.engines["synthesizer"].provider


def fits(entry: LanguageEntry) -> bool:
    """Whether the scoreboard's targets are met."""
    found = entry.figures
    return (
        found is not None
        and found.speech_overlap >= 0.92
        and found.double_talk_s == found.lost_speech_s == found.needs_review == 0
        and found.rate_p95 <= 1.15
        and found.rate_max <= 1.25
        and found.onset_drift_p95_s <= 0.1
        and found.onset_drift_max_s <= 0.4
        and found.duration_fit_share >= 0.9
        and found.captions_passing_share >= 0.99
    )


def test_a_whole_job_through_deepgram_and_openai(serve: Serve, harness: Open) -> None:
    double, service = serve(), harness()
    service.learn_paces(FLAC, "es", "de")
    job_id = service.send("es", "de")
    languages = service.dub(job_id)
    heard = service.manifest(job_id).engines["speech_to_text"]
    assert (heard.provider, heard.model) == ("deepgram", "nova-3")
    for language, entry in languages.items():
        assert entry.engines["translator"].model == "gpt-6-luna"
        assert entry.engines["synthesizer"].model == "aura-2"
        assert entry.voice is not None
        assert entry.voice.endswith(f"-{language}")
        assert fits(entry), entry.figures
    asked = routes(double)
    assert (asked.count("listen"), asked.count("responses")) == (1, 2)
    assert set(asked) == {"listen", "responses", "speak"}
    assert {call.status for call in double.calls} == {200}
    assert not double.repeated
    assert 0 < service.cost_usd() == billed(double)


def test_a_premium_job_is_spoken_by_elevenlabs(serve: Serve, harness: Open) -> None:
    double, service = serve(), harness()
    service.learn_paces(PREMIUM, "pt", "es")
    languages = service.dub(service.send("pt", "es", options=PREMIUM))
    for entry in languages.values():
        assert spoken_by(entry) == "elevenlabs"
        assert fits(entry), entry.figures
    assert set(routes(double)) == {"listen", "responses", "tts"}
    spoken = [call.body for call in double.calls if call.route == "tts"]
    assert any("previous_text" in body and "next_text" in body for body in spoken)
    assert service.cost_usd() == billed(double)


def test_premium_voices_are_refused_where_there_are_none(serve: Serve, harness: Open) -> None:
    serve({"YTDUBBER_ELEVENLABS_URL": "", "ELEVENLABS_API_KEY": ""})
    with pytest.raises(NoPremiumVoices):
        harness().send("es", options=PREMIUM)


def test_each_language_is_spoken_by_the_first_that_can(serve: Serve, harness: Open) -> None:
    settings = {"YTDUBBER_SPEAK": "deepgram,elevenlabs,espeak; nl:espeak"}
    serve(settings)
    service = harness()
    languages = service.dub(service.send("de", "pl", "cy", "nl", recording=brief()))
    assert {language: spoken_by(entry) for language, entry in languages.items()} == {
        "de": "deepgram",
        "pl": "elevenlabs",
        "cy": "espeak-ng",
        "nl": "espeak-ng",
    }


@pytest.mark.parametrize(
    ("faults", "order", "speaker"),
    [
        ([Wrong.slow(0.1), Wrong.quota()], "deepgram,elevenlabs", "elevenlabs"),
        ([Wrong.status(503)] * 20, "deepgram,espeak", "espeak-ng"),
    ],
    ids=["no credit", "outage"],
)
def test_when_deepgram_cannot_the_next_one_speaks_all_of_it(
    serve: Serve, harness: Open, faults: Sequence[Wrong], order: str, speaker: str
) -> None:
    double = serve({"YTDUBBER_SPEAK": order, "YTDUBBER_VENDOR_PATIENCE_HOURS": "0"})
    double.script("speak", *faults)
    service = harness()
    entry = service.dub(service.send("de", recording=brief()))["de"]
    assert spoken_by(entry) == speaker
    assert entry.status == "complete"
    (note,) = entry.notes
    assert note.startswith("Deepgram could not speak it. The voices are ")


def test_when_a_model_is_gone_the_other_translates(serve: Serve, harness: Open) -> None:
    double = serve({"YTDUBBER_OPENAI_FALLBACK_MODEL": "gpt-5.6-luna"})
    gone = {"error": {"message": "", "type": "", "param": None, "code": "model_not_found"}}
    double.script("responses", Wrong.status(404, gone))
    service = harness()
    entry = service.dub(service.send("es", recording=brief()))["es"]
    assert entry.engines["translator"].model == "gpt-5.6-luna"


def test_speakers_told_apart_have_voices_of_their_own(serve: Serve, harness: Open) -> None:
    serve(content=CannedContent(EXAMPLE_TEXT, speakers=2))
    service = harness()
    entry = service.dub(service.send("es"))["es"]
    assert set(entry.voices) == {"0", "1"}
    assert len(set(entry.voices.values())) == 2
    assert entry.voice in entry.voices.values()


def test_a_glossary_is_listened_for_and_written_as_given(serve: Serve, harness: Open) -> None:
    double, service = serve(), harness()
    options = DubOptions(formats=("flac",), glossary=("Dashwood", "Norland Park"))
    service.dub(service.send("es", recording=brief(), options=options))
    by_route = {call.route: call for call in double.calls}
    terms = [value for name, value in by_route["listen"].query if name == "keyterm"]
    assert terms == ["Dashwood", "Norland Park"]
    assert '"glossary": ["Dashwood", "Norland Park"]' in by_route["responses"].body["input"]


@pytest.mark.parametrize("stage", ["mixing", "exporting"])
def test_work_that_goes_on_elsewhere_pays_for_nothing_again(
    serve: Serve, harness: Open, stage: str
) -> None:
    double, service = serve(), harness()
    job_id = service.send("es", recording=brief())
    service.prepare(job_id)
    task_id = service.tasks(job_id)["es"]

    def check() -> None:
        if service.stage(task_id) == stage:
            raise HandedBack

    with pytest.raises(HandedBack):
        service.work(Kind.TASK, task_id, check)
    before = routes(double)
    service.work(Kind.TASK, task_id)
    assert service.manifest(job_id).languages["es"].status == "complete"
    assert routes(double) == before


def test_a_fault_that_no_other_engine_helps_with_ends_the_language(
    serve: Serve, harness: Open
) -> None:
    double, service = serve(), harness()
    job_id = service.send("es", recording=brief(), options=FLAC)
    service.prepare(job_id)
    double.script("speak", *[Wrong.status(401)] * 9)
    task_id = service.tasks(job_id)["es"]
    with pytest.raises(VendorError, match="API key was not accepted") as raised:
        service.work(Kind.TASK, task_id)
    assert raised.value.fault is ErrorKind.AUTH
    assert "tts" not in routes(double)
