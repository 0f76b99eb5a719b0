"""A quote says beforehand between what and what a job will cost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import soundfile as sf
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine
from tests.integration.money.harness import CLOCK, BillingHarness, scratch
from tests.integration.worker.rows import Made, Rows

from ytdubber.adapters.db.database import Database
from ytdubber.adapters.db.money.ledger import SqlLedger
from ytdubber.adapters.deepgram.client import DeepgramClient
from ytdubber.adapters.deepgram.stt import DeepgramSpeechToText
from ytdubber.adapters.deepgram.tts import DeepgramSynthesizer
from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.adapters.identity.tokens import TokenIdentity, local_session
from ytdubber.adapters.openai.client import OpenAIClient
from ytdubber.adapters.openai.translator import OpenAITranslator
from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.api import auth, errors, limits
from ytdubber.api.aside import Aside
from ytdubber.api.quotes import quotes_router
from ytdubber.app.casting.engines import Engines
from ytdubber.app.jobs.quote import Instead, QuoteJob
from ytdubber.app.uploads.job_options import JobOptions
from ytdubber.app.uploads.stem_lengths import StemLengths
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import BadInput, JobNotFound, UploadMissing
from ytdubber.domain.job import DubOptions
from ytdubber.domain.media import AudioFile
from ytdubber.domain.segmentation import utterances
from ytdubber.domain.voice import VoiceTier
from ytdubber.engines.direct import Direct
from ytdubber.engines.middleware.fallback import ByLanguage
from ytdubber.engines.middleware.metered import Metered
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.identity import Claims
from ytdubber.ports.operations import Synthesize, Transcribe, Translate
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.ports.translator import Line
from ytdubber.testing.engines import (
    FakeSpeechToText,
    FakeSynthesizer,
    FakeTranslator,
    FakeVoiceActivity,
)
from ytdubber.testing.vendor_double import KEY, VendorDouble, running

pytestmark = pytest.mark.filterwarnings(  # raised within Deepgram's client, once it is loaded
    "ignore:websockets:DeprecationWarning"
)

BOOK = FilePriceBook()
SECRET = "s" * 32


class Flash(FakeSynthesizer):
    """Speaks as the premium tier is priced."""

    @property
    def engine(self) -> EngineId:
        return EngineId("elevenlabs", "eleven_flash_v2_5", "1")


@pytest.fixture
def double() -> Iterator[tuple[VendorDouble, str]]:
    with running(double := VendorDouble()) as url:
        yield double, url


@pytest.fixture
def vendors(double: tuple[VendorDouble, str], tmp_path: Path) -> Iterator[Engines]:
    """Deepgram hears and speaks, OpenAI translates; premium voices are ElevenLabs'."""
    _, url = double
    deepgram = DeepgramClient(KEY, url)
    engines = Engines(
        Direct(DeepgramSpeechToText(deepgram)),
        FakeVoiceActivity(),
        Direct(OpenAITranslator(OpenAIClient(KEY, f"{url}/v1"), "gpt-6-luna")),
        (Synthesizer.direct(DeepgramSynthesizer(deepgram)),),
        FileSpeakingRates(tmp_path / "rates.json"),
        premium=ByLanguage((Synthesizer.direct(Flash(("es", "pt"))),)),
    )
    yield engines
    engines.close()


def quoting(engines: Engines, harness: BillingHarness, cents_per_minute: int = 0) -> QuoteJob:
    lengths = StemLengths(harness.database.as_service, harness.media, scratch)
    return QuoteJob(
        lambda: engines, BOOK, cents_per_minute, harness.database.as_user, harness.media, lengths
    )


def recording(folder: Path, seconds: int) -> AudioFile:
    """Somebody speaks three seconds of every four."""
    rate_hz = 16_000
    sound = 0.2 * np.sin(np.arange(seconds * rate_hz) * 0.2)
    sound[(np.arange(len(sound)) / rate_hz) % 4 >= 3] = 0
    path = folder / "voice.wav"
    sf.write(path, sound, rate_hz)
    return AudioFile(path, rate_hz, 1, len(sound))


