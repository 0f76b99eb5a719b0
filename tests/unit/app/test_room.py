"""Disks that are full, before and while a dub is made: a small file system in memory is filled."""

import errno
import logging
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
import soundfile
from tests.unit.app.conftest import FakeDubbing

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.filesystem.workspace import expect_writable, need_room
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.dubs.manifest import intact, read_manifest
from ytdubber.app.dubs.room import full_disk_told
from ytdubber.app.uploads.job_files import JobResults
from ytdubber.app.vendors.synthesis_request import written
from ytdubber.audio.encode import Encoder
from ytdubber.audio.profiles import AudioFormat
from ytdubber.bootstrap.engine_client import EngineClient
from ytdubber.bootstrap.vendor_process import RequestHandler
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    AllLanguagesFailed,
    DatabaseAway,
    DiskFull,
    FolderNotWritable,
    HandedBack,
    LeaseLost,
    NoRoom,
    PutOff,
    YtDubberError,
)
from ytdubber.domain.usage import Receipt
from ytdubber.engines.remote.protocol import Request, Target
from ytdubber.files.encrypted import encrypted
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.operations import Synthesize
from ytdubber.ports.speech_synthesizer import SynthesisRequest


@contextmanager
def disk(folder: Path, kilobytes: int) -> Iterator[None]:
    """A file system of this size in the folder's place."""
    folder.mkdir(exist_ok=True)
    mount = shutil.which("mount")
    if os.name != "posix" or os.geteuid() != 0 or mount is None:
        pytest.skip("only root can mount a small file system")
    words = [mount, "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def full(fakes: FakeDubbing, dub: Callable[[], object]) -> str:
    """What is said when the disk is full while a dub is made."""
    with pytest.raises(YtDubberError) as failed:
        dub()
    error = failed.value
    causes = error.errors if isinstance(error, AllLanguagesFailed) else (error,)
    assert all(isinstance(cause, DiskFull) for cause in causes), error
    return str(error)


@pytest.mark.parametrize("kilobytes", [1_000, 3_000, 4_200, 4_600, 5_000])
def test_a_disk_that_fills_is_told_in_one_sentence_and_nothing_is_left(
    fakes: FakeDubbing, kilobytes: int
) -> None:
    """While the stems are decoded, the lines spoken, the languages mixed."""
    with disk(fakes.out, kilobytes):
        said = full(fakes, lambda: fakes.dub(fakes.request("pt", formats=("wav", "flac"))))
        assert "the disk is full" in said
        assert list(fakes.out.iterdir()) == []


@pytest.mark.parametrize(
    "end", [LeaseLost(), HandedBack(), PutOff(), DatabaseAway(retry_after_s=1)], ids=repr
)
def test_work_that_ends_otherwise_beside_a_full_disk_ends_as_it_did(
    tmp_path: Path, end: YtDubberError
) -> None:
    folder = tmp_path / "scratch"
    with disk(folder, 64), pytest.raises(type(end)), full_disk_told(folder):
        raise end
    with disk(folder, 64), pytest.raises(DiskFull), full_disk_told(folder):
        (folder / "much").write_bytes(bytes(100_000))


def test_no_call_is_paid_for_without_room_for_its_result(tmp_path: Path) -> None:
    def client(_: CallContext, __: Path) -> EngineClient:
        raise AssertionError("a vendor was asked")

    folder = tmp_path / "scratch"
    caller = RequestHandler(client, lambda: nullcontext(folder), Decimal)
    call = CallContext(UUID(int=1))
    speak = Synthesize(SynthesisRequest("Sí.", "es", "v"), folder / "line.wav")
    request = Request(1, Target("synthesize", "deepgram"), speak, call.job_id, None, None)
    with disk(folder, 1_000), pytest.raises(DiskFull):
        caller(request, call)


@pytest.mark.parametrize("audio_format", [AudioFormat.FLAC, AudioFormat.MP3, AudioFormat.M4A])
@pytest.mark.parametrize("seconds", [1, 60])
def test_an_encoder_on_a_full_disk_raises_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], audio_format: AudioFormat, seconds: int
) -> None:
    """While it encodes, or when it ends; what FFmpeg still writes then is no further error."""
    folder = tmp_path / "disk"
    second = np.random.default_rng(1).uniform(-1, 1, (48_000, 2)).astype(np.float32)
    with disk(folder, 200), encrypted(folder):
        (folder / "filler").write_bytes(bytes(shutil.disk_usage(folder).free - 8_000))
        encoder = Encoder(folder / "mix", audio_format, 48_000, 2)

        def encode() -> None:
            for _ in range(seconds):
                encoder.put(second)
            encoder.close()

        with pytest.raises(OSError, match="No space left") as failed:
            encode()
        encoder.discard()
        assert failed.value.errno == errno.ENOSPC
        assert "Traceback" not in capfd.readouterr().err
        assert not (folder / "mix").exists()


