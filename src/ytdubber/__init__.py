"""YT Dubber: a spoken recording in, the same recording in other languages out.

    import ytdubber

    result = ytdubber.dub("talk.mp4", to=["pt", "es"], background="music.wav")
    print(result.languages["pt"].mix)

Every public name is in `__all__`. Names are loaded when they are first used: importing the package
imports nothing else.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ytdubber.app.dubs.detect import Marks
    from ytdubber.app.dubs.evaluate import FileScore, LanguageScore
    from ytdubber.app.local.edit_line import EditLine
    from ytdubber.captions.check import Violation
    from ytdubber.domain.errors import (
        AllLanguagesFailed,
        BadInput,
        Cancelled,
        MachineError,
        VendorError,
        YtDubberError,
    )
    from ytdubber.domain.line_edit import LineEdit
    from ytdubber.domain.media import Interval
    from ytdubber.domain.review import Place, ReviewReason
    from ytdubber.domain.scoreboard import ScoredLine, TimingScore
    from ytdubber.domain.stage import Stage
    from ytdubber.library.cancellation import CancelToken
    from ytdubber.library.detection import detect
    from ytdubber.library.drafting import draft
    from ytdubber.library.dubbing import (
        CaptionVariant,
        Format,
        Loudness,
        VideoFormat,
        VoiceTier,
        dub,
    )
    from ytdubber.library.editing import (
        LineChange,
        edit,
        edited,
        insert_line,
        lines,
        merge_lines,
        render,
        split_line,
    )
    from ytdubber.library.evaluation import Evaluation, evaluate
    from ytdubber.library.progress import Download, Progress
    from ytdubber.library.results import (
        DraftResult,
        DubbedLanguage,
        DubFile,
        DubResult,
        DubVideo,
        Figures,
        FileKind,
        Source,
        UnmadeLanguage,
    )
    from ytdubber.version import __version__

__all__ = [
    "AllLanguagesFailed",
    "BadInput",
    "CancelToken",
    "Cancelled",
    "CaptionVariant",
    "Download",
    "DraftResult",
    "DubFile",
    "DubResult",
    "DubVideo",
    "DubbedLanguage",
    "EditLine",
    "Evaluation",
    "Figures",
    "FileKind",
    "FileScore",
    "Format",
    "Interval",
    "LanguageScore",
    "LineChange",
    "LineEdit",
    "Loudness",
    "MachineError",
    "Marks",
    "Place",
    "Progress",
    "ReviewReason",
    "ScoredLine",
    "Source",
    "Stage",
    "TimingScore",
    "UnmadeLanguage",
    "VendorError",
    "VideoFormat",
    "Violation",
    "VoiceTier",
    "YtDubberError",
    "__version__",
    "detect",
    "draft",
    "dub",
    "edit",
    "edited",
    "evaluate",
    "insert_line",
    "lines",
    "merge_lines",
    "render",
    "split_line",
]

_NAMES = {
    "app.dubs.detect": "Marks",
    "app.local.edit_line": "EditLine",
    "app.dubs.evaluate": "FileScore LanguageScore",
    "captions.check": "Violation",
    "domain.errors": "AllLanguagesFailed BadInput Cancelled MachineError VendorError YtDubberError",
    "domain.line_edit": "LineEdit",
    "domain.media": "Interval",
    "domain.review": "Place ReviewReason",
    "domain.scoreboard": "ScoredLine TimingScore",
    "domain.stage": "Stage",
    "library.cancellation": "CancelToken",
    "library.detection": "detect",
    "library.drafting": "draft",
    "library.dubbing": "CaptionVariant Format Loudness VideoFormat VoiceTier dub",
    "library.editing": "LineChange edit edited insert_line lines merge_lines render split_line",
    "library.evaluation": "Evaluation evaluate",
    "library.progress": "Download Progress",
    "library.results": (
        "DraftResult DubFile DubResult DubVideo DubbedLanguage Figures FileKind Source "
        "UnmadeLanguage"
    ),
    "version": "__version__",
}
_HOMES = {name: module for module, names in _NAMES.items() for name in names.split()}
"""The module of each public name."""


if not TYPE_CHECKING:  # a type checker is to tell of names that are none

    def __getattr__(name: str) -> object:
        """A public name, loaded when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """The public names."""
    return [*globals(), *__all__]
