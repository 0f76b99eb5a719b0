"""`ytdubber dub`."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from ytdubber.app.dub_recording import DubOutcome, DubRecording
from ytdubber.app.dub_request import DubRequest
from ytdubber.app.manifest import Manifest
from ytdubber.bootstrap.local import Watcher, local_machine
from ytdubber.cli.console import err, out
from ytdubber.cli.display import DubDisplay
from ytdubber.cli.hints import told
from ytdubber.cli.interrupt import Stopper, interruptible
from ytdubber.cli.review import sentences
from ytdubber.domain.errors import FileNotReadable, YtDubberError
from ytdubber.domain.file_names import portable
from ytdubber.domain.glossary import glossary_of
from ytdubber.domain.job import DubOptions
from ytdubber.domain.languages import NAMES, normalize, target
from ytdubber.domain.printable import encodable, printable
from ytdubber.domain.spending import shown_usd
from ytdubber.domain.video import VideoFormat, VideoOptions
from ytdubber.domain.voice import VoiceTier

REVIEW_SHOWN = 10
"""How many places to review are named after a dub."""


MORE = (
    "Writes, per language, voice.* (the voice alone), mix.* (over the background), "
    "captions.srt, captions.vtt and translation.json; for all, transcript.json and "
    "manifest.json. Each dub lasts exactly as long as the original. The same command again "
    "keeps what is there and valid."
)
"""What its help says besides."""


def dub(
    voice: Annotated[Path, typer.Argument(help="The recording that holds the voice.")],
    to: Annotated[
        list[str], typer.Option("--to", help="A language to dub into; may be given again.")
    ],
    background: Annotated[
        Path | None, typer.Option("--background", help="Music and effects under the voice.")
    ] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="The language spoken; found out when not given.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Where to write; dubs/<name of VOICE>.")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="Any of flac, mp3, m4a, opus, wav.")
    ] = "flac,mp3",
    voices: Annotated[
        list[str] | None,
        typer.Option("--voice", help="A voice's id, female or male; pt=pf_dora for one language."),
    ] = None,
    loudness: Annotated[
        str, typer.Option("--loudness", help="youtube, ebu, netflix or podcast.")
    ] = "youtube",
    duck: Annotated[
        bool, typer.Option("--duck", help="Lower the background while the voice speaks.")
    ] = False,
    stems: Annotated[
        bool, typer.Option("--stems", help="Also write voice and background as the mix has them.")
    ] = False,
    source_rate: Annotated[
        bool,
        typer.Option("--source-rate", help="Keep the background's sample rate; 48 kHz otherwise."),
    ] = False,
    tolerance_ms: Annotated[
        int, typer.Option("--tolerance-ms", min=0, help="How far the stems' lengths may differ.")
    ] = 1_000,
    voice_tier: Annotated[
        VoiceTier, typer.Option("--voice-tier", help="The usual voices, or a vendor's best.")
    ] = VoiceTier.STANDARD,
    glossary: Annotated[
        list[str] | None,
        typer.Option("--glossary", help="Names and terms with commas between, or a file of them."),
    ] = None,
    track: Annotated[
        str | None,
        typer.Option(
            "--track", help="Which of VOICE's sounds: its number or its language; the default one."
        ),
    ] = None,
    video: Annotated[
        VideoFormat | None,
        typer.Option("--video", help="Also write VOICE's picture with the dubs as tracks."),
    ] = None,
    video_per_language: Annotated[
        bool, typer.Option("--video-per-language", help="One video for each language.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON result.")] = False,
) -> None:
    try:
        request = DubRequest(
            voice=voice,
            background=background,
            source_language=normalize(from_) if from_ else None,
            target_languages=_languages(to),
            options=DubOptions(
                formats=tuple(_names(formats)),
                voices=_voices(voices or []),
                tolerance_ms=tolerance_ms,
                loudness=loudness,
                ducking=duck,
                stems=stems,
                source_rate=source_rate,
                voice_tier=voice_tier,
                glossary=glossary_of(term for each in glossary or [] for term in _terms(each)),
                track=track,
            ),
            video=_video(video, video_per_language),
        )
        into = folder or Path("dubs") / (portable(voice.stem) or "dub")
        outcome = _dub(request, into, quiet=as_json)
    except YtDubberError as error:
        if as_json:
            out.print_values({"error": {"code": error.code, "message": told(error)}})
        raise
    _print(outcome, into, as_json=as_json)
    if any(entry.status == "failed" for entry in outcome.unmade.values()):
        raise typer.Exit(1)


def _dub(request: DubRequest, folder: Path, *, quiet: bool) -> DubOutcome:
    stopper = Stopper()
    with DubDisplay(request.target_languages, quiet=quiet) as display:
        watcher = Watcher(display.say, display.fetching, stopper.check)
        with local_machine(watcher) as machine:
            use_case: DubRecording = machine.dub_recording(folder)
            use_case.validate(request)
            done = use_case.finished(request)
            if done is not None:
                return done
            if machine.vendors:
                display.say(f"Vendors that may be asked: {', '.join(machine.vendors)}.")
            with machine.folder(folder) as scratch:

                def work() -> DubOutcome:
                    machine.fetch_needed(request.target_languages, request.options.voice_tier)
                    return use_case(request, scratch, display.update, stopper.check)

                try:
                    return interruptible(work, stopper)
                finally:
                    if spent_usd := machine.spent_usd():
                        display.say(f"Vendors charged about {shown_usd(spent_usd)} US dollars.")


def _video(wanted: VideoFormat | None, per_language: bool) -> VideoOptions | None:
    if wanted is None and not per_language:
        return None
    return VideoOptions(wanted or VideoFormat.MP4, per_language)


def _languages(given: list[str]) -> tuple[str, ...]:
    names = [name for each in given for name in each.split(",") if name.strip()]
    return tuple(dict.fromkeys(map(target, names)))


def _names(text: str) -> list[str]:
    return list(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))


def _terms(given: str) -> list[str]:
    """A glossary's terms: with commas between, or one on each line of a file."""
    path = Path(given)
    try:
        return path.read_text("utf-8").splitlines() if path.is_file() else given.split(",")
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotReadable(file=path, reason=getattr(error, "strerror", None) or error) from None


