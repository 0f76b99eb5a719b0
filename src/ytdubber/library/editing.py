"""Change lines of a finished dub, and make them again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from ytdubber.app.local.edit_line import EditLine
from ytdubber.app.local.edits import edit_key
from ytdubber.bootstrap.local import editing, edits_in
from ytdubber.domain.errors import NothingEdited
from ytdubber.domain.languages import target
from ytdubber.library.cancellation import CancelToken
from ytdubber.library.dubbing import StrPath, dub
from ytdubber.library.progress import Download, Progress
from ytdubber.library.results import DubResult

if TYPE_CHECKING:
    from ytdubber.app.local.edit_line import EditLine


def lines(folder: StrPath, language: str) -> "tuple[EditLine, ...]":
    """The lines of a finished dub, as they are and as they are to be.

    Args:
        folder: The folder of the dub.
        language: Which of its languages.

    Raises:
        BadInput: there is no such dub.
    """

    return tuple(edits_in(Path(folder)).lines(target(language)))


def edited(folder: StrPath) -> tuple[str, ...]:
    """The languages of a finished dub in which lines are to say something else than they do.

    Raises:
        BadInput: there is no such dub.
    """

    return tuple(edits_in(Path(folder)).edited())


class LineChange(TypedDict, total=False):
    """How a line is to be: only what is named is changed, and None is as it would be made.

    Attributes:
        text: What it is to say.
        voice: The id of the voice that says it.
        shift_ms: How much later than its original it is to begin; negative for earlier.
        gain_db: How much louder it is to be.
        speed: How much faster than its voice's own pace it is to be, at least.
        keep_original: Whether the original is heard there as it is, and nothing said.
        removed: Whether it is not said at all.
        spoken_as: What its voice says for terms in it that are written otherwise.
    """

    text: str
    voice: str | None
    shift_ms: int | None
    gain_db: float | None
    speed: float | None
    keep_original: bool | None
    removed: bool | None
    spoken_as: "Mapping[str, str] | None"


def edit(
    folder: StrPath, language: str, changes: "Mapping[str, str | LineChange]"
) -> "tuple[EditLine, ...]":
    """Have lines be otherwise than they are; `render` makes them so.

    Args:
        folder: The folder of the dub.
        language: Which of its languages.
        changes: What to say, or what else to change, by a line's number or its id.

    Raises:
        BadInput: there is no such dub, no such line, or a line cannot be so.
    """
    given: dict[str, Mapping[str, object]] = {
        name: {"text": change} if isinstance(change, str) else {**change}
        for name, change in changes.items()
    }
    with editing(Path(folder)) as (edits, scratch):
        return tuple(edits.set(target(language), given, scratch))


def split_line(folder: StrPath, language: str, line: str, after: str) -> "tuple[EditLine, ...]":
    """Have a line be two; the original is cut where it pauses nearest to there.

    Args:
        folder: The folder of the dub.
        language: Which of its languages.
        line: Its number or its id.
        after: The words of its text that the first of the two ends with.

    Raises:
        BadInput: there is no such dub, no such line, or it cannot be cut there.
    """
    with editing(Path(folder)) as (edits, scratch):
        return tuple(edits.split(target(language), line, after, scratch))


def merge_lines(folder: StrPath, language: str, line: str) -> "tuple[EditLine, ...]":
    """Have a line and the next one be one.

    Args:
        folder: The folder of the dub.
        language: Which of its languages.
        line: The first one's number or id.

    Raises:
        BadInput: there is no such dub, no such line, or two people say them.
    """
    with editing(Path(folder)) as (edits, scratch):
        return tuple(edits.merge(target(language), line, scratch))


def insert_line(
    folder: StrPath, language: str, text: str, start_ms: int, end_ms: int
) -> "tuple[EditLine, ...]":
    """Have something said where nobody heard a line.

    Args:
        folder: The folder of the dub.
        language: Which of its languages.
        text: What is said.
        start_ms: When it begins.
        end_ms: Until when there is room for it.

    Raises:
        BadInput: there is no such dub, or no line can be so.
    """
    with editing(Path(folder)) as (edits, scratch):
        return tuple(edits.insert(target(language), text, start_ms, end_ms, scratch))


def render(
    folder: StrPath,
    *,
    on_progress: Callable[[Progress], object] | None = None,
    on_download: Callable[[Download], object] | None = None,
    on_message: Callable[[str], object] | None = None,
    cancel: CancelToken | None = None,
) -> dict[str, DubResult]:
    """Make the languages anew in which lines were changed, as they were asked for before.

    Only lines that say something else are spoken again. A line is said word for word: it is not
    shortened, and one that is too long for its place is spoken faster and flagged.

    Args:
        folder: The folder of the dub.
        on_progress: Told how far each language is.
        on_download: Told how far a model is that has to be fetched.
        on_message: Told sentences worth showing to a person.
        cancel: Stops it from another thread or from a callback.

    Returns:
        What came of each language, by its code.

    Raises:
        BadInput: there is no such dub, nothing was changed, or the recording is not where it was.
        YtDubberError: as `dub`.
    """
    from ytdubber.bootstrap.local import edits_in

    place = Path(folder)
    edits = edits_in(place)
    recipes = {each: edits.recipe(each) for each in edits.edited()}
    if not recipes:
        raise NothingEdited(folder=place)
    made = {}
    for language, recipe in recipes.items():
        translations = recipe["translations"] | {language: str(place / edit_key(language))}
        made[language] = dub(
            **recipe | {"translations": translations},
            out=place,
            on_progress=on_progress,
            on_download=on_download,
            on_message=on_message,
            cancel=cancel,
        )
    return made
