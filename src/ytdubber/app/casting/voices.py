"""Who could speak a dub, and who was speaking it when it was interrupted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ytdubber.app.casting.engines import Candidate, Engines, meets
from ytdubber.domain.casting import (
    Casting,
    Speaker,
    cast,
    cast_people,
    sharing,
    speaking_ms,
)
from ytdubber.domain.job import DubOptions
from ytdubber.domain.line_edit import LineEdits
from ytdubber.domain.transcript import Transcript
from ytdubber.domain.voice import Voice, choose_voice
from ytdubber.domain.waiting import vendor_name
from ytdubber.engines.synthesizer import Synthesizer


@dataclass(frozen=True, slots=True)
class Cast:
    """An engine's voices for a dub.

    Attributes:
        synthesizer: The engine.
        voices: A voice for every speaker, the main speaker's first.
    """

    synthesizer: Synthesizer
    voices: Mapping[Speaker, Voice]

    @property
    def casting(self) -> Casting:
        """As it is recorded."""
        voices = {speaker: voice.id for speaker, voice in self.voices.items()}
        return Casting(self.synthesizer.engine, voices)


def casts(
    engines: Engines, transcript: Transcript, language: str, options: DubOptions
) -> tuple[Cast, ...]:
    """Everyone who could speak a dub of this transcript, in order of preference.

    Raises:
        BadInput: nobody speaks the language, or has the preferred voice.
    """
    times, preferences = speaking_ms(transcript), options.voices_of_people(language)

    def voices(candidate: Candidate) -> Mapping[Speaker, Voice]:
        if not transcript.people:
            return cast(times, candidate.voices, candidate.preference, language)
        met = {
            who: preferred
            for who, preferred in preferences.items()
            if meets(preferred, candidate.voices)
        }
        return cast_people(
            transcript.people, times, candidate.voices, candidate.preference, met, language
        )

    found = engines.candidates(language, options.voice_preference(language), options.voice_tier)
    return tuple(Cast(each.synthesizer, voices(each)) for each in found)


def voices_of_lines(found: Cast, transcript: Transcript, edits: LineEdits) -> dict[str, Voice]:
    """Who says each line, by utterance id: its person's voice, or the one a person chose for it.

    Raises:
        UnknownVoice: the engine has no such voice.
    """
    language = next(iter(found.voices.values())).language
    known = found.synthesizer.voices(language)
    return {
        each.id: found.voices[each.speaker]
        if (asked := edits.of(each.id).voice) is None
        else choose_voice(known, asked, language)
        for each in transcript.utterances
    }


def need_voices(engines: Engines, language: str, options: DubOptions) -> None:
    """Make sure that the voices that are asked for are to be had.

    Raises:
        BadInput: nobody speaks the language, or one engine has not all of the voices.
    """
    preference, tier = options.voice_preference(language), options.voice_tier
    first = engines.candidates(language, preference, tier)[0]
    for preferred in options.voices_of_people(language).values():
        choose_voice(first.voices, preferred, language)


def cast_notes(found: Cast, options: DubOptions, language: str) -> list[str]:
    """What a person should know of who speaks for whom, in sentences."""
    heard = {str(speaker) for speaker in found.voices}
    notes = [_not_heard(who) for who in options.voices_of_people(language) if who not in heard]
    for group in sharing(found.voices):
        *first, last = group
        notes.append(
            f"{', '.join(first)} and {last} have one voice: there are no more that fit them."
        )
    return notes


def spoken_by(cast: Cast) -> str:
    """Whose voices they are, in a sentence."""
    return f"The voices are {vendor_name(cast.synthesizer.engine.provider)}'s."


def _not_heard(speaker: str) -> str:
    return f"No speaker {speaker} is heard; the voice that was asked for is not used."


def taken_up(found: Sequence[Cast], before: Casting | None) -> tuple[Cast, ...]:
    """The same, but whoever was speaking before comes first, with the voices they had."""
    if before is None:
        return tuple(found)
    again = [_as_before(each, before) for each in found if _was_speaking(each, before)]
    return (*again, *(each for each in found if not _was_speaking(each, before)))


def _was_speaking(now: Cast, before: Casting) -> bool:
    engine = now.synthesizer.engine
    return (engine.provider, engine.model) == (before.engine.provider, before.engine.model)


def _as_before(now: Cast, before: Casting) -> Cast:
    """With the voices it had, where all of them are still there."""
    language = next(iter(now.voices.values())).language
    known = {voice.id: voice for voice in now.synthesizer.voices(language)}
    if before.voices.keys() != now.voices.keys() or not known.keys() >= set(before.voices.values()):
        return now
    return Cast(now.synthesizer, {who: known[voice] for who, voice in before.voices.items()})
