"""Whose words are whose, where several people speak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ytdubber.audio.files import read_mono
from ytdubber.audio.pitch import median_pitch_hz
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import MachineError, ModelMissing
from ytdubber.domain.media import AudioFile
from ytdubber.domain.segmentation import utterances
from ytdubber.domain.speakers import SpeakerTurn, person_id, with_speakers
from ytdubber.domain.transcript import Person, Transcript, Utterance, Word
from ytdubber.domain.voice import Gender
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine
from ytdubber.ports.operations import Diarize

PITCH_S = 20
"""So much of a voice is listened to for its pitch."""
MALE_HZ, FEMALE_HZ = 155.0, 175.0
"""Voices under the one are taken for men's, over the other for women's; between, for neither."""


@dataclass(frozen=True, slots=True)
class ToldApart:
    """A transcript in which several people are told apart.

    Attributes:
        transcript: With a speaker for every utterance where there are several, and who they are.
        engine: Who told them apart; None where nobody had to, or could.
        notes: What a person should know of it, in sentences.
    """

    transcript: Transcript
    engine: EngineId | None = None
    notes: tuple[str, ...] = ()


def tell_apart(
    transcript: Transcript,
    voice: AudioFile,
    speakers: int | None,
    diarizer: Engine | None,
    call: CallContext,
) -> ToldApart:
    """The transcript with its speakers. One in which somebody told them apart already keeps them;
    one of a single person stays as it is.

    Args:
        transcript: What was said.
        voice: The recording, 16 kHz mono.
        speakers: How many people speak, or None to find out.
        diarizer: Tells them apart; None where nobody can.
        call: The work this belongs to.

    Raises:
        BadInput: a model is missing or corrupt, and several speakers are asked for.
        VendorError: the engine could not do it.
    """
    words = [word for each in transcript.utterances for word in each.words]
    labelled = any(word.speaker is not None for word in words)
    engine, notes = None, tuple[str, ...]()
    if not labelled and speakers != 1 and diarizer is not None:
        try:
            found = diarizer.run(Diarize(voice, speakers), call)
        except ModelMissing as error:
            if speakers is not None:
                raise
            return ToldApart(transcript, notes=(_not_told_apart(error),))
        engine = found.receipt.engine
        transcript, notes = _with_turns(transcript, words, found.turns, speakers)
    return ToldApart(_with_people(transcript, voice, call), engine, notes)


def _with_turns(
    transcript: Transcript,
    words: Sequence[Word],
    turns: Sequence[SpeakerTurn],
    speakers: int | None,
) -> tuple[Transcript, tuple[str, ...]]:
    said = with_speakers(words, turns)
    names: dict[str | None, str] = {}
    for word in said:
        names.setdefault(word.speaker, person_id(len(names)))
    notes = _fewer(len(names), speakers)
    if len(names) < 2:
        return transcript, notes
    said = [replace(word, speaker=names[word.speaker]) for word in said]
    return replace(transcript, utterances=utterances(said, language=transcript.language)), notes


def _fewer(found: int, speakers: int | None) -> tuple[str, ...]:
    if speakers is None or found >= speakers:
        return ()
    heard = "one person is" if found < 2 else f"{found} people are"
    return (f"{speakers} people were said to speak, and {heard} heard.",)


def _not_told_apart(error: MachineError) -> str:
    return f"Speakers are not told apart, and one voice speaks for all. {error}"


def _with_people(transcript: Transcript, voice: AudioFile, call: CallContext) -> Transcript:
    """With what is known of everybody's voice, where there are several."""
    said: dict[str, list[Utterance]] = {}
    for each in transcript.utterances:
        if each.speaker is not None:
            said.setdefault(each.speaker, []).append(each)
    if len(said) < 2:
        return transcript
    people = []
    for speaker, spoken in said.items():
        call.raise_if_cancelled()
        people.append(_person(speaker, spoken, voice))
    return replace(transcript, people=tuple(people))


def _person(speaker: str, said: Sequence[Utterance], voice: AudioFile) -> Person:
    """What somebody's voice is like, by the longest of what they say."""
    rate_hz, stretches, total_ms = voice.sample_rate_hz, [], 0
    for each in sorted(said, key=lambda utterance: -utterance.duration_ms):
        if total_ms >= PITCH_S * 1000:
            break
        first, last = (at * rate_hz // 1000 for at in (each.start_ms, each.end_ms))
        stretches.append(read_mono(voice, first, last))
        total_ms += each.duration_ms
    pitch_hz = median_pitch_hz(stretches, rate_hz)
    return Person(speaker, gender_of(pitch_hz), None if pitch_hz is None else round(pitch_hz, 1))


def gender_of(pitch_hz: float | None) -> Gender | None:
    """What a voice of this median pitch sounds like; None where that cannot be told."""
    if pitch_hz is None or MALE_HZ <= pitch_hz <= FEMALE_HZ:
        return None
    return Gender.MALE if pitch_hz < MALE_HZ else Gender.FEMALE
