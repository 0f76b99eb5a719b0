"""Who speaks whose lines."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, zip_longest

from .engine import EngineId
from .transcript import Person, Transcript
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


def cast_people(
    people: Sequence[Person],
    speakers: Mapping[Speaker, int],
    voices: Sequence[Voice],
    preference: str | None,
    preferences: Mapping[str, str],
    language: str,
) -> dict[Speaker, Voice]:
    """A voice for everybody whose own voice is known: theirs by wish, or one of their gender, as
    near to their pitch as there is one that nobody else has; where all are taken, one that as few
    as possible have.

    Where a gender is preferred for all, only its voices are used; where a voice was, it is the main
    speaker's.

    Args:
        people: What is known of them.
        speakers: How long each speaks, in milliseconds.
        voices: All of one engine for the language, the default first.
        preference: A voice's id, a gender, or None, for those without a wish of their own.
        preferences: The same by label.
        language: What they speak, for the error.

    Raises:
        UnknownVoice: no voice of this language meets a wish.
    """
    known = {person.id: person for person in people}
    by_time = sorted(speakers, key=lambda speaker: (-speakers[speaker], speaker or ""))
    made: dict[Speaker, Voice] = {}
    taken: Counter[str] = Counter()
    named = dict(preferences)
    if preference is not None and preference not in list(Gender):
        named.setdefault(by_time[0] or "", preference)
        preference = None
    for speaker in sorted(by_time, key=lambda each: (each or "") not in named):
        person = known.get(speaker or "", Person(speaker or ""))
        wish = named.get(person.id, preference)
        choose_voice(voices, wish, language)
        gender = wish or person.gender
        meeting = [each for each in voices if wish == each.id]
        meeting = meeting or [each for each in voices if each.gender == gender] or list(voices)
        made[speaker] = min(meeting, key=lambda each: (taken[each.id], _away(each, person)))
        taken[made[speaker].id] += 1
    return {speaker: made[speaker] for speaker in by_time}


def _away(voice: Voice, person: Person) -> float:
    """How far a voice's pitch is from a person's, as a ratio of at least 1; 1 where either is not
    known.
    """
    if voice.pitch_hz is None or person.pitch_hz is None:
        return 1.0
    low, high = sorted((voice.pitch_hz, person.pitch_hz))
    return high / low


def sharing(voices: Mapping[Speaker, Voice]) -> list[list[str]]:
    """Those who have one voice between them, group by group."""
    groups: dict[str, list[str]] = {}
    for speaker, voice in voices.items():
        groups.setdefault(voice.id, []).append(str(speaker))
    return [sorted(group) for group in groups.values() if len(group) > 1]


def _in_turn(voices: Sequence[Voice], first: Voice) -> list[Voice]:
    """The voices with genders in turn, beginning with the one that follows `first`."""
    genders = [Gender.FEMALE, Gender.MALE, Gender.NEUTRAL]
    genders.sort(key=lambda gender: gender is first.gender)
    rows = [
        [voice for voice in voices if voice.gender is gender and voice != first]
        for gender in genders
    ]
    return [voice for row in zip_longest(*rows) for voice in row if voice is not None]
