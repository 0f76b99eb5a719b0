"""Answers by engines of our own ports: real transcripts, translations and voices."""

import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import soundfile as sf

from ytdubber.domain.errors import VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer, SynthesisRequest
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.ports.translator import Line, TranslatedLine, Translator

from .content import CannotDo, Content, Heard, Sound
from .shortening import shortened
from .sound import resampled

HEARING_HZ = 16_000
_NOBODYS = CallContext(UUID(int=0))


class EngineContent:
    """Whatever the engines hear, translate and speak.

    Args:
        speech_to_text: Hears.
        translator: Translates; of each translation there are two shorter ones, by rule.
        synthesizers: Speak; for each language the first that has voices, spread over the vendor's.
        otherwise: Translates pairs that the translator does not know, and speaks languages that no
            synthesizer does; nobody when None.
    """

    def __init__(
        self,
        speech_to_text: SpeechToText,
        translator: Translator,
        synthesizers: Sequence[SpeechSynthesizer],
        otherwise: Content | None = None,
    ) -> None:
        self._speech_to_text = speech_to_text
        self._translator = translator
        self._synthesizers = synthesizers
        self._otherwise = otherwise

    def transcribe(self, sound: Sound, language: str | None, terms: Sequence[str]) -> Heard:
        """The words the engine hears; all by speaker 0."""
        if language and language not in self._speech_to_text.languages:
            raise CannotDo(f"nothing here understands {language}")
        with tempfile.TemporaryDirectory(prefix="vendor-double-") as folder:
            path = Path(folder) / "heard.wav"
            samples = resampled(sound, HEARING_HZ).samples
            sf.write(path, samples, HEARING_HZ, subtype="PCM_16")
            audio = AudioFile(path, HEARING_HZ, 1, len(samples))
            heard = self._speech_to_text.transcribe(audio, language, terms, _NOBODYS)
        return Heard(heard.language, heard.words)

    def translate(
        self, lines: Sequence[Line], source: str, target: str
    ) -> Sequence[TranslatedLine]:
        """The engine's translations, each with shorter ones."""
        if self._otherwise and not self._translator.translates(source, target):
            return self._otherwise.translate(lines, source, target)
        try:
            made = self._translator.translate(lines, source, target, (), _NOBODYS)
        except VendorError as error:
            raise CannotDo(str(error)) from error
        return [
            TranslatedLine(line.id, line.text, _shorter(line.text, asked.max_chars, target))
            for asked, line in zip(lines, made.lines, strict=True)
        ]

    def synthesize(self, text: str, language: str, voice: str) -> Sound:
        """The text in a voice of the language; the same vendor's voice is always the same one."""
        for engine in self._synthesizers:
            if voices := engine.voices(language):
                break
        else:
            if self._otherwise:
                return self._otherwise.synthesize(text, language, voice)
            raise CannotDo(f"nothing here speaks {language}")
        chosen = voices[zlib.crc32(voice.encode()) % len(voices)]
        with tempfile.TemporaryDirectory(prefix="vendor-double-") as folder:
            path = Path(folder) / "spoken.wav"
            try:
                engine.synthesize(SynthesisRequest(text, language, chosen.id), path, _NOBODYS)
            except VendorError as error:
                raise CannotDo(str(error)) from error
            samples, rate_hz = sf.read(path, dtype="float32")
        return Sound(samples, rate_hz)

    def close(self) -> None:
        """Close every engine."""
        self._speech_to_text.close()
        self._translator.close()
        for engine in self._synthesizers:
            engine.close()


def _shorter(text: str, max_chars: int | None, language: str) -> tuple[str, ...]:
    """The text within its length, and as short as it can be; where they differ from it."""
    wanted = (max_chars or round(len(text) * 0.88), 0)
    found = dict.fromkeys(shortened(text, chars, language) for chars in wanted if chars < len(text))
    return tuple(each for each in found if each != text)
