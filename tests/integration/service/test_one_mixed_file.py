"""One mixed recording dubbed by a worker of the service, with the real models."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import soundfile as sf
from tests.integration.vendors.harness import ServiceHarness
from tests.mixes import RATE_HZ, Samples, example_mix, si_sdr_db

from ytdubber.domain.job import DubOptions
from ytdubber.domain.separation import Separating

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

SECONDS = 6.5
OPTIONS = DubOptions(formats=("flac",), stems=True, separate=Separating.AUTO)


def separated(harness: ServiceHarness, job_id: UUID) -> set[Path]:
    """The separated voice as the storage has it; written anew it has another name."""
    size = round(SECONDS * 44_100) * 2 * 2
    files = (harness.folder / "home" / "media").rglob(f"{job_id}.*")
    return {path for path in files if 0 <= path.stat().st_size - size < 1_000}


def heard(harness: ServiceHarness, job_id: UUID, path: str) -> tuple[Samples, int]:
    """A finished file of sound."""
    file = harness.folder / f"{uuid4()}.flac"
    file.write_bytes(harness.delivered(job_id, path))
    sound, rate_hz = sf.read(file, dtype="float32")
    return sound, int(rate_hz)


def test_what_is_not_the_voice_is_under_the_dub(harness: ServiceHarness) -> None:
    """Decided and separated once: the language has what was made when the recording was heard, on
    one core.
    """
    mix = example_mix(5, seconds=SECONDS)
    job_id = harness.send("pt", recording=mix.sound, rate_hz=RATE_HZ, options=OPTIONS)
    harness.prepare(job_id)
    assert harness.shown(job_id).separated
    (note,) = harness.shown(job_id).notes
    assert note.startswith("voice.flac: music or noise is heard under the voice")
    made = separated(harness, job_id)
    assert len(made) == 1
    (entry,) = harness.dub_prepared(job_id).values()
    assert {file.kind for file in entry.files} >= {"voice", "mix", "background-stem"}

    background, rate_hz = heard(harness, job_id, "pt/background-stem.flac")
    assert rate_hz == RATE_HZ
    assert si_sdr_db(background, mix.background) > si_sdr_db(mix.sound, mix.background) + 5
    manifest = harness.manifest(job_id)
    assert manifest.engines["separator"].provider == "spleeter"
    assert manifest.source.background is None
    assert manifest.timings_ms["separate"] > 0
    assert separated(harness, job_id) == made


def test_a_voice_alone_stays_as_it_is(harness: ServiceHarness) -> None:
    quiet = example_mix(60, seconds=SECONDS)
    options = replace(OPTIONS, stems=False)
    job_id = harness.send("pt", recording=quiet.voice, rate_hz=RATE_HZ, options=options)
    harness.prepare(job_id)
    assert not harness.shown(job_id).separated
    (note,) = harness.shown(job_id).notes
    assert "it was not separated, and the voice alone is dubbed" in note
