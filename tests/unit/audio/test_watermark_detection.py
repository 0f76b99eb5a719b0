"""The watermark is found in what becomes of a voice, and nowhere else."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
import soxr
from numpy.typing import NDArray
from tests.unit.audio.sounds import music, speech, write_media
from tests.unit.audio.test_watermark import marked

from ytdubber.audio.watermark import pattern
from ytdubber.audio.watermark_detection import (
    RATE_HZ,
    Presence,
    WatermarkFound,
    detect_patterns,
    detect_watermark,
)

RATE = 48_000
Samples = NDArray[np.float32]


@pytest.fixture(scope="module")
def voice() -> Samples:
    return np.concatenate([speech(2.5, RATE, seed) for seed in range(6)]).astype(np.float32)


@pytest.fixture(scope="module")
def spoken(voice: Samples) -> Samples:
    return marked(voice)


def found(sound: NDArray[np.floating], rate_hz: float = RATE) -> WatermarkFound:
    return detect_watermark(blocks(soxr.resample(sound, rate_hz, RATE_HZ)))


def blocks(sound: Samples) -> Iterator[Samples]:
    for start in range(0, len(sound), 10_007):
        yield sound[start : start + 10_007]


def test_it_is_found_in_the_voice_and_not_without_it(voice: Samples, spoken: Samples) -> None:
    heard = found(spoken)
    assert heard.presence is Presence.PRESENT
    assert heard.score > heard.needed + 2
    without = found(voice)
    assert without.presence is Presence.NOT_FOUND
    assert without.score < heard.needed - 1


def test_another_pattern_is_not_found(spoken: Samples) -> None:
    sound = soxr.resample(spoken, RATE, RATE_HZ)
    others = np.random.default_rng(3).choice(np.array([-1, 1], np.int8), (40, *pattern().shape))
    ours, *rest = detect_patterns([sound], np.concatenate([pattern()[np.newaxis], others]))
    assert ours.presence is Presence.PRESENT
    assert {each.presence for each in rest} == {Presence.NOT_FOUND}


def test_it_is_found_in_mp3_of_64_kbit_s(spoken: Samples, tmp_path: Path) -> None:
    path = tmp_path / "voice.mp3"
    with av.open(str(path), "w", format="mp3") as file:
        stream = file.add_stream("libmp3lame", rate=RATE, layout="mono", bit_rate=64_000)
        frame = av.AudioFrame.from_ndarray(spoken[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate = RATE
        file.mux([*stream.encode(frame), *stream.encode(None)])
    with av.open(str(path)) as file:
        back = np.concatenate([each.to_ndarray()[0] for each in file.decode(audio=0)])
    assert found(back).presence is Presence.PRESENT


def test_it_is_found_on_the_telephone_softer_and_from_the_middle(
    spoken: Samples, tmp_path: Path
) -> None:
    narrow = soxr.resample(spoken[3 * RATE + 1_234 :], RATE, 8_000)[:, np.newaxis] / 4
    path = write_media(tmp_path / "line.wav", narrow, 8_000, "pcm_mulaw", "wav")
    with av.open(str(path)) as file:
        back = np.concatenate([each.to_ndarray()[0] for each in file.decode(audio=0)])
    assert found(back.astype(np.float32) / 32_768, 8_000).presence is Presence.PRESENT


def test_it_is_found_under_music_that_is_10_db_softer(spoken: Samples) -> None:
    bed = music(len(spoken) / RATE, RATE, 1)[: len(spoken), 0]
    gain = np.float32(np.sqrt(np.mean(spoken**2) / np.mean(bed**2)) * 10**-0.5)
    assert found(spoken + gain * bed).presence is Presence.PRESENT
    assert found(bed).presence is Presence.NOT_FOUND


def test_it_is_found_where_the_sound_is_played_slower(spoken: Samples) -> None:
    """Slots last longer; pitch is kept by taking each of them over a little more than whole."""
    hop, grain = 960, 1920
    starts = (np.arange(len(spoken) // hop - 4) * hop / 1.04).astype(int)
    window = np.hanning(grain + 1)[:-1].astype(np.float32)
    slower = np.zeros(len(starts) * hop + grain, np.float32)
    for place, start in enumerate(starts):
        slower[place * hop : place * hop + grain] += window * spoken[start : start + grain]
    heard = found(slower)
    assert heard.presence is Presence.PRESENT
    assert heard.tempo == pytest.approx(1.04, abs=0.006)


def test_what_is_too_short_or_silent_carries_none() -> None:
    for sound in (np.zeros(0, np.float32), np.zeros(100, np.float32), np.zeros(90_000, np.float32)):
        assert detect_watermark([sound]).presence is Presence.NOT_FOUND
    assert detect_watermark([]).presence is Presence.NOT_FOUND
