"""Media that means harm or came to harm: refused by name, or decoded to what it really holds."""

from pathlib import Path

import numpy as np
import pytest
from tests.integration.audio.films import Sound, damaged, media
from tests.integration.audio.hostile import (
    id3_with_picture,
    playlists,
    silent_flac,
    wav,
)
from tests.unit.audio.sounds import music, tone, write_media

from ytdubber.audio.decode import Decoded, DecodeLimits, DecodeOutput, decode
from ytdubber.domain.errors import BadInput, EmptyFile, NotAudio, SoundTooLong, UnsupportedAudio

CODINGS = {
    "wav": ("pcm_s16le", "wav"),
    "flac": ("flac", "flac"),
    "mp3": ("libmp3lame", "mp3"),
    "opus": ("libopus", "ogg"),
    "m4a": ("aac", "mp4"),
    "mkv": ("aac", "matroska"),
    "aac": ("aac", "adts"),
}
SAMPLES = 240_000
LIMITS = DecodeLimits(max_duration_s=60)


def opened(source: Path, limits: DecodeLimits = LIMITS) -> Decoded:
    return decode(source, [DecodeOutput(source.with_name("out.wav"))], limits)


def written(folder: Path, data: bytes, name: str = "voice.mp3") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


@pytest.mark.parametrize("name", [*playlists(Path()), "text", "zeros", "random", "html", "picture"])
def test_what_is_no_sound_is_refused(tmp_path: Path, name: str) -> None:
    canary = write_media(
        tmp_path / "canary.wav", tone(48_000)[:, np.newaxis], 48_000, "pcm_s16le", "wav"
    )
    files = {
        **playlists(canary),
        "text": b"This is only a text.\n" * 500,
        "zeros": bytes(100_000),
        "random": np.random.default_rng(0).bytes(20_000),
        "html": b"<!doctype html><title>404</title>" * 100,
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(1000),
    }
    with pytest.raises(NotAudio, match=r"voice\.mp3: this is not a sound or video file"):
        opened(written(tmp_path, files[name]))
    assert not (tmp_path / "out.wav").exists()


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (wav(rate_hz=2_000_000_000), UnsupportedAudio, "sample rate of 2000000000 Hz"),
        (wav(rate_hz=7), UnsupportedAudio, "sample rate of 7 Hz"),
        (wav(rate_hz=0), BadInput, None),
        (wav(channels=60_000), BadInput, None),
        (wav(channels=9, data=bytes(18 * 480)), UnsupportedAudio, "it has 9 channels"),
        (wav(channels=0), BadInput, None),
        (wav(format_tag=0x0022), UnsupportedAudio, "coded as truespeech"),
        (wav(format_tag=0x7777), BadInput, None),
        (wav(data=b""), EmptyFile, "the file is empty"),
        (wav(data=b"x"), EmptyFile, "the file is empty"),
        (id3_with_picture(), NotAudio, "not a sound"),
        (b"fLaC", BadInput, None),
        (b"RIFF\xff\xff\xff\xffWAVE", BadInput, None),
        (b"OggS" + bytes(200), BadInput, None),
        (b"\x00\x00\x00\x18ftypM4A " + bytes(200), BadInput, None),
        (b"\x1a\x45\xdf\xa3" + bytes(200), BadInput, None),
    ],
)
def test_a_header_that_lies_is_refused(
    tmp_path: Path, data: bytes, error: type[BadInput], words: str | None
) -> None:
    with pytest.raises(error, match=words):
        opened(written(tmp_path, data))


def test_a_claim_of_more_than_there_is_is_not_believed(tmp_path: Path) -> None:
    data = wav(data=bytes(9600), claimed_bytes=0xFFFFFFF0)
    assert opened(written(tmp_path, data)).samples == 4800


def test_ten_hours_in_a_few_kilobytes_stop_at_the_limit(tmp_path: Path) -> None:
    data = silent_flac(36_000)
    assert len(data) < 100_000
    with pytest.raises(SoundTooLong, match="longer than 10 minutes"):
        opened(written(tmp_path, data), DecodeLimits(max_duration_s=600))
    assert not (tmp_path / "out.wav").exists()


def test_silence_in_a_few_bytes_is_silence_of_its_true_length(tmp_path: Path) -> None:
    result = opened(written(tmp_path, silent_flac(60)))
    assert result.samples == 60 * 8000 // 65_535 * 65_535


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    return {
        name: write_media(
            folder / name, music(SAMPLES / 48_000), 48_000, codec, container
        ).read_bytes()
        for name, (codec, container) in CODINGS.items()
    }


@pytest.mark.parametrize("share", [0.3, 0.6, 0.93])
@pytest.mark.parametrize("name", CODINGS)
def test_a_truncated_file_holds_what_is_left_of_it(
    tmp_path: Path, whole: dict[str, bytes], name: str, share: float
) -> None:
    source = written(tmp_path, whole[name][: int(share * len(whole[name]))])
    if name == "m4a":  # its index was at its end
        with pytest.raises(NotAudio):
            opened(source)
        return
    samples = opened(source).samples
    page = 48_000 if name == "opus" else 0  # an Ogg page cut in two is lost, and may last a second
    assert samples <= SAMPLES + 2048
    assert samples == pytest.approx(share * SAMPLES, abs=0.1 * SAMPLES + page)


