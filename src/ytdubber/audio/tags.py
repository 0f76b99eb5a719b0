"""Fields of text in finished sound: title, language, comment, encoder and date."""

from dataclasses import dataclass

from ytdubber.audio.profiles import AudioFormat
from ytdubber.domain.languages import iso639_2
from ytdubber.domain.provenance import ENCODER, Provenance

_BCP47 = frozenset((AudioFormat.FLAC, AudioFormat.OPUS))
"""Formats whose fields are free (Vorbis comments); ID3's TLAN, RIFF's ILNG and MP4's `mdhd` have
ISO 639-2.
"""
_OF_STREAM = frozenset((AudioFormat.OPUS,))
"""Formats in which FFmpeg writes the fields of the stream rather than of the file."""


@dataclass(frozen=True, slots=True)
class Tags:
    """What FFmpeg is told of a file and of the sound in it, by its own names of fields."""

    file: dict[str, str]
    stream: dict[str, str]


def tags(provenance: Provenance, audio_format: AudioFormat) -> Tags:
    """The fields of a finished file.

    Args:
        provenance: Where it is from; it has one language.
        audio_format: Its format.
    """
    language = iso639_2(provenance.languages[0])
    if audio_format in _BCP47:
        language = provenance.locales[0]
    fields = {
        "title": provenance.title,
        "comment": provenance.comment,
        "encoded_by": ENCODER,
        "date": provenance.made_on.isoformat(),
        "language": language,
    }
    named = {name: value for name, value in fields.items() if value}
    if audio_format in _OF_STREAM:
        return Tags({}, named)
    return Tags(named, {"language": language})
