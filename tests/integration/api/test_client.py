"""The Python client against a running service, as programs of somebody's own use it."""

import asyncio
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from tests.cut_proxy import cut_proxy
from tests.integration.api.api_user import ApiUser, background, voice
from tests.integration.api.programs import client_of, token, working
from tests.plain_http import NO_TLS
from tests.waiting import PATIENCE_S

from ytdubber.client import (
    AsyncClient,
    Client,
    Job,
    JobFailed,
    NotFound,
    NotSignedIn,
    Refused,
    Transfer,
)

ENDPOINT = "https://93.184.215.14/hook"
"""It is added and removed, and nothing is sent to it."""
PAGE = Path(__file__).parents[3] / "docs" / "client.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One with the recordings that the examples name."""
    (tmp_path / "talk.wav").write_bytes(voice())
    (tmp_path / "music.wav").write_bytes(background())
    return tmp_path


def examples() -> str:
    blocks: list[str] = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    assert len(blocks) == 6
    return "\n".join(blocks)


def test_the_examples_of_the_page_run(ann: ApiUser, folder: Path) -> None:
    (folder / "program.py").write_text(examples(), "utf-8")
    known = {"DUB_URL": ann.harness.url, "DUB_TOKEN": token(ann), "DUB_HOOK": ENDPOINT}
    with working(ann):
        done = subprocess.run(
            [sys.executable, "program.py"],
            cwd=folder,
            env=os.environ | known,
            capture_output=True,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.splitlines()
    assert said[0] == "talk.wav: 100%"
    assert "music.wav: 100%" in said
    assert "100 %: Done." in said
    assert "Portuguese complete 0" in said
    assert "Spanish complete 0" in said
    assert {"voice.mp3", "captions.srt", "captions.vtt"} <= {*said}
    assert {"Revision 2, 1 line changed", "A short talk.zip"} <= {*said}
    assert any(re.fullmatch(r"Until \d\d:\d\d: http.+/shared#.+", line) for line in said)
    assert any(line.startswith("Messages are signed with whsec_") for line in said)
    assert (folder / "line.wav").stat().st_size > 1000
    assert any(line.startswith("unknown_language - ") for line in said)
    assert said[-6:-4] == ["pt complete", "es complete"]
    titles = [line.split(maxsplit=2)[-1] for line in said[-4:]]
    assert titles == ["talk.wav", "talk.wav", "A short talk", "talk.wav"]
    assert {"mix.flac", "voice.mp3"} <= {path.name for path in folder.glob("dubs/talk/es/*")}
    assert (folder / "dubs" / "talk" / "manifest.json").is_file()
    assert {path.name for path in folder.glob("dubs/voice/pt/*")} == {
        "voice.mp3", "captions.srt", "captions.vtt",
    }  # fmt: skip
    assert {path.suffix for path in folder.glob("dubs/**/.*")} == set()
    assert len(ann.list()) == 4


def test_a_strict_type_checker_knows_the_client(folder: Path) -> None:
    wrong = "Client(URL, TOKEN).dub('talk.wav', to='pt', loud=1).languages['pt'].nonsense\n"
    (folder / "right.py").write_text(examples(), "utf-8")
    (folder / "wrong.py").write_text(
        f"from ytdubber.client import Client\n\nURL = TOKEN = ''\n{wrong}", "utf-8"
    )
    words = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache")]
    done = subprocess.run(
        [*words, "right.py", "wrong.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    told = re.findall(r"^(\w+\.py):(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.M)
    assert told == [("wrong.py", "4", "call-arg"), ("wrong.py", "4", "attr-defined")], done.stdout


def test_nothing_of_what_dubs_is_loaded() -> None:
    program = "import ytdubber.client, sys; print(*sys.modules)"
    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()
    ours = {name.split(".")[1] for name in loaded if name.startswith("ytdubber.")}
    assert ours == {"client", "version"}
    assert not {"numpy", "pydantic", "fastapi", "sqlalchemy"} & {*loaded}


def test_what_the_service_refuses_is_raised_in_its_words(ann: ApiUser, folder: Path) -> None:
    (folder / "short.wav").write_bytes(background(1.0))
    with client_of(ann) as client:
        job_id = client.create(
            folder / "talk.wav",
            to="pt",
            background=folder / "short.wav",
            voices={"pt": "female"},
            youtube={"titles": {"pt": "Uma palestra"}},
        )
        with pytest.raises(Refused) as caught:
            client.submit(job_id)
        assert caught.value.code == "duration_mismatch"
        assert caught.value.request_id
        with pytest.raises(NotFound):
            client.job("00000000-0000-4000-8000-000000000000")
        with pytest.raises(JobFailed, match="differ by more than 1000 ms"):
            client.wait(job_id)
    wrong = Client(ann.harness.url, "nonsense")
    with wrong, pytest.raises(NotSignedIn, match="Sign in"):
        wrong.account()
    with pytest.raises(ValueError, match="no address"):
        Client("dub.example.org", "token")


def test_jobs_of_several_pages_are_listed_and_a_job_is_cancelled(ann: ApiUser) -> None:
    ids = [ann.queued("pt", background=False) for _ in range(3)]
    short: list[str] = []

    def paged(request: httpx.Request) -> None:
        if request.url.path == "/api/jobs":
            request.url = request.url.copy_merge_params({"limit": "2"})
            short.append(str(request.url))

    with httpx.Client(verify=NO_TLS, event_hooks={"request": [paged]}) as http:
        client = Client(ann.harness.url, token(ann), http=http)
        assert [job.id for job in client.jobs()] == [str(each) for each in reversed(ids)]
        assert len(short) == 2
        client.cancel(str(ids[0]))
        ann.harness.hands.dub(ids[0])
        with pytest.raises(JobFailed) as caught:
            client.wait(str(ids[0]))
        assert caught.value.code == "cancelled"
        client.delete(str(ids[1]))
        client.delete(str(ids[1]))
        assert {language.code for language in client.languages()} >= {"pt", "es"}


def test_a_wait_outlives_a_cut_and_tells_each_change_once(ann: ApiUser) -> None:
    job_id = ann.queued("pt", background=False)
    changes: list[Job] = []
    first = threading.Event()

    def changed(job: Job) -> None:
        changes.append(job)
        first.set()

    def wait(url: str) -> None:
        with client_of(ann, url) as client:
            client.wait(str(job_id), on_change=changed)

    with cut_proxy(ann.harness.url) as proxy:
        thread = threading.Thread(target=wait, args=(proxy.url,))
        thread.start()
        assert first.wait(PATIENCE_S)
        proxy.cut_after(0)
        with suppress(httpx.TransportError):
            httpx.get(proxy.url, verify=NO_TLS)
        assert proxy.is_down
        ann.harness.hands.dub(job_id)
        proxy.mend()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert changes[-1].complete
    assert all(one != other for one, other in pairwise(changes))


def test_both_clients_do_the_same(ann: ApiUser, folder: Path) -> None:
    shared = {"voice": folder / "talk.wav", "to": ["pt"], "formats": ["mp3"]}
    transfers: list[Transfer] = []

    async def asynchronously() -> Job:
        async with AsyncClient(ann.harness.url, token(ann)) as client:
            await client.account()
            quote = await client.quote(seconds=60, to="pt")
            assert quote.languages.keys() == {"pt"}
            return await client.dub(
                out=folder / "async",
                on_transfer=transfers.append,
                **shared,  # type: ignore[arg-type]  # each has its parameter's type
            )

    with working(ann), client_of(ann) as client:
        one = client.dub(out=folder / "sync", **shared)  # type: ignore[arg-type]  # as above
        other = asyncio.run(asynchronously())
    assert [job.complete for job in (one, other)] == [True, True]
    names = [
        sorted(path.relative_to(folder / way) for path in (folder / way).rglob("*"))
        for way in ("sync", "async")
    ]
    assert names[0] == names[1] != []
    manifest = json.loads((folder / "async" / "manifest.json").read_text("utf-8"))
    assert manifest["languages"].keys() == {"pt"}
    assert {transfer.file.name for transfer in transfers} >= {"talk.wav", "voice.mp3"}
    assert all(transfer.done_bytes <= transfer.total_bytes for transfer in transfers)
