"""`ytdubber dub`."""

import enum
import shlex
from pathlib import Path
from typing import Annotated, cast

import typer

import ytdubber
from ytdubber.cli.console import err, out
from ytdubber.cli.display import DubDisplay
from ytdubber.cli.draft import draft
from ytdubber.cli.hints import told
from ytdubber.cli.interrupt import GRACE_S, interrupted_by_sigterm
from ytdubber.cli.review import sentences
from ytdubber.cli.say import said_for_terms
from ytdubber.domain.caption_variant import CaptionVariant
from ytdubber.domain.errors import BadField, BadSetting, FileNotReadable, YtDubberError
from ytdubber.domain.file_names import MOST_UNITS
from ytdubber.domain.languages import NAMES, normalize, target
from ytdubber.domain.printable import encodable, printable
from ytdubber.domain.pronunciation import spoken_as_of
from ytdubber.domain.video import VideoFormat
from ytdubber.domain.voice import VoiceTier

REVIEW_SHOWN = 10
"""How many places to review are named after a dub."""


class BundleFor(enum.StrEnum):
    """Where a bundle goes."""

    YOUTUBE = "youtube"


MORE = (
    "Writes, per language, voice.* (the voice alone), mix.* (over the background), "
    "captions.srt, captions.vtt and translation.json; for all, transcript.json, its captions and "
    "manifest.json. Each dub lasts exactly as long as the original. The same command again "
    "keeps what is there and valid."
)
"""What its help says besides."""


