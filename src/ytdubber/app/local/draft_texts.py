"""The texts of a dub, for a person to correct before anything is spoken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.dubs.room import full_disk_told
from ytdubber.app.local.dub_recording import Begun, DubRecording
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.pipeline.original_texts import original_texts
from ytdubber.app.pipeline.progress import OnProgress, Progress
from ytdubber.app.pipeline.texts import draft_json
from ytdubber.domain.errors import DraftEdited
from ytdubber.domain.printable import printable
from ytdubber.domain.stage import Stage

FOLDER = "draft"
"""Where drafts stand in an output folder: beside a finished dub, never in its place."""


class _Nowhere:
    """Where files of a dub go that is not made."""

    def put(self, key: str, file: Path) -> None:
        raise AssertionError(key)


@dataclass(frozen=True, slots=True)
class DraftTexts:
    """What is said in a recording, and what would be said in its dubs, as files that the next dub
    takes as its script and its translations.

    Attributes:
        recording: What would make the dub.
    """

    recording: DubRecording

    def __call__(
        self,
        request: DubRequest,
        scratch: Path,
        on_progress: OnProgress,
        check: Callable[[], None],
    ) -> tuple[str, ...]:
        """Write them into the output folder, all or none; the keys of what was written: the
        transcript, its captions, and the translations into the languages asked for.

        Args:
            request: What to draft.
            scratch: An empty folder on the output folder's file system.
            on_progress: Told of progress.
            check: Raises `Cancelled` to stop.

        Raises:
            BadInput: the request cannot be carried out, or a file in the folder was edited that
                would be written anew.
            VendorError: an engine could not do it.
        """
        with full_disk_told(scratch):
            begun = self.recording.begin(request, scratch, _Nowhere(), on_progress, check)
            said, total_ms = begun.prepared.transcript, begun.prepared.total_ms
            title = printable(request.voice.stem)
            texts = original_texts(said, (), total_ms, title)
            files = {f"{FOLDER}/{text.path}": text.data for text in texts if text.kind != "script"}
            for language, text in _drafts(begun):
                files[f"{FOLDER}/{language}/translation.json"] = text
                on_progress(Progress(language, Stage.COMPLETE, 1.0))
            self._put(files, scratch)
        return tuple(files)

    def validate(self, request: DubRequest) -> None:
        """Refuse what cannot be done before any work is begun.

        Raises:
            BadInput: a language, a pair or the file is not to be had.
        """
        request.check()
        if request.target_languages:
            self.recording.validate(request)

    def _put(self, files: dict[str, bytes], scratch: Path) -> None:
        blobs = self.recording.blobs
        for key, data in files.items():
            if blobs.read(key) not in (None, data):
                raise DraftEdited(file=key)
        placed = {}
        for number, (key, data) in enumerate(files.items()):
            placed[key] = scratch / f"draft-{number}"
            placed[key].write_bytes(data)
        blobs.replace(placed, (), scratch)


def _drafts(begun: Begun) -> Iterator[tuple[str, bytes]]:
    """Each language's draft, where there is something to translate."""
    for task in begun.tasks:
        if begun.prepared.transcript.source_for(task.language) is not None:
            script = begun.runner.translate(task.id, begun.prepared)
            yield task.language, draft_json(task.language, script)
