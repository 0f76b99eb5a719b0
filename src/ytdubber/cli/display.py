"""Live progress: a row for what all languages share, and one for each language."""

import time
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from ytdubber.app.progress import Progress as StageProgress
from ytdubber.cli.console import err
from ytdubber.domain.languages import NAMES
from ytdubber.domain.printable import printable
from ytdubber.domain.stage import Stage

_WEIGHTS = {
    Stage.STT: 3.0,
    Stage.TRANSLATING: 0.1,
    Stage.DUBBING: 7.0,
    Stage.MIXING: 1.5,
    Stage.EXPORTING: 0.1,
}
"""How long the stages take against one another, measured on a two-core machine."""
_LANGUAGE = sum(weight for stage, weight in _WEIGHTS.items() if stage is not Stage.STT)
_LABELS = {
    Stage.QUEUED: "waiting",
    Stage.STT: "listening",
    Stage.TRANSLATING: "translating",
    Stage.DUBBING: "speaking",
    Stage.MIXING: "mixing",
    Stage.EXPORTING: "exporting",
    Stage.COMPLETE: "done",
}


_TELLING = 0.05
"""From this share on the time a row has taken says how long it still takes."""


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
        self._begun: dict[str | None, float] = {}
        self._shared = self._bars.add_task("voice", total=1.0, stage="listening", left_s=None)
        self._rows = {
            language: self._bars.add_task(NAMES[language], total=1.0, stage="waiting", left_s=None)
            for language in languages
        }
        self._done = dict.fromkeys([None, *languages], 0.0)
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

    def update(self, progress: StageProgress) -> None:
        """Show where a language is."""
        if self._quiet:
            return
        language, stage = progress.language, progress.stage
        if not err.is_terminal:
            if self._last.get(language) is not stage:
                err.print(f"{language or 'all'}: {_LABELS[stage]}")
            self._last[language] = stage
            return
        self._done[language] = max(self._done[language], _fraction(progress))
        row = self._shared if language is None else self._rows[language]
        self._bars.update(
            row,
            completed=self._done[language],
            stage=_LABELS[stage],
            left_s=self._left_s(language),
        )

    def say(self, text: str) -> None:
        """Show a sentence."""
        if not self._quiet:
            err.print(text)

    def fetching(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """Show a model being fetched."""
        if self._quiet:
            return
        if model not in self._fetching:
            self._fetching[model] = self._bars.add_task(
                "model", total=float(total_bytes), stage=printable(model), left_s=None
            )
            if not err.is_terminal:
                err.print(f"fetching the model {model} ({total_bytes / 1e6:.0f} MB)")
        self._bars.update(self._fetching[model], completed=done_bytes)

    def _left_s(self, language: str | None) -> float | None:
        """What a row still takes at its own pace so far; its stages count by what they take."""
        taken_s = time.monotonic() - self._begun.setdefault(language, time.monotonic())
        done = self._done[language]
        return taken_s / done * (1 - done) if done > _TELLING else None


def _fraction(progress: StageProgress) -> float:
    """How much of its row a stage's progress fills."""
    if progress.stage is Stage.COMPLETE:
        return 1.0
    if progress.language is None:
        return progress.fraction
    done = 0.0
    for stage, weight in _WEIGHTS.items():
        if stage is progress.stage:
            return (done + weight * progress.fraction) / _LANGUAGE
        done += 0.0 if stage is Stage.STT else weight
    return 0.0
