"""Scripts from files."""

from pathlib import Path

from ytdubber.captions.scripts import read_script
from ytdubber.domain.errors import FileNotReadable, ScriptNotReadable
from ytdubber.domain.printable import printable
from ytdubber.domain.script import Script

MOST_BYTES = 20_000_000
"""Ten hours of speech are a megabyte of text."""


def script_of(path: Path, language: str | None = None) -> Script:
    """What a script file says, in a language, or in that of the recording.

    Raises:
        BadInput: it cannot be read, or is no script.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise FileNotReadable(file=path, reason=error.strerror or error) from None
    name = printable(str(path))
    if len(data) > MOST_BYTES:
        raise ScriptNotReadable(file=name, reason=f"it is over {MOST_BYTES // 1_000_000} MB")
    return read_script(data, name, language)
