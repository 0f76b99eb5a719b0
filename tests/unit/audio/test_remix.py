"""A mix of which only what changed is mixed again is the one that is mixed as a whole."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tests.unit.audio.judge import ebur128
from tests.unit.audio.sounds import noise, speech

from ytdubber.audio import flac_frames
from ytdubber.audio.ducking import Ducking
from ytdubber.audio.files import write_wav
from ytdubber.audio.mastering_job import HeldLevel
from ytdubber.audio.mix_record import record_of
from ytdubber.audio.mixer import Mastered, master
from ytdubber.audio.mixing import EarlierFiles
from ytdubber.audio.profiles import PROFILES, AudioFormat, Content, Deliverable
from ytdubber.audio.remix import Earlier
from ytdubber.audio.timeline import Clip
from ytdubber.domain.media import AudioFile

pytestmark = pytest.mark.dubs

RATE, SECONDS = 48_000, 40
TOTAL = SECONDS * RATE + 1_234
LINES, EVERY_S = 9, 4
LOUD = replace(PROFILES["youtube"], target_lufs=-9.0)
"""So loud that the limiter works on every line."""


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> list[AudioFile]:
    folder = tmp_path_factory.mktemp("takes")
    made = [speech(1.5 + number / 4, seed=number) for number in range(6)]
    return [write_wav(folder / f"{n}.wav", sound, 24_000) for n, sound in enumerate(made)]


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> AudioFile:
    both = np.stack([noise(TOTAL, 1, 0.02), noise(TOTAL, 2, 0.02)], axis=1)
    return write_wav(tmp_path_factory.mktemp("bed") / "bed.wav", both, RATE)


def placed(takes: list[AudioFile]) -> list[Clip]:
    return [clip(takes[n % 6], n * EVERY_S * RATE + 777 * n) for n in range(LINES)]


def clip(take: AudioFile, start: int, gain_db: float = 0.0, stretch: float = 1.0) -> Clip:
    samples = round(take.samples * RATE / 24_000 / stretch)
    return Clip(take, start, samples, gain_db, synthetic=True)


def files(folder: Path, *formats: AudioFormat) -> list[Deliverable]:
    folder.mkdir()
    return [
        Deliverable(content, each, folder / f"{content}.{each}")
        for content in (Content.VOICE, Content.MIX)
        for each in (AudioFormat.FLAC, *formats)
    ]


def held(made: tuple[Mastered, ...]) -> dict[tuple[Content, AudioFormat], HeldLevel]:
    return {
        (each.deliverable.content, each.deliverable.format): HeldLevel(
            each.setting, each.integrated_lufs
        )
        for each in made
    }


def earlier(made: tuple[Mastered, ...]) -> EarlierFiles:
    return {
        (each.deliverable.content, each.deliverable.format): Earlier(
            each.path, each.sha256, record_of(each.record.to_bytes())
        )
        for each in made
        if each.record
    }


def ints(each: Mastered) -> NDArray[np.int32]:
    sound, rate_hz = sf.read(each.path, dtype="int32", always_2d=True)
    assert (rate_hz, sound.shape) == (RATE, (TOTAL, each.channels))
    return np.asarray(sound, np.int32)


def taken_over(each: Mastered) -> bool:
    """Whether most of a file is another's: such a one tells no hash of all its samples."""
    with each.path.open("rb") as file:
        return flac_frames.header(file)[26:42] == bytes(16)


