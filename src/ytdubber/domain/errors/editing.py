"""Lines of a finished dub that cannot be changed, or not now."""

from .base import BadInput, NotFound, YtDubberError


class LinesNotKept(BadInput):
    code = "lines_not_kept"
    template = (
        "What is needed to change lines of this dub was not kept, or is gone with its files. Make "
        "it again, and keep it for corrections."
    )


class LanguageNotComplete(BadInput):
    code = "language_not_complete"
    template = "The dub into '{language}' is not complete. Its lines can be changed once it is."
    language: str


class LinesChanged(BadInput):
    code = "lines_changed"
    template = (
        "The lines were changed elsewhere meanwhile: this is about version {expected}, and they "
        "are at {actual}. Load them again."
    )
    expected: str
    actual: str


class RenderUnderWay(BadInput):
    code = "render_under_way"
    template = "A new version of this dub is being made. Its lines can be changed when it is done."


class NothingToRender(BadInput):
    code = "nothing_to_render"
    template = "No line is otherwise than in the dub as it is. Change one first."


class RevisionNotThere(NotFound):
    code = "revision_not_there"
    template = "There is no version {number} of the dub into '{language}'."
    number: int
    language: str


class LineNotSpoken(BadInput):
    code = "line_not_spoken"
    template = "Line {line} could not be spoken. {reason}"
    line: str
    reason: str


class NobodySpeaks(YtDubberError):
    code = "nobody_speaks"
    template = (
        "Nobody was free to speak the line within {limit_s} seconds. Try again in a moment; "
        "nothing of your changes is lost."
    )
    limit_s: int
