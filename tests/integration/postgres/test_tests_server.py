"""The server that the tests of a run share."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from tests.postgres_server import drop_database, ensure_template, fresh_database, server
from tests.waiting import PATIENCE_S, eventually

ROOT = Path(__file__).parents[3]

SHARED = """
import os
from pathlib import Path
import psycopg
from tests.postgres_server import ensure_template, fresh_database, server

def fill(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("create table filled as select 1 as number")
    with open({told!r}, "a") as told:
        print("filled", file=told)

def test_one() -> None: check()
def test_two() -> None: check()

def check() -> None:
    ensure_template("full", fill)
    with psycopg.connect(fresh_database("full")) as connection:
        assert connection.execute("select number from filled").fetchone() == (1,)
    with open({told!r}, "a") as told:
        print(server().home, file=told)
"""


def test_databases_are_made_from_templates_and_dropped() -> None:
    filled = []

    def fill(url: str) -> None:
        filled.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("create table words as select 'hello' as word")

    name = f"template of {os.getpid()}"
    ensure_template(name, fill)
    ensure_template(name, fill)
    assert len(filled) == 1
    first, second = fresh_database(name), fresh_database(name)
    with psycopg.connect(first) as connection:
        connection.execute("delete from words")
    with psycopg.connect(second) as connection:
        assert connection.execute("select word from words").fetchone() == ("hello",)
    with psycopg.connect(first):
        drop_database(first)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(first)
    drop_database(second)


def test_it_is_attached_to_and_not_owned() -> None:
    assert server() is server()
    assert server().healthy()
    assert not server().owner


@pytest.mark.parametrize("workers", [["-p", "xdist", "-n", "2"], []], ids=["xdist", "alone"])
def test_a_run_has_one_that_ends_with_it(tmp_path: Path, workers: list[str]) -> None:
    told = tmp_path / "told"
    (tmp_path / "test_shared.py").write_text(SHARED.format(told=str(told)))
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV_"))}
    environment |= {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *workers, str(tmp_path / "test_shared.py")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    filled, *homes = sorted(told.read_text().split("\n")[:-1], key=lambda line: line != "filled")
    assert filled == "filled"
    assert len(homes) == 2
    assert len(set(homes)) == 1
    assert eventually(lambda: not Path(homes[0]).exists())
