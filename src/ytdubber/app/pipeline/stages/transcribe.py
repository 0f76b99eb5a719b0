"""What was said and when."""

from ytdubber.audio.edges import onto_energy
from ytdubber.domain.errors import NoSpeech
from ytdubber.domain.media import AudioFile
from ytdubber.domain.segmentation import refine, utterances
from ytdubber.domain.transcript import Transcript
from ytdubber.domain.usage import Receipt
from ytdubber.ports.call import Call
from ytdubber.ports.speech_to_text import SpeechToText, VoiceActivity


def transcribe(
    voice: AudioFile,
    name: str,
    language: str | None,
    speech_to_text: SpeechToText,
    voice_activity: VoiceActivity,
    call: Call,
) -> tuple[Transcript, Receipt | None]:
    """The utterances of a recording, their edges on the sound.

    Args:
        voice: The recording, 16 kHz mono.
        name: What errors call it.
        language: What is spoken, or None to find out.
        speech_to_text: Hears the words.
        voice_activity: Hears when somebody speaks.
        call: The work this belongs to.

    Raises:
        NoSpeech: nobody speaks in it.
        VendorError: the engine could not do it.
    """
    speech = onto_energy(voice, voice_activity.speech(voice))
    if not speech:
        raise NoSpeech(file=name)
    heard = speech_to_text.transcribe(voice, language, (), call)
    if not heard.words:
        raise NoSpeech(file=name)
    found = utterances(refine(heard.words, speech))
    return Transcript(heard.language, found), heard.receipt