@settings(max_examples=6, phases=[Phase.generate])
@given(st.data())
def test_it_is_what_the_whole_would_be_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory,
    takes: list[AudioFile],
    bed: AudioFile,
    data: st.DataObject,
) -> None:
    folder = tmp_path_factory.mktemp("mix")
    profile = data.draw(st.sampled_from([PROFILES["youtube"], PROFILES["ebu"], LOUD]))
    ducking = data.draw(st.sampled_from([None, Ducking()]))
    background = data.draw(st.sampled_from([None, bed]))
    watermark = data.draw(st.booleans())
    clips = placed(takes)

    def mixed(name: str, now: list[Clip], **more: Any) -> tuple[Mastered, ...]:
        wanted = files(folder / name)
        return master(
            now, background, TOTAL, wanted, profile=profile, ducking=ducking, basis="bed",
            watermark=watermark, **more,
        )  # fmt: skip

    first = mixed("first", clips)
    before = first
    for turn in range(2):
        number = data.draw(st.integers(0, LINES - 1))
        start = max(0, clips[number].start_sample + data.draw(st.integers(-RATE // 2, RATE // 2)))
        take, gain_db = data.draw(st.sampled_from(takes)), data.draw(st.sampled_from([-3.0, 0, 1]))
        faster = data.draw(st.sampled_from([1.0, 1.0, 1.1]))
        anew = clip(take, start, gain_db, faster)
        anew = replace(anew, samples=min(anew.samples, TOTAL - start))
        removed = data.draw(st.booleans()) and turn == 0
        clips = [*clips[:number], *([] if removed else [anew]), *clips[number + 1 :]]
        clips += [clip(takes[0], 0)] if removed else []
        now = mixed(f"now{turn}", clips, held=held(first), earlier=earlier(before))
        whole = mixed(f"whole{turn}", clips, held=held(first))
        for one, other in zip(now, whole, strict=True):
            assert np.array_equal(ints(one), ints(other))
            assert one.setting == other.setting
            assert one.integrated_lufs == pytest.approx(other.integrated_lufs, abs=1e-6)
            assert one.true_peak_dbtp == pytest.approx(other.true_peak_dbtp, abs=1e-4)
            assert one.dialogue_lufs == pytest.approx(other.dialogue_lufs, abs=1e-6)
            assert one.bytes == one.path.stat().st_size
        before = now


def test_most_of_it_is_taken_over_and_the_file_is_whole(
    tmp_path: Path, takes: list[AudioFile], bed: AudioFile
) -> None:
    clips = placed(takes)
    first = master(clips, bed, TOTAL, files(tmp_path / "first"), profile=LOUD, basis="bed")
    clips[5] = clip(takes[5], clips[5].start_sample + 3_001)
    wanted = files(tmp_path / "now", AudioFormat.MP3)
    now = master(
        clips, bed, TOTAL, wanted, profile=LOUD, basis="bed", held=held(first),
        earlier=earlier(first),
    )  # fmt: skip
    assert [taken_over(each) for each in now if each.record] == [True, True]
    for was, each in zip(first, now[::2], strict=True):
        assert not taken_over(was)
        sound, before = ints(each), ints(was)
        differs = np.flatnonzero((sound != before).any(axis=1))
        assert 19 * RATE < differs[0] < differs[-1] < 25 * RATE
        judged = ebur128((sound / 2**31).astype(np.float32), RATE)
        assert each.integrated_lufs == pytest.approx(judged.integrated_lufs, abs=0.1)
        assert each.true_peak_dbtp == pytest.approx(judged.true_peak_dbtp, abs=0.2)


def test_what_would_not_be_as_loud_is_mixed_as_a_whole(
    tmp_path: Path, takes: list[AudioFile], bed: AudioFile
) -> None:
    clips = placed(takes)
    first = master(clips, bed, TOTAL, files(tmp_path / "first"), basis="bed")

    def whole(name: str, now: list[Clip], **other: Any) -> bool:
        asked = {"basis": "bed", "earlier": earlier(first), "held": held(first)} | other
        made = master(now, bed, TOTAL, files(tmp_path / name), **asked)
        return not any(map(taken_over, made))

    moved = [*clips[:5], clip(takes[2], clips[5].start_sample), *clips[6:]]
    assert not whole("one", moved)
    assert whole("nothing changed", clips)
    assert whole("louder", [replace(each, gain_db=6.0) for each in clips[:5]] + clips[5:])
    assert whole("another background", moved, basis="another")
    assert whole("another profile", moved, profile=PROFILES["ebu"])
    assert whole("marked", moved, watermark=True)
    assert whole("levelled anew", moved, held={})