def dub(engines: Engines, ledger: SqlLedger, job: Made, audio: AudioFile, folder: Path) -> None:
    """What the pipeline asks of engines, once, with every call in the ledger."""
    hearing, luna = Metered(engines.speech_to_text, ledger), Metered(engines.translator, ledger)
    heard = hearing.run(Transcribe(audio, "en"), CallContext(job.id))
    said = utterances(heard.words)
    lines = [Line(u.id, u.text, target_chars=round((u.end_ms - u.start_ms) * 0.015)) for u in said]
    for language, task_id in job.tasks.items():
        call = CallContext(job.id, task_id)
        made = luna.run(Translate(lines, "en", language), call)
        speaker, voice = engines.cast(language, None)
        speaking = Metered(speaker.inner, ledger)
        for line in made.lines:
            request = SynthesisRequest(line.text, language, voice.id)
            speaking.run(Synthesize(request, folder / "line.wav"), call)


def test_what_a_job_costs_lies_in_its_quote_and_is_the_invoice(
    rows: Rows,
    engine: Engine,
    double: tuple[VendorDouble, str],
    vendors: Engines,
    harness: BillingHarness,
    tmp_path: Path,
) -> None:
    job, audio = rows.job("es", "de"), recording(tmp_path, 120)
    quote = quoting(vendors, harness)(120_000, JobOptions(("es", "de"), "en"))
    dub(vendors, SqlLedger(engine, BOOK), job, audio, tmp_path)
    found = rows.ask(
        "select coalesce(language, '') as language, sum(amount_usd) as usd"
        " from ytdubber.cost_entries where job_id = %s group by 1",
        job.id,
    )
    spent = {row["language"]: row["usd"] for row in found}
    assert quote.shared.usd.low <= spent[""] <= quote.shared.usd.high
    for language in ("es", "de"):
        span = quote.languages[language].usd
        assert span.low <= spent[language] <= span.high
    assert quote.total.low <= sum(spent.values()) <= quote.total.high
    assert not quote.unpriced
    invoice = sum(usd for _, _, usd in double[0].invoice(BOOK))
    assert abs(sum(spent.values()) - invoice) < Decimal("1E-8")
    assert not double[0].broken


def test_quotes_follow_the_book(vendors: Engines, harness: BillingHarness) -> None:
    ask = quoting(vendors, harness, cents_per_minute=40)
    standard = ask(600_000, JobOptions(("es", "de"), "en"))
    assert standard.shared.usd.low == Decimal("0.097")  # ten minutes, speakers told apart
    assert standard.shared.usd.high == Decimal("0.121")
    assert standard.credit_cents == 2 * 400
    speech = 600 * 15 * Decimal("0.5") * Decimal("0.03") / 1000
    assert speech < standard.languages["es"].usd.low < speech * 2
    premium = ask(
        600_000, JobOptions(("es",), "en", DubOptions(voice_tier=VoiceTier.PREMIUM))
    ).languages["es"]
    assert premium.usd.low > standard.languages["es"].usd.low
    with_terms = ask(600_000, JobOptions(("es",), "en", DubOptions(glossary=("Tagus",))))
    assert with_terms.shared.usd.low == Decimal("0.110")
    assert ask(600_000, JobOptions(("en", "es"), "en")).languages["en"].usd.high == 0
    unknown = ask(600_000, JobOptions(("en", "es")))
    assert unknown.languages["en"].usd.low > 0


def test_this_machine_costs_nothing_and_what_has_no_price_is_named(
    vendors: Engines,
    harness: BillingHarness,
) -> None:
    own = replace(
        vendors,
        speech_to_text=Direct(FakeSpeechToText("x")),
        translator=Direct(FakeTranslator()),
        synthesizers=(Synthesizer.direct(FakeSynthesizer(("pt",))),),
    )
    quote = quoting(own, harness)(60_000, JobOptions(("pt",)))
    assert quote.total.high == 0
    assert not quote.unpriced
    hearing = DeepgramSpeechToText(DeepgramClient(KEY), "nova-9")
    unheard = replace(vendors, speech_to_text=Direct(hearing))
    assert quoting(unheard, harness)(60_000, JobOptions(("es",))).unpriced == [
        "deepgram/nova-9/audio_seconds"
    ]


