"""Dub a recording."""

from collections.abc import Callable, Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Literal

from ytdubber.domain.caption_variant import CaptionVariant as Variant
from ytdubber.domain.caption_variant import variants_of
from ytdubber.domain.errors import BadField
from ytdubber.domain.file_names import portable
from ytdubber.domain.glossary import glossary_of
from ytdubber.domain.job import DubOptions
from ytdubber.domain.keep import keep_of
from ytdubber.domain.languages import normalize, target
from ytdubber.domain.loudness import AUTO
from ytdubber.domain.pronunciation import spoken_as_of
from ytdubber.domain.separation import Separating
from ytdubber.domain.video import VideoFormat as Container
from ytdubber.domain.video import VideoOptions
from ytdubber.domain.voice import VoiceTier as Tier
from ytdubber.domain.whose_voice import OTHERS, whose_voice
from ytdubber.domain.youtube import YouTubeOptions
from ytdubber.library.cancellation import CancelToken
from ytdubber.library.progress import Download, Progress
from ytdubber.library.results import DubResult

Format = Literal["flac", "mp3", "m4a", "opus", "wav"]
"""A sound format, by the usual ending."""
Loudness = Literal["youtube", "ebu", "netflix", "podcast", "source"]
"""A loudness profile, by who asks for it."""
CaptionVariant = Literal["sdh", "bilingual"]
"""Captions besides the usual ones."""
VideoFormat = Literal["mp4", "mkv"]
"""A container for pictures, by the usual ending."""
VoiceTier = Literal["standard", "premium"]
"""The usual voices, or a vendor's best."""

StrPath = str | PathLike[str]


