"""What was said and when."""

from collections.abc import Sequence

from ytdubber.audio.edges import onto_energy
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import NoSpeech
from ytdubber.domain.media import AudioFile
from ytdubber.domain.segmentation import refine, utterances
from ytdubber.domain.transcript import Transcript
from ytdubber.ports.call import Call
from ytdubber.ports.speech_to_text import SpeechToText, VoiceActivity


def transcribe(
    voice: AudioFile,
    name: str,
    language: str | None,
    speech_to_text: SpeechToText,
    voice_activity: VoiceActivity,
    glossary: Sequence[str],
    call: Call,
) -> tuple[Transcript, EngineId]:
    """The utterances of a recording, their edges on the sound, and who heard them.

    Args:
        voice: The recording, 16 kHz mono.
        name: What errors call it.
        language: What is spoken, or None to find out.
        speech_to_text: Hears the words.
        voice_activity: Hears when somebody speaks.
        glossary: Names and terms to listen for.
        call: The work this belongs to.

    Raises:
        NoSpeech: nobody speaks in it.
        VendorError: the engine could not do it.
    """
    speech = onto_energy(voice, voice_activity.speech(voice))
    if not speech:
        raise NoSpeech(file=name)
    heard = speech_to_text.transcribe(voice, language, glossary, call)
    if not heard.words:
        raise NoSpeech(file=name)
    found = utterances(refine(heard.words, speech, heard.language), language=heard.language)
    return Transcript(heard.language, found), heard.receipt.engine
