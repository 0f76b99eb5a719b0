"""Evaluate a finished dub."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ytdubber.library.cancellation import CancelToken
from ytdubber.library.dubbing import StrPath

if TYPE_CHECKING:
    from ytdubber.app.dubs.evaluate import LanguageScore


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well a dub fits its original, measured on its files.

    Attributes:
        folder: Where the dub is.
        languages: The score of every finished language in it, by its code.
    """

    folder: Path
    languages: Mapping[str, "LanguageScore"]


def evaluate(
    folder: StrPath, *, voice: StrPath | None = None, cancel: CancelToken | None = None
) -> Evaluation:
    """Score a dub on its files, rather than on what its manifest says. May be called in any thread.

    Args:
        folder: That of a finished dub, or one with sound files and a `segments.json`.
        voice: The original voice, where the level of each line is to be compared with it.
        cancel: Stops the evaluation from another thread.

    Raises:
        BadInput: there is no dub to evaluate, or a file of it cannot be read.
        MachineError: its files are being replaced, or there is no place for scratch.
        Cancelled: `cancel` was cancelled.
        YtDubberError: the root of them all.
    """
    from ytdubber.bootstrap.local import evaluation
    from ytdubber.library.calling_thread import CallingThread

    dub, original = Path(folder), None if voice is None else Path(voice)
    thread = CallingThread(cancel)
    thread.raise_if_cancelled()
    with evaluation(thread.raise_if_cancelled) as use_case:
        scores = thread.run(lambda: use_case(dub, original))
    return Evaluation(dub, {score.language: score for score in scores})
