"""A storage that does not answer is two lines, whatever asks it meanwhile."""

from pathlib import Path
from uuid import uuid4

import pytest
from tests.log_lines import written

from ytdubber.adapters.filesystem.media import FolderMediaStore
from ytdubber.adapters.system_clock import SystemClock
from ytdubber.app.operations.watched_media import WatchedMedia
from ytdubber.domain.errors import MediaMissing, StorageNotWorking
from ytdubber.log import Outage, get_logger

KEY = f"{uuid4()}/{uuid4()}"


def test_an_outage_of_the_storage_is_two_lines(tmp_path: Path) -> None:
    root, file = tmp_path / "media", tmp_path / "SECRET.wav"
    file.write_bytes(b"sound")
    folder = FolderMediaStore(root, bytes(32), "http://localhost", SystemClock())
    media = WatchedMedia(folder, Outage(get_logger("ytdubber.tests"), "storage"))
    media.check()
    media.put(KEY, file, "audio/wav")
    with written(apart=True) as lines:
        root.rename(tmp_path / "elsewhere")
        root.write_bytes(b"a file where a folder was")
        for _ in range(3):
            with pytest.raises(StorageNotWorking):
                media.put(KEY, file, "audio/wav")
            with pytest.raises(StorageNotWorking):
                media.check()
        root.unlink()
        (tmp_path / "elsewhere").rename(root)
        with pytest.raises(MediaMissing):
            media.fetch(f"{uuid4()}/{uuid4()}", tmp_path / "copy", lambda: None)
        media.check()
        assert list(media.keys("")) == [KEY]
    away, back = lines.all
    assert (away["event"], away["level"], away["error"]) == (
        "storage.away",
        "warning",
        "storage_not_working",
    )
    assert "not a directory" in away["reason"]
    assert (back["event"], back["level"]) == ("storage.back", "warning")
    assert str(tmp_path) not in lines.text
    assert "SECRET" not in lines.text
