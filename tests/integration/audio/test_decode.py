"""Media as people have it: decoded to its true length, in every output asked for."""

import os
import struct
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from tests.decoders import decoders, killed_decoders
from tests.integration.audio.hostile import with_itunes_gapless
from tests.unit.audio.sounds import Samples, music, tone, write_media
from tests.waiting import until

from ytdubber.audio.decode import Decoded, DecodeLimits, DecodeOutput, decode
from ytdubber.domain.errors import (
    Cancelled,
    DecoderStopped,
    EmptyFile,
    FileNotReadable,
    FolderNotWritable,
    NoSound,
    SoundTooLong,
    UnsupportedAudio,
)
from ytdubber.domain.media import AudioFile

CODINGS = {
    "wav 8": ("pcm_u8", "wav", 0),
    "wav 16": ("pcm_s16le", "wav", 0),
    "wav 24": ("pcm_s24le", "wav", 0),
    "wav 32": ("pcm_s32le", "wav", 0),
    "wav float": ("pcm_f32le", "wav", 0),
    "wav double": ("pcm_f64le", "wav", 0),
    "flac": ("flac", "flac", 0),
    "flac in ogg": ("flac", "ogg", 0),
    "mp3": ("libmp3lame", "mp3", 0),
    "opus": ("libopus", "ogg", 0),
    "m4a": ("aac", "mp4", 0),
    "mov": ("aac", "mov", 0),
    "alac": ("alac", "mp4", 0),
    "aac": ("aac", "adts", 1024),  # no word about padding: whole frames
    "mkv": ("aac", "matroska", 1024),
    "webm": ("libopus", "webm", 0),
    "ac-3 in mkv": ("ac3", "matroska", 1536),
    "aiff": ("pcm_s24be", "aiff", 0),
    "aiff-c": ("pcm_f32be", "aiff", 0),
    "au": ("pcm_s16be", "au", 0),
    "caf": ("pcm_s24le", "caf", 0),
    "alac in caf": ("alac", "caf", 0),
    "wma": ("wmav2", "asf", 2048),
    "wma 1": ("wmav1", "asf", 2048),
    "w64": ("pcm_s16le", "w64", 3),  # to whole 8 bytes
    "rf64": ("pcm_s16le", "wav", 0),
}
OPTIONS = {"rf64": {"rf64": "always"}}


def decoded_alone(
    source: Path, sample_rate_hz: int | None = None, folder: Path | None = None
) -> tuple[Decoded, Samples]:
    """The file's facts and its sound at its own rate, float32[n, channels]."""
    out = (folder or source.parent) / "out.wav"
    result = decode(source, [DecodeOutput(out, sample_rate_hz)])
    sound, _ = soundfile.read(out, dtype="float32", always_2d=True)
    assert sound.shape == (result.files[0].samples, result.files[0].channels)
    return result, sound


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("name", CODINGS)
def test_every_format_decodes_to_its_true_length(tmp_path: Path, name: str, channels: int) -> None:
    codec, container, padding = CODINGS[name]
    samples = 50_021
    original = music(samples / 48_000, channels=channels)
    options = {"movie_timescale": "48000"} if container in ("mp4", "mov") else {}
    source = write_media(
        tmp_path / "in",
        original,
        48_000,
        codec,
        container,
        options=options | OPTIONS.get(name, {}),
        codec_options={"b": "128000"},
    )
    result, sound = decoded_alone(source)
    assert (result.sample_rate_hz, result.channels) == (48_000, channels)
    assert samples + min(0, padding) <= result.samples <= samples + max(0, padding)
    assert sound.shape == (result.samples, channels)
    common = sound[1000:samples, 0]
    reach = range(-2, 3)
    likeness = [float(common[3000:40_000] @ original[4000 - d : 41_000 - d, 0]) for d in reach]
    best = int(np.argmax(likeness))
    assert reach[best] == 0
    assert likeness[best] > 0.9 * float(original[4000:41_000, 0] @ original[4000:41_000, 0])


@pytest.mark.parametrize("rate_hz", [8000, 11_025, 16_000, 22_050, 24_000, 44_100, 96_000, 192_000])
def test_at_48_khz_the_length_is_exact_for_any_rate(tmp_path: Path, rate_hz: int) -> None:
    samples = rate_hz + 577
    original = tone(samples, rate_hz, 440.0)[:, np.newaxis]
    source = write_media(tmp_path / "in", original, rate_hz, "pcm_f32le", "wav")
    result, sound = decoded_alone(source, 48_000)
    assert (result.sample_rate_hz, result.samples) == (rate_hz, samples)
    assert sound.shape == (round(samples * 48_000 / rate_hz), 1)
    assert np.abs(sound[2000:-2000, 0] - tone(len(sound))[2000:-2000]).max() < 1e-3


