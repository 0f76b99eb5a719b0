import io
import os
from pathlib import Path

import numpy as np
import soundfile as sf
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.files.encrypted import (
    KEY_BYTES,
    PAGE_BYTES,
    EncryptedFile,
    encrypted,
    key_of,
    open_decrypted,
    open_file,
    open_sound,
    read_bytes,
    write_bytes,
)

SECRET = b"what was said " * 20_000


def test_an_encrypted_file_reads_back_and_holds_no_text(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "text"
    path.parent.mkdir()
    with encrypted(tmp_path):
        write_bytes(path, SECRET)
        assert read_bytes(path) == SECRET
        with open_decrypted(path) as plain:
            assert os.pread(plain.fileno(), 13, 0) == b"what was said"
    stored = path.read_bytes()
    assert b"said" not in stored
    assert len(set(stored[i : i + 16] for i in range(16, len(stored), 16))) > len(stored) / 17


def test_the_same_text_is_stored_otherwise_every_time(tmp_path: Path) -> None:
    with encrypted(tmp_path):
        write_bytes(tmp_path / "a", SECRET)
        write_bytes(tmp_path / "b", SECRET)
    assert (tmp_path / "a").read_bytes()[16:] != (tmp_path / "b").read_bytes()[16:]


def test_outside_an_encrypted_folder_files_are_plain(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with encrypted(tmp_path / "in"):
        assert key_of(tmp_path / "out") is None
        write_bytes(tmp_path / "out", SECRET)
    assert (tmp_path / "out").read_bytes() == SECRET
    assert key_of(tmp_path / "in" / "x") is None


def test_sound_is_written_and_read(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).normal(0, 0.1, (100_000, 2)).astype(np.float32)
    with encrypted(tmp_path):
        with open_file(tmp_path / "a.wav", "w+b") as file:
            sf.write(file, samples, 48_000, format="WAV", subtype="FLOAT")
        with open_sound(tmp_path / "a.wav") as sound:
            sound.seek(50_000)
            assert np.array_equal(sound.read(1_000, dtype="float32"), samples[50_000:51_000])


@given(
    st.lists(
        st.tuples(st.integers(0, 3 * PAGE_BYTES), st.binary(max_size=200), st.integers(0, 4000)),
        max_size=12,
    )
)
def test_it_behaves_as_any_file(steps: list[tuple[int, bytes, int]]) -> None:
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"encrypted-{os.getpid()}"  # noqa: S108  # removed below
    plain = io.BytesIO()
    key = bytes(range(KEY_BYTES))
    try:
        with io.BufferedRandom(EncryptedFile(path, key, new=True), 4096) as file:
            for place, data, size in steps:
                for each in (file, plain):
                    each.seek(place)
                    each.write(data * 5)
                file.seek(place // 2)
                plain.seek(place // 2)
                assert file.read(size) == plain.read(size)
        with io.BufferedReader(EncryptedFile(path, key, new=False)) as file:
            assert file.read() == plain.getvalue()
    finally:
        path.unlink(missing_ok=True)
