"""Tools by which an assistant dubs, over the Model Context Protocol. Each is a call of the library.

What a tool gives is plain values, which its client is told the shape of.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import anyio
from anyio import from_thread, to_thread
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import BaseModel, Field

import ytdubber

T = TypeVar("T")

_INSTRUCTIONS = (
    "Dubs spoken recordings that lie on this machine into other languages. A dub takes about as "
    "long as its recording lasts, for each language, and reports progress. After it, look at "
    "`listen_to`: these places a person should hear. To put a line right, call `lines`, "
    "`edit_line` for each line, and then `render` once."
)
_STEP = 0.01
"""Progress is told from this difference on."""
_SHARED = 0.3
"""What all languages share, of all there is to do."""

_LOOKS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=True
)

File = Annotated[str, Field(description="A path on this machine.")]
Folder = Annotated[str, Field(description="The folder of a finished dub.")]
Language = Annotated[str, Field(description="A language by code or name, such as pt or Spanish.")]


class ListenTo(BaseModel):
    """A place that a person should hear, in seconds, and why."""

    start_s: float
    end_s: float
    reasons: list[str]


class Dubbed(BaseModel):
    """A finished language: its files, who speaks, and what to listen to."""

    files: list[str]
    voice: str
    fastest_rate: float
    listen_to: list[ListenTo]
    notes: list[str]


class Dub(BaseModel):
    """A dub. `failed` says why a language was not made; `notes` what a person should know."""

    folder: str
    spoken: str
    languages: dict[str, Dubbed]
    videos: list[str]
    failed: dict[str, str]
    notes: list[str]
    charged_usd: float


class Line(BaseModel):
    """A line of a dub. `text` is what it is to say, `spoken` what it says until `render`."""

    number: int
    start_s: float
    source: str
    spoken: str
    text: str
    to_be_rendered: bool
    rate: float
    listen_to: list[str]


class Lines(BaseModel):
    """Lines of a language."""

    lines: list[Line]


class Rendered(BaseModel):
    """What came of each language."""

    languages: dict[str, Dub]


class Score(BaseModel):
    """How well a language fits its original, measured on its files."""

    lines: int
    speech_overlap: float
    rate_p95: float
    rate_max: float
    onset_drift_p95_s: float
    lost_speech_s: float
    captions_passing_share: float
    loudness_lufs: dict[str, float]
    listen_to: list[ListenTo]


class Scores(BaseModel):
    """The score of each language."""

    languages: dict[str, Score]


def serve(folders: Sequence[Path]) -> None:
    """Serve the tools over standard input and output, until that ends."""
    server(folders).run("stdio")


def server(folders: Sequence[Path]) -> MCPServer:
    """The tools, for files below these folders, or anywhere where there are none."""
    made = MCPServer(
        "ytdubber",
        title="YT Dubber",
        instructions=_INSTRUCTIONS,
        version=ytdubber.__version__,
        log_level="WARNING",
    )
    tools = Tools([each.resolve() for each in folders])
    made.add_tool(tools.dub, annotations=_WRITES, structured_output=True)
    made.add_tool(tools.lines, annotations=_LOOKS, structured_output=True)
    made.add_tool(tools.edit_line, annotations=_WRITES, structured_output=True)
    made.add_tool(tools.render, annotations=_WRITES, structured_output=True)
    made.add_tool(tools.evaluate, annotations=_LOOKS, structured_output=True)
    return made


class Tools:
    """What an assistant may do, in these folders."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    async def dub(
        self,
        context: Context,
        voice: Annotated[str, Field(description="The recording: a sound or video file.")],
        to: Annotated[list[str], Field(description="Languages by code or name.", min_length=1)],
        background: Annotated[
            str | None, Field(description="Music and effects, where they are a file of their own.")
        ] = None,
        out: Annotated[
            str | None,
            Field(description="The folder to write to; dubs/NAME beside the recording."),
        ] = None,
        source_language: Annotated[
            str | None, Field(description="What is spoken; found out when not given.")
        ] = None,
        voices: Annotated[
            dict[str, str] | None,
            Field(description="By language: a voice's id, female or male. * is all others."),
        ] = None,
        video: Annotated[
            Literal["mp4", "mkv"] | None,
            Field(description="Also write the picture of a video with the dubs as tracks."),
        ] = None,
    ) -> Dub:
        """Dub a recording into other languages. What is there already, as asked, is kept, and a dub
        that was stopped goes on: call it again with the same arguments."""
        recording = self._path(voice)
        folder = self._path(out) if out else recording.parent / "dubs" / recording.stem
        call = partial(
            ytdubber.dub,
            recording,
            to=to,
            background=None if background is None else self._path(background),
            out=self._path(str(folder)),
            source_language=source_language,
            voices=voices,
            video=video,
        )
        return _dub(await _with_progress(call, context, len(to)))

    async def lines(self, folder: Folder, language: Language) -> Lines:
        """The lines of a language of a finished dub: what was said, what the dub says, what it is
        to say, and what a person should listen to."""
        found = await _in_thread(partial(ytdubber.lines, self._path(folder), language))
        return Lines(lines=[_line(each) for each in found])

    async def edit_line(
        self,
        folder: Folder,
        language: Language,
        number: Annotated[int, Field(description="The line's number, from `lines`.", ge=1)],
        text: Annotated[str, Field(description="What it is to say, word for word.")],
    ) -> Line:
        """Have one line say something else. Nothing is spoken before `render`."""
        call = partial(ytdubber.edit, self._path(folder), language, {str(number): text})
        return next(_line(each) for each in await _in_thread(call) if each.number == number)

    async def render(self, context: Context, folder: Folder) -> Rendered:
        """Speak the lines that were changed, and make their languages' files anew."""
        place = self._path(folder)
        changed = await _in_thread(partial(ytdubber.edited, place))
        made = await _with_progress(partial(ytdubber.render, place), context, len(changed) or 1)
        return Rendered(languages={code: _dub(each) for code, each in made.items()})

    async def evaluate(
        self,
        folder: Folder,
        voice: Annotated[
            str | None, Field(description="The original voice, to compare levels with.")
        ] = None,
    ) -> Scores:
        """Score a dub on its files: timing, rates, loudness, captions."""
        original = None if voice is None else self._path(voice)
        call = partial(ytdubber.evaluate, self._path(folder), voice=original)
        found = await _cancelling(call)
        return Scores(languages={code: _score(each) for code, each in found.languages.items()})

    def _path(self, written: str) -> Path:
        """What a path names, if files there may be read and written.

        Raises:
            ToolError: they may not.
        """
        path = Path(written).expanduser().resolve()
        if self._folders and not any(path.is_relative_to(each) for each in self._folders):
            allowed = ", ".join(map(str, self._folders))
            raise ToolError(f"{path} is outside of the folders that may be used: {allowed}.")
        return path


