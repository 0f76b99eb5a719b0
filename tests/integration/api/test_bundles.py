"""All files of a job in one zip."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import soundfile as sf
from tests.integration.api.api_user import VOICE_S, ApiUser, api_user, voice
from tests.integration.audio.films import Picture, Sound, media, steady

from ytdubber.adapters.filesystem.scratch import ScratchFolders
from ytdubber.app.downloads.bundles import AT_ONCE, Bundles
from ytdubber.domain.errors import LinkUsed, TooManyRequests


def bundle(who: ApiUser, job_id: UUID) -> Any:
    reply = who.http.get(f"/api/jobs/{job_id}/bundle")
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_every_file_is_in_it_where_the_manifest_has_it(dora: ApiUser, dubbed: UUID) -> None:
    link = bundle(dora, dubbed)
    reply = dora.anonymous.get(link["url"])
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/zip")
    assert int(reply.headers["content-length"]) == link["bytes"] == len(reply.content)
    assert reply.headers["cache-control"] == "no-store"
    assert 'attachment; filename="talk.zip"' in reply.headers["content-disposition"]
    files = {file["path"]: file for file in dora.job(dubbed)["files"]}
    with zipfile.ZipFile(io.BytesIO(reply.content)) as opened:
        assert opened.testzip() is None
        assert {f"talk/{path}" for path in files} == set(opened.namelist())
        assert link["files"] == len(files)
        for path, file in files.items():
            content = opened.read(f"talk/{path}")
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
        manifest = json.loads(opened.read("talk/manifest.json"))
    assert {each["path"] for each in manifest["languages"]["pt"]["files"]} <= set(files)


def test_what_goes_to_youtube_is_in_one_of_its_own(dora: ApiUser, dubbed: UUID) -> None:
    reply = dora.http.get(f"/api/jobs/{dubbed}/bundle", params={"for": "youtube"})
    link = reply.json()
    assert link["file_name"] == "talk.youtube.zip"
    fetched = dora.anonymous.get(link["url"])
    assert len(fetched.content) == link["bytes"]
    with zipfile.ZipFile(io.BytesIO(fetched.content)) as opened:
        assert opened.testzip() is None
        names = [name.removeprefix("talk.youtube/") for name in opened.namelist()]
        assert len(names) == link["files"]
        told = opened.read("talk.youtube/what-to-click.txt").decode()
        captions = opened.read("talk.youtube/talk.en-US.srt").decode()
    assert {"talk.pt-BR.srt", "talk.en-US.srt", "what-to-click.txt"} < set(names)
    (sound,) = {name for name in names if name.startswith("talk.pt-BR.")} - {"talk.pt-BR.srt"}
    assert sound in told
    assert "-->" in captions
    assert dora.anonymous.get(link["url"]).status_code == 410
    wrong = dora.http.get(f"/api/jobs/{dubbed}/bundle", params={"for": "vimeo"})
    assert wrong.status_code in (400, 422)


def film(folder: Path, other_s: float) -> bytes:
    """A talk under a picture, with a sound of this length in another language beside it."""
    speech, rate_hz = sf.read(io.BytesIO(voice()), dtype="float32")
    sounds = [
        Sound(np.repeat(speech, 48_000 // rate_hz), "aac", language="eng", default=True),
        Sound(np.zeros(round(other_s * 48_000), np.float32), "aac", language="deu"),
    ]
    path = media(folder / "talk.mp4", "mp4", sounds, picture=Picture(steady(VOICE_S)))
    return path.read_bytes()


def for_youtube(who: ApiUser, job_id: UUID) -> tuple[Any, dict[str, bytes]]:
    """What the link says, and what is in the zip."""
    link = who.http.get(f"/api/jobs/{job_id}/bundle", params={"for": "youtube"}).json()
    fetched = who.anonymous.get(link["url"]).content
    assert len(fetched) == link["bytes"]
    with zipfile.ZipFile(io.BytesIO(fetched)) as opened:
        names = opened.namelist()
        return link, {name.partition("/")[2]: opened.read(name) for name in names}


YOUTUBE = {"titles": {"Portuguese": "Uma conversa"}, "descriptions": {"pt": "Sobre pássaros."}}


@pytest.mark.parametrize(("other_s", "told"), [(VOICE_S, False), (VOICE_S + 1, True)])
def test_titles_and_lengths_go_to_youtube_too(
    ann: ApiUser, tmp_path: Path, other_s: float, told: bool
) -> None:
    recording = film(tmp_path, other_s)
    more = {"voice_track_name": "talk.mp4", "youtube": YOUTUBE, "track": "en"}
    job_id = ann.dubbed("pt", background=False, voice_file=recording, **more)
    link, files = for_youtube(ann, job_id)
    assert json.loads(files["localizations.json"]) == {
        "pt-BR": {"title": "Uma conversa", "description": "Sobre pássaros."}
    }
    assert bool(link["notes"]) is told
    click = files["what-to-click.txt"].decode()
    if told:
        assert "shorter than the video: YouTube may refuse it" in link["notes"][0]
        assert link["notes"][0] in " ".join(click.split())
    else:
        assert "every track is as long as the video" in click


@pytest.mark.parametrize(
    ("youtube", "field"),
    [
        ({"titles": {"pt": "x" * 101}}, "title of pt"),
        ({"titles": {"pt": "a<b"}}, "title of pt"),
        ({"descriptions": {"pt": "Sobre."}}, "description of pt"),
        ({"titles": {"pt": "a", "Portuguese": "b"}}, "titles"),
        ({"titles": {"pt": 7}}, "Youtube, titles, pt"),
    ],
)
def test_what_youtube_would_refuse_is_refused_when_it_is_given(
    ann: ApiUser, youtube: Any, field: str
) -> None:
    body = {"languages": ["pt"], "voice_track_name": "talk.mp4", "youtube": youtube}
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert reply.status_code == 400
    assert reply.json()["message"].startswith(field)


def test_a_link_works_once_and_a_head_does_not_use_it_up(dora: ApiUser, dubbed: UUID) -> None:
    url = bundle(dora, dubbed)["url"]
    assert [dora.anonymous.head(url).status_code for _ in range(2)] == [200] * 2
    assert dora.anonymous.get(url).status_code == 200
    again = dora.anonymous.get(url)
    assert (again.status_code, again.json()["error"]) == (410, "link_used")
    assert dora.anonymous.head(url).status_code == 410
    late = bundle(dora, dubbed)["url"]
    with dora.harness.clock.later(minutes=16):
        assert dora.anonymous.get(late).status_code == 410


def test_what_was_fetched_stands_in_the_history(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt", background=False)
    dora = bundle(ann, job_id)
    assert ann.http.get("/api/downloads").json() == []
    assert ann.anonymous.get(dora["url"]).status_code == 200
    assert {each["file_type"] for each in ann.http.get("/api/downloads").json()} >= {"voice"}


def test_a_link_of_one_kind_fetches_nothing_of_the_other(dora: ApiUser, dubbed: UUID) -> None:
    zipped = bundle(dora, dubbed)["url"]
    assert dora.anonymous.get(zipped.replace("/bundles/", "/")).status_code == 410
    links = dora.http.get(f"/api/jobs/{dubbed}/download").json()["links"]
    manifest = next(each["url"] for each in links if each["kind"] == "manifest")
    swapped = manifest.replace("/downloads/", "/downloads/bundles/")
    assert dora.anonymous.get(swapped).status_code == 410
    assert dora.anonymous.get(zipped).status_code == 200


def test_others_files_and_those_of_no_job_are_not_there(dora: ApiUser, dubbed: UUID) -> None:
    waiting = dora.queued("pt", background=False)
    reply = dora.http.get(f"/api/jobs/{waiting}/bundle")
    assert (reply.status_code, reply.json()["error"]) == (404, "not_finished")
    with api_user(dora.harness) as bob:
        reply = bob.http.get(f"/api/jobs/{dubbed}/bundle")
        assert (reply.status_code, reply.json()["error"]) == (404, "job_not_found")
        assert bob.anonymous.get(f"/api/jobs/{dubbed}/bundle").status_code == 401


def test_a_deleted_job_has_no_zip_any_more(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt", background=False)
    url = bundle(ann, job_id)["url"]
    assert ann.http.delete(f"/api/jobs/{job_id}").status_code == 204
    assert ann.anonymous.get(url).status_code == 410


def test_so_many_are_sent_at_once_and_no_more(dora: ApiUser, dubbed: UUID, tmp_path: Path) -> None:
    """Whoever is refused has a link that still works."""
    backend, scratch = dora.harness.backend, ScratchFolders(tmp_path)
    database = backend.database
    bundles = Bundles(
        database.as_user, database.as_service, backend.media, dora.harness.clock, scratch.folder
    )
    *tokens, refused = [bundle(dora, dubbed)["url"].rpartition("/")[2] for _ in range(AT_ONCE + 1)]
    opened = [bundles.redeem(token) for token in tokens]
    with pytest.raises(TooManyRequests):
        bundles.redeem(refused)
    for each in opened:
        assert each.read()
        each.close()
    with pytest.raises(LinkUsed):
        bundles.redeem(tokens[0])
    whole = bundles.redeem(refused)
    assert sum(map(len, iter(whole.read, b""))) == whole.bytes
    whole.close()
    scratch.close()