def dub(
    voice: StrPath,
    *,
    to: str | Iterable[str],
    background: StrPath | None = None,
    source_language: str | None = None,
    out: StrPath | None = None,
    formats: Format | Iterable[Format] = ("flac", "mp3"),
    voices: str | Mapping[str, str] | None = None,
    loudness: Loudness | None = None,
    duck: bool = False,
    stems: bool = False,
    source_rate: bool = False,
    separate: bool | None = None,
    tolerance_ms: int = 1_000,
    voice_tier: VoiceTier = "standard",
    glossary: str | Iterable[str] = (),
    spoken_as: Mapping[str, str] | None = None,
    track: int | str | None = None,
    video: VideoFormat | None = None,
    video_per_language: bool = False,
    bundle: Literal["youtube"] | None = None,
    titles: Mapping[str, str] | None = None,
    descriptions: Mapping[str, str] | None = None,
    speakers: int | None = None,
    keep: str | Iterable[str] = (),
    captions: CaptionVariant | Iterable[CaptionVariant] = (),
    script: StrPath | None = None,
    translations: Mapping[str, StrPath] | None = None,
    watermark: bool | None = None,
    on_progress: Callable[[Progress], object] | None = None,
    on_download: Callable[[Download], object] | None = None,
    on_message: Callable[[str], object] | None = None,
    cancel: CancelToken | None = None,
) -> DubResult:
    """Dub a recording into other languages, each as long as the original to the sample.

    What is in the folder already, as asked, is kept. A dub that was stopped goes on where it was:
    what was transcribed, translated and synthesized is remembered for two days.

    May be called in any thread. The callbacks are called in the same one, one at a time; what they
    raise stops the dub and is raised.

    Args:
        voice: The recording that holds the voice: a sound or video file.
        to: A language to dub into, or several: by code, name or locale.
        background: Music and effects under the voice. Without it there is no mix.
        source_language: What is spoken; found out when not given.
        out: The folder to write to; `dubs/<name of voice>` in the working directory by default.
        formats: The sound format to write, or several.
        voices: The voice: an id, `female` or `male`; or one for each language, and for all others
            under `*`. One person's is under `A`, or `pt:A` in one language.
        loudness: How loud the result is. By itself as the original's mix where the voice file is a
            film, or one mixed recording that is separated, else as YouTube plays it. -14 LUFS under
            -1 dBTP (`youtube`), -23 and -1 (`ebu`), -27 of the dialogue and -2 (`netflix`), -16 and
            -1 (`podcast`), or as the original's mix and -1 (`source`).
        duck: Whether the background is lowered while the voice speaks.
        stems: Whether voice and background are also written as they are in the mix.
        source_rate: Whether the background's sample rate is kept; 48 kHz otherwise.
        separate: Whether the recording is separated into its voice and what is under it, which then
            is the background; by itself where there is no background, and music or noise is heard
            under the voice.
        tolerance_ms: How far the lengths of voice and background may differ.
        voice_tier: Which engines speak.
        glossary: Names and terms to recognize, and to write as they are given.
        spoken_as: What voices say for terms that are written otherwise: `{"LUFS": "loofs"}`, or
            `{"pt:LUFS": "lufis"}` in one language.
        track: Which of the voice file's sounds: its number from 1, or its language; the file's
            default when not given.
        video: Also write the voice file's picture, as it is, with the original and every dub as
            tracks and captions beside them, in this container.
        video_per_language: Whether that is one video for each language, in which the dub is what
            is heard, rather than one for all; MP4 where `video` names nothing else.
        bundle: Also write a folder with what goes to YouTube: a sound for each language, captions,
            and what to click.
        titles: The video's title by language, for the bundle.
        descriptions: Its description by language.
        speakers: How many people speak; found out when not given. Each gets a voice of their own.
        keep: What stays as it sounds in the original: people by their labels (`B`), stretches of
            time (`0:10-0:25`).
        captions: Captions besides the usual ones, of every dub: with who speaks and with sounds, as
            far as they are known (`sdh`; of the recording, too), or with the original under the
            translation (`bilingual`).
        script: What is said, where it is known: SRT, VTT, TTML (DAPT, IMSC), plain text, or a
            `transcript.json`. The recording is heard for its times.
        translations: What to say in a language, word for word: SRT, VTT, TTML, a line of plain text
            for each line of the transcript, or a `translation.json`. Nothing is translated into it.
        watermark: Whether the voice carries a watermark that nobody hears and `detect` finds; as
            `YTDUBBER_WATERMARK` says when not given.
        on_progress: Told how far each language is.
        on_download: Told how far a model is that has to be fetched.
        on_message: Told sentences worth showing to a person: which vendors may be asked, what is
            waited for, what vendors charged.
        cancel: Stops the dub from another thread or from a callback.

    Raises:
        BadInput: what was asked cannot be done; the message says what would help.
        MachineError: this machine lacks something: a setting, a model, room on the disk.
        AllLanguagesFailed: no language could be made. Where some could, the others are in the
            result's `unmade`.
        Cancelled: `cancel` was cancelled. Finished languages are there, and nothing else.
        YtDubberError: the root of them all.
    """
    from ytdubber.app.local.dub_request import DubRequest
    from ytdubber.library.dub_run import DubRun
    from ytdubber.library.scripts import script_of

    request = DubRequest(
        voice=Path(voice),
        background=None if background is None else Path(background),
        source_language=normalize(source_language) if source_language else None,
        target_languages=_named(targets_of(to)),
        options=DubOptions(
            formats=several(formats),
            voices=_voices(voices),
            tolerance_ms=_not_negative(tolerance_ms),
            loudness=loudness or AUTO,
            ducking=duck,
            stems=stems,
            source_rate=source_rate,
            voice_tier=_tier(voice_tier),
            glossary=glossary_of(several(glossary)),
            spoken_as=spoken_as_of(spoken_as or {}),
            track=None if track is None else str(track),
            separate=separating(separate, background is not None),
            speakers=_at_least_one(speakers),
            keep=_kept(several(keep)),
            captions=_variants(several(captions)),
            watermark=watermark,
        ),
        video=_video(video, video_per_language),
        bundle=_bundle(bundle, titles or {}, descriptions or {}),
        script=None if script is None else script_of(Path(script)),
        translations={
            target(language): script_of(Path(path), target(language))
            for language, path in (translations or {}).items()
        },
    )
    recipe = {
        "voice": _absolute(voice),
        "to": list(request.target_languages),
        "background": None if background is None else _absolute(background),
        "source_language": source_language,
        "formats": list(request.options.formats),
        "voices": request.options.voices,
        "loudness": loudness,
        "duck": duck,
        "stems": stems,
        "source_rate": source_rate,
        "separate": separate,
        "tolerance_ms": tolerance_ms,
        "voice_tier": voice_tier,
        "glossary": list(request.options.glossary),
        "spoken_as": request.options.spoken_as,
        "track": track,
        "video": video,
        "video_per_language": video_per_language,
        "bundle": bundle,
        "titles": dict(titles or {}),
        "descriptions": dict(descriptions or {}),
        "speakers": speakers,
        "keep": list(request.options.keep),
        "captions": list(request.options.captions),
        "script": None if script is None else _absolute(script),
        "translations": {
            target(language): _absolute(path) for language, path in (translations or {}).items()
        },
        "watermark": watermark,
    }
    run = DubRun(cancel, on_progress or ignore, on_download or ignore, on_message or ignore)
    return run(request, folder_of(request.voice, out), recipe)


