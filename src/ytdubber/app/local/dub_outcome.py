"""What came of a dub in all its languages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ytdubber.app.dubs.manifest import LanguageEntry, Manifest
from ytdubber.app.local.dub_languages import Ended
from ytdubber.app.local.finished_dub import FinishedDub
from ytdubber.domain.errors import (
    AllLanguagesFailed,
    BadInput,
    Cancelled,
    MachineError,
    YtDubberError,
)


@dataclass(frozen=True, slots=True)
class DubOutcome:
    """What came of it.

    Attributes:
        manifest: What is there now.
        reused: The languages that were there already.
        unmade: Why languages were not made; what is finished of them from before is still there.
    """

    manifest: Manifest
    reused: tuple[str, ...]
    unmade: Mapping[str, LanguageEntry] = field(default_factory=dict)


def need_one(languages: Sequence[Ended]) -> None:
    """Put nothing in place where no language is there.

    Raises:
        BadInput: every language failed, and at least one because of what was asked.
        AllLanguagesFailed: every language failed or was skipped.
    """
    errors = [ended.error for ended in languages if ended.error is not None]
    told = [error for error in errors if isinstance(error, YtDubberError)]
    there = [each for each in languages if each.entry is None and each.error is None]
    if told and not there and len(told) == len(errors):
        asked = (each for each in told if isinstance(each, BadInput | MachineError))
        raise next(asked, AllLanguagesFailed(errors=tuple(told)))


def error_of(work: Callable[[], None]) -> YtDubberError | None:
    """What of ours goes wrong with some work; a stop goes on."""
    try:
        work()
    except Cancelled:
        raise
    except YtDubberError as error:
        return error
    return None


def outcome_of(languages: Sequence[Ended], dub: FinishedDub, *, whole: bool) -> DubOutcome:
    """What came of all languages.

    Args:
        languages: How each ended.
        dub: What is finished.
        whole: Whether all else that was asked for is there.

    Raises:
        Exception: a defect, when everything else was put in place.
    """
    errors = [ended.error for ended in languages if ended.error is not None]
    manifest = dub.close(whole=whole and not errors)
    for error in errors:
        if not isinstance(error, YtDubberError):
            raise error
    return DubOutcome(
        manifest,
        tuple(each.language for each in languages if each.reused),
        {each.language: each.entry for each in languages if each.entry is not None},
    )
