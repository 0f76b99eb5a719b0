"""The files of a dub as they go to YouTube: which, under which names, and what to do with them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ytdubber.domain.errors import BadField
from ytdubber.domain.languages import NAMES, language_of
from ytdubber.domain.youtube import TrackForYouTube, YouTubeOptions, instructions, length_notes

SOUNDS = ("flac", "wav", "m4a", "mp3")
"""What YouTube takes as a track, the best first."""
HOW_TO, LOCALIZATIONS = "what-to-click.txt", "localizations.json"


class Known(Protocol):
    """What is known of a finished file."""

    @property
    def path(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def duration_ms(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Bundled:
    """What is in it.

    Attributes:
        copies: Where files of the dub are, by what they are called in it.
        texts: What else is in it, by name.
        notes: What a person should know of it, in sentences.
    """

    copies: Mapping[str, str]
    texts: Mapping[str, bytes]
    notes: tuple[str, ...] = field(default=())


def need_sound_for_youtube(formats: Sequence[str]) -> None:
    """Refuse a bundle for which no format of sound can be taken.

    Raises:
        BadField: there is none.
    """
    if not set(SOUNDS) & set(formats):
        reason = f"YouTube takes {', '.join(SOUNDS)}; ask for one of them too"
        raise BadField(field="bundle", reason=reason)


def youtube_bundle(
    title: str,
    spoken: str,
    captions: Sequence[Known],
    languages: Mapping[str, Sequence[Known]],
    video_ms: float | None,
    options: YouTubeOptions | None = None,
) -> Bundled:
    """What is in the bundle of a dub.

    Args:
        title: What its files are called, and what a person calls the recording.
        spoken: The recording's language.
        captions: The recording's captions.
        languages: The files of every finished language. One without a sound that YouTube takes is
            left out.
        video_ms: How long the video is; None where that is not known.
        options: What a person gives for the video's page.
    """
    copies: dict[str, str] = {}
    tracks = []
    for language, files in languages.items():
        sound = _sound(files)
        if sound is None:
            continue
        name = f"{title}.{language_of(language).locale}"
        copies[f"{name}.{sound.format}"] = sound.path
        copies[f"{name}.srt"] = _srt(files) or ""
        length_ms = sound.duration_ms or 0.0
        tracks.append(
            TrackForYouTube(NAMES[language], f"{name}.{sound.format}", f"{name}.srt", length_ms)
        )
    original = f"{title}.{language_of(spoken).locale}.srt"
    copies[original] = _srt(captions) or ""
    copies = {name: path for name, path in copies.items() if path}
    options = options or YouTubeOptions()
    localized = [NAMES[each] for each in options.titles]
    said = instructions(title, tracks, (NAMES[spoken], original), video_ms, localized)
    texts = {HOW_TO: said.encode()}
    if options.titles:
        texts[LOCALIZATIONS] = _localizations(options)
    return Bundled(copies, texts, tuple(length_notes(tracks, video_ms)))


def _sound(files: Sequence[Known]) -> Known | None:
    """The mix, or the voice alone, in the best format."""
    for kind in ("mix", "voice"):
        found = {file.format: file for file in files if file.kind == kind}
        for name in SOUNDS:
            if name in found:
                return found[name]
    return None


def _srt(files: Sequence[Known]) -> str | None:
    for file in files:
        if (file.kind, file.format) == ("captions", "srt"):
            return file.path
    return None


def _localizations(options: YouTubeOptions) -> bytes:
    found = {
        language_of(language).locale: {
            "title": title,
            "description": options.descriptions.get(language, ""),
        }
        for language, title in options.titles.items()
    }
    return (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode()
