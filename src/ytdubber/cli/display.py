"""Live progress: a row for what all languages share, and one for each language."""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

import ytdubber
from ytdubber.cli.console import err
from ytdubber.domain.languages import NAMES
from ytdubber.domain.printable import printable
from ytdubber.domain.stage import Stage

_LABELS = {
    Stage.QUEUED: "waiting",
    Stage.STT: "listening",
    Stage.TRANSLATING: "translating",
    Stage.DUBBING: "speaking",
    Stage.MIXING: "mixing",
    Stage.EXPORTING: "exporting",
    Stage.COMPLETE: "done",
}


class _TimeLeft(ProgressColumn):
    """The time a row still takes, as the display reckons it."""

    def render(self, task: Task) -> Text:
        left_s = task.fields.get("left_s")
        if left_s is None or task.finished:
            return Text("")
        minutes, seconds = divmod(round(left_s), 60)
        return Text(f"{minutes}:{seconds:02} left", style="cyan")


class DubDisplay:
    """Shows stage progress on standard error: bars on a terminal, else a line a stage."""

    def __init__(self, languages: tuple[str, ...], *, quiet: bool) -> None:
        self._quiet = quiet
        self._bars = Progress(
            TextColumn("{task.description:<12}", markup=False),
            TextColumn("{task.fields[stage]:<12}", markup=False),
            BarColumn(bar_width=32),
            TextColumn("{task.percentage:>3.0f}%"),
            _TimeLeft(),
            console=err,
            disable=quiet or not err.is_terminal,
            transient=True,
        )
        self._shared = self._bars.add_task("voice", total=1.0, stage="listening", left_s=None)
        self._rows = {
            language: self._bars.add_task(NAMES[language], total=1.0, stage="waiting", left_s=None)
            for language in languages
        }
        self._last: dict[str | None, Stage] = {}
        self._fetching: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        if not self._bars.disable:
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._bars.disable:
            self._bars.stop()

    def update(self, progress: ytdubber.Progress) -> None:
        """Show where a language is."""
        if self._quiet:
            return
        language, stage = progress.language, progress.stage
        if not err.is_terminal:
            if self._last.get(language) is not stage:
                err.print(f"{language or 'all'}: {_LABELS[stage]}")
            self._last[language] = stage
            return
        row = self._shared if language is None else self._rows[language]
        if language is None and stage is Stage.EXPORTING:
            self._bars.update(row, description="video")
        self._bars.update(
            row,
            completed=progress.done,
            stage=_LABELS[stage],
            left_s=progress.left_s,
        )

    def say(self, text: str) -> None:
        """Show a sentence."""
        if not self._quiet:
            err.print(text)

    def fetching(self, download: ytdubber.Download) -> None:
        """Show a model being fetched."""
        if self._quiet:
            return
        model, total_bytes = download.model, download.total_bytes
        if model not in self._fetching:
            self._fetching[model] = self._bars.add_task(
                "model", total=float(total_bytes), stage=printable(model), left_s=None
            )
            if not err.is_terminal:
                err.print(f"fetching the model {model} ({total_bytes / 1e6:.0f} MB)")
        self._bars.update(self._fetching[model], completed=download.done_bytes)
