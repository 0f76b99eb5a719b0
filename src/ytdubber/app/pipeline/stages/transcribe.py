"""What was said and when."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ytdubber.app.pipeline.retranscribe import retranscribe
from ytdubber.audio.edges import onto_energy
from ytdubber.domain.coverage import uncovered
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import NoSpeech
from ytdubber.domain.forced_alignment import align
from ytdubber.domain.media import AudioFile
from ytdubber.domain.script import Script
from ytdubber.domain.segmentation import refine, utterances
from ytdubber.domain.transcript import Transcript, Word
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine
from ytdubber.ports.operations import Transcribe
from ytdubber.ports.speech_to_text import VoiceActivity


def transcribe(
    voice: AudioFile,
    name: str,
    language: str | None,
    speech_to_text: Engine,
    voice_activity: VoiceActivity,
    glossary: Sequence[str],
    call: CallContext,
    script: Script | None = None,
) -> tuple[Transcript, EngineId]:
    """The utterances of a recording, their edges on the sound, and who heard them.

    Speech in which the engine made out no word is heard again by itself; what is left without words
    is named in the transcript. All that the detector heard counts, soft edges too: words are placed
    on the sound before it is asked which speech they cover.

    Args:
        voice: The recording, 16 kHz mono.
        name: What errors call it.
        language: What is spoken, or None to find out.
        speech_to_text: Hears the words.
        voice_activity: Hears when somebody speaks.
        glossary: Names and terms to listen for.
        call: The work this belongs to.
        script: What is said, where a person gives it.

    Raises:
        BadInput: nobody speaks in it, or the script is not the recording's.
        VendorError: the engine could not do it.
    """
    detected = voice_activity.speech(voice)
    if not detected:
        raise NoSpeech(file=name)
    speech = onto_energy(voice, detected)
    heard = speech_to_text.run(Transcribe(voice, language, glossary), call)
    named = [replace(word, language=word.language or heard.language) for word in heard.words]
    placed = refine(named, speech, heard.language)
    words = retranscribe(voice, language, placed, detected, speech_to_text, glossary, call)
    if not words:
        raise NoSpeech(file=name)
    if words != placed:
        words = refine(words, speech, heard.language)
    spoken = _main(words)
    said = [replace(each, language=_other(each.language, spoken)) for each in words]
    if script is not None:
        said = list(refine(align(script, said, spoken), speech, spoken))
    found = utterances(said, language=spoken)
    return Transcript(spoken, found, uncovered(detected, said)), heard.receipt.engine


def _main(words: Sequence[Word]) -> str:
    """The language most of it is spoken in."""
    lengths_ms: Counter[str] = Counter()
    for word in words:
        lengths_ms[word.language or ""] += word.interval.duration_ms
    return lengths_ms.most_common(1)[0][0]


def _other(language: str | None, main: str) -> str | None:
    return None if language == main else language
