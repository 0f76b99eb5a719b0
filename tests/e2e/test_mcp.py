"""`ytdubber mcp`, driven by the official client over standard input and output."""

import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio import to_thread
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult, TextContent
from tests import waiting
from tests.e2e.conftest import BACKGROUND, VOICE, command, environment

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

BETTER = "Ele mesmo poderia até ter se tornado amável."


def driven(
    home: Path, folder: Path, drive: Callable[[Client], Awaitable[None]], *words: object
) -> None:
    """Start the server as an assistant's program does, in a folder of its own."""
    _, *arguments = command("mcp", *words)
    known = StdioServerParameters(
        command=sys.executable,
        args=arguments,
        env=environment(YTDUBBER_HOME=str(home)),
        cwd=folder,
    )

    async def run() -> None:
        with anyio.fail_after(300), (folder / "log").open("w") as log:
            async with Client(stdio_client(known, errlog=log)) as client:
                await drive(client)

    anyio.run(run)


def given(result: CallToolResult) -> Any:
    assert not result.is_error, result.content
    return result.structured_content


def refused(result: CallToolResult) -> str:
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def test_an_assistant_dubs_a_recording_and_puts_a_line_right(
    demo: Path, home: Path, tmp_path: Path
) -> None:
    """What the demo made is remembered, so that one line is spoken here."""
    shutil.copy(VOICE, tmp_path / "talk.flac")
    shutil.copy(BACKGROUND, tmp_path / "music.flac")
    out = tmp_path / "dubs" / "talk"
    told: list[float] = []
    said: list[str] = []
    files_made: list[str] = []

    async def heard(progress: float, total: float | None, message: str | None) -> None:
        assert total == 1.0
        told.append(progress)
        said.append(message or "")

    async def drive(client: Client) -> None:
        tools = {each.name: each for each in (await client.list_tools()).tools}
        assert {*tools} == {"dub", "lines", "edit_line", "render", "evaluate"}
        assert all(each.description and each.output_schema for each in tools.values())
        hints = {name: each.annotations for name, each in tools.items()}
        assert {name for name, each in hints.items() if each and each.read_only_hint} == {
            "lines", "evaluate",
        }  # fmt: skip
        files = {"voice": f"{tmp_path / 'talk.flac'}", "background": f"{tmp_path / 'music.flac'}"}
        asked = {**files, "to": ["Portuguese"]}
        dub = given(await client.call_tool("dub", asked, progress_callback=heard))
        assert dub["folder"] == str(out)
        assert (dub["spoken"], dub["failed"], dub["charged_usd"]) == ("en", {}, 0.0)
        assert str(out / "pt" / "mix.flac") in dub["languages"]["pt"]["files"]
        files_made.extend(dub["languages"]["pt"]["files"])
        where = {"folder": str(out), "language": "pt"}
        lines = given(await client.call_tool("lines", where))["lines"]
        assert [each["number"] for each in lines] == [1, 2, 3, 4, 5]
        assert lines[4]["source"] == "He might even have been made amiable himself."
        changed = given(await client.call_tool("edit_line", where | {"number": 5, "text": BETTER}))
        assert (changed["text"], changed["to_be_rendered"]) == (BETTER, True)
        made = given(await client.call_tool("render", {"folder": str(out)}))
        assert made["languages"]["pt"]["failed"] == {}
        lines = given(await client.call_tool("lines", where))["lines"]
        assert [each["to_be_rendered"] for each in lines] == [False] * 5
        assert lines[4]["spoken"] == BETTER
        scores = given(await client.call_tool("evaluate", {"folder": str(out)}))
        assert scores["languages"]["pt"]["lines"] == 5
        assert -15 < scores["languages"]["pt"]["loudness_lufs"]["pt/mix.flac"] < -13
        nothing = await client.call_tool("render", {"folder": str(out)})
        assert refused(nothing).endswith("(nothing_edited)")
        wrong = await client.call_tool("edit_line", where | {"number": 9, "text": "x"})
        assert refused(wrong).endswith("(line_not_there)")
        none = await client.call_tool("dub", asked | {"to": ["Klingon"]})
        assert "Klingon" in refused(none)

    driven(home, tmp_path, drive)
    assert all(Path(each).is_file() for each in files_made)
    assert told == sorted({*told})
    assert told[-1] == 1.0
    assert "pt: mixing" in said
    assert (tmp_path / "log").read_text() == ""


def test_files_outside_of_its_folders_are_not_touched(home: Path, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    shutil.copy(VOICE, outside / "talk.flac")
    (inside / "link.flac").symlink_to(outside / "talk.flac")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    shutil.copy(VOICE, inside / "talk.flac")

    async def drive(client: Client) -> None:
        for voice, more in (
            (outside / "talk.flac", {}),
            (inside / ".." / "outside" / "talk.flac", {}),
            (inside / "link.flac", {}),
            (inside / "folder" / "talk.flac", {}),
            (inside / "talk.flac", {"out": str(outside / "dub")}),
            (inside / "talk.flac", {"background": str(outside / "talk.flac")}),
        ):
            result = await client.call_tool("dub", {"voice": str(voice), "to": ["pt"], **more})
            assert "outside of the folders that may be used" in refused(result)
        for tool in ("render", "evaluate"):
            result = await client.call_tool(tool, {"folder": str(outside)})
            assert "outside of the folders" in refused(result)

    driven(home, tmp_path, drive, "--folder", inside)
    assert [each.name for each in outside.iterdir()] == ["talk.flac"]


def test_a_request_that_is_taken_back_stops_the_dub(tmp_path: Path) -> None:
    shutil.copy(VOICE, tmp_path / "talk.flac")

    async def drive(client: Client) -> None:
        began = anyio.Event()

        async def heard(progress: float, total: float | None, message: str | None) -> None:
            began.set()

        async def dub() -> None:
            asked = {"voice": str(tmp_path / "talk.flac"), "to": ["pt"], "source_language": "en"}
            await client.call_tool("dub", asked, progress_callback=heard)

        async with anyio.create_task_group() as group:
            group.start_soon(dub)
            await began.wait()
            group.cancel_scope.cancel()
        # The server goes on; the folder is its own again once nothing is under way in it.
        where = {"folder": str(tmp_path / "dubs" / "talk"), "language": "pt"}
        assert refused(await client.call_tool("lines", where)).endswith("(no_dub_to_edit)")
        gone = partial(waiting.eventually, lambda: not (tmp_path / "dubs").exists())
        assert await to_thread.run_sync(gone)

    driven(tmp_path / "home", tmp_path, drive)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    program = "import sys; sys.modules['mcp'] = None; from ytdubber.cli.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", program, "mcp"], cwd=tmp_path, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'ytdubber[mcp]'" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
