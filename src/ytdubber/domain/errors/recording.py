"""Recordings that cannot be read, heard or dubbed."""

from .base import BadInput, Name, Reason


class FileNotReadable(BadInput):
    code = "file_not_readable"
    template = "{file}: cannot be read ({reason}). Check the path and its permissions."
    file: Name
    reason: Reason


class EmptyFile(BadInput):
    code = "empty_file"
    template = "{file}: the file is empty. Export the recording again."
    file: Name


class NotAudio(BadInput):
    code = "not_audio"
    template = (
        "{file}: this is not a sound or video file we can read. Export it as WAV, FLAC, MP3, M4A, "
        "Ogg or MP4 and try again."
    )
    file: Name


class NoSound(BadInput):
    code = "no_sound"
    template = "{file}: the file has no audio track. Give the recording that holds the sound."
    file: Name


class NoPicture(BadInput):
    code = "no_picture"
    template = (
        "{file}: there is no moving picture in it to make a video of. Give the video that the "
        "recording is from, or ask for sound alone."
    )
    file: Name


class PictureEncrypted(BadInput):
    code = "picture_encrypted"
    template = (
        "{file}: its picture is encrypted: only players that its shop or channel has given a key "
        "can show it. Give a copy without copy protection, or ask for no video: its sound can be "
        "dubbed."
    )
    file: Name


class PictureNotHeld(BadInput):
    code = "picture_not_held"
    template = (
        "{file}: its picture is coded as {coding}, which {container} files do not hold. {way_out}"
    )
    file: Name
    coding: str
    container: str
    formats: tuple[str, ...]

    @property
    def way_out(self) -> str:
        """What can be done."""
        if self.formats:
            return f"Ask for {' or '.join(self.formats)} instead."
        return "Convert it, as to an MP4 with H.264, and try again."


class VideoNotMade(BadInput):
    code = "video_not_made"
    template = (
        "{file}: no video could be made of its picture ({reason}). The dubs are there. Convert the "
        "recording, as to an MP4 with H.264, and ask for the video again."
    )
    file: Name
    reason: str


class NoSoundForVideo(BadInput):
    code = "no_sound_for_video"
    template = "A video in {container} takes its sound from {formats}. Ask for one of them too."
    container: str
    formats: str


class NoSuchTrack(BadInput):
    code = "no_such_track"
    template = (
        "{file}: it has no sound track '{track}'. It has {tracks}: name one by its number or its "
        "language."
    )
    file: Name
    track: str | None
    tracks: str


class MediaEncrypted(BadInput):
    code = "media_encrypted"
    template = (
        "{file}: it is encrypted: only players that its shop or channel has given a key can play "
        "it. Give a copy without copy protection."
    )
    file: Name


class UnsupportedAudio(BadInput):
    code = "unsupported_audio"
    template = (
        "{file}: {reason}. Export it at 8 to 192 kHz with one to eight channels and try again."
    )
    file: Name
    reason: str


class SoundTooLong(BadInput):
    code = "sound_too_long"
    template = (
        "{file}: the sound is longer than {limit_min} minutes, the most one dub may hold. Cut it "
        "into parts and dub each."
    )
    file: Name
    limit_min: str


class NoSpeech(BadInput):
    code = "no_speech"
    template = "{file}: no speech was found in it. Give the voice recording, not the background."
    file: Name


class DurationMismatch(BadInput):
    code = "duration_mismatch"
    template = (
        "{voice} lasts {voice_s:.3f} s and {background} lasts {background_s:.3f} s: they differ "
        "by more than {tolerance_ms} ms. Export both from the same timeline."
    )
    voice: str
    voice_s: float
    background: str
    background_s: float
    tolerance_ms: int


class NothingToDub(BadInput):
    code = "nothing_to_dub"
    template = (
        "{file} is spoken in {language}, the only target asked for.{left} Name another language."
    )
    file: Name
    language: str | None
    foreign_ms: int = 0

    @property
    def left(self) -> str:
        """What else is told of it."""
        return _left(self.foreign_ms)


class SameLanguage(BadInput):
    code = "same_language"
    template = "The recording is spoken in this language already: there is nothing to dub.{left}"
    foreign_ms: int = 0

    @property
    def left(self) -> str:
        """What else is told of it."""
        return _left(self.foreign_ms)


def _left(foreign_ms: int) -> str:
    """What is not dubbed though it is in other languages; nothing where nothing is."""
    seconds = f"{foreign_ms / 1000:.1f} s"
    return f" {seconds} in other languages are left as they are." if foreign_ms else ""