def dub(
    voice: Annotated[Path, typer.Argument(help="The recording that holds the voice.")],
    to: Annotated[
        list[str] | None, typer.Option("--to", help="A language to dub into; may be given again.")
    ] = None,
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
        typer.Option(
            "--voice",
            help="A voice's id, female or male; pt=pf_dora for a language, A=male for a person.",
        ),
    ] = None,
    speakers: Annotated[
        int | None,
        typer.Option("--speakers", min=1, help="How many people speak; found out when not given."),
    ] = None,
    loudness: Annotated[
        str | None,
        typer.Option(
            "--loudness",
            help="youtube, ebu, netflix, podcast or source; source for a film or a mixed file.",
        ),
    ] = None,
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
    separate: Annotated[
        bool | None,
        typer.Option(
            "--separate/--no-separate",
            help="Take what is under the voice as the background; by itself where it is heard.",
        ),
    ] = None,
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
    spoken_as: Annotated[
        list[str] | None,
        typer.Option(
            "--say", help="What voices say for a term: LUFS=loofs; pt:LUFS=lufis in one language."
        ),
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
    bundle: Annotated[
        BundleFor | None,
        typer.Option("--bundle", help="Also write a folder with what goes to YouTube."),
    ] = None,
    titles: Annotated[
        list[str] | None,
        typer.Option("--title", help="The video's title in a language, for the bundle: pt=TEXT."),
    ] = None,
    descriptions: Annotated[
        list[str] | None,
        typer.Option("--description", help="Its description: pt=TEXT, or pt=FILE."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", help="Stays as in the original: a person (B), a time (0:10-0:25)."),
    ] = None,
    captions: Annotated[
        list[CaptionVariant] | None,
        typer.Option("--captions", help="Also with names and sounds, or with the original below."),
    ] = None,
    script: Annotated[
        Path | None,
        typer.Option("--script", help="What is said: SRT, VTT, TTML, text or a transcript.json."),
    ] = None,
    translation: Annotated[
        list[str] | None,
        typer.Option(
            "--translation", help="What to say: pt=FILE, as SRT, VTT, TTML, text or JSON."
        ),
    ] = None,
    watermark: Annotated[
        bool | None,
        typer.Option(
            "--watermark/--no-watermark", help="Mark the voice as made by AI, which nobody hears."
        ),
    ] = None,
    transcript_only: Annotated[
        bool, typer.Option("--transcript-only", help="Write down what is said, to be corrected.")
    ] = False,
    translate_only: Annotated[
        bool, typer.Option("--translate-only", help="Translate it, too; nothing is spoken.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON result.")] = False,
) -> None:
    if not (to or transcript_only):
        raise typer.BadParameter("name a language to dub into, such as pt", param_hint="--to")
    try:
        languages = _languages(to or [])
        if transcript_only or translate_only:
            draft(
                voice,
                () if transcript_only else languages,
                source_language=from_,
                folder=folder,
                glossary=[term for each in glossary or [] for term in _terms(each)],
                track=track,
                script=script,
                separate=separate,
                as_json=as_json,
            )
            return
        with interrupted_by_sigterm(), DubDisplay(languages, quiet=as_json) as display:
            result = ytdubber.dub(
                voice,
                to=languages,
                background=background,
                source_language=from_,
                out=folder,
                formats=cast("list[ytdubber.Format]", _names(formats)),
                voices=_voices(voices or []),
                loudness=cast("ytdubber.Loudness | None", loudness),
                duck=duck,
                stems=stems,
                source_rate=source_rate,
                separate=separate,
                tolerance_ms=tolerance_ms,
                voice_tier=voice_tier.value,
                glossary=[term for each in glossary or [] for term in _terms(each)],
                spoken_as=_spoken_as(spoken_as or []),
                track=track,
                video=video.value if video else None,
                video_per_language=video_per_language,
                bundle=bundle.value if bundle else None,
                titles=_by_language("--title", titles or []),
                descriptions={
                    language: _text_or_file(text)
                    for language, text in _by_language("--description", descriptions or []).items()
                },
                speakers=speakers,
                keep=[part for each in keep or [] for part in each.split(",")],
                captions=[each.value for each in captions or []],
                script=script,
                translations=_by_language("--translation", translation or []),
                watermark=watermark,
                on_progress=display.update,
                on_download=display.fetching,
                on_message=display.say,
                cancel=ytdubber.CancelToken(grace_s=GRACE_S),
            )
    except YtDubberError as error:
        if as_json:
            out.print_values({"error": {"code": error.code, "message": told(error)}})
        raise
    if as_json:
        _print_values(result)
    else:
        _print(result)
    if not result.complete:
        raise typer.Exit(1)


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


def _spoken_as(given: list[str]) -> dict[str, str]:
    said = said_for_terms(given)
    try:
        return spoken_as_of(said)
    except BadField as error:
        raise BadSetting(variable="--say", reason=error.reason) from None


def _by_language(option: str, given: list[str]) -> dict[str, str]:
    found = {}
    for each in given:
        language, is_one, value = each.partition("=")
        if not is_one:
            reason = f"'{each}' names no language. Write pt=... for Portuguese."
            raise BadSetting(variable=option, reason=reason)
        found[normalize(language)] = value
    return found


def _text_or_file(given: str) -> str:
    path = Path(given)
    if "\n" in given or len(given.encode()) > MOST_UNITS:  # no file is called so
        return given
    try:
        return path.read_text("utf-8") if path.is_file() else given
    except (OSError, UnicodeDecodeError) as error:
        raise FileNotReadable(file=path, reason=getattr(error, "strerror", None) or error) from None


def _voices(given: list[str]) -> dict[str, str]:
    preferences = {}
    for each in (part.strip() for one in given for part in one.split(",")):
        whose, _, voice = each.rpartition("=")
        preferences[whose.strip() or "*"] = voice.strip()
    return preferences


def _print_values(result: ytdubber.DubResult) -> None:
    values = {
        "out": encodable(str(result.folder)),
        "reused": list(result.reused),
        "unmade": {
            each.language: {"status": each.status, "code": each.code, "message": each.message}
            for each in result.unmade.values()
        },
        "manifest": result.manifest,
    }
    out.print_values(values)


def _print(result: ytdubber.DubResult) -> None:
    for note in result.source.notes:
        err.print(f"Note: {note}")
    for unmade in result.unmade.values():
        kept = " What was there before is kept." if unmade.kept else ""
        err.print(f"{unmade.name}: {unmade.status}. {unmade.message}{kept}")
    for language, dubbed in result.languages.items():
        if language not in result.unmade:
            _print_language(result, dubbed)
    for video in result.videos:
        _print_video(video)
    for file in result.bundle:
        out.print(f"  {printable(str(file.path))}")
    for note in result.bundle_notes:
        err.print(f"  Note: {note}")


def _print_language(result: ytdubber.DubResult, dubbed: ytdubber.DubbedLanguage) -> None:
    note = " (already there)" if dubbed.language in result.reused else ""
    if dubbed.source != result.source:
        note = f" (made before, from {printable(dubbed.source.voice)})"
    out.print(f"{dubbed.name}{note}")
    for file in dubbed.files:
        out.print(f"  {printable(str(file.path))}")
    if dubbed.review:
        shown = printable(shlex.quote(str(result.folder)))
        err.print(f"  To review (`ytdubber show {shown}` has the lines):")
    for sentence in sentences(dubbed.review, REVIEW_SHOWN):
        err.print(f"    {sentence}")


def _print_video(video: ytdubber.DubVideo) -> None:
    out.print(f"Video ({', '.join(NAMES[language] for language in video.languages)})")
    out.print(f"  {printable(str(video.path))}")
    for note in video.notes:
        err.print(f"  Note: {note}")
