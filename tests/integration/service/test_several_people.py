"""Two people in one recording, told apart by a worker of the service."""

from uuid import UUID

import numpy as np
import pytest
import soundfile as sf
import soxr
from tests.integration.vendors.harness import RATE_HZ, ServiceHarness, example

from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.domain.job import DubOptions
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SynthesisRequest
from ytdubber.settings import load_settings

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

TEXT = "Nobody had told me that the gardens were so large, or that the river ran behind the house."


def test_each_has_a_voice_of_their_own(harness: ServiceHarness) -> None:
    """The man is heard first; whose voice the woman's is, is chosen for her."""
    path = harness.folder / "line.wav"
    speak = KokoroSynthesizer(LocalModelStore(load_settings().models)).synthesize
    speak(SynthesisRequest(TEXT, "en", "af_heart"), path, CallContext(UUID(int=1)))
    spoken, rate_hz = sf.read(path, dtype="float32")
    woman = soxr.resample(spoken, rate_hz, RATE_HZ)
    man = example()
    first, second = man[: round(6.5 * RATE_HZ)], man[round(7.5 * RATE_HZ) : 14 * RATE_HZ]
    talk = np.concatenate([first, woman, second, woman])

    options = DubOptions(formats=("flac",), voices={"pt:B": "pf_dora"})
    job_id = harness.send("pt", recording=talk, options=options)
    harness.prepare(job_id)
    assert [(each["id"], each["gender"]) for each in harness.shown(job_id).people] == [
        ("A", "male"),
        ("B", "female"),
    ]
    entry = harness.dub_prepared(job_id)["pt"]
    assert set(entry.voices) == {"A", "B"}
    assert entry.voices["A"] in ("pm_alex", "pm_santa")
    assert entry.voices["B"] == "pf_dora"

    manifest = harness.manifest(job_id)
    assert manifest.engines["diarizer"].provider == "campplus"
    assert [each.voices["pt"] for each in manifest.speakers] == [*entry.voices.values()]
    told = [(each["id"], each["voices"]) for each in harness.shown(job_id).people]
    assert told == [(each.id, each.voices) for each in manifest.speakers]