def test_one_decode_writes_every_output(tmp_path: Path) -> None:
    original = music(1.5, 44_100)
    source = write_media(tmp_path / "in", original, 44_100, "flac", "flac")
    outputs = [
        DecodeOutput(tmp_path / "mix.wav", 48_000),
        DecodeOutput(tmp_path / "voice.wav", 48_000, 1),
        DecodeOutput(tmp_path / "listen.wav", 16_000, 1, "PCM_16"),
        DecodeOutput(tmp_path / "own.wav", None, 2, "PCM_16"),
    ]
    told: list[float] = []
    result = decode(source, outputs, progress=told.append)
    assert (result.container, result.codec) == ("flac", "flac")
    assert result.duration_ms == 1500
    assert result.files == (
        AudioFile(tmp_path / "mix.wav", 48_000, 2, 72_000),
        AudioFile(tmp_path / "voice.wav", 48_000, 1, 72_000),
        AudioFile(tmp_path / "listen.wav", 16_000, 1, 24_000),
        AudioFile(tmp_path / "own.wav", 44_100, 2, 66_150),
    )
    for file in result.files:
        info = soundfile.info(file.path)
        assert (info.samplerate, info.channels, info.frames) == (
            file.sample_rate_hz,
            file.channels,
            file.samples,
        )
    assert soundfile.info(tmp_path / "listen.wav").subtype == "PCM_16"
    mix, _ = soundfile.read(tmp_path / "mix.wav")
    voice, _ = soundfile.read(tmp_path / "voice.wav")
    assert np.abs(mix.mean(axis=1) - voice).max() < 1e-5
    own, _ = soundfile.read(tmp_path / "own.wav")
    assert np.abs(own - original).max() < 1e-4
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_16_bits_stay_the_same_bits(tmp_path: Path) -> None:
    source = write_media(tmp_path / "in", music(0.5), 48_000, "pcm_s16le", "wav")
    decode(source, [DecodeOutput(tmp_path / "out", None, None, "PCM_16")])
    before, _ = soundfile.read(source, dtype="int16")
    after, _ = soundfile.read(tmp_path / "out", dtype="int16")
    assert np.array_equal(before, after)


def test_an_m4a_without_an_edit_list_ends_where_itunes_says(tmp_path: Path) -> None:
    original = tone(50_000)[:, np.newaxis]
    source = write_media(
        tmp_path / "in", original, 48_000, "aac", "mp4", options={"use_editlist": "0"}
    )
    plain, _ = decoded_alone(source)
    assert plain.samples == 50_000
    source.write_bytes(with_itunes_gapless(source.read_bytes(), 1024, 0, 49_900))
    result, sound = decoded_alone(source)
    assert result.samples == 49_900
    assert np.abs(sound[5000:45_000] - original[5000:45_000]).max() < 0.05


def test_a_float_file_may_pass_full_scale_and_hold_nonsense(tmp_path: Path) -> None:
    original = np.zeros((4800, 1), np.float32)
    original[:4, 0] = (np.nan, np.inf, -np.inf, 3.0)
    source = tmp_path / "in"
    soundfile.write(source, original, 48_000, "FLOAT", format="WAV")
    _, sound = decoded_alone(source)
    assert sound[:4, 0].tolist() == [0.0, 64.0, -64.0, 3.0]


def video(path: Path, sound: Samples | None) -> Path:
    """Half a second of film, with or without a sound track."""
    with av.open(str(path), "w", format="mp4") as file:
        pictures = file.add_stream("mpeg4", rate=10, width=64, height=48, pix_fmt="yuv420p")
        assert isinstance(pictures, av.VideoStream)
        track = file.add_stream("aac", rate=48_000, layout="mono") if sound is not None else None
        for number in range(5):
            picture = av.VideoFrame.from_ndarray(
                np.full((48, 64, 3), 40 * number, np.uint8), format="rgb24"
            )
            picture.pts, picture.time_base = number, Fraction(1, 10)
            file.mux(pictures.encode(picture))
        file.mux(pictures.encode(None))
        if track is not None and sound is not None:
            assert isinstance(track, av.AudioStream)
            frame = av.AudioFrame.from_ndarray(sound.T.copy(), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48_000, 0
            file.mux(track.encode(frame))
            file.mux(track.encode(None))
    return path


def test_a_film_s_sound_is_taken(tmp_path: Path) -> None:
    result, _ = decoded_alone(video(tmp_path / "in", tone(24_000)[:, np.newaxis]))
    assert (result.codec, result.samples) == ("aac", 24_000)


def test_a_film_without_sound_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoSound, match=r"^holiday\.mp4: the file has no audio track"):
        decode(
            video(tmp_path / "in", None),
            [DecodeOutput(tmp_path / "out")],
            display_name="holiday.mp4",
        )
    assert not (tmp_path / "out").exists()


