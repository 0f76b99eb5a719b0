"""How the dub that is shown was mixed, of a job of the service."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from ytdubber.app.dubs.code_version import dub_version
from ytdubber.app.lines.task_edits import TaskEdits
from ytdubber.app.pipeline.kept_mixes import KeptMixes
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.result_store import ResultStore


def shown_mixes(
    known: TaskEdits, results: ResultStore, media: MediaStore, check: Callable[[], None]
) -> KeptMixes:
    """Of a language. Its recording stays as it is for as long as its lines can be changed.

    Args:
        known: What the records know of it.
        results: The job's.
        media: Where its files are.
        check: Called now and then while one is fetched; raises to stop.
    """
    task = known.task
    shown = {
        PurePosixPath(each.path).name: each
        for each in known.files
        if each.revision == task.revision
    }

    def fetch(name: str, place: Path) -> Path:
        media.fetch(shown[name].key, place, check)
        return place

    basis = f"{task.job_id} {dub_version()}"
    hashes = {name: each.sha256 for name, each in shown.items()}
    return KeptMixes(results, basis, hashes, fetch)
