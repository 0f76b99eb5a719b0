"""What the command line says of what a person should listen to."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.unit.app.conftest import FakeDubbing
from tests.unit.app.test_review import HalfTranslator
from typer.testing import CliRunner

from ytdubber.cli.main import app
from ytdubber.cli.review import clock, sentences
from ytdubber.domain.review import Place, ReviewReason

STRETCHES = [{"start_ms": 61_000, "end_ms": 63_500}]


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dub that was made elsewhere, of 70 s; and a data folder of the test's own."""
    monkeypatch.setenv("YTDUBBER_HOME", str(tmp_path / "home"))
    sf.write(tmp_path / "voice.wav", 0.1 * np.sin(np.arange(70 * 48_000) * 0.05), 48_000)
    lines = [
        {"id": "u1", "source_start_ms": 0, "source_end_ms": 2_000, "dub_start_ms": 0,
         "dub_end_ms": 2_000},
        {"id": "u2", "source_start_ms": 3_000, "source_end_ms": 4_000, "dub_start_ms": 3_050,
         "dub_end_ms": 4_050, "rate": 1.5, "review": ["not_translated"]},
    ]  # fmt: skip
    segments = {"language": "pt", "samples": 70 * 48_000, "sample_rate_hz": 48_000}
    segments |= {"utterances": lines, "uncovered": STRETCHES}
    (tmp_path / "segments.json").write_text(json.dumps(segments))
    return tmp_path


def test_evaluate_names_what_to_listen_to_and_counts_it_as_lost(theirs: Path) -> None:
    said = run("evaluate", theirs, "--html", theirs / "report.html")
    assert "0:03.0 to 0:04.0: could not be translated" in said
    assert "1:01.0 to 1:03.5: somebody speaks and no word was made out" in said
    assert "2.50 s" in said
    report = (theirs / "report.html").read_text("utf-8")
    assert "1:01.0 to 1:03.5: somebody speaks" in report
    assert report.count("class=lost") == 1


def test_evaluate_tells_programs(theirs: Path) -> None:
    (found,) = json.loads(run("evaluate", theirs, "--json"))
    assert found["timing"]["lost_speech_s"] == 2.5
    assert found["uncovered"] == STRETCHES
    assert [(place["line"], place["reasons"]) for place in found["review"]] == [
        ("u2", ["not_translated", "too_fast"]),
        (None, ["uncovered"]),
    ]


def test_evaluate_reads_the_manifest_of_a_dub(fakes: FakeDubbing) -> None:
    fakes.translator = HalfTranslator()
    fakes.dub(fakes.request())
    manifest = fakes.out / "manifest.json"
    described = json.loads(manifest.read_bytes())
    described["source"]["uncovered"] = {
        "seconds": 1.0,
        "stretches": [{"start_ms": 2_000, "end_ms": 3_000}],
    }
    manifest.write_text(json.dumps(described))
    (found,) = json.loads(run("evaluate", fakes.out, "--json"))
    assert found["timing"]["lost_speech_s"] == 1.0
    assert [place["reasons"] for place in found["review"]] == [["uncovered"], ["not_translated"]]


def test_show_names_what_to_listen_to(fakes: FakeDubbing) -> None:
    fakes.translator = HalfTranslator()
    (place,) = fakes.dub(fakes.request()).manifest.languages["pt"].review
    said = run("show", fakes.out)
    assert f"{clock(place.start_ms)} to {clock(place.end_ms)}: could not be translated" in said


def test_of_many_places_it_says_how_many_are_left_out() -> None:
    many = [Place(n * 1_000, n * 1_000 + 500, None, (ReviewReason.UNCOVERED,)) for n in range(12)]
    assert len(sentences(many)) == 12
    assert sentences(many, 10)[-1] == "and 2 more"
    assert sentences(many, 12)[-1].startswith("0:11.0 to 0:11.5")
    assert sentences([]) == []


@pytest.mark.parametrize(
    ("ms", "shown"),
    [(0, "0:00.0"), (62_399, "1:02.3"), (59_999, "0:59.9"), (3_602_300, "1:00:02.3")],
)
def test_moments(ms: int, shown: str) -> None:
    assert clock(ms) == shown
