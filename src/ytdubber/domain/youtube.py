"""What YouTube takes of a dub, and how it is put there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .errors import BadField

MOST_TITLE_CHARS, MOST_DESCRIPTION_BYTES = 100, 5_000
"""Of one language (YouTube Data API, `videos`)."""
MOST_OFF_MS = 100
"""A track that is further from the video's length is told: YouTube refuses those that do not match,
and does not say how near they have to be."""


@dataclass(frozen=True, slots=True)
class YouTubeOptions:
    """What a person gives for the video's page.

    Attributes:
        titles: Its title by language.
        descriptions: Its description by language.
    """

    titles: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)

    def check(self) -> None:
        """Refuse what YouTube would.

        Raises:
            BadField: a text is empty or too long, has `<` or `>`, or a description has no title.
        """
        for language, title in self.titles.items():
            if not 0 < len(title) <= MOST_TITLE_CHARS or "<" in title or ">" in title:
                reason = f"YouTube takes 1 to {MOST_TITLE_CHARS} characters, none of them < or >"
                raise BadField(field=f"title of {language}", reason=reason)
        for language, text in self.descriptions.items():
            if len(text.encode()) > MOST_DESCRIPTION_BYTES or "<" in text or ">" in text:
                reason = f"YouTube takes {MOST_DESCRIPTION_BYTES} bytes at most, and no < or >"
                raise BadField(field=f"description of {language}", reason=reason)
            if language not in self.titles:
                reason = "YouTube takes a description with a title only; give the title, too"
                raise BadField(field=f"description of {language}", reason=reason)


@dataclass(frozen=True, slots=True)
class TrackForYouTube:
    """A language to be added to a video.

    Attributes:
        name: Its English name.
        sound: What its sound is called in the bundle.
        captions: What its captions are called.
        length_ms: How long it sounds.
    """

    name: str
    sound: str
    captions: str
    length_ms: float


def instructions(
    title: str,
    tracks: Sequence[TrackForYouTube],
    captions: tuple[str, str],
    video_ms: float | None,
    localized: Sequence[str] = (),
) -> str:
    """What to click, as plain text.

    Args:
        title: What the recording is called.
        tracks: What is added.
        captions: The recording's language and what its captions are called.
        video_ms: How long the video is; None where that is not known.
        localized: The English names of the languages that there is a title for.
    """
    lines = [
        f"{title}: how these files get to YouTube",
        "",
        "There is no way to add sound tracks but by hand. In YouTube Studio (studio.youtube.com):",
        "",
        "1. Content, then the video, then Languages in the menu at the left.",
        "2. If it asks for the language of the video, choose the one that is spoken in it:",
        f"   {captions[0]}.",
        "3. For each language: Add language, then",
    ]
    for track in tracks:
        lines += [
            f"   {track.name}",
            f"     Audio (Dub): Add, Select file: {track.sound} ({_length(track.length_ms)})",
            f"     Subtitles: Add, Upload file, With timing: {track.captions}",
        ]
    lines += [
        "   Publish each when YouTube has taken it.",
        f"4. Subtitles of the original, {captions[0]}: {captions[1]}",
        "5. Details, Show more, Altered content: Yes. The voices are made by AI, and YouTube asks",
        "   for that to be said (by the API: status.containsSyntheticMedia).",
    ]
    if localized:
        lines += [
            f"6. Title and description in {', '.join(localized)}: localizations.json has them as",
            "   videos.update of the YouTube Data API takes them (part=localizations); by hand",
            "   they go into Title & description of each language, on the page of step 3.",
        ]
    lines += ["", *_lengths(tracks, video_ms)]
    return "\n".join(lines) + "\n"


def length_notes(tracks: Sequence[TrackForYouTube], video_ms: float | None) -> list[str]:
    """Which tracks are not as long as the video, in sentences."""
    if video_ms is None:
        return []
    return [
        f"{track.sound} is {abs(track.length_ms - video_ms) / 1000:.2f} s"
        f" {'longer' if track.length_ms > video_ms else 'shorter'} than the video: YouTube may"
        " refuse it."
        for track in tracks
        if abs(track.length_ms - video_ms) > MOST_OFF_MS
    ]


def _lengths(tracks: Sequence[TrackForYouTube], video_ms: float | None) -> list[str]:
    """What is to be said of lengths."""
    if video_ms is None:
        known = f" It is {_length(tracks[0].length_ms)} long." if tracks else ""
        return [
            "YouTube refuses a track that is not as long as the video on YouTube: compare them.",
            f"A track is as long as the recording that was dubbed.{known}",
        ]
    off = length_notes(tracks, video_ms)
    if off:
        return ["Lengths were compared, and do not match:", *off]
    return [
        f"Lengths were compared: every track is as long as the video ({_length(video_ms)}).",
        "If the video on YouTube was cut since, make the dub anew from what is there.",
    ]


def _length(ms: float) -> str:
    minutes, seconds = divmod(round(ms) / 1000, 60)
    return f"{int(minutes)}:{seconds:06.3f}"
