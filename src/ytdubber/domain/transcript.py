"""What was said, by whom and when."""

from collections import Counter
from dataclasses import dataclass, replace
from itertools import takewhile

from .media import Interval
from .spacing import joined
from .voice import Gender

LEAST_FOREIGN = 0.05
"""A recording in the target language is dubbed where more than this share of it is in others: a
sentence a minute. Names and quotations are no reason to speak everything anew."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who speaks, where several do.

    Attributes:
        id: The label of their utterances.
        gender: What the voice sounds like; None where that cannot be told.
        pitch_hz: The median pitch of the voice; None where too little of it is heard.
    """

    id: str
    gender: Gender | None = None
    pitch_hz: float | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard, with its punctuation, without surrounding space.

    Its language is only named where it is not its recording's.
    """

    text: str
    start_ms: int
    end_ms: int
    confidence: float
    speaker: str | None = None
    language: str | None = None

    @property
    def interval(self) -> Interval:
        """When it sounds."""
        return Interval(self.start_ms, self.end_ms)


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words said in one breath, by one speaker and in one language: the unit that is translated and
    dubbed.
    """

    id: str
    text: str
    start_ms: int
    end_ms: int
    speaker: str | None
    words: tuple[Word, ...]

    @property
    def duration_ms(self) -> int:
        """How long it sounds."""
        return self.end_ms - self.start_ms

    @property
    def language(self) -> str | None:
        """Its language, where it is not its recording's."""
        return self.words[0].language if self.words else None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The utterances of a recording in the order they begin.

    Attributes:
        language: The language most of it is spoken in.
        utterances: What was said.
        uncovered: Stretches in which somebody speaks and that have no line, in order: no word was
            made out there, or they lie past the end of the recording.
        people: Who speaks, in the order they are first heard, where several are told apart and
            something is known of their voices.
    """

    language: str
    utterances: tuple[Utterance, ...]
    uncovered: tuple[Interval, ...] = ()
    people: tuple["Person", ...] = ()

    @property
    def text(self) -> str:
        """All that was said."""
        texts = (utterance.text for utterance in self.utterances)
        return joined(texts, self.language, phrases=True)

    def language_of(self, utterance: Utterance) -> str:
        """The language an utterance of it is spoken in."""
        return utterance.language or self.language

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language spoken in it, its own first, then by how long they are."""
        lengths_ms: Counter[str] = Counter()
        for each in self.utterances:
            lengths_ms[self.language_of(each)] += each.duration_ms
        others = [code for code, _ in lengths_ms.most_common() if code != self.language]
        return (self.language, *others)

    @property
    def foreign_ms(self) -> int:
        """How long the utterances in other languages than its own are."""
        return sum(each.duration_ms for each in self.utterances if each.language)

    def source_for(self, target: str) -> str | None:
        """The language that most of what is to be translated is in; None where there is nothing to
        dub: all of it is in the target already, or all but LEAST_FOREIGN of what is said.
        """
        if self.language != target:
            return self.language
        foreign = [u for u in self.utterances if self.language_of(u) != target]
        said_ms = sum(each.duration_ms for each in self.utterances)
        if sum(each.duration_ms for each in foreign) <= LEAST_FOREIGN * said_ms:
            return None
        return self.languages[1]


def until(transcript: Transcript, total_ms: int) -> Transcript:
    """What is said before the recording ends, where the voice goes on past that.

    A word whose middle lies past the end is left out, and the time of such words is `uncovered`;
    one that straddles the end is clipped there.
    """
    kept, beyond = list[Utterance](), list(transcript.uncovered)
    for utterance in transcript.utterances:
        if utterance.end_ms <= total_ms:
            kept.append(utterance)
        elif _middle_ms(utterance) >= total_ms and not _heard(utterance, total_ms):
            beyond.append(Interval(utterance.start_ms, utterance.end_ms))
        else:
            words = _heard(utterance, total_ms)
            late = utterance.words[len(words) :]
            kept.append(_ending(utterance, words, total_ms, transcript.language_of(utterance)))
            beyond += [Interval(late[0].start_ms, utterance.end_ms)] if late else []
    return replace(transcript, utterances=tuple(kept), uncovered=tuple(beyond))


def _middle_ms(said: Word | Utterance) -> float:
    return (said.start_ms + said.end_ms) / 2


def _heard(utterance: Utterance, total_ms: int) -> tuple[Word, ...]:
    """The words up to the first that lies mostly past the end."""
    return tuple(takewhile(lambda word: _middle_ms(word) < total_ms, utterance.words))


def _ending(
    utterance: Utterance, words: tuple[Word, ...], total_ms: int, language: str
) -> Utterance:
    """The utterance with these words alone, none of which ends after the recording."""
    text = utterance.text
    if len(words) < len(utterance.words):
        text = joined((word.text for word in words), language)
    clipped = tuple(replace(word, end_ms=min(word.end_ms, total_ms)) for word in words)
    return replace(utterance, text=text, end_ms=total_ms, words=clipped)
