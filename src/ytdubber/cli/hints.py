"""What the command line adds to an error: how it is put right from here."""

from collections.abc import Mapping

from ytdubber.domain.errors import (
    DeadLetterNotFound,
    DurationMismatch,
    FolderInUse,
    FolderNotWritable,
    NothingToDub,
    PairNotTranslatable,
    UnknownLanguage,
    UnknownModel,
    YtDubberError,
)

_HINTS: Mapping[type[YtDubberError], str] = {
    DeadLetterNotFound: "`ytdubber dlq list` shows those there are.",
    DurationMismatch: "--tolerance-ms allows more.",
    FolderInUse: "--out names it.",
    FolderNotWritable: "--out names it.",
    NothingToDub: "--to names it.",
    PairNotTranslatable: "`ytdubber models pull {models}` fetches them;"
    " YTDUBBER_TRANSLATION_MODELS names folders that hold them.",
    UnknownLanguage: "`ytdubber languages` lists them.",
    UnknownModel: "`ytdubber models list` names them.",
}


def told(error: YtDubberError) -> str:
    """The error's message, and what to type."""
    hint = _HINTS.get(type(error), "").format(**error.facts)
    return f"{error} {hint}".rstrip()
