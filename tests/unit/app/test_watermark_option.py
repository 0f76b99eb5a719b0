"""Whether voices are marked: what is asked for, else what is set."""

from pathlib import Path

import pytest
from tests.unit.app.conftest import FakeDubbing

from ytdubber.api.requests import UploadUrlsRequest
from ytdubber.app.uploads.job_options import CheckOptions
from ytdubber.bootstrap.local import local_runtime


@pytest.mark.parametrize("usual", [True, False])
@pytest.mark.parametrize("asked", [True, False, None])
def test_a_job_is_marked_as_it_says_else_as_the_service_does(
    fakes: FakeDubbing, usual: bool, asked: bool | None
) -> None:
    request = UploadUrlsRequest(languages=["pt"], voice_track_name="talk.wav", watermark=asked)
    check = CheckOptions(fakes.engines, watermark=usual)
    options = check(request.job_options()).options
    assert options.watermark is (usual if asked is None else asked)


@pytest.mark.parametrize("usual", [True, False])
@pytest.mark.parametrize("asked", [True, False, None])
def test_a_dub_is_marked_as_it_says_else_as_this_machine_does(
    fakes: FakeDubbing,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    usual: bool,
    asked: bool | None,
) -> None:
    monkeypatch.setenv("YTDUBBER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("YTDUBBER_WATERMARK", str(usual))
    with local_runtime() as machine:
        request = machine.as_set(fakes.request("pt", watermark=asked))
    assert request.options.watermark is (usual if asked is None else asked)