def _absolute(path: StrPath) -> str:
    return str(Path(path).absolute())


def ignore(_: object) -> None:
    """Nobody is told."""


def several(given: str | Iterable[str]) -> tuple[str, ...]:
    """What was given as one or as several, each once."""
    return (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))


def targets_of(named: str | Iterable[str]) -> tuple[str, ...]:
    """The codes of the languages named.

    Raises:
        BadInput: one is not known.
    """
    return several(map(target, several(named)))


def folder_of(voice: Path, out: StrPath | None) -> Path:
    """Where to write."""
    return Path("dubs") / (portable(voice.stem) or "dub") if out is None else Path(out)


def _named(codes: tuple[str, ...]) -> tuple[str, ...]:
    if not codes:
        raise BadField(field="to", reason="name a language to dub into")
    return codes


def separating(wanted: bool | None, has_background: bool = False) -> Separating:
    """When a recording is separated.

    Raises:
        BadInput: it is to be, and comes with a background.
    """
    if wanted and has_background:
        reason = "the background is a file of its own; give one of the two"
        raise BadField(field="separate", reason=reason)
    if wanted is None and not has_background:
        return Separating.AUTO
    return Separating.ALWAYS if wanted else Separating.NEVER


def _video(container: VideoFormat | None, per_language: bool) -> VideoOptions | None:
    if container is None and not per_language:
        return None
    try:
        return VideoOptions(Container(container or "mp4"), per_language)
    except ValueError:
        reason = f"'{container}' is not one of {', '.join(Container)}"
        raise BadField(field="video", reason=reason) from None


def _bundle(
    named: str | None, titles: Mapping[str, str], descriptions: Mapping[str, str]
) -> YouTubeOptions | None:
    if named is None:
        if titles or descriptions:
            raise BadField(field="titles", reason="they go into a bundle; ask for one")
        return None
    if named != "youtube":
        raise BadField(field="bundle", reason=f"'{named}' is not youtube")
    return YouTubeOptions(
        {normalize(language): title.strip() for language, title in titles.items()},
        {normalize(language): text.strip() for language, text in descriptions.items()},
    )


def _voices(named: str | Mapping[str, str] | None) -> dict[str, str]:
    """The voice preferred by language; `*` stands for all others."""
    if named is None:
        return {}
    if isinstance(named, str):
        return {OTHERS: named}
    return {whose_voice(name): voice for name, voice in named.items()}


def _tier(named: str) -> Tier:
    if named not in list(Tier):
        raise BadField(field="voice_tier", reason=f"it is one of {', '.join(Tier)}")
    return Tier(named)


def _at_least_one(speakers: int | None) -> int | None:
    if speakers is not None and speakers < 1:
        raise BadField(field="speakers", reason="it is at least 1")
    return speakers


def _kept(named: tuple[str, ...]) -> tuple[str, ...]:
    keep_of(named)
    return named


def _variants(named: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return variants_of(named)
    except ValueError:
        raise BadField(field="captions", reason=f"they are {' or '.join(Variant)}") from None


def _not_negative(tolerance_ms: int) -> int:
    if tolerance_ms < 0:
        raise BadField(field="tolerance_ms", reason="it is at least 0")
    return tolerance_ms
