"""The Python client changes lines of a running service's dubs."""

import asyncio
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import soundfile as sf
from tests.integration.api.api_user import ApiUser
from tests.integration.api.programs import client_of, token, working
from tests.plain_http import NO_TLS

from ytdubber.client import (
    AsyncClient,
    Client,
    Job,
    LinesChanged,
    NotFound,
    Refused,
    RenderFailed,
    Transfer,
)


@pytest.fixture
def job_id(ann: ApiUser) -> str:
    return str(ann.dubbed("pt", editable=True))


@pytest.fixture
def client(ann: ApiUser) -> Iterator[Client]:
    with client_of(ann) as client:
        yield client


def texts(client: Client, job_id: str) -> list[str]:
    return [line.text for line in client.lines(job_id, "pt").lines if not line.edit.removed]


def test_lines_are_changed_cut_otherwise_and_had_back(client: Client, job_id: str) -> None:
    first = client.lines(job_id, "pt")
    assert (first.version, first.revision, first.rendering, first.editable) == (0, 1, None, True)
    assert [line.number for line in first.lines] == [1, 2, 3]
    assert {line.state for line in first.lines} == {"fresh"}
    second = first.lines[1]
    after = client.change_line(job_id, "pt", second.id, text="Another.", gain_db=-3.0)
    assert (after.version, after.edited) == (1, 1)
    assert (after.lines[1].text, after.lines[1].edit.gain_db) == ("Another.", -3.0)
    assert after.lines[1].spoken == second.spoken
    after = client.change_lines(job_id, "pt", {1: {"speed": 1.2}, "2": {"text": None}}, version=1)
    assert [line.edit.speed for line in after.lines] == [1.2, 1.0, 1.0]
    assert after.lines[1].text == second.text
    at = after.lines[0].text.index("to all")
    cut = client.split_line(job_id, "pt", 1, at, version=after.version)
    assert len(cut.lines) == 4
    joined = client.merge_line(job_id, "pt", 1)
    assert joined.lines[0].text == first.lines[0].text
    added = client.add_line(job_id, "pt", "Mais.", start_ms=1250, end_ms=1650)
    assert "Mais." in texts(client, job_id)
    client.remove_line(job_id, "pt", 3, version=added.version)
    removed = client.remove_line(job_id, "pt", added.lines[-1].id)
    assert removed.lines[-1].edit.removed
    assert first.lines[2].text not in texts(client, job_id)
    client.change_line(job_id, "pt", added.lines[-1].id, removed=None)
    assert first.lines[2].text in texts(client, job_id)


def test_who_comes_late_is_told_what_the_lines_are_now(client: Client, job_id: str) -> None:
    client.change_line(job_id, "pt", 1, text="Mine.", version=0)
    late = (
        lambda: client.change_line(job_id, "pt", 2, text="Theirs.", version=0),
        lambda: client.remove_line(job_id, "pt", 2, version=0),
        lambda: client.merge_line(job_id, "pt", 2, version=0),
        lambda: client.render(job_id, "pt", version=0),
        lambda: client.restore(job_id, "pt", 1, version=0),
    )
    for change in late:
        with pytest.raises(LinesChanged, match="changed elsewhere") as caught:
            change()
        assert caught.value.lines.version == 1
        assert caught.value.lines.lines[0].text == "Mine."
        assert (caught.value.status, caught.value.repeated) == (409, False)
    with pytest.raises(NotFound, match="no such line"):
        client.change_line(job_id, "pt", 9, text="x")
    with pytest.raises(Refused, match="line 1, at") as refused:
        client.split_line(job_id, "pt", 1, 300)
    assert refused.value.code == "bad_field"