def test_a_truncated_m4a_with_its_index_in_front_holds_what_is_left(tmp_path: Path) -> None:
    source = write_media(
        tmp_path / "in",
        music(SAMPLES / 48_000),
        48_000,
        "aac",
        "mp4",
        options={"movflags": "+faststart"},
    )
    data = source.read_bytes()
    source.write_bytes(data[: len(data) // 2])
    assert opened(source).samples == pytest.approx(SAMPLES / 2, abs=0.1 * SAMPLES)


FILMS = {"mp4": "aac", "matroska": "libopus"}
OTHERS = {
    "aiff": ("pcm_s16be", "aiff"),
    "wma": ("wmav2", "asf"),
    "au": ("pcm_s16be", "au"),
    "caf": ("alac", "caf"),
    "w64": ("pcm_s16le", "w64"),
    "ac3": ("ac3", "ac3"),
    "eac3 in mkv": ("eac3", "matroska"),
}


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Two seconds in every container that is not in `whole`, and films."""
    folder, sound = tmp_path_factory.mktemp("others"), music(2.0, channels=1)
    made = {
        name: write_media(
            folder / name, sound, 48_000, *coding, codec_options={"b": "128000"}
        ).read_bytes()
        for name, coding in OTHERS.items()
    }
    for name, codec in FILMS.items():
        sounds = [Sound(sound[:, 0], codec, delay_s=0.5), Sound(sound[:, 0], codec)]
        made[name] = media(folder / name, name, sounds, picture_s=2.5).read_bytes()
    return made


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", [*OTHERS, *FILMS])
def test_a_file_that_came_to_harm_is_decoded_or_refused(
    tmp_path: Path, others: dict[str, bytes], name: str, seed: int
) -> None:
    """Cut off, with bits flipped, with noise in it, or with pieces in another order."""
    random = np.random.default_rng([seed, *name.encode()])
    data = bytearray(others[name])
    at, to = sorted(int(place) for place in random.integers(0, len(data), 2))
    match seed % 4:
        case 0:
            del data[max(at, 64) :]
        case 1:
            for place in random.integers(0, len(data), 20):
                data[place] ^= 1 << int(random.integers(8))
        case 2:
            data = bytearray(damaged(bytes(data), at, min(2000, len(data) - at), seed))
        case _:
            data = data[:at] + data[to:] + data[at:to]
    try:
        result = opened(written(tmp_path, bytes(data)))
    except BadInput:
        assert not (tmp_path / "out.wav").exists()
        return
    assert 0 < result.duration_ms <= 60_000
    assert result.files[0].samples == pytest.approx(result.duration_ms * 48, abs=50)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", CODINGS)
def test_flipped_bits_do_no_harm(
    tmp_path: Path, whole: dict[str, bytes], name: str, seed: int
) -> None:
    """Few bits anywhere, or many past the header; the sound is what decodes, never longer."""
    random = np.random.default_rng(seed)
    data = bytearray(whole[name])
    first, flips = (0, 5) if seed % 2 else (200, 200)
    for at in random.integers(first, len(data), flips):
        data[at] ^= 1 << int(random.integers(8))
    try:
        result = opened(written(tmp_path, bytes(data)))
    except BadInput:
        return
    assert 0 < result.duration_ms <= 60_000
    assert result.files[0].samples == pytest.approx(result.duration_ms * 48, abs=50)


def test_a_vbr_mp3_without_a_header_is_decoded_to_its_end(tmp_path: Path) -> None:
    quiet_then_loud = np.concatenate([np.zeros((96_000, 1), np.float32), music(4.0, channels=1)])
    source = write_media(
        tmp_path / "in",
        quiet_then_loud,
        48_000,
        "libmp3lame",
        "mp3",
        options={"write_xing": "0"},
        codec_options={"compression_level": "7", "qscale": "4", "flags": "+qscale"},
    )
    samples = opened(source).samples
    assert quiet_then_loud.shape[0] <= samples <= quiet_then_loud.shape[0] + 3 * 1152


@pytest.mark.parametrize(("codec", "spare"), [("libopus", 0), ("flac", 0)])
def test_chained_ogg_is_all_of_its_links(tmp_path: Path, codec: str, spare: int) -> None:
    links = [
        write_media(tmp_path / str(n), tone(48_000 + n)[:, np.newaxis], 48_000, codec, "ogg")
        for n in range(3)
    ]
    source = written(tmp_path, b"".join(link.read_bytes() for link in links))
    assert opened(source).samples == pytest.approx(3 * 48_000 + 3, abs=spare)


def test_a_change_of_rate_and_channels_on_the_way_keeps_the_time(tmp_path: Path) -> None:
    parts = [
        write_media(tmp_path / str(rate), music(1.0, rate, channels), rate, "libmp3lame", "mp3")
        for rate, channels in ((48_000, 1), (24_000, 2), (44_100, 1), (22_050, 2))
    ]
    source = written(tmp_path, b"".join(part.read_bytes() for part in parts))
    result = opened(source)
    assert result.duration_ms == pytest.approx(4000, abs=300)
    assert result.files[0].samples == round(result.samples * 48_000 / result.sample_rate_hz)
