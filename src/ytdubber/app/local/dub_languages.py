"""A recording's languages dubbed side by side into a folder."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from ytdubber.app.dubs.manifest import LanguageEntry, language_entry, unmade_entry
from ytdubber.app.dubs.room import full_disk_told
from ytdubber.app.local.finished_dub import FinishedDub
from ytdubber.app.pipeline.artifacts import Prepared
from ytdubber.app.pipeline.kept_mixes import KeptMixes
from ytdubber.app.pipeline.progress import Progress
from ytdubber.app.pipeline.runner import Runner
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import Cancelled, SameLanguage, YtDubberError
from ytdubber.domain.job import DubOptions
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.script import Script
from ytdubber.domain.stage import Stage
from ytdubber.engines.map_concurrently import map_concurrently
from ytdubber.ports.call_context import CallContext

Permit = Callable[[EngineId, CallContext], AbstractContextManager[None]]
"""Held while a language is dubbed that this engine speaks."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one language of a run ended.

    Attributes:
        language: The target.
        reused: Whether it was there already.
        entry: Why it was not made; None where it is there.
        error: What went wrong, where something did.
    """

    language: str
    reused: bool = False
    entry: LanguageEntry | None = None
    error: Exception | None = None


class MadeFiles:
    """A `BlobSink` that leaves files where they are until their language is whole."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}

    def put(self, key: str, file: Path) -> None:
        self._files[key] = file

    def of(self, language: str) -> dict[str, Path]:
        """A language's files by key."""
        return {k: f for k, f in self._files.items() if k.startswith(f"{language}/")}


@dataclass(frozen=True, slots=True)
class DubLanguages:
    """Dubs languages, as many at once as there are permits for.

    Attributes:
        runner: The pipeline.
        made: Its sink.
        prepared: What all languages share.
        options: How the dubs are made.
        dub: Where finished languages go, each as soon as it is whole.
        fingerprint: The hash of everything a language's files depend on.
        permit: How many are made at once.
        given: What to say, by language, where a person gives it.
        mixes: How a language was mixed before, where that is kept.
    """

    runner: Runner
    made: MadeFiles
    prepared: Prepared
    options: DubOptions
    dub: FinishedDub
    fingerprint: Callable[[str], str]
    permit: Permit
    given: Mapping[str, Script] = field(default_factory=dict)
    mixes: Callable[[str], KeptMixes | None] = lambda _: None

    def __call__(self, tasks: Sequence[LanguageTask]) -> list[Ended]:
        """How each ended, in order. What goes wrong with one does not touch the others.

        Raises:
            Cancelled: on request.
        """
        return map_concurrently(tasks, self._one, len(tasks), self.runner.check, lambda _: None)

    def _one(self, task: LanguageTask) -> Ended:
        language, fingerprint = task.language, self.fingerprint(task.language)
        transcript = self.prepared.transcript
        if transcript.source_for(language) is None:
            return self._unmade(
                language, fingerprint, SameLanguage(foreign_ms=transcript.foreign_ms)
            )
        if self.dub.keep(language, fingerprint):
            return Ended(language, reused=True)
        try:
            with full_disk_told(self.runner.scratch):
                self._dub(task, fingerprint)
        except Cancelled:
            self._end(task.id, lambda t: t.cancel(self.runner.clock.now()))
            raise
        except YtDubberError as error:
            code, message = error.code, str(error)
            self._end(task.id, lambda t: t.fail(code, message, self.runner.clock.now()))
            return replace(self._unmade(language, fingerprint, error), error=error)
        except Exception as error:  # raised when the other languages have ended
            return Ended(language, error=error)
        return Ended(language)

    def _dub(self, task: LanguageTask, fingerprint: str) -> None:
        runner, options, language = self.runner, self.options, task.language
        preference = options.voice_preference(language)
        synthesizer, _ = runner.engines.cast(language, preference, options.voice_tier)
        with self.permit(synthesizer.engine, CallContext(task.job_id, task.id, runner.check)):
            given, mixes = self.given.get(language), self.mixes(language)
            dub = runner.dub(task.id, self.prepared, given, mixes)
            runner.check()
            entry = language_entry(dub, fingerprint)
            self.dub.add(language, entry, self.made.of(language))
            shutil.rmtree(runner.scratch / language, ignore_errors=True)
        self._end(task.id, lambda t: t.enter(Stage.COMPLETE, runner.clock.now()))
        runner.on_progress(Progress(language, Stage.COMPLETE, 1.0))

    def _unmade(self, language: str, fingerprint: str, why: YtDubberError) -> Ended:
        loudness = self.prepared.source.loudness(self.options.loudness)
        entry = unmade_entry(fingerprint, loudness, why.code, str(why))
        self.dub.note(language, entry)
        return Ended(language, entry=entry)

    def _end(self, task_id: UUID, change: Callable[[LanguageTask], LanguageTask]) -> None:
        with self.runner.transactions() as work:
            work.tasks.save(change(work.tasks.get(task_id)))
            work.commit()