def test_a_line_is_heard_rendered_and_had_back(ann: ApiUser, client: Client, job_id: str) -> None:
    changes: list[Job] = []
    files = {file.path: file.sha256 for file in client.job(job_id).files}
    with working(ann):
        heard = client.preview_line(job_id, "pt", 2, text="Something else.")
        with sf.SoundFile(io.BytesIO(heard.audio)) as sound:
            assert abs(sound.frames * 1000 / sound.samplerate - heard.spoken_ms) <= 1
        assert (heard.text, heard.mime) == ("Something else.", "audio/wav")
        asked = client.preview_quote(job_id, "pt", 2, text=heard.text)
        assert (asked.spoken, asked.translated, asked.characters) == (1, 0, len(heard.text))
        assert (asked.total.low_usd, asked.unpriced) == (0.0, ())
        assert client.render_quote(job_id, "pt").spoken == 0
        client.change_line(job_id, "pt", 2, text=heard.text)
        assert client.render_quote(job_id, "pt") == asked
        made = client.render(job_id, "pt", version=1, on_change=changes.append)
        assert (made.number, made.shown, made.made, made.edited_lines) == (2, True, True, 1)
        assert changes[0].languages["pt"].rendering == 2
        assert changes[-1].languages["pt"].revision == 2
        (url,) = (file.url for file in made.files if file.path == "pt/captions.srt")
        assert "Something else." in httpx.get(url, verify=NO_TLS).text
        with pytest.raises(Refused) as nothing:
            client.render(job_id, "pt")
        assert nothing.value.code == "nothing_to_render"
        back = client.restore(job_id, "pt", 1)
    assert (back.number, back.shown) == (1, True)
    assert [each.shown for each in client.revisions(job_id, "pt")] == [True, False]
    now = {file.path: file.sha256 for file in client.job(job_id).files}
    assert {path for path in files if path.startswith("pt/") and now[path] != files[path]} == set()
    with pytest.raises(NotFound):
        client.restore(job_id, "pt", 7)


def test_a_version_that_is_not_made_is_told(ann: ApiUser, client: Client, job_id: str) -> None:
    client.change_line(job_id, "pt", 1, text="Something else.")

    def cancelled(_: Job) -> None:
        if not over.is_set():
            over.set()
            client.cancel(job_id)
            ann.harness.hands.dub(UUID(job_id))

    over = threading.Event()
    with pytest.raises(RenderFailed, match="was cancelled") as caught:
        client.render(job_id, "pt", on_change=cancelled)
    assert (caught.value.revision.number, caught.value.revision.made) == (2, False)
    assert client.job(job_id).languages["pt"].revision == 1


def test_a_change_whose_answer_was_lost_is_made_once(ann: ApiUser, job_id: str) -> None:
    lost: list[str] = []

    def drop(response: httpx.Response) -> None:
        if response.request.method in ("POST", "PATCH") and not lost:
            lost.append(response.request.url.path)
            raise httpx.ReadError("lost")

    with httpx.Client(verify=NO_TLS, event_hooks={"response": [drop]}) as http:
        client = Client(ann.harness.url, token(ann), http=http)
        with pytest.raises(LinesChanged) as caught:
            client.split_line(job_id, "pt", 1, 13)
        assert caught.value.repeated
        assert len(caught.value.lines.lines) == 4
        lost.clear()
        assert len(client.change_line(job_id, "pt", 1, text="Once.").lines) == 4
        lost.clear()
        assert client.begin_render(job_id, "pt") == 2
        assert len(lost) == 1


def test_a_dub_is_called_otherwise_found_and_fetched_in_one(
    client: Client, job_id: str, tmp_path: Path
) -> None:
    renamed = client.rename(job_id, "Of birds")
    assert (renamed.title, renamed.editable) == ("Of birds", True)
    assert [job.id for job in client.jobs("birds")] == [job_id]
    assert [*client.jobs("fish")] == []
    told: list[Transfer] = []
    path = client.download_zip(job_id, tmp_path, on_transfer=told.append)
    assert path == tmp_path / "Of birds.zip"
    with zipfile.ZipFile(path) as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
    assert names == {file.path for file in client.job(job_id).files}
    assert told[-1].done_bytes == told[-1].total_bytes == path.stat().st_size
    other = client.download_zip(job_id, tmp_path / "deep" / "for.zip", youtube=True)
    with zipfile.ZipFile(other) as archive:
        assert all("youtube" in name for name in archive.namelist())
    assert sorted(each.name for each in tmp_path.rglob("*.*")) == ["Of birds.zip", "for.zip"]


def test_coroutines_change_lines_too(ann: ApiUser, job_id: str) -> None:
    async def changed() -> list[str]:
        async with AsyncClient(ann.harness.url, token(ann)) as client:
            before = await client.lines(job_id, "pt")
            heard, after = await asyncio.gather(
                client.preview_line(job_id, "pt", 1),
                client.change_line(job_id, "pt", 2, text="Other.", version=before.version),
            )
            made = await client.render(job_id, "pt", version=after.version)
            assert (heard.text, made.number) == (before.lines[0].text, 2)
            return [job.id async for job in client.jobs("talk")]

    with working(ann):
        assert job_id in asyncio.run(changed())
