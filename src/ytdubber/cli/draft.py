"""`ytdubber dub --transcript-only` and `--translate-only`."""

from collections.abc import Sequence
from pathlib import Path

import ytdubber
from ytdubber.cli.console import err, out
from ytdubber.cli.display import DubDisplay
from ytdubber.cli.interrupt import GRACE_S, interrupted_by_sigterm
from ytdubber.domain.languages import NAMES
from ytdubber.domain.printable import encodable, printable


def draft(
    voice: Path,
    languages: tuple[str, ...],
    *,
    source_language: str | None,
    folder: Path | None,
    glossary: Sequence[str],
    track: str | None,
    script: Path | None,
    separate: bool | None,
    as_json: bool,
) -> None:
    """Write down what is said, translate it into the languages, and say where the files are."""
    with interrupted_by_sigterm(), DubDisplay(languages, quiet=as_json) as display:
        result = ytdubber.draft(
            voice,
            to=languages,
            source_language=source_language,
            out=folder,
            glossary=glossary,
            track=track,
            script=script,
            separate=separate,
            on_progress=display.update,
            on_download=display.fetching,
            on_message=display.say,
            cancel=ytdubber.CancelToken(grace_s=GRACE_S),
        )
    if as_json:
        _print_values(result)
        return
    out.print("What is said")
    for file in (result.transcript, result.captions_srt, result.captions_vtt):
        out.print(f"  {printable(str(file))}")
    for language, file in result.translations.items():
        out.print(NAMES[language])
        out.print(f"  {printable(str(file))}")
    given = "--script" if not result.translations else "--script and --translation"
    err.print(f"Correct what is wrong in them; `ytdubber dub` takes them with {given}.")


def _print_values(result: ytdubber.DraftResult) -> None:
    def shown(file: Path) -> str:
        return encodable(str(file))

    values = {
        "out": shown(result.folder),
        "transcript": shown(result.transcript),
        "captions": [shown(result.captions_srt), shown(result.captions_vtt)],
        "translations": {code: shown(file) for code, file in result.translations.items()},
    }
    out.print_values(values)