def test_a_job_is_quoted_by_its_uploaded_voice(vendors: Engines, harness: BillingHarness) -> None:
    ask = quoting(vendors, harness)
    job_id = harness.announced("es", "de")
    as_announced = ask.announced(harness.claims, job_id)
    assert as_announced.voice_ms == 90_000
    assert set(as_announced.languages) == {"es", "de"}
    assert as_announced.job_options.source_language == "en"
    assert set(ask.announced(harness.claims, job_id, Instead(("fr",))).languages) == {"fr"}
    stranger = Claims(uuid4(), None, "authenticated", {})
    with pytest.raises(JobNotFound):
        ask.announced(stranger, job_id)
    harness.media.delete(list(harness.media.keys(f"{job_id}/")))
    with pytest.raises(UploadMissing):
        ask.announced(harness.claims, job_id)


def test_quotes_over_http(vendors: Engines, harness: BillingHarness, database: Database) -> None:
    app = FastAPI()
    auth.install(app, TokenIdentity(SECRET, None, None, CLOCK))
    limits.install(app, limits.RequestLimit(10_000, CLOCK))
    quote = quoting(vendors, harness, 40)
    app.include_router(quotes_router(quote, quote.lengths, Aside()))
    errors.install(app)
    session = local_session(SECRET, harness.claims.user_id, "a@example.org", timedelta(hours=1))
    page = TestClient(app, headers={"Authorization": f"Bearer {session.access_token}"})

    asked = {"seconds": 61.5, "languages": ["ES", "de-DE"], "source_language": "en"}
    body = page.post("/api/jobs/quote", json=asked).json()
    assert body["seconds"] == 61.5
    assert body["voice_tier"] == "standard"
    assert body["credit_cents"] == 82
    assert body["price_book"] == BOOK.prices().version
    assert body["unpriced"] == []
    assert set(body["languages"]) == {"es", "de"}
    for each in (body["total"], body["shared"], *body["languages"].values()):
        assert each["low_usd"] < each["high_usd"]
    assert "450 to 1238 in Spanish" in body["assumptions"][0]

    job_id = str(harness.announced("es"))
    by_job = page.post("/api/jobs/quote", json={"job_id": job_id}).json()
    assert (by_job["seconds"], list(by_job["languages"])) == (90.0, ["es"])

    premium = str(harness.announced("es", options=DubOptions(voice_tier=VoiceTier.PREMIUM)))
    assert page.post("/api/jobs/quote", json={"job_id": premium}).json()["voice_tier"] == "premium"
    other = {"job_id": premium, "languages": ["pt"]}
    assert page.post("/api/jobs/quote", json=other).json()["voice_tier"] == "premium"
    given = {"job_id": premium, "voice_tier": "standard"}
    assert page.post("/api/jobs/quote", json=given).json()["voice_tier"] == "standard"
    same = {"job_id": premium, "source_language": "es"}
    assert page.post("/api/jobs/quote", json=same).json()["error"] == "nothing_to_dub"
    source = page.post("/api/jobs/quote", json={"job_id": job_id, "languages": ["en"]})
    assert source.json()["error"] == "nothing_to_dub"  # what it was announced to be spoken in

    for wrong, status in (
        ({"languages": ["es"]}, 400),
        ({"seconds": 5, "job_id": job_id, "languages": ["es"]}, 400),
        ({"seconds": 5}, 400),
        ({"seconds": 0, "languages": ["es"]}, 400),
        ({"seconds": 5, "languages": ["sw"]}, 400),
        ({"seconds": 5, "languages": ["de-AT"]}, 400),
        ({"seconds": 5, "languages": ["es"], "voice_tier": "gold"}, 400),
        ({"job_id": str(uuid4())}, 404),
    ):
        assert page.post("/api/jobs/quote", json=wrong).status_code == status, wrong
    assert (
        page.post("/api/jobs/quote", json=asked, headers={"Authorization": ""}).status_code == 401
    )


def test_a_recording_that_is_none(vendors: Engines, harness: BillingHarness) -> None:
    job_id = harness.announced("es")
    (key,) = harness.media.keys(f"{job_id}/")
    path = harness.folder / "text.wav"
    path.write_bytes(b"not a sound")
    harness.media.put(key, path, "audio/wav")
    with pytest.raises(BadInput):
        quoting(vendors, harness).announced(harness.claims, job_id)
