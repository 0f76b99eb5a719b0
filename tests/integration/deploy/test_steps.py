"""The Dockerfile's steps, run without an engine, and the service they make, as nobody special."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from tests.e2e.serving import Served
from tests.integration.deploy.dockerfile import Below, stages
from tests.plain_http import NO_TLS
from tests.postgres_server import drop_database, fresh_database
from tests.waiting import PATIENCE_S, until

from ytdubber.bootstrap.engines import local_models
from ytdubber.settings import load_settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.models,
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(sys.platform != "linux", reason="the image is Linux's"),
]
UID = 10001
"""The image's user."""


WHO: dict[str, Any] = {"user": UID, "group": UID, "extra_groups": []} if os.geteuid() == 0 else {}
FITS = "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))"
FOLDERS = ("/usr/local/bin", "/usr/bin")


def python_for_all() -> str:
    """A Python that the image's user may run."""
    names = [f"python3{minor}" for minor in (".14", ".13", ".12", ".11", "")]
    own = str(getattr(sys, "_base_executable", sys.executable))
    for place in (own, *(f"{folder}/{name}" for folder in FOLDERS for name in names)):
        with suppress(OSError):
            if subprocess.run([place, "-c", FITS], cwd="/", check=False, **WHO).returncode == 0:
                return place
    pytest.skip("no Python from 3.11 to 3.14 with venv that other users may run")


@pytest.fixture(scope="module")
def image() -> Iterator[Below]:
    """What the stages `build` and `models` make, below a folder that everybody may read."""
    with TemporaryDirectory(dir="/tmp", prefix="image-") as folder:
        Path(folder).chmod(0o755)
        below = Below(Path(folder), python_for_all())
        made = stages()
        below.run(made["build"])
        below.run(made["models"])
        data = Path(folder, "data")
        data.mkdir()
        if os.geteuid() == 0:
            os.chown(data, UID, UID)
        yield below


def models(into: Path) -> Path:
    """The models of this machine, for the image's user."""
    store = local_models(load_settings())
    source = load_settings().models
    if not all(each.present for each in store.list()):
        pytest.skip("the models are not on this machine: `ytdubber models pull` fetches them")
    for path in source.rglob("*"):
        target = into / path.relative_to(source)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        else:
            shutil.copy(path, target)
    if os.geteuid() == 0:
        for path in (into, *(each for each in into.rglob("*") if each.is_dir())):
            os.chown(path, UID, UID)
    return into


@contextmanager
def over_tcp(url: str) -> Iterator[str]:
    """The database's address for those who may not reach its socket."""
    parts = conninfo_to_dict(url)
    behind = f"{parts['host']}/.s.PGSQL.{parts['port']}"
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        opened: list[socket.socket] = []
        threads: list[threading.Thread] = []

        def begin(target: Callable[..., None], *of: socket.socket) -> None:
            threads.append(threading.Thread(target=target, args=of, daemon=True))
            threads[-1].start()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    front, _ = listener.accept()
                    back = socket.socket(socket.AF_UNIX)
                    opened.extend((front, back))
                    back.connect(behind)
                    begin(pump, front, back)
                    begin(pump, back, front)

        def pump(one: socket.socket, other: socket.socket) -> None:
            with suppress(OSError):
                while data := one.recv(65536):
                    other.sendall(data)
            shut(one, other)

        begin(accept)
        port = listener.getsockname()[1]
        yield f"postgresql://{parts['user']}@127.0.0.1:{port}/{parts['dbname']}"
        shut(listener, *opened)
        for thread in threads:
            thread.join()
        for each in opened:
            each.close()


def shut(*sockets: socket.socket) -> None:
    """Have whoever waits at them wait no more."""
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


class Container:
    """Starts roles as the image would: its user, its environment, its tree not to be written to."""

    def __init__(self, image: Below, database_url: str, models_folder: Path) -> None:
        self._image = image
        self.data = image.folder / "data"
        self._environment = {
            "PATH": f"{image.folder}/opt/ytdubber/bin:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "HOME": str(self.data),
            "YTDUBBER_HOME": str(self.data),
            "YTDUBBER_MODELS": str(models_folder),
            "NUMBA_CACHE_DIR": str(self.data / "compiled"),
            "DATABASE_URL": database_url,
            "COLUMNS": "400",
            "YTDUBBER_OFFLINE": "true",
        }
        self.log = image.folder / "log"

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [f"{self._image.folder}/opt/ytdubber/bin/ytdubber", *words],
                cwd="/",
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                **WHO,
            )

    def said(self, *words: str) -> str:
        process = self.start(*words)
        said = process.communicate(timeout=PATIENCE_S)[0].decode()
        assert process.returncode == 0, self.log.read_text()
        return said


def tree(folder: Path) -> set[str]:
    return {str(path) for path in folder.rglob("*")}


def test_what_the_steps_make_serves_and_dubs(image: Below) -> None:
    url = fresh_database()
    with over_tcp(url) as reached:
        made = Container(image, reached, models(image.folder / "models"))
        before = tree(image.folder / "opt")
        two = [made.start("migrate") for _ in range(2)]  # a Job, and a role that starts beside it
        revisions = {process.communicate(timeout=PATIENCE_S)[0] for process in two}
        assert [process.returncode for process in two] == [0, 0], made.log.read_text()
        assert len(revisions) == 1
        with psycopg.connect(url) as connection:
            assert connection.execute(
                "select count(*) from ytdubber.alembic_version"
            ).fetchone() == (1,)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        api = made.start("serve", "--no-worker", "--no-database", "--port", str(port))
        worker = made.start("worker")
        address = f"http://127.0.0.1:{port}"
        try:
            until(lambda: answers(f"{address}/health") or api.poll() is not None, made.log)
            assert answers(f"{address}/ready"), made.log.read_text()
            token = made.said("token").strip()
            headers = {"Authorization": f"Bearer {token}"}
            with httpx.Client(
                verify=NO_TLS, base_url=address, timeout=PATIENCE_S, headers=headers
            ) as client:
                served = Served(api, address, client, made.data)
                done = served.until(served.send_job("pt"), {"complete"})
                assert done["status"] == "complete", f"{done}\n{made.log.read_text()}"
        finally:
            for process in (worker, api):
                process.terminate()
            codes = [process.wait(PATIENCE_S) for process in (worker, api)]
            for process in (worker, api):
                assert process.stdout
                process.stdout.close()
        assert codes == [0, 0], made.log.read_text()
        assert tree(image.folder / "opt") == before
    drop_database(url)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, verify=NO_TLS, timeout=30).status_code == 200
    except httpx.TransportError:
        return False