def _voices(given: list[str]) -> dict[str, str]:
    wishes = {}
    for each in given:
        language, _, voice = each.rpartition("=")
        wishes[target(language) if language else "*"] = voice
    return wishes


def _complete(manifest: Manifest, language: str) -> bool:
    entry = manifest.languages.get(language)
    return entry is not None and entry.status == "complete"


def _print(outcome: DubOutcome, folder: Path, *, as_json: bool) -> None:
    manifest = outcome.manifest
    if as_json:
        result = {
            "out": encodable(str(folder)),
            "reused": list(outcome.reused),
            "unmade": {
                language: {"status": e.status, "code": e.error_code, "message": e.error_message}
                for language, e in outcome.unmade.items()
            },
            "manifest": manifest.model_dump(mode="json"),
        }
        out.print_values(result)
        return
    for note in manifest.source.notes:
        err.print(f"Note: {note}")
    for language, why in outcome.unmade.items():
        kept = " What was there before is kept." if _complete(manifest, language) else ""
        err.print(f"{NAMES[language]}: {why.status}. {why.error_message}{kept}")
    for language, entry in manifest.languages.items():
        name = NAMES[language]
        if entry.status != "complete" or language in outcome.unmade:
            continue
        note = " (already there)" if language in outcome.reused else ""
        if entry.source is not None:
            note = f" (made before, from {printable(entry.source.voice.name)})"
        out.print(f"{name}{note}")
        for file in entry.files:
            out.print(f"  {printable(str(folder / file.path))}")
        if entry.review:
            shown = printable(shlex.quote(str(folder)))
            err.print(f"  To review (`ytdubber show {shown}` has the lines):")
        for sentence in sentences(entry.review, REVIEW_SHOWN):
            err.print(f"    {sentence}")
    _print_videos(manifest, folder)


def _print_videos(manifest: Manifest, folder: Path) -> None:
    for video in manifest.videos:
        spoken = ", ".join(NAMES[language] for language in video.languages)
        out.print(f"Video ({spoken})")
        out.print(f"  {printable(str(folder / video.path))}")
        for note in video.notes:
            err.print(f"  Note: {note}")
