"""Draft the texts of a dub."""

from collections.abc import Callable, Iterable
from pathlib import Path

from ytdubber.domain.glossary import glossary_of
from ytdubber.domain.job import DubOptions
from ytdubber.domain.languages import normalize
from ytdubber.library.cancellation import CancelToken
from ytdubber.library.dubbing import StrPath, folder_of, ignore, separating, several, targets_of
from ytdubber.library.progress import Download, Progress
from ytdubber.library.results import DraftResult


def draft(
    voice: StrPath,
    *,
    to: str | Iterable[str] = (),
    source_language: str | None = None,
    out: StrPath | None = None,
    glossary: str | Iterable[str] = (),
    track: int | str | None = None,
    script: StrPath | None = None,
    separate: bool | None = None,
    on_progress: Callable[[Progress], object] | None = None,
    on_download: Callable[[Download], object] | None = None,
    on_message: Callable[[str], object] | None = None,
    cancel: CancelToken | None = None,
) -> DraftResult:
    """Write down what is said in a recording, and translate it; nothing is spoken.

    The files are for a person to correct. `dub` then takes them: the transcript as its `script`,
    the translations as its `translations`. They stand in the folder `draft` within `out`, beside
    whatever dub is there.

    Args:
        voice: The recording that holds the voice: a sound or video file.
        to: The languages to translate into; without any there is only the transcript.
        source_language: What is spoken; found out when not given.
        out: The folder to write to; `dubs/<name of voice>` in the working directory by default.
        glossary: Names and terms to recognize, and to write as they are given.
        track: Which of the voice file's sounds: its number from 1, or its language.
        script: What is said, where it is known: SRT, VTT, plain text, or a transcript of ours. The
            recording is heard for its times.
        separate: Whether the recording is separated, as for its dub, which then hears the same.
        on_progress: Told how far each language is.
        on_download: Told how far a model is that has to be fetched.
        on_message: Told sentences worth showing to a person.
        cancel: Stops it.

    Raises:
        BadInput: what was asked cannot be done, or a draft in the folder was edited that would be
            written anew.
        MachineError: this machine lacks something.
        VendorError: a vendor refused or did not answer.
        Cancelled: `cancel` was cancelled.
    """
    from ytdubber.app.local.dub_request import DubRequest
    from ytdubber.library.dub_run import DubRun
    from ytdubber.library.scripts import script_of

    request = DubRequest(
        voice=Path(voice),
        background=None,
        source_language=normalize(source_language) if source_language else None,
        target_languages=targets_of(to),
        options=DubOptions(
            glossary=glossary_of(several(glossary)),
            track=None if track is None else str(track),
            separate=separating(separate),
        ),
        script=None if script is None else script_of(Path(script)),
    )
    run = DubRun(cancel, on_progress or ignore, on_download or ignore, on_message or ignore)
    return run.draft(request, folder_of(request.voice, out))
