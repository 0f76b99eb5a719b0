"""Lines of a dub in a folder kept as the original, split, joined, added and left out."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf
from tests.unit.app.conftest import SPANS_S, FakeDubbing

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.app.local.edit_line import EditLine
from ytdubber.app.local.edits import Edits
from ytdubber.captions.scripts import read_script
from ytdubber.domain.errors import BadField, LineNotThere

RATE = 48_000
Change = Callable[[Edits, Path], list[EditLine]]


@pytest.fixture
def dubbed(fakes: FakeDubbing) -> FakeDubbing:
    fakes.dub(fakes.request())
    return fakes


def edits_of(fakes: FakeDubbing) -> Edits:
    return Edits(fakes.out, FolderBlobStore(fakes.out))


def changed(fakes: FakeDubbing, change: Change) -> list[EditLine]:
    with workspace(fakes.out) as scratch:
        return change(edits_of(fakes), scratch)


def rendered(fakes: FakeDubbing) -> list[dict[str, Any]]:
    """What the dub says once it is made anew."""
    script = read_script((fakes.out / "edits" / "pt.json").read_bytes(), "pt.json")
    fakes.dub(replace(fakes.request(), translations={"pt": script}))
    assert edits_of(fakes).edited() == []
    translation = json.loads((fakes.out / "pt" / "translation.json").read_bytes())
    said: list[dict[str, Any]] = translation["utterances"]
    return said


def voice(fakes: FakeDubbing, start_s: float, end_s: float) -> Any:
    sound, _ = sf.read(fakes.out / "pt" / "voice.flac", dtype="float32")
    return sound[round(start_s * RATE) : round(end_s * RATE)]


def test_the_original_is_heard_in_place_of_a_line_and_gives_it_back(dubbed: FakeDubbing) -> None:
    as_made = [each["target"] for each in rendered_as_is(dubbed)]
    (start_s, end_s), whole = SPANS_S[1], voice(dubbed, 0, 9)
    lines = changed(dubbed, lambda e, s: e.set("pt", {"2": {"keep_original": True}}, s))
    assert [line.edited for line in lines] == [False, True, False]
    said = rendered(dubbed)
    assert [each["target"] for each in said] == [as_made[0], as_made[2]]
    sound = voice(dubbed, start_s + 0.1, end_s - 0.1)
    spectrum = np.abs(np.fft.rfft(sound))
    heard_hz = spectrum.argmax() * RATE / len(sound)
    assert heard_hz == pytest.approx(0.2 * 16_000 / (2 * np.pi), rel=0.01), "the original's tone"
    captions = (dubbed.out / "pt" / "captions.srt").read_text("utf-8")
    assert "word10 word11 word12 word13." in captions
    assert as_made[1] not in captions
    lines = edits_of(dubbed).lines("pt")
    assert [(line.text, line.in_dub) for line in lines] == [
        (as_made[0], True), (as_made[1], False), (as_made[2], True)
    ]  # fmt: skip
    changed(dubbed, lambda e, s: e.set("pt", {"2": {"keep_original": None}}, s))
    assert [each["target"] for each in rendered(dubbed)] == as_made
    assert np.array_equal(voice(dubbed, 0, 9), whole)


def rendered_as_is(fakes: FakeDubbing) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = json.loads((fakes.out / "pt" / "translation.json").read_bytes())[
        "utterances"
    ]
    return said


def test_a_line_is_split_and_joined_again(dubbed: FakeDubbing) -> None:
    lines = changed(dubbed, lambda e, s: e.split("pt", "1", "pt:word00 word01", s))
    assert [line.text for line in lines[:2]] == ["pt:word00 word01", "word02 word03."]
    assert [line.source for line in lines[:2]] == ["word00 word01", "word02 word03."]
    assert [line.edited for line in lines] == [True, True, False, False]
    said = rendered(dubbed)
    assert [each["source_start_ms"] for each in said[:2]] == [500, 1500]
    changed(dubbed, lambda e, s: e.merge("pt", "1", s))
    said = rendered(dubbed)
    assert said[0]["target"] == "pt:word00 word01 word02 word03."
    assert len(said) == 3


def test_a_line_is_added_left_out_and_had_back(dubbed: FakeDubbing) -> None:
    lines = changed(dubbed, lambda e, s: e.insert("pt", "E mais.", 5_200, 5_900, s))
    assert [line.number for line in lines if line.edited] == [3]
    assert [each["target"] for each in rendered(dubbed)][2] == "E mais."
    changed(dubbed, lambda e, s: e.set("pt", {"3": {"removed": True}, "1": {"removed": True}}, s))
    assert len(rendered(dubbed)) == 2
    lines = edits_of(dubbed).lines("pt")
    assert [line.in_dub for line in lines] == [False, True, True], "what was added is forgotten"
    assert not np.any(voice(dubbed, *SPANS_S[0]))
    changed(dubbed, lambda e, s: e.set("pt", {"1": {"removed": None}}, s))
    assert len(rendered(dubbed)) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda e, s: e.split("pt", "1", "nowhere", s),
        lambda e, s: e.split("pt", "1", "word03.", s),
        lambda e, s: e.merge("pt", "3", s),
        lambda e, s: e.insert("pt", "Curto.", 5_200, 5_210, s),
        lambda e, s: e.insert("pt", "", 5_200, 5_900, s),
    ],
)
def test_what_no_line_can_be_is_refused(dubbed: FakeDubbing, change: Change) -> None:
    with pytest.raises(BadField):
        changed(dubbed, change)
    with pytest.raises(LineNotThere):
        changed(dubbed, lambda e, s: e.merge("pt", "7", s))
    assert edits_of(dubbed).edited() == []
