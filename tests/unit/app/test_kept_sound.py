"""Stretches of the original in a dub."""

import json

import numpy as np
import pytest
import soundfile as sf
from tests.unit.app.conftest import FakeDubbing, words

from ytdubber.domain.errors import BadField
from ytdubber.domain.media import Interval
from ytdubber.domain.schedule import plan_around
from ytdubber.domain.timing import Slot

LINES = words()
SECOND = LINES[4].start_ms, LINES[7].end_ms
"""The second of three lines, of four words each."""


def test_a_stretch_is_in_the_dub_as_it_is_and_nothing_is_dubbed_there(fakes: FakeDubbing) -> None:
    start_ms, end_ms = SECOND[0] - 100, SECOND[1] + 100
    keep = (f"{start_ms / 1000}-{end_ms / 1000}",)
    manifest = fakes.dub(fakes.request("pt", keep=keep)).manifest
    assert [(each.start_ms, each.end_ms) for each in manifest.source.kept] == [(start_ms, end_ms)]
    assert f"{start_ms / 1000:.1f} to {end_ms / 1000:.1f} s." in manifest.source.notes[-1]
    said = " ".join(word.text for word in LINES[4:8])
    for name in ("pt/translation.json", "transcript.json"):
        text = json.loads((fakes.out / name).read_bytes())
        (passage,) = text["kept"]
        assert len(text["utterances"]) == 2
        (line,) = passage["utterances"]
        assert line.get("source", line.get("text")) == said
    assert said in (fakes.out / "pt" / "captions.srt").read_text("utf-8").replace("\n", " ")

    voice, rate_hz = sf.read(fakes.out / "pt" / "voice.flac")
    source, source_hz = sf.read(fakes.voice)
    times = np.arange(start_ms + 20, end_ms - 20, 0.5) / 1000
    dubbed, original = (
        np.interp(times, np.arange(len(sound)) / hz, sound)
        for sound, hz in ((voice, rate_hz), (source, source_hz))
    )
    assert np.corrcoef(dubbed, original)[0, 1] > 0.99


def test_without_it_nothing_speaks_of_it(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt"))
    for name in ("pt/translation.json", "transcript.json"):
        assert "kept" not in json.loads((fakes.out / name).read_bytes())


def test_a_range_past_the_end_is_refused(fakes: FakeDubbing) -> None:
    with pytest.raises(BadField, match="lies past the end of the recording"):
        fakes.dub(fakes.request("pt", keep=("5-12",)))


def test_lines_give_way_to_what_is_kept() -> None:
    slots = [Slot("a", 0, 2_000, 2_880), Slot("b", 5_050, 6_000, 9_950)]
    kept = Interval(3_000, 5_000)
    lengths_ms = {"a": 3_400, "b": 900}
    first, second = plan_around(slots, lengths_ms, 10_000, [kept]).values()
    assert first.start_ms + first.duration_ms <= kept.start_ms
    assert second.start_ms >= kept.end_ms
    (alone,) = plan_around(slots[:1], lengths_ms, 10_000, []).values()
    assert alone.duration_ms > first.duration_ms
