"""One call of `dub`: the use case on this machine, and who is told of it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

from ytdubber.app.dubs.heard import Inputs
from ytdubber.app.local.draft_texts import DraftTexts
from ytdubber.app.local.dub_outcome import DubOutcome
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.local.edits import Edits
from ytdubber.app.pipeline.progress import Progress as StageProgress
from ytdubber.bootstrap.local import LocalRuntime, ProgressReporter, local_runtime
from ytdubber.domain.spending import shown_usd
from ytdubber.library.calling_thread import CallingThread
from ytdubber.library.cancellation import CancelToken
from ytdubber.library.outcome import result_of
from ytdubber.library.progress import Download, Progress, ProgressMeter
from ytdubber.library.results import DraftResult, DubResult

Made = TypeVar("Made")


class DubRun:
    """Runs one dub.

    Args:
        cancel: Stops it.
        on_progress: Told how far each language is.
        on_download: Told how far a model is.
        on_message: Told sentences worth showing.
    """

    def __init__(
        self,
        cancel: CancelToken | None,
        on_progress: Callable[[Progress], object],
        on_download: Callable[[Download], object],
        on_message: Callable[[str], object],
    ) -> None:
        self._thread = CallingThread(cancel)
        self._meter = ProgressMeter()
        self._on_progress = on_progress
        self._on_download = on_download
        self._on_message = on_message

    def __call__(
        self, request: DubRequest, folder: Path, recipe: Mapping[str, object]
    ) -> DubResult:
        """What is in the folder afterwards, and how it was asked for.

        Raises:
            YtDubberError: it cannot be made, or not now.
        """
        self._thread.raise_if_cancelled()
        reporter = ProgressReporter(self._say, self._fetching, self._thread.raise_if_cancelled)
        with local_runtime(reporter) as machine:
            request = machine.as_set(request)
            use_case = machine.dub_recording(folder)

            def already() -> tuple[Inputs, DubOutcome | None]:
                use_case.validate(request)
                inputs = request.inputs()
                return inputs, use_case.finished(request, inputs)

            inputs, there = self._thread.run(already)

            def dub(scratch: Path) -> DubOutcome:
                machine.fetch_needed(request.target_languages, request.options.voice_tier)
                check = self._thread.raise_if_cancelled
                outcome = use_case(request, inputs, scratch, self._staged, check)
                Edits(folder, use_case.blobs).keep_recipe(recipe, scratch)
                return outcome

            outcome = there or self._made(machine, folder, dub)
            return result_of(outcome, folder, machine.spent_usd())

    def draft(self, request: DubRequest, folder: Path) -> DraftResult:
        """The texts that were written into the folder.

        Raises:
            YtDubberError: they cannot be made, or not now.
        """
        self._thread.raise_if_cancelled()
        reporter = ProgressReporter(self._say, self._fetching, self._thread.raise_if_cancelled)
        with local_runtime(reporter) as machine:
            drafts = DraftTexts(machine.dub_recording(folder))

            def write(scratch: Path) -> tuple[str, ...]:
                machine.fetch_needed(())
                return drafts(request, scratch, self._staged, self._thread.raise_if_cancelled)

            self._thread.run(partial(drafts.validate, request))
            return _draft(self._made(machine, folder, write), folder, machine.spent_usd())

    def _made(self, machine: LocalRuntime, folder: Path, make: Callable[[Path], Made]) -> Made:
        """What is made in a folder, given its scratch folder."""
        if machine.vendors:
            self._on_message(f"Vendors that may be asked: {', '.join(machine.vendors)}.")
        with machine.folder(folder) as scratch:
            try:
                return self._thread.run(partial(make, scratch))
            finally:
                if spent_usd := machine.spent_usd():
                    self._on_message(f"Vendors charged about {shown_usd(spent_usd)} US dollars.")

    def _staged(self, at: StageProgress) -> None:
        self._thread.report(self._tell_progress, at)

    def _tell_progress(self, at: StageProgress) -> None:
        self._on_progress(self._meter.read(at.language, at.stage, at.fraction))

    def _fetching(self, model: str, done_bytes: int, total_bytes: int) -> None:
        download = Download(model=model, done_bytes=done_bytes, total_bytes=total_bytes)
        self._thread.report(self._on_download, download)

    def _say(self, sentence: str) -> None:
        self._thread.report(self._on_message, sentence)


def _draft(keys: Sequence[str], folder: Path, charged_usd: Decimal) -> DraftResult:
    transcript, captions_srt, captions_vtt, *translations = (folder / key for key in keys)
    return DraftResult(
        folder=folder,
        transcript=transcript,
        captions_srt=captions_srt,
        captions_vtt=captions_vtt,
        translations={path.parent.name: path for path in translations},
        charged_usd=charged_usd,
    )