def test_a_cover_picture_is_no_obstacle(tmp_path: Path) -> None:
    original = tone(24_000)[:, np.newaxis]
    source = write_media(tmp_path / "in", original, 48_000, "libmp3lame", "mp3")
    covered = tmp_path / "covered"
    with av.open(str(source)) as file, av.open(str(covered), "w", format="mp3") as out:
        cover = out.add_stream("png", rate=1, width=8, height=8, pix_fmt="rgb24")
        track = out.add_stream_from_template(file.streams.audio[0])
        assert isinstance(cover, av.VideoStream)
        picture = av.VideoFrame.from_ndarray(np.zeros((8, 8, 3), np.uint8), format="rgb24")
        packets = [*cover.encode(picture), *cover.encode(None)]
        for packet in file.demux(file.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = track
                packets.append(packet)
        out.mux(packets)
    assert b"APIC" in covered.read_bytes()
    result, _ = decoded_alone(covered)
    assert 24_000 <= result.samples < 26_000


def test_tags_in_any_coding_are_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "tagged.wav"
    soundfile.write(path, tone(24_000), 48_000)
    title = b"INAM" + struct.pack("<I", 8) + b"\xe9t\xe9 \xff\xfe\x80\x00"
    info = b"LIST" + struct.pack("<I", 4 + len(title)) + b"INFO" + title
    data = path.read_bytes()
    size = struct.pack("<I", len(data) + len(info) - 8)
    path.write_bytes(data[:4] + size + data[8:12] + info + data[12:])
    result, _ = decoded_alone(path)
    assert result.samples == 24_000


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    output = [DecodeOutput(tmp_path / "out")]
    with pytest.raises(FileNotReadable, match="No such file"):
        decode(tmp_path / "nothing", output)
    with pytest.raises(FileNotReadable, match="it is a folder"):
        decode(tmp_path, output)
    with pytest.raises(FileNotReadable, match="it is not a regular file"):
        decode(tmp_path / "pipe", output)
    with pytest.raises(EmptyFile, match="mine: the file is empty"):
        decode(tmp_path / "empty", output, display_name="mine")


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    source = write_media(tmp_path / "in", tone(4800)[:, np.newaxis], 48_000, "flac", "flac")
    with pytest.raises(FolderNotWritable, match="No such file or directory"):
        decode(source, [DecodeOutput(tmp_path / "nowhere" / "out")])


@pytest.mark.parametrize("name", ["concat:x|y", "-i", "%d.wav", "a:b.wav", "data:audio", "é\n.wav"])
def test_a_name_means_nothing(tmp_path: Path, name: str) -> None:
    source = write_media(tmp_path / "in", tone(4800)[:, np.newaxis], 48_000, "flac", "flac")
    result, _ = decoded_alone(source.rename(tmp_path / name))
    assert result.samples == 4800


def long_file(folder: Path) -> Path:
    """Something that takes seconds to decode."""
    source = folder / "in"
    with soundfile.SoundFile(source, "w", 192_000, 2, format="FLAC") as file:
        file.write(music(5.0, 192_000))
    data = source.read_bytes()
    source.write_bytes(data)
    return source


def test_cancelling_ends_the_child_and_removes_what_it_wrote(tmp_path: Path) -> None:
    seen: list[int] = []

    def check() -> None:
        seen.extend(decoders())
        if seen:
            raise Cancelled

    with pytest.raises(Cancelled):
        decode(long_file(tmp_path), [DecodeOutput(tmp_path / "out.wav")], check=check)
    until(lambda: not decoders())
    assert not (tmp_path / "out.wav").exists()


def test_a_decoder_killed_by_the_system_says_nothing_of_the_file(tmp_path: Path) -> None:
    stopped = pytest.raises(DecoderStopped, match=r"/in: .* stopped by the system \(SIGKILL\)")
    with killed_decoders(), stopped:
        decode(long_file(tmp_path), [DecodeOutput(tmp_path / "out.wav")])
    assert not (tmp_path / "out.wav").exists()


def test_two_files_decode_at_once(tmp_path: Path) -> None:
    source = write_media(tmp_path / "in", music(1.0), 48_000, "flac", "flac")
    results: list[Decoded] = []

    def work(number: int) -> Callable[[], None]:
        return lambda: results.append(decode(source, [DecodeOutput(tmp_path / f"{number}.wav")]))

    threads = [threading.Thread(target=work(number)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [result.samples for result in results] == [48_000, 48_000]


@pytest.mark.parametrize(
    ("limits", "error", "words"),
    [
        (DecodeLimits(max_duration_s=3.0), SoundTooLong, "longer than 0.05 minutes"),
        (DecodeLimits(max_memory_bytes=1_000_000), UnsupportedAudio, "more memory"),
        (DecodeLimits(max_wall_s=0.0), UnsupportedAudio, "takes too long"),
        (DecodeLimits(max_cpu_s=0), UnsupportedAudio, "takes too long"),
    ],
)
def test_a_file_over_a_limit_is_refused(
    tmp_path: Path, limits: DecodeLimits, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        decode(long_file(tmp_path), [DecodeOutput(tmp_path / "out.wav")], limits)
    assert not (tmp_path / "out.wav").exists()
