"""What it will cost to hear a line, or to make a dub anew, as lines are to be; said before."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from ytdubber.app.casting.engines import Engines
from ytdubber.app.jobs.quote import expected_use
from ytdubber.app.lines.dub_lines import DubLine
from ytdubber.app.lines.edit_lines import EditLines
from ytdubber.app.lines.task_edits import need_edits, need_job
from ytdubber.domain.engine import EngineId
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.money import Expected, PriceList, Quote, Span, expected_tokens, quote
from ytdubber.domain.pronunciation import as_spoken, with_lines_own
from ytdubber.ports.identity import Claims
from ytdubber.ports.price_book import PriceBook
from ytdubber.ports.service_work import AsUser


@dataclass(frozen=True, slots=True)
class RenderQuote:
    """What a render, or one line's preview, will cost.

    Attributes:
        spoken: How many lines are spoken anew, unless they were heard as they are to be.
        translated: How many of them are translated before.
        characters: How many are spoken, as voices are given them.
        cost: What vendors will charge.
        price_book: The version of the book it follows.
    """

    spoken: int
    translated: int
    characters: int
    cost: Quote
    price_book: str

    @property
    def unpriced(self) -> Sequence[str]:
        """What will cost something that the book has no price for, each once."""
        missing = (f"{m.provider}/{m.model}/{m.unit}" for m in self.cost.unpriced)
        return list(dict.fromkeys(missing))


@dataclass(frozen=True, slots=True)
class QuoteRender:
    """The use case over its ports.

    Attributes:
        edit_lines: Knows lines.
        engines: The engines at hand.
        price_book: What vendors ask.
        as_user: Begins a user's transaction.
    """

    edit_lines: EditLines
    engines: Callable[[], Engines]
    price_book: PriceBook
    as_user: AsUser

    def __call__(self, claims: Claims, job_id: UUID, language: str) -> RenderQuote:
        """The quote for a language of a job; nothing where no line is to be otherwise.

        Raises:
            JobNotFound, LanguageNotComplete, MediaMissing, StorageNotWorking: as
                `EditLines.lines`.
        """
        lines = self.edit_lines.lines(claims, job_id, language).lines
        return self._quoted(claims, job_id, language, lines)

    def preview(
        self,
        claims: Claims,
        job_id: UUID,
        language: str,
        line: str,
        change: Mapping[str, object],
    ) -> RenderQuote:
        """The quote for hearing one line as it is to be, or as a change that is not kept makes it;
        nothing where it is as the dub that is shown has it.

        Raises:
            LineNotThere, BadField, UnknownVoice, LinesNotKept, RenderUnderWay, JobNotFound,
            LanguageNotComplete, MediaMissing, StorageNotWorking: as `EditLines.change`.
        """
        one = self.edit_lines.previewed(claims, job_id, language, line, change)
        return self._quoted(claims, job_id, language, [one])

    def _quoted(
        self, claims: Claims, job_id: UUID, language: str, lines: Sequence[DubLine]
    ) -> RenderQuote:
        with self.as_user(claims) as work:
            state = need_job(work, job_id)
            known = need_edits(work, state, language)
            transcript = work.transcripts.get(job_id)
        anew = [line for line in lines if _spoken_anew(line, known.shown)]
        stale = [line for line in anew if line.edit.stale]
        engines, prices, options = self.engines(), self.price_book.prices(), state.job.options
        preference = options.voice_preference(language)
        casting = known.task.casting
        speaker = (
            casting.engine
            if casting
            else engines.cast(language, preference, options.voice_tier)[0].engine
        )
        source = transcript.source_for(language) if transcript else None
        translator = engines.translated_by(source, language) if source and stale else None
        said = [_as_spoken(line, options.spoken_as, language) for line in anew]
        characters = sum(map(len, said))
        spoken_ms = sum(line.source_end_ms - line.source_start_ms for line in stale)
        used = [*_spoken(speaker, characters, prices)]
        if translator is not None and source is not None:
            heard, written = expected_tokens(spoken_ms, source, language)
            tokens = {"input_tokens": heard, "output_tokens": written}
            used += expected_use(translator, "translate", tokens, tuple(tokens), prices)
        return RenderQuote(len(anew), len(stale), characters, quote(used, prices), prices.version)


def _spoken_anew(line: DubLine, shown: LineEdits) -> bool:
    """Whether another take of a line is needed than the dub that is shown has."""
    if not (line.edited and line.edit.said):
        return False
    before, now = shown.of(line.id), line.edit
    takes = [(each.voice, each.start_ms, each.end_ms, each.spoken_as) for each in (before, now)]
    return line.text != line.spoken or now.stale or takes[0] != takes[1]


def _as_spoken(line: DubLine, spoken_as: Mapping[str, str], language: str) -> str:
    own = with_lines_own(spoken_as, line.edit.spoken_as, language)
    return as_spoken(line.text, own, language)


def _spoken(engine: EngineId, characters: int, prices: PriceList) -> Iterator[Expected]:
    if characters:
        amount = Decimal(characters)
        amounts: Mapping[str, Span] = {"characters": Span(amount, amount)}
        yield from expected_use(engine, "speak", amounts, tuple(amounts), prices)
