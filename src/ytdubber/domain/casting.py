"""Who speaks whose lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, zip_longest

from .engine import EngineId
from .transcript import Transcript
from .voice import Gender, Voice, choose_voice

Speaker = str | None
"""A speaker's label in the transcript; None where speakers are not told apart."""


@dataclass(frozen=True, slots=True)
class Casting:
    """Who speaks whose lines of a dub: voices of one engine, so that nobody's changes in it.

    Attributes:
        engine: Whose voices they are.
        voices: A voice's id for every speaker, the main speaker's first.
    """

    engine: EngineId
    voices: Mapping[Speaker, str]


def speaking_ms(transcript: Transcript) -> dict[Speaker, int]:
    """How long each speaker speaks."""
    times: dict[Speaker, int] = {}
    for utterance in transcript.utterances:
        times[utterance.speaker] = times.get(utterance.speaker, 0) + utterance.duration_ms
    return times


def cast(
    speakers: Mapping[Speaker, int], voices: Sequence[Voice], preference: str | None, language: str
) -> dict[Speaker, Voice]:
    """A voice for every speaker: the same for the same input, different ones while there are any.

    Whoever speaks most gets the voice that `choose_voice` would give; the others, by their speaking
    time, get the next ones, high and low voices in turn. Where a gender is preferred, only its
    voices are used; where a voice was, it is the main speaker's.

    Args:
        speakers: How long each speaks, in milliseconds.
        voices: All of one engine for the language, the default first.
        preference: A voice's id, a gender, or None.
        language: What they speak, for the error.

    Raises:
        UnknownVoice: no voice of this language meets the preference.
    """
    first = choose_voice(voices, preference, language)
    meeting = [voice for voice in voices if preference == voice.gender] or list(voices)
    order = [first, *(voice for voice in _in_turn(meeting, first) if voice != first)]
    by_time = sorted(speakers, key=lambda speaker: (-speakers[speaker], speaker or ""))
    return dict(zip(by_time, cycle(order), strict=False))


def _in_turn(voices: Sequence[Voice], first: Voice) -> list[Voice]:
    """The voices with genders in turn, beginning with the one that follows `first`."""
    genders = [Gender.FEMALE, Gender.MALE, Gender.NEUTRAL]
    genders.sort(key=lambda gender: gender is first.gender)
    rows = [
        [voice for voice in voices if voice.gender is gender and voice != first]
        for gender in genders
    ]
    return [voice for row in zip_longest(*rows) for voice in row if voice is not None]
