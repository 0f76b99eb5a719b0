"""Every error a person can meet. A class's docstring is its message."""

import enum
import inspect


class YtDubberError(Exception):
    """Something went wrong: {detail}"""

    code = "error"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        message = inspect.cleandoc(type(self).__doc__ or "").replace("\n", " ")
        super().__init__(message.format(**facts))


class Cancelled(YtDubberError):
    """Stopped on request."""

    code = "cancelled"


class BadInput(YtDubberError):
    """The request cannot be carried out: {detail}"""

    code = "bad_input"


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
    more than {tolerance_ms} ms. Export both from the same timeline, or allow more with
    --tolerance-ms."""

    code = "duration_mismatch"


class UnknownLanguage(BadInput):
    """'{language}' is not a language we know. `ytdubber languages` lists them."""

    code = "unknown_language"


class LanguageNotSpoken(BadInput):
    """No voice at hand speaks {language}. The targets with a voice: {languages}. {remedy}"""

    code = "language_not_spoken"


class PairNotTranslatable(BadInput):
    """Nothing at hand translates {source} into {target}. Get the models with `{command}`, or name a
    folder that holds them in YTDUBBER_TRANSLATION_MODELS."""

    code = "pair_not_translatable"


class NothingToDub(BadInput):
    """{file} is spoken in {language}, the only target asked for. Name another language with
    --to."""

    code = "nothing_to_dub"


class UnknownVoice(BadInput):
    """'{voice}' is not a voice for {language}. Choose one of: {voices}."""

    code = "unknown_voice"


class UnknownFormat(BadInput):
    """'{format}' is not an output format. Choose from: {formats}."""

    code = "unknown_format"


class FolderNotWritable(BadInput):
    """{folder}: cannot be written to ({reason}). Choose another folder with --out."""

    code = "folder_not_writable"


class FolderInUse(BadInput):
    """{folder}: another ytdubber is writing there now. Wait for it, or choose another --out."""

    code = "folder_in_use"


class UnknownModel(BadInput):
    """'{model}' is not a model we know. `ytdubber models list` names them."""

    code = "unknown_model"


class ModelMissing(BadInput):
    """The model {model} is not on this machine and could not be fetched ({reason}). Connect to the
    internet and run `{command}`, or copy the model into {folder}."""

    code = "model_missing"


class ModelCorrupt(BadInput):
    """{file} is not the model it should be: its SHA-256 is {actual}, expected {expected}. Remove it
    with `ytdubber models remove {model}` and fetch it again with `ytdubber models pull {model}`."""

    code = "model_corrupt"


class PartMissing(BadInput):
    """{part} is not installed, and {purpose} needs it. Install it with `{command}`."""

    code = "part_missing"


class BadSetting(BadInput):
    """{variable}: {reason}"""

    code = "bad_setting"


class AllLanguagesFailed(YtDubberError):
    """No language could be dubbed. {detail}"""

    code = "all_languages_failed"


class BadTransition(YtDubberError):
    """A task cannot go from {before} to {after}."""

    code = "bad_transition"


class Fault(enum.StrEnum):
    """Why an engine could not do its work; what follows depends on it alone."""

    AUTH = "auth"
    QUOTA = "quota"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    UNAVAILABLE = "unavailable"
    BAD_INPUT = "bad_input"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    BAD_OUTPUT = "bad_output"

    @property
    def retryable(self) -> bool:
        """Whether the same call may succeed later."""
        return self in (Fault.RATE_LIMITED, Fault.TIMEOUT, Fault.UNAVAILABLE)

    @property
    def falls_back(self) -> bool:
        """Whether another engine may succeed where this one did not."""
        return self.retryable or self in (Fault.QUOTA, Fault.UNSUPPORTED)


class VendorError(YtDubberError):
    """{provider} could not do it ({fault}): {detail}"""

    code = "vendor_error"

    def __init__(
        self,
        provider: str,
        fault: Fault,
        detail: str,
        *,
        receipt: object = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(provider=provider, fault=fault, detail=detail)
        self.fault = fault
        self.receipt = receipt
        self.retry_after_s = retry_after_s
