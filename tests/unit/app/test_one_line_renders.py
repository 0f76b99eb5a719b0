"""A dub is made anew of what is kept of it: nothing is decoded or heard, little is mixed."""

import io
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray
from tests.unit.app.conftest import FakeDubbing

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.recordings import FolderRecordingStore
from ytdubber.adapters.filesystem.results import KEPT_S
from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.app.local.edits import Edits
from ytdubber.audio import flac_frames
from ytdubber.captions.scripts import read_script
from ytdubber.domain.caption_variant import CaptionVariant

pytestmark = pytest.mark.dubs

NAMES = ("voice.flac", "mix.flac")
TEXT = "pt:word00 word01 word02 word033."
"""So little longer than what is said that the whole is as loud as before."""


@pytest.fixture
def kept(tmp_path: Path) -> FakeDubbing:
    (tmp_path / "kept").mkdir()
    fakes = FakeDubbing(tmp_path / "kept", keeps=True)
    fakes.dub(fakes.request(keep=("0:03-0:05.5",)))
    return fakes


@pytest.fixture
def anew(tmp_path: Path) -> FakeDubbing:
    """The same without anything kept."""
    (tmp_path / "anew").mkdir()
    fakes = FakeDubbing(tmp_path / "anew")
    fakes.dub(fakes.request(keep=("0:03-0:05.5",)))
    return fakes


def rendered(fakes: FakeDubbing, text: str = TEXT, gain_db: float = 0.2) -> dict[str, int]:
    """One line made anew, louder so that the highest peak is in it again; the time that each stage
    took which was shared.
    """
    line = {"text": text, "gain_db": gain_db}
    with workspace(fakes.out) as scratch:
        Edits(fakes.out, FolderBlobStore(fakes.out)).set("pt", {"1": line}, scratch)
    script = read_script((fakes.out / "edits" / "pt.json").read_bytes(), "pt.json")
    request = replace(fakes.request(keep=("0:03-0:05.5",)), translations={"pt": script})
    return dict(fakes.dub(request).manifest.timings_ms)


def sound(fakes: FakeDubbing) -> list[NDArray[np.int32]]:
    return [sf.read(fakes.out / "pt" / name, dtype="int32")[0] for name in NAMES]


def taken_over(fakes: FakeDubbing) -> list[bool]:
    """Of which files most is that of the one before: those tell no hash of their samples."""
    heads = [(fakes.out / "pt" / name).read_bytes() for name in NAMES]
    return [flac_frames.header(io.BytesIO(head))[26:42] == bytes(16) for head in heads]


def test_it_is_the_same_as_if_nothing_were_kept(kept: FakeDubbing, anew: FakeDubbing) -> None:
    assert taken_over(kept) == [False, False]
    first, calls = sound(kept), kept.counts()
    assert rendered(kept) == {}, "neither decoded nor heard"
    assert kept.counts()[2] == calls[2] + 1
    assert taken_over(kept) == [True, True]
    assert set(rendered(anew)) == {"ingest", "transcribe", "diarize"}
    for was, one, other in zip(first, sound(kept), sound(anew), strict=True):
        assert np.array_equal(one, other)
        assert not np.array_equal(one, was)
    rendered(kept, f"{TEXT}!", 0.4)
    rendered(anew, f"{TEXT}!", 0.4)
    assert taken_over(kept) == [True, True]
    for one, other in zip(sound(kept), sound(anew), strict=True):
        assert np.array_equal(one, other)
    texts = ("captions.srt", "translation.ttml")
    for name in texts:
        said = [(each.out / "pt" / name).read_text("utf-8") for each in (kept, anew)]
        assert said[0] == said[1]


def texts_of(fakes: FakeDubbing) -> dict[str, tuple[int, bytes]]:
    """The recording's own texts, each as the file it is and what is in it."""
    there = sorted(fakes.out.glob("transcript.*"))
    return {each.name: (each.stat().st_ino, each.read_bytes()) for each in there}


def test_the_recordings_texts_are_not_written_again(kept: FakeDubbing) -> None:
    before = texts_of(kept)
    assert len(before) == 4
    rendered(kept)
    assert texts_of(kept) == before


def test_a_text_that_somebody_changed_is_written_again(kept: FakeDubbing) -> None:
    before = texts_of(kept)
    (kept.out / "transcript.vtt").write_text("WEBVTT\n")
    rendered(kept)
    said = {name: data for name, (_, data) in texts_of(kept).items()}
    assert said == {name: data for name, (_, data) in before.items()}


def test_captions_that_were_not_there_are_written(kept: FakeDubbing) -> None:
    before = texts_of(kept)
    kept.dub(kept.request(keep=("0:03-0:05.5",), captions=(CaptionVariant.SDH,)))
    assert {*texts_of(kept)} == {*before, "transcript.sdh.srt", "transcript.sdh.vtt"}


def recording(fakes: FakeDubbing) -> Path:
    (place,) = (fakes.folder / "recordings").iterdir()
    return place


@pytest.mark.parametrize(
    "damage",
    [
        lambda place: (place / "background.wav").unlink(),
        lambda place: (place / "facts.json").write_text("{}"),
    ],
)
def test_what_is_not_all_there_is_decoded_again(
    kept: FakeDubbing, anew: FakeDubbing, damage: Callable[[Path], None]
) -> None:
    damage(recording(kept))
    assert "ingest" in rendered(kept)
    rendered(anew)
    for one, other in zip(sound(kept), sound(anew), strict=True):
        assert np.array_equal(one, other)


def test_a_file_that_somebody_changed_is_mixed_as_a_whole(
    kept: FakeDubbing, anew: FakeDubbing
) -> None:
    mix = kept.out / "pt" / "mix.flac"
    data = bytearray(mix.read_bytes())
    data[-100] ^= 1
    mix.write_bytes(data)
    rendered(kept)
    rendered(anew)
    assert taken_over(kept) == [True, False]
    for one, other in zip(sound(kept), sound(anew), strict=True):
        assert np.array_equal(one, other)


def test_another_recording_is_another_one(kept: FakeDubbing) -> None:
    voice, rate_hz = sf.read(kept.voice, dtype="float32")
    sf.write(kept.voice, voice * 0.9, rate_hz)
    request = kept.request(keep=("0:03-0:05.5",))
    assert "ingest" in kept.dub(request).manifest.timings_ms
    assert "ingest" in kept.dub(kept.request("pt", "es")).manifest.timings_ms
    assert "ingest" not in kept.dub(kept.request("pt", "es", formats=("wav",))).manifest.timings_ms


def test_recordings_are_kept_for_two_days_after_their_last_use(tmp_path: Path) -> None:
    store, root = FolderRecordingStore(tmp_path / "kept"), tmp_path / "kept"
    for key in ("old", "new", "old"):
        file = tmp_path / "voice.wav"
        file.write_bytes(key.encode())
        store.save(key, json.dumps(key).encode(), [file])
        assert not file.exists()
    assert store.load("none") is None
    found = store.load("new")
    assert found is not None
    assert (found[0], (found[1] / "voice.wav").read_bytes()) == (b'"new"', b"new")
    (root / ".part-left").mkdir()
    long_ago = time.time() - KEPT_S - 1
    for place in (root / "old" / "facts.json", root / "new" / "voice.wav", root / ".part-left"):
        os.utime(place, (long_ago, long_ago))
    store.prune()
    assert [each.name for each in root.iterdir()] == ["new"]
