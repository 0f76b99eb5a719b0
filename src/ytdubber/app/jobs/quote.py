"""What a job will cost, said before it is submitted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from ytdubber.app.casting.engines import Engines
from ytdubber.app.uploads.arrivals import need_arrived
from ytdubber.app.uploads.job_options import CheckOptions, JobOptions
from ytdubber.app.uploads.stem_lengths import StemLengths, Stems
from ytdubber.domain.credit import language_cents
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import JobNotFound, UploadMissing
from ytdubber.domain.job import Job
from ytdubber.domain.languages import NAMES
from ytdubber.domain.limits import UNLIMITED_BYTES, Limits
from ytdubber.domain.money import (
    Expected,
    PriceList,
    Quote,
    Span,
    expected_seconds,
    expected_speech,
    expected_tokens,
    quote,
)
from ytdubber.domain.upload import Track
from ytdubber.domain.voice import VoiceTier
from ytdubber.ports.identity import Claims
from ytdubber.ports.media_store import MediaStore
from ytdubber.ports.price_book import PriceBook
from ytdubber.ports.service_work import AsUser

_USUAL_SOURCES = ("en", "es")
"""What is taken to be spoken where nobody says; never the target itself."""


@dataclass(frozen=True, slots=True)
class JobQuote:
    """What it will cost.

    Attributes:
        voice_ms: How long the recording is.
        job_options: What was asked, languages by their codes.
        shared: What is done once for all languages.
        languages: What each language costs beside that.
        credit_cents: What is taken from the user's credit at submission.
        price_book: The version of the book it follows.
    """

    voice_ms: int
    job_options: JobOptions
    shared: Quote
    languages: Mapping[str, Quote]
    credit_cents: int
    price_book: str

    @property
    def total(self) -> Span:
        """All of it, in US dollars."""
        return sum((each.usd for each in self.languages.values()), self.shared.usd)

    @property
    def unpriced(self) -> Sequence[str]:
        """What will cost something that the book has no price for, each once."""
        parts = (self.shared, *self.languages.values())
        missing = (each for part in parts for each in part.unpriced)
        return list(dict.fromkeys(f"{m.provider}/{m.model}/{m.unit}" for m in missing))

    @property
    def assumptions(self) -> Sequence[str]:
        """What it rests on, in sentences."""
        minutes = {code: expected_speech(60_000, code) for code in self.languages}
        paces = (f"{m.low:.0f} to {m.high:.0f} in {NAMES[code]}" for code, m in minutes.items())
        return (
            f"For a minute of the recording so many characters are spoken: {', '.join(paces)}.",
            "Each line is translated in three candidates; up to a quarter of the lines is"
            " translated and spoken again because they turn out too long.",
            "Where sources disagree on a price, the high end takes the highest.",
            "Calls that vendors fail and charge for all the same are not foreseen.",
        )


@dataclass(frozen=True, slots=True)
class Instead:
    """What is asked for in place of what was announced; the rest is as it was announced.

    Attributes:
        languages: What to dub into.
        source_language: What is spoken.
        voice_tier: Which engines speak.
    """

    languages: tuple[str, ...] = ()
    source_language: str | None = None
    voice_tier: VoiceTier | None = None

    def job_options(self, job: Job) -> JobOptions:
        """What a job would be."""
        options = replace(job.options, voice_tier=self.voice_tier or job.options.voice_tier)
        source = self.source_language or job.source_language
        return JobOptions(self.languages or job.target_languages, source, options)


_AS_ANNOUNCED = Instead()


@dataclass(frozen=True, slots=True)
class QuoteJob:
    """The use case over its ports.

    Attributes:
        engines: The engines at hand.
        price_book: What vendors ask.
        cents_per_minute: The price of a minute in one language, in credit.
        as_user: Begins a user's transaction.
        media: Where the stems are.
        lengths: How long stems last.
        fetchable: As `CheckOptions` has it.
        limits: How much a stem may have.
    """

    engines: Callable[[], Engines]
    price_book: PriceBook
    cents_per_minute: int
    as_user: AsUser
    media: MediaStore
    lengths: StemLengths
    fetchable: Callable[[str, str], bool] = lambda *_: False
    limits: Limits = field(default_factory=lambda: Limits(upload_bytes=UNLIMITED_BYTES))

    def __call__(self, voice_ms: int, job_options: JobOptions) -> JobQuote:
        """The quote for a recording of known length.

        Raises:
            BadInput: an option is not supported.
        """
        engines, prices = self.engines(), self.price_book.prices()
        job_options = CheckOptions(lambda: engines, self.fetchable)(job_options)
        targets = job_options.target_languages
        return JobQuote(
            voice_ms=voice_ms,
            job_options=job_options,
            shared=quote(_heard(voice_ms, job_options, engines, prices), prices),
            languages={
                target: quote(_dubbed(voice_ms, target, job_options, engines, prices), prices)
                for target in targets
            },
            credit_cents=language_cents(voice_ms, self.cents_per_minute) * len(targets),
            price_book=prices.version,
        )

    def announced(self, claims: Claims, job_id: UUID, instead: Instead = _AS_ANNOUNCED) -> JobQuote:
        """Both of the following, one after the other."""
        return self.of_stems(self.opened(claims, job_id), instead)

    def opened(self, claims: Claims, job_id: UUID) -> Stems:
        """A job whose voice stem has arrived.

        Raises:
            JobNotFound: the user has no such job.
            YtDubberError: it was refused; the same as then.
            UploadMissing: the voice stem has not arrived.
            UploadMismatch: something else arrived; it is removed, and can be sent again.
        """
        with self.as_user(claims) as work:
            state = work.job_repository.state(job_id)
            stems = work.uploads.of_job(job_id)
        if state is None or state.deleted_at is not None:
            raise JobNotFound
        state.need_not_refused()
        voice = [stem for stem in stems if stem.track is Track.VOICE]
        if not voice:
            raise UploadMissing(track=Track.VOICE.value)
        need_arrived(self.media, voice[0], self.limits)
        return Stems(state.job, (voice[0],))

    def of_stems(self, stems: Stems, instead: Instead = _AS_ANNOUNCED) -> JobQuote:
        """The quote for it.

        Args:
            stems: The job, with its voice.
            instead: What is other than it was announced.

        Raises:
            BadInput: the stem cannot be dubbed, or an option is not supported.
        """
        return self(self.lengths.of(stems)[0].duration_ms, instead.job_options(stems.job))


def _heard(
    voice_ms: int, job_options: JobOptions, engines: Engines, prices: PriceList
) -> Sequence[Expected]:
    """What listening will use."""
    seconds = expected_seconds(voice_ms)
    amounts = {"audio_seconds": seconds, "diarized_seconds": seconds}
    if job_options.options.glossary:
        amounts["keyterm_seconds"] = seconds
    return expected_use(engines.recognizer, "transcribe", amounts, ("audio_seconds",), prices)


def _dubbed(
    voice_ms: int, target: str, job_options: JobOptions, engines: Engines, prices: PriceList
) -> Iterator[Expected]:
    """What translating into and speaking one language will use."""
    source = job_options.source_language or next(s for s in _USUAL_SOURCES if s != target)
    if target == source:
        return
    if engines.translates(source, target):
        heard, said = expected_tokens(voice_ms, source, target)
        tokens = {"input_tokens": heard, "output_tokens": said}
        engine = engines.translated_by(source, target)
        yield from expected_use(engine, "translate", tokens, tuple(tokens), prices)
    preference = job_options.options.voice_preference(target)
    synthesizer, _ = engines.cast(target, preference, job_options.options.voice_tier)
    speech = {"characters": expected_speech(voice_ms, target)}
    yield from expected_use(synthesizer.engine, "speak", speech, tuple(speech), prices)


def expected_use(
    engine: EngineId,
    operation: str,
    amounts: Mapping[str, Span],
    usual: Sequence[str],
    prices: PriceList,
) -> Sequence[Expected]:
    """The quantities a provider will count: those the book has a price for, else the usual ones."""
    provider, model = engine.provider, engine.model
    priced = [unit for unit in amounts if prices.find(provider, model, operation, unit)]
    return [Expected(provider, model, operation, unit, amounts[unit]) for unit in priced or usual]
