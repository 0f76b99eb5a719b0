"""The engines at hand, and which of them serves a language."""

from collections.abc import Sequence
from dataclasses import dataclass

from ytdubber.domain.errors import LanguageNotSpoken, PairNotTranslatable
from ytdubber.domain.languages import NAMES
from ytdubber.domain.voice import Voice, choose_voice
from ytdubber.ports.shortener import Shortener
from ytdubber.ports.speaking_rates import SpeakingRates
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText, VoiceActivity
from ytdubber.ports.translator import Translator


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine of each kind; several speakers, in order of preference.

    Attributes:
        speech_to_text: Hears words.
        voice_activity: Hears when somebody speaks.
        translator: Translates.
        synthesizers: Speak; for each language the first that has a voice for it.
        rates: How fast voices speak, as far as is known.
        shortener: Says the same in less time, where the translator can.
        speaking_remedy: What a person can do when no voice speaks a language; may be empty.
    """

    speech_to_text: SpeechToText
    voice_activity: VoiceActivity
    translator: Translator
    synthesizers: tuple[SpeechSynthesizer, ...]
    rates: SpeakingRates
    shortener: Shortener | None = None
    speaking_remedy: str = ""

    def voices(self, language: str) -> Sequence[Voice]:
        """All voices of a language, the default first."""
        return [voice for each in self.synthesizers for voice in each.voices(language)]

    def spoken(self) -> list[str]:
        """The languages somebody speaks, sorted."""
        return sorted(language for language in NAMES if self.voices(language))

    def cast(self, language: str, wish: str | None) -> tuple[SpeechSynthesizer, Voice]:
        """Who speaks a language: the voice that meets the wish and its engine.

        Args:
            language: The target.
            wish: A voice's id, a gender, or None for the default.

        Raises:
            LanguageNotSpoken: there is no voice for the language.
            UnknownVoice: there are voices, but none meets the wish.
        """
        voices = self.voices(language)
        if not voices:
            spoken = ", ".join(self.spoken()) or "none"
            raise LanguageNotSpoken(
                language=NAMES[language], languages=spoken, remedy=self.speaking_remedy
            )
        voice = choose_voice(voices, wish, language)
        owner = next(each for each in self.synthesizers if voice in each.voices(language))
        return owner, voice

    def need_pair(self, source: str, target: str) -> None:
        """Make sure that somebody translates this pair.

        Raises:
            PairNotTranslatable: nobody does; it names the models to get, which for a pair without
                English are its two halves.
        """
        if self.translator.translates(source, target):
            return
        halves = [(source, target)]
        if "en" not in (source, target):
            halves = [(source, "en"), ("en", target)]
        names = " ".join(f"firefox-{one}-{other}" for one, other in halves)
        command = f"ytdubber models pull {names}"
        raise PairNotTranslatable(source=source, target=target, command=command)

    def close(self) -> None:
        """Close every engine."""
        self.speech_to_text.close()
        self.translator.close()
        for synthesizer in self.synthesizers:
            synthesizer.close()
