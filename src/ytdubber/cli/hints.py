"""What the command line adds to an error: how it is put right from here."""

from collections.abc import Mapping

from ytdubber.domain.errors import (
    AllLanguagesFailed,
    BadSetting,
    BudgetExceeded,
    DeadLetterNotFound,
    DiskFull,
    DurationMismatch,
    FolderInUse,
    FolderNotWritable,
    LanguageNotSpoken,
    LineNotThere,
    LocaleNotMade,
    NoDubToEdit,
    NoRecipe,
    NoRoom,
    NoSoundForVideo,
    NoSuchTrack,
    NothingEdited,
    NothingToDub,
    PairNotTranslatable,
    PictureEncrypted,
    PictureNotHeld,
    UnknownLanguage,
    UnknownModel,
    YtDubberError,
)

_HINTS: Mapping[type[YtDubberError], str] = {
    BudgetExceeded: "YTDUBBER_JOB_BUDGET_USD allows more.",
    DeadLetterNotFound: "`ytdubber dlq list` shows those there are.",
    DiskFull: "--out names it.",
    DurationMismatch: "--tolerance-ms allows more.",
    FolderInUse: "--out names it.",
    FolderNotWritable: "--out names it.",
    LanguageNotSpoken: "`ytdubber doctor` tells how to get more voices.",
    LocaleNotMade: "`ytdubber languages` shows what each code stands for.",
    NoRoom: "--out names it.",
    NoSoundForVideo: "--format names them.",
    NoSuchTrack: "--track names it.",
    LineNotThere: "`ytdubber edit list` shows them.",
    NothingEdited: "`ytdubber edit set` does.",
    NoDubToEdit: "--lang names the language.",
    NoRecipe: "--translation takes them.",
    NothingToDub: "--to names it.",
    PairNotTranslatable: "`ytdubber models pull {models}` fetches them;"
    " YTDUBBER_TRANSLATION_MODELS names folders that hold them.",
    PictureEncrypted: "Leave --video out for that.",
    PictureNotHeld: "--video names it.",
    UnknownLanguage: "`ytdubber languages` lists them.",
    UnknownModel: "`ytdubber models list` names them.",
}
_OPTIONS = frozenset({"loudness", "stems"})
"""What of a dub is chosen by an option of the same name."""


def told(error: YtDubberError) -> str:
    """The error's message, and what to type."""
    causes = error.errors if isinstance(error, AllLanguagesFailed) else (error,)
    hints = [_HINTS.get(type(cause), "").format(**cause.facts) for cause in causes]
    option = isinstance(error, BadSetting) and error.variable in _OPTIONS
    return " ".join([f"--{error}" if option else str(error), *dict.fromkeys(filter(None, hints))])