class Said(logging.Handler):
    """Tells when something is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.there = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.there.set()


@contextmanager
def heard(name: str) -> Iterator[Said]:
    said, logger = Said(), logging.getLogger(name)
    logger.addHandler(said)
    try:
        yield said
    finally:
        logger.removeHandler(said)


@pytest.mark.parametrize("what", ["sound", "result"])
def test_what_was_paid_for_waits_for_room(tmp_path: Path, what: str) -> None:
    """A vendor has answered, and the disk is full."""
    folder, job_id = tmp_path / "disk", UUID(int=1)
    store = FolderMediaStore(folder / "media", bytes(32), "http://localhost", SystemClock())
    receipt = Receipt(EngineId("deepgram", "aura", "1"), "speak", (), 0)
    tone = np.sin(np.arange(48_000, dtype=np.float32) * 0.05)

    def keep() -> None:
        if what == "sound":
            written(tone, 24_000, folder / "speech.wav", receipt)
        else:
            JobResults(store, job_id, folder).save("key", bytes(90_000))

    with disk(folder, 4_000), heard("ytdubber.app.full_disk") as said:
        filler = folder / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(folder).free - 20_000))
        with ThreadPoolExecutor(1) as pool:
            keeping = pool.submit(keep)
            assert said.there.wait(60), keeping.exception(0)
            filler.unlink()
            keeping.result(60)
        if what == "sound":
            assert soundfile.info(folder / "speech.wav").frames > 40_000
        else:
            assert JobResults(store, job_id, folder).load("key") == bytes(90_000)


def test_a_disk_that_fills_costs_nothing_that_is_finished(fakes: FakeDubbing) -> None:
    with disk(fakes.out, 22_000):
        fakes.dub(fakes.request("pt"))
        filler = fakes.out / "filler"
        with filler.open("wb") as file:
            file.write(bytes(shutil.disk_usage(fakes.out).free - 4_500_000))
        full(fakes, lambda: fakes.dub(fakes.request("pt", "es", formats=("wav", "flac"))))
        filler.unlink()
        manifest = read_manifest(FolderBlobStore(fakes.out))
        assert manifest is not None
        assert intact(manifest.languages["pt"].files, FolderBlobStore(fakes.out))
        fakes.dub(fakes.request("pt", "es", formats=("wav", "flac")))


def test_a_dub_that_has_no_room_is_refused_before_anything_is_heard(fakes: FakeDubbing) -> None:
    fakes.need_room = lambda needed: need_room(fakes.folder, needed + 10**18)
    with pytest.raises(NoRoom, match=r"takes about \d+ MB there, and \d+ MB are free"):
        fakes.dub(fakes.request("pt"))
    assert fakes.counts()[0] == 0
    assert not fakes.out.exists()


def test_room_is_reckoned_from_length_formats_and_languages(fakes: FakeDubbing) -> None:
    asked: list[int] = []
    fakes.need_room = asked.append
    for formats in (("mp3",), ("flac",), ("flac", "wav")):
        fakes.dub(fakes.request("pt", "es", formats=formats))
        made = sum(path.stat().st_size for path in fakes.out.rglob("*.*") if path.is_file())
        assert made * 0.7 < asked[-1] < made * 4


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 300, "too long"),
        ("/".join(["x" * 200] * 21), "too long"),
        (os.fsdecode(b"dubs-\xe9"), "not UTF-8"),
        ("file/out", "Not a directory"),
        ("file", "Not a directory"),
    ],
)
def test_an_output_folder_that_cannot_be_is_refused_first(
    tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderNotWritable, match=reason):
        expect_writable(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="root may write to folders that are closed"
)
def test_a_closed_folder_is_refused_first(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(FolderNotWritable, match="Permission denied"):
        expect_writable(tmp_path / "closed" / "out")


def test_a_folder_that_is_not_there_yet_can_be_written(tmp_path: Path) -> None:
    expect_writable(tmp_path / "a" / "b")
    expect_writable(tmp_path)
