"""Recordings that cannot be read, heard or dubbed."""

from .base import BadInput


class FileNotReadable(BadInput):
    """{file}: cannot be read ({reason}). Check the path and its permissions."""

    code = "file_not_readable"


class EmptyFile(BadInput):
    """{file}: the file is empty. Export the recording again."""

    code = "empty_file"


class NotAudio(BadInput):
    """{file}: this is not a sound or video file we can read. Export it as WAV, FLAC, MP3, M4A, Ogg
    or MP4 and try again."""

    code = "not_audio"


class NoSound(BadInput):
    """{file}: the file has no audio track. Give the recording that holds the sound."""

    code = "no_sound"


class NoSuchTrack(BadInput):
    """{file}: it has no sound track '{track}'. It has {tracks}: name one by its number or its
    language."""

    code = "no_such_track"


class UnsupportedAudio(BadInput):
    """{file}: {reason}. Export it at 8 to 192 kHz with one to eight channels and try again."""

    code = "unsupported_audio"


class SoundTooLong(BadInput):
    """{file}: the sound is longer than {limit_min} minutes, the most one dub may hold. Cut it into
    parts and dub each."""

    code = "sound_too_long"


class NoSpeech(BadInput):
    """{file}: no speech was found in it. Give the voice recording, not the background."""

    code = "no_speech"


class DurationMismatch(BadInput):
    """{voice} lasts {voice_s:.3f} s and {background} lasts {background_s:.3f} s: they differ by
    more than {tolerance_ms} ms. Export both from the same timeline."""

    code = "duration_mismatch"


class NothingToDub(BadInput):
    """{file} is spoken in {language}, the only target asked for.{left} Name another language."""

    code = "nothing_to_dub"

    def __init__(self, file: object, language: str | None, foreign_ms: int = 0) -> None:
        super().__init__(file=file, language=language, left=_left(foreign_ms))


class SameLanguage(BadInput):
    """The recording is spoken in this language already: there is nothing to dub.{left}"""

    code = "same_language"

    def __init__(self, foreign_ms: int = 0) -> None:
        super().__init__(left=_left(foreign_ms))


def _left(foreign_ms: int) -> str:
    """What is not dubbed though it is in other languages; nothing where nothing is."""
    seconds = f"{foreign_ms / 1000:.1f} s"
    return f" {seconds} in other languages are left as they are." if foreign_ms else ""