async def _with_progress(call: Callable[..., T], context: Context, languages: int) -> T:
    """What the library gives, with its progress told to whoever asked."""
    shares: dict[str | None, float] = {}
    told = 0.0

    def tell(progress: ytdubber.Progress) -> None:
        nonlocal told
        shares[progress.language] = progress.done
        dubbed = sum(share for language, share in shares.items() if language is not None)
        done = _SHARED if dubbed else _SHARED * shares.get(None, 0.0)
        done += (1 - _SHARED) * dubbed / languages
        done = min(round(done, 3), 1.0)
        if done >= told + _STEP or done == 1.0 != told:
            told = done
            what = f"{progress.language}: {progress.stage}" if progress.language else progress.stage
            from_thread.run(context.report_progress, done, 1.0, str(what))

    return await _cancelling(partial(call, on_progress=tell))


async def _cancelling(call: Callable[..., T]) -> T:
    """What the library gives. A request that is taken back stops it, and is over when nothing is
    under way any more.

    Raises:
        ToolError: it refuses, in a sentence.
    """
    token = ytdubber.CancelToken()
    made: list[T] = []
    refusals: list[ToolError] = []

    async def heed() -> None:
        try:
            await anyio.sleep_forever()
        finally:
            token.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(heed)
        try:
            made.append(await _in_thread(partial(call, cancel=token)))
        except ToolError as error:
            refusals.append(error)
        group.cancel_scope.cancel()
    if refusals:
        raise refusals[0]
    return made[0]


async def _in_thread(call: Callable[[], T]) -> T:
    """What the library gives, in a thread of its own.

    Raises:
        ToolError: it refuses, in a sentence.
    """
    try:
        return await to_thread.run_sync(call)
    except ytdubber.YtDubberError as error:
        raise ToolError(f"{error} ({error.code})") from None


def _dub(result: ytdubber.DubResult) -> Dub:
    return Dub(
        folder=str(result.folder.absolute()),
        spoken=result.source.language,
        languages={code: _dubbed(each) for code, each in result.languages.items()},
        videos=[str(each.path.absolute()) for each in result.videos],
        failed={code: each.message for code, each in result.unmade.items()},
        notes=list(result.source.notes),
        charged_usd=float(result.charged_usd),
    )


def _dubbed(language: ytdubber.DubbedLanguage) -> Dubbed:
    return Dubbed(
        files=[str(each.path.absolute()) for each in language.files],
        voice=language.voice_id,
        fastest_rate=language.figures.rate_max,
        listen_to=_places(language.review),
        notes=list(language.notes),
    )


def _line(line: ytdubber.EditLine) -> Line:
    return Line(
        number=line.number,
        start_s=line.start_ms / 1000,
        source=line.source,
        spoken=line.spoken,
        text=line.text,
        to_be_rendered=line.edited,
        rate=line.rate,
        listen_to=list(line.review),
    )


def _score(score: ytdubber.LanguageScore) -> Score:
    timing = score.timing
    return Score(
        lines=timing.lines,
        speech_overlap=timing.speech_overlap,
        rate_p95=timing.rate_p95,
        rate_max=timing.rate_max,
        onset_drift_p95_s=timing.onset_drift_p95_s,
        lost_speech_s=timing.lost_speech_s,
        captions_passing_share=score.captions_passing_share,
        loudness_lufs={str(each.path): each.integrated_lufs for each in score.files},
        listen_to=_places(score.review),
    )


def _places(places: Sequence[ytdubber.Place]) -> list[ListenTo]:
    return [
        ListenTo(
            start_s=each.start_ms / 1000,
            end_s=each.end_ms / 1000,
            reasons=[str(reason) for reason in each.reasons],
        )
        for each in places
    ]
