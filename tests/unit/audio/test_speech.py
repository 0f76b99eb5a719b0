import io
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray

from ytdubber.audio.speech import joined, pauses, pcm16, trimmed, wav_pcm16, write

RATE_HZ = 24_000


def tone(seconds: float, level: float = 0.5) -> NDArray[np.float32]:
    wave: NDArray[np.float64] = level * np.sin(np.arange(int(seconds * RATE_HZ)) * 0.1)
    return wave.astype(np.float32)


TONE = tone(0.1)


def wav(samples: NDArray[np.float32], subtype: str = "PCM_16") -> bytes:
    made = io.BytesIO()
    sf.write(made, samples, RATE_HZ, format="WAV", subtype=subtype)
    return made.getvalue()


def test_a_wav_file_is_read_also_when_its_length_was_not_known() -> None:
    data = wav(TONE)
    samples, rate_hz = wav_pcm16(data)
    assert rate_hz == RATE_HZ
    assert samples == pytest.approx(TONE, abs=1 / 32_768)
    place = data.index(b"data") + 4
    for size in (0xFFFFFFFF, 0x7FFFFFFF):
        streamed = data[:place] + size.to_bytes(4, "little") + data[place + 4 :]
        assert np.array_equal(wav_pcm16(streamed)[0], samples)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a WAV"),
        (b"<html>", "not a WAV"),
        (wav(TONE)[:-100], "cut short"),
        (wav(TONE)[:40], "no sound"),
        (wav(TONE, "PCM_24"), "16-bit mono"),
        (wav(np.stack([TONE, TONE], axis=1)), "16-bit mono"),
    ],
)
def test_what_is_not_such_a_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        wav_pcm16(data)


def test_raw_samples_are_read() -> None:
    assert pcm16(b"\x00\x40\x00\x80").tolist() == [0.5, -1.0]
    with pytest.raises(ValueError, match="size"):
        pcm16(b"\x00")


def test_parts_are_joined_with_their_pauses(tmp_path: Path) -> None:
    parts = [write(TONE, RATE_HZ, tmp_path / f"{n}.wav") for n in range(3)]
    line = joined(parts, [200, 100], tmp_path / "line.wav")
    assert line.samples == 3 * 2_400 + 4_800 + 2_400
    samples, _ = sf.read(tmp_path / "line.wav")
    assert samples[0] == samples[2_399] == samples[2_400] == samples[7_199] == samples[7_200] == 0
    assert np.abs(samples[120:2_200] - TONE[120:2_200]).max() < 1e-3


def test_silence_is_cut_at_the_ends_and_kept_inside() -> None:
    silence = np.zeros(RATE_HZ // 2, np.float32)
    line = np.concatenate([silence, tone(0.3), silence, tone(0.2), silence])
    assert len(trimmed(line, RATE_HZ)) / RATE_HZ == pytest.approx(1.0 + 0.025, abs=0.012)


def test_ends_fade_and_peaks_stay_in_range() -> None:
    line = trimmed(tone(0.5, level=1.4), RATE_HZ)
    assert line[0] == line[-1] == 0
    assert 0.9 < np.abs(line).max() <= 0.981


def test_silence_alone_leaves_nothing() -> None:
    assert len(trimmed(np.zeros(1_000, np.float32), RATE_HZ)) == 0
    assert len(trimmed(np.zeros(0, np.float32), RATE_HZ)) == 0


def test_a_line_is_written_as_16_bit_wav(tmp_path: Path) -> None:
    audio = write(tone(0.1), RATE_HZ, tmp_path / "line.wav")
    assert (audio.samples, audio.duration_ms) == (2_400, 100)
    assert sf.info(tmp_path / "line.wav").subtype == "PCM_16"


def test_pauses_are_where_a_line_is_silent_for_long() -> None:
    def silence(seconds: float) -> NDArray[np.float32]:
        return tone(seconds, 0.003)

    line = np.concatenate(
        [silence(0.4), TONE, silence(0.4), TONE, silence(0.2), TONE, silence(0.4)]
    )
    (pause,) = pauses(line, RATE_HZ, 300)
    assert pause.start_ms == pytest.approx(500, abs=5)
    assert pause.end_ms == pytest.approx(900, abs=5)
    assert len(pauses(line, RATE_HZ, 190)) == 2
    assert pauses(np.zeros(5, np.float32), RATE_HZ, 0) == ()
